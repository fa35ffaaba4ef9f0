/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include "cli/run.h"
#include "cli/run_lock.h"
#include "cli/schedule.h"
#include "cli/signals.h"
#include "cli/sink_ndjson.h"
#include "cli/sink_postgres.h"
#include "cli/sink_sqlite.h"
#include "cli/sink_text.h"
#include "cli/store_memo.h"
#include "common/job_file.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

struct run {
    const struct args *args;
    const char *path;       /* of the job file */
    const char *whole_name; /* of the job, though this be a part of it */
    struct run_lock lock;
    struct job_file job;
    const struct quern_option *options; /* of the job file and of --set */
    size_t option_count;
    struct session session;
    struct schedule schedule;
    struct record_sink *sink;
    struct store *store; /* NULL: the sink is standard output */
    struct text state_path;
    struct pool pool;
};

static bool read_job(struct run *run, struct trouble *trouble)
{
    struct text error = {0};
    const bool good = job_file_read(&run->job, run->path, &error);
    if (!good) {
        (void)trouble_set(trouble, errno ? TROUBLE_NO_INPUT : TROUBLE_JOB, "%s",
                          text_string(&error));
    }
    text_release(&error);
    return good;
}

/* The job file's options stand behind those of --set, which win: of two, the plugin takes the last;
 * so the order here is the other way round. */
static bool open_source(struct run *run, struct trouble *trouble)
{
    size_t count = 0;
    struct quern_option *set = session_set_options(&run->pool, run->args, 0, &count, trouble);
    struct quern_option *all =
        set ? pool_allocate(&run->pool, (run->job.option_count + count + 1) * sizeof *all) : NULL;
    if (!all) {
        return trouble_memory(trouble);
    }
    for (size_t i = 0; i < run->job.option_count; i++) {
        all[i] = run->job.options[i];
    }
    for (size_t i = 0; i < count; i++) {
        all[run->job.option_count + i] = set[i];
    }
    run->session.job = &run->job;
    run->session.job_path = run->path;
    run->options = all;
    run->option_count = run->job.option_count + count;
    return session_open_source(&run->session, all, run->option_count, trouble);
}

/* --- sink and store --- */

static const char *state_path(struct run *run)
{
    if (run->job.state_path) {
        return run->job.state_path;
    }
    text_clear(&run->state_path);
    text_add_format(&run->state_path, "%s%s.quern-state", run->job.sink_path,
                    job_sink_is_folder(run->job.sink) ? "/" : "");
    return text_string(&run->state_path);
}

static bool open_store(struct run *run, struct trouble *trouble)
{
    const bool anew = args_has(run->args, "anew");
    switch (run->job.sink) {
    case JOB_SINK_STDOUT:
        return true;
    case JOB_SINK_SQLITE:
        run->store = store_sqlite_open(run->sink, run->job.name, trouble);
        if (run->store) {
            ((struct sqlite_memo *)run->store->memo)->job = run->whole_name;
        }
        break;
    case JOB_SINK_POSTGRESQL:
        run->store = store_postgres_open(run->sink, run->job.name, trouble);
        break;
    case JOB_SINK_NDJSON:
    case JOB_SINK_TEXT:
    case JOB_SINK_MARKDOWN:
        run->store = store_file_open(run->sink, state_path(run), run->job.sink == JOB_SINK_NDJSON,
                                     anew, run->job.name, trouble);
        break;
    }
    if (run->store && anew) {
        run->store->round.is_open = false;
    }
    run->session.memo = run->store ? run->store->memo : NULL;
    return run->store != NULL;
}

static bool open_sink(struct run *run, struct trouble *trouble)
{
    switch (run->job.sink) {
    case JOB_SINK_STDOUT:
        run->sink = sink_ndjson_to(STDOUT_FILENO, "standard output");
        break;
    case JOB_SINK_NDJSON:
        run->sink = sink_ndjson_append(run->job.sink_path, trouble);
        break;
    case JOB_SINK_TEXT:
        run->sink = sink_text_folder(run->job.sink_path, TEXT_PLAIN, trouble);
        break;
    case JOB_SINK_MARKDOWN:
        run->sink = sink_text_folder(run->job.sink_path, TEXT_MARKDOWN, trouble);
        break;
    case JOB_SINK_SQLITE:
        run->sink = sink_sqlite_open(run->job.sink_path, trouble);
        break;
    case JOB_SINK_POSTGRESQL:
        run->sink =
            sink_postgres_open(&(struct postgres_settings){.reference = run->job.sink_connection,
                                                           .job = run->job.name,
                                                           .wait_s = run->job.sink_wait_s,
                                                           .is_stopped = signals_stop_asked},
                               trouble);
        break;
    }
    return (run->sink || trouble_memory(trouble)) && open_store(run, trouble);
}

/* --- the round --- */

static bool keep_split(void *context, const struct quern_split *split, struct trouble *trouble)
{
    struct store *store = ((struct run *)context)->store;
    return store->type->plan_add(store, (span){(const char *)split->bytes.data, split->bytes.len},
                                 split->documents, trouble);
}

