/* SPDX-License-Identifier: Apache-2.0 */
/* Two slices that say what was proven about the memory they point to.
 *
 *   bytes   as it arrived: anything, from anywhere
 *   str     valid UTF-8; only text/ makes one out of bytes (literals aside)
 *
 * Neither owns, neither is NUL-terminated. Passing bytes where a str is wanted does not compile.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    const uint8_t *ptr;
    size_t len;
} bytes;

typedef struct {
    const char *ptr;
    size_t len;
} str;

/* A str of a string literal. The argument must be a literal, and valid UTF-8. */
#define STR(literal) ((str){.ptr = "" literal, .len = sizeof(literal) - 1})

/* For tables of constants, where a compound literal is not allowed. */
#define STR_INIT(literal)                                                                          \
    {                                                                                              \
        .ptr = "" literal, .len = sizeof(literal) - 1                                              \
    }

/* The same memory with less said about it: always allowed. */
static inline bytes str_bytes(str s)
{
    return (bytes){.ptr = (const uint8_t *)s.ptr, .len = s.len};
}

/* A NUL-terminated string known to be UTF-8 (our own constants). NULL gives the empty str. */
str str_of(const char *terminated);

/* Short ones that every floor calls all the time are inline: beside a constant little is left. */
static inline bool bytes_equal(bytes a, bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool bytes_start(bytes b, bytes prefix)
{
    return b.len >= prefix.len && (prefix.len == 0 || memcmp(b.ptr, prefix.ptr, prefix.len) == 0);
}

static inline bool str_equal(str a, str b)
{
    return bytes_equal(str_bytes(a), str_bytes(b));
}

static inline bool str_starts(str s, str prefix)
{
    return bytes_start(str_bytes(s), str_bytes(prefix));
}

bool ascii_equal_ignoring_case(const char *a, const char *b, size_t len);

/* Most that differ do so in length or in the first letter. */
static inline bool str_equal_ignoring_ascii_case(str a, str b)
{
    return a.len == b.len && (a.len == 0 || (((a.ptr[0] ^ b.ptr[0]) & ~('a' - 'A')) == 0 &&
                                             ascii_equal_ignoring_case(a.ptr, b.ptr, a.len)));
}

bool str_ends(str s, str suffix);

/* Byte offset of the first occurrence of `part` at or after `from`; SIZE_MAX when there is none. */
size_t str_find(str s, str part, size_t from);
size_t str_find_byte(str s, char byte, size_t from);

/* The part [from, to); both are clamped to the length, so no call can leave the slice. */
static inline str str_slice(str s, size_t from, size_t to)
{
    to = to < s.len ? to : s.len;
    from = from < to ? from : to;
    return (str){.ptr = from ? s.ptr + from : s.ptr, .len = to - from};
}
bytes bytes_slice(bytes b, size_t from, size_t to);

/* Without ASCII white space (tab, LF, FF, CR, space) at both ends. */
str str_trim_ascii(str s);

/* Is `word` one of the words between spaces, as in an attribute rel? ASCII case is ignored. */
bool str_has_word(str words, str word);

/* <0, 0, >0 by bytes, which for UTF-8 is by code points. */
int str_compare(str a, str b);

/* Decimal digits only, the whole slice, no sign; false when empty, foreign or above INT64_MAX. */
bool str_read_integer(str s, int64_t *out);

static inline bool ascii_is_space(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static inline bool ascii_is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static inline bool ascii_is_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

#endif
