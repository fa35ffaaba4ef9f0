/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sink_postgres_link.h"

#include "common/file_read.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    SECRET_BYTES_MAX = 1 << 16,
    PAUSE_FIRST_MS = 50,
    PAUSE_LAST_MS = 1000,
    LOCK_TRIES = 100, /* with PAUSE_FIRST_MS between: a killed run's connection ends meanwhile */
    COPY_PIECE_BYTES = 1 << 20
};

static int64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void pause_ms(int64_t ms)
{
    const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = (ms % 1000) * 1000000};
    (void)nanosleep(&time, NULL); /* a signal ends it: then a stop is asked for */
}

/* --- the connection string --- */

static bool read_secret(struct postgres_link *link, struct trouble *trouble)
{
    const char *reference = link->reference;
    if (span_starts(span_of(reference), SPAN("env:"))) {
        const char *value = getenv(reference + 4);
        if (!value) {
            return trouble_set(trouble, TROUBLE_JOB, "%s: no such environment variable", reference);
        }
        text_add_string(&link->secret, value);
    } else if (!file_read(reference + 5, SECRET_BYTES_MAX, &link->secret)) {
        return trouble_set(trouble, TROUBLE_NO_INPUT, "%s: %s", reference, strerror(errno));
    }
    while (link->secret.len > 0 && strchr("\r\n \t", link->secret.ptr[link->secret.len - 1])) {
        link->secret.ptr[--link->secret.len] = 0;
    }
    return !link->secret.failed || trouble_memory(trouble);
}

/* What libpq says of a string that it cannot read may hold the password: it is not told. */
bool postgres_link_open(struct postgres_link *link, struct trouble *trouble)
{
    if (!read_secret(link, trouble)) {
        return false;
    }
    char *why = NULL;
    PQconninfoOption *read = PQconninfoParse(text_string(&link->secret), &why);
    const bool good =
        read && link->secret.len > 0 && !memchr(link->secret.ptr, 0, link->secret.len);
    PQfreemem(why);
    PQconninfoFree(read);
    return good || trouble_set(trouble, TROUBLE_JOB,
                               "%s: what it names is not a connection string, as in "
                               "postgresql://user@host/database",
                               link->reference);
}

static void disconnect(struct postgres_link *link)
{
    PQfinish(link->handle);
    link->handle = NULL;
    link->is_checked = false;
}

void postgres_link_close(struct postgres_link *link)
{
    disconnect(link);
    if (link->secret.ptr) {
        explicit_bzero(link->secret.ptr, link->secret.capacity);
    }
    text_release(&link->secret);
}

/* --- failures --- */

