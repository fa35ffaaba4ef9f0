/* SPDX-License-Identifier: Apache-2.0 */
/* quern schedule: what is due is run, as children of this process, and every fire leaves a row.
 *
 *   a time comes ──► daemon_fires_account ──► fire: queued, or skipped, missed, coalesced with why
 *   queued       ──► daemon_run_start     ──► fire: run; a row in run; a child; its lease
 *   child ends   ──► daemon_run_end       ──► run: its outcome; fire: queued again when that may help
 *
 * Each arrow is one transaction, so whatever is killed whenever, a fire is in exactly one of these
 * states, and the next daemon goes on from the rows. A child writes into a file of its own and outlives
 * a daemon that is killed; the next one takes it up again.
 */
#ifndef CLI_DAEMON_H
#define CLI_DAEMON_H

#include "cli/args.h"
#include "cli/cron.h"
#include "cli/project_lease.h"

#include "common/job_file.h"

enum {
    DAEMON_JOBS_MAX = 1000,
    DAEMON_LATE_SECONDS = 60,    /* a fire that is older when it is seen was missed */
    DAEMON_FIRE_ROWS_MAX = 1000, /* of one absence; those before them share one row */
    DAEMON_FIRES_COUNTED_MAX = 100000,
    DAEMON_QUEUE_MAX = 1000,
    DAEMON_KILL_SECONDS = 90, /* from SIGTERM to SIGKILL */
    DAEMON_METRICS_SECONDS = 5,
    DAEMON_LOGS_KEPT = 200,
    DAEMON_HISTORY_DAYS = 400,
    DAEMON_HASH_LEN = 32
};

/* Why a run was told to stop; NONE: it was not. */
enum daemon_stop { DAEMON_STOP_NONE, DAEMON_STOP_DAEMON, DAEMON_STOP_CANCEL, DAEMON_STOP_TIMEOUT };

struct daemon_run {
    int64_t id; /* 0: none is at work */
    int64_t logical;
    int64_t attempt;
    int64_t started;
    int64_t started_at; /* by the monotonic clock: a clock that is set times nobody out */
    struct project_process process;
    bool is_child; /* else taken up from a daemon that has gone */
    enum daemon_stop stop;
    int64_t stop_at; /* when it was told, by the monotonic clock, in seconds */
};

struct daemon_job {
    const char *path;
    struct job_file file;
    struct cron cron;
    struct zone zone;
    char config_hash[DAEMON_HASH_LEN + 1];
    int64_t delay;         /* this job's part of its jitter */
    int64_t fired_through; /* fires up to here are accounted for */
    struct daemon_run run;
};

struct daemon {
    const struct args *args;
    struct project project;
    struct project_process self;
    struct text program;      /* this program's path */
    const char *const *paths; /* of the job files, lent from args or from the pool */
    struct daemon_job *jobs;
    size_t job_count;
    bool is_stopping;
    bool is_quiet;
    /* What only a backfill has: the one job runs what is queued and fires nothing. */
    bool is_draining;
    bool is_enduring;    /* it was said that something has to pass first */
    int64_t measured_at; /* when the metrics were last written, by the clock that nobody sets */
    struct pool pool;
};

/* Seconds since 1970, and seconds of a clock that nobody sets. */
int64_t daemon_now(void);
int64_t daemon_monotonic(void);

/* A line on standard error. */
void daemon_say(const struct daemon *daemon, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* --- daemon.c --- */

/* The project that --project names. */
const char *daemon_project_path(const struct args *args);

/* That project, and who we are. daemon_close is due in any case. */
bool daemon_open(struct daemon *daemon, const struct args *args, const char *project, bool creates,
                 struct trouble *trouble);
void daemon_close(struct daemon *daemon);

/* All files, or NULL: trouble names the one that is wrong. */
struct daemon_job *daemon_jobs_read(const char *const *paths, size_t count,
                                    struct trouble *trouble);
void daemon_jobs_release(struct daemon_job *jobs, size_t count);

/* Until it is told to stop. One at a time: a second one for the same project is refused. */
void daemon_work(struct daemon *daemon, struct trouble *trouble);

/* Runs what is queued of one job, and comes back. */
void daemon_drain(struct daemon *daemon, struct daemon_job *job, struct trouble *trouble);

/* --- daemon_job.c --- */

/* Reads and judges the file. False: trouble names it; daemon_job_release is due in any case. */
bool daemon_job_read(struct daemon_job *job, const char *path, struct trouble *trouble);
void daemon_job_release(struct daemon_job *job);

/* Its row: made, or updated; a changed expression counts from now on. Takes up or ends what a former
 * daemon left at work. */
bool daemon_job_register(struct daemon *daemon, struct daemon_job *job, int64_t now,
                         struct trouble *trouble);

/* --- daemon_fires.c --- */

/* Every fire that came due since the last call gets its row. `cancels`: the run at work is to be told
 * to stop. */
bool daemon_fires_account(struct daemon *daemon, struct daemon_job *job, int64_t now, bool *cancels,
                          struct trouble *trouble);

/* --- daemon_run.c --- */

/* Starts the oldest queued fire whose time has come, if none is at work. */
bool daemon_run_start(struct daemon *daemon, struct daemon_job *job, int64_t now,
                      struct trouble *trouble);

/* Looks whether the run has ended, or must be told to stop or killed. */
bool daemon_run_watch(struct daemon *daemon, struct daemon_job *job, int64_t now,
                      struct trouble *trouble);

void daemon_run_stop(struct daemon_job *job, enum daemon_stop why);

/* A run of the job that a former daemon did not see the end of. */
bool daemon_run_recover(struct daemon *daemon, struct daemon_job *job, int64_t now,
                        struct trouble *trouble);

/* --- daemon_metrics.c --- */

bool daemon_metrics_write(struct daemon *daemon, const char *path, int64_t now,
                          struct trouble *trouble);

/* --- daemon_notify.c --- */

/* What systemd is told over NOTIFY_SOCKET; nobody asked: nothing. daemon_notify_open takes the variable
 * out of the environment, for children must not see it. */
void daemon_notify_open(void);
void daemon_notify(const char *state);

#endif
