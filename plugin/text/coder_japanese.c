/* SPDX-License-Identifier: Apache-2.0 */
/* Shift_JIS, EUC-JP and ISO-2022-JP. */
#include "text/coder_pairs.h"
#include "text/tables.h"

enum { HALF_WIDTH_KATAKANA = 0xFF61 };

CODER_INLINE struct step step_shift_jis(bytes content, size_t at, struct coder_mode *mode,
                                        const uint16_t *upper_half)
{
    (void)mode;
    (void)upper_half;
    const uint8_t lead = content.ptr[at];
    if (lead <= 0x80) {
        return step_of(lead, 1);
    }
    if (lead >= 0xA1 && lead <= 0xDF) {
        return step_of(HALF_WIDTH_KATAKANA + (lead - 0xA1u), 1);
    }
    if (lead == 0xA0 || lead > 0xFC || content.len - at < 2) {
        return step_error(1);
    }
    const uint8_t trail = content.ptr[at + 1];
    if (trail >= 0x40 && trail <= 0xFC && trail != 0x7F) {
        const uint32_t lead_offset = lead < 0xA0 ? 0x81 : 0xC1;
        const uint32_t offset = trail < 0x7F ? 0x40 : 0x41;
        const uint32_t pointer = (lead - lead_offset) * 188 + (trail - offset);
        if (pointer >= 8836 && pointer <= 10715) {
            return step_of(0xE000 - 8836 + pointer, 2); /* end-user-defined characters */
        }
        if (index_jis0208[pointer]) {
            return step_of(index_jis0208[pointer], 2);
        }
    }
    return step_bad_pair(trail);
}

CODER_OF_PAIRS(shift_jis);

static bool is_jis_byte(uint8_t byte)
{
    return byte >= 0xA1 && byte <= 0xFE;
}

/* Behind 8F: two bytes of JIS X 0212. */
static struct step step_jis0212(bytes content, size_t at)
{
    const size_t left = content.len - at;
    if (left < 2) {
        return step_error(1);
    }
    const uint8_t lead = content.ptr[at + 1];
    if (!is_jis_byte(lead)) {
        return step_bad_pair(lead);
    }
    if (left < 3) {
        return step_error(2);
    }
    const uint8_t trail = content.ptr[at + 2];
    if (is_jis_byte(trail)) {
        const uint32_t code_point = index_jis0212[(lead - 0xA1u) * 94 + (trail - 0xA1u)];
        if (code_point) {
            return step_of(code_point, 3);
        }
    }
    return step_error(trail < 0x80 ? 2 : 3);
}

CODER_INLINE struct step step_euc_jp(bytes content, size_t at, struct coder_mode *mode,
                                     const uint16_t *upper_half)
{
    (void)mode;
    (void)upper_half;
    const uint8_t lead = content.ptr[at];
    if (lead < 0x80) {
        return step_of(lead, 1);
    }
    if (lead == 0x8F) {
        return step_jis0212(content, at);
    }
    if ((lead != 0x8E && !is_jis_byte(lead)) || content.len - at < 2) {
        return step_error(1);
    }
    const uint8_t trail = content.ptr[at + 1];
    if (lead == 0x8E) {
        return trail >= 0xA1 && trail <= 0xDF ? step_of(HALF_WIDTH_KATAKANA + (trail - 0xA1u), 2)
                                              : step_bad_pair(trail);
    }
    if (is_jis_byte(trail)) {
        const uint32_t code_point = index_jis0208[(lead - 0xA1u) * 94 + (trail - 0xA1u)];
        if (code_point) {
            return step_of(code_point, 2);
        }
    }
    return step_bad_pair(trail);
}

CODER_OF_PAIRS(euc_jp);

/* Which set an escape sequence selects; -1: none. Encoding: ISO-2022-JP decoder, Escape. */
static int escape_set(const uint8_t *sequence)
{
    if (sequence[0] == '(') {
        switch (sequence[1]) {
        case 'B':
            return CODER_SET_ASCII;
        case 'J':
            return CODER_SET_ROMAN;
        case 'I':
            return CODER_SET_KATAKANA;
        default:
            return -1;
        }
    }
    return sequence[0] == '$' && (sequence[1] == '@' || sequence[1] == 'B') ? CODER_SET_JIS0208
                                                                            : -1;
}

/* A failed escape sequence is one error for its first byte; the others are read again. Two in a
 * row without a character between them are an error too, but the second one holds. */
static struct step step_escape(bytes content, size_t at, struct coder_mode *mode)
{
    const int set = content.len - at < 3 ? -1 : escape_set(content.ptr + at + 1);
    if (set < 0) {
        mode->just_escaped = false;
        return step_error(1);
    }
    const bool twice = mode->just_escaped;
    *mode = (struct coder_mode){.set = (uint8_t)set, .just_escaped = true};
    return twice ? step_error(3) : (struct step){.len = 3};
}

static struct step step_two_of_iso_2022_jp(bytes content, size_t at)
{
    const uint8_t lead = content.ptr[at];
    if (lead < 0x21 || lead > 0x7E || content.len - at < 2 || content.ptr[at + 1] == 0x1B) {
        return step_error(1);
    }
    const uint8_t trail = content.ptr[at + 1];
    if (trail >= 0x21 && trail <= 0x7E) {
        const uint32_t code_point = index_jis0208[(lead - 0x21u) * 94 + (trail - 0x21u)];
        if (code_point) {
            return step_of(code_point, 2);
        }
    }
    return step_error(2);
}

CODER_INLINE struct step step_iso_2022_jp(bytes content, size_t at, struct coder_mode *mode,
                                          const uint16_t *upper_half)
{
    (void)upper_half;
    const uint8_t byte = content.ptr[at];
    if (byte == 0x1B) {
        return step_escape(content, at, mode);
    }
    mode->just_escaped = false;
    if (mode->set == CODER_SET_JIS0208) {
        return step_two_of_iso_2022_jp(content, at);
    }
    if (mode->set == CODER_SET_KATAKANA) {
        return byte >= 0x21 && byte <= 0x5F ? step_of(HALF_WIDTH_KATAKANA + (byte - 0x21u), 1)
                                            : step_error(1);
    }
    if (byte > 0x7F || byte == 0x0E || byte == 0x0F) {
        return step_error(1);
    }
    if (mode->set == CODER_SET_ROMAN && (byte == 0x5C || byte == 0x7E)) {
        return step_of(byte == 0x5C ? 0x00A5 : 0x203E, 1);
    }
    return step_of(byte, 1);
}

CODER(iso_2022_jp, false);
