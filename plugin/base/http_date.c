/* SPDX-License-Identifier: Apache-2.0 */
#include "base/http_date.h"

enum { SECONDS_A_DAY = 86400 };

struct date {
    int64_t year, month, day, hour, minute, second;
};

/* Reads on only while everything so far fitted. */
struct scan {
    bytes text;
    size_t at;
    bool failed;
};

static bool is_at(const struct scan *scan, uint8_t c)
{
    return scan->at < scan->text.len && scan->text.ptr[scan->at] == c;
}

static void skip(struct scan *scan, uint8_t c)
{
    if (is_at(scan, c)) {
        scan->at++;
    } else {
        scan->failed = true;
    }
}

static int64_t number(struct scan *scan, size_t digits)
{
    int64_t value = 0;
    for (size_t i = 0; i < digits; i++, scan->at++) {
        if (scan->at >= scan->text.len || !ascii_is_digit(scan->text.ptr[scan->at])) {
            scan->failed = true;
            return 0;
        }
        value = value * 10 + (scan->text.ptr[scan->at] - '0');
    }
    return value;
}

static int64_t month(struct scan *scan)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const bytes word = bytes_slice(scan->text, scan->at, scan->at + 3);
    for (int64_t i = 0; word.len == 3 && i < 12; i++) {
        if (memcmp(word.ptr, names + 3 * i, 3) == 0) {
            scan->at += 3;
            return i + 1;
        }
    }
    scan->failed = true;
    return 1;
}

static void time_of_day(struct scan *scan, struct date *date)
{
    date->hour = number(scan, 2);
    skip(scan, ':');
    date->minute = number(scan, 2);
    skip(scan, ':');
    date->second = number(scan, 2);
}

/* Only letters: the name of a day, short or long. */
static size_t day_name(struct scan *scan)
{
    const size_t start = scan->at;
    while (scan->at < scan->text.len && ascii_is_letter(scan->text.ptr[scan->at])) {
        scan->at++;
    }
    return scan->at - start;
}

static void asctime_form(struct scan *scan, struct date *date)
{
    date->month = month(scan);
    skip(scan, ' ');
    if (is_at(scan, ' ')) {
        skip(scan, ' ');
        date->day = number(scan, 1);
    } else {
        date->day = number(scan, 2);
    }
    skip(scan, ' ');
    time_of_day(scan, date);
    skip(scan, ' ');
    date->year = number(scan, 4);
}

static void fixed_form(struct scan *scan, struct date *date, int64_t this_year)
{
    date->day = number(scan, 2);
    const bool obsolete = is_at(scan, '-'); /* rfc850-date */
    skip(scan, obsolete ? '-' : ' ');
    date->month = month(scan);
    skip(scan, obsolete ? '-' : ' ');
    if (obsolete) {
        date->year = this_year - this_year % 100 + number(scan, 2);
        date->year -= date->year > this_year + 50 ? 100 : 0;
    } else {
        date->year = number(scan, 4);
    }
    skip(scan, ' ');
    time_of_day(scan, date);
    skip(scan, ' ');
    skip(scan, 'G');
    skip(scan, 'M');
    skip(scan, 'T');
}

/* Counted from the first of March of the year 0, so that the leap day is a year's last. */
int64_t http_date_days(int64_t year, int64_t month_, int64_t day)
{
    const int64_t y = month_ <= 2 ? year - 1 : year;
    const int64_t era = (y >= 0 ? y : y - 399) / 400;
    const int64_t year_of_era = y - era * 400;
    const int64_t day_of_year = (153 * (month_ + (month_ > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static bool is_real(const struct date *d)
{
    const int64_t next_year = d->month == 12 ? d->year + 1 : d->year;
    const int64_t next_month = d->month == 12 ? 1 : d->month + 1;
    const int64_t month_days =
        http_date_days(next_year, next_month, 1) - http_date_days(d->year, d->month, 1);
    /* 60 is a leap second. */
    return d->day >= 1 && d->day <= month_days && d->hour < 24 && d->minute < 60 && d->second <= 60;
}

bool http_date_parse(bytes text, int64_t now_s, int64_t *out_s)
{
    struct date date = {.month = 1};
    struct scan scan = {.text = text};
    if (day_name(&scan) < 3) {
        return false;
    }
    if (is_at(&scan, ',')) {
        scan.at++;
        skip(&scan, ' ');
        /* 31556952 seconds: a mean Gregorian year; a day off matters to no window of fifty years. */
        fixed_form(&scan, &date, 1970 + now_s / 31556952);
    } else {
        skip(&scan, ' ');
        asctime_form(&scan, &date);
    }
    if (scan.failed || scan.at != text.len || !is_real(&date)) {
        return false;
    }
    *out_s = http_date_days(date.year, date.month, date.day) * SECONDS_A_DAY + date.hour * 3600 +
             date.minute * 60 + date.second;
    return true;
}
