/* SPDX-License-Identifier: Apache-2.0 */
#include "page/date.h"

#include "text/utf8.h"

enum {
    YEAR_MIN = 1900,
    YEAR_MAX = 2199,
    ROC_YEAR_BEFORE = 1911, /* the first year of the Republic of China is 1912 */
    SHORT_YEAR_PIVOT = 70,  /* 69 is 2069, 70 is 1970: POSIX strptime */
    MONTH_NAME_MAX = 16,    /* code points */
    READ_FROM_MAX = 24,     /* bytes that may stand in front of a value's date: a weekday */
    VALUE_MAX = 128         /* bytes of a value in which its date must stand */
};

struct scanner {
    str text;
    size_t at;
    enum date_order order;
};

struct number {
    int64_t value;
    unsigned digits;
};

static uint32_t peek(const struct scanner *scanner)
{
    size_t at = scanner->at;
    return code_point_fold_width(utf8_next(scanner->text, &at));
}

static bool take(struct scanner *scanner, uint32_t wanted)
{
    size_t at = scanner->at;
    if (at >= scanner->text.len || code_point_fold_width(utf8_next(scanner->text, &at)) != wanted) {
        return false;
    }
    scanner->at = at;
    return true;
}

static bool is_blank(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0xA0 || c == 0x202F;
}

static void skip_blanks(struct scanner *scanner)
{
    while (scanner->at < scanner->text.len && is_blank(peek(scanner))) {
        (void)utf8_next(scanner->text, &scanner->at);
    }
}

/* Digits of any width, at most nine: more are no part of a date. */
static bool take_number(struct scanner *scanner, struct number *out)
{
    *out = (struct number){0};
    while (scanner->at < scanner->text.len && ascii_is_digit(peek(scanner)) && out->digits < 9) {
        out->value = out->value * 10 + (int64_t)(peek(scanner) - '0');
        out->digits++;
        (void)utf8_next(scanner->text, &scanner->at);
    }
    return out->digits > 0;
}

/* ---- the calendar ---- */

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

static bool make_day(int64_t year, int64_t month, int64_t day, int64_t *out)
{
    if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1 ||
        day > month_days(year, month)) {
        return false;
    }
    *out = days_since_1970(year, month, day);
    return true;
}

/* ---- names of months ---- */

static uint32_t lower(uint32_t c)
{
    if (c < 0x80) {
        return (uint32_t)ascii_lower((char)c);
    }
    if (c == 0x130) {
        return 'i';
    }
    if ((c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x410 && c <= 0x42F)) {
        return c + 0x20;
    }
    const bool odd_capital = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E);
    if (odd_capital) {
        return c + (c & 1);
    }
    return c >= 0x100 && c <= 0x177 ? c | 1 : c;
}

static bool is_letter(uint32_t c)
{
    return ascii_is_letter(c) || (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) ||
           (c >= 0x400 && c <= 0x4FF);
}

/* Is the word at `at`, in lower case, this name, with no letter behind it? *to: behind it. */
static bool word_is(str text, size_t at, str name, size_t *to)
{
    for (size_t i = 0; i < name.len;) {
        if (at >= text.len || lower(utf8_next(text, &at)) != utf8_next(name, &i)) {
            return false;
        }
    }
    *to = at;
    return at >= text.len || !is_letter(utf8_next(text, &at));
}

/* A name of a month, with its dot if it has one. */
static bool take_month(struct scanner *scanner, int64_t *month)
{
    static const struct {
        int8_t number;
        str name;
    } months[] = {
#define MONTH(number_, name_) {.number = (number_), .name = STR_INIT(name_)},
#include "page/date_month.def"
    };
    if (scanner->at >= scanner->text.len || !is_letter(peek(scanner))) {
        return false;
    }
    for (size_t i = 0; i < sizeof months / sizeof months[0]; i++) {
        size_t to = 0;
        if (word_is(scanner->text, scanner->at, months[i].name, &to)) {
            scanner->at = to;
            (void)take(scanner, '.');
            *month = months[i].number;
            return true;
        }
    }
    return false;
}

bool date_is_month(str word)
{
    struct scanner scanner = {.text = word};
    int64_t month = 0;
    return take_month(&scanner, &month) && scanner.at == word.len;
}

static bool take_word(struct scanner *scanner, str word)
{
    size_t to = 0;
    if (!word_is(scanner->text, scanner->at, word, &to)) {
        return false;
    }
    scanner->at = to;
    return true;
}

