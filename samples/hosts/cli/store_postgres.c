/* SPDX-License-Identifier: Apache-2.0 */
/* The state in the PostgreSQL database that the records go to. quern_state has one row a job,
 * quern_split the plan of its unfinished round, quern_memo what the plugin keeps.
 *
 * What the plugin puts waits in memory for the batch it belongs to. A document whose record is not in
 * the table is not known either, as in SQLite (store_memo.h).
 */
#include "cli/sink_postgres_own.h"
#include "cli/store.h"

#include "common/heap.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { WRITER_LEN = 16 };

/* In `kept`: the key, and the value behind it. */
struct put {
    size_t at;
    size_t key_len;
    size_t value_len;
    bool is_removal;
};

struct postgres_memo {
    struct store_memo memo;
    struct postgres_link *link;
    struct text kept;
    struct put *puts;
    size_t count;
    size_t capacity;
    PGresult *found; /* what `get` lent */
    unsigned char *bytes;
};

struct postgres_store {
    struct store store;
    struct sink_postgres *sink;
    struct postgres_memo memo;
    int64_t revision;
    char writer[WRITER_LEN + 1];
};

/* --- what the plugin keeps --- */

static bool is_key(struct quern_bytes key)
{
    return key.data && key.len >= 1 && key.len <= QUERN_STORE_KEY_BYTES_MAX &&
           !memchr(key.data, 0, key.len) && span_is_utf8((span){(const char *)key.data, key.len});
}

static span bytes_span(struct quern_bytes bytes)
{
    return (span){bytes.len ? (const char *)bytes.data : "", bytes.len};
}

/* The newest put of that key that is not committed; NULL: none. */
static const struct put *find_put(const struct postgres_memo *memo, struct quern_bytes key)
{
    for (size_t i = memo->count; i > 0; i--) {
        const struct put *put = &memo->puts[i - 1];
        if (put->key_len == key.len && memcmp(memo->kept.ptr + put->at, key.data, key.len) == 0) {
            return put;
        }
    }
    return NULL;
}

static void let_go(struct postgres_memo *memo)
{
    PQclear(memo->found);
    PQfreemem(memo->bytes);
    memo->found = NULL;
    memo->bytes = NULL;
}

struct asking {
    struct postgres_memo *memo;
    const char *sql;
    const char *key;
};

static bool ask(struct postgres_link *link, void *context, struct trouble *trouble)
{
    struct asking *asking = context;
    const char *const values[] = {link->job, asking->key};
    asking->memo->found = postgres_link_query(link, asking->sql, 2, values, trouble);
    return asking->memo->found != NULL;
}

/* The rows stand in memo->found. */
static bool ask_server(struct postgres_memo *memo, const char *sql, struct quern_bytes key)
{
    struct text copy = {0};
    struct trouble trouble = {.code = TROUBLE_NONE};
    let_go(memo);
    text_add(&copy, bytes_span(key));
    struct asking asking = {.memo = memo, .sql = sql, .key = text_string(&copy)};
    const bool good = !copy.failed && postgres_link_do(memo->link, ask, &asking, &trouble);
    trouble_release(&trouble);
    text_release(&copy);
    return good;
}

static int32_t read_bytes(struct postgres_memo *memo, int row, int column, struct quern_bytes *out)
{
    size_t len = 0;
    PQfreemem(memo->bytes);
    memo->bytes =
        PQunescapeBytea((const unsigned char *)PQgetvalue(memo->found, row, column), &len);
    *out = (struct quern_bytes){.data = memo->bytes, .len = len};
    return memo->bytes ? QUERN_OK : QUERN_NO_MEMORY;
}

static int32_t memo_get(struct store_memo *store, struct quern_bytes key, struct quern_bytes *out)
{
    static const char sql[] =
        "SELECT value FROM quern_memo WHERE job = $1 AND key = $2 AND ($2 NOT LIKE 'doc/%' OR "
        "EXISTS (SELECT 1 FROM quern_record WHERE id = substr($2, 5)))";
    struct postgres_memo *memo = (struct postgres_memo *)store;
    *out = (struct quern_bytes){.data = NULL};
    if (!is_key(key)) {
        return QUERN_LIMIT;
    }
    const struct put *put = find_put(memo, key);
    if (put) {
        const uint8_t *value = (const uint8_t *)memo->kept.ptr + put->at + put->key_len;
        *out = put->is_removal ? *out : (struct quern_bytes){.data = value, .len = put->value_len};
        return QUERN_OK;
    }
    if (!ask_server(memo, sql, key)) {
        return QUERN_IO;
    }
    return PQntuples(memo->found) > 0 ? read_bytes(memo, 0, 0, out) : QUERN_OK;
}