/* Those that pass by themselves: the connection, a server that ends or begins, locks. */
static bool passes(const char *state)
{
    static const char *const classes[] = {"08", "40", "57P", "55P03", "53300"};
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        if (strncmp(state, classes[i], strlen(classes[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* The first line of what libpq says. */
static bool fail(struct postgres_link *link, const PGresult *result, struct trouble *trouble)
{
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *said = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    said = said ? said : PQerrorMessage(link->handle);
    link->is_away = PQstatus(link->handle) != CONNECTION_OK || (state && passes(state));
    return trouble_set(trouble, link->is_away ? TROUBLE_UNAVAILABLE : TROUBLE_CANNOT_WRITE,
                       "PostgreSQL (%s): %.*s", link->reference, (int)strcspn(said, "\n"), said);
}

bool postgres_link_execute(struct postgres_link *link, const char *sql, struct trouble *trouble)
{
    PGresult *result = PQexec(link->handle, sql);
    const ExecStatusType status = PQresultStatus(result);
    const bool good =
        status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || fail(link, result, trouble);
    PQclear(result);
    return good;
}

PGresult *postgres_link_query(struct postgres_link *link, const char *sql, int count,
                              const char *const *values, struct trouble *trouble)
{
    PGresult *result = PQexecParams(link->handle, sql, count, NULL, values, NULL, NULL, 0);
    const ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        (void)fail(link, result, trouble);
        PQclear(result);
        return NULL;
    }
    return result;
}

static bool put_rows(struct postgres_link *link, span rows)
{
    while (rows.len > 0) {
        const size_t piece = rows.len < COPY_PIECE_BYTES ? rows.len : COPY_PIECE_BYTES;
        if (PQputCopyData(link->handle, rows.ptr, (int)piece) != 1) {
            return false;
        }
        rows.ptr += piece;
        rows.len -= piece;
    }
    return PQputCopyEnd(link->handle, NULL) == 1;
}

bool postgres_link_copy(struct postgres_link *link, const char *sql, span rows,
                        struct trouble *trouble)
{
    if (rows.len == 0) {
        return true;
    }
    PGresult *result = PQexec(link->handle, sql);
    bool good = PQresultStatus(result) == PGRES_COPY_IN || fail(link, result, trouble);
    PQclear(result);
    if (!good) {
        return false;
    }
    const bool is_put = put_rows(link, rows);
    while ((result = PQgetResult(link->handle))) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK) {
            good = fail(link, result, trouble);
        }
        PQclear(result);
        if (PQstatus(link->handle) != CONNECTION_OK) {
            break;
        }
    }
    return good && (is_put || fail(link, NULL, trouble));
}

/* --- connecting --- */

/* The lock of the schema is for those who make tables at the same time. */
static const char tables[] =
    "BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('quern schema', 0));"
    "CREATE TABLE IF NOT EXISTS quern_record (id text PRIMARY KEY, status text NOT NULL);"
    "CREATE TABLE IF NOT EXISTS quern_failure (id text PRIMARY KEY, url text, error_code text, "
    "error_message text, at timestamptz NOT NULL);"
    "CREATE TABLE IF NOT EXISTS quern_state (job text PRIMARY KEY, revision bigint NOT NULL, "
    "writer text NOT NULL, finished boolean NOT NULL, fingerprint text NOT NULL, split bigint NOT "
    "NULL, "
    "state text NOT NULL, records bigint NOT NULL, inputs bigint NOT NULL, failed bigint NOT NULL, "
    "asked bigint NOT NULL, unanswered bigint NOT NULL, at timestamptz NOT NULL);"
    "CREATE TABLE IF NOT EXISTS quern_split (job text NOT NULL, split bigint NOT NULL, "
    "documents bigint NOT NULL, bytes bytea NOT NULL, PRIMARY KEY (job, split));"
    "CREATE TABLE IF NOT EXISTS quern_memo (job text NOT NULL, key text COLLATE \"C\" NOT NULL, "
    "value bytea NOT NULL, PRIMARY KEY (job, key)); COMMIT";

static const char settings[] =
    "SET client_min_messages = warning; SET standard_conforming_strings = on; "
    "SET lock_timeout = '30s'; SET DateStyle = ISO; SET bytea_output = hex";

static bool check_encoding(struct postgres_link *link, struct trouble *trouble)
{
    const char *encoding = PQparameterStatus(link->handle, "server_encoding");
    return (encoding && strcmp(encoding, "UTF8") == 0) ||
           trouble_set(
               trouble, TROUBLE_JOB,
               "PostgreSQL (%s): the database keeps %s; records need one with encoding UTF8",
               link->reference, encoding ? encoding : "an unknown encoding");
}

/* A run that was killed holds its lock until the server notices. */
static bool lock_job(struct postgres_link *link, struct trouble *trouble)
{
    for (int i = 0; i < LOCK_TRIES && !(link->is_stopped && link->is_stopped()); i++) {
        PGresult *result =
            postgres_link_query(link,
                                "SELECT pg_try_advisory_lock(hashtextextended('quern job ' || "
                                "coalesce(current_schema(), '') || ' ' || $1, 0))",
                                1, &link->job, trouble);
        if (!result) {
            return false;
        }
        const bool is_held = strcmp(PQgetvalue(result, 0, 0), "t") == 0;
        PQclear(result);
        if (is_held) {
            return true;
        }
        pause_ms(PAUSE_FIRST_MS);
    }
    return trouble_set(trouble, TROUBLE_BUSY, "%s: is being run already, into the same database",
                       link->job);
}

bool postgres_link_connect(struct postgres_link *link, struct trouble *trouble)
{
    if (link->handle) {
        return true;
    }
    static const char *const keys[] = {"connect_timeout",           "tcp_user_timeout",
                                       "fallback_application_name", "dbname",
                                       "client_encoding",           NULL};
    const char *const values[] = {"10", "60000", "quern", text_string(&link->secret), "UTF8", NULL};
    link->handle = PQconnectdbParams(keys, values, 1);
    if (!link->handle) {
        return trouble_memory(trouble);
    }
    const bool good = (PQstatus(link->handle) == CONNECTION_OK || fail(link, NULL, trouble)) &&
                      check_encoding(link, trouble) &&
                      postgres_link_execute(link, settings, trouble) && lock_job(link, trouble) &&
                      postgres_link_execute(link, tables, trouble);
    if (!good) {
        disconnect(link);
    }
    link->was_connected = link->was_connected || good;
    return good;
}

/* After a failure nothing of the transaction is left. */
static void reset(struct postgres_link *link)
{
    if (!link->handle) {
        return;
    }
    struct trouble ignored = {.code = TROUBLE_NONE};
    if (PQstatus(link->handle) != CONNECTION_OK ||
        (PQtransactionStatus(link->handle) != PQTRANS_IDLE &&
         !postgres_link_execute(link, "ROLLBACK", &ignored))) {
        disconnect(link);
    }
    trouble_release(&ignored);
}

bool postgres_link_do(struct postgres_link *link,
                      bool (*work)(struct postgres_link *link, void *context,
                                   struct trouble *trouble),
                      void *context, struct trouble *trouble)
{
    const int64_t end = now_ms() + link->wait_s * 1000;
    for (int64_t pause = PAUSE_FIRST_MS;;
         pause = pause * 2 < PAUSE_LAST_MS ? pause * 2 : PAUSE_LAST_MS) {
        struct trouble failed = {.code = TROUBLE_NONE};
        link->is_away = false;
        const bool good = postgres_link_connect(link, &failed) && work(link, context, &failed);
        if (!good) {
            const bool was_away = link->is_away;
            reset(link);
            link->is_away = was_away;
        }
        if (good || !link->is_away || !link->was_connected || now_ms() + pause > end ||
            (link->is_stopped && link->is_stopped())) {
            if (!good) {
                (void)trouble_set(trouble, failed.code, "%s", text_string(&failed.message));
            }
            trouble_release(&failed);
            return good;
        }
        trouble_release(&failed);
        pause_ms(pause);
    }
}
