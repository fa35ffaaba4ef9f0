/* SPDX-License-Identifier: Apache-2.0 */
#include "base/percent.h"

static const char *set_members(enum percent_set set)
{
    switch (set) {
    case PERCENT_FRAGMENT:
        return " \"<>`";
    case PERCENT_QUERY: /* the special-query set: http and https */
        return " \"#<>'";
    case PERCENT_PATH:
        return " \"#<>?^`{}";
    }
    return "";
}

static void add_encoded(struct buf *out, uint8_t byte)
{
    static const char digits[] = "0123456789ABCDEF";
    buf_add_byte(out, '%');
    buf_add_byte(out, (uint8_t)digits[byte >> 4]);
    buf_add_byte(out, (uint8_t)digits[byte & 15]);
}

void percent_encode(struct buf *out, bytes raw, enum percent_set set)
{
    const char *members = set_members(set);
    for (size_t i = 0; i < raw.len; i++) {
        const uint8_t c = raw.ptr[i];
        if (c <= 0x1F || c > 0x7E || strchr(members, c)) {
            add_encoded(out, c);
        } else {
            buf_add_byte(out, c);
        }
    }
}

int hex_digit_value(uint8_t c)
{
    if (ascii_is_digit(c)) {
        return c - '0';
    }
    c = (uint8_t)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bytes percent_decode(struct arena *arena, bytes encoded)
{
    char *out = arena_text(arena, encoded.len);
    size_t len = 0;
    if (!out) {
        return (bytes){.ptr = NULL, .len = 0};
    }
    for (size_t i = 0; i < encoded.len; i++) {
        uint8_t c = encoded.ptr[i];
        if (c == '%' && encoded.len - i > 2) {
            const int high = hex_digit_value(encoded.ptr[i + 1]);
            const int low = hex_digit_value(encoded.ptr[i + 2]);
            if (high >= 0 && low >= 0) {
                c = (uint8_t)(high * 16 + low);
                i += 2;
            }
        }
        out[len++] = (char)c;
    }
    return (bytes){.ptr = (const uint8_t *)out, .len = len};
}

uint32_t percent_code_point(bytes b, size_t *at)
{
    static const struct {
        uint8_t first, last;     /* of the lead byte */
        uint8_t lowest, highest; /* of the second byte: shuts out overlong forms and surrogates */
        uint8_t more;
    } forms[] = {
        {0xC2, 0xDF, 0x80, 0xBF, 1}, {0xE0, 0xE0, 0xA0, 0xBF, 2}, {0xE1, 0xEC, 0x80, 0xBF, 2},
        {0xED, 0xED, 0x80, 0x9F, 2}, {0xEE, 0xEF, 0x80, 0xBF, 2}, {0xF0, 0xF0, 0x90, 0xBF, 3},
        {0xF1, 0xF3, 0x80, 0xBF, 3}, {0xF4, 0xF4, 0x80, 0x8F, 3},
    };
    const uint8_t lead = b.ptr[(*at)++];
    if (lead < 0x80) {
        return lead;
    }
    for (size_t form = 0; form < sizeof forms / sizeof *forms; form++) {
        const size_t more = forms[form].more;
        if (lead < forms[form].first || lead > forms[form].last || b.len - *at < more) {
            continue;
        }
        const uint8_t *rest = b.ptr + *at;
        uint32_t c = lead & (0x3Fu >> more);
        bool holds = rest[0] >= forms[form].lowest && rest[0] <= forms[form].highest;
        for (size_t i = 0; i < more; i++) {
            holds = holds && (rest[i] & 0xC0) == 0x80;
            c = c << 6 | (rest[i] & 0x3Fu);
        }
        if (holds) {
            *at += more;
            return c;
        }
    }
    return UINT32_MAX;
}
