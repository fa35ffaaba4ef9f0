/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/schedule.h"

#include "cli/signals.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* What counting, sinks and messages need, whatever the user wants to see. */
static const char *const needed_columns[] = {"id",         "parent_id",     "url",        "status",
                                             "error_code", "error_message", "http_status"};

static bool is_among(const char *name, const char *const *columns, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(columns[i], name) == 0) {
            return true;
        }
    }
    return false;
}

bool schedule_open(struct schedule *schedule, struct session *session, struct record_sink *sink,
                   struct store *store, const char *const *columns, size_t column_count,
                   struct trouble *trouble)
{
    const size_t needed_count = sizeof needed_columns / sizeof needed_columns[0];
    *schedule =
        (struct schedule){.session = session, .sink = sink, .store = store, .shown = INT64_MAX};
    if (!columns) {
        return true;
    }
    schedule->columns =
        pool_allocate(&schedule->pool, (column_count + needed_count) * sizeof *schedule->columns);
    if (!schedule->columns) {
        return trouble_memory(trouble);
    }
    size_t count = 0;
    for (; count < column_count; count++) {
        schedule->columns[count] = columns[count];
    }
    for (size_t i = 0; i < needed_count; i++) {
        if (!is_among(needed_columns[i], columns, column_count)) {
            schedule->columns[count++] = needed_columns[i];
        }
    }
    schedule->column_count = (uint32_t)count;
    schedule->shown = (int64_t)column_count;
    return true;
}

void schedule_close(struct schedule *schedule)
{
    text_release(&schedule->state);
    pool_release(&schedule->pool);
    *schedule = (struct schedule){0};
}

/* --- counting --- */

static span text_at(struct arrow_view rows, const char *name, int64_t row)
{
    const int64_t index = arrow_find(rows.schema, name);
    if (index < 0) {
        return SPAN("");
    }
    const struct arrow_view column = arrow_child(rows, index);
    const int64_t at = arrow_struct_row(rows, row);
    return arrow_type_of(column.schema->format) != ARROW_TEXT || arrow_is_null(column, at)
               ? SPAN("")
               : arrow_text(column, at);
}

static bool has_value(struct arrow_view rows, const char *name, int64_t row)
{
    const int64_t index = arrow_find(rows.schema, name);
    return index >= 0 && !arrow_is_null(arrow_child(rows, index), arrow_struct_row(rows, row));
}

static void count_row(struct schedule *schedule, struct arrow_view rows, int64_t row)
{
    struct store_tally *tally = &schedule->position.tally;
    tally->records++;
    if (has_value(rows, "parent_id", row)) {
        return;
    }
    const span url = text_at(rows, "url", row);
    const span status = text_at(rows, "status", row);
    const bool is_web = span_starts(url, SPAN("http://")) || span_starts(url, SPAN("https://"));
    const bool is_failed = span_equal(status, SPAN("failed"));
    const bool is_refused = span_equal(status, SPAN("refused"));
    const bool is_asked =
        is_web && !is_refused && !span_equal(text_at(rows, "error_code", row), SPAN("bad_url"));
    tally->inputs++;
    tally->asked += is_asked;
    tally->unanswered += is_asked && is_failed && !has_value(rows, "http_status", row);
    if (is_failed || is_refused) {
        tally->failed++;
        progress_failure(&schedule->session->progress, url.len ? url : SPAN("-"), status,
                         text_at(rows, "error_code", row), text_at(rows, "error_message", row));
    }
}

/* Documents that gave no record because the store knows them. */
static void count_silent(struct schedule *schedule)
{
    struct store_tally *tally = &schedule->position.tally;
    struct quern_progress *counted = &schedule->counted;
    const struct quern_progress *now = &schedule->session->progress.now;
    const int64_t unchanged = now->unchanged - counted->unchanged;
    const int64_t not_due = now->not_due - counted->not_due;
    const int64_t failed = now->failed - counted->failed;
    tally->inputs += unchanged + not_due + failed;
    tally->asked += unchanged + failed;
    tally->failed += failed;
    tally->unanswered += now->unanswered - counted->unanswered;
    tally->unchanged += unchanged;
    tally->not_due += not_due;
    *counted = *now;
}

enum trouble_code schedule_verdict(const struct store_tally *tally, double fail_above)
{
    if (tally->asked > 0 && tally->unanswered == tally->asked) {
        return TROUBLE_UNAVAILABLE;
    }
    const double share = tally->inputs > 0 ? (double)tally->failed / (double)tally->inputs : 0.0;
    return share > fail_above ? TROUBLE_DATA : TROUBLE_NONE;
}

bool schedule_judge(const struct store_tally *tally, double fail_above, const char *path,
                    struct trouble *trouble)
{
    const enum trouble_code code = schedule_verdict(tally, fail_above);
    if (code == TROUBLE_UNAVAILABLE) {
        return trouble_set(trouble, code, "%s: no web host answered", path);
    }
    return code == TROUBLE_NONE ||
           trouble_set(trouble, code,
                       "%s: %" PRId64 " of %" PRId64 " input%s failed, and fail_above is %g", path,
                       tally->failed, tally->inputs, tally->inputs == 1 ? "" : "s", fail_above);
}

/* --- pulling --- */

static bool begin_sink(struct schedule *schedule, const struct ArrowSchema *schema,
                       struct trouble *trouble)
{
    if (schedule->sink_begun) {
        return true;
    }
    schedule->sink_begun = true;
    const int64_t shown =
        schedule->shown < schema->n_children ? schedule->shown : schema->n_children;
    return schedule->sink->type->begin(schedule->sink, schema, shown, trouble);
}

