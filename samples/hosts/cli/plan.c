/* SPDX-License-Identifier: Apache-2.0 */
/* The summaries of all splits, added up by web host. They are JSON, and SQLite reads JSON. */
#include "cli/commands.h"

#include "cli/schedule.h"
#include "cli/sink_stream.h"
#include "common/job_file.h"

#include <errno.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <string.h>

struct planning {
    struct session session;
    struct job_file job;
    sqlite3 *database; /* in memory */
    sqlite3_stmt *insert;
    int64_t splits;
    int64_t documents;
    int64_t bytes; /* -1: unknown */
    int64_t files;
};

static bool fail_database(const struct planning *planning, struct trouble *trouble)
{
    return trouble_set(trouble, TROUBLE_INTERNAL, "the splits' summaries: %s",
                       planning->database ? sqlite3_errmsg(planning->database) : "out of memory");
}

static bool open_database(struct planning *planning, struct trouble *trouble)
{
    static const char insert[] =
        "INSERT INTO asked SELECT value ->> 'web_host', value ->> 'requests', value ->> 'delay_ms' "
        "FROM json_each(?1, '$.web_hosts') UNION ALL SELECT NULL, ?1 ->> 'files', 0";
    return (sqlite3_open(":memory:", &planning->database) == SQLITE_OK &&
            sqlite3_exec(planning->database,
                         "CREATE TABLE asked (web_host TEXT, requests INTEGER, delay_ms INTEGER)",
                         NULL, NULL, NULL) == SQLITE_OK &&
            sqlite3_prepare_v2(planning->database, insert, -1, &planning->insert, NULL) ==
                SQLITE_OK) ||
           fail_database(planning, trouble);
}

static bool add_split(void *context, const struct quern_split *split, struct trouble *trouble)
{
    struct planning *planning = context;
    planning->splits++;
    planning->documents += split->documents;
    planning->bytes = planning->bytes < 0 || split->bytes_estimate < 0
                          ? -1
                          : planning->bytes + split->bytes_estimate;
    (void)sqlite3_bind_text64(planning->insert, 1, (const char *)split->summary.data,
                              split->summary.len, SQLITE_STATIC, SQLITE_UTF8);
    const bool good = sqlite3_step(planning->insert) == SQLITE_DONE;
    const bool told = good || fail_database(planning, trouble);
    (void)sqlite3_reset(planning->insert);
    return told;
}

/* "1 h 2 min 3 s", without the parts that are nothing. */
static void add_duration(struct text *to, int64_t ms)
{
    const int64_t seconds = (ms + 999) / 1000;
    if (seconds >= 3600) {
        text_add_format(to, "%" PRId64 " h ", seconds / 3600);
    }
    if (seconds >= 60) {
        text_add_format(to, "%" PRId64 " min ", seconds / 60 % 60);
    }
    text_add_format(to, "%" PRId64 " s", seconds % 60);
}

/* Web hosts that lie in one split or follow each other are asked one after the other at worst, but
 * waiting for one is time for the others: the longest of them is what politeness costs at least. */
static bool add_web_hosts(struct planning *planning, struct text *to, struct trouble *trouble)
{
    sqlite3_stmt *row = NULL;
    int64_t longest_ms = 0;
    int step = sqlite3_prepare_v2(planning->database,
                                  "SELECT web_host, sum(requests), max(delay_ms) FROM asked WHERE "
                                  "web_host IS NOT NULL GROUP BY web_host ORDER BY 2 DESC, 1",
                                  -1, &row, NULL);
    while (step == SQLITE_OK || step == SQLITE_ROW) {
        step = sqlite3_step(row);
        if (step != SQLITE_ROW) {
            break;
        }
        const int64_t requests = sqlite3_column_int64(row, 1);
        const int64_t delay_ms = sqlite3_column_int64(row, 2);
        const int64_t total_ms = requests > 0 ? (requests - 1) * delay_ms : 0;
        longest_ms = total_ms > longest_ms ? total_ms : longest_ms;
        text_add_format(to, "%s: ", (const char *)sqlite3_column_text(row, 0));
        text_add_count(to, requests, "request");
        text_add_format(to, ", one every %.3g s, at least ", (double)delay_ms / 1000.0);
        add_duration(to, total_ms);
        text_add_byte(to, '\n');
    }
    (void)sqlite3_finalize(row);
    if (longest_ms > 0) {
        text_add_string(to, "politeness takes at least ");
        add_duration(to, longest_ms);
        text_add_byte(to, '\n');
    }
    return step == SQLITE_DONE || fail_database(planning, trouble);
}

static bool count_files(struct planning *planning, struct trouble *trouble)
{
    sqlite3_stmt *row = NULL;
    const bool good =
        sqlite3_prepare_v2(planning->database,
                           "SELECT coalesce(sum(requests), 0) FROM asked WHERE web_host IS NULL",
                           -1, &row, NULL) == SQLITE_OK &&
        sqlite3_step(row) == SQLITE_ROW;
    planning->files = good ? sqlite3_column_int64(row, 0) : 0;
    (void)sqlite3_finalize(row);
    return good || fail_database(planning, trouble);
}

static bool describe(struct planning *planning, struct text *to, struct trouble *trouble)
{
    if (!count_files(planning, trouble)) {
        return false;
    }
    text_add_count(to, planning->documents, "document");
    text_add_string(to, " in ");
    text_add_count(to, planning->splits, "split");
    if (planning->bytes >= 0) {
        text_add_format(to, ", %" PRId64 " bytes", planning->bytes);
    }
    text_add_format(to, "\nlocal files: %" PRId64 "\n", planning->files);
    return add_web_hosts(planning, to, trouble);
}

static bool plan_all(struct planning *planning, const struct args *args, struct trouble *trouble)
{
    struct text error = {0};
    struct pool pool = {0};
    size_t count = 0;
    bool good =
        job_file_read(&planning->job, args->operands[0], &error) ||
        trouble_set(trouble, errno ? TROUBLE_NO_INPUT : TROUBLE_JOB, "%s", text_string(&error));
    struct quern_option *options =
        good ? session_set_options(&pool, args, planning->job.option_count, &count, trouble) : NULL;
    good = options && session_open(&planning->session, args, trouble);
    if (good) {
        /* The last of two counts: --set behind the file's. */
        memmove(options + planning->job.option_count, options, count * sizeof *options);
        memcpy(options, planning->job.options, planning->job.option_count * sizeof *options);
        planning->session.job = &planning->job;
        planning->session.job_path = args->operands[0];
        good = session_open_source(&planning->session, options, count + planning->job.option_count,
                                   trouble) &&
               open_database(planning, trouble) &&
               schedule_plan(&planning->session, add_split, planning, trouble);
    }
    text_release(&error);
    pool_release(&pool);
    return good;
}

void plan_command(const struct args *args, struct trouble *trouble)
{
    struct planning planning = {0};
    struct text output = {0};
    if (plan_all(&planning, args, trouble) && describe(&planning, &output, trouble)) {
        (void)sink_stream_print(&output, trouble);
    }
    (void)sqlite3_finalize(planning.insert);
    (void)sqlite3_close(planning.database);
    session_close(&planning.session);
    job_file_release(&planning.job);
    text_release(&output);
}
