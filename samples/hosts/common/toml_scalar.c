/* SPDX-License-Identifier: Apache-2.0 */
#include "common/toml_scalar.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

unsigned toml_column(struct toml_scan *scan)
{
    for (; scan->counted < scan->at; scan->counted++) {
        scan->column += ((unsigned char)*scan->counted & 0xC0) != 0x80;
    }
    return scan->column;
}

bool toml_fail(struct toml_scan *scan, const char *format, ...)
{
    if (scan->failed) {
        return false;
    }
    scan->failed = true;
    scan->error->line = scan->line;
    scan->error->column = toml_column(scan);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(scan->error->message, sizeof scan->error->message, format, arguments);
    va_end(arguments);
    return false;
}

void toml_skip_blanks(struct toml_scan *scan)
{
    while (toml_peek(scan) == ' ' || toml_peek(scan) == '\t') {
        scan->at++;
    }
}

/* TOML: control characters other than tab are not permitted in comments and strings. */
static bool is_forbidden(unsigned char byte)
{
    return (byte < 0x20 && byte != '\t') || byte == 0x7F;
}

static bool stands_newline(const struct toml_scan *scan)
{
    return span_starts(toml_rest(scan), SPAN("\n")) || span_starts(toml_rest(scan), SPAN("\r\n"));
}

bool toml_skip_comment(struct toml_scan *scan)
{
    if (toml_peek(scan) != '#') {
        return true;
    }
    while (scan->at < scan->end && !stands_newline(scan)) {
        if (is_forbidden((unsigned char)*scan->at)) {
            return toml_fail(scan, "a control character (0x%02X) in a comment; remove it",
                             (unsigned)(unsigned char)*scan->at);
        }
        scan->at++;
    }
    return true;
}

bool toml_take_newline(struct toml_scan *scan)
{
    if (!stands_newline(scan)) {
        return false;
    }
    scan->at += *scan->at == '\r' ? 2 : 1;
    scan->line++;
    scan->counted = scan->at;
    scan->column = 1;
    return true;
}

/* --- strings --- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void add_code_point(char **to, uint32_t c)
{
    char *p = *to;
    if (c < 0x80) {
        *p++ = (char)c;
    } else if (c < 0x800) {
        *p++ = (char)(0xC0 | (c >> 6));
        *p++ = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        *p++ = (char)(0xE0 | (c >> 12));
        *p++ = (char)(0x80 | ((c >> 6) & 0x3F));
        *p++ = (char)(0x80 | (c & 0x3F));
    } else {
        *p++ = (char)(0xF0 | (c >> 18));
        *p++ = (char)(0x80 | ((c >> 12) & 0x3F));
        *p++ = (char)(0x80 | ((c >> 6) & 0x3F));
        *p++ = (char)(0x80 | (c & 0x3F));
    }
    *to = p;
}

static bool read_code_point(struct toml_scan *scan, int digit_count, char **to)
{
    uint32_t c = 0;
    for (int i = 0; i < digit_count; i++) {
        const int digit = hex_digit(toml_peek(scan));
        if (digit < 0) {
            return toml_fail(scan, "\\%c needs %d hex digits", digit_count == 4 ? 'u' : 'U',
                             digit_count);
        }
        c = c << 4 | (uint32_t)digit;
        scan->at++;
    }
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
        return toml_fail(scan, "the escape names no Unicode scalar value");
    }
    add_code_point(to, c);
    return true;
}

/* Behind the backslash. An escape never makes more bytes than it has. */
static bool read_escape(struct toml_scan *scan, char **to)
{
    static const char short_forms[] = "\"\"\\\\b\bf\fn\nr\rt\t";
    const char letter = toml_peek(scan);
    for (size_t i = 0; i + 1 < sizeof short_forms; i += 2) {
        if (short_forms[i] == letter) {
            *(*to)++ = short_forms[i + 1];
            scan->at++;
            return true;
        }
    }
    if (letter != 'u' && letter != 'U') {
        return toml_fail(scan, "unknown escape; write \\\\ for a backslash, or use '…'");
    }
    scan->at++;
    return read_code_point(scan, letter == 'u' ? 4 : 8, to);
}

