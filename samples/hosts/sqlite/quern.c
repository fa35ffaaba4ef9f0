/* SPDX-License-Identifier: Apache-2.0 */
/* Quern as a loadable extension of SQLite 3.38 and newer.
 *
 *   .load ./quern
 *
 *   -- documents: paths, folders, patterns, URLs, or a JSON array of them
 *   SELECT title, status, text FROM quern('letters/' || '*.zip');
 *   SELECT url, text FROM quern('https://example.org/a', '{"contact": "me@example.org"}');
 *   SELECT count(*) FROM quern(NULL, '{"input_file": "urls.txt", "delay_ms": 2000}');
 *
 *   -- lists are JSON; these read them without asking for the document again
 *   SELECT q.title, b.kind, b.text FROM quern('letters') AS q, quern_blocks(q.blocks) AS b;
 *   SELECT d.reason, d.text FROM quern('letters') AS q, quern_dropped(q.dropped) AS d;
 *   -- likewise quern_links, quern_notes, quern_parts
 *
 *   -- keep what was fetched
 *   CREATE TABLE notices AS SELECT id, url, title, text FROM quern('https://example.org/notices');
 *
 * Options are those of plugin.toml as one JSON object; numbers, booleans, strings, arrays of strings.
 * Only columns that the query names are made. Not usable in triggers and views: it reads files and
 * asks servers, so only who writes the query may.
 */
#include "sqlite/extension.h"

SQLITE_EXTENSION_INIT1

enum { SQLITE_NEEDED = 3038000 /* JSON functions are part of it from there */ };

int table_fail(sqlite3_vtab *table, struct text *message)
{
    const bool told = message->len > 0 && !message->failed;
    if (told) {
        sqlite3_free(table->zErrMsg);
        table->zErrMsg = sqlite3_mprintf("quern: %s", text_string(message));
    }
    text_release(message);
    return told ? SQLITE_ERROR : SQLITE_NOMEM;
}

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

void table_add_column(struct text *sql, const struct ArrowSchema *column)
{
    text_add_byte(sql, '"');
    for (const char *c = column->name; *c; c++) {
        text_add_string(sql, *c == '"' ? "\"" : "");
        text_add_byte(sql, *c);
    }
    text_add_format(sql, "\" %s, ", sql_type(column->format));
}

int table_declare(sqlite3 *db, const struct ArrowSchema *columns, const char *hidden)
{
    struct text sql = {0};
    text_add_string(&sql, "CREATE TABLE x(");
    for (int64_t i = 0; i < columns->n_children; i++) {
        table_add_column(&sql, columns->children[i]);
    }
    text_add_format(&sql, "%s)", hidden);
    const int answer = sql.failed ? SQLITE_NOMEM : sqlite3_declare_vtab(db, text_string(&sql));
    text_release(&sql);
    return answer;
}

static int fail_load(char **message, const char *why)
{
    if (message) {
        *message = sqlite3_mprintf("quern: %s", *why ? why : "out of memory");
    }
    return SQLITE_ERROR;
}

__attribute__((visibility("default"))) int sqlite3_quern_init(sqlite3 *db, char **message,
                                                              const sqlite3_api_routines *api);

int sqlite3_quern_init(sqlite3 *db, char **message, const sqlite3_api_routines *api)
{
    SQLITE_EXTENSION_INIT2(api);
    if (sqlite3_libversion_number() < SQLITE_NEEDED) {
        return fail_load(message, "needs SQLite 3.38 or newer");
    }
    struct text error = {0};
    const struct adapter *adapter = adapter_find(&error);
    int answer = SQLITE_OK;
    if (!adapter) {
        answer = fail_load(message, text_string(&error));
    } else {
        answer = read_table_register(db, adapter);
        answer = answer == SQLITE_OK ? list_tables_register(db, adapter) : answer;
    }
    text_release(&error);
    return answer;
}
