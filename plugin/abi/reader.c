/* SPDX-License-Identifier: Apache-2.0 */
#include "abi/reader.h"

#include "abi/secret.h"
#include "abi/source.h"
#include "abi/stream.h"
#include "base/memory.h"
#include "fetch/archive.h"
#include "job/keep.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
    SPLIT_BYTES_MAX = 1 << 30, /* 100,000 inputs (split_inputs_max) of 10 KB */
    KEEP_BYTES_MAX = 1 << 20   /* for the path of the keep folder */
};

static const size_t read_size_min =
    offsetof(struct quern_read, state) + sizeof(((struct quern_read *)0)->state);

/* Owned by the host's handle and by its stream, whichever is closed last. */
struct quern_reader {
    struct stream stream; /* first, so that let_go finds the reader */
    atomic_size_t refs;
    pid_t pid;
    bool is_streamed;
    struct quern_source *source;
    struct layout layout;
    struct secret authorization;
    uint8_t *split;
    uint8_t *state;
};

static void let_go_reader(struct quern_reader *reader)
{
    if (atomic_fetch_sub_explicit(&reader->refs, 1, memory_order_acq_rel) != 1) {
        return;
    }
    stream_close(&reader->stream);
    secret_release(&reader->authorization);
    source_close(reader->source);
    memory_release(reader->split);
    memory_release(reader->state);
    memory_release(reader);
}

static void let_go(struct stream *stream)
{
    let_go_reader((struct quern_reader *)(void *)stream);
}

static int32_t check_read(struct quern_source *source, const struct quern_read *read,
                          struct quern_error *error)
{
    if (!source || !read || read->struct_size < read_size_min) {
        return error_set(error, QUERN_INVALID_ARGUMENT, STR("reader_open"),
                         "source and read must not be NULL, and struct_size at least %zu",
                         read_size_min);
    }
    if (!read->split.data || !read->split.len || (read->state.len && !read->state.data)) {
        return error_set(error, QUERN_INVALID_ARGUMENT, STR("split"),
                         "must be the bytes that plan_next gave");
    }
    if (read->split.len > SPLIT_BYTES_MAX || read->state.len > STATE_BYTES_MAX) {
        return error_set(error, QUERN_CORRUPT, STR("split"),
                         "this split or state is larger than any that this library makes");
    }
    return check_process(source->pid, STR("reader_open"), error);
}

/* The host's bytes are lent for the call only, and the job needs them to its end. */
static uint8_t *keep_bytes(struct quern_bytes from)
{
    uint8_t *copy = memory_allocate(from.len);
    if (copy && from.len) {
        memcpy(copy, from.data, from.len);
    }
    return copy;
}

static int32_t open_job(struct quern_reader *reader, const struct quern_read *read,
                        struct quern_error *error)
{
    struct fault fault = {0};
    reader->split = keep_bytes(read->split);
    reader->state = keep_bytes(read->state);
    if (!reader->split || !reader->state) {
        return error_no_memory(error, STR("reader_open"));
    }
    struct stream *stream = &reader->stream;
    const bytes split = {.ptr = reader->split, .len = read->split.len};
    const bytes state = {.ptr = reader->state, .len = read->state.len};
    stream->job = job_open(&reader->source->settings, secret_str(&reader->authorization), split,
                           state, &stream->want, &stream->job_watch, &fault);
    if (!stream->job) {
        return error_from_fault(error, &fault, STR("split"), QUERN_CORRUPT);
    }
    return stream_keep_state(stream, error);
}

/* A folder that cannot be written is the caller's mistake, not damage of each document. */
static int32_t prepare_keep(str folder, struct quern_error *error)
{
    if (folder.len == 0) {
        return QUERN_OK;
    }
    struct arena scratch;
    arena_init(&scratch, KEEP_BYTES_MAX);
    const bool ready = keep_open(&scratch, folder);
    const int why = errno;
    arena_release(&scratch);
    if (ready) {
        return QUERN_OK;
    }
    const int32_t status =
        error_set(error, QUERN_IO, STR("keep"), "%.*s: nothing can be kept in this folder: %s",
                  (int)(folder.len < 240 ? folder.len : 240), folder.ptr, strerrordesc_np(why));
    error_add_errno(error, why);
    return status;
}

