/* SPDX-License-Identifier: Apache-2.0 */
/* What goes to the server as one: rows, what the plugin keeps, a plan, and the state behind them. It
 * is text, ready for COPY, so that it can be sent again, and kept where it could not be sent.
 *
 * The state has a revision, which counts changes, and the name of the run that made the last: a change
 * that was committed without a word being heard of it is known again, and not made twice.
 */
#ifndef CLI_SINK_POSTGRES_CHANGE_H
#define CLI_SINK_POSTGRES_CHANGE_H

#include "cli/sink_postgres_link.h"

struct postgres_change {
    int64_t revision;     /* of the state when it is made */
    int64_t record_count; /* lines of `rows` */
    bool replaces_plan;   /* by `splits`, which may be empty */
    struct text columns;  /* "+NAME TAB TYPE LF"; "-": staged, no column of quern_record */
    struct text rows;     /* ordinal and columns */
    struct text puts;     /* ordinal, key, value or \N: removed */
    struct text splits;   /* job, split, documents, bytes */
    struct text state;    /* a line of quern_state without its last column */
};

/* Empties all but the columns. */
void postgres_change_clear(struct postgres_change *change);
void postgres_change_release(struct postgres_change *change);

/* Makes it, waiting for the server as long as the link does. `*was_stale`: another run has gone
 * on meanwhile, and nothing was done. */
bool postgres_change_make(struct postgres_link *link, const struct postgres_change *change,
                          bool *was_stale, struct trouble *trouble);

/* --- values in COPY's text format --- */

void postgres_copy_text(struct text *to, span value);
void postgres_copy_bytes(struct text *to, span value);

#endif
