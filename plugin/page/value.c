/* SPDX-License-Identifier: Apache-2.0 */
#include "page/value.h"

#include "page/date.h"

enum { PAGES_MAX = 1000000, DIGITS_MAX = 20, WHOLE_DIGITS_MAX = 12, FRACTION_DIGITS_MAX = 4 };

struct cursor {
    str text;
    size_t at;
};

/* Up to `most` digits; the count of them. */
static size_t take_digits(struct cursor *cursor, size_t most, int64_t *value)
{
    size_t count = 0;
    *value = 0;
    while (count < most && cursor->at < cursor->text.len &&
           ascii_is_digit((unsigned char)cursor->text.ptr[cursor->at])) {
        *value = *value * 10 + (cursor->text.ptr[cursor->at] - '0');
        cursor->at++;
        count++;
    }
    return count;
}

static bool take(struct cursor *cursor, str what)
{
    if (!str_starts(str_slice(cursor->text, cursor->at, cursor->text.len), what)) {
        return false;
    }
    cursor->at += what.len;
    return true;
}

static str rest(const struct cursor *cursor)
{
    return str_trim_ascii(str_slice(cursor->text, cursor->at, cursor->text.len));
}

static bool read_unit(str unit, int64_t *out)
{
    static const struct {
        str name;
        int64_t bytes;
    } units[] = {
        {STR_INIT("b"), 1},        {STR_INIT("字节"), 1},      {STR_INIT("byte"), 1},
        {STR_INIT("bytes"), 1},    {STR_INIT("k"), 1 << 10},   {STR_INIT("kb"), 1 << 10},
        {STR_INIT("m"), 1 << 20},  {STR_INIT("mb"), 1 << 20},  {STR_INIT("g"), 1 << 30},
        {STR_INIT("gb"), 1 << 30}, {STR_INIT("kib"), 1 << 10}, {STR_INIT("mib"), 1 << 20},
    };
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (str_equal_ignoring_ascii_case(units[i].name, unit)) {
            *out = units[i].bytes;
            return true;
        }
    }
    return false;
}

bool value_read_size(str text, int64_t *out)
{
    struct cursor cursor = {.text = str_trim_ascii(text)};
    int64_t whole = 0;
    int64_t fraction = 0;
    int64_t scale = 1;
    int64_t unit = 0;
    if (!take_digits(&cursor, WHOLE_DIGITS_MAX, &whole)) {
        return false;
    }
    if (take(&cursor, STR("."))) {
        const size_t digits = take_digits(&cursor, FRACTION_DIGITS_MAX, &fraction);
        for (size_t i = 0; i < digits; i++) {
            scale *= 10;
        }
        if (!digits) {
            return false;
        }
    }
    /* 12 digits of gibibytes would overflow; a petabyte is no document's size. */
    if (!read_unit(rest(&cursor), &unit) || whole > (INT64_C(1) << 50) / unit) {
        return false;
    }
    *out = whole * unit + (fraction * unit * 2 + scale) / (scale * 2);
    return true;
}

bool value_read_date(str text, int64_t *out)
{
    return date_read(text, DATE_ORDER_UNKNOWN, out);
}

bool value_read_pages(str text, int64_t *out)
{
    struct cursor cursor = {.text = str_trim_ascii(text)};
    int64_t count = 0;
    if (!take_digits(&cursor, 7, &count) || count < 1 || count > PAGES_MAX) {
        return false;
    }
    const str behind = rest(&cursor);
    if (behind.len && !str_equal(behind, STR("页")) && !str_equal(behind, STR("頁"))) {
        return false;
    }
    *out = count;
    return true;
}

bool value_is_number(str text)
{
    struct cursor cursor = {.text = text};
    while (cursor.at < text.len && ascii_is_digit((unsigned char)text.ptr[cursor.at])) {
        cursor.at++;
    }
    return cursor.at == text.len && cursor.at > 0 && cursor.at <= DIGITS_MAX;
}
