/* SPDX-License-Identifier: Apache-2.0 */
#include "abi/stream.h"

#include "base/memory.h"

#include <errno.h>
#include <unistd.h>

void stream_init(struct stream *stream, const struct quern_host *host,
                 const struct settings *settings, const struct layout *layout,
                 void (*let_go)(struct stream *stream))
{
    *stream = (struct stream){
        .pid = getpid(),
        .settings = settings,
        .layout = layout,
        .error = {.struct_size = sizeof stream->error},
        .let_go = let_go,
    };
    watch_init(&stream->watch, host);
    stream->job_watch = (struct job_watch){.context = &stream->watch,
                                           .is_cancelled = watch_must_stop,
                                           .progress = watch_progress,
                                           .withheld = watch_withheld};
    batch_init(&stream->batch, layout);
    for (size_t i = 0; i < layout->column_count; i++) {
        stream->want.columns[layout->columns[i]] = true;
    }
}

/* --- state --- */

static enum status look_at_state(struct stream *stream)
{
    if (!stream->state) {
        return STATUS_OK;
    }
    const str text = job_state(stream->job);
    if (!text.ptr) {
        return STATUS_NO_MEMORY;
    }
    if (text.len > STATE_BYTES_MAX) {
        return STATUS_INTERNAL;
    }
    memcpy(stream->state_ahead->text, text.ptr, text.len);
    stream->state_ahead->len = text.len;
    return STATUS_OK;
}

static void advance_state(struct stream *stream)
{
    struct state *left = stream->state_ahead;
    stream->state_ahead = stream->state;
    stream->state = left;
}

int32_t stream_keep_state(struct stream *stream, struct quern_error *error)
{
    stream->state = memory_allocate(sizeof *stream->state);
    stream->state_ahead = memory_allocate(sizeof *stream->state_ahead);
    if (!stream->state || !stream->state_ahead) {
        return error_no_memory(error, STR("reader_open"));
    }
    const enum status status = look_at_state(stream);
    if (status == STATUS_NO_MEMORY) {
        return error_no_memory(error, STR("reader_open"));
    }
    if (status != STATUS_OK) {
        return error_set(error, QUERN_INTERNAL, STR("reader_open"), "the state is too large");
    }
    advance_state(stream);
    return QUERN_OK;
}

void stream_keep_store(struct stream *stream)
{
    keeper_open(&stream->keeper, &stream->watch.host);
    stream->job_watch.memo = keeper_memo(&stream->keeper);
}

/* --- filling a batch --- */

/* Everything told so far is in the batch, or belongs to no row: the state and the store may say so. */
static enum status advance(struct stream *stream)
{
    keeper_flush(&stream->keeper);
    return look_at_state(stream);
}

/* The next row becomes the pending one; *stop when the batch is to leave without one. */
static enum status pull(struct stream *stream, int64_t deadline_ms, bool *stop)
{
    enum job_step step = JOB_END;
    TRY(job_next(stream->job, deadline_ms, &step, &stream->pending));
    switch (step) {
    case JOB_RECORD:
        return STATUS_OK;
    case JOB_LATER:
        stream->pending = NULL;
        *stop = stream->batch.row_count > 0;
        return advance(stream); /* past documents that gave no row */
    case JOB_END:
        stream->pending = NULL;
        stream->is_ended = true;
        *stop = true;
        return advance(stream);
    }
    return STATUS_INTERNAL;
}

static void tell_too_large(const struct stream *stream, const struct measure *measure)
{
    for (size_t i = 0; i < stream->layout->column_count; i++) {
        if (measure->too_large[i]) {
            watch_log(&stream->watch.host, QUERN_LOG_WARNING,
                      "the column %s of one record is null because it is larger than 2 GiB",
                      stream->layout->nodes[1 + i].field->name);
        }
    }
}

/* Puts the pending row in; *full when the batch leaves, with or without it. */
static enum status put(struct stream *stream, bool *full)
{
    const size_t bytes_max = (size_t)stream->settings->batch_bytes_max;
    struct batch *batch = &stream->batch;
    struct measure measure;
    batch_measure(batch, stream->pending, &measure);
    const bool fits = measure.fits && batch->variable_bytes < bytes_max &&
                      measure.variable_bytes <= bytes_max - batch->variable_bytes;
    if (batch->row_count > 0 && !fits) {
        *full = true;
        return STATUS_OK;
    }
    tell_too_large(stream, &measure);
    TRY(batch_append(batch, stream->pending, &measure));
    stream->pending = NULL;
    *full = batch->row_count >= stream->settings->batch_rows_max ||
            batch->variable_bytes >= bytes_max || stream->settings->batch_wait_ms == 0;
    return advance(stream);
}

