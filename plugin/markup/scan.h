/* SPDX-License-Identifier: Apache-2.0 */
/* Where plain text ends: the first of four bytes, sixteen bytes at a time where the machine can. */
#ifndef MARKUP_SCAN_H
#define MARKUP_SCAN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* The first index at or after `from` of a byte that is one of the four; `len` when there is none.
 * Fewer than four are asked for by naming one twice. */
static inline size_t scan_for(const char *text, size_t from, size_t len, char a, char b, char c,
                              char d)
{
    size_t at = from;
#ifdef __SSE2__
    const __m128i va = _mm_set1_epi8(a);
    const __m128i vb = _mm_set1_epi8(b);
    const __m128i vc = _mm_set1_epi8(c);
    const __m128i vd = _mm_set1_epi8(d);
    for (; len - at >= 16; at += 16) {
        const __m128i block = _mm_loadu_si128((const __m128i *)(const void *)(text + at));
        const __m128i hits =
            _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(block, va), _mm_cmpeq_epi8(block, vb)),
                         _mm_or_si128(_mm_cmpeq_epi8(block, vc), _mm_cmpeq_epi8(block, vd)));
        const unsigned mask = (unsigned)_mm_movemask_epi8(hits);
        if (mask) {
            return at + (size_t)__builtin_ctz(mask);
        }
    }
#endif
    for (; at < len; at++) {
        const char byte = text[at];
        if (byte == a || byte == b || byte == c || byte == d) {
            return at;
        }
    }
    return len;
}

#endif