static int32_t memo_put(struct store_memo *store, struct quern_bytes key, struct quern_bytes value)
{
    struct postgres_memo *memo = (struct postgres_memo *)store;
    if (!is_key(key) || value.len > QUERN_STORE_VALUE_BYTES_MAX) {
        return QUERN_LIMIT;
    }
    if (memo->count == memo->capacity) {
        const size_t capacity = memo->capacity ? memo->capacity * 2 : 64;
        struct put *puts = heap_resize(memo->puts, capacity * sizeof *puts);
        if (!puts) {
            return QUERN_NO_MEMORY;
        }
        memo->puts = puts;
        memo->capacity = capacity;
    }
    const size_t at = memo->kept.len;
    text_add(&memo->kept, bytes_span(key));
    text_add(&memo->kept, bytes_span(value));
    if (memo->kept.failed) {
        memo->kept.failed = false;
        memo->kept.len = at;
        return QUERN_NO_MEMORY;
    }
    memo->puts[memo->count++] = (struct put){
        .at = at, .key_len = key.len, .value_len = value.len, .is_removal = !value.data};
    return QUERN_OK;
}

/* A key that `scan` tells. */
struct entry {
    span key;
    int row;               /* of the server's answer, or */
    const struct put *put; /* one that waits */
};

/* By key; of one key, what was put last comes first. */
static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a;
    const struct entry *y = b;
    const size_t len = x->key.len < y->key.len ? x->key.len : y->key.len;
    const int order = memcmp(x->key.ptr, y->key.ptr, len);
    if (order != 0 || x->key.len != y->key.len) {
        return order ? order : x->key.len < y->key.len ? -1 : 1;
    }
    return x->put == y->put ? 0 : !x->put || (y->put && x->put < y->put) ? 1 : -1;
}

static size_t list_entries(const struct postgres_memo *memo, span prefix, struct entry *entries)
{
    size_t count = 0;
    for (int row = 0; row < PQntuples(memo->found); row++) {
        entries[count++] =
            (struct entry){.key = span_of(PQgetvalue(memo->found, row, 0)), .row = row};
    }
    for (size_t i = 0; i < memo->count; i++) {
        const struct put *put = &memo->puts[i];
        const span key = {memo->kept.ptr + put->at, put->key_len};
        if (span_starts(key, prefix)) {
            entries[count++] = (struct entry){.key = key, .put = put};
        }
    }
    qsort(entries, count, sizeof *entries, compare_entries);
    return count;
}

static int32_t read_entry(struct postgres_memo *memo, const struct entry *entry,
                          struct quern_bytes *out)
{
    if (!entry->put) {
        return read_bytes(memo, entry->row, 1, out);
    }
    const uint8_t *value = (const uint8_t *)entry->key.ptr + entry->put->key_len;
    *out = (struct quern_bytes){.data = value, .len = entry->put->value_len};
    return QUERN_OK;
}

static int32_t memo_scan(struct store_memo *store, struct quern_bytes prefix,
                         bool (*each)(void *visitor, struct quern_bytes key,
                                      struct quern_bytes value),
                         void *visitor)
{
    struct postgres_memo *memo = (struct postgres_memo *)store;
    if (prefix.len > 0 && !is_key(prefix)) {
        return QUERN_LIMIT;
    }
    if (!ask_server(memo,
                    "SELECT key, value FROM quern_memo WHERE job = $1 AND starts_with(key, $2)",
                    prefix)) {
        return QUERN_IO;
    }
    const size_t room = (size_t)PQntuples(memo->found) + memo->count + 1;
    struct entry *entries = heap_allocate(room * sizeof *entries);
    int32_t status = entries ? QUERN_OK : QUERN_NO_MEMORY;
    const size_t count = entries ? list_entries(memo, bytes_span(prefix), entries) : 0;
    for (size_t i = 0; i < count && status == QUERN_OK; i++) {
        const struct entry *entry = &entries[i];
        const bool is_older = i > 0 && span_equal(entry->key, entries[i - 1].key);
        const struct quern_bytes key = {.data = (const uint8_t *)entry->key.ptr,
                                        .len = entry->key.len};
        struct quern_bytes value = {.data = NULL};
        if (is_older || (entry->put && entry->put->is_removal)) {
            continue;
        }
        status = read_entry(memo, entry, &value);
        if (status == QUERN_OK && !each(visitor, key, value)) {
            break;
        }
    }
    heap_release(entries);
    return status;
}

static const struct store_memo_type memo_type = {
    .get = memo_get, .put = memo_put, .scan = memo_scan};

