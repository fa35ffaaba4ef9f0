/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sink_sqlite.h"

#include "common/heap.h"
#include "common/json_write.h"

#include <string.h>

enum { BUSY_TIMEOUT_MS = 30000 };

struct columns {
    int64_t id;
    int64_t status;
    int64_t url;
    int64_t error_code;
    int64_t error_message;
};

struct database {
    struct record_sink sink;
    sqlite3 *handle;
    const char *path;
    sqlite3_stmt *upsert;
    sqlite3_stmt *failure;
    sqlite3_stmt *success;
    struct columns at;
    int64_t *written; /* indexes of the children that are columns of the table */
    int64_t written_count;
    struct text *cells; /* JSON and dates of one row, by parameter */
    int64_t cell_count;
};

bool sink_sqlite_fail(struct record_sink *sink, struct trouble *trouble)
{
    const struct database *db = (const struct database *)sink;
    const int code = db->handle ? sqlite3_errcode(db->handle) : SQLITE_NOMEM;
    return trouble_set(trouble,
                       code == SQLITE_NOMEM      ? TROUBLE_INTERNAL
                       : code == SQLITE_CANTOPEN ? TROUBLE_CANNOT_CREATE
                                                 : TROUBLE_CANNOT_WRITE,
                       "%s: %s%s", db->path,
                       db->handle ? sqlite3_errmsg(db->handle) : "out of memory",
                       code == SQLITE_BUSY ? "; another program holds it, try again later" : "");
}

static bool execute(struct database *db, const char *sql, struct trouble *trouble)
{
    return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK ||
           sink_sqlite_fail(&db->sink, trouble);
}

static bool prepare(struct database *db, const char *sql, sqlite3_stmt **out,
                    struct trouble *trouble)
{
    return sqlite3_prepare_v2(db->handle, sql, -1, out, NULL) == SQLITE_OK ||
           sink_sqlite_fail(&db->sink, trouble);
}

/* --- the table --- */

static const char *sql_type(const char *format)
{
    switch (arrow_type_of(format)) {
    case ARROW_INT64:
    case ARROW_BOOL:
        return "INTEGER";
    case ARROW_DOUBLE:
        return "REAL";
    case ARROW_TEXT:
    case ARROW_TIME:
    case ARROW_DATE:
    case ARROW_LIST:
    case ARROW_STRUCT:
    case ARROW_UNKNOWN:
        break;
    }
    return "TEXT";
}

static void add_name(struct text *sql, const char *name)
{
    text_add_byte(sql, '"');
    for (const char *c = name; *c; c++) {
        text_add_string(sql, *c == '"' ? "\"" : "");
        text_add_byte(sql, *c);
    }
    text_add_byte(sql, '"');
}

/* SQLite compares column names without regard to case. */
static bool has_column(struct database *db, const char *name, bool *has, struct trouble *trouble)
{
    sqlite3_stmt *query = NULL;
    if (!prepare(db,
                 "SELECT 1 FROM pragma_table_info('quern_record') WHERE name = ?1 COLLATE NOCASE",
                 &query, trouble)) {
        return false;
    }
    (void)sqlite3_bind_text(query, 1, name, -1, SQLITE_STATIC);
    const int step = sqlite3_step(query);
    *has = step == SQLITE_ROW;
    (void)sqlite3_finalize(query);
    return step == SQLITE_ROW || step == SQLITE_DONE || sink_sqlite_fail(&db->sink, trouble);
}

/* A column of a later version, or one that earlier runs did not ask for. */
static bool add_missing_column(struct database *db, const struct ArrowSchema *column,
                               struct trouble *trouble)
{
    bool has = false;
    if (!has_column(db, column->name, &has, trouble)) {
        return false;
    }
    if (has) {
        return true;
    }
    struct text sql = {0};
    text_add_string(&sql, "ALTER TABLE quern_record ADD COLUMN ");
    add_name(&sql, column->name);
    text_add_format(&sql, " %s", sql_type(column->format));
    const bool good =
        sql.failed ? trouble_memory(trouble) : execute(db, text_string(&sql), trouble);
    text_release(&sql);
    return good;
}

static bool make_tables(struct database *db, const struct ArrowSchema *schema,
                        struct trouble *trouble)
{
    if (!sink_sqlite_begin(&db->sink, trouble) ||
        !execute(db,
                 "CREATE TABLE IF NOT EXISTS quern_record (id TEXT PRIMARY KEY NOT NULL, "
                 "status TEXT NOT NULL);"
                 "CREATE TABLE IF NOT EXISTS quern_failure (id TEXT PRIMARY KEY NOT NULL, "
                 "url TEXT, error_code TEXT, error_message TEXT, at TEXT NOT NULL)",
                 trouble)) {
        return false;
    }
    for (int64_t i = 0; i < db->written_count; i++) {
        if (!add_missing_column(db, schema->children[db->written[i]], trouble)) {
            return false;
        }
    }
    return db->sink.type->sync(&db->sink, trouble);
}

