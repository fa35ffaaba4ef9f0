/* SPDX-License-Identifier: Apache-2.0 */
#include "base/url.h"

#include "base/buf.h"
#include "base/host.h"
#include "base/percent.h"

enum {
    /* Longer than any server takes (8 KiB is usual), short enough that a page of links is cheap. */
    URL_BYTES_MAX = 32768,
    /* Each byte may become %XX; the head of an IDNA label adds little. */
    URL_SERIALISED_MAX = 4 * URL_BYTES_MAX
};

/* A URL cut into its parts, nothing decoded yet. `.ptr` NULL: the part is not there. */
struct cut {
    str authority; /* with userinfo and port */
    str path;
    str query;    /* without the `?` */
    str fragment; /* without the `#` */
};

static bool is_slash(char c)
{
    return c == '/' || c == '\\'; /* URL Standard: in special URLs they are the same */
}

/* The length of the scheme before its `:`, 0 when the text does not begin with one. */
static size_t scheme_len(str text)
{
    if (text.len == 0 || !ascii_is_letter((uint8_t)text.ptr[0])) {
        return 0;
    }
    for (size_t i = 1; i < text.len; i++) {
        const uint8_t c = (uint8_t)text.ptr[i];
        if (c == ':') {
            return i;
        }
        if (!ascii_is_letter(c) && !ascii_is_digit(c) && c != '+' && c != '-' && c != '.') {
            return 0;
        }
    }
    return 0;
}

bool url_is_absolute(str text)
{
    return scheme_len(text) >= 2; /* one letter is a drive */
}

/* URL Standard, basic URL parser, steps 1 to 3: without controls and spaces at the ends, without
 * tabs and newlines anywhere. */
static str clean(struct arena *arena, str text)
{
    size_t from = 0;
    size_t to = text.len;
    size_t len = 0;
    while (from < to && (uint8_t)text.ptr[from] <= 0x20) {
        from++;
    }
    while (to > from && (uint8_t)text.ptr[to - 1] <= 0x20) {
        to--;
    }
    char *out = arena_text(arena, to - from);
    for (size_t i = from; out && i < to; i++) {
        const char c = text.ptr[i];
        if (c != '\t' && c != '\n' && c != '\r') {
            out[len++] = c;
        }
    }
    return (str){.ptr = out, .len = len};
}

/* Fragment, query and path of what stands behind scheme and authority. */
static void cut_tail(str rest, struct cut *cut)
{
    const size_t hash = str_find_byte(rest, '#', 0);
    if (hash != SIZE_MAX) {
        cut->fragment = str_slice(rest, hash + 1, rest.len);
        rest = str_slice(rest, 0, hash);
    }
    const size_t mark = str_find_byte(rest, '?', 0);
    if (mark != SIZE_MAX) {
        cut->query = str_slice(rest, mark + 1, rest.len);
        rest = str_slice(rest, 0, mark);
    }
    cut->path = rest;
}

/* `rest` begins behind the slashes. */
static void cut_authority(str rest, struct cut *cut)
{
    size_t end = 0;
    while (end < rest.len && !is_slash(rest.ptr[end]) && rest.ptr[end] != '?' &&
           rest.ptr[end] != '#') {
        end++;
    }
    cut->authority = str_slice(rest, 0, end);
    cut_tail(str_slice(rest, end, rest.len), cut);
}

static size_t count_slashes(str text)
{
    size_t count = 0;
    while (count < text.len && is_slash(text.ptr[count])) {
        count++;
    }
    return count;
}

/* 1 or 2 when the segment is `.` or `..`, with dots spelled as %2e too; else 0. */
static int dots_of(str segment)
{
    int dots = 0;
    for (size_t i = 0; i < segment.len; i++) {
        if (segment.ptr[i] == '%' && segment.len - i > 2 && segment.ptr[i + 1] == '2' &&
            (segment.ptr[i + 2] | 0x20) == 'e') {
            i += 2;
        } else if (segment.ptr[i] != '.') {
            return 0;
        }
        if (++dots > 2) {
            return 0;
        }
    }
    return dots;
}

