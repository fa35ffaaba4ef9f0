/* SPDX-License-Identifier: Apache-2.0 */
/* The loop of the encodings in which a high byte begins a pair: text/packed.h for what is common,
 * the step for what is rare. Only for coder_*.c.
 *
 *   <p>  D6 D0 CE C4 D5 E2  ,
 *   └─┘  └───────────────┘          16 bytes of ASCII at once, four pairs at once
 *
 * Where one kind goes over into the other, no branch asks how long the run was: what is behind its
 * end is written too and then overwritten.
 */
#ifndef TEXT_CODER_PAIRS_H
#define TEXT_CODER_PAIRS_H

#include "text/coder_run.h"
#include "text/packed.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* A round reads 16 bytes and then 8 more. */
enum { PAIRS_ROUND_BYTES = 24 };

/* How many bytes of ASCII stand at `in`, up to 16; all 16 are copied. */
CODER_INLINE size_t pairs_copy_ascii(const uint8_t *in, uint8_t *out)
{
#if defined(__SSE2__)
    const __m128i all = _mm_loadu_si128((const __m128i_u *)(const void *)in);
    _mm_storeu_si128((__m128i_u *)(void *)out, all);
    return (size_t)__builtin_ctz((unsigned)_mm_movemask_epi8(all) | 0x10000u);
#else
    uint64_t word[2];
    memcpy(word, in, sizeof word);
    memcpy(out, word, sizeof word);
    const uint64_t high = CODER_LITTLE_ENDIAN(word[0]) & UINT64_C(0x8080808080808080);
    if (high) {
        return (size_t)__builtin_ctzll(high) / 8;
    }
    const uint64_t next = CODER_LITTLE_ENDIAN(word[1]) & UINT64_C(0x8080808080808080);
    return next ? 8 + (size_t)__builtin_ctzll(next) / 8 : 16;
#endif
}

#define PAIRS_LEADS UINT64_C(0x8000800080008000)

/* Four pairs at once, the first one highest. */
CODER_INLINE uint64_t pairs_load(const uint8_t *in)
{
    uint64_t word;
    memcpy(&word, in, sizeof word);
    return __builtin_bswap64(CODER_LITTLE_ENDIAN(word));
}

/* How many of the four begin with a high byte, from the first on. */
CODER_INLINE size_t pairs_count(uint64_t pairs)
{
    const uint64_t ascii = ~pairs & PAIRS_LEADS;
    return ascii ? (size_t)__builtin_clzll(ascii) / 16 : 4;
}

CODER_INLINE void pairs_store(uint32_t first, uint32_t second, uint8_t *out)
{
    const uint64_t six = CODER_LITTLE_ENDIAN(first | (uint64_t)second << 24);
    memcpy(out, &six, sizeof six);
}

/* Writes the text of four pairs, of three bytes each; false when one of the first `count` is not
 * that. */
CODER_INLINE bool pairs_decode(const uint32_t *packed, uint64_t pairs, size_t count, uint8_t *out)
{
    const uint32_t first = packed[pairs >> 48 & 0x7FFF];
    const uint32_t second = packed[pairs >> 32 & 0x7FFF];
    const uint32_t third = packed[pairs >> 16 & 0x7FFF];
    const uint32_t fourth = packed[pairs & 0x7FFF];
    pairs_store(first, second, out);
    pairs_store(third, fourth, out + 6);
    /* A lead of three bytes has the bits of E0. */
    static const uint8_t not_wanted[5][4] = {{0xE0, 0xE0, 0xE0, 0xE0},
                                             {0, 0xE0, 0xE0, 0xE0},
                                             {0, 0, 0xE0, 0xE0},
                                             {0, 0, 0, 0xE0},
                                             {0, 0, 0, 0}};
    const uint8_t *const skip = not_wanted[count];
    return ((first | skip[0]) & (second | skip[1]) & (third | skip[2]) & (fourth | skip[3]) &
            0xE0) == 0xE0;
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
        const uint32_t entry =
            run->content.len - run->at < 2 ? 0 : packed[(in[0] & 0x7F) << 8 | in[1]];
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

CODER_INLINE void coder_pairs_loop(struct coder_run *run, coder_step *step, const uint32_t *packed)
{
    const uint8_t *const begin = run->content.ptr;
    while (run->at < run->stop && run->stop - run->at >= PAIRS_ROUND_BYTES) {
        const uint8_t *const last = begin + run->stop - PAIRS_ROUND_BYTES;
        const uint8_t *in = begin + run->at;
        uint8_t *out = run->out;
        size_t count = 0;
        bool is_common = true;
        while (is_common && in <= last) {
            const size_t ascii = pairs_copy_ascii(in, out);
            in += ascii;
            out += ascii;
            count = ascii < 16 ? 4 : 0;
            while (count == 4 && in <= last + 16) {
                const uint64_t pairs = pairs_load(in);
                count = pairs_count(pairs);
                is_common = pairs_decode(packed, pairs, count, out);
                if (!is_common) {
                    break;
                }
                in += 2 * count;
                out += 3 * count;
            }
        }
        run->at = (size_t)(in - begin);
        run->out = out;
        if (!is_common) {
            pairs_step(run, step, packed, count);
        }
    }
    coder_loop(run, step, true);
}

#define CODER_OF_PAIRS(name)                                                                       \
    static void run_##name(struct coder_run *run)                                                  \
    {                                                                                              \
        coder_pairs_loop(run, step_##name, packed_##name);                                         \
    }                                                                                              \
    const struct coder coder_##name = {.step = step_##name, .run = run_##name}

#endif
