/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/zone_footer.h"

#include "cli/civil.h"

enum { HOUR_SECONDS = 3600, DEFAULT_TIME = 2 * HOUR_SECONDS, CHANGE_HOURS_MAX = 167 };

static bool take(span *rest, char byte)
{
    const bool is_there = rest->len > 0 && rest->ptr[0] == byte;
    if (is_there) {
        *rest = (span){rest->ptr + 1, rest->len - 1};
    }
    return is_there;
}

static bool read_number(span *rest, int min, int max, int *out)
{
    int value = 0;
    size_t i = 0;
    for (; i < rest->len && i < 4 && rest->ptr[i] >= '0' && rest->ptr[i] <= '9'; i++) {
        value = value * 10 + (rest->ptr[i] - '0');
    }
    *rest = (span){rest->ptr + i, rest->len - i};
    *out = value;
    return i > 0 && value >= min && value <= max;
}

/* [+-]hh[:mm[:ss]] */
static bool read_time(span *rest, int hours_max, int32_t *out)
{
    const bool is_minus = take(rest, '-');
    if (!is_minus) {
        (void)take(rest, '+');
    }
    int hours = 0;
    int minutes = 0;
    int seconds = 0;
    if (!read_number(rest, 0, hours_max, &hours) ||
        (take(rest, ':') && (!read_number(rest, 0, 59, &minutes) ||
                             (take(rest, ':') && !read_number(rest, 0, 59, &seconds))))) {
        return false;
    }
    const int32_t value = hours * HOUR_SECONDS + minutes * 60 + seconds;
    *out = is_minus ? -value : value;
    return true;
}

/* Letters, or anything between < and >. */
static bool read_name(span *rest)
{
    const bool is_quoted = take(rest, '<');
    size_t len = 0;
    for (; len < rest->len; len++) {
        const char c = rest->ptr[len];
        const bool is_letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        const bool is_more = (c >= '0' && c <= '9') || c == '+' || c == '-';
        if (!is_letter && !(is_quoted && is_more)) {
            break;
        }
    }
    *rest = (span){rest->ptr + len, rest->len - len};
    return len > 0 && (!is_quoted || take(rest, '>'));
}

static bool read_change(span *rest, struct zone_change *change)
{
    bool good = take(rest, ',');
    if (good && take(rest, 'M')) {
        change->kind = ZONE_DAY_OF_MONTH;
        good = read_number(rest, 1, 12, &change->month) && take(rest, '.') &&
               read_number(rest, 1, 5, &change->week) && take(rest, '.') &&
               read_number(rest, 0, 6, &change->day);
    } else if (good && take(rest, 'J')) {
        change->kind = ZONE_DAY_JULIAN;
        good = read_number(rest, 1, 365, &change->day);
    } else if (good) {
        change->kind = ZONE_DAY_ZERO_BASED;
        good = read_number(rest, 0, 365, &change->day);
    }
    change->time = DEFAULT_TIME;
    return good && (!take(rest, '/') || read_time(rest, CHANGE_HOURS_MAX, &change->time));
}

bool zone_footer_read(struct zone *zone, span footer)
{
    span rest = footer;
    int32_t west = 0; /* POSIX counts them westwards */
    if (!read_name(&rest) || !read_time(&rest, 24, &west)) {
        return false;
    }
    zone->offset_last = -west;
    if (rest.len == 0) {
        return true;
    }
    int32_t summer_west = west - HOUR_SECONDS;
    if (!read_name(&rest) ||
        (rest.len > 0 && rest.ptr[0] != ',' && !read_time(&rest, 24, &summer_west)) ||
        !read_change(&rest, &zone->change[0]) || !read_change(&rest, &zone->change[1]) ||
        rest.len > 0) {
        return false;
    }
    zone->change[0].before = zone->change[1].after = -west;
    zone->change[0].after = zone->change[1].before = -summer_west;
    zone->change_count = 2;
    return true;
}

static int64_t day_of_month(const struct zone_change *change, int64_t year)
{
    const int64_t first = civil_number(year, change->month, 1);
    const int to_weekday = (change->day - civil_weekday(first) + 7) % 7;
    int day = 1 + to_weekday + 7 * (change->week - 1);
    if (day > civil_month_days(year, change->month)) {
        day -= 7; /* week 5 is the last, which may be the fourth */
    }
    return first + day - 1;
}

int64_t zone_footer_instant(const struct zone_change *change, int64_t year)
{
    int64_t day = civil_number(year, 1, 1) + change->day;
    switch (change->kind) {
    case ZONE_DAY_JULIAN: /* 29 February is never counted: day 60 is 1 March */
        day -= change->day >= 60 && civil_month_days(year, 2) == 29 ? 0 : 1;
        break;
    case ZONE_DAY_ZERO_BASED:
        break;
    case ZONE_DAY_OF_MONTH:
        day = day_of_month(change, year);
        break;
    }
    return day * CIVIL_DAY_SECONDS + change->time - change->before;
}
