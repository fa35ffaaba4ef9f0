/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include "cli/civil.h"
#include "cli/cron.h"
#include "cli/project_lease.h"
#include "cli/sink_stream.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

struct status {
    struct project project;
    int64_t now;
    bool is_json;
    int64_t count;
    int64_t overdue;
    struct text output;
};

/* One row a schedule. The last run is the one that was begun last. */
static const char query[] =
    "WITH ended AS (SELECT * FROM run WHERE outcome IS NOT NULL), "
    "latest AS (SELECT job, max(id) AS id FROM run GROUP BY job), "
    "good AS (SELECT job, max(id) AS id, max(ended) AS ended FROM ended "
    "WHERE outcome = 'succeeded' GROUP BY job) "
    "SELECT s.job, s.cron, s.zone, s.deadman_s, s.jitter_s, r.logical, r.started, r.ended, "
    "coalesce(r.outcome, iif(r.id, 'running', NULL)), r.inputs, r.records, r.failed, r.exit_code, "
    "g.ended, s.since, "
    /* how many in a row have succeeded, or have not: negative */
    "iif((SELECT outcome = 'succeeded' FROM ended e WHERE e.job = s.job ORDER BY id DESC LIMIT 1), "
    "(SELECT count(*) FROM ended e WHERE e.job = s.job AND id > coalesce((SELECT max(id) FROM "
    "ended "
    "b WHERE b.job = s.job AND b.outcome <> 'succeeded'), 0)), "
    "-(SELECT count(*) FROM ended e WHERE e.job = s.job AND id > coalesce(g.id, 0))), "
    "(SELECT count(*) FROM fire f WHERE f.job = s.job AND outcome = 'queued'), "
    "(SELECT coalesce(sum(fires), 0) FROM fire f WHERE f.job = s.job AND outcome = 'skipped'), "
    "(SELECT coalesce(sum(fires), 0) FROM fire f WHERE f.job = s.job AND outcome = 'missed'), "
    "(SELECT coalesce(sum(fires), 0) FROM fire f WHERE f.job = s.job AND outcome = 'coalesced'), "
    "s.path "
    "FROM schedule s LEFT JOIN latest l ON l.job = s.job LEFT JOIN run r ON r.id = l.id "
    "LEFT JOIN good g ON g.job = s.job WHERE s.active ORDER BY s.job";

enum column {
    JOB,
    CRON,
    ZONE,
    DEADMAN,
    JITTER,
    LOGICAL,
    STARTED,
    ENDED,
    OUTCOME,
    INPUTS,
    RECORDS,
    FAILED,
    EXIT_CODE,
    SUCCEEDED_AT,
    SINCE,
    STREAK,
    QUEUED,
    SKIPPED,
    MISSED,
    COALESCED,
    PATH
};

static int64_t number(sqlite3_stmt *row, enum column column)
{
    return (int64_t)sqlite3_column_int64(row, (int)column);
}

/* 0: the expression or its zone can no longer be read. */
static int64_t next_due(const struct status *status, sqlite3_stmt *row)
{
    struct cron cron;
    struct zone zone = {0};
    struct text error = {0};
    int64_t due = 0;
    const int64_t delay = number(row, JITTER);
    if (cron_read(&cron, span_of((const char *)sqlite3_column_text(row, CRON)),
                  span_of((const char *)sqlite3_column_text(row, JOB)), &error) &&
        zone_open(&zone, (const char *)sqlite3_column_text(row, ZONE), &error)) {
        due = cron_next(&cron, &zone, status->now - delay) + delay;
    }
    zone_release(&zone);
    text_release(&error);
    return due;
}

static bool is_null(sqlite3_stmt *row, enum column column)
{
    return sqlite3_column_type(row, (int)column) == SQLITE_NULL;
}

/* A run without an end may have lost its process, and nobody has seen it yet. */
static const char *outcome(struct status *status, sqlite3_stmt *row, struct trouble *trouble)
{
    struct project_process holder;
    const char *name = (const char *)sqlite3_column_text(row, OUTCOME);
    if (name && strcmp(name, "running") == 0 &&
        !(project_lease_read(&status->project, (const char *)sqlite3_column_text(row, JOB), &holder,
                             NULL, trouble) &&
          project_process_lives(&holder))) {
        return "interrupted";
    }
    return name;
}

static bool is_overdue(const struct status *status, sqlite3_stmt *row)
{
    const int64_t deadman = number(row, DEADMAN);
    const int64_t since = number(row, is_null(row, SUCCEEDED_AT) ? SINCE : SUCCEEDED_AT);
    return deadman > 0 && status->now - since > deadman;
}

static void add_json_time(struct text *to, const char *key, int64_t at)
{
    text_add_format(to, ",\"%s\":", key);
    if (at == 0) {
        text_add_string(to, "null");
        return;
    }
    text_add_byte(to, '"');
    civil_write_time(to, at);
    text_add_byte(to, '"');
}

static void add_json_number(struct text *to, const char *key, sqlite3_stmt *row, enum column column)
{
    text_add_format(to, ",\"%s\":", key);
    if (is_null(row, column)) {
        text_add_string(to, "null");
    } else {
        text_add_integer(to, number(row, column));
    }
}

static void add_json_text(struct text *to, const char *key, sqlite3_stmt *row, enum column column)
{
    text_add_format(to, "\"%s\":", key);
    text_add_json_string(to, span_of((const char *)sqlite3_column_text(row, (int)column)));
}

