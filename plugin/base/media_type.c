/* SPDX-License-Identifier: Apache-2.0 */
#include "base/media_type.h"

enum { TYPE_BYTES_MAX = 255 /* RFC 6838 4.2: 127 for each half */ };

/* RFC 9110 5.6.2 */
static bool is_token(bytes b)
{
    for (size_t i = 0; i < b.len; i++) {
        const uint8_t c = b.ptr[i];
        if (c <= 0x20 || c >= 0x7F || strchr("\"(),/:;<=>?@[\\]{}", c)) {
            return false;
        }
    }
    return b.len > 0;
}

static bytes trim(bytes b)
{
    while (b.len && ascii_is_space(b.ptr[0])) {
        b = bytes_slice(b, 1, b.len);
    }
    while (b.len && ascii_is_space(b.ptr[b.len - 1])) {
        b.len--;
    }
    return b;
}

static size_t find(bytes b, const char *any_of, size_t from)
{
    while (from < b.len && (b.ptr[from] == 0 || !strchr(any_of, b.ptr[from]))) {
        from++;
    }
    return from;
}

static str lower_copy(struct arena *arena, bytes b)
{
    char *out = arena_text(arena, b.len);
    for (size_t i = 0; out && i < b.len; i++) {
        out[i] = ascii_lower((char)b.ptr[i]);
    }
    return out ? (str){.ptr = out, .len = b.len} : STR("");
}

/* From behind the opening quote to behind the closing one, or to the end without one. */
static bytes read_quoted(struct arena *arena, bytes header, size_t *at)
{
    uint8_t *out = (uint8_t *)arena_text(arena, header.len - *at);
    size_t len = 0;
    while (*at < header.len && header.ptr[*at] != '"') {
        if (header.ptr[*at] == '\\' && *at + 1 < header.len) {
            ++*at;
        }
        if (out) {
            out[len++] = header.ptr[*at];
        }
        ++*at;
    }
    *at += *at < header.len;
    return (bytes){.ptr = out, .len = len};
}

bool media_type_next_parameter(struct arena *arena, bytes header, size_t *at, bytes *name,
                               bytes *value)
{
    while ((*at = find(header, ";", *at)) < header.len) {
        const size_t name_start = ++*at;
        const size_t name_end = find(header, ";=", name_start);
        *name = trim(bytes_slice(header, name_start, name_end));
        *at = name_end;
        if (name_end == header.len || header.ptr[name_end] == ';' || !is_token(*name)) {
            continue;
        }
        size_t start = name_end + 1;
        while (start < header.len && ascii_is_space(header.ptr[start])) {
            start++;
        }
        if (start < header.len && header.ptr[start] == '"') {
            *at = start + 1;
            *value = read_quoted(arena, header, at);
        } else {
            *at = find(header, ";", start);
            *value = trim(bytes_slice(header, start, *at));
        }
        return true;
    }
    return false;
}

struct media_type media_type_parse(struct arena *arena, bytes header)
{
    struct media_type out = {.type = STR_INIT(""), .charset = STR_INIT("")};
    const bytes type = trim(bytes_slice(header, 0, find(header, ";", 0)));
    const size_t slash = find(type, "/", 0);
    if (type.len <= TYPE_BYTES_MAX && is_token(bytes_slice(type, 0, slash)) &&
        is_token(bytes_slice(type, slash + 1, type.len))) {
        out.type = lower_copy(arena, type);
    }
    size_t at = 0;
    bytes name;
    bytes value;
    while (media_type_next_parameter(arena, header, &at, &name, &value)) {
        /* Single quotes are no quotes in HTTP, but pages' servers write them. */
        if (value.len >= 2 && value.ptr[0] == '\'' && value.ptr[value.len - 1] == '\'') {
            value = bytes_slice(value, 1, value.len - 1);
        }
        if (str_equal_ignoring_ascii_case((str){.ptr = (const char *)name.ptr, .len = name.len},
                                          STR("charset")) &&
            is_token(value) && value.len <= TYPE_BYTES_MAX) {
            out.charset = lower_copy(arena, value);
            return out; /* the first one holds */
        }
    }
    return out;
}