/* Everything up to the batch just written, as the plugin describes it. */
static bool take_state(struct schedule *schedule, struct quern_reader *reader,
                       struct trouble *trouble)
{
    struct session *session = schedule->session;
    struct quern_bytes state = {0};
    struct quern_error error = {.struct_size = sizeof error};
    if (session->plugin->reader_state(reader, &state, &error) != QUERN_OK) {
        return session_fail(session, &error, trouble);
    }
    text_clear(&schedule->state);
    text_add(&schedule->state, (span){(const char *)state.data, state.len});
    schedule->position.state = text_span(&schedule->state);
    return !schedule->state.failed || trouble_memory(trouble);
}

static bool write_batch(struct schedule *schedule, struct arrow_view rows,
                        struct quern_reader *reader, struct trouble *trouble)
{
    char why[160];
    if (!arrow_check(rows, why, sizeof why)) {
        return trouble_set(trouble, TROUBLE_INTERNAL, "the plugin gave a batch whose %s", why);
    }
    for (int64_t row = 0; row < rows.array->length; row++) {
        count_row(schedule, rows, row);
    }
    count_silent(schedule);
    if (!schedule->sink->type->write(schedule->sink, rows, trouble)) {
        return false;
    }
    if (!schedule->store) {
        return schedule->sink->type->sync(schedule->sink, trouble);
    }
    return take_state(schedule, reader, trouble) &&
           schedule->store->type->commit(schedule->store, &schedule->position, trouble);
}

static bool fail_stream(struct schedule *schedule, struct ArrowArrayStream *stream,
                        struct quern_reader *reader, int code, struct trouble *trouble)
{
    struct session *session = schedule->session;
    if (code == ECANCELED) {
        return trouble_set(trouble, TROUBLE_LATER, "stopped");
    }
    struct quern_error error = {.struct_size = sizeof error};
    if (reader && session->plugin->reader_error(reader, &error) != QUERN_OK) {
        return session_fail(session, &error, trouble);
    }
    const char *message = stream->get_last_error(stream);
    return trouble_set(trouble, TROUBLE_INTERNAL, "%s", message ? message : strerror(code));
}

static bool pull_batches(struct schedule *schedule, struct ArrowArrayStream *stream,
                         const struct ArrowSchema *schema, struct quern_reader *reader,
                         struct trouble *trouble)
{
    bool good = begin_sink(schedule, schema, trouble);
    while (good) {
        struct ArrowArray array = {0};
        const int code = stream->get_next(stream, &array);
        if (code != 0) {
            return fail_stream(schedule, stream, reader, code, trouble);
        }
        if (!array.release) {
            break;
        }
        good = write_batch(schedule, (struct arrow_view){schema, &array}, reader, trouble);
        array.release(&array);
    }
    return good;
}

bool schedule_pull(struct schedule *schedule, struct ArrowArrayStream *stream,
                   struct quern_reader *reader, struct trouble *trouble)
{
    struct ArrowSchema schema = {0};
    const int code = stream->get_schema(stream, &schema);
    const bool good = code == 0 ? pull_batches(schedule, stream, &schema, reader, trouble)
                                : fail_stream(schedule, stream, reader, code, trouble);
    if (schema.release) {
        schema.release(&schema);
    }
    stream->release(stream);
    return good;
}

/* The next split begins at its start. */
static bool end_split(struct schedule *schedule, int64_t documents, struct trouble *trouble)
{
    count_silent(schedule);
    progress_split_done(&schedule->session->progress, documents);
    schedule->counted = (struct quern_progress){0};
    schedule->position.split++;
    text_clear(&schedule->state);
    schedule->position.state = SPAN("");
    return !schedule->store ||
           schedule->store->type->commit(schedule->store, &schedule->position, trouble);
}

bool schedule_read_split(struct schedule *schedule, span split, int64_t documents,
                         struct trouble *trouble)
{
    struct session *session = schedule->session;
    const span state = schedule->position.state;
    const struct quern_read read = {.struct_size = sizeof read,
                                    .column_count = schedule->column_count,
                                    .columns = schedule->columns,
                                    .split = {(const uint8_t *)split.ptr, split.len},
                                    .state = {(const uint8_t *)state.ptr, state.len}};
    struct quern_reader *reader = NULL;
    struct ArrowArrayStream stream = {0};
    struct quern_error error = {.struct_size = sizeof error};
    if (session->plugin->reader_open(session->source, &read, &reader, &error) != QUERN_OK) {
        return session_fail(session, &error, trouble);
    }
    bool good = session->plugin->reader_stream(reader, &stream, &error) == QUERN_OK ||
                session_fail(session, &error, trouble);
    good = good && schedule_pull(schedule, &stream, reader, trouble);
    session->plugin->reader_close(reader);
    return good && end_split(schedule, documents, trouble);
}

bool schedule_plan(struct session *session,
                   bool (*each)(void *context, const struct quern_split *split,
                                struct trouble *trouble),
                   void *context, struct trouble *trouble)
{
    struct quern_error error = {.struct_size = sizeof error};
    struct quern_plan *plan = NULL;
    if (session->plugin->source_plan(session->source, &plan, &error) != QUERN_OK) {
        return session_fail(session, &error, trouble);
    }
    bool good = true;
    while (good) {
        if (signals_stop_asked()) {
            good = trouble_set(trouble, TROUBLE_LATER, "stopped");
            break;
        }
        struct quern_split split = {.struct_size = sizeof split};
        if (session->plugin->plan_next(plan, &split, &error) != QUERN_OK) {
            good = session_fail(session, &error, trouble);
        } else if (!split.bytes.data) {
            break;
        } else {
            good = each(context, &split, trouble);
        }
    }
    session->plugin->plan_close(plan);
    return good;
}
