/* SPDX-License-Identifier: Apache-2.0 */
/* Is it UTF-8? Byte by byte anywhere; 64 bytes at a time with AVX2 and NEON. */
#include "text/utf8.h"

#include "text/simd.h"

#if defined(SIMD_X86)
#include <immintrin.h>
#elif defined(SIMD_NEON)
#include <arm_neon.h>
#endif

bool simd_is_refused;

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

#if defined(SIMD_X86) || defined(SIMD_NEON)

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
    CARRY = TOO_SHORT | TOO_LONG | TWO_CONTS,
    LARGE = CARRY | TOO_LARGE | OVERLONG_4, /* F5 to FF, whatever follows */
    CONT = TOO_LONG | OVERLONG_2 | TWO_CONTS
};

enum { BLOCK_BYTES = 64 };

/* By the upper half of the first byte, by its lower half, by the upper half of the second. */
static const uint8_t rules[3][16] = {
    {TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TWO_CONTS,
     TWO_CONTS, TWO_CONTS, TWO_CONTS, TOO_SHORT | OVERLONG_2, TOO_SHORT,
     TOO_SHORT | OVERLONG_3 | SURROGATE, TOO_SHORT | TOO_LARGE | OVERLONG_4},
    {CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4, CARRY | OVERLONG_2, CARRY, CARRY,
     CARRY | TOO_LARGE, LARGE, LARGE, LARGE, LARGE, LARGE, LARGE, LARGE, LARGE, LARGE | SURROGATE,
     LARGE, LARGE},
    {TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
     CONT | OVERLONG_3 | OVERLONG_4, CONT | OVERLONG_3 | TOO_LARGE, CONT | SURROGATE | TOO_LARGE,
     CONT | SURROGATE | TOO_LARGE, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT},
};

/* The last bytes of a vector may be at most these, or a sequence is open at its end. */
static const uint8_t closed[32] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                   0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                   0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xEF, 0xDF, 0xBF};

#endif

#if defined(SIMD_X86)

SIMD_AVX2_INLINE __m256i load(const uint8_t *in)
{
    return _mm256_loadu_si256((const __m256i_u *)(const void *)in);
}

/* Sixteen entries, for both halves of the register. */
SIMD_AVX2_INLINE __m256i look_up(const uint8_t *table, __m256i index)
{
    const __m128i half = _mm_loadu_si128((const __m128i_u *)(const void *)table);
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(half), index);
}

/* `now` moved up by `count` bytes, with the last ones of `before` in front. */
#define SHIFTED(now, before, count)                                                                \
    _mm256_alignr_epi8(now, _mm256_permute2x128_si256(before, now, 0x21), 16 - (count))

SIMD_AVX2_INLINE __m256i errors_of(__m256i now, __m256i before)
{
    const __m256i nibble = _mm256_set1_epi8(0x0F);
    const __m256i previous = SHIFTED(now, before, 1);
    const __m256i upper = _mm256_and_si256(_mm256_srli_epi16(previous, 4), nibble);
    const __m256i lower = _mm256_and_si256(previous, nibble);
    const __m256i second = _mm256_and_si256(_mm256_srli_epi16(now, 4), nibble);
    const __m256i broken =
        _mm256_and_si256(_mm256_and_si256(look_up(rules[0], upper), look_up(rules[1], lower)),
                         look_up(rules[2], second));
    /* The third byte behind an E lead and the third and fourth behind an F lead must be the second
     * of two continuations, and no other byte may. */
    const __m256i third = _mm256_subs_epu8(SHIFTED(now, before, 2), _mm256_set1_epi8(0xE0 - 0x80));
    const __m256i fourth = _mm256_subs_epu8(SHIFTED(now, before, 3), _mm256_set1_epi8(0xF0 - 0x80));
    const __m256i wanted =
        _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)TWO_CONTS));
    return _mm256_xor_si256(wanted, broken);
}

