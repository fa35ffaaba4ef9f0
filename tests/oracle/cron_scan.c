/* SPDX-License-Identifier: Apache-2.0 */
/* Cron against a brute-force scan, in one zone: cron_scan ZONE FIRST_YEAR LAST_YEAR.
 *
 * The clock is libc's (localtime_r), which knows nothing of ours. The scan walks over every minute for
 * two days around each change of the clock, and over a week each half year without one. A minute fires when the
 * local time it shows was never shown before and matches, or when one that matches was leapt over:
 * right after the leap. Expressions are matched by hand-written conditions on struct tm.
 * Prints how many fires were compared; says the first that differs. */
#include "cli/cron.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MINUTE = 60, HOUR = 3600, DAY = 86400, WINDOW_MINUTES_MAX = 10 * 1440 };

struct sample {
    const char *expression;
    bool (*matches)(const struct tm *at);
};

static bool half_past_two(const struct tm *at)
{
    return at->tm_hour == 2 && at->tm_min == 30;
}

static bool midnight(const struct tm *at)
{
    return at->tm_hour == 0 && at->tm_min == 0;
}

static bool quarters(const struct tm *at)
{
    return at->tm_min % 15 == 0;
}

static bool hour_ranges(const struct tm *at)
{
    return (at->tm_min == 5 || at->tm_min == 59) && (at->tm_hour <= 3 || at->tm_hour == 23);
}

static bool sunday_or_first(const struct tm *at)
{
    return at->tm_min == 0 && at->tm_hour == 2 && (at->tm_mday == 1 || at->tm_wday == 0);
}

static bool last_sunday(const struct tm *at)
{
    struct tm week_later = *at;
    week_later.tm_mday += 7;
    week_later.tm_hour = 12;
    week_later.tm_isdst = -1;
    const time_t later = timegm(&week_later);
    struct tm then;
    return at->tm_wday == 0 && at->tm_hour == 1 && at->tm_min == 30 && gmtime_r(&later, &then) &&
           then.tm_mon != at->tm_mon;
}

static bool every_minute(const struct tm *at)
{
    (void)at;
    return true;
}

static const struct sample samples[] = {
    {"30 2 * * *", half_past_two},    {"@daily", midnight},
    {"*/15 * * * *", quarters},       {"5,59 0-3,23 * * *", hour_ranges},
    {"0 2 1 * sun", sunday_or_first}, {"30 1 * * 0L", last_sunday},
    {"* * * * *", every_minute}};

static int64_t local_of(int64_t utc, struct tm *out)
{
    const time_t at = (time_t)utc;
    return localtime_r(&at, out) ? utc + out->tm_gmtoff : utc;
}

/* Did a local minute after `shown` and up to `local` match? Those before `local` were leapt over. */
static bool any_matches(const struct sample *sample, int64_t shown, int64_t local)
{
    for (int64_t minute = local; minute > shown; minute -= MINUTE) {
        const time_t as_utc = (time_t)minute;
        struct tm then;
        if (gmtime_r(&as_utc, &then) && sample->matches(&then)) {
            return true;
        }
    }
    return false;
}

/* What the clock shows in each minute of a window, and in the three days before it. */
struct window {
    int64_t begin;
    int64_t end;
    int64_t local[WINDOW_MINUTES_MAX];
    struct tm tm[WINDOW_MINUTES_MAX];
};

static size_t open_window(struct window *window, int64_t begin, int64_t end)
{
    size_t count = 0;
    window->begin = begin;
    window->end = end;
    for (int64_t at = begin - 3 * DAY; at < end && count < WINDOW_MINUTES_MAX; at += MINUTE) {
        window->local[count] = local_of(at, &window->tm[count]);
        count++;
    }
    return count;
}

static bool compare(const struct sample *sample, const struct cron *cron, const struct zone *zone,
                    const struct window *window, size_t count, int64_t *compared)
{
    int64_t shown = INT64_MIN;
    int64_t fire = cron_next(cron, zone, window->begin - 1);
    for (size_t i = 0; i < count; i++) {
        const int64_t at = window->begin - 3 * DAY + (int64_t)i * MINUTE;
        const int64_t local = window->local[i];
        const bool is_learnt = at < window->begin;
        const bool expected = !is_learnt && local > shown &&
                              (local == shown + MINUTE ? sample->matches(&window->tm[i])
                                                       : any_matches(sample, shown, local));
        shown = local > shown ? local : shown;
        if (!is_learnt && expected != (fire == at)) {
            printf("%s %s: %s at %" PRId64 ", where the scan %s\n", getenv("TZ"),
                   sample->expression, fire == at ? "fires" : "does not fire", at,
                   expected ? "does" : "does not");
            return false;
        }
        if (expected) {
            fire = cron_next(cron, zone, at);
            ++*compared;
        }
    }
    return true;
}

static bool scan(const struct zone *zone, int64_t begin, int64_t end, int64_t *compared)
{
    static struct window window;
    const size_t count = open_window(&window, begin, end);
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct cron cron;
        struct text error = {0};
        if (!cron_read(&cron, span_of(samples[i].expression), SPAN("scan"), &error)) {
            printf("%s: %s\n", samples[i].expression, text_string(&error));
            text_release(&error);
            return false;
        }
        if (!compare(&samples[i], &cron, zone, &window, count, compared)) {
            return false;
        }
    }
    return true;
}

static int64_t year_start(long year)
{
    struct tm tm = {.tm_year = (int)year - 1900, .tm_mday = 1};
    return (int64_t)timegm(&tm);
}

int main(int count, char **arguments)
{
    if (count != 4 || setenv("TZ", arguments[1], 1) != 0) {
        (void)fprintf(stderr, "usage: cron_scan ZONE FIRST_YEAR LAST_YEAR\n");
        return 64;
    }
    tzset();
    struct zone zone = {0};
    struct text error = {0};
    if (!zone_open(&zone, arguments[1], &error)) {
        printf("%s\n", text_string(&error));
        text_release(&error);
        return 1;
    }
    const int64_t end = year_start(strtol(arguments[3], NULL, 10) + 1);
    int64_t compared = 0;
    int64_t changes = 0;
    bool good = true;
    long before = -1;
    int64_t quiet_since = 0;
    int64_t scanned_to = INT64_MIN;
    for (int64_t at = year_start(strtol(arguments[2], NULL, 10)); good && at < end; at += HOUR) {
        struct tm tm;
        const int64_t local = local_of(at, &tm);
        if (local - at != zone_offset(&zone, at, NULL)) {
            printf("%s: another offset than libc's at %" PRId64 "\n", arguments[1], at);
            good = false;
        }
        const bool is_change = before != -1 && tm.tm_gmtoff != before && at > scanned_to;
        changes += is_change;
        if (good && is_change) {
            good = scan(&zone, at - DAY, at + DAY, &compared);
            scanned_to = at + DAY;
            quiet_since = at;
        } else if (good && at - quiet_since > 183 * (int64_t)DAY) {
            good = scan(&zone, at, at + 7 * DAY, &compared);
            quiet_since = at;
        }
        before = tm.tm_gmtoff;
    }
    printf("%s: %" PRId64 " fires, %" PRId64 " changes of the clock\n", arguments[1], compared,
           changes);
    zone_release(&zone);
    return good && compared > 0 ? 0 : 1;
}
