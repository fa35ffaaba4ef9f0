/* SPDX-License-Identifier: Apache-2.0 */
/* How far a job is, kept with its records so that the two never tell different stories.
 *
 *   store_open ─► an unfinished round: go on at its position
 *             └─► none: store_plan_begin, store_plan_add…, store_plan_end
 *   per batch: sink write, then store_commit(position)       per round: store_finish
 *
 * A round is one walk over all splits in their order, so a position is the number of a split and
 * the reader's state inside it. The round's plan is kept, too: what changes in a folder meanwhile
 * belongs to the next round, and nothing is read twice or passed over.
 */
#ifndef CLI_STORE_H
#define CLI_STORE_H

#include "cli/record_sink.h"

#include "quern/ext/store.h"
#include "quern/plugin.h"

/* What a round has come to; committed with its position. */
struct store_tally {
    int64_t records;
    int64_t inputs;     /* records that came out of no other record */
    int64_t failed;     /* of these: failed or refused */
    int64_t asked;      /* of the inputs: those that were asked of a web host */
    int64_t unanswered; /* of these: failed without an HTTP status */
    int64_t unchanged;  /* of the inputs: asked in vain, as they were. Of this run only, not kept */
    int64_t not_due;    /* of the inputs: not asked. Of this run only, not kept */
};

struct store_position {
    int64_t split; /* the first one that is not done */
    span state;    /* of the reader in that split; empty: at its start */
    struct store_tally tally;
};

struct store_round {
    bool is_open;
    struct text fingerprint; /* of the inputs it was planned from */
    int64_t split_count;
    int64_t document_count;
    struct text state; /* what position.state points to */
    struct store_position position;
};

struct store;
struct store_memo;

/* What the plugin keeps with a host, as in quern/ext/store.h, with statuses of quern/status.h. */
struct store_memo_type {
    int32_t (*get)(struct store_memo *memo, struct quern_bytes key, struct quern_bytes *out);
    int32_t (*put)(struct store_memo *memo, struct quern_bytes key, struct quern_bytes value);
    int32_t (*scan)(struct store_memo *memo, struct quern_bytes prefix,
                    bool (*each)(void *visitor, struct quern_bytes key, struct quern_bytes value),
                    void *visitor);
};

/* The head of every memo. */
struct store_memo {
    const struct store_memo_type *type;
};

struct store_type {
    bool (*load)(struct store *store, struct trouble *trouble); /* fills store->round */
    bool (*plan_begin)(struct store *store, span fingerprint, struct trouble *trouble);
    bool (*plan_add)(struct store *store, span split, int64_t documents, struct trouble *trouble);
    bool (*plan_end)(struct store *store, struct trouble *trouble);
    bool (*read_split)(struct store *store, int64_t index, struct text *out, int64_t *documents,
                       struct trouble *trouble);
    bool (*commit)(struct store *store, const struct store_position *position,
                   struct trouble *trouble);
    bool (*finish)(struct store *store, struct trouble *trouble);
    void (*close)(struct store *store);
};

/* The head of every store. */
struct store {
    const struct store_type *type;
    struct record_sink *sink; /* lent */
    const char *job;          /* name, lent */
    struct store_memo *memo;  /* what the plugin keeps here (quern.store/1); NULL: nothing */
    struct store_round round;
};

/* State in the sink's own database. */
struct store *store_sqlite_open(struct record_sink *sink, const char *job, struct trouble *trouble);

/* State in the sink's own database, in the same changes as its rows. */
struct store *store_postgres_open(struct record_sink *sink, const char *job,
                                  struct trouble *trouble);

/* State in a file of its own beside the records; the plan in PATH.plan. `cuts`: the sink is NDJSON
 * in a file, which is cut back to the committed length when a round goes on. `anew`: what the files
 * say is not read, so that damaged ones can be left behind. */
struct store *store_file_open(struct record_sink *sink, const char *path, bool cuts, bool anew,
                              const char *job, struct trouble *trouble);

/* Hash of the options that decide the plan, 16 hex digits: a round whose inputs were edited is not
 * gone on with. */
void store_fingerprint(struct text *to, const struct quern_option *options, size_t count);

uint64_t store_hash(const char *terminated);

void store_close(struct store *store); /* NULL is allowed; leaves the sink alone */

#endif
