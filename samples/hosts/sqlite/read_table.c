/* SPDX-License-Identifier: Apache-2.0 */
/* quern(input, options): the rows of every split, one split after the other, on the caller's thread.
 */
#include "sqlite/extension.h"

#include "common/batch_pull.h"
#include "common/heap.h"
#include "common/json_write.h"
#include "common/option_list.h"

#include <stdlib.h>
#include <string.h>

/* What xBestIndex tells xFilter: which arguments there are, in this order. */
enum { HAS_INPUT = 1, HAS_OPTIONS = 2 };

enum { COLUMN_USED_REST = 63 /* bit of colUsed for this column and all later ones */ };

struct read_table {
    sqlite3_vtab base;
    const struct adapter *adapter;
    sqlite3 *db;
};

struct read_cursor {
    sqlite3_vtab_cursor base;
    struct quern_source *source;
    struct split_queue queue;
    struct batch_pull pull;
    const char **columns;   /* asked of the plugin */
    int64_t *column_places; /* by column of the table: its place among those asked, or -1 */
    sqlite3_value *arguments[2];
    int64_t row; /* in the batch */
    sqlite3_int64 rowid;
    struct text cell;
};

static int table_connect(sqlite3 *db, void *adapter, int argc, const char *const *argv,
                         sqlite3_vtab **out, char **message)
{
    (void)argc;
    (void)argv;
    (void)message;
    const struct adapter *the = adapter;
    struct read_table *table = heap_allocate(sizeof *table);
    int answer =
        table ? table_declare(db, &the->schema, "input HIDDEN, options HIDDEN") : SQLITE_NOMEM;
    if (answer == SQLITE_OK) {
        answer = sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
    }
    if (answer != SQLITE_OK) {
        heap_release(table);
        return answer;
    }
    table->adapter = the;
    table->db = db;
    *out = &table->base;
    return SQLITE_OK;
}

static int table_disconnect(sqlite3_vtab *table)
{
    heap_release(table);
    return SQLITE_OK;
}

/* Arguments of a table-valued function are equations of its hidden columns. One that cannot be used
 * in this order of the join makes the plan impossible. */
static int table_plan(sqlite3_vtab *base, sqlite3_index_info *info)
{
    const struct read_table *table = (const struct read_table *)base;
    const int first_hidden = (int)table->adapter->schema.n_children;
    int at[2] = {-1, -1};
    for (int i = 0; i < info->nConstraint; i++) {
        const int hidden = info->aConstraint[i].iColumn - first_hidden;
        if (hidden < 0 || hidden > 1 || info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ) {
            continue;
        }
        if (!info->aConstraint[i].usable) {
            return SQLITE_CONSTRAINT;
        }
        at[hidden] = i;
    }
    int count = 0;
    for (int hidden = 0; hidden < 2; hidden++) {
        if (at[hidden] >= 0) {
            info->aConstraintUsage[at[hidden]].argvIndex = ++count;
            info->aConstraintUsage[at[hidden]].omit = 1;
            info->idxNum |= 1 << hidden;
        }
    }
    info->idxStr = sqlite3_mprintf("%llx", (unsigned long long)info->colUsed);
    info->needToFreeIdxStr = 1;
    info->estimatedCost = 1e9; /* a document is dearer than any row of a table */
    info->estimatedRows = 1000000;
    return info->idxStr ? SQLITE_OK : SQLITE_NOMEM;
}

static int cursor_open(sqlite3_vtab *base, sqlite3_vtab_cursor **out)
{
    const struct read_table *table = (const struct read_table *)base;
    const size_t count = (size_t)table->adapter->schema.n_children;
    struct read_cursor *cursor = heap_allocate(sizeof *cursor);
    if (!cursor) {
        return SQLITE_NOMEM;
    }
    cursor->columns = heap_allocate((count + 1) * sizeof *cursor->columns);
    cursor->column_places = heap_allocate((count + 1) * sizeof *cursor->column_places);
    *out = &cursor->base;
    if (cursor->columns && cursor->column_places) {
        return SQLITE_OK;
    }
    heap_release(cursor->columns);
    heap_release(cursor->column_places);
    heap_release(cursor);
    *out = NULL;
    return SQLITE_NOMEM;
}

static const struct read_table *table_of(const struct read_cursor *cursor)
{
    return (const struct read_table *)cursor->base.pVtab;
}