/* --- statements --- */

static bool prepare_upsert(struct database *db, const struct ArrowSchema *schema,
                           struct trouble *trouble)
{
    struct text sql = {0};
    text_add_string(&sql, "INSERT INTO quern_record (");
    for (int64_t i = 0; i < db->written_count; i++) {
        text_add_string(&sql, i ? ", " : "");
        add_name(&sql, schema->children[db->written[i]]->name);
    }
    text_add_string(&sql, ") VALUES (");
    for (int64_t i = 0; i < db->written_count; i++) {
        text_add_format(&sql, "%s?%d", i ? ", " : "", (int)i + 1);
    }
    text_add_string(&sql, ") ON CONFLICT (id) DO UPDATE SET ");
    for (int64_t i = 0; i < db->written_count; i++) {
        text_add_string(&sql, i ? ", " : "");
        add_name(&sql, schema->children[db->written[i]]->name);
        text_add_string(&sql, " = excluded.");
        add_name(&sql, schema->children[db->written[i]]->name);
    }
    text_add_string(&sql, " WHERE excluded.status NOT IN ('failed', 'refused') OR "
                          "quern_record.status IN ('failed', 'refused')");
    const bool good =
        sql.failed ? trouble_memory(trouble) : prepare(db, text_string(&sql), &db->upsert, trouble);
    text_release(&sql);
    return good;
}

static bool prepare_failure(struct database *db, struct trouble *trouble)
{
    return prepare(db,
                   "INSERT OR REPLACE INTO quern_failure VALUES (?1, ?2, ?3, ?4, "
                   "strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))",
                   &db->failure, trouble) &&
           prepare(db, "DELETE FROM quern_failure WHERE id = ?1", &db->success, trouble);
}

static bool begin(struct record_sink *sink, const struct ArrowSchema *schema, int64_t shown,
                  struct trouble *trouble)
{
    struct database *db = (struct database *)sink;
    sink->shown = shown;
    db->at = (struct columns){.id = arrow_find(schema, "id"),
                              .status = arrow_find(schema, "status"),
                              .url = arrow_find(schema, "url"),
                              .error_code = arrow_find(schema, "error_code"),
                              .error_message = arrow_find(schema, "error_message")};
    if (db->at.id < 0 || db->at.status < 0 || db->at.url < 0 || db->at.error_code < 0 ||
        db->at.error_message < 0) {
        return trouble_set(trouble, TROUBLE_INTERNAL,
                           "the plugin gave no columns id, status, url, "
                           "error_code and error_message");
    }
    db->written = heap_allocate((size_t)schema->n_children * sizeof *db->written);
    db->cells = heap_allocate((size_t)schema->n_children * sizeof *db->cells);
    if (!db->written || !db->cells) {
        return trouble_memory(trouble);
    }
    db->cell_count = schema->n_children;
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (i < shown || i == db->at.id || i == db->at.status) {
            db->written[db->written_count++] = i;
        }
    }
    return make_tables(db, schema, trouble) && prepare_upsert(db, schema, trouble) &&
           prepare_failure(db, trouble);
}

/* --- rows --- */

static int bind_text(sqlite3_stmt *statement, int parameter, span text)
{
    return sqlite3_bind_text64(statement, parameter, text.ptr, text.len, SQLITE_STATIC,
                               SQLITE_UTF8);
}

/* Texts are bound where they lie in the batch; what must be written out lies in `cell`. */
static int bind_cell(sqlite3_stmt *statement, int parameter, struct arrow_view column, int64_t row,
                     struct text *cell)
{
    if (arrow_is_null(column, row)) {
        return sqlite3_bind_null(statement, parameter);
    }
    text_clear(cell);
    switch (arrow_type_of(column.schema->format)) {
    case ARROW_TEXT:
        return bind_text(statement, parameter, arrow_text(column, row));
    case ARROW_INT64:
    case ARROW_BOOL:
        return sqlite3_bind_int64(statement, parameter, arrow_integer(column, row));
    case ARROW_DOUBLE:
        return sqlite3_bind_double(statement, parameter, arrow_double(column, row));
    case ARROW_DATE:
        json_write_date(cell, arrow_integer(column, row));
        break;
    case ARROW_TIME:
        json_write_time(cell, arrow_integer(column, row), column.schema->format[2]);
        break;
    case ARROW_LIST:
    case ARROW_STRUCT:
    case ARROW_UNKNOWN:
        json_write_value(cell, column, row);
        break;
    }
    return cell->failed ? SQLITE_NOMEM : bind_text(statement, parameter, text_span(cell));
}