/* ---- notations ---- */

/* A year of four digits behind a day and a month. */
static bool take_year(struct scanner *scanner, int64_t *year)
{
    struct number number;
    if (!take_number(scanner, &number) || number.digits != 4) {
        return false;
    }
    *year = number.value;
    return true;
}

/* Between a month's name and the year: ",", "of", "de", "del". */
static void skip_joint(struct scanner *scanner)
{
    static const str words[] = {STR_INIT("de"), STR_INIT("del"), STR_INIT("of")};
    skip_blanks(scanner);
    (void)take(scanner, ',');
    skip_blanks(scanner);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (take_word(scanner, words[i])) {
            skip_blanks(scanner);
            return;
        }
    }
}

static void skip_ordinal(struct scanner *scanner)
{
    static const str endings[] = {STR_INIT("st"), STR_INIT("nd"), STR_INIT("rd"),
                                  STR_INIT("th"), STR_INIT("er"), STR_INIT("º")};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (take_word(scanner, endings[i])) {
            return;
        }
    }
}

/* Does a number stand behind the word here? Few words have one, and only these are looked up. */
static bool number_behind_word(struct scanner scanner)
{
    size_t letters = 0;
    while (scanner.at < scanner.text.len && letters <= MONTH_NAME_MAX &&
           is_letter(peek(&scanner))) {
        (void)utf8_next(scanner.text, &scanner.at);
        letters++;
    }
    (void)take(&scanner, '.');
    skip_blanks(&scanner);
    return letters <= MONTH_NAME_MAX && ascii_is_digit(peek(&scanner));
}

/* "November 23rd, 2019" */
static bool read_month_first(struct scanner *scanner, int64_t *days)
{
    int64_t month = 0;
    int64_t year = 0;
    struct number day;
    if (!number_behind_word(*scanner) || !take_month(scanner, &month)) {
        return false;
    }
    skip_blanks(scanner);
    if (!take_number(scanner, &day) || day.digits > 2) {
        return false;
    }
    skip_ordinal(scanner);
    (void)take(scanner, '.');
    skip_joint(scanner);
    return take_year(scanner, &year) && make_day(year, month, day.value, days);
}

/* Behind the day: ". November 2019", " de noviembre de 2019", "-Nov-2019", " Nov, 2019". */
static bool read_day_name_year(struct scanner *scanner, int64_t day, int64_t *days)
{
    int64_t month = 0;
    int64_t year = 0;
    skip_ordinal(scanner);
    (void)take(scanner, '.');
    if (!take(scanner, '-') && !take(scanner, '/')) {
        skip_joint(scanner);
    }
    if (!take_month(scanner, &month)) {
        return false;
    }
    if (!take(scanner, '-') && !take(scanner, '/')) {
        skip_joint(scanner);
    }
    return take_year(scanner, &year) && make_day(year, month, day, days);
}

/* Which of two numbers is the month, in front of the year. */
static bool make_ordered(const struct scanner *scanner, int64_t first, int64_t second, int64_t year,
                         bool slash, int64_t *days)
{
    const bool day_first = first > 12 || !slash || scanner->order == DATE_ORDER_DAY_FIRST;
    const bool month_first = second > 12 || (slash && scanner->order == DATE_ORDER_MONTH_FIRST);
    if (first > 12 || (day_first && !month_first)) {
        return make_day(year, second, first, days);
    }
    return (month_first || first == second) && make_day(year, first, second, days);
}

/* Behind the first number: ".11.2019", "/23/2019", "-11-19". */
static bool read_numbers(struct scanner *scanner, int64_t first, int64_t *days)
{
    const uint32_t between = peek(scanner);
    struct number second;
    struct number year;
    if (between != '.' && between != '/' && between != '-') {
        return false;
    }
    (void)take(scanner, between);
    skip_blanks(scanner);
    if (!take_number(scanner, &second) || second.digits > 2 || !take(scanner, between)) {
        return false;
    }
    skip_blanks(scanner);
    if (!take_number(scanner, &year) || (year.digits != 4 && year.digits != 2) ||
        is_letter(peek(scanner)) || (year.digits == 2 && take(scanner, between))) {
        return false;
    }
    if (year.digits == 2) {
        if (between == '-') {
            return false; /* 20-01-01 may be of any order */
        }
        year.value += year.value < SHORT_YEAR_PIVOT ? 2000 : 1900;
    }
    return make_ordered(scanner, first, second.value, year.value, between != '.', days);
}