/* Memory for the string that begins here: no longer than the way to its end. */
static char *string_memory(struct toml_scan *scan, const char *close)
{
    const char *p = scan->at;
    const size_t close_len = strlen(close);
    while (p < scan->end &&
           !span_starts((span){p, (size_t)(scan->end - p)}, (span){close, close_len})) {
        if (close_len == 1 && *p == '\n') {
            break;
        }
        p += *p == '\\' && close[0] == '"' && scan->end - p > 1 ? 2 : 1;
    }
    /* Two quotes may stand before the closing three, and the NUL behind all. */
    char *memory = pool_allocate(scan->pool, (size_t)(p - scan->at) + 3);
    if (!memory) {
        (void)toml_fail(scan, "out of memory");
    }
    return memory;
}

static bool finish_string(struct toml_scan *scan, char *memory, char *to, span *out)
{
    *to = 0;
    *out = (span){memory, (size_t)(to - memory)};
    return !scan->failed;
}

bool toml_read_line_string(struct toml_scan *scan, span *out)
{
    const char quote = *scan->at++;
    char *memory = string_memory(scan, quote == '"' ? "\"" : "'");
    char *to = memory;
    while (memory) {
        const char c = toml_peek(scan);
        if (scan->at == scan->end || c == '\n' || c == '\r') {
            return toml_fail(scan, "the string has no closing %c on its line", quote);
        }
        if (is_forbidden((unsigned char)c)) {
            return toml_fail(scan, "a control character (0x%02X) in a string; escape it",
                             (unsigned)(unsigned char)c);
        }
        scan->at++;
        if (c == quote) {
            return finish_string(scan, memory, to, out);
        }
        if (c == '\\' && quote == '"') {
            if (!read_escape(scan, &to)) {
                return false;
            }
        } else {
            *to++ = c;
        }
    }
    return false;
}

/* TOML: a backslash at a line's end takes the line break and all white space that follows. */
static bool skip_line_ending_backslash(struct toml_scan *scan)
{
    struct toml_scan ahead = *scan;
    toml_skip_blanks(&ahead);
    if (!toml_take_newline(&ahead)) {
        return false;
    }
    do {
        toml_skip_blanks(&ahead);
    } while (toml_take_newline(&ahead));
    *scan = ahead;
    return true;
}

static size_t quotes_here(const struct toml_scan *scan, char quote)
{
    size_t count = 0;
    while (count < 5 && scan->at + count < scan->end && scan->at[count] == quote) {
        count++;
    }
    return count;
}

static bool read_block_character(struct toml_scan *scan, char quote, char **to)
{
    const char c = toml_peek(scan);
    if (toml_take_newline(scan)) {
        *(*to)++ = '\n';
        return true;
    }
    if (is_forbidden((unsigned char)c)) {
        return toml_fail(scan, "a control character (0x%02X) in a string; escape it",
                         (unsigned)(unsigned char)c);
    }
    scan->at++;
    if (c != '\\' || quote == '\'') {
        *(*to)++ = c;
        return true;
    }
    return skip_line_ending_backslash(scan) || read_escape(scan, to);
}

/* Behind the opening three quotes. Up to two quotes may stand right before the closing three. */
static bool read_block_string(struct toml_scan *scan, char quote, span *out)
{
    (void)toml_take_newline(scan);
    char *memory = string_memory(scan, quote == '"' ? "\"\"\"" : "'''");
    char *to = memory;
    while (memory) {
        if (scan->at == scan->end) {
            return toml_fail(scan, "the string has no closing %c%c%c", quote, quote, quote);
        }
        const size_t quotes = quotes_here(scan, quote);
        if (quotes == 0) {
            if (!read_block_character(scan, quote, &to)) {
                return false;
            }
            continue;
        }
        const size_t inside = quotes >= 3 ? quotes - 3 : quotes;
        for (size_t i = 0; i < inside; i++) {
            *to++ = quote;
        }
        scan->at += quotes;
        if (quotes >= 3) {
            return finish_string(scan, memory, to, out);
        }
    }
    return false;
}

static bool read_string(struct toml_scan *scan, span *out)
{
    const char quote = *scan->at;
    if (quotes_here(scan, quote) >= 3) {
        scan->at += 3;
        return read_block_string(scan, quote, out);
    }
    return toml_read_line_string(scan, out);
}

/* --- dates and times, RFC 3339 --- */

static bool read_digits(span *s, size_t count, int *out)
{
    if (s->len < count) {
        return false;
    }
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        if (s->ptr[i] < '0' || s->ptr[i] > '9') {
            return false;
        }
        value = value * 10 + (s->ptr[i] - '0');
    }
    *out = value;
    *s = (span){s->ptr + count, s->len - count};
    return true;
}

