/* SPDX-License-Identifier: Apache-2.0 */
/* An SQLite database: table quern_record with a column for each column of the records, upserted by
 * id; lists and structs as JSON text, times and dates as ISO 8601 text.
 *
 * A document that fails and has a good row keeps it. Every document whose last attempt failed
 * stands in quern_failure; a success takes it out.
 * Rows are written in a transaction that `sync` commits.
 */
#ifndef CLI_SINK_SQLITE_H
#define CLI_SINK_SQLITE_H

#include "cli/record_sink.h"

#include <sqlite3.h>

struct record_sink *sink_sqlite_open(const char *path, struct trouble *trouble);

/* For a store that keeps its state in the same transactions. */
sqlite3 *sink_sqlite_database(struct record_sink *sink);

/* Opens a transaction unless one is open. */
bool sink_sqlite_begin(struct record_sink *sink, struct trouble *trouble);

/* A failure of the database as trouble: always false. */
bool sink_sqlite_fail(struct record_sink *sink, struct trouble *trouble);

#endif