static void shorten(struct buf *path)
{
    while (path->len > 0 && path->ptr[--path->len] != '/') {
    }
}

/* URL Standard: path state. Segments are added to what `out` holds, which is empty or a path
 * without its last segment ("/a/b"). */
static void add_path(struct buf *out, str path)
{
    size_t from = path.len && is_slash(path.ptr[0]) ? 1 : 0;
    for (bool more = true; more;) {
        size_t end = from;
        while (end < path.len && !is_slash(path.ptr[end])) {
            end++;
        }
        more = end < path.len;
        const str segment = str_slice(path, from, end);
        const int dots = dots_of(segment);
        if (dots == 2) {
            shorten(out);
        }
        if (dots == 0) {
            buf_add_byte(out, '/');
            percent_encode(out, str_bytes(segment), PERCENT_PATH);
        } else if (!more) {
            buf_add_byte(out, '/');
        }
        from = end + 1;
    }
}

static bool read_port(str text, uint16_t default_port, uint16_t *out)
{
    uint32_t port = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!ascii_is_digit((uint8_t)text.ptr[i])) {
            return false;
        }
        port = port * 10 + (uint32_t)(text.ptr[i] - '0');
        if (port > UINT16_MAX) {
            return false;
        }
    }
    *out = text.len ? (uint16_t)port : default_port;
    return true;
}

/* Where the port's `:` stands, outside the brackets of an IPv6 address; the length without one. */
static size_t find_port(str authority)
{
    size_t at = 0;
    if (str_starts(authority, STR("["))) {
        at = str_find_byte(authority, ']', 0);
        at = at == SIZE_MAX ? authority.len : at;
    }
    at = str_find_byte(authority, ':', at);
    return at == SIZE_MAX ? authority.len : at;
}

static size_t find_last_at(str authority)
{
    for (size_t i = authority.len; i > 0; i--) {
        if (authority.ptr[i - 1] == '@') {
            return i;
        }
    }
    return 0;
}

static uint16_t default_port(str scheme)
{
    return str_equal(scheme, STR("https")) ? 443 : 80;
}

static enum url_verdict read_authority(struct arena *arena, str authority, struct url *out)
{
    const size_t userinfo = find_last_at(authority);
    out->had_userinfo = userinfo > 0;
    authority = str_slice(authority, userinfo, authority.len);
    const size_t colon = find_port(authority);
    switch (host_parse(arena, str_slice(authority, 0, colon), &out->host)) {
    case HOST_NO_MEMORY:
        return URL_NO_MEMORY;
    case HOST_BAD:
        return URL_BAD;
    case HOST_OK:
        break;
    }
    return read_port(str_slice(authority, colon + 1, authority.len), default_port(out->scheme),
                     &out->port)
               ? URL_OK
               : URL_BAD;
}

/* Host, port and scheme are known; path, query and fragment become the serialised whole. */
static enum url_verdict serialise(struct arena *arena, str path, const struct cut *cut,
                                  struct url *out)
{
    struct buf whole;
    buf_init(&whole, arena, URL_SERIALISED_MAX);
    buf_add(&whole, out->scheme);
    buf_add(&whole, STR("://"));
    const size_t host_start = whole.len;
    buf_add(&whole, out->host);
    if (out->port != default_port(out->scheme)) {
        buf_add_byte(&whole, ':');
        buf_add_integer(&whole, out->port);
    }
    const size_t path_start = whole.len;
    buf_add(&whole, path);
    if (cut->query.ptr) {
        buf_add_byte(&whole, '?');
        percent_encode(&whole, str_bytes(cut->query), PERCENT_QUERY);
    }
    const size_t request_end = whole.len;
    if (cut->fragment.ptr) {
        buf_add_byte(&whole, '#');
        percent_encode(&whole, str_bytes(cut->fragment), PERCENT_FRAGMENT);
    }
    if (buf_failed(&whole)) {
        return arena->refused ? URL_NO_MEMORY : URL_BAD;
    }
    out->whole = buf_str(&whole);
    out->request = str_slice(out->whole, 0, request_end);
    out->web_host = str_slice(out->whole, host_start, path_start);
    out->host = str_slice(out->whole, host_start, host_start + out->host.len);
    out->path = str_slice(out->whole, path_start, request_end);
    return URL_OK;
}