/* Back to a cursor that has not read yet: SQLite filters one cursor many times in a join. */
static void cursor_reset(struct read_cursor *cursor)
{
    batch_pull_close(&cursor->pull);
    split_queue_close(&cursor->queue);
    table_of(cursor)->adapter->plugin->source_close(cursor->source);
    cursor->source = NULL;
    for (size_t i = 0; i < 2; i++) {
        sqlite3_value_free(cursor->arguments[i]);
        cursor->arguments[i] = NULL;
    }
    cursor->row = 0;
    cursor->rowid = 0;
}

static int cursor_close(sqlite3_vtab_cursor *base)
{
    struct read_cursor *cursor = (struct read_cursor *)base;
    cursor_reset(cursor);
    text_release(&cursor->cell);
    heap_release(cursor->columns);
    heap_release(cursor->column_places);
    heap_release(cursor);
    return SQLITE_OK;
}

/* --- arguments --- */

static span value_text(sqlite3_value *value)
{
    const char *text = (const char *)sqlite3_value_text(value);
    return (span){text ? text : "", text ? (size_t)sqlite3_value_bytes(value) : 0};
}

static bool add_input(struct option_list *list, sqlite3_value *value, struct text *error)
{
    if (!value || sqlite3_value_type(value) == SQLITE_NULL) {
        return true;
    }
    const span input = value_text(value);
    if (!span_is_utf8(input)) {
        text_add_string(error, "the input is not UTF-8 text; name a path of other bytes as a file: "
                               "URL, as in 'file:///folder/%CE%C4.txt'");
        return false;
    }
    return option_list_add_input(list, input, error);
}

static bool add_option(struct option_list *list, sqlite3_stmt *row, struct text *error)
{
    const span key = value_text(sqlite3_column_value(row, 0));
    const span type = value_text(sqlite3_column_value(row, 2));
    span value = value_text(sqlite3_column_value(row, 1));
    if (span_equal(type, SPAN("null"))) {
        return true;
    }
    if (span_equal(type, SPAN("true")) || span_equal(type, SPAN("false"))) {
        value = type;
    }
    if (span_equal(key, SPAN("input")) && span_equal(type, SPAN("text"))) {
        return option_list_add_input(list, value, error);
    }
    return option_list_add(list, key, value, error);
}

/* SQLite reads the JSON itself. */
static bool add_options(struct option_list *list, sqlite3 *db, sqlite3_value *json,
                        struct text *error)
{
    if (!json || sqlite3_value_type(json) == SQLITE_NULL) {
        return true;
    }
    static const char sql[] =
        "SELECT key, value, type FROM json_each(iif(json_type(?1) = 'object', ?1, '['))";
    sqlite3_stmt *rows = NULL;
    int step = sqlite3_prepare_v2(db, sql, -1, &rows, NULL);
    step = step == SQLITE_OK ? sqlite3_bind_value(rows, 1, json) : step;
    step = step == SQLITE_OK ? sqlite3_step(rows) : step;
    while (step == SQLITE_ROW && add_option(list, rows, error)) {
        step = sqlite3_step(rows);
    }
    (void)sqlite3_finalize(rows);
    if (step != SQLITE_DONE && step != SQLITE_ROW) {
        text_add_string(error, "the options must be a JSON object, as in "
                               "quern('folder', '{\"delay_ms\": 2000}')");
    }
    return step == SQLITE_DONE;
}

static bool open_source(struct read_cursor *cursor, struct text *error)
{
    const struct read_table *table = table_of(cursor);
    struct quern_error why = {.struct_size = sizeof why};
    struct option_list list = {0};
    if (!cursor->arguments[0] && !cursor->arguments[1]) {
        text_add_string(error, "needs an input, as in quern('folder')");
        return false;
    }
    bool good = add_input(&list, cursor->arguments[0], error) &&
                add_options(&list, table->db, cursor->arguments[1], error);
    if (good && table->adapter->plugin->source_open(NULL, list.options, list.count, &cursor->source,
                                                    &why) != QUERN_OK) {
        plugin_describe_error(error, &why);
        good = false;
    }
    option_list_release(&list);
    return good;
}

/* --- rows --- */

/* Which columns the query reads; SQLite has said so in hex. */
static uint32_t choose_columns(struct read_cursor *cursor, const char *used_hex)
{
    const struct ArrowSchema *schema = &table_of(cursor)->adapter->schema;
    const unsigned long long used = used_hex ? strtoull(used_hex, NULL, 16) : ~0ull;
    uint32_t count = 0;
    for (int64_t i = 0; i < schema->n_children; i++) {
        const int bit = i < COLUMN_USED_REST ? (int)i : COLUMN_USED_REST;
        cursor->column_places[i] = -1;
        if (used >> bit & 1) {
            cursor->column_places[i] = count;
            cursor->columns[count++] = schema->children[i]->name;
        }
    }
    return count;
}

