/* SPDX-License-Identifier: Apache-2.0 */
/* A unit is spread over four bytes, and a shuffle picks those that are text:
 *
 *   U+4E2D   E4 B8 AD __      three bytes
 *   U+00E9   __ C3 A9 __      two
 *   U+0061   __ __ 61 __      one
 */
#include "text/utf16.h"

#include "text/coder_run.h"
#include "text/simd.h"

#if defined(SIMD_X86)
#include <immintrin.h>
#elif defined(SIMD_NEON)
#include <arm_neon.h>
#endif

enum { UNITS = UTF16_BLOCK_BYTES / 2 };

static bool portable_block(const uint8_t *in, bool is_big_endian, uint8_t **out)
{
    uint16_t units[UNITS];
    uint32_t surrogates = 0;
    for (size_t i = 0; i < UNITS; i++) {
        units[i] = (uint16_t)(in[2 * i + is_big_endian] | in[2 * i + !is_big_endian] << 8);
        surrogates |= (units[i] & 0xF800) == 0xD800;
    }
    for (size_t i = 0; i < UNITS && !surrogates; i++) {
        *out = coder_put(*out, units[i]);
    }
    return !surrogates;
}

#if defined(SIMD_X86) || defined(SIMD_NEON)
/* By two bits a unit: more than one byte, more than two. */
static const uint8_t shuffles[256][16] = {
#include "text/tables/utf16_shuffle.inc"
};
#endif

#if defined(SIMD_X86)

SIMD_AVX2_INLINE __m256i shuffle_of(unsigned first_mask, unsigned second_mask)
{
    const __m128i *const first = (const __m128i *)(const void *)shuffles[first_mask & 0xFF];
    const __m128i *const second = (const __m128i *)(const void *)shuffles[second_mask & 0xFF];
    return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(first)),
                                   _mm_loadu_si128(second), 1);
}

SIMD_AVX2_INLINE uint8_t *store_four(uint8_t *out, __m128i text, unsigned mask)
{
    _mm_storeu_si128((__m128i_u *)(void *)out, text);
    return out + 4 + __builtin_popcount(mask & 0xFF);
}

/* 16 units that are neither all ASCII nor have a surrogate among them. */
SIMD_AVX2_INLINE uint8_t *avx2_mixed(__m256i units, uint8_t *out)
{
    const __m256i six = _mm256_set1_epi16(0x3F);
    const __m256i mark = _mm256_set1_epi16(0x80);
    const __m256i one = _mm256_cmpeq_epi16(_mm256_min_epu16(units, _mm256_set1_epi16(0x7F)), units);
    const __m256i to_two =
        _mm256_cmpeq_epi16(_mm256_min_epu16(units, _mm256_set1_epi16(0x7FF)), units);
    const __m256i last =
        _mm256_blendv_epi8(_mm256_or_si256(_mm256_and_si256(units, six), mark), units, one);
    const __m256i middle =
        _mm256_or_si256(_mm256_or_si256(_mm256_and_si256(_mm256_srli_epi16(units, 6), six), mark),
                        _mm256_and_si256(to_two, _mm256_set1_epi16(0x40)));
    const __m256i first = _mm256_or_si256(_mm256_srli_epi16(units, 12), _mm256_set1_epi16(0xE0));
    const __m256i front = _mm256_or_si256(first, _mm256_slli_epi16(middle, 8));
    const __m256i is_short = _mm256_blendv_epi8(one, to_two, _mm256_set1_epi16((short)0xFF00));
    const unsigned mask = ~(unsigned)_mm256_movemask_epi8(is_short);
    const __m256i low =
        _mm256_shuffle_epi8(_mm256_unpacklo_epi16(front, last), shuffle_of(mask, mask >> 16));
    const __m256i high =
        _mm256_shuffle_epi8(_mm256_unpackhi_epi16(front, last), shuffle_of(mask >> 8, mask >> 24));
    out = store_four(out, _mm256_castsi256_si128(low), mask);
    out = store_four(out, _mm256_castsi256_si128(high), mask >> 8);
    out = store_four(out, _mm256_extracti128_si256(low, 1), mask >> 16);
    return store_four(out, _mm256_extracti128_si256(high, 1), mask >> 24);
}