/* Behind the year: "-11-23", "/11/23", ". 11. 23", "年11月23日", "년 11월 23일", " Nov 23". */
static bool read_behind_year(struct scanner *scanner, int64_t year, int64_t *days)
{
    static const struct {
        uint32_t between;
        uint32_t behind_month;
        uint32_t behind_day; /* 0: none */
    } forms[] = {
        {'-', '-', 0}, {'/', '/', 0}, {'.', '.', 0}, {0x5E74, 0x6708, 0}, {0xB144, 0xC6D4, 0}};
    int64_t named = 0;
    struct number month;
    struct number day;
    skip_blanks(scanner);
    const size_t start = scanner->at;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        scanner->at = start;
        if (!take(scanner, forms[i].between)) {
            continue;
        }
        skip_blanks(scanner);
        bool good = take_number(scanner, &month) && month.digits <= 2;
        skip_blanks(scanner);
        good = good && take(scanner, forms[i].behind_month);
        skip_blanks(scanner);
        if (good && take_number(scanner, &day) && day.digits <= 2) {
            return make_day(year, month.value, day.value, days);
        }
    }
    scanner->at = start;
    (void)take(scanner, '-');
    if (!take_month(scanner, &named)) {
        return false;
    }
    (void)take(scanner, '-');
    skip_blanks(scanner);
    return take_number(scanner, &day) && day.digits <= 2 && make_day(year, named, day.value, days);
}

/* ---- numbers written out: 二〇一九年十一月二十三日 ---- */

static int ideograph_digit(uint32_t c)
{
    static const uint32_t digits[] = {0x3007, 0x4E00, 0x4E8C, 0x4E09, 0x56DB,
                                      0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D};
    for (int i = 0; i < 10; i++) {
        if (digits[i] == c) {
            return i;
        }
    }
    return c == 0x25CB || c == 0x96F6 ? 0 : -1; /* ○ and 零 are written for 〇 */
}

/* Digits in a row (二〇一九) or with 十 and 百 (二十三, 一百零八); 元 is the first year. */
static bool take_ideographs(struct scanner *scanner, int64_t *value)
{
    int64_t total = 0;
    int64_t run = 0;
    unsigned count = 0;
    for (; count < 6; count++) {
        const uint32_t c = scanner->at < scanner->text.len ? peek(scanner) : 0;
        const int digit = ideograph_digit(c);
        if (digit >= 0) {
            run = run * 10 + digit;
        } else if (c == 0x5341 || c == 0x767E) {
            total += (run ? run : 1) * (c == 0x5341 ? 10 : 100);
            run = 0;
        } else if (c == 0x5143 && count == 0) {
            run = 1;
        } else {
            break;
        }
        (void)utf8_next(scanner->text, &scanner->at);
    }
    *value = total + run;
    return count > 0;
}

static bool take_either(struct scanner *scanner, int64_t *value)
{
    struct number number;
    skip_blanks(scanner);
    const bool taken = take_ideographs(scanner, value);
    if (!taken && take_number(scanner, &number)) {
        *value = number.value;
        return number.digits <= 4;
    }
    return taken;
}

/* A year in front of 年 and what follows it; `before` is added to it. */
static bool read_ideographs(struct scanner *scanner, int64_t before, int64_t *days)
{
    int64_t year = 0;
    int64_t month = 0;
    int64_t day = 0;
    bool good = take_either(scanner, &year);
    skip_blanks(scanner);
    good = good && take(scanner, 0x5E74) && take_either(scanner, &month);
    skip_blanks(scanner);
    good = good && take(scanner, 0x6708) && take_either(scanner, &day);
    return good && make_day(year + before, month, day, days);
}

static bool read_era(struct scanner *scanner, int64_t *days)
{
    static const struct {
        str name;
        int64_t before;
    } eras[] = {{STR_INIT("民國"), ROC_YEAR_BEFORE},
                {STR_INIT("民国"), ROC_YEAR_BEFORE},
                {STR_INIT("令和"), 2018},
                {STR_INIT("平成"), 1988},
                {STR_INIT("昭和"), 1925}};
    const str rest = str_slice(scanner->text, scanner->at, scanner->text.len);
    for (size_t i = 0; i < sizeof eras / sizeof eras[0]; i++) {
        if (str_starts(rest, eras[i].name)) {
            scanner->at += eras[i].name.len;
            return read_ideographs(scanner, eras[i].before, days);
        }
    }
    return false;
}

