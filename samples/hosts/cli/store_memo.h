/* SPDX-License-Identifier: Apache-2.0 */
/* quern.store/1 over SQLite: the table quern_memo in the sink's own database, a value by job and key,
 * put in the transaction that holds the rows.
 *
 * A document whose record is not in the table of records (taken out by hand, another database) is
 * not known either. What failed although a good record of it is here is told by the plugin under
 * "dead/ID", and stands in quern_failure, as every other document that failed.
 */
#ifndef CLI_STORE_MEMO_H
#define CLI_STORE_MEMO_H

#include "cli/store.h"

#include "quern/ext/store.h"

#include <sqlite3.h>

struct sqlite_memo {
    struct store_memo memo;
    struct record_sink *sink; /* of SQLite; lent */
    sqlite3 *handle;          /* lent */
    const char *job;          /* lent */
    sqlite3_stmt *find;
    sqlite3_stmt *put;
    sqlite3_stmt *remove;
    sqlite3_stmt *fail;
    sqlite3_stmt *succeed;
};

/* Makes the table; false: the database's fault, for sink_sqlite_fail to tell. */
bool store_memo_open(struct sqlite_memo *memo, struct record_sink *sink, const char *job);
void store_memo_close(struct sqlite_memo *memo);

#endif