static void add_json(struct status *status, sqlite3_stmt *row, struct trouble *trouble)
{
    struct text *to = &status->output;
    text_add_string(to, status->count > 0 ? "," : "");
    text_add_byte(to, '{');
    add_json_text(to, "job", row, JOB);
    text_add_byte(to, ',');
    add_json_text(to, "path", row, PATH);
    text_add_byte(to, ',');
    add_json_text(to, "cron", row, CRON);
    text_add_byte(to, ',');
    add_json_text(to, "zone", row, ZONE);
    add_json_time(to, "next", next_due(status, row));
    text_add_string(to, ",\"last\":");
    if (is_null(row, STARTED)) {
        text_add_string(to, "null");
    } else {
        text_add_format(to, "{\"outcome\":\"%s\"", outcome(status, row, trouble));
        add_json_time(to, "logical", number(row, LOGICAL));
        add_json_time(to, "started", number(row, STARTED));
        add_json_time(to, "ended", number(row, ENDED));
        add_json_number(to, "exit", row, EXIT_CODE);
        add_json_number(to, "inputs", row, INPUTS);
        add_json_number(to, "records", row, RECORDS);
        add_json_number(to, "failed", row, FAILED);
        text_add_byte(to, '}');
    }
    add_json_time(to, "succeeded", number(row, SUCCEEDED_AT));
    add_json_number(to, "streak", row, STREAK);
    text_add_format(to, ",\"overdue\":%s", is_overdue(status, row) ? "true" : "false");
    add_json_number(to, "queued", row, QUEUED);
    add_json_number(to, "skipped", row, SKIPPED);
    add_json_number(to, "missed", row, MISSED);
    add_json_number(to, "coalesced", row, COALESCED);
    text_add_byte(to, '}');
}

static void add_passed_over(struct text *to, sqlite3_stmt *row)
{
    static const struct {
        enum column column;
        const char *name;
    } kinds[] = {
        {QUEUED, "queued"}, {SKIPPED, "skipped"}, {MISSED, "missed"}, {COALESCED, "coalesced"}};
    const char *between = "\n  fires: ";
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const int64_t count = number(row, kinds[i].column);
        if (count > 0) {
            text_add_format(to, "%s%" PRId64 " %s", between, count, kinds[i].name);
            between = ", ";
        }
    }
}

static void add_lines(struct status *status, sqlite3_stmt *row, struct trouble *trouble)
{
    struct text *to = &status->output;
    const int64_t due = next_due(status, row);
    const int64_t streak = number(row, STREAK);
    text_add_format(to, "%s: ", (const char *)sqlite3_column_text(row, JOB));
    if (is_null(row, STARTED)) {
        text_add_string(to, "has not run");
    } else {
        text_add_format(to, "%s, ", outcome(status, row, trouble));
        civil_write_time(to, number(row, LOGICAL));
        if (!is_null(row, INPUTS)) {
            text_add_format(to, ", %" PRId64 " inputs, %" PRId64 " records, %" PRId64 " failed",
                            number(row, INPUTS), number(row, RECORDS), number(row, FAILED));
        }
        text_add_format(to, "; %" PRId64 " in a row %s", streak < 0 ? -streak : streak,
                        streak < 0 ? "without success" : "succeeded");
    }
    text_add_string(to, "\n  next: ");
    if (due != 0) {
        civil_write_time(to, due);
    } else {
        text_add_string(to, "unknown, its cron expression or zone cannot be read");
    }
    add_passed_over(to, row);
    if (is_overdue(status, row)) {
        text_add_format(to, "\n  OVERDUE: no success for more than %" PRId64 " s",
                        number(row, DEADMAN));
    }
    text_add_byte(to, '\n');
}

static bool add_scheduler(struct status *status, struct trouble *trouble)
{
    struct project_process holder;
    const bool lives = project_lease_read(&status->project, "", &holder, NULL, trouble) &&
                       project_process_lives(&holder);
    if (status->is_json && lives) {
        text_add_format(&status->output, "{\"scheduler\":%" PRIdMAX ",\"jobs\":[",
                        (intmax_t)holder.pid);
    } else if (status->is_json) {
        text_add_string(&status->output, "{\"scheduler\":null,\"jobs\":[");
    } else if (!lives) {
        text_add_string(&status->output, "quern schedule is not running\n");
    }
    return trouble->code == TROUBLE_NONE;
}

static bool add_all(struct status *status, struct trouble *trouble)
{
    bool good = add_scheduler(status, trouble);
    sqlite3_stmt *row = good ? project_query(&status->project, trouble, query, "") : NULL;
    while (project_next(&status->project, row, trouble)) {
        if (status->is_json) {
            add_json(status, row, trouble);
        } else {
            add_lines(status, row, trouble);
        }
        status->overdue += is_overdue(status, row);
        status->count++;
    }
    (void)sqlite3_finalize(row);
    if (status->is_json) {
        text_add_format(&status->output, "],\"overdue\":%" PRId64 "}\n", status->overdue);
    }
    return trouble->code == TROUBLE_NONE;
}

void status_command(const struct args *args, struct trouble *trouble)
{
    const char *path = args_value(args, "project");
    struct status status = {.now = (int64_t)time(NULL), .is_json = args_has(args, "json")};
    if (project_open(&status.project, path ? path : PROJECT_DEFAULT_PATH, false, trouble) &&
        add_all(&status, trouble) && sink_stream_print(&status.output, trouble) &&
        status.overdue > 0) {
        (void)trouble_set(trouble, TROUBLE_DATA, "%" PRId64 " overdue", status.overdue);
    }
    project_close(&status.project);
    text_release(&status.output);
}
