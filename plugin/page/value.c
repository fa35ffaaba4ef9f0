/* SPDX-License-Identifier: Apache-2.0 */
#include "page/value.h"

#include "page/date.h"

enum {
    PAGES_MAX = 10000, /* no document of a library has more */
    DIGITS_MAX = 20,
    ADDRESS_MAX = 64,
    ADDRESS_NAME_MIN = 8,
    WHOLE_DIGITS_MAX = 12,
    FRACTION_DIGITS_MAX = 4
};

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
    (void)take(&cursor, STR("共"));
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

bool value_read_address(str text, str *out)
{
    const size_t question = str_find_byte(text, '?', 0);
    text = str_slice(text, 0, question < text.len ? question : text.len);
    size_t from = text.len;
    while (from > 0 && text.ptr[from - 1] != '/') {
        from--;
    }
    const size_t dot = str_find_byte(text, '.', from);
    str name = str_slice(text, from, dot < text.len ? dot : text.len);
    const bool has_kind =
        name.len > 2 && ascii_is_letter((unsigned char)name.ptr[0]) && name.ptr[1] == '-';
    name = has_kind ? str_slice(name, 2, name.len) : name;
    bool digit = false;
    for (size_t i = 0; i < name.len; i++) {
        const unsigned char c = (unsigned char)name.ptr[i];
        digit = digit || ascii_is_digit(c);
        if (!ascii_is_digit(c) && !ascii_is_letter(c) && c != '-' && c != '_') {
            return false;
        }
    }
    int64_t number = 0;
    if (!digit || name.len > ADDRESS_MAX ||
        (!str_read_integer(name, &number) && name.len < ADDRESS_NAME_MIN)) {
        return false;
    }
    *out = name;
    return true;
}

bool value_read_ending(str text, str *out)
{
    static const str endings[] = {STR_INIT("doc"),  STR_INIT("docx"), STR_INIT("ppt"),
                                  STR_INIT("pptx"), STR_INIT("xls"),  STR_INIT("xlsx"),
                                  STR_INIT("pdf"),  STR_INIT("txt"),  STR_INIT("rtf"),
                                  STR_INIT("wps"),  STR_INIT("caj"),  STR_INIT("epub")};
    for (size_t dot = str_find_byte(text, '.', 0); dot < text.len;
         dot = str_find_byte(text, '.', dot + 1)) {
        size_t end = dot + 1;
        while (end < text.len && (ascii_is_letter((unsigned char)text.ptr[end]) ||
                                  ascii_is_digit((unsigned char)text.ptr[end]))) {
            end++;
        }
        const str ending = str_slice(text, dot + 1, end);
        for (size_t i = 0; dot > 0 && i < sizeof endings / sizeof endings[0]; i++) {
            if (str_equal_ignoring_ascii_case(ending, endings[i])) {
                *out = ending;
                return true;
            }
        }
    }
    return false;
}
