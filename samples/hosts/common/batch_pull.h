/* SPDX-License-Identifier: Apache-2.0 */
/* One thread's way through the splits of a queue: one batch after the other, whichever split it
 * comes from.
 */
#ifndef COMMON_BATCH_PULL_H
#define COMMON_BATCH_PULL_H

#include "common/arrow_view.h"
#include "common/split_queue.h"

struct batch_pull {
    struct split_queue *queue;
    const char *const *columns; /* never NULL; lent */
    uint32_t column_count;
    struct quern_reader *reader;
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    struct ArrowArray batch;
    struct text split;
    struct quern_error
        failure; /* what the plugin told when batch_pull_next answered false; or {0} */
};

/* Opens nothing yet. The queue and the columns must outlive it. */
void batch_pull_init(struct batch_pull *pull, struct split_queue *queue, const char *const *columns,
                     uint32_t column_count);

/* Lets the batch go and gets the next, which batch_pull_view shows; at the end its `array` has no
 * release. False: `error` tells. Blocks. */
bool batch_pull_next(struct batch_pull *pull, struct text *error);

static inline bool batch_pull_at_end(const struct batch_pull *pull)
{
    return !pull->batch.release;
}

static inline struct arrow_view batch_pull_view(const struct batch_pull *pull)
{
    return (struct arrow_view){.schema = &pull->schema, .array = &pull->batch};
}

/* In the middle as well; what is being fetched is given up. */
void batch_pull_close(struct batch_pull *pull);

#endif
