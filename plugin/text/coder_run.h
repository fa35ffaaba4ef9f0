/* SPDX-License-Identifier: Apache-2.0 */
/* The loop that every decoder shares, made for each by inlining its step. Only for coder_*.c. */
#ifndef TEXT_CODER_RUN_H
#define TEXT_CODER_RUN_H

#include "text/coder.h"

#define CODER_INLINE static inline __attribute__((always_inline))

/* A word as if its first byte were its lowest. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define CODER_LITTLE_ENDIAN(word)    __builtin_bswap64(word)
#define CODER_LITTLE_ENDIAN_32(word) __builtin_bswap32(word)
#else
#define CODER_LITTLE_ENDIAN(word)    (word)
#define CODER_LITTLE_ENDIAN_32(word) (word)
#endif

typedef struct step coder_step(bytes content, size_t at, struct coder_mode *mode,
                               const uint16_t *upper_half);

CODER_INLINE struct step step_of(uint32_t code_point, size_t len)
{
    return (struct step){.len = len, .first = code_point, .count = 1};
}

CODER_INLINE struct step step_error(size_t len)
{
    return (struct step){.len = len, .first = REPLACEMENT_CHARACTER, .count = 1, .is_error = true};
}

/* The rule that all two-byte encodings share: a bad pair gives an ASCII trail back. */
CODER_INLINE struct step step_bad_pair(uint8_t trail)
{
    return step_error(trail < 0x80 ? 1 : 2);
}

CODER_INLINE uint8_t *coder_put(uint8_t *out, uint32_t c)
{
    if (c < 0x80) {
        *out++ = (uint8_t)c;
        return out;
    }
    if (c < 0x800) {
        *out++ = (uint8_t)(0xC0 | c >> 6);
        *out++ = (uint8_t)(0x80 | (c & 0x3F));
        return out;
    }
    if (c < 0x10000) {
        *out++ = (uint8_t)(0xE0 | c >> 12);
    } else {
        *out++ = (uint8_t)(0xF0 | c >> 18);
        *out++ = (uint8_t)(0x80 | (c >> 12 & 0x3F));
        *out++ = (uint8_t)(0x80 | (c >> 6 & 0x3F));
        *out++ = (uint8_t)(0x80 | (c & 0x3F));
        return out;
    }
    *out++ = (uint8_t)(0x80 | (c >> 6 & 0x3F));
    *out++ = (uint8_t)(0x80 | (c & 0x3F));
    return out;
}

/* How many bytes of ASCII stand in [in, in + len), copied eight at a time: a word is written whole
 * even when only its first bytes count, which the slack of `out` allows. */
CODER_INLINE size_t coder_copy_ascii(const uint8_t *in, size_t len, uint8_t *out)
{
    size_t done = 0;
    for (uint64_t word; len - done >= sizeof word; done += sizeof word) {
        memcpy(&word, in + done, sizeof word);
        memcpy(out + done, &word, sizeof word);
        const uint64_t high = word & UINT64_C(0x8080808080808080);
        if (high) {
            return done + (size_t)__builtin_ctzll(CODER_LITTLE_ENDIAN(high)) / 8;
        }
    }
    while (done < len && in[done] < 0x80) {
        out[done] = in[done];
        done++;
    }
    return done;
}

/* One character or error, or what stands for nothing. */
CODER_INLINE void coder_step_once(struct coder_run *run, coder_step *step)
{
    const struct step piece = step(run->content, run->at, &run->mode, run->upper_half);
    if (piece.count) {
        run->out = coder_put(run->out, piece.first);
    }
    if (piece.count > 1) {
        run->out = coder_put(run->out, piece.second);
    }
    if (piece.is_error) {
        run->replaced_first = run->replaced ? run->replaced_first : run->at;
        run->replaced++;
    }
    run->at += piece.len;
}

/* `keeps_ascii`: a byte below 0x80 at the start of a step is that character, always. */
CODER_INLINE void coder_loop(struct coder_run *run, coder_step *step, bool keeps_ascii)
{
    const bytes content = run->content;
    const uint16_t *const upper_half = run->upper_half;
    struct coder_mode mode = run->mode;
    size_t at = run->at;
    uint8_t *out = run->out;
    while (at < run->stop) {
        if (keeps_ascii && content.ptr[at] < 0x80) {
            const size_t len = coder_copy_ascii(content.ptr + at, run->stop - at, out);
            at += len;
            out += len;
            continue;
        }
        const struct step piece = step(content, at, &mode, upper_half);
        if (piece.count) {
            out = coder_put(out, piece.first);
        }
        if (piece.count > 1) {
            out = coder_put(out, piece.second);
        }
        if (piece.is_error) {
            run->replaced_first = run->replaced ? run->replaced_first : at;
            run->replaced++;
        }
        at += piece.len;
    }
    run->at = at;
    run->out = out;
    run->mode = mode;
}

#define CODER(name, keeps_ascii)                                                                   \
    static void run_##name(struct coder_run *run)                                                  \
    {                                                                                              \
        coder_loop(run, step_##name, keeps_ascii);                                                 \
    }                                                                                              \
    const struct coder coder_##name = {.step = step_##name, .run = run_##name}

#endif
