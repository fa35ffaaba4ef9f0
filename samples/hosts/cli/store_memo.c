/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/store_memo.h"

#include "cli/sink_sqlite.h"

#include <string.h>

static const char table[] =
    "CREATE TABLE IF NOT EXISTS quern_memo (job TEXT NOT NULL, key TEXT NOT NULL, "
    "value BLOB NOT NULL, PRIMARY KEY (job, key)) WITHOUT ROWID";

static const char find_sql[] =
    "SELECT value FROM quern_memo WHERE job = ?1 AND key = ?2 AND (substr(?2, 1, 4) <> 'doc/' OR "
    "EXISTS (SELECT 1 FROM quern_record WHERE id = substr(?2, 5)))";

void store_memo_close(struct sqlite_memo *memo)
{
    (void)sqlite3_finalize(memo->find);
    (void)sqlite3_finalize(memo->put);
    (void)sqlite3_finalize(memo->remove);
    (void)sqlite3_finalize(memo->fail);
    (void)sqlite3_finalize(memo->succeed);
    *memo = (struct sqlite_memo){.sink = NULL};
}

static int32_t status_of(int code)
{
    switch (code) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return QUERN_OK;
    case SQLITE_NOMEM:
        return QUERN_NO_MEMORY;
    case SQLITE_TOOBIG:
        return QUERN_LIMIT;
    default:
        return QUERN_IO;
    }
}

static bool is_key(struct quern_bytes key)
{
    return key.data && key.len >= 1 && key.len <= QUERN_STORE_KEY_BYTES_MAX;
}

static int bind_key(sqlite3_stmt *statement, int parameter, struct quern_bytes key)
{
    return sqlite3_bind_text64(statement, parameter, (const char *)key.data, key.len, SQLITE_STATIC,
                               SQLITE_UTF8);
}

/* Prepared once, with job and key bound as ?1 and ?2. */
static int ready(struct sqlite_memo *memo, sqlite3_stmt **statement, const char *sql,
                 struct quern_bytes key)
{
    int code = SQLITE_OK;
    if (!*statement) {
        code = sqlite3_prepare_v2(memo->handle, sql, -1, statement, NULL);
    } else {
        code = sqlite3_reset(*statement);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_bind_text(*statement, 1, memo->job, -1, SQLITE_STATIC);
    }
    return code == SQLITE_OK ? bind_key(*statement, 2, key) : code;
}

/* The value stays where SQLite holds it until the statement runs again. */
static int32_t memo_get(struct store_memo *store, struct quern_bytes key, struct quern_bytes *out)
{
    struct sqlite_memo *memo = (struct sqlite_memo *)store;
    *out = (struct quern_bytes){.data = NULL};
    if (!is_key(key)) {
        return QUERN_LIMIT;
    }
    int code = ready(memo, &memo->find, find_sql, key);
    if (code == SQLITE_OK) {
        code = sqlite3_step(memo->find);
    }
    if (code == SQLITE_ROW) {
        out->data = sqlite3_column_blob(memo->find, 0);
        out->len = (size_t)sqlite3_column_bytes(memo->find, 0);
    }
    return status_of(code);
}

