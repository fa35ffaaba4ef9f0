/* SPDX-License-Identifier: Apache-2.0 */
/* The loop of the encodings in which a high byte begins a pair: text/packed.h for what is common,
 * the step for what is rare. Only for coder_*.c.
 *
 *   <p>  D6 D0 CE C4 D5 E2  , and…     a round: a run of ASCII, then of up to four pairs, whose
 *   └─┘  └───────────────┘             ends are found in the high bits of one load
 *
 * No branch asks how long a run is, for that cannot be foretold: what is behind its end is written
 * too and then overwritten.
 */
#ifndef TEXT_CODER_PAIRS_H
#define TEXT_CODER_PAIRS_H

#include "text/coder_run.h"
#include "text/packed.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* A round reads a mask's bytes, and behind its ASCII those of four pairs. */
enum { PAIRS_MASK_BYTES = 32, PAIRS_ROUND_BYTES = PAIRS_MASK_BYTES + 8 };

/* Copies 32 bytes and says which of them are high, the first one in the lowest bit. */
CODER_INLINE uint32_t pairs_copy(const uint8_t *in, uint8_t *out)
{
#if defined(__SSE2__)
    const __m128i first = _mm_loadu_si128((const __m128i_u *)(const void *)in);
    const __m128i second = _mm_loadu_si128((const __m128i_u *)(const void *)(in + 16));
    _mm_storeu_si128((__m128i_u *)(void *)out, first);
    _mm_storeu_si128((__m128i_u *)(void *)(out + 16), second);
    return (uint32_t)_mm_movemask_epi8(first) | (uint32_t)_mm_movemask_epi8(second) << 16;
#else
    uint32_t mask = 0;
    for (unsigned i = 0; i < PAIRS_MASK_BYTES; i += 8) {
        uint64_t word;
        memcpy(&word, in + i, sizeof word);
        memcpy(out + i, &word, sizeof word);
        const uint64_t high = CODER_LITTLE_ENDIAN(word) >> 7 & UINT64_C(0x0101010101010101);
        /* Bit 8i moves to bit 56 + i; no two of the products meet. */
        mask |= (uint32_t)(high * UINT64_C(0x0102040810204080) >> 56) << i;
    }
    return mask;
#endif
}

/* Two pairs as their text, of three bytes each, lowest first. */
CODER_INLINE uint64_t pairs_two(const uint32_t *packed, uint64_t places)
{
    return packed[places >> 16 & 0xFFFF] | (uint64_t)packed[places & 0xFFFF] << 24;
}

CODER_INLINE void pairs_store(uint64_t two, uint8_t *out)
{
    const uint64_t word = CODER_LITTLE_ENDIAN(two);
    memcpy(out, &word, sizeof word);
}

/* Four pairs, of the first one lowest. */
CODER_INLINE uint64_t pairs_load(const uint8_t *in)
{
    uint64_t word;
    memcpy(&word, in, sizeof word);
    return CODER_LITTLE_ENDIAN(word);
}

/* The bits that every lead of three bytes has, in both texts of two pairs. */
#define PAIRS_COMMON UINT64_C(0xE00000E0)

/* By the count of pairs wanted: which of four need not be what is common. */
static const uint64_t pairs_unwanted[5][2] = {
    {PAIRS_COMMON, PAIRS_COMMON},
    {0xE0000000, PAIRS_COMMON},
    {0, PAIRS_COMMON},
    {0, 0xE0000000},
    {0, 0},
};

/* Writes four pairs; is each of the first `count` text of three bytes? */
CODER_INLINE bool pairs_decode(const uint32_t *packed, uint64_t pairs, size_t count, uint8_t *out)
{
    const uint64_t places = PACKED_PLACES(__builtin_bswap64(pairs));
    const uint64_t front = pairs_two(packed, places >> 32);
    const uint64_t back = pairs_two(packed, places);
    pairs_store(front, out);
    pairs_store(back, out + 6);
    const uint64_t *const unwanted = pairs_unwanted[count];
    return ((front | unwanted[0]) & (back | unwanted[1]) & PAIRS_COMMON) == PAIRS_COMMON;
}

/* Up to `count` characters of any kind, as long as they begin with a high byte. */
CODER_INLINE void pairs_step(struct coder_run *run, coder_step *step, const uint32_t *packed,
                             size_t count)
{
    for (; count && run->at < run->content.len; count--) {
        const uint8_t *const in = run->content.ptr + run->at;
        if (in[0] < 0x80) {
            return;
        }
        const uint32_t entry = run->content.len - run->at < 2
                                   ? 0
                                   : packed[PACKED_PLACES((uint64_t)in[0] << 8 | in[1])];
        if (!entry) {
            coder_step_once(run, step);
            continue;
        }
        const uint32_t store = CODER_LITTLE_ENDIAN_32(entry);
        memcpy(run->out, &store, sizeof store);
        run->out += entry > 0xFFFF ? 3 : 2;
        run->at += 2;
    }
}

