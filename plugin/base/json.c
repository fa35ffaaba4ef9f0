/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

enum expect {
    EXPECT_VALUE,        /* the start, behind a colon, behind a comma of an array */
    EXPECT_VALUE_OR_END, /* behind [ */
    EXPECT_KEY_OR_END,   /* behind { */
    EXPECT_COMMA_OR_END, /* behind a value inside something */
    EXPECT_NOTHING,      /* behind the one value */
    EXPECT_DEAD          /* an error was seen */
};

void json_init(struct json *json, bytes input, struct arena *arena)
{
    *json = (struct json){.input = input, .arena = arena, .expect = EXPECT_VALUE};
}

static enum json_kind refuse(struct json *json)
{
    json->expect = EXPECT_DEAD;
    json->text = (str){0};
    json->kind = JSON_ERROR;
    return JSON_ERROR;
}

/* The byte at `at`; 0 at the end, which no rule below takes for anything but an error. */
static uint8_t peek(const struct json *json)
{
    return json->at < json->input.len ? json->input.ptr[json->at] : 0;
}

static void skip_space(struct json *json)
{
    while (json->at < json->input.len) {
        const uint8_t c = json->input.ptr[json->at];
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
            return;
        }
        json->at++;
    }
}

/* How many bytes the well-formed sequence at `at` takes (Unicode, table 3-7); 0: it is not one. The
 * floor's own small check: text/ has the fast one, and lies above. */
