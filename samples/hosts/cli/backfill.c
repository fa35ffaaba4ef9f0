/* SPDX-License-Identifier: Apache-2.0 */
/* Fires of a span of time, again: they are queued in the project, and run by the daemon that is there,
 * or here. */
#include "cli/commands.h"

#include "cli/civil.h"
#include "cli/daemon.h"
#include "cli/sink_stream.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

enum { FIRES_MAX = DAEMON_QUEUE_MAX };

enum only { ONLY_MISSED, ONLY_FAILED, ONLY_ALL };

struct backfill {
    const struct args *args;
    struct daemon daemon;
    struct daemon_job job;
    bool is_read; /* job is due for release */
    enum only only;
    int64_t from;
    int64_t to;
    bool is_dry;
    int64_t count;
    struct text output;
};

/* A day, or a time, is that of the schedule's zone; with Z it is in UTC. `is_end`: a day counts whole. */
static bool read_time(const struct backfill *b, const char *option, bool is_end, int64_t *out,
                      struct trouble *trouble)
{
    const char *written = args_value(b->args, option);
    const size_t len = written ? strlen(written) : 0;
    int64_t local = 0;
    if (!written || !civil_read_time(span_of(written), &local)) {
        return trouble_set(trouble, TROUBLE_USAGE,
                           "--%s takes a day or a time, as 2026-11-24 or 2026-11-24T02:30", option);
    }
    const bool is_utc = written[len - 1] == 'Z';
    const bool is_day = len == sizeof "2026-11-24" - 1;
    local += is_end && is_day ? CIVIL_DAY_SECONDS - 1 : 0;
    *out = is_utc ? local : zone_instant(&b->job.zone, local);
    return true;
}

static bool read_only(struct backfill *b, struct trouble *trouble)
{
    static const char *const names[] = {
        [ONLY_MISSED] = "missed", [ONLY_FAILED] = "failed", [ONLY_ALL] = "all"};
    const char *asked = args_value(b->args, "only");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (!asked || strcmp(asked, names[i]) == 0) {
            b->only = (enum only)i;
            return true;
        }
    }
    return trouble_set(trouble, TROUBLE_USAGE, "--only=%s: missed, failed or all", asked);
}

static bool open_backfill(struct backfill *b, struct trouble *trouble)
{
    b->is_dry = args_has(b->args, "dry-run");
    const char *path = daemon_project_path(b->args);
    if (b->is_dry && access(path, F_OK) != 0) {
        path = ":memory:"; /* nothing has run, and nothing is made */
    }
    if (!read_only(b, trouble) || !daemon_open(&b->daemon, b->args, path, true, trouble)) {
        return false;
    }
    b->is_read = true;
    if (!daemon_job_read(&b->job, b->args->operands[0], trouble) ||
        !read_time(b, "from", false, &b->from, trouble) ||
        !read_time(b, "to", true, &b->to, trouble)) {
        return false;
    }
    const int64_t now = daemon_now();
    b->to = b->to < now ? b->to : now; /* what comes is the schedule's */
    return b->from <= b->to ||
           trouble_set(trouble, TROUBLE_USAGE, "between --from and --to, no time has passed");
}

/* A fire succeeded when its last run did; it failed when that did not. What waits or is at work is left
 * alone, whatever was asked for. */
static bool is_wanted(struct backfill *b, int64_t logical, struct trouble *trouble)
{
    const int64_t state = project_integer(
        &b->daemon.project, trouble, 0,
        "SELECT CASE "
        "WHEN EXISTS (SELECT 1 FROM fire WHERE job = ?1 AND logical = ?2 AND "
        "outcome = 'queued') THEN 1 ELSE "
        "(SELECT CASE WHEN outcome IS NULL THEN 1 WHEN outcome = 'succeeded' THEN 2 "
        "ELSE 3 END FROM run WHERE job = ?1 AND logical = ?2 "
        "ORDER BY attempt DESC LIMIT 1) END",
        "ti", b->job.file.name, logical);
    switch (b->only) {
    case ONLY_MISSED:
        return state == 0;
    case ONLY_FAILED:
        return state == 3;
    case ONLY_ALL:
        return state != 1;
    }
    return false;
}

