/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/robots_pattern.h"

#include "base/percent.h"

enum {
    UNIT_BYTE = 0xFF,
    UNIT_ENCODED = 0x100, /* %XX */
    UNIT_EITHER = 0x200,  /* of a URL: a pattern may say it encoded or as it is */
    UNIT_ANY = 0x400      /* of a pattern: `*` */
};

/* RFC 3986 2.3 */
static bool is_unreserved(uint8_t c)
{
    return ascii_is_letter(c) || ascii_is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

/* The character or encoded byte at *at. */
static uint16_t read_unit(bytes text, size_t *at)
{
    const uint8_t c = text.ptr[(*at)++];
    if (c == '%' && text.len - *at >= 2) {
        const int high = hex_digit_value(text.ptr[*at]);
        const int low = hex_digit_value(text.ptr[*at + 1]);
        if (high >= 0 && low >= 0) {
            const uint8_t value = (uint8_t)(high * 16 + low);
            *at += 2;
            return is_unreserved(value) ? value : (uint16_t)(value | UNIT_ENCODED);
        }
    }
    /* What the URL Standard encodes in a path or a query: a URL never shows it as it is. */
    const bool plain = c > 0x20 && c < 0x7F && !strchr("\"<>`{}", c);
    return plain ? c : (uint16_t)(c | UNIT_ENCODED);
}

/* RFC 3986 2.2: gen-delims, which the RFC's table encodes in a query. */
static bool is_delimiter(uint16_t unit)
{
    return strchr(":/?@[]", unit & UNIT_BYTE) != NULL && (unit & UNIT_BYTE) != 0;
}

struct robots_path robots_path_read(struct arena *arena, str path)
{
    uint16_t *units = ARENA_ARRAY(arena, path.len + 1, uint16_t);
    size_t count = 0;
    bool in_query = false;
    if (!units) {
        return (struct robots_path){.units = NULL};
    }
    for (size_t at = 0; at < path.len;) {
        const uint16_t unit = read_unit(str_bytes(path), &at);
        const bool either = unit == '*' || unit == '$' || (in_query && is_delimiter(unit));
        in_query = in_query || unit == '?';
        units[count++] = either ? (uint16_t)(unit | UNIT_EITHER) : unit;
    }
    return (struct robots_path){.units = units, .count = count};
}

struct robots_pattern robots_pattern_read(struct arena *arena, bytes value)
{
    struct robots_pattern pattern = {.is_whole = false};
    uint16_t *units = ARENA_ARRAY(arena, value.len + 2, uint16_t);
    size_t count = 0;
    if (!units) {
        return pattern;
    }
    if (value.len && value.ptr[value.len - 1] == '$') {
        pattern.is_whole = true;
        value.len--;
    }
    if (value.len == 0 || (value.ptr[0] != '/' && value.ptr[0] != '*')) {
        units[count++] = '/'; /* left out; no path begins otherwise */
    }
    pattern.octets = count + pattern.is_whole;
    for (size_t at = 0; at < value.len;) {
        const uint16_t unit = read_unit(value, &at);
        pattern.octets += unit & UNIT_ENCODED ? 3 : 1;
        units[count++] = unit == '*' ? UNIT_ANY : unit;
    }
    pattern.path = (struct robots_path){.units = units, .count = count};
    return pattern;
}

static bool is_same(uint16_t wanted, uint16_t unit)
{
    return (unit & UNIT_EITHER) ? ((wanted ^ unit) & UNIT_BYTE) == 0 : wanted == unit;
}

static bool stands_at(struct robots_path piece, struct robots_path path, size_t at, int64_t *steps)
{
    if (at > path.count || piece.count > path.count - at) {
        return false;
    }
    for (size_t i = 0; i < piece.count; i++) {
        if (--*steps < 0 || !is_same(piece.units[i], path.units[at + i])) {
            return false;
        }
    }
    return true;
}

/* The first place of the piece at or after `from`; SIZE_MAX: none. */
static size_t find_piece(struct robots_path piece, struct robots_path path, size_t from,
                         int64_t *steps)
{
    for (size_t at = from; piece.count <= path.count - at && *steps >= 0; at++) {
        if (stands_at(piece, path, at, steps)) {
            return at;
        }
    }
    return SIZE_MAX;
}

bool robots_pattern_matches(const struct robots_pattern *pattern, struct robots_path path,
                            int64_t *steps)
{
    const struct robots_path all = pattern->path;
    size_t at = 0; /* how much of the path is taken */
    for (size_t from = 0, to; from <= all.count; from = to + 1) {
        for (to = from; to < all.count && all.units[to] != UNIT_ANY; to++) {
        }
        const struct robots_path piece = {.units = all.units + from, .count = to - from};
        const bool held = pattern->is_whole && to == all.count;
        if (held && (piece.count > path.count || path.count - piece.count < at)) {
            return false;
        }
        if (held && from > 0) {
            return stands_at(piece, path, path.count - piece.count, steps);
        }
        if (from > 0) {
            at = find_piece(piece, path, at, steps);
        }
        if (at == SIZE_MAX || (from == 0 && !stands_at(piece, path, 0, steps))) {
            return false;
        }
        at += piece.count;
        if (held) {
            return at == path.count;
        }
    }
    return true;
}
