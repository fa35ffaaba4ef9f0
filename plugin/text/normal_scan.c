/* SPDX-License-Identifier: Apache-2.0 */
#include "text/normal_scan.h"

#include "text/normal_class.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { HALF_TABLE_COUNT = 10 };

#include "text/tables/normal_scan.inc"

struct normal_scan normal_scan_of(struct normal_rules rules)
{
    const bool compatible = rules.form == NORMAL_FORM_NFKC;
    return (struct normal_scan){.stops = normal_stops(rules),
                                .tables = compatible         ? rules_compatible
                                          : rules.fold_width ? rules_folded
                                                             : rules_composed};
}

/* The length and, of more than one byte, the code point of the character at `at`. */
static inline size_t character_at(str text, size_t at, uint32_t *out)
{
    const uint8_t *const b = (const uint8_t *)text.ptr + at;
    const size_t left = text.len - at;
    if (b[0] < 0x80 || left < 2) {
        *out = b[0];
        return 1;
    }
    if (b[0] < 0xE0 || left < 3) {
        *out = (b[0] & 0x1Fu) << 6 | (b[1] & 0x3Fu);
        return 2;
    }
    if (b[0] < 0xF0 || left < 4) {
        *out = (b[0] & 0x0Fu) << 12 | (b[1] & 0x3Fu) << 6 | (b[2] & 0x3Fu);
        return 3;
    }
    *out = (b[0] & 0x07u) << 18 | (b[1] & 0x3Fu) << 12 | (b[2] & 0x3Fu) << 6 | (b[3] & 0x3Fu);
    return 4;
}

static inline bool stops_at(const struct normal_scan *scan, str text, size_t at)
{
    uint32_t c;
    (void)character_at(text, at, &c);
    return c <= 0x10FFFF && normal_class_is_among(normal_class_of(c), scan->stops);
}

/* The number of bytes from `at` on that are ASCII from space to tilde, eight at a time. */
static size_t plain_ascii(str text, size_t at)
{
    const size_t start = at;
    for (uint64_t word; text.len - at >= sizeof word; at += sizeof word) {
        memcpy(&word, text.ptr + at, sizeof word);
        const uint64_t below_space = word - UINT64_C(0x2020202020202020);
        const uint64_t is_delete =
            (word ^ UINT64_C(0x7F7F7F7F7F7F7F7F)) - UINT64_C(0x0101010101010101);
        if ((word | below_space | is_delete) & UINT64_C(0x8080808080808080)) {
            break;
        }
    }
    return at - start;
}

size_t normal_scan_next_portable(const struct normal_scan *scan, str text, size_t at)
{
    while (at < text.len) {
        at += plain_ascii(text, at);
        /* Ideographs from U+4000 on, whose lead bytes are E4 to E9, need no look. */
        while (text.len - at >= 3 && (uint8_t)text.ptr[at] >= 0xE4 &&
               (uint8_t)text.ptr[at] <= 0xE9) {
            at += 3;
        }
        for (int count = 0; at < text.len && count < 8; count++) {
            uint32_t c;
            const size_t len = character_at(text, at, &c);
            if (c <= 0x10FFFF && normal_class_is_among(normal_class_of(c), scan->stops)) {
                return at;
            }
            at += len;
        }
    }
    return text.len;
}

#if defined(__x86_64__)

#define TARGET     __attribute__((target("avx2")))
#define VECTOR     __m256i
#define WIDTH      32
#define NAME(name) name##_32
#define LOAD(ptr)  _mm256_loadu_si256((const __m256i_u *)(const void *)(ptr))
#define TABLE(ptr)                                                                                 \
    _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i_u *)(const void *)(ptr)))
#define SPLAT(byte)      _mm256_set1_epi8(byte)
#define LOOKUP(table, i) _mm256_shuffle_epi8(table, i)
#define SHIFT_RIGHT_4(a) _mm256_srli_epi16(a, 4)
#define AND(a, b)        _mm256_and_si256(a, b)
#define AND_NOT(a, b)    _mm256_andnot_si256(a, b)
#define OR(a, b)         _mm256_or_si256(a, b)
#define SUBTRACT(a, b)   _mm256_sub_epi8(a, b)
#define EQUAL(a, b)      _mm256_cmpeq_epi8(a, b)
#define MINIMUM(a, b)    _mm256_min_epu8(a, b)
#define MAXIMUM(a, b)    _mm256_max_epu8(a, b)
#define MASK(a)          (uint32_t) _mm256_movemask_epi8(a)
#include "text/normal_scan_block.h"

#define TARGET           __attribute__((target("ssse3")))
#define VECTOR           __m128i
#define WIDTH            16
#define NAME(name)       name##_16
#define LOAD(ptr)        _mm_loadu_si128((const __m128i_u *)(const void *)(ptr))
#define TABLE(ptr)       LOAD(ptr)
#define SPLAT(byte)      _mm_set1_epi8(byte)
#define LOOKUP(table, i) _mm_shuffle_epi8(table, i)
#define SHIFT_RIGHT_4(a) _mm_srli_epi16(a, 4)
#define AND(a, b)        _mm_and_si128(a, b)
#define AND_NOT(a, b)    _mm_andnot_si128(a, b)
#define OR(a, b)         _mm_or_si128(a, b)
#define SUBTRACT(a, b)   _mm_sub_epi8(a, b)
#define EQUAL(a, b)      _mm_cmpeq_epi8(a, b)
#define MINIMUM(a, b)    _mm_min_epu8(a, b)
#define MAXIMUM(a, b)    _mm_max_epu8(a, b)
#define MASK(a)          (uint32_t) _mm_movemask_epi8(a)
#include "text/normal_scan_block.h"

#endif

size_t normal_scan_next(const struct normal_scan *scan, str text, size_t at)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        return scan_next_32(scan, text, at);
    }
    if (__builtin_cpu_supports("ssse3")) {
        return scan_next_16(scan, text, at);
    }
#endif
    return normal_scan_next_portable(scan, text, at);
}
