/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

str str_of(const char *terminated)
{
    return (str){.ptr = terminated ? terminated : "", .len = terminated ? strlen(terminated) : 0};
}

bool ascii_equal_ignoring_case(const char *a, const char *b, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (ascii_lower(a[i]) != ascii_lower(b[i])) {
            return false;
        }
    }
    return true;
}

bool str_ends(str s, str suffix)
{
    return s.len >= suffix.len && str_equal(str_slice(s, s.len - suffix.len, s.len), suffix);
}

size_t str_find(str s, str part, size_t from)
{
    if (from > s.len) {
        return SIZE_MAX;
    }
    if (part.len == 0) {
        return from;
    }
    while (s.len - from >= part.len) {
        const char *at = memchr(s.ptr + from, part.ptr[0], s.len - from - part.len + 1);
        if (!at) {
            return SIZE_MAX;
        }
        if (memcmp(at, part.ptr, part.len) == 0) {
            return (size_t)(at - s.ptr);
        }
        from = (size_t)(at - s.ptr) + 1;
    }
    return SIZE_MAX;
}

size_t str_find_byte(str s, char byte, size_t from)
{
    if (from >= s.len) {
        return SIZE_MAX;
    }
    const char *at = memchr(s.ptr + from, byte, s.len - from);
    return at ? (size_t)(at - s.ptr) : SIZE_MAX;
}

bytes bytes_slice(bytes b, size_t from, size_t to)
{
    to = to < b.len ? to : b.len;
    from = from < to ? from : to;
    return (bytes){.ptr = from ? b.ptr + from : b.ptr, .len = to - from};
}

str str_trim_ascii(str s)
{
    size_t from = 0;
    size_t to = s.len;
    while (from < to && ascii_is_space((unsigned char)s.ptr[from])) {
        from++;
    }
    while (to > from && ascii_is_space((unsigned char)s.ptr[to - 1])) {
        to--;
    }
    return str_slice(s, from, to);
}

int str_compare(str a, str b)
{
    const size_t len = a.len < b.len ? a.len : b.len;
    const int order = len ? memcmp(a.ptr, b.ptr, len) : 0;
    if (order != 0) {
        return order;
    }
    return a.len < b.len ? -1 : a.len > b.len;
}

bool str_read_integer(str s, int64_t *out)
{
    int64_t value = 0;
    if (s.len == 0) {
        return false;
    }
    for (size_t i = 0; i < s.len; i++) {
        const int digit = s.ptr[i] - '0';
        if (digit < 0 || digit > 9 || value > (INT64_MAX - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

bool str_has_word(str words, str word)
{
    for (size_t at = 0; at < words.len;) {
        const size_t space = str_find_byte(words, ' ', at);
        const size_t end = space < words.len ? space : words.len;
        if (str_equal_ignoring_ascii_case(str_slice(words, at, end), word)) {
            return true;
        }
        at = end + 1;
    }
    return false;
}