SIMD_AVX2 static void avx2_blocks(const uint8_t **in, const uint8_t *end, bool is_big_endian,
                                  uint8_t **out)
{
    const __m256i swap = _mm256_setr_epi8(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14, 1,
                                          0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
    const uint8_t *at = *in;
    uint8_t *to = *out;
    for (; end - at >= UTF16_BLOCK_BYTES; at += UTF16_BLOCK_BYTES) {
        __m256i units = _mm256_loadu_si256((const __m256i_u *)(const void *)at);
        units = is_big_endian ? _mm256_shuffle_epi8(units, swap) : units;
        if (_mm256_testz_si256(units, _mm256_set1_epi16((short)0xFF80))) {
            const __m256i packed = _mm256_packus_epi16(units, units);
            const __m256i text = _mm256_permute4x64_epi64(packed, 0xD8);
            _mm_storeu_si128((__m128i_u *)(void *)to, _mm256_castsi256_si128(text));
            to += UNITS;
            continue;
        }
        const __m256i upper = _mm256_and_si256(units, _mm256_set1_epi16((short)0xF800));
        if (_mm256_movemask_epi8(_mm256_cmpeq_epi16(upper, _mm256_set1_epi16((short)0xD800)))) {
            break;
        }
        to = avx2_mixed(units, to);
    }
    *in = at;
    *out = to;
}

#elif defined(SIMD_NEON)

static uint8_t *store_four(uint8_t *out, uint16x4x2_t spread, unsigned mask)
{
    const uint8x16_t all = vreinterpretq_u8_u16(vcombine_u16(spread.val[0], spread.val[1]));
    vst1q_u8(out, vqtbl1q_u8(all, vld1q_u8(shuffles[mask])));
    return out + 4 + __builtin_popcount(mask);
}

static uint8_t *neon_half(uint16x8_t units, uint8_t *out)
{
    static const uint16_t weight_array[4] = {1, 4, 16, 64};
    const uint16x4_t weight = vld1_u16(weight_array);
    const uint16x8_t weights = vcombine_u16(weight, weight);
    const uint16x8_t six = vdupq_n_u16(0x3F);
    const uint16x8_t mark = vdupq_n_u16(0x80);
    const uint16x8_t one = vcltq_u16(units, mark);
    const uint16x8_t to_two = vcltq_u16(units, vdupq_n_u16(0x800));
    const uint16x8_t last = vbslq_u16(one, units, vorrq_u16(vandq_u16(units, six), mark));
    const uint16x8_t middle = vorrq_u16(vorrq_u16(vandq_u16(vshrq_n_u16(units, 6), six), mark),
                                        vandq_u16(to_two, vdupq_n_u16(0x40)));
    const uint16x8_t first = vorrq_u16(vshrq_n_u16(units, 12), vdupq_n_u16(0xE0));
    const uint16x8_t front = vorrq_u16(first, vshlq_n_u16(middle, 8));
    const uint16x8_t masks =
        vorrq_u16(vbicq_u16(weights, one), vshlq_n_u16(vbicq_u16(weights, to_two), 1));
    out = store_four(out, vzip_u16(vget_low_u16(front), vget_low_u16(last)),
                     vaddv_u16(vget_low_u16(masks)));
    return store_four(out, vzip_u16(vget_high_u16(front), vget_high_u16(last)),
                      vaddv_u16(vget_high_u16(masks)));
}

static bool neon_block(const uint8_t *in, bool is_big_endian, uint8_t **out)
{
    uint8x16_t half[2] = {vld1q_u8(in), vld1q_u8(in + 16)};
    if (is_big_endian) {
        half[0] = vrev16q_u8(half[0]);
        half[1] = vrev16q_u8(half[1]);
    }
    const uint16x8_t a = vreinterpretq_u16_u8(half[0]);
    const uint16x8_t b = vreinterpretq_u16_u8(half[1]);
    if (vmaxvq_u16(vorrq_u16(a, b)) < 0x80) {
        vst1q_u8(*out, vcombine_u8(vmovn_u16(a), vmovn_u16(b)));
        *out += UNITS;
        return true;
    }
    const uint16x8_t upper = vdupq_n_u16(0xF800);
    const uint16x8_t surrogate = vdupq_n_u16(0xD800);
    if (vmaxvq_u16(vorrq_u16(vceqq_u16(vandq_u16(a, upper), surrogate),
                             vceqq_u16(vandq_u16(b, upper), surrogate)))) {
        return false;
    }
    *out = neon_half(b, neon_half(a, *out));
    return true;
}

#endif

void utf16_to_utf8(const uint8_t **in, const uint8_t *end, bool is_big_endian, uint8_t **out)
{
#if defined(SIMD_X86)
    if (simd_has_avx2()) {
        avx2_blocks(in, end, is_big_endian, out);
        return;
    }
#elif defined(SIMD_NEON)
    if (!simd_is_refused) {
        while (end - *in >= UTF16_BLOCK_BYTES && neon_block(*in, is_big_endian, out)) {
            *in += UTF16_BLOCK_BYTES;
        }
        return;
    }
#endif
    while (end - *in >= UTF16_BLOCK_BYTES && portable_block(*in, is_big_endian, out)) {
        *in += UTF16_BLOCK_BYTES;
    }
}