/* Into the change, as lines of quern_puts. */
static void write_puts(struct postgres_store *mine)
{
    struct text *to = &mine->sink->change.puts;
    for (size_t i = 0; i < mine->memo.count; i++) {
        const struct put *put = &mine->memo.puts[i];
        const char *key = mine->memo.kept.ptr + put->at;
        text_add_format(to, "%zu\t", i);
        postgres_copy_text(to, span_of(mine->store.job));
        text_add_byte(to, '\t');
        postgres_copy_text(to, (span){key, put->key_len});
        text_add_byte(to, '\t');
        if (put->is_removal) {
            text_add_string(to, "\\N");
        } else {
            postgres_copy_bytes(to, (span){key + put->key_len, put->value_len});
        }
        text_add_byte(to, '\n');
    }
}

/* --- the state --- */

static int64_t integer_at(const PGresult *row, int column)
{
    return strtoll(PQgetvalue(row, 0, column), NULL, 10);
}

static bool read_state(struct postgres_store *mine, const PGresult *row, struct trouble *trouble)
{
    struct store_round *round = &mine->store.round;
    mine->revision = integer_at(row, 0);
    round->is_open = strcmp(PQgetvalue(row, 0, 1), "f") == 0;
    text_clear(&round->fingerprint);
    text_clear(&round->state);
    text_add_string(&round->fingerprint, PQgetvalue(row, 0, 2));
    text_add_string(&round->state, PQgetvalue(row, 0, 4));
    round->position = (struct store_position){.split = integer_at(row, 3),
                                              .state = text_span(&round->state),
                                              .tally = {.records = integer_at(row, 5),
                                                        .inputs = integer_at(row, 6),
                                                        .failed = integer_at(row, 7),
                                                        .asked = integer_at(row, 8),
                                                        .unanswered = integer_at(row, 9)}};
    round->split_count = integer_at(row, 10);
    round->document_count = integer_at(row, 11);
    return !(round->fingerprint.failed || round->state.failed) || trouble_memory(trouble);
}

static bool load_from(struct postgres_link *link, void *context, struct trouble *trouble)
{
    PGresult *made = postgres_link_query(
        link,
        "INSERT INTO quern_state VALUES ($1, 0, '', true, '', 0, '', 0, 0, 0, 0, 0, now()) "
        "ON CONFLICT (job) DO NOTHING",
        1, &link->job, trouble);
    PQclear(made);
    PGresult *row = made ? postgres_link_query(
                               link,
                               "SELECT revision, finished, fingerprint, split, state, records, "
                               "inputs, failed, asked, unanswered, (SELECT count(*) FROM "
                               "quern_split WHERE job = $1), (SELECT coalesce(sum(documents), 0) "
                               "FROM quern_split WHERE job = $1) FROM quern_state WHERE job = $1",
                               1, &link->job, trouble)
                         : NULL;
    const bool good = row && (PQntuples(row) == 1 || trouble_memory(trouble)) &&
                      read_state(context, row, trouble);
    PQclear(row);
    return good;
}

static bool load(struct store *store, struct trouble *trouble)
{
    struct postgres_store *mine = (struct postgres_store *)store;
    return postgres_link_do(&mine->sink->link, load_from, mine, trouble);
}

static void write_state(struct postgres_store *mine, const struct store_position *position,
                        bool finished)
{
    struct text *to = &mine->sink->change.state;
    const struct store_tally *tally = &position->tally;
    postgres_copy_text(to, span_of(mine->store.job));
    text_add_format(to, "\t%" PRId64 "\t%s\t%c\t", mine->revision + 1, mine->writer,
                    finished ? 't' : 'f');
    postgres_copy_text(to, text_span(&mine->store.round.fingerprint));
    text_add_format(to, "\t%" PRId64 "\t", position->split);
    postgres_copy_text(to, position->state);
    text_add_format(to, "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\n",
                    tally->records, tally->inputs, tally->failed, tally->asked, tally->unanswered);
}

/* Everything that was gathered, and the state behind it. */
static bool make_change(struct postgres_store *mine, const struct store_position *position,
                        bool finished, struct trouble *trouble)
{
    struct postgres_change *change = &mine->sink->change;
    bool was_stale = false;
    change->revision = mine->revision + 1;
    write_puts(mine);
    write_state(mine, position, finished);
    if (!postgres_change_make(&mine->sink->link, change, &was_stale, trouble)) {
        return false;
    }
    if (was_stale) {
        return trouble_set(trouble, TROUBLE_BUSY,
                           "%s: another run of the job has written to the database meanwhile",
                           mine->store.job);
    }
    mine->revision++;
    mine->memo.count = 0;
    text_clear(&mine->memo.kept);
    postgres_change_clear(change);
    return true;
}

/* --- the round --- */

