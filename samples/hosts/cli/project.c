/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/project.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { BUSY_MS = 30000, SCHEMA_VERSION = 1 };

static const char schema[] =
    "CREATE TABLE schedule (job TEXT PRIMARY KEY NOT NULL, path TEXT NOT NULL, cron TEXT NOT NULL, "
    "zone TEXT NOT NULL, deadman_s INTEGER NOT NULL, jitter_s INTEGER NOT NULL, "
    "active INTEGER NOT NULL, since INTEGER NOT NULL, fired_through INTEGER NOT NULL) STRICT;"
    "CREATE TABLE run (id INTEGER PRIMARY KEY, job TEXT NOT NULL, logical INTEGER NOT NULL, "
    "attempt INTEGER NOT NULL, due INTEGER NOT NULL, started INTEGER NOT NULL, ended INTEGER, "
    "outcome TEXT, exit_code INTEGER, inputs INTEGER, records INTEGER, failed INTEGER, "
    "config_hash TEXT NOT NULL, version TEXT NOT NULL, UNIQUE (job, logical, attempt)) STRICT;"
    "CREATE TABLE fire (job TEXT NOT NULL, logical INTEGER NOT NULL, due INTEGER NOT NULL, "
    "outcome TEXT NOT NULL CHECK (outcome IN ('queued', 'run', 'skipped', 'missed', 'coalesced')), "
    "reason TEXT, fires INTEGER NOT NULL DEFAULT 1, at INTEGER NOT NULL, "
    "PRIMARY KEY (job, logical)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX fire_queued ON fire (job, due) WHERE outcome = 'queued';"
    "CREATE TABLE lease (name TEXT PRIMARY KEY NOT NULL, run INTEGER, owner TEXT NOT NULL, "
    "boot TEXT NOT NULL, pid INTEGER NOT NULL, pid_start INTEGER NOT NULL, expires INTEGER) STRICT;"
    "PRAGMA user_version = 1";

/* What may pass by itself: a full disk, another writer, a medium that answers badly just now. */
static bool may_pass(int code)
{
    static const int passing[] = {SQLITE_FULL,     SQLITE_BUSY,     SQLITE_IOERR,
                                  SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_LOCKED};
    for (size_t i = 0; i < sizeof passing / sizeof passing[0]; i++) {
        if (code == passing[i]) {
            return true;
        }
    }
    return false;
}

static bool fail(struct project *project, struct trouble *trouble)
{
    const int code = project->handle ? sqlite3_errcode(project->handle) : SQLITE_NOMEM;
    return trouble_set(trouble, may_pass(code) ? TROUBLE_CANNOT_WRITE : TROUBLE_INTERNAL, "%s: %s",
                       project->path,
                       project->handle ? sqlite3_errmsg(project->handle) : "out of memory");
}

const char *project_network_name(const char *path)
{
    static const struct {
        uint32_t kind;
        const char *name;
    } known[] = {{0x6969, "NFS"},        {0xFF534D42, "CIFS"}, {0xFE534D42, "SMB"},
                 {0x517B, "SMB"},        {0x00C36400, "Ceph"}, {0x5346414F, "AFS"},
                 {0x0BD00BD0, "Lustre"}, {0x01021997, "9P"}};
    struct text folder = {0};
    struct statfs found;
    const char *slash = strrchr(path, '/');
    if (slash && slash != path) {
        text_add(&folder, (span){path, (size_t)(slash - path)});
    } else {
        text_add_string(&folder, slash ? "/" : ".");
    }
    const bool is_known = statfs(text_string(&folder), &found) == 0;
    text_release(&folder);
    for (size_t i = 0; is_known && i < sizeof known / sizeof known[0]; i++) {
        if ((uint32_t)found.f_type == known[i].kind) {
            return known[i].name;
        }
    }
    return NULL;
}

static bool make_tables(struct project *project, struct trouble *trouble)
{
    bool good = project_begin(project, trouble);
    const int64_t version = project_integer(project, trouble, 0, "PRAGMA user_version", "");
    if (good && version == 0) {
        good = sqlite3_exec(project->handle, schema, NULL, NULL, NULL) == SQLITE_OK ||
               fail(project, trouble);
    } else if (good && version != SCHEMA_VERSION) {
        good = trouble_set(trouble, TROUBLE_JOB, "%s was made by another version of Quern",
                           project->path);
    }
    return project_end(project, good, trouble);
}

