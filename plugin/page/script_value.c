/* SPDX-License-Identifier: Apache-2.0 */
#include "page/script_value.h"

#include "base/buf.h"
#include "page/lines.h"
#include "text/utf8.h"

static bool is_word(char c)
{
    return ascii_is_letter((unsigned char)c) || ascii_is_digit((unsigned char)c) || c == '_' ||
           c == '$';
}

/* Behind the next place where `name` stands as a word; SIZE_MAX. */
static size_t word_find(str text, str name, size_t from)
{
    for (;;) {
        const size_t at = str_find(text, name, from);
        if (at == SIZE_MAX) {
            return SIZE_MAX;
        }
        const size_t end = at + name.len;
        if ((at == 0 || !is_word(text.ptr[at - 1])) &&
            (end == text.len || !is_word(text.ptr[end]))) {
            return end;
        }
        from = end;
    }
}

/* Behind "name" : or name = , at the value; SIZE_MAX when none of both is there. */
static size_t assignment_skip(str text, size_t at)
{
    if (at < text.len && (text.ptr[at] == '"' || text.ptr[at] == '\'')) {
        at++;
    }
    at = blank_skip(text, at, text.len);
    if (at >= text.len || (text.ptr[at] != ':' && text.ptr[at] != '=')) {
        return SIZE_MAX;
    }
    at++;
    return at < text.len && text.ptr[at] == '=' ? SIZE_MAX : blank_skip(text, at, text.len);
}

static bool hex_read(str text, size_t at, size_t digits, uint32_t *out)
{
    *out = 0;
    for (size_t i = at; i < at + digits; i++) {
        const char c = i < text.len ? ascii_lower(text.ptr[i]) : ' ';
        if (!ascii_is_digit((unsigned char)c) && (c < 'a' || c > 'f')) {
            return false;
        }
        const int digit = c <= '9' ? c - '0' : c - 'a' + 10;
        *out = *out * 16 + (uint32_t)digit;
    }
    return true;
}

static size_t add_escape(struct buf *buf, str text, size_t at)
{
    uint32_t c = 0;
    uint32_t low = 0;
    const char what = text.ptr[at];
    if (what != 'u' && what != 'x') {
        /* \n, \t and the like are white space in a value; any other stands for itself. */
        const bool blank = what == 'n' || what == 'r' || what == 't';
        const uint32_t itself = utf8_next(text, &at);
        buf_add_code_point(buf, blank ? ' ' : itself);
        return at;
    }
    const size_t digits = what == 'u' ? 4 : 2;
    if (!hex_read(text, at + 1, digits, &c)) {
        return at + 1;
    }
    at += 1 + digits;
    if (c >= 0xD800 && c < 0xDC00 && str_starts(str_slice(text, at, text.len), STR("\\u")) &&
        hex_read(text, at + 2, 4, &low) && low >= 0xDC00 && low < 0xE000) {
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        at += 6;
    }
    if (c && (c < 0xD800 || c >= 0xE000)) {
        buf_add_code_point(buf, c);
    }
    return at;
}

static enum status string_read(struct arena *arena, str text, size_t at, struct stated *out,
                               size_t *end)
{
    const char quote = text.ptr[at++];
    const size_t from = at;
    bool escaped = false;
    const size_t most = text.len - at < SCRIPT_VALUE_MAX ? text.len : at + SCRIPT_VALUE_MAX;
    while (at < most && text.ptr[at] != quote && text.ptr[at] != '\n') {
        escaped = escaped || text.ptr[at] == '\\';
        at += text.ptr[at] == '\\' ? 2 : 1;
    }
    *end = at;
    if (at >= most || text.ptr[at] != quote) {
        return STATUS_OK;
    }
    out->text = str_slice(text, from, at);
    if (!escaped) {
        return STATUS_OK;
    }
    struct buf buf;
    buf_init(&buf, arena, SCRIPT_VALUE_MAX * 2);
    const str raw = out->text;
    for (size_t i = 0; i < raw.len;) {
        const size_t next = raw.ptr[i] == '\\' ? i : str_find_byte(raw, '\\', i);
        const size_t to = next < raw.len ? next : raw.len;
        buf_add(&buf, str_slice(raw, i, to));
        i = to + 1 < raw.len ? add_escape(&buf, raw, to + 1) : raw.len;
    }
    out->text = buf_str(&buf);
    return buf.failed ? STATUS_NO_MEMORY : STATUS_OK;
}

static size_t bare_end(str text, size_t at)
{
    while (at < text.len && (is_word(text.ptr[at]) || text.ptr[at] == '.' || text.ptr[at] == '-')) {
        at++;
    }
    return at;
}

static enum status value_read(struct arena *arena, const struct node *node, size_t at,
                              struct stated *out)
{
    const str text = node->text;
    size_t end = at;
    const size_t from = at;
    if (at < text.len && (text.ptr[at] == '"' || text.ptr[at] == '\'')) {
        TRY(string_read(arena, text, at, out, &end));
    } else if (at < text.len && ascii_is_digit((unsigned char)text.ptr[at])) {
        end = bare_end(text, at);
        out->text = str_slice(text, at, end);
    }
    out->text = str_trim_ascii(out->text);
    const bool exact = node->src_end - node->src_start == text.len;
    out->span = (struct span){.start = node->src_start + (exact ? from : 0),
                              .end = exact ? node->src_start + end : node->src_end};
    return STATUS_OK;
}

enum status script_find(struct arena *arena, const struct node *text, str path, bool *found,
                        struct stated *out)
{
    size_t at = 0;
    *found = false;
    for (size_t from = 0; from < path.len;) {
        const size_t dot = str_find_byte(path, '.', from);
        const bool last = dot >= path.len;
        const str name = str_slice(path, from, last ? path.len : dot);
        size_t value = SIZE_MAX;
        do {
            at = word_find(text->text, name, at);
            if (at == SIZE_MAX) {
                return STATUS_OK;
            }
            value = last ? assignment_skip(text->text, at) : at;
        } while (value == SIZE_MAX);
        if (last) {
            *found = true;
            return value_read(arena, text, value, out);
        }
        from = dot + 1;
    }
    return STATUS_OK;
}