static enum status fill(struct stream *stream)
{
    int64_t deadline_ms = INT64_MAX;
    bool leave = false;
    while (!leave) {
        if (!stream->pending) {
            TRY(pull(stream, deadline_ms, &leave));
        }
        if (stream->pending) {
            TRY(put(stream, &leave));
        }
        if (deadline_ms == INT64_MAX && stream->batch.row_count > 0) {
            deadline_ms = monotonic_ms() + stream->settings->batch_wait_ms;
        }
        leave = leave || monotonic_ms() >= deadline_ms;
    }
    return STATUS_OK;
}

/* --- the stream's functions --- */

static int fail(struct stream *stream, int number, int32_t status, const char *message)
{
    stream->failed_errno = number;
    (void)error_set(&stream->error, status, STR("get_next"), "%s", message);
    batch_release(&stream->batch);
    stream->pending = NULL;
    return number;
}

static int fail_with(struct stream *stream, enum status status)
{
    switch (status) {
    case STATUS_CANCELLED:
        return fail(stream, ECANCELED, QUERN_CANCELLED, "cancelled");
    case STATUS_NO_MEMORY:
        return fail(stream, ENOMEM, QUERN_NO_MEMORY, "there is not enough memory");
    case STATUS_LIMIT:
        return fail(stream, EIO, QUERN_LIMIT, "a limit was reached");
    case STATUS_FAILED:
        return fail(stream, EIO, QUERN_IO, "the split could not be read on");
    case STATUS_OK:
    case STATUS_INTERNAL:
        break;
    }
    return fail(stream, EINVAL, QUERN_INTERNAL, "a mistake of the plugin's own");
}

static int get_next(struct ArrowArrayStream *self, struct ArrowArray *out)
{
    struct stream *stream = self->private_data;
    *out = (struct ArrowArray){0};
    if (!process_is(stream->pid)) {
        return fail(stream, EINVAL, QUERN_INVALID_STATE,
                    "the process was forked: open a reader of its own in the child");
    }
    if (stream->failed_errno) {
        return stream->failed_errno;
    }
    if (atomic_load_explicit(&stream->watch.cancelled, memory_order_acquire)) {
        return fail_with(stream, STATUS_CANCELLED);
    }
    if (stream->is_ended) {
        return 0;
    }
    enum status status = fill(stream);
    if (status == STATUS_OK && stream->batch.row_count > 0) {
        status = batch_leave(&stream->batch, out);
    }
    if (status != STATUS_OK) {
        return fail_with(stream, status);
    }
    advance_state(stream);
    return 0;
}

static int get_schema(struct ArrowArrayStream *self, struct ArrowSchema *out)
{
    const struct stream *stream = self->private_data;
    return schema_write(stream->layout, out);
}

static const char *get_last_error(struct ArrowArrayStream *self)
{
    const struct stream *stream = self->private_data;
    return stream->error.status == QUERN_OK ? NULL : stream->error.message;
}

static void release(struct ArrowArrayStream *self)
{
    struct stream *stream = self->private_data;
    self->release = NULL;
    self->private_data = NULL;
    stream->let_go(stream);
}

void stream_export(struct stream *stream, struct ArrowArrayStream *out)
{
    *out = (struct ArrowArrayStream){.get_schema = get_schema,
                                     .get_next = get_next,
                                     .get_last_error = get_last_error,
                                     .release = release,
                                     .private_data = stream};
}

struct stream *stream_behind(const struct ArrowArrayStream *exported)
{
    return exported->release == release ? exported->private_data : NULL;
}

void stream_cancel(struct stream *stream)
{
    atomic_store_explicit(&stream->watch.cancelled, true, memory_order_release);
    job_wake(stream->job);
}

void stream_close(struct stream *stream)
{
    if (process_is(stream->pid)) {
        job_close(stream->job);
    }
    keeper_close(&stream->keeper);
    batch_release(&stream->batch);
    memory_release(stream->state);
    memory_release(stream->state_ahead);
    stream->job = NULL;
    stream->state = NULL;
    stream->state_ahead = NULL;
}