static bool run_statement(struct database *db, sqlite3_stmt *statement, int bound,
                          struct trouble *trouble)
{
    const int step = bound == SQLITE_OK ? sqlite3_step(statement) : bound;
    (void)sqlite3_reset(statement);
    if (step == SQLITE_DONE) {
        return true;
    }
    return step == SQLITE_NOMEM ? trouble_memory(trouble) : sink_sqlite_fail(&db->sink, trouble);
}

static bool is_failure(span status)
{
    return span_equal(status, SPAN("failed")) || span_equal(status, SPAN("refused"));
}

static bool note_outcome(struct database *db, struct arrow_view rows, int64_t row,
                         struct trouble *trouble)
{
    const span status = arrow_text(arrow_child(rows, db->at.status), row);
    sqlite3_stmt *statement = is_failure(status) ? db->failure : db->success;
    const int64_t values[] = {db->at.id, db->at.url, db->at.error_code, db->at.error_message};
    const int count = is_failure(status) ? 4 : 1;
    int bound = SQLITE_OK;
    for (int i = 0; i < count && bound == SQLITE_OK; i++) {
        bound = bind_cell(statement, i + 1, arrow_child(rows, values[i]), row, &db->cells[i]);
    }
    return run_statement(db, statement, bound, trouble);
}

static bool write_rows(struct record_sink *sink, struct arrow_view rows, struct trouble *trouble)
{
    struct database *db = (struct database *)sink;
    if (!sink_sqlite_begin(sink, trouble)) {
        return false;
    }
    for (int64_t i = 0; i < rows.array->length; i++) {
        const int64_t row = arrow_struct_row(rows, i);
        int bound = SQLITE_OK;
        for (int64_t c = 0; c < db->written_count && bound == SQLITE_OK; c++) {
            bound = bind_cell(db->upsert, (int)c + 1, arrow_child(rows, db->written[c]), row,
                              &db->cells[c]);
        }
        if (!run_statement(db, db->upsert, bound, trouble) ||
            !note_outcome(db, rows, row, trouble)) {
            return false;
        }
    }
    return true;
}

bool sink_sqlite_begin(struct record_sink *sink, struct trouble *trouble)
{
    struct database *db = (struct database *)sink;
    return !sqlite3_get_autocommit(db->handle) || execute(db, "BEGIN IMMEDIATE", trouble);
}

static bool sync_rows(struct record_sink *sink, struct trouble *trouble)
{
    struct database *db = (struct database *)sink;
    return sqlite3_get_autocommit(db->handle) || execute(db, "COMMIT", trouble);
}

static void close_sink(struct record_sink *sink)
{
    struct database *db = (struct database *)sink;
    for (int64_t i = 0; db->cells && i < db->cell_count; i++) {
        text_release(&db->cells[i]);
    }
    (void)sqlite3_finalize(db->upsert);
    (void)sqlite3_finalize(db->failure);
    (void)sqlite3_finalize(db->success);
    (void)sqlite3_close(db->handle); /* rolls back what is not committed */
    heap_release(db->written);
    heap_release(db->cells);
    heap_release(db);
}

static const struct record_sink_type type = {
    .begin = begin, .write = write_rows, .sync = sync_rows, .close = close_sink};

struct record_sink *sink_sqlite_open(const char *path, struct trouble *trouble)
{
    struct database *db = heap_allocate(sizeof *db);
    if (!db) {
        (void)trouble_memory(trouble);
        return NULL;
    }
    db->sink.type = &type;
    db->path = path;
    /* synchronous = FULL: a commit that was told is on the disk. */
    if (sqlite3_open_v2(path, &db->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) !=
            SQLITE_OK ||
        sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS) != SQLITE_OK ||
        sqlite3_exec(db->handle, "PRAGMA synchronous = FULL", NULL, NULL, NULL) != SQLITE_OK) {
        (void)sink_sqlite_fail(&db->sink, trouble);
        close_sink(&db->sink);
        return NULL;
    }
    return &db->sink;
}

sqlite3 *sink_sqlite_database(struct record_sink *sink)
{
    return ((struct database *)sink)->handle;
}
