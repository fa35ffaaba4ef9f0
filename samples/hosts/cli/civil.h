/* SPDX-License-Identifier: Apache-2.0 */
/* Days of the Gregorian calendar as numbers: 0 is 1970-01-01, a Thursday.
 */
#ifndef CLI_CIVIL_H
#define CLI_CIVIL_H

#include "common/text.h"

enum {
    CIVIL_DAY_SECONDS = 86400,
    CIVIL_CYCLE_DAYS = 146097 /* 400 years; then all begins again */
};

struct civil_day {
    int64_t year;
    int month; /* 1 to 12 */
    int day;   /* 1 to 31 */
};

int64_t civil_number(int64_t year, int month, int day);
struct civil_day civil_day(int64_t number);
int civil_month_days(int64_t year, int month);

/* 0 is Sunday. */
int civil_weekday(int64_t number);

/* Rounded down, as calendars want it. */
static inline int64_t civil_floor(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

/* "2026-11-24T02:30:00Z" or "2026-11-24 02:30:00" or "2026-11-24", in UTC; false: it is none. */
bool civil_read_time(span written, int64_t *utc);

/* "2026-11-24T02:30:00Z" */
void civil_write_time(struct text *to, int64_t utc);

#endif