static int step_once(sqlite3_stmt *statement)
{
    const int code = sqlite3_step(statement);
    (void)sqlite3_reset(statement);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int remove_value(struct sqlite_memo *memo, struct quern_bytes key)
{
    const int code =
        ready(memo, &memo->remove, "DELETE FROM quern_memo WHERE job = ?1 AND key = ?2", key);
    return code == SQLITE_OK ? step_once(memo->remove) : code;
}

static int put_value(struct sqlite_memo *memo, struct quern_bytes key, struct quern_bytes value)
{
    int code =
        ready(memo, &memo->put, "INSERT OR REPLACE INTO quern_memo VALUES (?1, ?2, ?3)", key);
    if (code == SQLITE_OK) {
        code = sqlite3_bind_blob64(memo->put, 3, value.data, value.len, SQLITE_STATIC);
    }
    return code == SQLITE_OK ? step_once(memo->put) : code;
}

/* A dead letter comes as JSON and stands with the others. */
static int put_dead(struct sqlite_memo *memo, struct quern_bytes key)
{
    const int code =
        ready(memo, &memo->fail,
              "INSERT OR REPLACE INTO quern_failure SELECT substr(key, 6), "
              "json_extract(CAST(value AS TEXT), '$.url'), "
              "json_extract(CAST(value AS TEXT), '$.error_code'), "
              "json_extract(CAST(value AS TEXT), '$.error_message'), "
              "strftime('%Y-%m-%dT%H:%M:%SZ', 'now') FROM quern_memo WHERE job = ?1 AND key = ?2",
              key);
    return code == SQLITE_OK ? step_once(memo->fail) : code;
}

static int remove_dead(struct sqlite_memo *memo, struct quern_bytes key)
{
    const int code = ready(memo, &memo->succeed,
                           "DELETE FROM quern_failure WHERE id = substr(?2, 6) AND ?1 <> ''", key);
    return code == SQLITE_OK ? step_once(memo->succeed) : code;
}

static int32_t memo_put(struct store_memo *store, struct quern_bytes key, struct quern_bytes value)
{
    struct sqlite_memo *memo = (struct sqlite_memo *)store;
    struct trouble trouble = {.code = TROUBLE_NONE};
    if (!is_key(key) || value.len > QUERN_STORE_VALUE_BYTES_MAX) {
        return QUERN_LIMIT;
    }
    if (!sink_sqlite_begin(memo->sink, &trouble)) {
        trouble_release(&trouble);
        return QUERN_IO;
    }
    const bool is_dead = key.len > 5 && memcmp(key.data, "dead/", 5) == 0;
    int code = value.data ? put_value(memo, key, value) : remove_value(memo, key);
    if (code == SQLITE_OK && is_dead) {
        code = value.data ? put_dead(memo, key) : remove_dead(memo, key);
    }
    return status_of(code);
}

static int32_t memo_scan(struct store_memo *store, struct quern_bytes prefix,
                         bool (*each)(void *visitor, struct quern_bytes key,
                                      struct quern_bytes value),
                         void *visitor)
{
    struct sqlite_memo *memo = (struct sqlite_memo *)store;
    sqlite3_stmt *rows = NULL;
    if (prefix.len > QUERN_STORE_KEY_BYTES_MAX) {
        return QUERN_LIMIT;
    }
    int code =
        ready(memo, &rows,
              "SELECT key, value FROM quern_memo WHERE job = ?1 AND key >= ?2 AND "
              "substr(CAST(key AS BLOB), 1, length(CAST(?2 AS BLOB))) = CAST(?2 AS BLOB) "
              "ORDER BY key",
              (struct quern_bytes){prefix.len ? prefix.data : (const uint8_t *)"", prefix.len});
    bool goes_on = code == SQLITE_OK;
    while (goes_on && (code = sqlite3_step(rows)) == SQLITE_ROW) {
        const struct quern_bytes key = {.data = sqlite3_column_blob(rows, 0),
                                        .len = (size_t)sqlite3_column_bytes(rows, 0)};
        const struct quern_bytes value = {.data = sqlite3_column_blob(rows, 1),
                                          .len = (size_t)sqlite3_column_bytes(rows, 1)};
        goes_on = each(visitor, key, value);
    }
    (void)sqlite3_finalize(rows);
    return status_of(code);
}

static const struct store_memo_type type = {.get = memo_get, .put = memo_put, .scan = memo_scan};

bool store_memo_open(struct sqlite_memo *memo, struct record_sink *sink, const char *job)
{
    *memo = (struct sqlite_memo){
        .memo = {.type = &type}, .sink = sink, .handle = sink_sqlite_database(sink), .job = job};
    return sqlite3_exec(memo->handle, table, NULL, NULL, NULL) == SQLITE_OK;
}
