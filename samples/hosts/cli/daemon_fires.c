/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of a time that has come: one row, and in it why. */
#include "cli/daemon.h"

#include <inttypes.h>

struct accounting {
    struct daemon *daemon;
    struct daemon_job *job;
    struct trouble *trouble;
    int64_t now;
    int64_t until; /* the latest time whose turn it is: now, less the job's delay */
    int64_t times[DAEMON_FIRE_ROWS_MAX]; /* the newest, increasing */
    size_t count;
    bool cancels;
};

static bool add_row(struct accounting *a, int64_t logical, const char *outcome, const char *reason,
                    int64_t fires)
{
    return project_do(&a->daemon->project, a->trouble,
                      "INSERT OR IGNORE INTO fire VALUES (?, ?, ?, ?, ?, ?, ?)", "tiittii",
                      a->job->file.name, logical, logical + a->job->delay, outcome, reason, fires,
                      a->now);
}

static bool is_late(const struct accounting *a, int64_t logical)
{
    return a->until - logical > DAEMON_LATE_SECONDS;
}

static int64_t queued_count(struct accounting *a, int64_t due_until)
{
    return project_integer(
        &a->daemon->project, a->trouble, 0,
        "SELECT count(*) FROM fire WHERE job = ? AND outcome = 'queued' AND due <= ?", "ti",
        a->job->file.name, due_until);
}

/* Of what waits, tries again included, nothing is left to do: a later fire takes its place. */
static bool supersede(struct accounting *a)
{
    return project_do(&a->daemon->project, a->trouble,
                      "UPDATE fire SET reason = 'a later fire took its place', outcome = iif("
                      "EXISTS (SELECT 1 FROM run WHERE run.job = fire.job AND "
                      "run.logical = fire.logical), 'run', 'coalesced') "
                      "WHERE job = ? AND outcome = 'queued'",
                      "t", a->job->file.name);
}

static bool enqueue(struct accounting *a, int64_t logical, const char *reason)
{
    return queued_count(a, INT64_MAX) < DAEMON_QUEUE_MAX
               ? add_row(a, logical, "queued", reason, 1)
               : add_row(a, logical, "skipped", "the queue is full", 1);
}

static bool account_on_time(struct accounting *a, int64_t logical)
{
    const bool is_busy = a->job->run.id != 0 || queued_count(a, a->now) > 0;
    switch (a->job->file.schedule.overlap) {
    case JOB_OVERLAP_SKIP:
        return is_busy ? add_row(a, logical, "skipped", "the run before it was still at work", 1)
                       : supersede(a) && enqueue(a, logical, NULL);
    case JOB_OVERLAP_QUEUE:
        return enqueue(a, logical, NULL);
    case JOB_OVERLAP_CANCEL_RUNNING:
        a->cancels = a->job->run.id != 0;
        return supersede(a) && enqueue(a, logical, NULL);
    }
    return false;
}

static bool account_late(struct accounting *a, size_t index)
{
    static const char *const too_late = "nobody was there to run it within its window";
    const int64_t window = a->job->file.schedule.window_s;
    const bool in_window = a->until - a->times[index] <= window;
    const bool newest_in_window = a->until - a->times[a->count - 1] <= window;
    switch (a->job->file.schedule.missed) {
    case JOB_MISSED_NONE:
        return add_row(a, a->times[index], "missed", "nobody was there to run it", 1);
    case JOB_MISSED_LAST:
        if (newest_in_window && index + 1 < a->count) {
            return add_row(a, a->times[index], "coalesced", "a later fire stands for it", 1);
        }
        break;
    case JOB_MISSED_ALL:
        break;
    }
    return in_window ? enqueue(a, a->times[index], "made up for")
                     : add_row(a, a->times[index], "missed", too_late, 1);
}

/* Backwards from now, so that a year of missed minutes is not walked through. */
static void collect(struct accounting *a)
{
    const struct daemon_job *job = a->job;
    int64_t until = a->until;
    int64_t found = 0;
    size_t first = DAEMON_FIRE_ROWS_MAX;
    while (first > 0 && cron_last(&job->cron, &job->zone, job->fired_through + 1, until, &found)) {
        a->times[--first] = found;
        until = found - 1;
    }
    a->count = DAEMON_FIRE_ROWS_MAX - first;
    for (size_t i = 0; first > 0 && i < a->count; i++) {
        a->times[i] = a->times[first + i];
    }
}

/* One row for those that are too many for rows of their own. */
static bool account_crowd(struct accounting *a)
{
    const struct daemon_job *job = a->job;
    const int64_t first = cron_next(&job->cron, &job->zone, job->fired_through);
    int64_t fires = 0;
    for (int64_t at = first; at < a->times[0] && fires < DAEMON_FIRES_COUNTED_MAX; fires++) {
        at = cron_next(&job->cron, &job->zone, at);
    }
    return fires == 0 ||
           add_row(a, first, "missed",
                   fires < DAEMON_FIRES_COUNTED_MAX
                       ? "nobody was there; this row counts all up to the next one"
                       : "nobody was there; this row counts the first of those up to the next one",
                   fires);
}

static bool keep_through(struct accounting *a)
{
    return project_do(&a->daemon->project, a->trouble,
                      "UPDATE schedule SET fired_through = ? WHERE job = ?", "it", a->until,
                      a->job->file.name);
}

/* The clock was ahead and has been set right. What ran stays and is not run again when its time comes
 * for the second time; what was passed over then will have its turn. */
static bool turn_back(struct accounting *a)
{
    daemon_say(a->daemon, "%s: the clock was set back by %" PRId64 " s", a->job->file.name,
               a->job->fired_through - a->until);
    return project_do(&a->daemon->project, a->trouble,
                      "DELETE FROM fire WHERE job = ? AND logical > ? AND "
                      "outcome IN ('missed', 'coalesced', 'skipped')",
                      "ti", a->job->file.name, a->until) &&
           project_do(&a->daemon->project, a->trouble,
                      "UPDATE fire SET due = ?1 WHERE job = ?2 AND outcome = 'queued' AND due > ?1",
                      "it", a->now, a->job->file.name) &&
           keep_through(a);
}

static bool account_all(struct accounting *a)
{
    collect(a);
    bool good = account_crowd(a);
    for (size_t i = 0; good && i < a->count; i++) {
        good = is_late(a, a->times[i]) ? account_late(a, i) : account_on_time(a, a->times[i]);
    }
    return good && keep_through(a);
}

bool daemon_fires_account(struct daemon *daemon, struct daemon_job *job, int64_t now, bool *cancels,
                          struct trouble *trouble)
{
    struct accounting a = {
        .daemon = daemon, .job = job, .trouble = trouble, .now = now, .until = now - job->delay};
    const bool is_back = now < job->fired_through;
    *cancels = false;
    if (!is_back && cron_next(&job->cron, &job->zone, job->fired_through) > a.until) {
        return true;
    }
    const bool good =
        project_begin(&daemon->project, trouble) && (is_back ? turn_back(&a) : account_all(&a));
    if (!project_end(&daemon->project, good, trouble)) {
        return false;
    }
    job->fired_through = a.until;
    *cancels = a.cancels;
    return true;
}
