/* SPDX-License-Identifier: Apache-2.0 */
/* When: a cron expression and the times it names.
 *
 *   [second] minute hour day-of-month month day-of-week      or @hourly @daily @weekly @monthly @yearly
 *
 *   field   list of  * | A | A-B | any of these with /STEP | H | H(A-B)   (A/STEP: from A to the end)
 *   names   jan to dec, sun to sat; 0 and 7 are Sunday; days of the week may run over it: fri-mon
 *   H       one value for each job, always the same, from a hash of its name: jobs spread by themselves;
 *           H/15 is every fifteenth from there; of days of the month it takes 1 to 28
 *   L       in day-of-month the last day; 5L in day-of-week the last Friday; mon#2 the second Monday
 *
 * Of the two day fields either may hold when neither begins with *, else both must (as cron does it).
 * Summer time: a local time that is leapt over fires once, right after the leap; one that comes twice
 * fires once, the first time. Several that are leapt over fall together. In UTC every time is there once.
 */
#ifndef CLI_CRON_H
#define CLI_CRON_H

#include "cli/zone.h"

struct cron {
    uint64_t seconds;
    uint64_t minutes;
    uint32_t hours;
    uint32_t days;     /* bits 1 to 31 */
    uint32_t months;   /* bits 1 to 12 */
    uint32_t weekdays; /* bits 0 to 6, 0 is Sunday */
    bool days_start;   /* the field begins with * */
    bool weekdays_start;
    bool day_last;           /* L */
    uint32_t weekdays_last;  /* 5L */
    uint32_t weekdays_nth;   /* mon#2: bit weekday + 7 * (n - 1), n up to 4 */
    uint32_t weekdays_fifth; /* mon#5 */
};

enum { CRON_LEN_MAX = 1024 };

/* `job` is what H hashes. False: `error` says what is wrong and where; also of an expression that
 * names no day of any year, as 30 February. */
bool cron_read(struct cron *cron, span expression, span job, struct text *error);

/* The first fire after `after`; there always is one. Both in UTC, within ZONE_TIME_MIN and _MAX. */
int64_t cron_next(const struct cron *cron, const struct zone *zone, int64_t after);

/* The last fire at or before `until`, but not before `from`; false: there is none. */
bool cron_last(const struct cron *cron, const struct zone *zone, int64_t from, int64_t until,
               int64_t *out);

/* A number below `range` that `job` and `purpose` always have. */
uint64_t cron_hash(span job, span purpose, uint64_t range);

#endif