static int cursor_filter(sqlite3_vtab_cursor *base, int which, const char *used_hex, int argc,
                         sqlite3_value **argv)
{
    struct read_cursor *cursor = (struct read_cursor *)base;
    struct text error = {0};
    cursor_reset(cursor);
    for (int hidden = 0, next = 0; hidden < 2; hidden++) {
        if (which & 1 << hidden && next < argc) {
            cursor->arguments[hidden] = sqlite3_value_dup(argv[next++]);
            if (!cursor->arguments[hidden]) {
                return SQLITE_NOMEM;
            }
        }
    }
    const uint32_t column_count = choose_columns(cursor, used_hex);
    const bool good =
        open_source(cursor, &error) &&
        split_queue_open(&cursor->queue, table_of(cursor)->adapter->plugin, cursor->source, &error);
    if (!good) {
        return table_fail(base->pVtab, &error);
    }
    batch_pull_init(&cursor->pull, &cursor->queue, cursor->columns, column_count);
    if (!batch_pull_next(&cursor->pull, &error)) {
        return table_fail(base->pVtab, &error);
    }
    text_release(&error);
    return SQLITE_OK;
}

static int cursor_next(sqlite3_vtab_cursor *base)
{
    struct read_cursor *cursor = (struct read_cursor *)base;
    struct text error = {0};
    cursor->row++;
    cursor->rowid++;
    if (cursor->row < cursor->pull.batch.length) {
        return SQLITE_OK;
    }
    cursor->row = 0;
    if (!batch_pull_next(&cursor->pull, &error)) {
        return table_fail(base->pVtab, &error);
    }
    text_release(&error);
    return SQLITE_OK;
}

static int cursor_at_end(sqlite3_vtab_cursor *base)
{
    return batch_pull_at_end(&((struct read_cursor *)base)->pull);
}

static int cursor_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *rowid)
{
    *rowid = ((struct read_cursor *)base)->rowid;
    return SQLITE_OK;
}

static void result_text(sqlite3_context *context, span value)
{
    sqlite3_result_text64(context, value.ptr, value.len, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static void result_value(sqlite3_context *context, struct arrow_view column, int64_t row,
                         struct text *cell)
{
    if (arrow_is_null(column, row)) {
        return;
    }
    text_clear(cell);
    switch (arrow_type_of(column.schema->format)) {
    case ARROW_TEXT:
        result_text(context, arrow_text(column, row));
        return;
    case ARROW_INT64:
    case ARROW_BOOL:
        sqlite3_result_int64(context, arrow_integer(column, row));
        return;
    case ARROW_DOUBLE:
        sqlite3_result_double(context, arrow_double(column, row));
        return;
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
    if (cell->failed) {
        sqlite3_result_error_nomem(context);
    } else {
        result_text(context, text_span(cell));
    }
}

static int cursor_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
    struct read_cursor *cursor = (struct read_cursor *)base;
    const int64_t count = table_of(cursor)->adapter->schema.n_children;
    if (column < 0 || column > count + 1) {
        return SQLITE_OK;
    }
    if (column >= count) {
        sqlite3_value *argument = cursor->arguments[column - count];
        if (argument) {
            sqlite3_result_value(context, argument);
        }
        return SQLITE_OK;
    }
    const int64_t place = cursor->column_places[column];
    if (place >= 0 && !batch_pull_at_end(&cursor->pull)) {
        const struct arrow_view rows = batch_pull_view(&cursor->pull);
        result_value(context, arrow_child(rows, place), arrow_struct_row(rows, cursor->row),
                     &cursor->cell);
    }
    return SQLITE_OK;
}

/* No xCreate: the table exists without being created, and only by its name. */
static const sqlite3_module read_module = {
    .xConnect = table_connect,
    .xBestIndex = table_plan,
    .xDisconnect = table_disconnect,
    .xOpen = cursor_open,
    .xClose = cursor_close,
    .xFilter = cursor_filter,
    .xNext = cursor_next,
    .xEof = cursor_at_end,
    .xColumn = cursor_column,
    .xRowid = cursor_rowid,
};

int read_table_register(sqlite3 *db, const struct adapter *adapter)
{
    /* The module lends the adapter as `void *` without changing it. */
    return sqlite3_create_module(db, "quern", &read_module, (void *)(uintptr_t)adapter);
}