static int32_t prepare(struct quern_reader *reader, const struct quern_read *read,
                       struct quern_error *error)
{
    const struct settings *settings = &reader->source->settings;
    int32_t status = layout_choose(&reader->layout, read->columns, read->column_count, error);
    stream_init(&reader->stream, &reader->source->host, settings, &reader->layout, let_go);
    stream_keep_store(&reader->stream);
    if (status == QUERN_OK) {
        status = secret_resolve(&reader->authorization, settings->authorization,
                                STR("authorization"), error);
    }
    if (status == QUERN_OK) {
        status = prepare_keep(settings->keep, error);
    }
    if (status == QUERN_OK) {
        archive_recover(settings); /* even when nothing is left to fetch */
    }
    return status == QUERN_OK ? open_job(reader, read, error) : status;
}

int32_t reader_open(struct quern_source *source, const struct quern_read *read,
                    struct quern_reader **out, struct quern_error *error)
{
    if (!out) {
        return error_set(error, QUERN_INVALID_ARGUMENT, STR("reader_open"), "out must not be NULL");
    }
    *out = NULL;
    int32_t status = check_read(source, read, error);
    if (status != QUERN_OK) {
        return status;
    }
    struct quern_reader *reader = memory_allocate(sizeof *reader);
    if (!reader) {
        return error_no_memory(error, STR("reader_open"));
    }
    atomic_init(&reader->refs, 1);
    reader->pid = getpid();
    reader->source = source;
    source_keep(source);
    status = prepare(reader, read, error);
    if (status != QUERN_OK) {
        let_go_reader(reader);
        return status;
    }
    *out = reader;
    return QUERN_OK;
}

int32_t reader_stream(struct quern_reader *reader, struct ArrowArrayStream *out,
                      struct quern_error *error)
{
    if (!reader || !out) {
        return error_set(error, QUERN_INVALID_ARGUMENT, STR("reader_stream"),
                         "reader and out must not be NULL");
    }
    *out = (struct ArrowArrayStream){0};
    const int32_t status = check_process(reader->pid, STR("reader_stream"), error);
    if (status != QUERN_OK) {
        return status;
    }
    if (reader->is_streamed) {
        return error_set(error, QUERN_INVALID_STATE, STR("reader_stream"),
                         "a reader has one stream; open another reader");
    }
    reader->is_streamed = true;
    atomic_fetch_add_explicit(&reader->refs, 1, memory_order_relaxed);
    stream_export(&reader->stream, out);
    return QUERN_OK;
}

int32_t reader_state(struct quern_reader *reader, struct quern_bytes *out,
                     struct quern_error *error)
{
    if (!reader || !out) {
        return error_set(error, QUERN_INVALID_ARGUMENT, STR("reader_state"),
                         "reader and out must not be NULL");
    }
    const struct state *state = reader->stream.state;
    *out = (struct quern_bytes){.data = (const uint8_t *)state->text, .len = state->len};
    return check_process(reader->pid, STR("reader_state"), error);
}

int32_t reader_error(struct quern_reader *reader, struct quern_error *error)
{
    if (!reader) {
        return error_set(error, QUERN_INVALID_ARGUMENT, STR("reader_error"),
                         "reader must not be NULL");
    }
    const struct quern_error *told = &reader->stream.error;
    return told->status == QUERN_OK ? QUERN_OK : error_copy(error, told);
}

void reader_cancel(struct quern_reader *reader)
{
    if (reader && process_is(reader->pid)) {
        stream_cancel(&reader->stream);
    }
}

void reader_close(struct quern_reader *reader)
{
    if (reader) {
        let_go_reader(reader);
    }
}