/* The blocks; the tail, with what a sequence may have begun before it, is for the caller. */
SIMD_AVX2 static bool blocks_are_valid(bytes b)
{
    const __m256i limits = load(closed);
    __m256i errors = _mm256_setzero_si256();
    __m256i before = _mm256_setzero_si256();
    for (size_t at = 0; b.len - at >= BLOCK_BYTES; at += BLOCK_BYTES) {
        const __m256i first = load(b.ptr + at);
        const __m256i second = load(b.ptr + at + 32);
        if (_mm256_movemask_epi8(_mm256_or_si256(first, second))) {
            errors = _mm256_or_si256(errors, errors_of(first, before));
            errors = _mm256_or_si256(errors, errors_of(second, first));
        } else {
            errors = _mm256_or_si256(errors, _mm256_subs_epu8(before, limits));
        }
        before = second;
    }
    return _mm256_testz_si256(errors, errors) != 0;
}

static bool has_vectors(void)
{
    return simd_has_avx2();
}

#elif defined(SIMD_NEON)

static uint8x16_t errors_of(uint8x16_t now, uint8x16_t before)
{
    const uint8x16_t previous = vextq_u8(before, now, 15);
    const uint8x16_t nibble = vdupq_n_u8(0x0F);
    const uint8x16_t broken =
        vandq_u8(vandq_u8(vqtbl1q_u8(vld1q_u8(rules[0]), vshrq_n_u8(previous, 4)),
                          vqtbl1q_u8(vld1q_u8(rules[1]), vandq_u8(previous, nibble))),
                 vqtbl1q_u8(vld1q_u8(rules[2]), vshrq_n_u8(now, 4)));
    /* As above: third and fourth bytes. */
    const uint8x16_t third = vqsubq_u8(vextq_u8(before, now, 14), vdupq_n_u8(0xE0 - 0x80));
    const uint8x16_t fourth = vqsubq_u8(vextq_u8(before, now, 13), vdupq_n_u8(0xF0 - 0x80));
    return veorq_u8(vandq_u8(vorrq_u8(third, fourth), vdupq_n_u8(TWO_CONTS)), broken);
}

static bool blocks_are_valid(bytes b)
{
    const uint8x16_t limits = vld1q_u8(closed + 16);
    uint8x16_t errors = vdupq_n_u8(0);
    uint8x16_t before = errors;
    for (size_t at = 0; b.len - at >= BLOCK_BYTES; at += BLOCK_BYTES) {
        const uint8x16x4_t block = vld1q_u8_x4(b.ptr + at);
        const uint8x16_t any =
            vorrq_u8(vorrq_u8(block.val[0], block.val[1]), vorrq_u8(block.val[2], block.val[3]));
        if (vmaxvq_u8(any) < 0x80) {
            errors = vorrq_u8(errors, vqsubq_u8(before, limits));
        } else {
            errors = vorrq_u8(errors, errors_of(block.val[0], before));
            for (size_t i = 1; i < 4; i++) {
                errors = vorrq_u8(errors, errors_of(block.val[i], block.val[i - 1]));
            }
        }
        before = block.val[3];
    }
    return vmaxvq_u8(errors) == 0;
}

static bool has_vectors(void)
{
    return !simd_is_refused;
}

#endif

#if defined(SIMD_X86) || defined(SIMD_NEON)

/* The last sequence may reach from the blocks into the tail. */
static bool is_valid_by_blocks(bytes b)
{
    if (!blocks_are_valid(b)) {
        return false;
    }
    const size_t end = b.len / BLOCK_BYTES * BLOCK_BYTES;
    size_t tail = end;
    for (size_t back = 1; back <= 3; back++) {
        if (b.ptr[end - back] >= 0xC0) {
            tail = end - back;
            break;
        }
    }
    return is_valid_by_sequence(bytes_slice(b, tail, b.len));
}

bool utf8_is_valid(bytes b)
{
    const bool by_blocks = b.len >= BLOCK_BYTES && has_vectors();
    return by_blocks ? is_valid_by_blocks(b) : is_valid_by_sequence(b);
}

#else

bool utf8_is_valid(bytes b)
{
    return is_valid_by_sequence(b);
}

#endif
