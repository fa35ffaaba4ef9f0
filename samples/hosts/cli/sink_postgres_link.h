/* SPDX-License-Identifier: Apache-2.0 */
/* A connection to a PostgreSQL server that may go away and come back.
 *
 * A connection holds the advisory lock of its job, so two runs never write the same state. What the
 * server answers is told by its first line only: details may hold what records hold.
 */
#ifndef CLI_SINK_POSTGRES_LINK_H
#define CLI_SINK_POSTGRES_LINK_H

#include "cli/sink_postgres.h"

#include <libpq-fe.h>

struct postgres_link {
    PGconn *handle;        /* NULL: not connected */
    const char *reference; /* env:NAME or file:PATH; lent; what messages name the server by */
    const char *job;       /* lent */
    struct text secret;    /* what the reference names */
    int64_t wait_s;        /* how long a server that is away is waited for */
    bool (*is_stopped)(void);
    bool was_connected;
    bool is_checked; /* the columns of quern_record were compared, on this connection */
    bool is_away;    /* the last failure was one that passes: the connection, or a lock */
};

/* Resolves the reference and checks what it names; false: trouble tells, and never the secret. */
bool postgres_link_open(struct postgres_link *link, struct trouble *trouble);
void postgres_link_close(struct postgres_link *link);

/* Connects unless it is, locks the job and makes the tables. Once, without waiting. */
bool postgres_link_connect(struct postgres_link *link, struct trouble *trouble);

/* Does `work` on a connection; when the connection fails, again on a new one, until wait_s have passed
 * or the run is to stop. A server that was never there is not waited for. `work` must bear being done twice. */
bool postgres_link_do(struct postgres_link *link,
                      bool (*work)(struct postgres_link *link, void *context,
                                   struct trouble *trouble),
                      void *context, struct trouble *trouble);

/* --- inside of `work` --- */

bool postgres_link_execute(struct postgres_link *link, const char *sql, struct trouble *trouble);

/* Rows of text; NULL: trouble tells. PQclear is due. `values` are of type text or NULL. */
PGresult *postgres_link_query(struct postgres_link *link, const char *sql, int count,
                              const char *const *values, struct trouble *trouble);

/* COPY … FROM STDIN of rows in the text format. Nothing is done for no rows. */
bool postgres_link_copy(struct postgres_link *link, const char *sql, span rows,
                        struct trouble *trouble);

#endif
