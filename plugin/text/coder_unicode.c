/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8, UTF-16, UTF-32 (ours, not the standard's), the single-byte encodings (EBCDIC is ours),
 * x-user-defined and replacement. */
#include "text/coder_run.h"
#include "text/utf16.h"

/* Encoding: UTF-8 decoder. An error is the longest start of a character that could have gone on
 * (Unicode 3.9, "maximal subpart"). */
CODER_INLINE struct step step_utf_8(bytes content, size_t at, struct coder_mode *mode,
                                    const uint16_t *upper_half)
{
    (void)mode;
    (void)upper_half;
    const uint8_t lead = content.ptr[at];
    if (lead < 0x80) {
        return step_of(lead, 1);
    }
    if (lead < 0xC2 || lead > 0xF4) {
        return step_error(1);
    }
    const size_t needed = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    uint8_t lower = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    uint8_t upper = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    uint32_t code_point = lead & (0x3Fu >> needed);
    for (size_t i = 1; i <= needed; i++) {
        if (i >= content.len - at || content.ptr[at + i] < lower || content.ptr[at + i] > upper) {
            return step_error(i);
        }
        code_point = code_point << 6 | (content.ptr[at + i] & 0x3F);
        lower = 0x80;
        upper = 0xBF;
    }
    return step_of(code_point, needed + 1);
}

CODER(utf_8, true);

/* Encoding: shared UTF-16 decoder. What the content's end cuts off is one error. */
CODER_INLINE struct step step_utf_16(bytes content, size_t at, unsigned high_byte)
{
    const uint8_t *const b = content.ptr + at;
    const size_t left = content.len - at;
    if (left < 2) {
        return step_error(1);
    }
    const uint32_t unit = (uint32_t)b[high_byte] << 8 | b[1 - high_byte];
    if (unit < 0xD800 || unit > 0xDFFF) {
        return step_of(unit, 2);
    }
    if (unit > 0xDBFF) {
        return step_error(2);
    }
    if (left < 4) {
        return step_error(left);
    }
    const uint32_t next = (uint32_t)b[2 + high_byte] << 8 | b[3 - high_byte];
    if (next < 0xDC00 || next > 0xDFFF) {
        return step_error(2);
    }
    return step_of(0x10000 + ((unit - 0xD800) << 10) + (next - 0xDC00), 4);
}

/* Whole blocks at once; a block with a surrogate, and the last one, unit by unit. */
CODER_INLINE void run_utf_16(struct coder_run *run, coder_step *step, bool is_big_endian)
{
    while (run->at < run->stop) {
        const uint8_t *in = run->content.ptr + run->at;
        const uint8_t *const end = run->content.ptr + run->stop;
        utf16_to_utf8(&in, end, is_big_endian, &run->out);
        run->at = (size_t)(in - run->content.ptr);
        const size_t left = run->stop - run->at;
        const size_t steps_end = run->at + (left < UTF16_BLOCK_BYTES ? left : UTF16_BLOCK_BYTES);
        while (run->at < steps_end) {
            coder_step_once(run, step);
        }
    }
}

CODER_INLINE struct step step_utf_16le(bytes content, size_t at, struct coder_mode *mode,
                                       const uint16_t *upper_half)
{
    (void)mode;
    (void)upper_half;
    return step_utf_16(content, at, 1);
}

static void run_utf_16le(struct coder_run *run)
{
    run_utf_16(run, step_utf_16le, false);
}

const struct coder coder_utf_16le = {.step = step_utf_16le, .run = run_utf_16le};

CODER_INLINE struct step step_utf_16be(bytes content, size_t at, struct coder_mode *mode,
                                       const uint16_t *upper_half)
{
    (void)mode;
    (void)upper_half;
    return step_utf_16(content, at, 0);
}

static void run_utf_16be(struct coder_run *run)
{
    run_utf_16(run, step_utf_16be, true);
}

const struct coder coder_utf_16be = {.step = step_utf_16be, .run = run_utf_16be};

CODER_INLINE struct step step_utf_32(bytes content, size_t at, uint32_t code_point)
{
    if (content.len - at < 4) {
        return step_error(content.len - at);
    }
    return code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)
               ? step_error(4)
               : step_of(code_point, 4);
}

CODER_INLINE struct step step_utf_32le(bytes content, size_t at, struct coder_mode *mode,
                                       const uint16_t *upper_half)
{
    (void)mode;
    (void)upper_half;
    uint8_t b[4] = {0};
    memcpy(b, content.ptr + at, content.len - at < 4 ? content.len - at : 4);
    return step_utf_32(content, at,
                       (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0]);
}

CODER(utf_32le, false);

CODER_INLINE struct step step_utf_32be(bytes content, size_t at, struct coder_mode *mode,
                                       const uint16_t *upper_half)
{
    (void)mode;
    (void)upper_half;
    uint8_t b[4] = {0};
    memcpy(b, content.ptr + at, content.len - at < 4 ? content.len - at : 4);
    return step_utf_32(content, at,
                       (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3]);
}

CODER(utf_32be, false);

CODER_INLINE struct step step_single(bytes content, size_t at, struct coder_mode *mode,
                                     const uint16_t *upper_half)
{
    (void)mode;
    const uint8_t byte = content.ptr[at];
    if (byte < 0x80) {
        return step_of(byte, 1);
    }
    return upper_half[byte - 0x80] ? step_of(upper_half[byte - 0x80], 1) : step_error(1);
}

CODER(single, true);

/* EBCDIC and what else gives bytes below 0x80 another meaning: the lower half stands before the
 * upper one. */
CODER_INLINE struct step step_whole(bytes content, size_t at, struct coder_mode *mode,
                                    const uint16_t *upper_half)
{
    (void)mode;
    const uint8_t byte = content.ptr[at];
    const uint32_t code_point = upper_half[byte - 128];
    return code_point || byte == 0 ? step_of(code_point, 1) : step_error(1);
}

CODER(whole, false);

CODER_INLINE struct step step_user_defined(bytes content, size_t at, struct coder_mode *mode,
                                           const uint16_t *upper_half)
{
    (void)mode;
    (void)upper_half;
    const uint8_t byte = content.ptr[at];
    return step_of(byte < 0x80 ? byte : 0xF780 + (byte - 0x80u), 1);
}

CODER(user_defined, true);

/* Encoding: replacement decoder. One error for any content. */
CODER_INLINE struct step step_replacement(bytes content, size_t at, struct coder_mode *mode,
                                          const uint16_t *upper_half)
{
    (void)mode;
    (void)upper_half;
    return step_error(content.len - at);
}

CODER(replacement, false);