bool project_open(struct project *project, const char *path, bool creates, struct trouble *trouble)
{
    *project = (struct project){.path = path};
    const char *network = project_network_name(path);
    if (network) {
        return trouble_set(trouble, TROUBLE_CANNOT_CREATE,
                           "%s lies on %s, where locks cannot be trusted; name a file on a local "
                           "disk with --project",
                           path, network);
    }
    if (!creates && access(path, F_OK) != 0) {
        return trouble_set(trouble, TROUBLE_NO_INPUT,
                           "%s: %s; quern schedule makes it, --project names it", path,
                           strerror(errno));
    }
    const int flags = SQLITE_OPEN_READWRITE | (creates ? SQLITE_OPEN_CREATE : 0);
    if (sqlite3_open_v2(path, &project->handle, flags, NULL) != SQLITE_OK) {
        return trouble_set(trouble, TROUBLE_CANNOT_CREATE, "%s: %s", path,
                           project->handle ? sqlite3_errmsg(project->handle) : "out of memory");
    }
    return (sqlite3_busy_timeout(project->handle, BUSY_MS) == SQLITE_OK &&
            sqlite3_exec(project->handle,
                         "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
                         "PRAGMA trusted_schema = OFF",
                         NULL, NULL, NULL) == SQLITE_OK) ||
                   fail(project, trouble)
               ? make_tables(project, trouble)
               : false;
}

void project_close(struct project *project)
{
    (void)sqlite3_close(project->handle);
    *project = (struct project){0};
}

static sqlite3_stmt *prepare(struct project *project, struct trouble *trouble, const char *sql,
                             const char *types, va_list values)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(project->handle, sql, -1, &statement, NULL);
    for (int i = 0; code == SQLITE_OK && types[i]; i++) {
        if (types[i] == 'i') {
            code = sqlite3_bind_int64(statement, i + 1, va_arg(values, int64_t));
        } else {
            code = sqlite3_bind_text(statement, i + 1, va_arg(values, const char *), -1,
                                     SQLITE_TRANSIENT);
        }
    }
    if (code != SQLITE_OK) {
        (void)fail(project, trouble);
        (void)sqlite3_finalize(statement);
        return NULL;
    }
    return statement;
}

sqlite3_stmt *project_query(struct project *project, struct trouble *trouble, const char *sql,
                            const char *types, ...)
{
    va_list values;
    va_start(values, types);
    sqlite3_stmt *statement = prepare(project, trouble, sql, types, values);
    va_end(values);
    return statement;
}

bool project_next(struct project *project, sqlite3_stmt *statement, struct trouble *trouble)
{
    const int step = statement ? sqlite3_step(statement) : SQLITE_DONE;
    if (step != SQLITE_ROW && step != SQLITE_DONE) {
        (void)fail(project, trouble);
    }
    return step == SQLITE_ROW;
}

bool project_do(struct project *project, struct trouble *trouble, const char *sql,
                const char *types, ...)
{
    va_list values;
    va_start(values, types);
    sqlite3_stmt *statement = prepare(project, trouble, sql, types, values);
    va_end(values);
    const bool good =
        statement && (sqlite3_step(statement) == SQLITE_DONE || fail(project, trouble));
    (void)sqlite3_finalize(statement);
    return good;
}

int64_t project_integer(struct project *project, struct trouble *trouble, int64_t otherwise,
                        const char *sql, const char *types, ...)
{
    va_list values;
    va_start(values, types);
    sqlite3_stmt *statement = prepare(project, trouble, sql, types, values);
    va_end(values);
    const bool is_there = project_next(project, statement, trouble) &&
                          sqlite3_column_type(statement, 0) != SQLITE_NULL;
    const int64_t value = is_there ? sqlite3_column_int64(statement, 0) : otherwise;
    (void)sqlite3_finalize(statement);
    return value;
}

bool project_begin(struct project *project, struct trouble *trouble)
{
    return project_do(project, trouble, "BEGIN IMMEDIATE", "");
}

bool project_end(struct project *project, bool good, struct trouble *trouble)
{
    if (good && project_do(project, trouble, "COMMIT", "")) {
        return true;
    }
    if (sqlite3_get_autocommit(project->handle) == 0) {
        (void)sqlite3_exec(project->handle, "ROLLBACK", NULL, NULL, NULL);
    }
    return false;
}
