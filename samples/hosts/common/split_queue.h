/* SPDX-License-Identifier: Apache-2.0 */
/* A source's plan, from which any number of threads take splits.
 *
 *   split_queue ── next ──► batch_pull (thread 1) ──► batches
 *               └─ next ──► batch_pull (thread 2) ──► batches
 */
#ifndef COMMON_SPLIT_QUEUE_H
#define COMMON_SPLIT_QUEUE_H

#include "common/text.h"

#include "quern/plugin.h"

#include <pthread.h>

enum { SPLITS_AHEAD_MAX = 64 /* splits listed before they are asked for, to count threads */ };

struct split_queue {
    const struct quern_plugin *plugin;
    struct quern_source *source;
    struct quern_plan *plan;
    pthread_mutex_t lock;
    struct text ahead[SPLITS_AHEAD_MAX];
    size_t ahead_count;
    size_t ahead_taken;
    struct quern_error failure; /* what the plugin told first when a call answered false */
};

/* Begins a walk; nothing of the source is asked yet. The source must outlive the queue. False:
 * `error` tells. split_queue_close is due in either case. */
bool split_queue_open(struct split_queue *queue, const struct quern_plugin *plugin,
                      struct quern_source *source, struct text *error);

/* A queue of one split that a plan gave before, here or in another process; copied. */
bool split_queue_hold(struct split_queue *queue, const struct quern_plugin *plugin,
                      struct quern_source *source, span split, struct text *error);

/* How many splits there are, counting up to `count_max` and SPLITS_AHEAD_MAX. Before the first
 * split_queue_next. False: `error` tells. */
bool split_queue_count(struct split_queue *queue, size_t count_max, size_t *count,
                       struct text *error);

/* The next split's bytes; empty at the end. False: `error` tells. [any thread] */
bool split_queue_next(struct split_queue *queue, struct text *split, struct text *error);

void split_queue_close(struct split_queue *queue);

#endif
