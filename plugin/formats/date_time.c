/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/date_time.h"

#include "base/http_date.h"

struct fields {
    int64_t year;
    int64_t month;
    int64_t day;
    int64_t hour;
    int64_t minute;
    int64_t second;
    int64_t microsecond;
    int64_t zone_minutes; /* east of UTC */
};

struct scan {
    str text;
    size_t at;
};

static bool is_over(const struct scan *scan)
{
    return scan->at >= scan->text.len;
}

static bool take(struct scan *scan, char c)
{
    const bool stands = !is_over(scan) && scan->text.ptr[scan->at] == c;
    scan->at += stands;
    return stands;
}

/* Between `least` and `most` digits. */
static bool take_number(struct scan *scan, size_t least, size_t most, int64_t *out)
{
    size_t len = 0;
    *out = 0;
    while (len < most && !is_over(scan) && ascii_is_digit((uint8_t)scan->text.ptr[scan->at])) {
        *out = *out * 10 + (scan->text.ptr[scan->at] - '0');
        scan->at++;
        len++;
    }
    return len >= least;
}

static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool is_possible(const struct fields *f)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (f->month < 1 || f->month > 12 || f->day < 1) {
        return false;
    }
    const int last = f->month == 2 && is_leap(f->year) ? 29 : days[f->month - 1];
    return f->day <= last && f->hour <= 24 && f->minute <= 59 && f->second <= 60 &&
           f->zone_minutes > -24 * 60 && f->zone_minutes < 24 * 60;
}

static bool as_microseconds(const struct fields *f, int64_t *out_us)
{
    if (!is_possible(f)) {
        return false;
    }
    const int64_t minutes = f->hour * 60 + f->minute - f->zone_minutes;
    const int64_t seconds =
        http_date_days(f->year, f->month, f->day) * 86400 + minutes * 60 + f->second;
    *out_us = seconds * 1000000 + f->microsecond;
    return true;
}

/* .25 as 250000; digits beyond six are passed over. */
static bool take_fraction(struct scan *scan, int64_t *microsecond)
{
    int64_t unit = 100000;
    if (!take(scan, '.') && !take(scan, ',')) {
        return true;
    }
    const size_t from = scan->at;
    while (!is_over(scan) && ascii_is_digit((uint8_t)scan->text.ptr[scan->at])) {
        *microsecond += (scan->text.ptr[scan->at++] - '0') * unit;
        unit /= 10;
    }
    return scan->at > from;
}

/* +08:00, -0330, +08 */
static bool take_offset(struct scan *scan, int64_t *zone_minutes)
{
    int64_t hours = 0;
    int64_t minutes = 0;
    const bool west = !is_over(scan) && scan->text.ptr[scan->at] == '-';
    if (!take(scan, '+') && !take(scan, '-')) {
        return false;
    }
    if (!take_number(scan, 2, 2, &hours)) {
        return false;
    }
    if ((take(scan, ':') || !is_over(scan)) && !take_number(scan, 2, 2, &minutes)) {
        return false;
    }
    *zone_minutes = (hours * 60 + minutes) * (west ? -1 : 1);
    return true;
}

/* hh:mm[:ss[.f]] */
static bool take_clock(struct scan *scan, struct fields *f)
{
    if (!take_number(scan, 1, 2, &f->hour) || !take(scan, ':') ||
        !take_number(scan, 2, 2, &f->minute)) {
        return false;
    }
    return !take(scan, ':') ||
           (take_number(scan, 2, 2, &f->second) && take_fraction(scan, &f->microsecond));
}

bool date_time_of_w3c(str text, int64_t *out_us)
{
    struct scan scan = {.text = str_trim_ascii(text)};
    struct fields f = {.month = 1, .day = 1};
    if (!take_number(&scan, 4, 4, &f.year)) {
        return false;
    }
    if (take(&scan, '-') && !take_number(&scan, 2, 2, &f.month)) {
        return false;
    }
    if (take(&scan, '-') && !take_number(&scan, 2, 2, &f.day)) {
        return false;
    }
    if (take(&scan, 'T') || take(&scan, 't') || take(&scan, ' ')) {
        if (!take_clock(&scan, &f)) {
            return false;
        }
        (void)take(&scan, ' ');
        if (!is_over(&scan) && !take(&scan, 'Z') && !take(&scan, 'z') &&
            !take_offset(&scan, &f.zone_minutes)) {
            return false;
        }
    }
    return is_over(&scan) && as_microseconds(&f, out_us);
}

static str take_word(struct scan *scan)
{
    const size_t from = scan->at;
    while (!is_over(scan) && ascii_is_letter((uint8_t)scan->text.ptr[scan->at])) {
        scan->at++;
    }
    return str_slice(scan->text, from, scan->at);
}

static void skip_space(struct scan *scan)
{
    while (!is_over(scan) && ascii_is_space((uint8_t)scan->text.ptr[scan->at])) {
        scan->at++;
    }
}

static bool take_month(struct scan *scan, int64_t *month)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    const str word = take_word(scan);
    for (int64_t i = 0; i < 12 && word.len >= 3; i++) {
        const str name = {.ptr = names + 3 * i, .len = 3};
        if (str_equal_ignoring_ascii_case(str_slice(word, 0, 3), name)) {
            *month = i + 1;
            return true;
        }
    }
    return false;
}

/* RFC 5322 4.3: two digits are 1950 to 2049, three count from 1900. */
static bool take_year(struct scan *scan, int64_t *year)
{
    const size_t from = scan->at;
    if (!take_number(scan, 2, 4, year)) {
        return false;
    }
    const size_t len = scan->at - from;
    if (len == 2 && *year < 50) {
        *year += 2000;
    } else if (len < 4) {
        *year += 1900;
    }
    return true;
}

/* RFC 5322 4.3: names that mean something; all others are UTC. */
static int64_t zone_of(str name)
{
    static const struct {
        str name;
        int hours;
    } zones[] = {{STR_INIT("EST"), -5}, {STR_INIT("EDT"), -4}, {STR_INIT("CST"), -6},
                 {STR_INIT("CDT"), -5}, {STR_INIT("MST"), -7}, {STR_INIT("MDT"), -6},
                 {STR_INIT("PST"), -8}, {STR_INIT("PDT"), -7}};
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        if (str_equal_ignoring_ascii_case(name, zones[i].name)) {
            return zones[i].hours * 60;
        }
    }
    return 0;
}

bool date_time_of_mail(str text, int64_t *out_us)
{
    struct scan scan = {.text = str_trim_ascii(text)};
    struct fields f = {.year = 0};
    if (take_word(&scan).len) { /* the day of the week */
        (void)take(&scan, ',');
    }
    skip_space(&scan);
    if (!take_number(&scan, 1, 2, &f.day)) {
        return false;
    }
    skip_space(&scan);
    if (!take_month(&scan, &f.month)) {
        return false;
    }
    skip_space(&scan);
    if (!take_year(&scan, &f.year)) {
        return false;
    }
    skip_space(&scan);
    if (!is_over(&scan) && !take_clock(&scan, &f)) {
        return false;
    }
    skip_space(&scan);
    if (!is_over(&scan) && !take_offset(&scan, &f.zone_minutes)) {
        f.zone_minutes = zone_of(take_word(&scan));
    }
    return is_over(&scan) && as_microseconds(&f, out_us);
}
