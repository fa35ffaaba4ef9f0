/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sink_sqlite.h"
#include "cli/store.h"
#include "cli/store_memo.h"

#include "common/heap.h"

#include <stdarg.h>

/* quern_state has one row a job, quern_split the plan of its unfinished round. */
static const char tables[] =
    "CREATE TABLE IF NOT EXISTS quern_state (job TEXT PRIMARY KEY NOT NULL, "
    "finished INTEGER NOT NULL, fingerprint TEXT NOT NULL, split INTEGER NOT NULL, state TEXT, "
    "records INTEGER NOT NULL, inputs INTEGER NOT NULL, failed INTEGER NOT NULL, "
    "asked INTEGER NOT NULL, unanswered INTEGER NOT NULL, at TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS quern_split (job TEXT NOT NULL, split INTEGER NOT NULL, "
    "documents INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (job, split))";

struct sqlite_store {
    struct store store;
    sqlite3 *handle;
    sqlite3_stmt *update;
    sqlite3_stmt *insert_split;
    struct sqlite_memo memo;
};

static sqlite3_stmt *prepare(struct store *store, const char *sql, struct trouble *trouble)
{
    struct sqlite_store *mine = (struct sqlite_store *)store;
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(mine->handle, sql, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_bind_text(statement, 1, store->job, -1, SQLITE_STATIC) != SQLITE_OK) {
        (void)sqlite3_finalize(statement);
        (void)sink_sqlite_fail(store->sink, trouble);
        return NULL;
    }
    return statement;
}

static bool step_done(struct store *store, sqlite3_stmt *statement, struct trouble *trouble)
{
    const bool good = sqlite3_step(statement) == SQLITE_DONE;
    const bool told = good || sink_sqlite_fail(store->sink, trouble);
    (void)sqlite3_reset(statement);
    return told;
}

static bool run_once(struct store *store, const char *sql, struct trouble *trouble)
{
    sqlite3_stmt *statement = prepare(store, sql, trouble);
    const bool good = statement && step_done(store, statement, trouble);
    (void)sqlite3_finalize(statement);
    return good;
}

static void add_column(struct text *to, sqlite3_stmt *row, int column)
{
    const char *text = sqlite3_column_blob(row, column);
    text_add(to, (span){text, (size_t)sqlite3_column_bytes(row, column)});
}

static bool read_state(struct store *store, sqlite3_stmt *row, struct trouble *trouble)
{
    struct store_round *round = &store->round;
    const int step = sqlite3_step(row);
    if (step != SQLITE_ROW) {
        return step == SQLITE_DONE || sink_sqlite_fail(store->sink, trouble);
    }
    round->is_open = sqlite3_column_int(row, 0) == 0;
    add_column(&round->fingerprint, row, 1);
    add_column(&round->state, row, 3);
    round->position =
        (struct store_position){.split = sqlite3_column_int64(row, 2),
                                .state = text_span(&round->state),
                                .tally = {.records = sqlite3_column_int64(row, 4),
                                          .inputs = sqlite3_column_int64(row, 5),
                                          .failed = sqlite3_column_int64(row, 6),
                                          .asked = sqlite3_column_int64(row, 7),
                                          .unanswered = sqlite3_column_int64(row, 8)}};
    round->split_count = sqlite3_column_int64(row, 9);
    round->document_count = sqlite3_column_int64(row, 10);
    return !(round->fingerprint.failed || round->state.failed) || trouble_memory(trouble);
}

static bool load(struct store *store, struct trouble *trouble)
{
    struct sqlite_store *mine = (struct sqlite_store *)store;
    if (sqlite3_exec(mine->handle, tables, NULL, NULL, NULL) != SQLITE_OK) {
        return sink_sqlite_fail(store->sink, trouble);
    }
    sqlite3_stmt *row =
        prepare(store,
                "SELECT finished, fingerprint, split, state, records, inputs, failed, asked, "
                "unanswered, (SELECT count(*) FROM quern_split WHERE job = ?1), "
                "(SELECT coalesce(sum(documents), 0) FROM quern_split WHERE job = ?1) "
                "FROM quern_state WHERE job = ?1",
                trouble);
    const bool good = row && read_state(store, row, trouble);
    (void)sqlite3_finalize(row);
    return good;
}

static bool plan_begin(struct store *store, span fingerprint, struct trouble *trouble)
{
    struct sqlite_store *mine = (struct sqlite_store *)store;
    text_clear(&store->round.fingerprint);
    text_clear(&store->round.state);
    text_add(&store->round.fingerprint, fingerprint);
    store->round.split_count = 0;
    store->round.document_count = 0;
    store->round.position = (struct store_position){0};
    if (!sink_sqlite_begin(store->sink, trouble) ||
        !run_once(store, "DELETE FROM quern_split WHERE job = ?1", trouble)) {
        return false;
    }
    if (!mine->insert_split) {
        mine->insert_split =
            prepare(store, "INSERT INTO quern_split VALUES (?1, ?2, ?3, ?4)", trouble);
    }
    return mine->insert_split != NULL;
}