static bool take_byte(span *s, const char *any_of)
{
    if (s->len == 0 || !s->ptr[0] || !strchr(any_of, s->ptr[0])) {
        return false;
    }
    *s = (span){s->ptr + 1, s->len - 1};
    return true;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && is_leap);
}

static bool read_date(span *s, struct toml_datetime *out)
{
    return read_digits(s, 4, &out->year) && take_byte(s, "-") && read_digits(s, 2, &out->month) &&
           take_byte(s, "-") && read_digits(s, 2, &out->day) && out->month >= 1 &&
           out->month <= 12 && out->day >= 1 && out->day <= days_in_month(out->year, out->month);
}

static bool read_fraction(span *s, int *nanosecond)
{
    int digits = 0;
    int value = 0;
    int digit = 0;
    while (read_digits(s, 1, &digit)) {
        if (digits < 9) {
            value = value * 10 + digit;
        }
        digits++;
    }
    for (int i = digits; i < 9; i++) {
        value *= 10;
    }
    *nanosecond = value;
    return digits > 0;
}

static bool read_time(span *s, struct toml_datetime *out)
{
    if (!read_digits(s, 2, &out->hour) || !take_byte(s, ":") || !read_digits(s, 2, &out->minute) ||
        !take_byte(s, ":") || !read_digits(s, 2, &out->second)) {
        return false;
    }
    if (take_byte(s, ".") && !read_fraction(s, &out->nanosecond)) {
        return false;
    }
    return out->hour <= 23 && out->minute <= 59 && out->second <= 60;
}

static bool read_offset(span *s, struct toml_datetime *out)
{
    if (take_byte(s, "Zz")) {
        return true;
    }
    const int sign = s->len > 0 && s->ptr[0] == '-' ? -1 : 1;
    int hours = 0;
    int minutes = 0;
    if (!take_byte(s, "+-") || !read_digits(s, 2, &hours) || !take_byte(s, ":") ||
        !read_digits(s, 2, &minutes) || hours > 23 || minutes > 59) {
        return false;
    }
    out->offset_minutes = sign * (hours * 60 + minutes);
    return true;
}

static bool read_datetime(span token, struct toml_value *out)
{
    struct toml_datetime *to = &out->as.datetime;
    if (token.len >= 3 && token.ptr[2] == ':') {
        out->type = TOML_LOCAL_TIME;
        return read_time(&token, to) && token.len == 0;
    }
    if (!read_date(&token, to)) {
        return false;
    }
    if (token.len == 0) {
        out->type = TOML_LOCAL_DATE;
        return true;
    }
    if (!take_byte(&token, "Tt ") || !read_time(&token, to)) {
        return false;
    }
    out->type = token.len > 0 ? TOML_OFFSET_DATETIME : TOML_LOCAL_DATETIME;
    return token.len == 0 || (read_offset(&token, to) && token.len == 0);
}

/* --- numbers --- */

enum { NUMBER_BYTES_MAX = 1024 }; /* a float of more digits is nobody's */

/* The digits of `base` without their underscores, each of which stands between two digits.
 * SIZE_MAX: not so. */
static size_t copy_digits(span *s, int base, char *to, size_t room)
{
    size_t len = 0;
    bool after_digit = false;
    while (s->len > 0) {
        const char c = s->ptr[0];
        const int digit = hex_digit(c);
        if (c == '_' && after_digit) {
            after_digit = false;
        } else if (digit >= 0 && digit < base) {
            if (len == room) {
                return SIZE_MAX;
            }
            to[len++] = c;
            after_digit = true;
        } else {
            break;
        }
        *s = (span){s->ptr + 1, s->len - 1};
    }
    return after_digit ? len : SIZE_MAX;
}

static bool read_prefixed_integer(span s, int base, int64_t *out)
{
    char digits[NUMBER_BYTES_MAX];
    const size_t len = copy_digits(&s, base, digits, sizeof digits);
    if (len == SIZE_MAX || s.len > 0) {
        return false;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < len; i++) {
        if (value > (uint64_t)INT64_MAX / (unsigned)base) {
            return false;
        }
        value = value * (unsigned)base + (unsigned)hex_digit(digits[i]);
    }
    *out = (int64_t)value;
    return value <= (uint64_t)INT64_MAX;
}

