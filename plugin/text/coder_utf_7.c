/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-7 (RFC 2152): UTF-16 in Base64 between "+" and the first byte that is none of it.
 *
 * A step takes as many bytes as a code unit needs; what remains of the last one's six bits waits in
 * the mode. Bits that remain at a run's end are filling and hold no character, whatever they are. */
#include "text/coder_run.h"

enum { UNIT_BITS = 16, SEXTET_BITS = 6 };

/* -1: not of Base64. */
static int sextet_of(uint8_t byte)
{
    if (byte >= 'A' && byte <= 'Z') {
        return byte - 'A';
    }
    if (byte >= 'a' && byte <= 'z') {
        return byte - 'a' + 26;
    }
    if (byte >= '0' && byte <= '9') {
        return byte - '0' + 52;
    }
    return byte == '+' ? 62 : byte == '/' ? 63 : -1;
}

/* One code unit from [at, …); false: the run or the content ended inside it. `at` moves. */
static bool read_unit(bytes content, size_t *at, struct coder_mode *mode, uint32_t *unit)
{
    uint32_t bits = mode->bits;
    unsigned count = mode->bit_count;
    while (count < UNIT_BITS) {
        const int sextet = *at < content.len ? sextet_of(content.ptr[*at]) : -1;
        if (sextet < 0) {
            mode->bits = mode->bit_count = 0;
            return false;
        }
        bits = bits << SEXTET_BITS | (uint32_t)sextet;
        count += SEXTET_BITS;
        ++*at;
    }
    count -= UNIT_BITS;
    *unit = bits >> count;
    mode->bits = (uint8_t)(bits & ((1u << count) - 1));
    mode->bit_count = (uint8_t)count;
    return true;
}

/* `at` stands on a byte of Base64. */
static struct step step_base64(bytes content, size_t at, struct coder_mode *mode)
{
    size_t end = at;
    uint32_t unit = 0;
    uint32_t next = 0;
    if (!read_unit(content, &end, mode, &unit)) {
        return step_error(end - at); /* more bits than filling and fewer than a character */
    }
    if (unit < 0xD800 || unit > 0xDFFF) {
        return step_of(unit, end - at);
    }
    const struct coder_mode behind = *mode;
    const size_t len = end - at;
    if (unit <= 0xDBFF && read_unit(content, &end, mode, &next) && next >= 0xDC00 &&
        next <= 0xDFFF) {
        return step_of(0x10000 + ((unit - 0xD800) << 10) + (next - 0xDC00), end - at);
    }
    *mode = behind; /* a surrogate alone: what follows is read again */
    return step_error(len);
}

CODER_INLINE struct step step_utf_7(bytes content, size_t at, struct coder_mode *mode,
                                    const uint16_t *upper_half)
{
    (void)upper_half;
    const uint8_t byte = content.ptr[at];
    if (mode->set) {
        if (sextet_of(byte) >= 0) {
            return step_base64(content, at, mode);
        }
        *mode = (struct coder_mode){0};
        if (byte == '-') {
            return (struct step){.len = 1};
        }
    }
    if (byte != '+') {
        return byte < 0x80 ? step_of(byte, 1) : step_error(1);
    }
    const uint8_t next = content.len - at < 2 ? 0 : content.ptr[at + 1];
    if (next == '-') {
        return step_of('+', 2);
    }
    if (sextet_of(next) < 0) {
        return step_error(1);
    }
    mode->set = 1;
    return (struct step){.len = 1};
}

CODER(utf_7, false);