static enum url_verdict parse_with_authority(struct arena *arena, const struct cut *cut,
                                             struct url *out)
{
    struct buf path;
    const enum url_verdict verdict = read_authority(arena, cut->authority, out);
    if (verdict != URL_OK) {
        return verdict;
    }
    buf_init(&path, arena, URL_SERIALISED_MAX);
    add_path(&path, cut->path);
    return buf_failed(&path) ? URL_NO_MEMORY : serialise(arena, buf_str(&path), cut, out);
}

/* URL Standard: relative state and relative slash state. `base` was made by this parser. */
static enum url_verdict parse_relative(struct arena *arena, str rest, const struct url *base,
                                       struct url *out)
{
    struct cut cut = {.authority = {.ptr = NULL}};
    struct buf path;
    if (count_slashes(rest) >= 2) {
        cut_authority(str_slice(rest, count_slashes(rest), rest.len), &cut);
        return parse_with_authority(arena, &cut, out);
    }
    cut_tail(rest, &cut);
    out->host = base->host;
    out->port = base->port;
    const size_t mark = str_find_byte(base->path, '?', 0);
    const str base_path = str_slice(base->path, 0, mark);
    buf_init(&path, arena, URL_SERIALISED_MAX);
    if (cut.path.len == 0) {
        if (!cut.query.ptr && mark != SIZE_MAX) {
            cut.query = str_slice(base->path, mark + 1, base->path.len);
        }
        return serialise(arena, base_path, &cut, out);
    }
    if (!is_slash(cut.path.ptr[0])) {
        buf_add(&path, base_path);
        shorten(&path);
    }
    add_path(&path, cut.path);
    return buf_failed(&path) ? URL_NO_MEMORY : serialise(arena, buf_str(&path), &cut, out);
}

static bool starts_as_http(str text)
{
    const str scheme = str_slice(text, 0, scheme_len(text));
    return str_equal_ignoring_ascii_case(scheme, STR("http")) ||
           str_equal_ignoring_ascii_case(scheme, STR("https"));
}

enum url_verdict url_parse(struct arena *arena, str text, const struct url *base, struct url *out)
{
    struct cut cut = {.authority = {.ptr = NULL}};
    *out = (struct url){.port = 0};
    if (text.len > URL_BYTES_MAX) {
        return scheme_len(text) > 0 && !starts_as_http(text) ? URL_NOT_HTTP : URL_BAD;
    }
    text = clean(arena, text);
    if (!text.ptr) {
        return URL_NO_MEMORY;
    }
    const size_t colon = scheme_len(text);
    if (colon == 0) {
        out->scheme = base ? base->scheme : STR("");
        return base ? parse_relative(arena, text, base, out) : URL_BAD;
    }
    if (!starts_as_http(text)) {
        return URL_NOT_HTTP;
    }
    out->scheme = colon == 5 ? STR("https") : STR("http");
    const str rest = str_slice(text, colon + 1, text.len);
    /* URL Standard: special relative or authority state. */
    if (base && str_equal(base->scheme, out->scheme) && !str_starts(rest, STR("//"))) {
        return parse_relative(arena, rest, base, out);
    }
    cut_authority(str_slice(rest, count_slashes(rest), rest.len), &cut);
    return parse_with_authority(arena, &cut, out);
}

