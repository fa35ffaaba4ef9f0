/* SPDX-License-Identifier: Apache-2.0 */
/* The host's store (quern.store/1) as the floors below see it: a memo.
 *
 *   job ─► put ─► held back ─► the row went into a batch: keeper_flush ─► the host's put
 *      └─► get ─► held back? else the host's get, checked and copied
 *
 * What the job puts when it hands a row out must not reach the host before that row is in a batch
 * that leaves: a row that does not fit any more waits for the next batch, and so does its put.
 * A host that fails, or answers what cannot be, is logged once and then knows nothing.
 */
#ifndef ABI_KEEPER_H
#define ABI_KEEPER_H

#include "base/memo.h"
#include "quern/ext/store.h"

struct keeper_put;

struct keeper {
    struct memo memo; /* for the job; lent as long as the keeper */
    const struct quern_host *host;
    const struct quern_store *store; /* NULL: the host offers none, or one that cannot be used */
    struct keeper_put *first;        /* held back, in their order */
    struct keeper_put *last;
    bool has_complained;
};

/* Asks the host for its store. `host` is lent until keeper_close. [the thread inside reader_open] */
void keeper_open(struct keeper *keeper, const struct quern_host *host);

/* NULL without a store. */
const struct memo *keeper_memo(const struct keeper *keeper);

/* What was held back goes to the host. */
void keeper_flush(struct keeper *keeper);

/* What is still held back is forgotten. A zeroed one may be closed. */
void keeper_close(struct keeper *keeper);

#endif