static size_t utf8_sequence(bytes b, size_t at)
{
    const uint8_t lead = b.ptr[at];
    if (lead < 0x80) {
        return 1;
    }
    if (lead < 0xC2 || lead > 0xF4) {
        return 0;
    }
    const size_t len = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (len > b.len - at) {
        return 0;
    }
    const uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (b.ptr[at + 1] < low || b.ptr[at + 1] > high) {
        return 0;
    }
    for (size_t i = 2; i < len; i++) {
        if ((b.ptr[at + i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return len;
}

/* Moves behind the closing quote; *end is where it stands. */
static bool find_string_end(struct json *json, size_t *end, bool *has_escapes)
{
    *has_escapes = false;
    while (json->at < json->input.len) {
        const uint8_t c = json->input.ptr[json->at];
        if (c == '"') {
            *end = json->at++;
            return true;
        }
        if (c < 0x20) {
            return false; /* RFC 8259, 7: controls are escaped */
        }
        if (c == '\\') {
            *has_escapes = true;
            json->at += 2; /* what is escaped is looked at when it is decoded */
            continue;
        }
        const size_t len = utf8_sequence(json->input, json->at);
        if (!len) {
            return false;
        }
        json->at += len;
    }
    return false;
}

/* Four hex digits at raw[*at]; moves behind them. */
static bool read_hex4(bytes raw, size_t *at, uint32_t *out)
{
    if (raw.len - *at < 4) {
        return false;
    }
    uint32_t value = 0;
    for (size_t i = 0; i < 4; i++) {
        const uint8_t c = raw.ptr[(*at)++];
        uint32_t digit = 0;
        if (ascii_is_digit(c)) {
            digit = (uint32_t)(c - '0');
        } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
            digit = (uint32_t)((c | 0x20) - 'a') + 10;
        } else {
            return false;
        }
        value = value << 4 | digit;
    }
    *out = value;
    return true;
}

/* Behind `\u`. A surrogate without its other half is no character, so the text is not one. */
static bool read_unicode_escape(bytes raw, size_t *at, uint32_t *out)
{
    if (!read_hex4(raw, at, out) || (*out >= 0xDC00 && *out <= 0xDFFF)) {
        return false;
    }
    if (*out < 0xD800 || *out > 0xDFFF) {
        return true;
    }
    uint32_t low = 0;
    if (raw.len - *at < 6 || raw.ptr[*at] != '\\' || raw.ptr[*at + 1] != 'u') {
        return false;
    }
    *at += 2;
    if (!read_hex4(raw, at, &low) || low < 0xDC00 || low > 0xDFFF) {
        return false;
    }
    *out = 0x10000 + ((*out - 0xD800) << 10) + (low - 0xDC00);
    return true;
}

/* Behind the backslash. */
static bool read_escape(bytes raw, size_t *at, uint32_t *out)
{
    const uint8_t c = raw.ptr[(*at)++];
    switch (c) {
    case '"':
    case '\\':
    case '/':
        *out = c;
        return true;
    case 'b':
        *out = '\b';
        return true;
    case 'f':
        *out = '\f';
        return true;
    case 'n':
        *out = '\n';
        return true;
    case 'r':
        *out = '\r';
        return true;
    case 't':
        *out = '\t';
        return true;
    case 'u':
        return read_unicode_escape(raw, at, out);
    default:
        return false;
    }
}

/* Every escape is at least as long as the UTF-8 it stands for, so raw.len is room enough. */
static bool unescape(struct json *json, bytes raw)
{
    struct buf text;
    buf_init(&text, json->arena, raw.len);
    if (!buf_extend(&text, raw.len)) {
        return false;
    }
    buf_clear(&text);
    size_t at = 0;
    while (at < raw.len) {
        const uint8_t c = raw.ptr[at];
        uint32_t code_point = c;
        if (c != '\\') {
            buf_add_byte(&text, c);
            at++;
            continue;
        }
        at++;
        if (at >= raw.len || !read_escape(raw, &at, &code_point)) {
            return false;
        }
        buf_add_code_point(&text, code_point);
    }
    json->text = buf_str(&text);
    return !buf_failed(&text);
}

/* At the opening quote. */
static bool read_string(struct json *json)
{
    json->at++;
    const size_t start = json->at;
    size_t end = 0;
    bool has_escapes = false;
    if (!find_string_end(json, &end, &has_escapes)) {
        return false;
    }
    const bytes raw = bytes_slice(json->input, start, end);
    if (has_escapes) {
        return unescape(json, raw);
    }
    json->text = (str){.ptr = (const char *)raw.ptr, .len = raw.len};
    return true;
}

static bool read_digits(struct json *json)
{
    if (!ascii_is_digit(peek(json))) {
        return false;
    }
    while (ascii_is_digit(peek(json))) {
        json->at++;
    }
    return true;
}

/* RFC 8259, 6. */
static bool read_number(struct json *json)
{
    const size_t start = json->at;
    bool whole = true;
    const bool negative = peek(json) == '-';
    json->at += negative;
    const size_t first_digit = json->at;
    if (peek(json) == '0') {
        json->at++;
    } else if (!read_digits(json)) {
        return false;
    }
    const str digits = {.ptr = (const char *)json->input.ptr + first_digit,
                        .len = json->at - first_digit};
    if (peek(json) == '.') {
        whole = false;
        json->at++;
        if (!read_digits(json)) {
            return false;
        }
    }
    if ((peek(json) | 0x20) == 'e') {
        whole = false;
        json->at++;
        json->at += peek(json) == '+' || peek(json) == '-';
        if (!read_digits(json)) {
            return false;
        }
    }
    json->text = (str){.ptr = (const char *)json->input.ptr + start, .len = json->at - start};
    json->is_integer = whole && str_read_integer(digits, &json->number);
    if (whole && negative && str_equal(digits, STR("9223372036854775808"))) {
        json->is_integer = true;
        json->number = INT64_MIN; /* the one whole number whose digits do not fit by themselves */
    } else if (json->is_integer && negative) {
        json->number = -json->number;
    }
    return true;
}

static bool read_word(struct json *json, str word)
{
    const bytes rest = bytes_slice(json->input, json->at, json->input.len);
    if (!bytes_start(rest, str_bytes(word))) {
        return false;
    }
    json->at += word.len;
    return true;
}

static void value_done(struct json *json)
{
    json->expect = json->depth ? EXPECT_COMMA_OR_END : EXPECT_NOTHING;
}

static enum json_kind begin(struct json *json, char bracket)
{
    if (json->depth == JSON_DEPTH_MAX) {
        return refuse(json);
    }
    json->open[json->depth++] = bracket;
    json->at++;
    json->expect = bracket == '{' ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END;
    json->kind = bracket == '{' ? JSON_OBJECT_BEGIN : JSON_ARRAY_BEGIN;
    return json->kind;
}

static enum json_kind end(struct json *json)
{
    json->depth--;
    json->at++;
    json->kind = json->open[json->depth] == '{' ? JSON_OBJECT_END : JSON_ARRAY_END;
    value_done(json);
    return json->kind;
}

static enum json_kind scalar(struct json *json)
{
    bool read = false;
    switch (peek(json)) {
    case '"':
        json->kind = JSON_STRING;
        read = read_string(json);
        break;
    case 't':
        json->kind = JSON_TRUE;
        read = read_word(json, STR("true"));
        break;
    case 'f':
        json->kind = JSON_FALSE;
        read = read_word(json, STR("false"));
        break;
    case 'n':
        json->kind = JSON_NULL;
        read = read_word(json, STR("null"));
        break;
    default:
        json->kind = JSON_NUMBER;
        read = read_number(json);
        break;
    }
    if (!read) {
        return refuse(json);
    }
    value_done(json);
    return json->kind;
}

static enum json_kind value(struct json *json)
{
    const uint8_t c = peek(json);
    return c == '{' || c == '[' ? begin(json, (char)c) : scalar(json);
}

static enum json_kind key(struct json *json)
{
    if (peek(json) != '"' || !read_string(json)) {
        return refuse(json);
    }
    skip_space(json);
    if (peek(json) != ':') {
        return refuse(json);
    }
    json->at++;
    json->expect = EXPECT_VALUE;
    json->kind = JSON_KEY;
    return JSON_KEY;
}

/* Behind a value inside something: its end, or a comma and what must follow it. */
static enum json_kind go_on(struct json *json)
{
    const char bracket = json->open[json->depth - 1];
    if (peek(json) == (bracket == '{' ? '}' : ']')) {
        return end(json);
    }
    if (peek(json) != ',') {
        return refuse(json);
    }
    json->at++;
    skip_space(json);
    return bracket == '{' ? key(json) : value(json);
}

enum json_kind json_next(struct json *json)
{
    json->text = (str){0};
    json->is_integer = false;
    json->number = 0;
    skip_space(json);
    switch ((enum expect)json->expect) {
    case EXPECT_VALUE:
        return value(json);
    case EXPECT_VALUE_OR_END:
        return peek(json) == ']' ? end(json) : value(json);
    case EXPECT_KEY_OR_END:
        return peek(json) == '}' ? end(json) : key(json);
    case EXPECT_COMMA_OR_END:
        return go_on(json);
    case EXPECT_NOTHING:
        if (json->at < json->input.len) {
            return refuse(json);
        }
        json->kind = JSON_END;
        return JSON_END;
    case EXPECT_DEAD:
        break;
    }
    return refuse(json);
}

bool json_skip(struct json *json)
{
    const struct arena_position mark = arena_mark(json->arena);
    if (json->kind == JSON_KEY) {
        (void)json_next(json);
    }
    if (json->kind == JSON_OBJECT_BEGIN || json->kind == JSON_ARRAY_BEGIN) {
        const unsigned outside = json->depth - 1;
        while (json->depth > outside && json_next(json) != JSON_ERROR) {
        }
    }
    arena_rewind(json->arena, mark);
    json->text = (str){0};
    return json->kind != JSON_ERROR;
}

void json_add_string(struct buf *buf, str s)
{
    static const char hex[] = "0123456789abcdef";
    buf_add_byte(buf, '"');
    size_t start = 0;
    for (size_t i = 0; i < s.len; i++) {
        const uint8_t c = (uint8_t)s.ptr[i];
        if (c >= 0x20 && c != '"' && c != '\\') {
            continue;
        }
        buf_add(buf, str_slice(s, start, i));
        start = i + 1;
        buf_add_byte(buf, '\\');
        if (c == '"' || c == '\\') {
            buf_add_byte(buf, c);
        } else if (c == '\n') {
            buf_add_byte(buf, 'n');
        } else {
            buf_add(buf, STR("u00"));
            buf_add_byte(buf, (uint8_t)hex[c >> 4]);
            buf_add_byte(buf, (uint8_t)hex[c & 15]);
        }
    }
    buf_add(buf, str_slice(s, start, s.len));
    buf_add_byte(buf, '"');
}