/* What is too near to the run's end for a round. */
CODER_INLINE void pairs_finish(struct coder_run *run, coder_step *step, const uint32_t *packed)
{
    while (run->at < run->stop) {
        const size_t ascii =
            coder_copy_ascii(run->content.ptr + run->at, run->stop - run->at, run->out);
        run->at += ascii;
        run->out += ascii;
        if (run->at < run->stop) {
            pairs_step(run, step, packed, 1);
        }
    }
}

#define PAIRS_HIGHS UINT64_C(0x8080808080808080)
#define PAIRS_LEADS UINT64_C(0x0080008000800080)

#define PAIRS_HIGHS UINT64_C(0x8080808080808080)
#define PAIRS_LEADS UINT64_C(0x0080008000800080)

/* A run of ASCII and of the pairs behind it. */
struct pairs_round {
    size_t ascii;
    size_t pairs; /* one to four; more may follow */
};

/* `word` stands at `in` and has a high byte. Each round waits for the end of the one before, so
 * these are few steps: behind the first lead, the shift leaves the high bits of the next three at
 * 15, 31 and 47, and 63 empty. */
CODER_INLINE struct pairs_round pairs_short_round(uint64_t word, uint8_t *out)
{
    const unsigned lead_bit = (unsigned)__builtin_ctzll(word & PAIRS_HIGHS);
    const uint64_t ends = ~((word >> 1) >> lead_bit | UINT64_C(0x7FFF7FFF7FFF7FFF));
    pairs_store(word, out);
    return (struct pairs_round){.ascii = lead_bit / 8,
                                .pairs = (size_t)__builtin_ctzll(ends) / 16 + 1};
}

/* `mask` is of the bytes copied and not 0. */
CODER_INLINE struct pairs_round pairs_long_round(uint32_t mask)
{
    const unsigned ascii = (unsigned)__builtin_ctz(mask);
    const uint32_t ends = (~(mask >> ascii) & 0x55) | 0x100;
    return (struct pairs_round){.ascii = ascii, .pairs = (size_t)__builtin_ctz(ends) / 2};
}

/* To `last` or until a character is not common; `*pairs` of them are wanted next then. */
CODER_INLINE bool pairs_rounds(const uint8_t **from, const uint8_t *last, const uint32_t *packed,
                               uint8_t **to, size_t *pairs)
{
    const uint8_t *in = *from;
    uint8_t *out = *to;
    bool is_common = true;
    while (is_common && in <= last) {
        const uint64_t word = pairs_load(in);
        struct pairs_round round = {.pairs = 4};
        if ((word & PAIRS_LEADS) != PAIRS_LEADS) {
            if (word & PAIRS_HIGHS) {
                round = pairs_short_round(word, out);
            } else {
                const uint32_t mask = pairs_copy(in, out);
                if (!mask) {
                    in += PAIRS_MASK_BYTES;
                    out += PAIRS_MASK_BYTES;
                    continue;
                }
                round = pairs_long_round(mask);
            }
            in += round.ascii;
            out += round.ascii;
            is_common = pairs_decode(packed, pairs_load(in), round.pairs, out);
        } else {
            is_common = pairs_decode(packed, word, 4, out);
        }
        *pairs = round.pairs;
        if (is_common) {
            in += 2 * round.pairs;
            out += 3 * round.pairs;
        }
    }
    *from = in;
    *to = out;
    return is_common;
}

CODER_INLINE void coder_pairs_loop(struct coder_run *run, coder_step *step, const uint32_t *packed)
{
    const uint8_t *const begin = run->content.ptr;
    while (run->at < run->stop && run->stop - run->at >= PAIRS_ROUND_BYTES) {
        const uint8_t *in = begin + run->at;
        uint8_t *out = run->out;
        size_t pairs = 0;
        const bool is_common =
            pairs_rounds(&in, begin + run->stop - PAIRS_ROUND_BYTES, packed, &out, &pairs);
        run->at = (size_t)(in - begin);
        run->out = out;
        if (!is_common) {
            pairs_step(run, step, packed, pairs);
        }
    }
    pairs_finish(run, step, packed);
}

#define CODER_OF_PAIRS(name)                                                                       \
    static void run_##name(struct coder_run *run)                                                  \
    {                                                                                              \
        coder_pairs_loop(run, step_##name, packed_##name);                                         \
    }                                                                                              \
    const struct coder coder_##name = {.step = step_##name, .run = run_##name}

#endif
