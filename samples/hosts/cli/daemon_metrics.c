/* SPDX-License-Identifier: Apache-2.0 */
/* What a monitor wants to know of the schedules, as OpenMetrics text. The file is replaced whole, so that
 * whoever collects it never reads half of one. */
#include "cli/daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Each row: job, the value of the second label or null, the number. ?1 is now. */
struct family {
    const char *name;
    const char *type;
    const char *help;
    const char *sample; /* what the family's name gets behind it */
    const char *sql;
};

static const struct family families[] = {
    {"quern_schedule_last_success_timestamp_seconds", "gauge", "When a run last succeeded.", "",
     "SELECT job, NULL, max(ended) FROM run WHERE outcome = 'succeeded' AND ?1 GROUP BY job"},
    {"quern_schedule_overdue", "gauge", "1 when no run succeeded for the deadman time.", "",
     "SELECT job, NULL, ?1 - coalesce((SELECT max(ended) FROM run r WHERE r.job = s.job AND "
     "outcome = 'succeeded'), since) > deadman_s FROM schedule s WHERE active AND deadman_s > 0"},
    {"quern_schedule_running", "gauge", "1 while a run is at work.", "",
     "SELECT job, NULL, EXISTS (SELECT 1 FROM run r WHERE r.job = s.job AND ended IS NULL) "
     "FROM schedule s WHERE active AND ?1"},
    {"quern_schedule_queued", "gauge", "Fires that wait for their run.", "",
     "SELECT job, NULL, (SELECT count(*) FROM fire f WHERE f.job = s.job AND outcome = 'queued') "
     "FROM schedule s WHERE active AND ?1"},
    {"quern_schedule_fires", "counter", "Fires by what became of them.", "_total",
     "SELECT job, outcome, sum(fires) FROM fire WHERE outcome <> 'queued' AND ?1 GROUP BY job, "
     "outcome"},
    {"quern_schedule_runs", "counter", "Runs by how they ended.", "_total",
     "SELECT job, outcome, count(*) FROM run WHERE outcome IS NOT NULL AND ?1 GROUP BY job, "
     "outcome"},
    {"quern_schedule_last_run_duration_seconds", "gauge", "How long the last run took.", "",
     "SELECT job, NULL, ended - started FROM run WHERE id IN (SELECT max(id) FROM run "
     "WHERE ended IS NOT NULL GROUP BY job) AND ?1"},
    {"quern_schedule_last_run_records", "gauge", "Records of the last run.", "",
     "SELECT job, NULL, records FROM run WHERE id IN (SELECT max(id) FROM run WHERE ended IS NOT "
     "NULL "
     "GROUP BY job) AND records IS NOT NULL AND ?1"},
    {"quern_schedule_last_run_failed", "gauge", "Inputs of the last run that failed.", "",
     "SELECT job, NULL, failed FROM run WHERE id IN (SELECT max(id) FROM run WHERE ended IS NOT "
     "NULL "
     "GROUP BY job) AND failed IS NOT NULL AND ?1"}};

/* OpenMetrics: a backslash, a quote and a line end are escaped. */
static void add_label(struct text *to, const char *name, const char *value)
{
    text_add_format(to, "%s=\"", name);
    for (const char *at = value ? value : ""; *at; at++) {
        text_add_string(to, *at == '\\' || *at == '"' || *at == '\n' ? "\\" : "");
        text_add_byte(to, *at == '\n' ? 'n' : *at);
    }
    text_add_byte(to, '"');
}

static void add_head(struct text *to, const char *name, const char *type, const char *help)
{
    text_add_format(to, "# TYPE %s %s\n# HELP %s %s\n", name, type, name, help);
}

static void add_sample(struct text *to, const struct family *family, sqlite3_stmt *row)
{
    text_add_format(to, "%s%s{", family->name, family->sample);
    add_label(to, "job", (const char *)sqlite3_column_text(row, 0));
    if (sqlite3_column_type(row, 1) != SQLITE_NULL) {
        text_add_byte(to, ',');
        add_label(to, "outcome", (const char *)sqlite3_column_text(row, 1));
    }
    text_add_format(to, "} %" PRId64 "\n", (int64_t)sqlite3_column_int64(row, 2));
}

static void add_next(struct text *to, const struct daemon *daemon, int64_t now)
{
    static const char name[] = "quern_schedule_next_fire_timestamp_seconds";
    add_head(to, name, "gauge", "When the next fire is due.");
    for (size_t i = 0; i < daemon->job_count; i++) {
        const struct daemon_job *job = &daemon->jobs[i];
        text_add_format(to, "%s{", name);
        add_label(to, "job", job->file.name);
        text_add_format(to, "} %" PRId64 "\n",
                        cron_next(&job->cron, &job->zone, now - job->delay) + job->delay);
    }
}

static bool replace_file(const char *path, span content)
{
    struct text fresh = {0};
    text_add_format(&fresh, "%s.new", path);
    const int file = open(text_string(&fresh), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    bool good = file >= 0 && write(file, content.ptr, content.len) == (ssize_t)content.len;
    if (file >= 0) {
        good = close(file) == 0 && good;
    }
    good = good && rename(text_string(&fresh), path) == 0;
    text_release(&fresh);
    return good;
}

/* A monitor that learns nothing is no reason to run nothing: what fails is said, not ended by. */
bool daemon_metrics_write(struct daemon *daemon, const char *path, int64_t now,
                          struct trouble *trouble)
{
    struct text text = {0};
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        add_head(&text, families[i].name, families[i].type, families[i].help);
        sqlite3_stmt *row = project_query(&daemon->project, trouble, families[i].sql, "i", now);
        while (project_next(&daemon->project, row, trouble)) {
            add_sample(&text, &families[i], row);
        }
        (void)sqlite3_finalize(row);
    }
    add_next(&text, daemon, now);
    text_add_string(&text, "# EOF\n");
    if (trouble->code == TROUBLE_NONE && !text.failed && !replace_file(path, text_span(&text))) {
        daemon_say(daemon, "%s: %s", path, strerror(errno));
    }
    text_release(&text);
    return trouble->code == TROUBLE_NONE;
}
