/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sink_postgres_change.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void postgres_change_clear(struct postgres_change *change)
{
    change->replaces_plan = false;
    change->record_count = 0;
    text_clear(&change->rows);
    text_clear(&change->puts);
    text_clear(&change->splits);
    text_clear(&change->state);
}

void postgres_change_release(struct postgres_change *change)
{
    text_release(&change->columns);
    text_release(&change->rows);
    text_release(&change->puts);
    text_release(&change->splits);
    text_release(&change->state);
}

/* --- values --- */

void postgres_copy_text(struct text *to, span value)
{
    size_t from = 0;
    for (size_t i = 0; i < value.len; i++) {
        const char c = value.ptr[i];
        if (c == '\\' || c == '\n' || c == '\r' || c == '\t') {
            text_add(to, (span){value.ptr + from, i - from});
            text_add_byte(to, '\\');
            text_add_byte(to, c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : '\\');
            from = i + 1;
        }
    }
    text_add(to, (span){value.ptr + from, value.len - from});
}

void postgres_copy_bytes(struct text *to, span value)
{
    static const char digits[] = "0123456789abcdef";
    text_add_string(to, "\\\\x");
    for (size_t i = 0; i < value.len; i++) {
        const unsigned char c = (unsigned char)value.ptr[i];
        text_add_byte(to, digits[c >> 4]);
        text_add_byte(to, digits[c & 15]);
    }
}

/* --- SQL out of the columns --- */

struct column {
    bool is_written;
    span name;
    span type;
};

/* False: no more. */
static bool next_column(span *rest, struct column *out)
{
    const char *tab = rest->len > 0 ? memchr(rest->ptr, '\t', rest->len) : NULL;
    const char *end = rest->len > 0 ? memchr(rest->ptr, '\n', rest->len) : NULL;
    if (!tab || !end || tab > end) {
        return false;
    }
    *out = (struct column){.is_written = rest->ptr[0] == '+',
                           .name = {rest->ptr + 1, (size_t)(tab - rest->ptr) - 1},
                           .type = {tab + 1, (size_t)(end - tab) - 1}};
    rest->len -= (size_t)(end - rest->ptr) + 1;
    rest->ptr = end + 1;
    return true;
}

static void add_quoted(struct text *sql, span name, char quote)
{
    text_add_byte(sql, quote);
    for (size_t i = 0; i < name.len; i++) {
        text_add_string(sql, name.ptr[i] == quote ? (quote == '"' ? "\"" : "'") : "");
        text_add_byte(sql, name.ptr[i]);
    }
    text_add_byte(sql, quote);
}

/* The names in a list; with `again`, each of them once more behind that. */
static void add_names(struct text *sql, span columns, bool written_only, const char *again)
{
    struct column column;
    bool any = false;
    while (next_column(&columns, &column)) {
        if (written_only && !column.is_written) {
            continue;
        }
        text_add_string(sql, any ? ", " : "");
        any = true;
        add_quoted(sql, column.name, '"');
        if (again) {
            text_add_string(sql, again);
            add_quoted(sql, column.name, '"');
        }
    }
}

static void add_stage(struct text *sql, span columns)
{
    struct column column;
    text_add_string(sql, "CREATE TEMP TABLE quern_stage (quern_ordinal bigint");
    while (next_column(&columns, &column)) {
        text_add_string(sql, ", ");
        add_quoted(sql, column.name, '"');
        text_add_byte(sql, ' ');
        text_add(sql, column.type);
    }
    text_add_string(sql, ") ON COMMIT DROP");
}

/* A good row is never replaced by a failure, neither one that is there nor one of the same change. */
static void add_upsert(struct text *sql, span columns)
{
    text_add_string(sql, "INSERT INTO quern_record (");
    add_names(sql, columns, true, NULL);
    text_add_string(sql, ") SELECT DISTINCT ON (id) ");
    add_names(sql, columns, true, NULL);
    text_add_string(sql, " FROM quern_stage ORDER BY id, status IN ('failed', 'refused'), "
                         "quern_ordinal DESC ON CONFLICT (id) DO UPDATE SET ");
    add_names(sql, columns, true, " = excluded.");
    text_add_string(sql, " WHERE excluded.status NOT IN ('failed', 'refused') OR "
                         "quern_record.status IN ('failed', 'refused');"
                         "DELETE FROM quern_failure f USING quern_stage s WHERE f.id = s.id;"
                         "INSERT INTO quern_failure SELECT id, url, error_code, error_message, "
                         "now() FROM (SELECT DISTINCT ON (id) * FROM quern_stage ORDER BY id, "
                         "quern_ordinal DESC) s WHERE status IN ('failed', 'refused')");
}

