/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/civil.h"

#include <inttypes.h>

enum { DAYS_TO_MARCH_YEAR_0 = 719468 };

/* Years that begin in March end with the leap day, so the months before it never move. */
int64_t civil_number(int64_t year, int month, int day)
{
    const int64_t y = month <= 2 ? year - 1 : year;
    const int64_t era = civil_floor(y, 400);
    const int64_t of_era = y - era * 400;
    const int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * CIVIL_CYCLE_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
           DAYS_TO_MARCH_YEAR_0;
}

struct civil_day civil_day(int64_t number)
{
    const int64_t shifted = number + DAYS_TO_MARCH_YEAR_0;
    const int64_t era = civil_floor(shifted, CIVIL_CYCLE_DAYS);
    const int64_t rest = shifted - era * CIVIL_CYCLE_DAYS;
    const int64_t year = (rest - rest / 1460 + rest / 36524 - rest / (CIVIL_CYCLE_DAYS - 1)) / 365;
    const int64_t of_year = rest - (365 * year + year / 4 - year / 100);
    const int64_t month = (5 * of_year + 2) / 153;
    return (struct civil_day){.year = year + era * 400 + (month >= 10),
                              .month = (int)(month < 10 ? month + 3 : month - 9),
                              .day = (int)(of_year - (153 * month + 2) / 5 + 1)};
}

int civil_month_days(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && is_leap ? 29 : days[month - 1];
}

int civil_weekday(int64_t number)
{
    return (int)(number + 4 - civil_floor(number + 4, 7) * 7);
}

static bool read_digits(span *rest, size_t count, int *out)
{
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        if (i >= rest->len || rest->ptr[i] < '0' || rest->ptr[i] > '9') {
            return false;
        }
        value = value * 10 + (rest->ptr[i] - '0');
    }
    *rest = (span){rest->ptr + count, rest->len - count};
    *out = value;
    return true;
}

static bool read_byte(span *rest, char byte)
{
    const bool is_there = rest->len > 0 && rest->ptr[0] == byte;
    if (is_there) {
        *rest = (span){rest->ptr + 1, rest->len - 1};
    }
    return is_there;
}

bool civil_read_time(span written, int64_t *utc)
{
    int year = 0;
    int month = 0;
    int day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    span rest = written;
    bool good = read_digits(&rest, 4, &year) && read_byte(&rest, '-') &&
                read_digits(&rest, 2, &month) && read_byte(&rest, '-') &&
                read_digits(&rest, 2, &day) && year >= 1 && month >= 1 && month <= 12 && day >= 1 &&
                day <= civil_month_days(year, month);
    if (good && rest.len > 0) {
        good = (read_byte(&rest, 'T') || read_byte(&rest, ' ')) && read_digits(&rest, 2, &hour) &&
               read_byte(&rest, ':') && read_digits(&rest, 2, &minute);
        if (good && read_byte(&rest, ':')) {
            good = read_digits(&rest, 2, &second);
        }
        (void)read_byte(&rest, 'Z');
    }
    *utc = good ? civil_number(year, month, day) * CIVIL_DAY_SECONDS + hour * 3600 + minute * 60 +
                      second
                : 0;
    return good && rest.len == 0 && hour < 24 && minute < 60 && second < 60;
}

void civil_write_time(struct text *to, int64_t utc)
{
    const int64_t number = civil_floor(utc, CIVIL_DAY_SECONDS);
    const int64_t rest = utc - number * CIVIL_DAY_SECONDS;
    const struct civil_day day = civil_day(number);
    text_add_format(to, "%04" PRId64 "-%02d-%02dT%02d:%02d:%02dZ", day.year, day.month, day.day,
                    (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
}