static bool plan_begin(struct store *store, span fingerprint, struct trouble *trouble)
{
    struct postgres_store *mine = (struct postgres_store *)store;
    text_clear(&store->round.fingerprint);
    text_clear(&store->round.state);
    text_add(&store->round.fingerprint, fingerprint);
    store->round.split_count = 0;
    store->round.document_count = 0;
    store->round.position = (struct store_position){0};
    postgres_change_clear(&mine->sink->change);
    mine->sink->change.replaces_plan = true;
    return !store->round.fingerprint.failed || trouble_memory(trouble);
}

static bool plan_add(struct store *store, span split, int64_t documents, struct trouble *trouble)
{
    struct text *to = &((struct postgres_store *)store)->sink->change.splits;
    postgres_copy_text(to, span_of(store->job));
    text_add_format(to, "\t%" PRId64 "\t%" PRId64 "\t", store->round.split_count, documents);
    postgres_copy_bytes(to, split);
    text_add_byte(to, '\n');
    store->round.split_count++;
    store->round.document_count += documents;
    return !to->failed || trouble_memory(trouble);
}

static bool plan_end(struct store *store, struct trouble *trouble)
{
    store->round.is_open = true;
    return make_change((struct postgres_store *)store, &store->round.position, false, trouble);
}

struct split_asked {
    const char *index;
    struct text *out;
    int64_t *documents;
};

static bool read_split_from(struct postgres_link *link, void *context, struct trouble *trouble)
{
    struct split_asked *asked = context;
    const char *const values[] = {link->job, asked->index};
    PGresult *row = postgres_link_query(
        link, "SELECT bytes, documents FROM quern_split WHERE job = $1 AND split = $2::bigint", 2,
        values, trouble);
    if (!row) {
        return false;
    }
    size_t len = 0;
    unsigned char *bytes = PQntuples(row) == 1
                               ? PQunescapeBytea((const unsigned char *)PQgetvalue(row, 0, 0), &len)
                               : NULL;
    bool good = bytes || trouble_set(trouble, TROUBLE_CANNOT_WRITE,
                                     "PostgreSQL (%s): the plan lacks split %s", link->reference,
                                     asked->index);
    if (good) {
        text_add(asked->out, (span){(const char *)bytes, len});
        *asked->documents = integer_at(row, 1);
        good = !asked->out->failed || trouble_memory(trouble);
    }
    PQfreemem(bytes);
    PQclear(row);
    return good;
}

static bool read_split(struct store *store, int64_t index, struct text *out, int64_t *documents,
                       struct trouble *trouble)
{
    struct postgres_store *mine = (struct postgres_store *)store;
    struct text number = {0};
    text_add_integer(&number, index);
    struct split_asked asked = {.index = text_string(&number), .out = out, .documents = documents};
    const bool good = (!number.failed || trouble_memory(trouble)) &&
                      postgres_link_do(&mine->sink->link, read_split_from, &asked, trouble);
    text_release(&number);
    return good;
}

static bool commit(struct store *store, const struct store_position *position,
                   struct trouble *trouble)
{
    return make_change((struct postgres_store *)store, position, false, trouble);
}

static bool finish(struct store *store, struct trouble *trouble)
{
    struct postgres_store *mine = (struct postgres_store *)store;
    mine->sink->change.replaces_plan = true;
    return make_change(mine, &store->round.position, true, trouble);
}

static void close_store(struct store *store)
{
    struct postgres_store *mine = (struct postgres_store *)store;
    let_go(&mine->memo);
    text_release(&mine->memo.kept);
    heap_release(mine->memo.puts);
    heap_release(mine);
}

static const struct store_type type = {.load = load,
                                       .plan_begin = plan_begin,
                                       .plan_add = plan_add,
                                       .plan_end = plan_end,
                                       .read_split = read_split,
                                       .commit = commit,
                                       .finish = finish,
                                       .close = close_store};

/* A name for this run, which no other has. */
static bool name_writer(char name[WRITER_LEN + 1], struct trouble *trouble)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char random[WRITER_LEN];
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random) {
        return trouble_set(trouble, TROUBLE_INTERNAL, "no random numbers: %s", strerror(errno));
    }
    for (size_t i = 0; i < WRITER_LEN; i++) {
        name[i] = digits[random[i] & 15];
    }
    return true;
}

struct store *store_postgres_open(struct record_sink *sink, const char *job,
                                  struct trouble *trouble)
{
    struct postgres_store *mine = heap_allocate(sizeof *mine);
    if (!mine) {
        (void)trouble_memory(trouble);
        return NULL;
    }
    mine->sink = (struct sink_postgres *)sink;
    mine->memo.memo.type = &memo_type;
    mine->memo.link = &mine->sink->link;
    mine->store = (struct store){.type = &type, .sink = sink, .job = job, .memo = &mine->memo.memo};
    if (!name_writer(mine->writer, trouble) || !load(&mine->store, trouble)) {
        store_close(&mine->store);
        return NULL;
    }
    return &mine->store;
}
