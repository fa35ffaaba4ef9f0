/* SPDX-License-Identifier: Apache-2.0 */
#include "common/split_queue.h"

#include "common/plugin_load.h"

static void init(struct split_queue *queue, const struct quern_plugin *plugin,
                 struct quern_source *source)
{
    *queue = (struct split_queue){.plugin = plugin, .source = source};
    (void)pthread_mutex_init(&queue->lock, NULL); /* does not fail on Linux without attributes */
}

bool split_queue_open(struct split_queue *queue, const struct quern_plugin *plugin,
                      struct quern_source *source, struct text *error)
{
    init(queue, plugin, source);
    struct quern_error why = {.struct_size = sizeof why};
    if (plugin->source_plan(source, &queue->plan, &why) != QUERN_OK) {
        queue->failure = why;
        plugin_describe_error(error, &why);
        return false;
    }
    return true;
}

bool split_queue_hold(struct split_queue *queue, const struct quern_plugin *plugin,
                      struct quern_source *source, span split, struct text *error)
{
    init(queue, plugin, source);
    text_add(&queue->ahead[0], split);
    queue->ahead_count = 1;
    if (queue->ahead[0].failed) {
        text_add_string(error, "out of memory");
        return false;
    }
    return true;
}

/* Asks the plan for one more; `split` stays empty at its end. */
static bool ask_plan(struct split_queue *queue, struct text *split, struct text *error)
{
    struct quern_error why = {.struct_size = sizeof why};
    struct quern_split found = {.struct_size = sizeof found};
    if (queue->plan && queue->plugin->plan_next(queue->plan, &found, &why) != QUERN_OK) {
        if (queue->failure.status == QUERN_OK) { /* once: other threads may be reading it */
            queue->failure = why;
        }
        plugin_describe_error(error, &why);
        return false;
    }
    text_clear(split);
    if (found.bytes.data) {
        text_add(split, (span){(const char *)found.bytes.data, found.bytes.len});
    }
    if (split->failed) {
        text_add_string(error, "out of memory");
        return false;
    }
    return true;
}

bool split_queue_count(struct split_queue *queue, size_t count_max, size_t *count,
                       struct text *error)
{
    const size_t most = count_max < SPLITS_AHEAD_MAX ? count_max : SPLITS_AHEAD_MAX;
    while (queue->ahead_count < most) {
        struct text *split = &queue->ahead[queue->ahead_count];
        if (!ask_plan(queue, split, error)) {
            return false;
        }
        if (split->len == 0) {
            break;
        }
        queue->ahead_count++;
    }
    *count = queue->ahead_count;
    return true;
}

bool split_queue_next(struct split_queue *queue, struct text *split, struct text *error)
{
    bool good = true;
    (void)pthread_mutex_lock(&queue->lock);
    if (queue->ahead_taken < queue->ahead_count) {
        const struct text held = *split;
        *split = queue->ahead[queue->ahead_taken];
        queue->ahead[queue->ahead_taken++] = held;
    } else {
        good = ask_plan(queue, split, error);
    }
    (void)pthread_mutex_unlock(&queue->lock);
    return good;
}

void split_queue_close(struct split_queue *queue)
{
    if (!queue->plugin) {
        return;
    }
    queue->plugin->plan_close(queue->plan);
    for (size_t i = 0; i < SPLITS_AHEAD_MAX; i++) {
        text_release(&queue->ahead[i]);
    }
    (void)pthread_mutex_destroy(&queue->lock);
    *queue = (struct split_queue){0};
}
