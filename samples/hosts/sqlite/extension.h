/* SPDX-License-Identifier: Apache-2.0 */
/* The extension's two kinds of tables, registered by quern.c.
 *
 *   read_table    quern(input, options)          documents become rows
 *   list_table    quern_blocks(blocks), …        a list column of such a row becomes rows
 */
#ifndef SQLITE_EXTENSION_H
#define SQLITE_EXTENSION_H

#include "common/adapter.h"
#include "common/arrow_view.h"

#include <sqlite3ext.h>

/* quern.c has it: the host's functions, through which every sqlite3_ call goes. */
extern const sqlite3_api_routines *sqlite3_api;

/* Each answers an SQLite code. The adapter lives as long as the process. */
int read_table_register(sqlite3 *db, const struct adapter *adapter);

/* One table for each column that is a list of structs. */
int list_tables_register(sqlite3 *db, const struct adapter *adapter);

/* `message` becomes the table's error; an empty one means that there was no memory. Releases it.
 * Answers SQLITE_ERROR or SQLITE_NOMEM. */
int table_fail(sqlite3_vtab *table, struct text *message);

/* Appends a column as CREATE TABLE wants it: "name" TYPE. */
void table_add_column(struct text *sql, const struct ArrowSchema *column);

/* CREATE TABLE of these columns and the hidden ones, which are SQL as it stands. */
int table_declare(sqlite3 *db, const struct ArrowSchema *columns, const char *hidden);

#endif