static bool read_split(void *context, const struct quern_split *split, struct trouble *trouble)
{
    return schedule_read_split(&((struct run *)context)->schedule,
                               (span){(const char *)split->bytes.data, split->bytes.len},
                               split->documents, trouble);
}

/* A position beyond the plan would end the round as if everything had been read. */
static bool check_position(const struct store_round *round, struct trouble *trouble)
{
    const int64_t split = round->position.split;
    return (split >= 0 && split <= round->split_count) ||
           trouble_set(trouble, TROUBLE_JOB,
                       "the state is damaged: it stands at split %" PRId64 " of %" PRId64
                       "; quern run --anew leaves it behind",
                       split, round->split_count);
}

static bool begin_round(struct run *run, struct trouble *trouble)
{
    struct store *store = run->store;
    struct text fingerprint = {0};
    store_fingerprint(&fingerprint, run->options, run->option_count);
    const bool same = span_equal(text_span(&fingerprint), text_span(&store->round.fingerprint));
    bool good = true;
    if (store->round.is_open && same) {
        progress_say(&run->session.progress, "resume",
                     "going on where the last run stopped, %" PRId64 " records are there",
                     store->round.position.tally.records);
        good = check_position(&store->round, trouble);
    } else {
        if (store->round.is_open) {
            progress_say(&run->session.progress, "anew",
                         "the inputs of the job have changed since the last run was stopped; "
                         "beginning anew");
        }
        good = store->type->plan_begin(store, text_span(&fingerprint), trouble) &&
               schedule_plan(&run->session, keep_split, run, trouble) &&
               store->type->plan_end(store, trouble);
    }
    text_release(&fingerprint);
    run->session.progress.documents_total = store->round.document_count;
    run->schedule.position = store->round.position;
    return good;
}

/* Splits before the position are done; what they held counts for the progress line. */
static bool read_round(struct run *run, struct trouble *trouble)
{
    struct store *store = run->store;
    struct text split = {0};
    bool good = true;
    for (int64_t i = 0; good && i < store->round.split_count; i++) {
        int64_t documents = 0;
        text_clear(&split);
        good = store->type->read_split(store, i, &split, &documents, trouble);
        if (good && i < run->schedule.position.split) {
            run->session.progress.documents_before += documents;
        } else if (good) {
            good = schedule_read_split(&run->schedule, text_span(&split), documents, trouble);
        }
    }
    text_release(&split);
    store->round.position = run->schedule.position;
    return good && store->type->finish(store, trouble);
}

static bool run_all(struct run *run, struct trouble *trouble)
{
    const bool is_text = job_sink_is_folder(run->job.sink);
    const enum text_form form = run->job.sink == JOB_SINK_TEXT ? TEXT_PLAIN : TEXT_MARKDOWN;
    if (!open_sink(run, trouble) ||
        !schedule_open(&run->schedule, &run->session, run->sink, run->store,
                       is_text ? sink_text_columns(form) : run->job.columns,
                       is_text ? TEXT_COLUMNS : run->job.column_count, trouble)) {
        return false;
    }
    if (!run->store) {
        return schedule_plan(&run->session, read_split, run, trouble) &&
               run->sink->type->sync(run->sink, trouble);
    }
    return begin_round(run, trouble) && read_round(run, trouble);
}

/* Under cron an exit code alone reaches nobody: a run that ends badly says so, even a quiet one.
 * Whoever asked for JSON finds the code in the summary. */
static void judge(struct run *run, struct trouble *trouble)
{
    const struct store_tally *tally = &run->schedule.position.tally;
    if (run->session.progress.style == PROGRESS_JSON) {
        trouble->code = schedule_verdict(tally, run->job.fail_above);
    } else {
        (void)schedule_judge(tally, run->job.fail_above, run->path, trouble);
    }
}

void run_command(const struct args *args, struct trouble *trouble)
{
    run_job(args, NULL, NULL, trouble);
}

/* The job's name before somebody narrows it. */
static bool narrow_job(struct run *run, run_narrow *narrow, void *context, struct trouble *trouble)
{
    run->whole_name = run->job.name;
    return !narrow || narrow(context, &run->job, trouble);
}

void run_job(const struct args *args, run_narrow *narrow, void *context, struct trouble *trouble)
{
    struct run run = {.args = args, .path = args->operands[0], .lock = {.descriptor = -1}};
    const bool ready = read_job(&run, trouble) &&
                       run_lock_take(&run.lock, &run.job, run.path, trouble) &&
                       narrow_job(&run, narrow, context, trouble) &&
                       session_open(&run.session, args, trouble) && open_source(&run, trouble);
    if (ready) {
        if (run_all(&run, trouble)) {
            judge(&run, trouble);
        }
        progress_summary(&run.session.progress, &run.schedule.position.tally, trouble->code);
    }
    schedule_close(&run.schedule);
    store_close(run.store);
    record_sink_close(run.sink);
    session_close(&run.session);
    job_file_release(&run.job);
    text_release(&run.state_path);
    pool_release(&run.pool);
    run_lock_release(&run.lock);
}
