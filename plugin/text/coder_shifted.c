/* SPDX-License-Identifier: Apache-2.0 */
/* Seven-bit encodings that shift between ASCII and sets of two bytes: HZ (RFC 1843), ISO-2022-KR
 * (RFC 1557) and ISO-2022-CN with its extension (RFC 1922).
 *
 * What they share: a pair is two bytes of 21 to 7E; controls and the space mean themselves in every
 * set; a line begins in ASCII, for what ends a line ends a shift. Sets once named stay named, though
 * RFC 1922 asks for them again in each line: that loses nothing. */
#include "text/coder_run.h"
#include "text/sets94.h"

enum { ESCAPE = 0x1B, SHIFT_OUT = 0x0E, SHIFT_IN = 0x0F };
enum { SET_ASCII = 0, SET_PAIRS = 1 };

/* What ISO-2022-CN's SO can select. */
enum { OUT_NONE, OUT_GB2312, OUT_CNS_PLANE_1, OUT_ISO_IR_165 };

CODER_INLINE bool is_pair_byte(uint8_t byte)
{
    return byte >= 0x21 && byte <= 0x7E;
}

/* A byte outside any pair: ASCII, the end of a shift, or an error. */
CODER_INLINE struct step step_plain(uint8_t byte, struct coder_mode *mode)
{
    if (byte == '\n' || byte == '\r') {
        mode->set = SET_ASCII;
    }
    return byte < 0x80 ? step_of(byte, 1) : step_error(1);
}

/* A lead whose trail is none is an error of its own; the trail is read again. */
static bool has_pair(bytes content, size_t at)
{
    return content.len - at >= 2 && is_pair_byte(content.ptr[at]) &&
           is_pair_byte(content.ptr[at + 1]);
}

static struct step step_found(uint32_t code_point, size_t len)
{
    return code_point ? step_of(code_point, len) : step_error(len);
}

/* Behind "~"; ~~ is a tilde, and at a line's end it joins the lines. */
static struct step step_tilde(bytes content, size_t at, struct coder_mode *mode)
{
    const uint8_t next = content.len - at < 2 ? 0 : content.ptr[at + 1];
    if (next == '{' || next == '}') {
        mode->set = next == '{' ? SET_PAIRS : SET_ASCII;
        return (struct step){.len = 2};
    }
    if (next == '~') {
        return step_of('~', 2);
    }
    if (next == '\n') {
        mode->set = SET_ASCII;
        return (struct step){.len = 2};
    }
    return step_error(1);
}

CODER_INLINE struct step step_hz(bytes content, size_t at, struct coder_mode *mode,
                                 const uint16_t *upper_half)
{
    (void)upper_half;
    const uint8_t byte = content.ptr[at];
    if (byte == '~') {
        return step_tilde(content, at, mode);
    }
    if (mode->set == SET_ASCII || !is_pair_byte(byte)) {
        return step_plain(byte, mode);
    }
    return has_pair(content, at)
               ? step_found(gb2312_code_point(byte - 0x21u, content.ptr[at + 1] - 0x21u), 2)
               : step_error(1);
}

CODER(hz, false);

/* The whole content says once that SO means KS X 1001; a content that forgot to is read so too. */
CODER_INLINE struct step step_iso_2022_kr(bytes content, size_t at, struct coder_mode *mode,
                                          const uint16_t *upper_half)
{
    (void)upper_half;
    const uint8_t byte = content.ptr[at];
    if (byte == SHIFT_OUT || byte == SHIFT_IN) {
        mode->set = byte == SHIFT_OUT ? SET_PAIRS : SET_ASCII;
        return (struct step){.len = 1};
    }
    if (byte == ESCAPE) {
        const bool is_known = content.len - at >= 4 && memcmp(content.ptr + at + 1, "$)C", 3) == 0;
        return is_known ? (struct step){.len = 4} : step_error(1);
    }
    if (mode->set == SET_ASCII || !is_pair_byte(byte)) {
        return step_plain(byte, mode);
    }
    return has_pair(content, at)
               ? step_found(ks_x_1001_code_point(byte - 0x21u, content.ptr[at + 1] - 0x21u), 2)
               : step_error(1);
}

CODER(iso_2022_kr, false);

/* ESC $ ) A names what SO selects, ESC $ * H what the single shift 2, ESC $ + I to M what 3. */
static bool designate(const uint8_t *sequence, struct coder_mode *mode)
{
    if (sequence[0] != '$') {
        return false;
    }
    const uint8_t set = sequence[2];
    if (sequence[1] == ')' && (set == 'A' || set == 'G' || set == 'E')) {
        mode->shift_out = set == 'A' ? OUT_GB2312 : set == 'G' ? OUT_CNS_PLANE_1 : OUT_ISO_IR_165;
        return true;
    }
    if (sequence[1] == '*' && set == 'H') {
        mode->single_2 = 2;
        return true;
    }
    if (sequence[1] == '+' && set >= 'I' && set <= 'M') {
        mode->single_3 = (uint8_t)(3 + (set - 'I'));
        return true;
    }
    return false;
}

/* ESC N or ESC O and one pair of the set that is named for it. */
static struct step step_single_shift(bytes content, size_t at, unsigned plane)
{
    if (!plane || content.len - at < 4 || !has_pair(content, at + 2)) {
        return step_error(2);
    }
    return step_found(
        cns11643_code_point(plane, content.ptr[at + 2] - 0x21u, content.ptr[at + 3] - 0x21u), 4);
}

static struct step step_cn_escape(bytes content, size_t at, struct coder_mode *mode)
{
    const size_t left = content.len - at;
    const uint8_t next = left < 2 ? 0 : content.ptr[at + 1];
    if (next == 'N' || next == 'O') {
        return step_single_shift(content, at, next == 'N' ? mode->single_2 : mode->single_3);
    }
    return left >= 4 && designate(content.ptr + at + 1, mode) ? (struct step){.len = 4}
                                                              : step_error(1);
}

static uint32_t shifted_out(unsigned set, unsigned row, unsigned cell)
{
    if (set == OUT_GB2312) {
        return gb2312_code_point(row, cell);
    }
    return set == OUT_CNS_PLANE_1 ? cns11643_code_point(1, row, cell)
                                  : iso_ir_165_code_point(row, cell);
}

CODER_INLINE struct step step_iso_2022_cn(bytes content, size_t at, struct coder_mode *mode,
                                          const uint16_t *upper_half)
{
    (void)upper_half;
    const uint8_t byte = content.ptr[at];
    if (byte == ESCAPE) {
        return step_cn_escape(content, at, mode);
    }
    if (byte == SHIFT_OUT && mode->shift_out == OUT_NONE) {
        return step_error(1);
    }
    if (byte == SHIFT_OUT || byte == SHIFT_IN) {
        mode->set = byte == SHIFT_OUT ? SET_PAIRS : SET_ASCII;
        return (struct step){.len = 1};
    }
    if (mode->set == SET_ASCII || !is_pair_byte(byte)) {
        return step_plain(byte, mode);
    }
    return has_pair(content, at)
               ? step_found(shifted_out(mode->shift_out, byte - 0x21u, content.ptr[at + 1] - 0x21u),
                            2)
               : step_error(1);
}

CODER(iso_2022_cn, false);