static bool execute_text(struct postgres_link *link, struct text *sql, struct trouble *trouble)
{
    const bool good = sql->failed ? trouble_memory(trouble)
                                  : postgres_link_execute(link, text_string(sql), trouble);
    text_release(sql);
    return good;
}

/* --- the table's columns --- */

/* Columns that are wanted and not there, or there with another type. */
static PGresult *compare_columns(struct postgres_link *link, span columns, struct trouble *trouble)
{
    struct text sql = {0};
    struct column column;
    bool any = false;
    text_add_string(&sql, "SELECT v.name, v.type, format_type(a.atttypid, NULL) FROM (VALUES ");
    while (next_column(&columns, &column)) {
        if (column.is_written) {
            text_add_string(&sql, any ? ", (" : "(");
            any = true;
            add_quoted(&sql, column.name, '\'');
            text_add_string(&sql, ", ");
            add_quoted(&sql, column.type, '\'');
            text_add_byte(&sql, ')');
        }
    }
    text_add_string(&sql, ") AS v (name, type) LEFT JOIN pg_attribute a ON a.attrelid = "
                          "'quern_record'::regclass AND a.attname = v.name AND a.attnum > 0 AND "
                          "NOT a.attisdropped WHERE format_type(a.atttypid, NULL) IS DISTINCT "
                          "FROM v.type");
    PGresult *result =
        sql.failed ? NULL : postgres_link_query(link, text_string(&sql), 0, NULL, trouble);
    if (sql.failed) {
        (void)trouble_memory(trouble);
    }
    text_release(&sql);
    return result;
}

static bool add_column(struct postgres_link *link, const char *name, const char *type,
                       struct trouble *trouble)
{
    struct text sql = {0};
    text_add_string(&sql, "ALTER TABLE quern_record ADD COLUMN IF NOT EXISTS ");
    add_quoted(&sql, span_of(name), '"');
    text_add_format(&sql, " %s", type);
    return execute_text(link, &sql, trouble);
}

static bool check_columns(struct postgres_link *link, span columns, struct trouble *trouble)
{
    PGresult *differs = compare_columns(link, columns, trouble);
    bool good = differs != NULL;
    for (int i = 0; good && i < PQntuples(differs); i++) {
        const char *name = PQgetvalue(differs, i, 0);
        const char *type = PQgetvalue(differs, i, 1);
        good = PQgetisnull(differs, i, 2)
                   ? add_column(link, name, type, trouble)
                   : trouble_set(trouble, TROUBLE_JOB,
                                 "PostgreSQL (%s): column %s of quern_record is %s, and the "
                                 "records' is %s",
                                 link->reference, name, PQgetvalue(differs, i, 2), type);
    }
    PQclear(differs);
    return good;
}

/* --- the transaction --- */

struct making {
    const struct postgres_change *change;
    bool *was_stale;
};

static bool write_rows(struct postgres_link *link, const struct postgres_change *change,
                       struct trouble *trouble)
{
    const span columns = text_span(&change->columns);
    if (change->rows.len == 0) {
        return true;
    }
    struct text stage = {0};
    struct text copy = {0};
    struct text upsert = {0};
    add_stage(&stage, columns);
    text_add_string(&copy, "COPY quern_stage (quern_ordinal, ");
    add_names(&copy, columns, false, NULL);
    text_add_string(&copy, ") FROM STDIN");
    add_upsert(&upsert, columns);
    const bool good =
        (!copy.failed || trouble_memory(trouble)) &&
        (link->is_checked || check_columns(link, columns, trouble)) &&
        execute_text(link, &stage, trouble) &&
        postgres_link_copy(link, text_string(&copy), text_span(&change->rows), trouble) &&
        execute_text(link, &upsert, trouble);
    text_release(&stage);
    text_release(&copy);
    text_release(&upsert);
    return good;
}