static void skip_day_sign(struct scanner *scanner)
{
    const size_t start = scanner->at;
    skip_blanks(scanner);
    if (!take(scanner, 0x65E5) && !take(scanner, 0x865F) && !take(scanner, 0x53F7) &&
        !take(scanner, 0xC77C)) {
        scanner->at = start;
    }
}

/* "20191123", alone or in front of a time. */
static bool read_compact(const struct scanner *scanner, int64_t value, int64_t *days)
{
    return !ascii_is_digit(peek(scanner)) &&
           make_day(value / 10000, value / 100 % 100, value % 100, days);
}

static bool read_at_digit(struct scanner *scanner, int64_t *days)
{
    struct number first;
    if (!take_number(scanner, &first)) {
        return false;
    }
    const size_t behind = scanner->at;
    if (first.digits == 4) {
        return read_behind_year(scanner, first.value, days);
    }
    if (first.digits == 8) {
        return read_compact(scanner, first.value, days);
    }
    if (first.digits == 3 && peek(scanner) == 0x5E74) {
        return read_behind_year(scanner, first.value + ROC_YEAR_BEFORE, days);
    }
    if (first.digits > 2) {
        return false;
    }
    if (read_numbers(scanner, first.value, days)) {
        return true;
    }
    scanner->at = behind;
    return read_day_name_year(scanner, first.value, days);
}

static bool read_here(struct scanner *scanner, uint32_t c, int64_t *days)
{
    if (ascii_is_digit(c)) {
        return read_at_digit(scanner, days);
    }
    if (is_letter(c)) {
        return read_month_first(scanner, days);
    }
    return ideograph_digit(c) >= 0 ? read_ideographs(scanner, 0, days) : read_era(scanner, days);
}

enum date_order date_order_of(str language)
{
    static const str day_first[] = {STR_INIT("gb"), STR_INIT("au"), STR_INIT("nz"), STR_INIT("ie"),
                                    STR_INIT("in"), STR_INIT("za"), STR_INIT("uk")};
    if (language.len < 2) {
        return DATE_ORDER_UNKNOWN;
    }
    const bool ends = language.len == 2 || !ascii_is_letter((unsigned char)language.ptr[2]);
    if (!ends || !str_equal_ignoring_ascii_case(str_slice(language, 0, 2), STR("en"))) {
        return DATE_ORDER_DAY_FIRST;
    }
    for (size_t i = 0; i < sizeof day_first / sizeof day_first[0]; i++) {
        if (str_equal_ignoring_ascii_case(str_slice(language, 3, 5), day_first[i])) {
            return DATE_ORDER_DAY_FIRST;
        }
    }
    return DATE_ORDER_MONTH_FIRST;
}

/* Nothing of a date begins inside a word or a number. */
static bool may_begin(uint32_t c, uint32_t before)
{
    if (ascii_is_digit(c)) {
        return !ascii_is_digit(before) && !is_letter(before) && before != '.' && before != '-';
    }
    if (is_letter(c)) {
        return !is_letter(before);
    }
    return c >= 0x25CB && ideograph_digit(before) < 0;
}

bool date_find(str text, size_t from, enum date_order order, struct date *out)
{
    uint32_t before = ' ';
    for (size_t at = from; at < text.len;) {
        const size_t start = at;
        const uint32_t c = code_point_fold_width(utf8_next(text, &at));
        if (may_begin(c, before)) {
            struct scanner scanner = {.text = text, .at = start, .order = order};
            int64_t days = 0;
            if (read_here(&scanner, c, &days)) {
                skip_day_sign(&scanner);
                *out = (struct date){.days = days, .from = start, .to = scanner.at};
                return true;
            }
        }
        before = c;
    }
    return false;
}

bool date_read(str text, enum date_order order, int64_t *days)
{
    struct date found;
    text = str_trim_ascii(text);
    size_t end = text.len < VALUE_MAX ? text.len : VALUE_MAX;
    while (end > 0 && end < text.len && ((unsigned char)text.ptr[end] & 0xC0) == 0x80) {
        end--;
    }
    text.len = end;
    if (!date_find(text, 0, order, &found) || found.from > READ_FROM_MAX) {
        return false;
    }
    *days = found.days;
    return true;
}
