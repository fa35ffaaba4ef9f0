/* SPDX-License-Identifier: Apache-2.0 */
/* Is it UTF-8? Byte by byte anywhere; 32 bytes at a time on x86-64 machines with AVX2. */
#include "text/utf8.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* The length of the well-formed sequence at b, 0 when there is none (Unicode 3.9, table 3-7). */
static size_t sequence_len(const uint8_t *b, size_t left)
{
    const uint8_t lead = b[0];
    if (lead < 0x80) {
        return 1;
    }
    if (lead < 0xC2 || lead > 0xF4 || left < 2) {
        return 0;
    }
    const uint8_t second = b[1];
    if (lead < 0xE0) {
        return (second & 0xC0) == 0x80 ? 2 : 0;
    }
    const uint8_t lower = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const uint8_t upper = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (second < lower || second > upper || left < 3 || (b[2] & 0xC0) != 0x80) {
        return 0;
    }
    if (lead < 0xF0) {
        return 3;
    }
    return left >= 4 && (b[3] & 0xC0) == 0x80 ? 4 : 0;
}

static bool is_valid_by_sequence(bytes b)
{
    size_t at = 0;
    while (at < b.len) {
        uint64_t word;
        if (b.len - at >= sizeof word) {
            memcpy(&word, b.ptr + at, sizeof word);
            if (!(word & UINT64_C(0x8080808080808080))) {
                at += sizeof word;
                continue;
            }
        }
        const size_t len = sequence_len(b.ptr + at, b.len - at);
        if (!len) {
            return false;
        }
        at += len;
    }
    return true;
}

#if defined(__x86_64__)

/* The method of Keiser and Lemire ("Validating UTF-8 in less than one instruction per byte", 2021):
 * each pair of neighbouring bytes is looked up three times, by the halves of the first and the
 * upper half of the second; a bit that all three answers have is a rule broken. */
enum {
    TOO_SHORT = 1 << 0,  /* lead, then no continuation */
    TOO_LONG = 1 << 1,   /* ASCII, then a continuation */
    OVERLONG_3 = 1 << 2, /* E0 80–9F */
    TOO_LARGE = 1 << 3,  /* F4 90–BF, F5–FF 90–BF */
    SURROGATE = 1 << 4,  /* ED A0–BF */
    OVERLONG_2 = 1 << 5, /* C0, C1 */
    OVERLONG_4 = 1 << 6, /* F0 80–8F; and F5–FF 80–8F share the bit */
    TWO_CONTS = 1 << 7,  /* continuation, then another: wanted behind E and F leads only */
    CARRY = TOO_SHORT | TOO_LONG | TWO_CONTS
};

#define AVX2 __attribute__((target("avx2")))

/* Sixteen entries, for both halves of the register. */
#define TABLE(...) _mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)
#define BITS(bits) ((char)(uint8_t)(bits))

AVX2 static __m256i rules_of_first_upper(__m256i index)
{
    const char ascii = BITS(TOO_LONG);
    const char cont = BITS(TWO_CONTS);
    const __m256i table =
        TABLE(ascii, ascii, ascii, ascii, ascii, ascii, ascii, ascii, cont, cont, cont, cont,
              BITS(TOO_SHORT | OVERLONG_2), BITS(TOO_SHORT),
              BITS(TOO_SHORT | OVERLONG_3 | SURROGATE), BITS(TOO_SHORT | TOO_LARGE | OVERLONG_4));
    return _mm256_shuffle_epi8(table, index);
}

AVX2 static __m256i rules_of_first_lower(__m256i index)
{
    const char large = BITS(CARRY | TOO_LARGE | OVERLONG_4); /* F5 to FF, whatever follows */
    const char any = BITS(CARRY);
    const __m256i table =
        TABLE(BITS(CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4), BITS(CARRY | OVERLONG_2), any,
              any, BITS(CARRY | TOO_LARGE), large, large, large, large, large, large, large, large,
              BITS(CARRY | TOO_LARGE | OVERLONG_4 | SURROGATE), large, large);
    return _mm256_shuffle_epi8(table, index);
}

AVX2 static __m256i rules_of_second_upper(__m256i index)
{
    const char no = BITS(TOO_SHORT);
    const char all = BITS(TOO_LONG | OVERLONG_2 | TWO_CONTS);
    const __m256i table =
        TABLE(no, no, no, no, no, no, no, no, BITS(all | OVERLONG_3 | OVERLONG_4),
              BITS(all | OVERLONG_3 | TOO_LARGE), BITS(all | SURROGATE | TOO_LARGE),
              BITS(all | SURROGATE | TOO_LARGE), no, no, no, no);
    return _mm256_shuffle_epi8(table, index);
}

/* `now` moved up by `count` bytes, with the last ones of `before` in front. */
#define SHIFTED(now, before, count)                                                                \
    _mm256_alignr_epi8(now, _mm256_permute2x128_si256(before, now, 0x21), 16 - (count))

AVX2 static __m256i errors_of(__m256i now, __m256i before)
{
    const __m256i nibble = _mm256_set1_epi8(0x0F);
    const __m256i previous = SHIFTED(now, before, 1);
    const __m256i upper = _mm256_and_si256(_mm256_srli_epi16(previous, 4), nibble);
    const __m256i lower = _mm256_and_si256(previous, nibble);
    const __m256i second = _mm256_and_si256(_mm256_srli_epi16(now, 4), nibble);
    const __m256i broken =
        _mm256_and_si256(_mm256_and_si256(rules_of_first_upper(upper), rules_of_first_lower(lower)),
                         rules_of_second_upper(second));
    /* The third byte behind an E lead and the third and fourth behind an F lead must be the second
     * of two continuations, and no other byte may. */
    const __m256i third = _mm256_subs_epu8(SHIFTED(now, before, 2), _mm256_set1_epi8(0xE0 - 0x80));
    const __m256i fourth = _mm256_subs_epu8(SHIFTED(now, before, 3), _mm256_set1_epi8(0xF0 - 0x80));
    const __m256i wanted =
        _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8(BITS(TWO_CONTS)));
    return _mm256_xor_si256(wanted, broken);
}

/* The blocks of 32; the tail, with what a sequence may have begun before it, is for the caller. */
AVX2 static bool blocks_are_valid(bytes b)
{
    __m256i errors = _mm256_setzero_si256();
    __m256i before = _mm256_setzero_si256();
    for (size_t at = 0; b.len - at >= 32; at += 32) {
        const __m256i now = _mm256_loadu_si256((const __m256i_u *)(const void *)(b.ptr + at));
        if (_mm256_movemask_epi8(_mm256_or_si256(now, before)) != 0) {
            errors = _mm256_or_si256(errors, errors_of(now, before));
        }
        before = now;
    }
    return _mm256_testz_si256(errors, errors) != 0;
}

bool utf8_is_valid(bytes b)
{
    if (b.len < 64 || !__builtin_cpu_supports("avx2")) {
        return is_valid_by_sequence(b);
    }
    if (!blocks_are_valid(b)) {
        return false;
    }
    /* The last sequence may reach from the blocks into the tail. */
    const size_t end = b.len / 32 * 32;
    size_t tail = end;
    for (size_t back = 1; back <= 3; back++) {
        if (b.ptr[end - back] >= 0xC0) {
            tail = end - back;
            break;
        }
    }
    return is_valid_by_sequence(bytes_slice(b, tail, b.len));
}

#else

bool utf8_is_valid(bytes b)
{
    return is_valid_by_sequence(b);
}

#endif
