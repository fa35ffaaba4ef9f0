/* SPDX-License-Identifier: Apache-2.0 */
/* Documents that failed for a reason are fetched and converted again, now, and nothing else is asked for.
 * They are a run of their own, so a round of the job that was stopped is gone on with as if nothing had
 * been. What was known of them is let go before, so that they come whole. */
#include "cli/commands.h"

#include "cli/run.h"
#include "cli/sink_sqlite.h"
#include "cli/sink_stream.h"
#include "cli/url_host.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

struct replay {
    const struct args *args;
    struct record_sink *sink;
    sqlite3 *database;
    int64_t count;
    struct text inputs; /* a JSON list */
    struct text lines;
    struct text name;
    struct pool pool;
};

/* quern_is_host(url, host) in SQL. */
static void is_host(sqlite3_context *context, int count, sqlite3_value **values)
{
    const span url = span_of(count == 2 ? (const char *)sqlite3_value_text(values[0]) : NULL);
    const span host = span_of(count == 2 ? (const char *)sqlite3_value_text(values[1]) : NULL);
    sqlite3_result_int(context, url_host_is(url, host));
}

static bool open_database(struct replay *r, const struct job_file *job, struct trouble *trouble)
{
    if (job->sink != JOB_SINK_SQLITE) {
        return trouble_set(trouble, TROUBLE_JOB,
                           "only the sink sqlite can be asked which documents failed");
    }
    if (access(job->sink_path, F_OK) != 0) {
        return trouble_set(trouble, TROUBLE_NO_INPUT, "%s: %s", job->sink_path, strerror(errno));
    }
    r->sink = sink_sqlite_open(job->sink_path, trouble);
    if (!r->sink) {
        return false;
    }
    r->database = sink_sqlite_database(r->sink);
    return sqlite3_create_function(r->database, "quern_is_host", 2, SQLITE_UTF8, NULL, is_host,
                                   NULL, NULL) == SQLITE_OK ||
           sink_sqlite_fail(r->sink, trouble);
}

/* ?1 the reason, ?2 the host or NULL, ?3 the job. */
static sqlite3_stmt *ask(struct replay *r, const char *sql, const char *job,
                         struct trouble *trouble)
{
    sqlite3_stmt *rows = NULL;
    const char *values[] = {args_value(r->args, "reason"), args_value(r->args, "host"), job};
    bool good = sqlite3_prepare_v2(r->database, sql, -1, &rows, NULL) == SQLITE_OK;
    const int wanted = good ? sqlite3_bind_parameter_count(rows) : 0;
    for (int i = 0; i < wanted && good; i++) {
        good = sqlite3_bind_text(rows, i + 1, values[i], -1, SQLITE_STATIC) == SQLITE_OK;
    }
    if (!good) {
        (void)sink_sqlite_fail(r->sink, trouble);
        (void)sqlite3_finalize(rows);
        return NULL;
    }
    return rows;
}

#define CHOSEN                                                                                     \
    "FROM quern_failure WHERE error_code = ?1 AND (?2 IS NULL OR quern_is_host(url, ?2)) AND "     \
    "(url LIKE 'http://%' OR url LIKE 'https://%')"

static bool list_inputs(struct replay *r, struct trouble *trouble)
{
    sqlite3_stmt *rows = ask(r, "SELECT DISTINCT url " CHOSEN " ORDER BY url", NULL, trouble);
    int step = SQLITE_DONE;
    text_add_byte(&r->inputs, '[');
    while (rows && (step = sqlite3_step(rows)) == SQLITE_ROW) {
        const span url = span_of((const char *)sqlite3_column_text(rows, 0));
        text_add_string(&r->inputs, r->count++ > 0 ? "," : "");
        text_add_json_string(&r->inputs, url);
        text_add(&r->lines, url);
        text_add_byte(&r->lines, '\n');
    }
    text_add_byte(&r->inputs, ']');
    (void)sqlite3_finalize(rows);
    return rows && (step == SQLITE_DONE || sink_sqlite_fail(r->sink, trouble)) &&
           (!(r->inputs.failed || r->lines.failed) || trouble_memory(trouble));
}

static bool let_go(struct replay *r, const char *job, struct trouble *trouble)
{
    sqlite3_stmt *statement =
        ask(r,
            "DELETE FROM quern_memo WHERE job = ?3 AND key IN (SELECT 'doc/' || id " CHOSEN
            " UNION ALL SELECT 'dead/' || id " CHOSEN ")",
            job, trouble);
    const bool good =
        statement && (sqlite3_step(statement) == SQLITE_DONE || sink_sqlite_fail(r->sink, trouble));
    (void)sqlite3_finalize(statement);
    return good;
}

/* The job's options, with these inputs in place of its own. */
static bool replace_inputs(struct replay *r, struct job_file *job, struct trouble *trouble)
{
    struct quern_option *options =
        pool_allocate(&r->pool, (job->option_count + 1) * sizeof *options);
    size_t count = 0;
    text_add_format(&r->name, "%s replay", job->name);
    if (!options || r->name.failed) {
        return trouble_memory(trouble);
    }
    for (size_t i = 0; i < job->option_count; i++) {
        if (strcmp(job->options[i].key, "input") != 0 &&
            strcmp(job->options[i].key, "input_file") != 0) {
            options[count++] = job->options[i];
        }
    }
    options[count++] = (struct quern_option){.key = "input", .value = text_string(&r->inputs)};
    job->options = options;
    job->option_count = count;
    job->name = text_string(&r->name);
    return true;
}

static bool narrow(void *context, struct job_file *job, struct trouble *trouble)
{
    struct replay *r = context;
    if (!open_database(r, job, trouble) || !list_inputs(r, trouble)) {
        return false;
    }
    if (args_has(r->args, "dry-run")) {
        (void)sink_stream_print(&r->lines, trouble);
        return false;
    }
    const bool good =
        r->count > 0 && let_go(r, job->name, trouble) && replace_inputs(r, job, trouble);
    record_sink_close(r->sink);
    r->sink = NULL;
    return good;
}

void replay_command(const struct args *args, struct trouble *trouble)
{
    struct replay r = {.args = args};
    if (!args_value(args, "reason")) {
        (void)trouble_set(trouble, TROUBLE_USAGE,
                          "--reason takes an error_code, as http_status; SELECT error_code, "
                          "count(*) FROM quern_failure GROUP BY 1 lists them");
        return;
    }
    run_job(args, narrow, &r, trouble);
    record_sink_close(r.sink);
    text_release(&r.inputs);
    text_release(&r.lines);
    text_release(&r.name);
    pool_release(&r.pool);
}
