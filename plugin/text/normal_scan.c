/* SPDX-License-Identifier: Apache-2.0 */
#include "text/normal_scan.h"

#include "text/normal_class.h"
#include "text/normal_quick.h"
#include "text/simd.h"
#include "text/utf8.h"

#if defined(SIMD_X86)
#include <immintrin.h>
#elif defined(SIMD_NEON)
#include <arm_neon.h>
#endif

enum { HALF_TABLE_COUNT = 10, NEAR_CHARACTERS = 6 };

#include "text/tables/normal_scan.inc"

struct normal_scan normal_scan_of(struct normal_rules rules)
{
    const bool compatible = rules.form == NORMAL_FORM_NFKC;
    return (struct normal_scan){.stops = normal_stops(rules),
                                .looks_closer = !compatible,
                                .tables = compatible         ? rules_compatible
                                          : rules.fold_width ? rules_folded
                                                             : rules_composed};
}

/* A character that stands in the text at `at` and is not plain. */
static bool stops_behind(str text, size_t at, uint32_t c)
{
    return !normal_class_is_among(normal_class_of(c), CLASSES_BEHIND) ||
           !normal_stays_behind(at ? utf8_previous(text, &at) : 0, c);
}

/* *at moves behind the character there, unless it stops the scan. */
static inline bool stops_at(const struct normal_scan *scan, str text, size_t *at)
{
    uint32_t c;
    const size_t len = normal_character_at(text, *at, &c);
    if (normal_class_is_among(normal_class_of(c), scan->stops) && stops_behind(text, *at, c)) {
        return true;
    }
    *at += len;
    return false;
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

static size_t scan_next_1(const struct normal_scan *scan, str text, size_t at)
{
    while (at < text.len) {
        at += plain_ascii(text, at);
        /* Ideographs from U+4000 on, whose lead bytes are E4 to E9, need no look. */
        while (text.len - at >= 3 && (uint8_t)text.ptr[at] >= 0xE4 &&
               (uint8_t)text.ptr[at] <= 0xE9) {
            at += 3;
        }
        for (int count = 0; at < text.len && count < 8; count++) {
            if (stops_at(scan, text, &at)) {
                return at;
            }
        }
    }
    return text.len;
}

/* The parts of a loop over blocks, which are functions only to be read. */
#define INLINE static inline __attribute__((always_inline))

#if defined(SIMD_X86)

/* clang-format off */
#define TARGET           __attribute__((target("avx2,bmi")))
#define VECTOR           __m256i
#define WIDTH            32
#define NAME(name)       name##_32
#define LOAD_128(ptr)    _mm_loadu_si128((const __m128i_u *)(const void *)(ptr))
#define LOAD(ptr)        _mm256_loadu_si256((const __m256i_u *)(const void *)(ptr))
#define TABLE(ptr)       _mm256_broadcastsi128_si256(LOAD_128(ptr))
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
#define MASK(a)          (uint32_t)_mm256_movemask_epi8(a)
#include "text/normal_scan_block.inc"

#define TARGET           __attribute__((target("ssse3")))
#define VECTOR           __m128i
#define WIDTH            16
#define NAME(name)       name##_16
#define LOAD(ptr)        LOAD_128(ptr)
#define TABLE(ptr)       LOAD_128(ptr)
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
#define MASK(a)          (uint32_t)_mm_movemask_epi8(a)
#include "text/normal_scan_block.inc"
/* clang-format on */

#endif

#if defined(SIMD_NEON)

/* A bit for the upper bit of each byte, as the other machines' instruction gives it. */
static inline uint32_t upper_bits(uint8x16_t bytes)
{
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t set = vreinterpretq_u8_s8(vshrq_n_s8(vreinterpretq_s8_u8(bytes), 7));
    const uint8x16_t bits = vandq_u8(set, vld1q_u8(weights));
    return (uint32_t)vaddv_u8(vget_low_u8(bits)) | (uint32_t)vaddv_u8(vget_high_u8(bits)) << 8;
}

/* clang-format off */
#define TARGET
#define VECTOR           uint8x16_t
#define WIDTH            16
#define NAME(name)       name##_16
#define LOAD(ptr)        vld1q_u8(ptr)
#define TABLE(ptr)       vld1q_u8(ptr)
#define SPLAT(byte)      vdupq_n_u8((uint8_t)(byte))
#define LOOKUP(table, i) vqtbl1q_u8(table, i)
#define SHIFT_RIGHT_4(a) vshrq_n_u8(a, 4)
#define AND(a, b)        vandq_u8(a, b)
#define AND_NOT(a, b)    vbicq_u8(b, a)
#define OR(a, b)         vorrq_u8(a, b)
#define SUBTRACT(a, b)   vsubq_u8(a, b)
#define EQUAL(a, b)      vceqq_u8(a, b)
#define MINIMUM(a, b)    vminq_u8(a, b)
#define MAXIMUM(a, b)    vmaxq_u8(a, b)
#define MASK(a)          upper_bits(a)
/* clang-format on */
#include "text/normal_scan_block.inc"

#endif

enum normal_scan_width normal_scan_widest(void)
{
#if defined(SIMD_X86)
    if (simd_has_avx2()) {
        return NORMAL_SCAN_32;
    }
    return !simd_is_refused && __builtin_cpu_supports("ssse3") ? NORMAL_SCAN_16 : NORMAL_SCAN_1;
#elif defined(SIMD_NEON)
    return simd_is_refused ? NORMAL_SCAN_1 : NORMAL_SCAN_16;
#else
    return NORMAL_SCAN_1;
#endif
}

size_t normal_scan_next(const struct normal_scan *scan, str text, size_t at,
                        enum normal_scan_width width)
{
    /* Where text is not what it should be, the next such place is mostly near. */
    for (int count = 0; at < text.len && count < NEAR_CHARACTERS; count++) {
        if (stops_at(scan, text, &at)) {
            return at;
        }
    }
    switch (width) {
    case NORMAL_SCAN_32:
#if defined(SIMD_X86)
        return scan_next_32(scan, text, at);
#endif
    case NORMAL_SCAN_16:
#if defined(SIMD_X86) || defined(SIMD_NEON)
        return scan_next_16(scan, text, at);
#endif
    case NORMAL_SCAN_1:
        break;
    }
    return scan_next_1(scan, text, at);
}