static bool queue(struct backfill *b, int64_t logical, struct trouble *trouble)
{
    b->count++;
    zone_write_time(&b->output, &b->job.zone, logical);
    text_add_byte(&b->output, '\n');
    return b->is_dry || project_do(&b->daemon.project, trouble,
                                   "INSERT INTO fire VALUES (?1, ?2, ?3, 'queued', 'backfill', 1, "
                                   "?3) ON CONFLICT (job, logical) DO UPDATE SET "
                                   "outcome = 'queued', due = ?3, reason = 'backfill'",
                                   "tii", b->job.file.name, logical, daemon_now());
}

static bool queue_all(struct backfill *b, struct trouble *trouble)
{
    bool good = project_begin(&b->daemon.project, trouble);
    int64_t at = b->from - 1;
    while (good && (at = cron_next(&b->job.cron, &b->job.zone, at)) <= b->to) {
        const bool wanted = is_wanted(b, at, trouble);
        good = trouble->code == TROUBLE_NONE;
        if (good && wanted && b->count == FIRES_MAX) {
            good = trouble_set(trouble, TROUBLE_USAGE,
                               "more than %d fires; take a shorter span of time", FIRES_MAX);
        } else if (good && wanted) {
            good = queue(b, at, trouble);
        }
    }
    return project_end(&b->daemon.project, good, trouble);
}

/* Of the fires that were begun here, those that have not succeeded. */
static void judge(struct backfill *b, int64_t newest_before, struct trouble *trouble)
{
    const int64_t failed = project_integer(
        &b->daemon.project, trouble, 0,
        "SELECT count(DISTINCT logical) FROM run r WHERE job = ?1 AND id > ?2 AND NOT EXISTS "
        "(SELECT 1 FROM run WHERE job = ?1 AND id > ?2 AND logical = r.logical AND "
        "outcome = 'succeeded')",
        "ti", b->job.file.name, newest_before);
    if (b->daemon.is_stopping) {
        (void)trouble_set(trouble, TROUBLE_LATER, "stopped; what is left stays queued");
    } else if (failed > 0) {
        (void)trouble_set(trouble, TROUBLE_DATA, "%" PRId64 " of %" PRId64 " fires did not succeed",
                          failed, b->count);
    }
}

static void run_all(struct backfill *b, struct trouble *trouble)
{
    struct project_process holder;
    const int64_t newest =
        project_integer(&b->daemon.project, trouble, 0, "SELECT max(id) FROM run", "");
    if (project_lease_read(&b->daemon.project, "", &holder, NULL, trouble) &&
        project_process_lives(&holder)) {
        daemon_say(&b->daemon, "process %" PRIdMAX " schedules the project and will run them",
                   (intmax_t)holder.pid);
    } else if (trouble->code == TROUBLE_NONE) {
        daemon_drain(&b->daemon, &b->job, trouble);
        judge(b, newest, trouble);
    }
}

void backfill_command(const struct args *args, struct trouble *trouble)
{
    struct backfill b = {.args = args};
    if (open_backfill(&b, trouble) && queue_all(&b, trouble)) {
        if (b.is_dry) {
            (void)sink_stream_print(&b.output, trouble);
        }
        daemon_say(&b.daemon,
                   b.is_dry ? "%" PRId64 " fires would be queued" : "%" PRId64 " fires queued",
                   b.count);
        if (!b.is_dry && b.count > 0) {
            run_all(&b, trouble);
        }
    }
    if (b.is_read) {
        daemon_job_release(&b.job);
    }
    daemon_close(&b.daemon);
    text_release(&b.output);
}