static bool plan_add(struct store *store, span split, int64_t documents, struct trouble *trouble)
{
    struct sqlite_store *mine = (struct sqlite_store *)store;
    if (sqlite3_bind_int64(mine->insert_split, 2, store->round.split_count) != SQLITE_OK ||
        sqlite3_bind_int64(mine->insert_split, 3, documents) != SQLITE_OK ||
        sqlite3_bind_blob64(mine->insert_split, 4, split.ptr, split.len, SQLITE_STATIC) !=
            SQLITE_OK) {
        return sink_sqlite_fail(store->sink, trouble);
    }
    store->round.split_count++;
    store->round.document_count += documents;
    return step_done(store, mine->insert_split, trouble);
}

static bool write_state(struct store *store, const struct store_position *position, bool finished,
                        struct trouble *trouble)
{
    struct sqlite_store *mine = (struct sqlite_store *)store;
    if (!mine->update) {
        mine->update = prepare(store,
                               "INSERT OR REPLACE INTO quern_state VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
                               "?7, ?8, ?9, ?10, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))",
                               trouble);
    }
    if (!mine->update) {
        return false;
    }
    const span fingerprint = text_span(&store->round.fingerprint);
    const struct store_tally *tally = &position->tally;
    const int64_t counts[] = {tally->records, tally->inputs, tally->failed, tally->asked,
                              tally->unanswered};
    int bound = sqlite3_bind_int(mine->update, 2, finished);
    if (bound == SQLITE_OK) {
        bound = sqlite3_bind_text64(mine->update, 3, fingerprint.ptr, fingerprint.len,
                                    SQLITE_STATIC, SQLITE_UTF8);
    }
    if (bound == SQLITE_OK) {
        bound = sqlite3_bind_int64(mine->update, 4, position->split);
    }
    if (bound == SQLITE_OK) {
        bound = sqlite3_bind_text64(mine->update, 5, position->state.len ? position->state.ptr : "",
                                    position->state.len, SQLITE_STATIC, SQLITE_UTF8);
    }
    for (int i = 0; i < 5 && bound == SQLITE_OK; i++) {
        bound = sqlite3_bind_int64(mine->update, 6 + i, counts[i]);
    }
    return bound == SQLITE_OK ? step_done(store, mine->update, trouble)
                              : sink_sqlite_fail(store->sink, trouble);
}

static bool plan_end(struct store *store, struct trouble *trouble)
{
    store->round.is_open = true;
    return write_state(store, &store->round.position, false, trouble) &&
           store->sink->type->sync(store->sink, trouble);
}

static bool read_split(struct store *store, int64_t index, struct text *out, int64_t *documents,
                       struct trouble *trouble)
{
    sqlite3_stmt *row = prepare(
        store, "SELECT bytes, documents FROM quern_split WHERE job = ?1 AND split = ?2", trouble);
    if (!row) {
        return false;
    }
    bool good = sqlite3_bind_int64(row, 2, index) == SQLITE_OK && sqlite3_step(row) == SQLITE_ROW;
    if (good) {
        add_column(out, row, 0);
        *documents = sqlite3_column_int64(row, 1);
        good = !out->failed || trouble_memory(trouble);
    } else {
        (void)sink_sqlite_fail(store->sink, trouble);
    }
    (void)sqlite3_finalize(row);
    return good;
}

/* The rows of the batch lie in the transaction that is open; now all of it is kept, or nothing. */
static bool commit(struct store *store, const struct store_position *position,
                   struct trouble *trouble)
{
    return sink_sqlite_begin(store->sink, trouble) &&
           write_state(store, position, false, trouble) &&
           store->sink->type->sync(store->sink, trouble);
}

static bool finish(struct store *store, struct trouble *trouble)
{
    return sink_sqlite_begin(store->sink, trouble) &&
           run_once(store, "DELETE FROM quern_split WHERE job = ?1", trouble) &&
           write_state(store, &store->round.position, true, trouble) &&
           store->sink->type->sync(store->sink, trouble);
}

static void close_store(struct store *store)
{
    struct sqlite_store *mine = (struct sqlite_store *)store;
    (void)sqlite3_finalize(mine->update);
    (void)sqlite3_finalize(mine->insert_split);
    store_memo_close(&mine->memo);
    heap_release(mine);
}

static const struct store_type type = {.load = load,
                                       .plan_begin = plan_begin,
                                       .plan_add = plan_add,
                                       .plan_end = plan_end,
                                       .read_split = read_split,
                                       .commit = commit,
                                       .finish = finish,
                                       .close = close_store};

struct store *store_sqlite_open(struct record_sink *sink, const char *job, struct trouble *trouble)
{
    struct sqlite_store *mine = heap_allocate(sizeof *mine);
    if (!mine) {
        (void)trouble_memory(trouble);
        return NULL;
    }
    mine->handle = sink_sqlite_database(sink);
    mine->store = (struct store){.type = &type, .sink = sink, .job = job};
    if (!store_memo_open(&mine->memo, sink, job)) {
        (void)sink_sqlite_fail(sink, trouble);
        store_close(&mine->store);
        return NULL;
    }
    mine->store.memo = &mine->memo.memo;
    if (!type.load(&mine->store, trouble)) {
        store_close(&mine->store);
        return NULL;
    }
    return &mine->store;
}
