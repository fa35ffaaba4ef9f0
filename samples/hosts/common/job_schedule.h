/* SPDX-License-Identifier: Apache-2.0 */
/* The table [schedule] of a job file: when the job is run, and what becomes of times that do not fit.
 *
 *   [schedule]
 *   cron = "30 2 * * *"       # cli/cron.h says what it may be; the one key that must be there
 *   zone = "Europe/Berlin"    # default UTC
 *   overlap = "skip"          # while a run is at work: skip, queue or cancel_running
 *   missed = "last"           # times at which nobody was there: last, all or none …
 *   window = "1d"             # … of those not older than this
 *   jitter = "10m"            # later by a part of this, always the same for one job; default 0
 *   timeout = "8h"            # a run is stopped then, and what is left waits for the next; default none
 *   deadman = "26h"           # quern status fails when no run succeeded for so long; default none
 *   retries = 3               # more tries when trying again may help …
 *   retry_after = "10m"       # … so long after the last
 *
 * A duration is a whole number with s, m, h, d or w behind it.
 */
#ifndef COMMON_JOB_SCHEDULE_H
#define COMMON_JOB_SCHEDULE_H

#include "common/toml.h"

enum { JOB_SCHEDULE_RETRIES_MAX = 100 };

/* A year: what is due less often belongs into a calendar. */
#define JOB_SCHEDULE_SECONDS_MAX INT64_C(31622400)

enum job_overlap { JOB_OVERLAP_SKIP, JOB_OVERLAP_QUEUE, JOB_OVERLAP_CANCEL_RUNNING };

enum job_missed { JOB_MISSED_LAST, JOB_MISSED_ALL, JOB_MISSED_NONE };

struct job_schedule {
    const char *cron; /* NULL: the job has no schedule */
    unsigned cron_line;
    const char *zone;
    unsigned zone_line; /* 0: the default */
    enum job_overlap overlap;
    enum job_missed missed;
    int64_t window_s;
    int64_t jitter_s;
    int64_t timeout_s; /* 0: none */
    int64_t deadman_s; /* 0: none */
    int64_t retries;
    int64_t retry_after_s;
};

/* What [schedule] says where it says nothing. */
struct job_schedule job_schedule_default(void);

/* One key of the table. False: `why` says what it must be; its texts are lent from the tree. */
bool job_schedule_read(struct job_schedule *schedule, const struct toml_value *value,
                       const char **why);

/* "90s", "15m", "2h", "1d", "1w"; up to a year. */
bool job_duration_read(const struct toml_value *value, int64_t *out);

/* "skip", "queue", …, as the file writes them. */
const char *job_overlap_name(enum job_overlap overlap);
const char *job_missed_name(enum job_missed missed);

#endif
