/* SPDX-License-Identifier: Apache-2.0 */
/* quern_blocks(blocks) and its like: a list column, which SQLite has as JSON, becomes rows. Nothing
 * is read or fetched again; SQLite's own json_each does the work, with the fields as columns.
 */
#include "sqlite/extension.h"

#include "common/heap.h"

#include <string.h>

struct list_table {
    sqlite3_vtab base;
    const struct ArrowSchema *fields; /* of the list's struct; the adapter's */
    sqlite3 *db;
    struct text sql;
};

struct list_cursor {
    sqlite3_vtab_cursor base;
    sqlite3_stmt *rows;
    sqlite3_value *list;
    bool has_row;
    sqlite3_int64 rowid;
};

struct list_module {
    const struct ArrowSchema *column;
};

/* One SELECT whose columns are the fields of each element, and behind them the element's type. */
static void write_select(struct text *sql, const struct ArrowSchema *fields)
{
    text_add_string(sql, "SELECT ");
    for (int64_t i = 0; i < fields->n_children; i++) {
        text_add_format(sql, "json_extract(value, '$.\"%s\"'), ", fields->children[i]->name);
    }
    text_add_string(sql, "type");
    /* What is no array must be an error, not other rows. */
    text_add_string(sql, " FROM json_each(iif(json_type(?1) = 'array', ?1, '['))");
}

static int table_connect(sqlite3 *db, void *module, int argc, const char *const *argv,
                         sqlite3_vtab **out, char **message)
{
    (void)argc;
    (void)argv;
    (void)message;
    const struct ArrowSchema *column = ((const struct list_module *)module)->column;
    struct list_table *table = heap_allocate(sizeof *table);
    if (!table) {
        return SQLITE_NOMEM;
    }
    table->db = db;
    table->fields = column->children[0];
    write_select(&table->sql, table->fields);
    int answer = table->sql.failed ? SQLITE_NOMEM : table_declare(db, table->fields, "list HIDDEN");
    if (answer == SQLITE_OK) {
        answer = sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS); /* it sees its argument only */
    }
    if (answer != SQLITE_OK) {
        text_release(&table->sql);
        heap_release(table);
        return answer;
    }
    *out = &table->base;
    return SQLITE_OK;
}

static int table_disconnect(sqlite3_vtab *base)
{
    struct list_table *table = (struct list_table *)base;
    text_release(&table->sql);
    heap_release(table);
    return SQLITE_OK;
}

static int table_plan(sqlite3_vtab *base, sqlite3_index_info *info)
{
    const struct list_table *table = (const struct list_table *)base;
    const int hidden = (int)table->fields->n_children;
    info->estimatedCost = 1e12;
    for (int i = 0; i < info->nConstraint; i++) {
        if (info->aConstraint[i].iColumn != hidden ||
            info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ) {
            continue;
        }
        if (!info->aConstraint[i].usable) {
            return SQLITE_CONSTRAINT;
        }
        info->aConstraintUsage[i].argvIndex = 1;
        info->aConstraintUsage[i].omit = 1;
        info->idxNum = 1;
        info->estimatedCost = 100;
        info->estimatedRows = 100;
        break;
    }
    return SQLITE_OK;
}

static int cursor_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
    (void)table;
    struct list_cursor *cursor = heap_allocate(sizeof *cursor);
    *out = cursor ? &cursor->base : NULL;
    return cursor ? SQLITE_OK : SQLITE_NOMEM;
}

static int cursor_close(sqlite3_vtab_cursor *base)
{
    struct list_cursor *cursor = (struct list_cursor *)base;
    (void)sqlite3_finalize(cursor->rows);
    sqlite3_value_free(cursor->list);
    heap_release(cursor);
    return SQLITE_OK;
}

static int fail_list(const struct list_cursor *cursor, int answer)
{
    struct text message = {0};
    if (answer == SQLITE_NOMEM || answer == SQLITE_INTERRUPT) {
        return answer;
    }
    text_add_string(&message, "the argument is no list of a record, such as q.blocks of "
                              "quern('folder') AS q: it must be a JSON array of objects");
    return table_fail(cursor->base.pVtab, &message);
}