/* Of several puts of a key the last counts; a dead letter comes as JSON and stands with the others. */
static bool write_puts(struct postgres_link *link, const struct postgres_change *change,
                       struct trouble *trouble)
{
    static const char sql[] =
        "DELETE FROM quern_memo m USING quern_puts p WHERE m.job = p.job AND m.key = p.key;"
        "INSERT INTO quern_memo SELECT job, key, value FROM (SELECT DISTINCT ON (key) * FROM "
        "quern_puts ORDER BY key, ordinal DESC) p WHERE value IS NOT NULL;"
        "DELETE FROM quern_failure f USING quern_puts p WHERE p.key = 'dead/' || f.id;"
        "INSERT INTO quern_failure SELECT substr(key, 6), said->>'url', said->>'error_code', "
        "said->>'error_message', now() FROM (SELECT DISTINCT ON (key) key, "
        "convert_from(value, 'UTF8')::jsonb AS said FROM quern_puts WHERE key LIKE 'dead/%' "
        "ORDER BY key, ordinal DESC) p WHERE said IS NOT NULL";
    return change->puts.len == 0 ||
           (postgres_link_execute(link,
                                  "CREATE TEMP TABLE quern_puts (ordinal bigint, job text, key "
                                  "text COLLATE \"C\", value bytea) ON COMMIT DROP",
                                  trouble) &&
            postgres_link_copy(link, "COPY quern_puts FROM STDIN", text_span(&change->puts),
                               trouble) &&
            postgres_link_execute(link, sql, trouble));
}

static bool write_plan(struct postgres_link *link, const struct postgres_change *change,
                       struct trouble *trouble)
{
    PGresult *result = change->replaces_plan
                           ? postgres_link_query(link, "DELETE FROM quern_split WHERE job = $1", 1,
                                                 &link->job, trouble)
                           : NULL;
    const bool good = !change->replaces_plan || result;
    PQclear(result);
    return good && postgres_link_copy(link, "COPY quern_split FROM STDIN",
                                      text_span(&change->splits), trouble);
}

static bool write_state(struct postgres_link *link, const struct postgres_change *change,
                        bool *is_next, struct trouble *trouble)
{
    static const char update[] =
        "UPDATE quern_state s SET revision = n.revision, writer = n.writer, finished = n.finished, "
        "fingerprint = n.fingerprint, split = n.split, state = n.state, records = n.records, "
        "inputs = n.inputs, failed = n.failed, asked = n.asked, unanswered = n.unanswered, "
        "at = now() FROM quern_next n WHERE s.job = n.job AND s.revision = n.revision - 1";
    if (!postgres_link_execute(link,
                               "CREATE TEMP TABLE quern_next (LIKE quern_state) ON COMMIT DROP; "
                               "ALTER TABLE quern_next ALTER at DROP NOT NULL",
                               trouble) ||
        !postgres_link_copy(link,
                            "COPY quern_next (job, revision, writer, finished, fingerprint, split, "
                            "state, records, inputs, failed, asked, unanswered) FROM STDIN",
                            text_span(&change->state), trouble)) {
        return false;
    }
    PGresult *result = postgres_link_query(link, update, 0, NULL, trouble);
    *is_next = result && strcmp(PQcmdTuples(result), "1") == 0;
    PQclear(result);
    return result != NULL;
}

/* The state is further on: by this very change, whose commit nobody heard of, or by another's. */
static bool look_whose(struct postgres_link *link, bool *was_stale, struct trouble *trouble)
{
    PGresult *result = postgres_link_query(
        link, "SELECT 1 FROM quern_state s JOIN quern_next n USING (job, revision, writer)", 0,
        NULL, trouble);
    *was_stale = result && PQntuples(result) == 0;
    PQclear(result);
    return result && postgres_link_execute(link, "ROLLBACK", trouble);
}

static bool make(struct postgres_link *link, void *context, struct trouble *trouble)
{
    struct making *making = context;
    const struct postgres_change *change = making->change;
    bool is_next = false;
    if (!postgres_link_execute(link, "BEGIN", trouble) ||
        !write_state(link, change, &is_next, trouble)) {
        return false;
    }
    if (!is_next) {
        return look_whose(link, making->was_stale, trouble);
    }
    const bool good = write_rows(link, change, trouble) && write_puts(link, change, trouble) &&
                      write_plan(link, change, trouble) &&
                      postgres_link_execute(link, "COMMIT", trouble);
    link->is_checked = link->is_checked || (good && change->rows.len > 0);
    return good;
}

bool postgres_change_make(struct postgres_link *link, const struct postgres_change *change,
                          bool *was_stale, struct trouble *trouble)
{
    if (change->columns.failed || change->rows.failed || change->puts.failed ||
        change->splits.failed || change->state.failed) {
        return trouble_memory(trouble);
    }
    *was_stale = false;
    struct making making = {.change = change, .was_stale = was_stale};
    return postgres_link_do(link, make, &making, trouble);
}
