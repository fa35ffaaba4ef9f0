/* SPDX-License-Identifier: Apache-2.0 */
/* A PostgreSQL database: table quern_record with a column for each column of the records, upserted by
 * id; quern_failure as in SQLite (sink_sqlite.h). Types: text, bigint, double precision, boolean,
 * timestamptz, date; lists of texts text[], other lists and structs jsonb.
 *
 * Rows are gathered until the store commits them with the state: all of it goes to the server as one
 * change, by COPY into staging tables and one transaction, and once more when the connection broke.
 * Built without libpq, sink_postgres_open says so.
 */
#ifndef CLI_SINK_POSTGRES_H
#define CLI_SINK_POSTGRES_H

#include "cli/record_sink.h"

struct postgres_settings {
    const char *reference; /* env:NAME or file:PATH of the connection string; lent */
    const char *job;       /* name; lent */
    int64_t wait_s;        /* how long a server that is away is waited for */
    bool (*is_stopped)(void);
};

struct record_sink *sink_postgres_open(const struct postgres_settings *settings,
                                       struct trouble *trouble);

#endif