str url_file_path(struct arena *arena, str text)
{
    const str none = {.ptr = NULL, .len = 0};
    struct cut cut = {.authority = {.ptr = NULL}};
    struct buf path;
    str host;
    text = text.len > URL_BYTES_MAX ? none : clean(arena, text);
    if (!text.ptr || !str_equal_ignoring_ascii_case(str_slice(text, 0, 5), STR("file:"))) {
        return none;
    }
    str rest = str_slice(text, 5, text.len);
    if (count_slashes(rest) >= 2) {
        cut_authority(str_slice(rest, 2, rest.len), &cut);
        if (cut.authority.len && (host_parse(arena, cut.authority, &host) != HOST_OK ||
                                  !str_equal(host, STR("localhost")))) {
            return none;
        }
    } else {
        cut_tail(rest, &cut);
    }
    buf_init(&path, arena, URL_SERIALISED_MAX);
    add_path(&path, cut.path);
    const bytes decoded = percent_decode(arena, buf_bytes(&path));
    if (buf_failed(&path) || !decoded.ptr || memchr(decoded.ptr, '\0', decoded.len)) {
        return none;
    }
    return arena_terminated(arena, (str){.ptr = (const char *)decoded.ptr, .len = decoded.len});
}

str url_of_other_scheme(struct arena *arena, str text)
{
    const str none = {.ptr = NULL, .len = 0};
    struct cut cut = {.authority = {.ptr = NULL}};
    struct buf out;
    text = text.len > URL_BYTES_MAX ? none : clean(arena, text);
    if (!text.ptr || !url_is_absolute(text) || starts_as_http(text)) {
        return none;
    }
    const size_t head = scheme_len(text) + 1;
    const str rest = str_slice(text, head, text.len);
    buf_init(&out, arena, URL_SERIALISED_MAX);
    buf_add(&out, str_slice(text, 0, head));
    if (str_starts(rest, STR("//"))) {
        cut_authority(str_slice(rest, 2, rest.len), &cut);
        buf_add(&out, STR("//"));
        buf_add(&out, str_slice(cut.authority, find_last_at(cut.authority), cut.authority.len));
    } else {
        cut_tail(rest, &cut);
    }
    buf_add(&out, cut.path);
    if (cut.query.ptr) {
        buf_add(&out, STR("?"));
        buf_add(&out, cut.query);
    }
    return buf_failed(&out) ? none : url_percent_encode_bytes(arena, buf_bytes(&out));
}

/* URL Standard: URL code points, with `%` for what is encoded already. */
static bool is_url_code_point(uint32_t c)
{
    if (c < 0x80) {
        return c > 0x20 && c < 0x7F && !strchr("\"<>[\\]^`{|}", (int)c);
    }
    return c >= 0xA0 && c <= 0x10FFFD && !(c >= 0xFDD0 && c <= 0xFDEF) && (c & 0xFFFE) != 0xFFFE;
}

str url_percent_encode_bytes(struct arena *arena, bytes raw)
{
    static const char digits[] = "0123456789ABCDEF";
    const size_t limit = raw.len > SIZE_MAX / 3 ? SIZE_MAX : raw.len * 3;
    struct buf out;
    buf_init(&out, arena, limit);
    for (size_t at = 0; at < raw.len;) {
        const size_t start = at;
        const uint32_t c = percent_code_point(raw, &at);
        if (is_url_code_point(c)) {
            buf_add_bytes(&out, bytes_slice(raw, start, at));
            continue;
        }
        for (size_t i = start; i < at; i++) {
            buf_add_byte(&out, '%');
            buf_add_byte(&out, (uint8_t)digits[raw.ptr[i] >> 4]);
            buf_add_byte(&out, (uint8_t)digits[raw.ptr[i] & 15]);
        }
    }
    return buf_failed(&out) ? (str){.ptr = NULL, .len = 0} : buf_str(&out);
}