/* `to` is the plain form of a float or integer, as strtod and strtoll read it. */
static bool copy_number(span s, char *to, size_t room, bool *is_float)
{
    size_t len = 0;
    if (take_byte(&s, "+-")) {
        to[len++] = s.ptr[-1];
    }
    const char *first = to + len;
    const size_t whole = copy_digits(&s, 10, to + len, room - len);
    if (whole == SIZE_MAX || (whole > 1 && *first == '0')) {
        return false;
    }
    len += whole;
    *is_float = s.len > 0;
    if (take_byte(&s, ".")) {
        to[len++] = '.';
        const size_t fraction = copy_digits(&s, 10, to + len, room - len);
        if (fraction == SIZE_MAX) {
            return false;
        }
        len += fraction;
    }
    if (take_byte(&s, "eE")) {
        to[len++] = 'e';
        if (take_byte(&s, "+-")) {
            to[len++] = s.ptr[-1];
        }
        const size_t exponent = copy_digits(&s, 10, to + len, room - len);
        if (exponent == SIZE_MAX) {
            return false;
        }
        len += exponent;
    }
    to[len] = 0;
    return s.len == 0;
}

static bool read_special_float(span s, double *out)
{
    const bool negative = s.len > 0 && s.ptr[0] == '-';
    (void)take_byte(&s, "+-");
    if (span_equal(s, SPAN("inf"))) {
        *out = negative ? -HUGE_VAL : HUGE_VAL;
        return true;
    }
    *out = (double)NAN;
    return span_equal(s, SPAN("nan"));
}

static bool read_number(span token, struct toml_value *out)
{
    static const struct {
        const char *prefix;
        int base;
    } bases[] = {{"0x", 16}, {"0o", 8}, {"0b", 2}};
    for (size_t i = 0; i < 3; i++) {
        if (span_starts(token, span_of(bases[i].prefix))) {
            out->type = TOML_INTEGER;
            return read_prefixed_integer((span){token.ptr + 2, token.len - 2}, bases[i].base,
                                         &out->as.integer);
        }
    }
    out->type = TOML_FLOAT;
    if (read_special_float(token, &out->as.real)) {
        return true;
    }
    char plain[NUMBER_BYTES_MAX + 8];
    bool is_float = false;
    if (token.len > NUMBER_BYTES_MAX || !copy_number(token, plain, NUMBER_BYTES_MAX, &is_float)) {
        return false;
    }
    if (is_float) {
        /* The programs that use this never call setlocale, so the point is a point. */
        out->as.real = strtod(plain, NULL);
        return true;
    }
    errno = 0;
    out->type = TOML_INTEGER;
    out->as.integer = strtoll(plain, NULL, 10);
    return errno == 0;
}

/* --- one value --- */

/* All that could belong to a number, date or word. A date may have one space before its time. */
static span bare_token(const struct toml_scan *scan)
{
    const char *p = scan->at;
    while (p < scan->end && *p && !strchr(" \t\r\n,]}#=[{\"'", *p)) {
        p++;
    }
    const span rest = {p, (size_t)(scan->end - p)};
    const bool is_date = p - scan->at == 10 && scan->at[4] == '-' && scan->at[7] == '-';
    if (is_date && rest.len > 2 && rest.ptr[0] == ' ' && rest.ptr[1] >= '0' && rest.ptr[1] <= '9') {
        p++;
        while (p < scan->end && *p && !strchr(" \t\r\n,]}#=[{\"'", *p)) {
            p++;
        }
    }
    return (span){scan->at, (size_t)(p - scan->at)};
}

bool toml_read_scalar(struct toml_scan *scan, struct toml_value *out)
{
    const char c = toml_peek(scan);
    if (c == '"' || c == '\'') {
        out->type = TOML_STRING;
        return read_string(scan, &out->as.string);
    }
    const span token = bare_token(scan);
    const bool is_true = span_equal(token, SPAN("true"));
    if (token.len == 0) {
        return toml_fail(scan, "a value is missing");
    }
    if (is_true || span_equal(token, SPAN("false"))) {
        out->type = TOML_BOOLEAN;
        out->as.boolean = is_true;
    } else if ((token.len > 4 && token.ptr[4] == '-' && token.ptr[0] >= '0' &&
                token.ptr[0] <= '9' && !memchr(token.ptr, 'e', 4) && !memchr(token.ptr, 'E', 4)) ||
               (token.len > 2 && token.ptr[2] == ':')) {
        if (!read_datetime(token, out)) {
            return toml_fail(scan, "this is no date or time as in 2026-05-27T07:32:00Z");
        }
    } else if (!read_number(token, out)) {
        return toml_fail(scan, "this is no number, date, true or false; texts stand in \"…\"");
    }
    scan->at += token.len;
    return true;
}
