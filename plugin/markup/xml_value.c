/* SPDX-License-Identifier: Apache-2.0 */
/* What stands written in XML, as what it says: references, line ends, and the bytes before that. */
#include "markup/xml.h"

#include "base/percent.h"
#include "text/utf8.h"

enum {
    REFERENCE_BYTES_MAX = 16, /* `&#x0010FFFF;` and some zeros more; a longer one is none */
    DECLARATION_BYTES_MAX = 1024
};

/* XML 1.0, Char: what no number may name becomes U+FFFD. */
static uint32_t as_character(uint32_t c)
{
    const bool is_control = c < 0x20 && c != '\t' && c != '\n' && c != '\r';
    return is_control || c > 0x10FFFF || c == 0xFFFE || c == 0xFFFF ? 0xFFFD : c;
}

/* `#38` or `#x26`; false: no number. */
static bool read_number(str body, uint32_t *out)
{
    const bool is_hex = body.len > 1 && body.ptr[1] == 'x';
    uint32_t value = 0;
    size_t at = is_hex ? 2 : 1;
    if (at >= body.len) {
        return false;
    }
    for (; at < body.len; at++) {
        const int digit = hex_digit_value((uint8_t)body.ptr[at]);
        if (digit < 0 || (!is_hex && digit > 9)) {
            return false;
        }
        value = value * (is_hex ? 16 : 10) + (uint32_t)digit;
        value = value > 0x110000 ? 0x110000 : value;
    }
    *out = as_character(value);
    return true;
}

/* What stands between `&` and `;`; false: none that needs no DOCTYPE. */
static bool read_reference(str body, uint32_t *out)
{
    static const struct {
        str name;
        uint32_t character;
    } names[] = {{STR_INIT("amp"), '&'},
                 {STR_INIT("lt"), '<'},
                 {STR_INIT("gt"), '>'},
                 {STR_INIT("quot"), '"'},
                 {STR_INIT("apos"), '\''}};
    if (body.len && body.ptr[0] == '#') {
        return read_number(body, out);
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_equal(body, names[i].name)) {
            *out = names[i].character;
            return true;
        }
    }
    return false;
}

static bool is_plain(str raw, enum xml_place place)
{
    if ((place != XML_IN_CDATA && memchr(raw.ptr, '&', raw.len)) ||
        memchr(raw.ptr, '\r', raw.len)) {
        return false;
    }
    return place != XML_IN_ATTRIBUTE ||
           (!memchr(raw.ptr, '\n', raw.len) && !memchr(raw.ptr, '\t', raw.len));
}

/* A reference at `at`, or the `&` alone; where to go on. */
static size_t add_reference(struct buf *out, str raw, size_t at)
{
    const str ahead = str_slice(raw, at + 1, at + 1 + REFERENCE_BYTES_MAX);
    const size_t end = str_find_byte(ahead, ';', 0);
    uint32_t character;
    if (end != SIZE_MAX && read_reference(str_slice(ahead, 0, end), &character)) {
        buf_add_code_point(out, character);
        return at + 1 + end + 1;
    }
    buf_add_byte(out, '&');
    return at + 1;
}

/* Does the character stand for another one here? */
static bool is_special(char c, enum xml_place place)
{
    switch (c) {
    case '&':
        return place != XML_IN_CDATA;
    case '\r':
        return true;
    case '\n':
    case '\t':
        return place == XML_IN_ATTRIBUTE;
    default:
        return false;
    }
}

void xml_add_value(struct buf *out, str raw, enum xml_place place)
{
    size_t at = 0;
    while (at < raw.len && !buf_failed(out)) {
        const size_t from = at;
        while (at < raw.len && !is_special(raw.ptr[at], place)) {
            at++;
        }
        buf_add(out, str_slice(raw, from, at));
        if (at == raw.len) {
            break;
        }
        if (raw.ptr[at] == '&') {
            at = add_reference(out, raw, at);
            continue;
        }
        const bool is_pair = raw.ptr[at] == '\r' && at + 1 < raw.len && raw.ptr[at + 1] == '\n';
        buf_add_byte(out, place == XML_IN_ATTRIBUTE ? ' ' : '\n');
        at += is_pair ? 2 : 1;
    }
}

str xml_value(struct arena *arena, str raw, enum xml_place place)
{
    struct buf out;
    if (raw.len == 0 || is_plain(raw, place)) {
        return raw;
    }
    buf_init(&out, arena, raw.len); /* a reference is never shorter than its character */
    buf_reserve(&out, raw.len);
    xml_add_value(&out, raw, place);
    return buf_failed(&out) ? (str){.ptr = NULL, .len = 0} : buf_str(&out);
}

/* ---- bytes ---- */

/* The label of `<?xml … encoding="…"`; empty: none. */
static bytes declared_label(bytes content)
{
    const bytes ahead = bytes_slice(content, 0, DECLARATION_BYTES_MAX);
    const str head = {.ptr = (const char *)ahead.ptr, .len = ahead.len}; /* searched as ASCII */
    const size_t end = str_find(head, STR("?>"), 0);
    const size_t word = str_find(head, STR("encoding"), 0);
    if (!str_starts(head, STR("<?xml")) || end == SIZE_MAX || word == SIZE_MAX || word > end) {
        return (bytes){.ptr = content.ptr, .len = 0};
    }
    size_t at = word + 8;
    while (at < end && (ascii_is_space((uint8_t)head.ptr[at]) || head.ptr[at] == '=')) {
        at++;
    }
    const size_t close = at < end ? str_find_byte(head, head.ptr[at], at + 1) : SIZE_MAX;
    const bool is_quoted = close != SIZE_MAX && (head.ptr[at] == '"' || head.ptr[at] == '\'');
    return is_quoted ? bytes_slice(content, at + 1, close) : (bytes){.ptr = content.ptr, .len = 0};
}

/* XML 1.0, appendix F: byte order marks, and `<?` in units of two bytes. */
static const struct charset *charset_by_first_bytes(bytes content)
{
    static const struct {
        uint8_t head[4];
        size_t len;
        const struct charset *const *charset;
    } heads[] = {{{0xEF, 0xBB, 0xBF}, 3, &charset_utf_8},
                 {{0xFF, 0xFE}, 2, &charset_utf_16le},
                 {{0xFE, 0xFF}, 2, &charset_utf_16be},
                 {{'<', 0, '?', 0}, 4, &charset_utf_16le},
                 {{0, '<', 0, '?'}, 4, &charset_utf_16be}};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        if (bytes_start(content, (bytes){.ptr = heads[i].head, .len = heads[i].len})) {
            return *heads[i].charset;
        }
    }
    return NULL;
}

enum status xml_decode(struct arena *arena, bytes content, str declared, struct decoded *out)
{
    const struct charset *charset = charset_by_first_bytes(content);
    if (!charset && declared.len) {
        charset = charset_find(str_bytes(declared));
    }
    if (!charset) {
        const bytes label = declared_label(content);
        charset = label.len ? charset_find(label) : NULL;
        /* A label that could be read as ASCII is not written in UTF-16. */
        charset = charset && charset_is_ascii_based(charset) ? charset : charset_utf_8;
    }
    return decode(arena, content, charset, out);
}
