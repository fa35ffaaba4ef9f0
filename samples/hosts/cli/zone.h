/* SPDX-License-Identifier: Apache-2.0 */
/* A time zone of the system, read from its TZif file (RFC 8536): which offset holds at which second.
 *
 *   struct zone zone = {0};
 *   if (!zone_open(&zone, "Asia/Shanghai", &error)) { … }
 *   zone_offset(&zone, utc), zone_instant(&zone, local)
 *   zone_release(&zone);
 *
 * Behind the file's last transition its footer's rule goes on for ever. Nothing here looks at or sets
 * the process's own zone: TZ and tzset() are not safe beside threads. Seconds are POSIX's: no leap
 * seconds ("right/" zones are refused). A local time is written as seconds, too: those that a clock in
 * UTC would show then.
 */
#ifndef CLI_ZONE_H
#define CLI_ZONE_H

#include "common/text.h"

enum {
    ZONE_FILE_BYTES_MAX = 64 << 10, /* the largest of the database has 4 kB */
    ZONE_TRANSITION_MAX = 4096,
    ZONE_TYPE_MAX = 256,
    ZONE_OFFSET_MIN = -89999, /* RFC 8536 3.2: utoff */
    ZONE_OFFSET_MAX = 93599
};

/* Times outside are not asked for: years 1 to 9999, roughly. */
#define ZONE_TIME_MIN INT64_C(-62000000000)
#define ZONE_TIME_MAX INT64_C(253000000000)

enum zone_day { ZONE_DAY_JULIAN, ZONE_DAY_ZERO_BASED, ZONE_DAY_OF_MONTH };

struct zone_change {
    enum zone_day kind;
    int day;        /* of the year; or the weekday, 0 is Sunday */
    int month;      /* 1 to 12 */
    int week;       /* 1 to 5, the last */
    int32_t time;   /* seconds after local midnight, may lie days away */
    int32_t before; /* the offset that holds until then */
    int32_t after;
};

struct zone {
    int64_t *at; /* transitions, increasing; heap */
    int32_t *offset_after;
    size_t count;
    int32_t offset_first;         /* before the first transition */
    bool has_footer;              /* else the last offset holds for ever */
    size_t change_count;          /* 2: summer time every year; 0: offset_last only */
    struct zone_change change[2]; /* to summer time and back */
    int32_t offset_last;
};

/* `name` as "Europe/Berlin"; "UTC" needs no file. The database is that of $TZDIR, else of
 * /usr/share/zoneinfo. False: `error` names what is wrong; zone_release is not due, but harmless. */
bool zone_open(struct zone *zone, const char *name, struct text *error);

/* The same of the content of a TZif file. */
bool zone_read(struct zone *zone, span content, struct text *error);
void zone_release(struct zone *zone);

/* Seconds east of UTC that hold at `utc`; NULL is UTC everywhere here. `end`, unless NULL: the first
 * second after `utc` at which another offset may hold; INT64_MAX: never. */
int32_t zone_offset(const struct zone *zone, int64_t utc, int64_t *end);

/* The first second whose local time is `local` or later: of a time that comes twice the first one, of
 * one that is leapt over the second right after the leap. */
int64_t zone_instant(const struct zone *zone, int64_t local);

/* The latest local time that any second up to `utc` has shown. */
int64_t zone_local_latest(const struct zone *zone, int64_t utc);

/* "2026-11-24T02:30:00+01:00" */
void zone_write_time(struct text *to, const struct zone *zone, int64_t utc);

#endif
