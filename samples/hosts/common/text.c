/* SPDX-License-Identifier: Apache-2.0 */
#include "common/text.h"

#include "common/heap.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

span span_of(const char *terminated)
{
    return terminated ? (span){.ptr = terminated, .len = strlen(terminated)} : SPAN("");
}

bool span_equal(span a, span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool span_starts(span s, span prefix)
{
    return s.len >= prefix.len && span_equal((span){s.ptr, prefix.len}, prefix);
}

bool span_ends(span s, span suffix)
{
    return s.len >= suffix.len &&
           span_equal((span){s.ptr + (s.len - suffix.len), suffix.len}, suffix);
}

/* Unicode Standard, table 3-7: the second byte's range narrows after E0, ED, F0 and F4. */
size_t utf8_sequence_len(span s)
{
    if (s.len == 0) {
        return 0;
    }
    const unsigned char *at = (const unsigned char *)s.ptr;
    if (at[0] < 0x80) {
        return 1;
    }
    size_t len = 0;
    unsigned low = 0x80;
    unsigned high = 0xBF;
    if (at[0] >= 0xC2 && at[0] <= 0xDF) {
        len = 2;
    } else if (at[0] >= 0xE0 && at[0] <= 0xEF) {
        len = 3;
        low = at[0] == 0xE0 ? 0xA0 : low;
        high = at[0] == 0xED ? 0x9F : high;
    } else if (at[0] >= 0xF0 && at[0] <= 0xF4) {
        len = 4;
        low = at[0] == 0xF0 ? 0x90 : low;
        high = at[0] == 0xF4 ? 0x8F : high;
    }
    if (len == 0 || s.len < len || at[1] < low || at[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < len; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return len;
}

bool span_is_utf8(span s)
{
    while (s.len > 0) {
        const size_t len = utf8_sequence_len(s);
        if (len == 0) {
            return false;
        }
        s.ptr += len;
        s.len -= len;
    }
    return true;
}

/* Room for `len` more bytes and a NUL. */
static bool grow(struct text *text, size_t len)
{
    if (text->failed) {
        return false;
    }
    if (len >= SIZE_MAX / 2 - text->len) {
        text->failed = true;
        return false;
    }
    const size_t needed = text->len + len + 1;
    if (needed <= text->capacity) {
        return true;
    }
    const size_t doubled = text->capacity * 2 > 64 ? text->capacity * 2 : 64;
    const size_t capacity = doubled > needed ? doubled : needed;
    char *larger = heap_resize(text->ptr, capacity);
    if (!larger) {
        text->failed = true;
        return false;
    }
    text->ptr = larger;
    text->capacity = capacity;
    return true;
}

void text_add(struct text *text, span s)
{
    if (!grow(text, s.len)) {
        return;
    }
    if (s.len > 0) {
        memcpy(text->ptr + text->len, s.ptr, s.len);
    }
    text->len += s.len;
    text->ptr[text->len] = 0;
}

void text_add_string(struct text *text, const char *terminated)
{
    text_add(text, span_of(terminated));
}

void text_add_byte(struct text *text, char byte)
{
    text_add(text, (span){&byte, 1});
}

void text_add_integer(struct text *text, int64_t value)
{
    char digits[24];
    const int len = snprintf(digits, sizeof digits, "%" PRId64, value);
    text_add(text, (span){digits, (size_t)len});
}

void text_add_format(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int len = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (len < 0 || !grow(text, (size_t)len)) {
        text->failed = true;
        return;
    }
    va_start(arguments, format);
    (void)vsnprintf(text->ptr + text->len, (size_t)len + 1, format, arguments);
    va_end(arguments);
    text->len += (size_t)len;
}

void text_add_count(struct text *text, int64_t count, const char *noun)
{
    text_add_integer(text, count);
    text_add_format(text, " %s%s", noun, count == 1 ? "" : "s");
}

static void add_escape(struct text *text, unsigned char byte)
{
    static const char short_forms[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (size_t i = 0; i + 1 < sizeof short_forms; i += 2) {
        if ((unsigned char)short_forms[i] == byte) {
            text_add_byte(text, '\\');
            text_add_byte(text, short_forms[i + 1]);
            return;
        }
    }
    text_add_format(text, "\\u%04x", (unsigned)byte);
}

static bool is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0x7F;
}

/* Eight bytes at once, for most of a document needs no escape: is each of them plain? A byte below
 * what is subtracted gets its high bit by borrowing; XOR makes 0 of the byte that is looked for. */
static bool are_plain(const char *eight)
{
    const uint64_t ones = UINT64_MAX / 0xFF;
    uint64_t word = 0;
    memcpy(&word, eight, sizeof word);
    const uint64_t quote = word ^ ones * '"';
    const uint64_t slash = word ^ ones * '\\';
    const uint64_t del = word ^ ones * 0x7F;
    const uint64_t found = ((word - ones * 0x20) & ~word) | ((quote - ones) & ~quote) |
                           ((slash - ones) & ~slash) | ((del - ones) & ~del);
    return (found & ones * 0x80) == 0;
}

static size_t find_escaped(span s, size_t from)
{
    while (s.len - from >= sizeof(uint64_t) && are_plain(s.ptr + from)) {
        from += sizeof(uint64_t);
    }
    while (from < s.len && is_plain((unsigned char)s.ptr[from])) {
        from++;
    }
    return from;
}

void text_add_json_string(struct text *text, span s)
{
    text_add_byte(text, '"');
    size_t plain = 0; /* start of what needs no escape */
    for (size_t i = find_escaped(s, 0); i < s.len; i = find_escaped(s, plain)) {
        text_add(text, (span){s.ptr + plain, i - plain});
        add_escape(text, (unsigned char)s.ptr[i]);
        plain = i + 1;
    }
    if (s.len > plain) {
        text_add(text, (span){s.ptr + plain, s.len - plain});
    }
    text_add_byte(text, '"');
}

void text_clear(struct text *text)
{
    text->len = 0;
    text->failed = false;
    if (text->ptr) {
        text->ptr[0] = 0;
    }
}

void text_release(struct text *text)
{
    heap_release(text->ptr);
    *text = (struct text){0};
}