static bool is_object(const struct list_cursor *cursor)
{
    const struct list_table *table = (const struct list_table *)cursor->base.pVtab;
    const int place = (int)table->fields->n_children;
    const char *type = (const char *)sqlite3_column_text(cursor->rows, place);
    return type && strcmp(type, "object") == 0;
}

static int step_rows(struct list_cursor *cursor)
{
    int step = sqlite3_step(cursor->rows);
    if (step == SQLITE_ROW && !is_object(cursor)) {
        step = SQLITE_MISMATCH;
    }
    cursor->has_row = step == SQLITE_ROW;
    return step == SQLITE_ROW || step == SQLITE_DONE ? SQLITE_OK : fail_list(cursor, step);
}

static int cursor_filter(sqlite3_vtab_cursor *base, int has_argument, const char *unused, int argc,
                         sqlite3_value **argv)
{
    (void)unused;
    struct list_cursor *cursor = (struct list_cursor *)base;
    const struct list_table *table = (const struct list_table *)base->pVtab;
    sqlite3_value_free(cursor->list);
    cursor->list = NULL;
    cursor->has_row = false;
    cursor->rowid = 0;
    if (!has_argument || argc < 1 || sqlite3_value_type(argv[0]) == SQLITE_NULL) {
        return SQLITE_OK; /* an unknown list has no elements */
    }
    cursor->list = sqlite3_value_dup(argv[0]);
    if (!cursor->list) {
        return SQLITE_NOMEM;
    }
    int answer = SQLITE_OK;
    if (cursor->rows) {
        (void)sqlite3_reset(cursor->rows);
    } else {
        answer = sqlite3_prepare_v2(table->db, text_string(&table->sql), -1, &cursor->rows, NULL);
    }
    answer = answer == SQLITE_OK ? sqlite3_bind_value(cursor->rows, 1, argv[0]) : answer;
    return answer == SQLITE_OK ? step_rows(cursor) : fail_list(cursor, answer);
}

static int cursor_next(sqlite3_vtab_cursor *base)
{
    struct list_cursor *cursor = (struct list_cursor *)base;
    cursor->rowid++;
    return step_rows(cursor);
}

static int cursor_at_end(sqlite3_vtab_cursor *base)
{
    return !((struct list_cursor *)base)->has_row;
}

static int cursor_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *rowid)
{
    *rowid = ((struct list_cursor *)base)->rowid;
    return SQLITE_OK;
}

static int cursor_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
    struct list_cursor *cursor = (struct list_cursor *)base;
    const struct list_table *table = (const struct list_table *)base->pVtab;
    if (column == table->fields->n_children) {
        sqlite3_result_value(context, cursor->list);
    } else {
        sqlite3_result_value(context, sqlite3_column_value(cursor->rows, column));
    }
    return SQLITE_OK;
}

static const sqlite3_module list_table_module = {
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

static int register_one(sqlite3 *db, const struct ArrowSchema *column)
{
    struct text name = {0};
    text_add_format(&name, "quern_%s", column->name);
    struct list_module *module = name.failed ? NULL : heap_allocate(sizeof *module);
    int answer = SQLITE_NOMEM;
    if (module) {
        module->column = column;
        answer = sqlite3_create_module_v2(db, text_string(&name), &list_table_module, module,
                                          heap_release); /* also when it fails */
    }
    text_release(&name);
    return answer;
}

int list_tables_register(sqlite3 *db, const struct adapter *adapter)
{
    int answer = SQLITE_OK;
    for (int64_t i = 0; answer == SQLITE_OK && i < adapter->schema.n_children; i++) {
        const struct ArrowSchema *column = adapter->schema.children[i];
        if (arrow_type_of(column->format) == ARROW_LIST &&
            arrow_type_of(column->children[0]->format) == ARROW_STRUCT) {
            answer = register_one(db, column);
        }
    }
    return answer;
}
