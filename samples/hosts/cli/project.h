/* SPDX-License-Identifier: Apache-2.0 */
/* The project's store: one SQLite file that knows each schedule, each of its fires, each run, and who
 * is at work. quern schedule writes it; quern status and quern backfill read it and queue fires.
 *
 *   schedule  a job with a schedule, and up to which time its fires are accounted for
 *   fire      a time that a schedule names: queued, run, skipped, missed or coalesced, and why
 *   run       one try of a fire: when, how it ended, what it counted
 *   lease     who is at work: a process, known by boot, id and start time, so that neither a kill nor a
 *             reboot leaves one behind that counts
 *
 * Times are seconds since 1970 in UTC. A commit is on the disk when it returns (WAL, synchronous=FULL).
 * Not the state of a job's records: that lies with them (store.h).
 */
#ifndef CLI_PROJECT_H
#define CLI_PROJECT_H

#include "cli/trouble.h"

#include <sqlite3.h>

#define PROJECT_DEFAULT_PATH "quern-project.db"

struct project {
    sqlite3 *handle;
    const char *path; /* lent */
};

/* Makes the file when `creates`. Refuses network file systems and files of a newer Quern.
 * project_close is due in any case. */
bool project_open(struct project *project, const char *path, bool creates, struct trouble *trouble);
void project_close(struct project *project);

/* A statement with its parameters bound; `types` has a letter for each: i int64_t, t const char *, where
 * NULL is null. NULL: trouble tells. sqlite3_finalize is due. */
sqlite3_stmt *project_query(struct project *project, struct trouble *trouble, const char *sql,
                            const char *types, ...);

/* True: there is a row. False: no more, or trouble tells. */
bool project_next(struct project *project, sqlite3_stmt *statement, struct trouble *trouble);

/* A statement that answers nothing. */
bool project_do(struct project *project, struct trouble *trouble, const char *sql,
                const char *types, ...);

/* The first column of the first row, or `otherwise`, which is also the answer to trouble. */
int64_t project_integer(struct project *project, struct trouble *trouble, int64_t otherwise,
                        const char *sql, const char *types, ...);

bool project_begin(struct project *project, struct trouble *trouble);

/* `good` false rolls back; answers whether all of it is kept. */
bool project_end(struct project *project, bool good, struct trouble *trouble);

/* The file system of `path` when SQLite's locks cannot be trusted there; else NULL. */
const char *project_network_name(const char *path);

#endif
