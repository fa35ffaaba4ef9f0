/* SPDX-License-Identifier: Apache-2.0 */
#include "common/batch_pull.h"

#include "common/plugin_load.h"

void batch_pull_init(struct batch_pull *pull, struct split_queue *queue, const char *const *columns,
                     uint32_t column_count)
{
    *pull = (struct batch_pull){.queue = queue, .columns = columns, .column_count = column_count};
}

static void close_split(struct batch_pull *pull)
{
    if (pull->batch.release) {
        pull->batch.release(&pull->batch);
    }
    if (pull->schema.release) {
        pull->schema.release(&pull->schema);
    }
    if (pull->reader) {
        pull->queue->plugin->reader_cancel(pull->reader);
    }
    if (pull->stream.release) {
        pull->stream.release(&pull->stream);
    }
    if (pull->reader) {
        pull->queue->plugin->reader_close(pull->reader);
    }
    pull->batch.release = NULL;
    pull->schema.release = NULL;
    pull->stream.release = NULL;
    pull->reader = NULL;
}

static bool fail_plugin(struct batch_pull *pull, const struct quern_error *why, struct text *error)
{
    pull->failure = *why;
    plugin_describe_error(error, why);
    return false;
}

/* False with a split that is empty: there is none left. */
static bool open_split(struct batch_pull *pull, struct text *error)
{
    const struct quern_plugin *plugin = pull->queue->plugin;
    if (!split_queue_next(pull->queue, &pull->split, error)) {
        pull->failure = pull->queue->failure;
        return false;
    }
    if (pull->split.len == 0) {
        return false;
    }
    struct quern_error why = {.struct_size = sizeof why};
    const struct quern_read read = {
        .struct_size = sizeof read,
        .columns = pull->columns,
        .column_count = pull->column_count,
        .split = {(const uint8_t *)pull->split.ptr, pull->split.len},
    };
    if (plugin->reader_open(pull->queue->source, &read, &pull->reader, &why) != QUERN_OK ||
        plugin->reader_stream(pull->reader, &pull->stream, &why) != QUERN_OK) {
        return fail_plugin(pull, &why, error);
    }
    if (pull->stream.get_schema(&pull->stream, &pull->schema) != 0) {
        text_add_string(error, "the plugin gives no schema");
        return false;
    }
    return true;
}

static bool fail_stream(struct batch_pull *pull, struct text *error)
{
    struct quern_error why = {.struct_size = sizeof why};
    (void)pull->queue->plugin->reader_error(pull->reader, &why);
    return fail_plugin(pull, &why, error);
}

/* A batch of another shape than its schema says must not reach the readers of columns. */
static bool check_batch(struct batch_pull *pull, struct text *error)
{
    char why[128];
    if (arrow_check(batch_pull_view(pull), why, sizeof why)) {
        return true;
    }
    text_add_format(error, "the plugin gave a batch that is broken: %s", why);
    return false;
}

bool batch_pull_next(struct batch_pull *pull, struct text *error)
{
    if (pull->batch.release) {
        pull->batch.release(&pull->batch);
        pull->batch.release = NULL;
    }
    for (;;) {
        if (!pull->reader && !open_split(pull, error)) {
            return error->len == 0 && !error->failed;
        }
        if (pull->stream.get_next(&pull->stream, &pull->batch) != 0) {
            pull->batch.release = NULL;
            return fail_stream(pull, error);
        }
        if (pull->batch.release) {
            return check_batch(pull, error);
        }
        close_split(pull);
    }
}

void batch_pull_close(struct batch_pull *pull)
{
    if (pull->queue) {
        close_split(pull);
    }
    text_release(&pull->split);
    *pull = (struct batch_pull){0};
}
