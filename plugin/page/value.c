/* SPDX-License-Identifier: Apache-2.0 */
#include "page/value.h"

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

static int64_t month_days(int64_t year, int64_t month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

/* Days of the proleptic Gregorian calendar, years counted from March so that leap days end them. */
static int64_t days_since_1970(int64_t year, int64_t month, int64_t day)
{
    const int64_t y = month > 2 ? year : year - 1;
    const int64_t m = month > 2 ? month - 3 : month + 9;
    const int64_t day_of_year = (153 * m + 2) / 5 + day - 1;
    return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - 719468;
}

bool value_read_date(str text, int64_t *out)
{
    static const struct {
        str between;
        str behind_month;
    } forms[] = {
        {STR_INIT("-"), STR_INIT("-")},
        {STR_INIT("/"), STR_INIT("/")},
        {STR_INIT("."), STR_INIT(".")},
        {STR_INIT("年"), STR_INIT("月")},
    };
    text = str_trim_ascii(text);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct cursor cursor = {.text = text};
        int64_t year = 0;
        int64_t month = 0;
        int64_t day = 0;
        if (take_digits(&cursor, 4, &year) == 4 && take(&cursor, forms[i].between) &&
            take_digits(&cursor, 2, &month) && take(&cursor, forms[i].behind_month) &&
            take_digits(&cursor, 2, &day) && year >= 1900 && year < 2200 && month >= 1 &&
            month <= 12 && day >= 1 && day <= month_days(year, month)) {
            *out = days_since_1970(year, month, day);
            return true;
        }
    }
    return false;
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
