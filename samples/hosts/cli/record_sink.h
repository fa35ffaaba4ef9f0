/* SPDX-License-Identifier: Apache-2.0 */
/* Where records go. A sink sees the schema once, then batches, and is told when what it has must be
 * safe. It knows nothing of splits and states: the store (store.h) ties those to it.
 *
 *   begin ─► write, write, sync, write, sync … ─► close
 */
#ifndef CLI_RECORD_SINK_H
#define CLI_RECORD_SINK_H

#include "cli/trouble.h"

#include "common/arrow_view.h"

struct record_sink;

struct record_sink_type {
    /* Columns from `shown` on are for the sink's own use: they were not asked for. */
    bool (*begin)(struct record_sink *sink, const struct ArrowSchema *schema, int64_t shown,
                  struct trouble *trouble);
    /* `rows` was checked with arrow_check and has the schema of `begin`; lent. */
    bool (*write)(struct record_sink *sink, struct arrow_view rows, struct trouble *trouble);
    /* All rows written so far are where a crash does not reach them. */
    bool (*sync)(struct record_sink *sink, struct trouble *trouble);
    /* Frees the sink. What was not synced may be lost. */
    void (*close)(struct record_sink *sink);
};

/* The head of every sink. */
struct record_sink {
    const struct record_sink_type *type;
    int64_t shown;
};

static inline void record_sink_close(struct record_sink *sink)
{
    if (sink) {
        sink->type->close(sink);
    }
}

#endif
