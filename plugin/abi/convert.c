/* SPDX-License-Identifier: Apache-2.0 */
#include "abi/convert.h"

#include "abi/options.h"
#include "abi/source.h"
#include "abi/stream.h"
#include "base/memory.h"
#include "text/utf8.h"

#include <pthread.h>
#include <unistd.h>

static const size_t input_size_min =
    offsetof(struct quern_input, media_type) + sizeof(((struct quern_input *)0)->media_type);

struct lot; /* one stream and its input */

/* Lives until the host's handle and the last of its streams are closed. */
struct quern_convert {
    struct quern_source *source; /* the options, as a source has them */
    struct layout layout;
    atomic_size_t refs;
    pthread_mutex_t mutex; /* guards what follows: streams open and close on any thread */
    bool is_cancelled;
    struct lot *first;
};

struct lot {
    struct stream stream; /* first, so that let_go finds the lot */
    struct quern_convert *convert;
    struct job_input input;
    struct lot *next;
    struct lot *previous;
};

static void let_go_convert(struct quern_convert *convert)
{
    if (atomic_fetch_sub_explicit(&convert->refs, 1, memory_order_acq_rel) == 1) {
        (void)pthread_mutex_destroy(&convert->mutex);
        source_close(convert->source);
        memory_release(convert);
    }
}

int32_t convert_open(const struct quern_host *host, const struct quern_option *options,
                     size_t option_count, const char *const *columns, uint32_t column_count,
                     struct quern_convert **out, struct quern_error *error)
{
    if (!out) {
        return error_set(error, QUERN_INVALID_ARGUMENT, STR("convert_open"),
                         "out must not be NULL");
    }
    *out = NULL;
    struct quern_convert *convert = memory_allocate(sizeof *convert);
    if (!convert || pthread_mutex_init(&convert->mutex, NULL) != 0) {
        memory_release(convert);
        return error_no_memory(error, STR("convert_open"));
    }
    atomic_init(&convert->refs, 1);
    int32_t status = layout_choose(&convert->layout, columns, column_count, error);
    if (status == QUERN_OK) {
        status = source_open(host, options, option_count, &convert->source, error);
    }
    if (status != QUERN_OK) {
        let_go_convert(convert);
        return status;
    }
    *out = convert;
    return QUERN_OK;
}

/* --- the list of open streams --- */

static void enlist(struct quern_convert *convert, struct lot *lot)
{
    atomic_fetch_add_explicit(&convert->refs, 1, memory_order_relaxed);
    (void)pthread_mutex_lock(&convert->mutex);
    lot->next = convert->first;
    if (lot->next) {
        lot->next->previous = lot;
    }
    convert->first = lot;
    if (convert->is_cancelled) {
        stream_cancel(&lot->stream);
    }
    (void)pthread_mutex_unlock(&convert->mutex);
}

static void strike(struct quern_convert *convert, struct lot *lot)
{
    (void)pthread_mutex_lock(&convert->mutex);
    if (lot->next) {
        lot->next->previous = lot->previous;
    }
    if (lot->previous) {
        lot->previous->next = lot->next;
    } else {
        convert->first = lot->next;
    }
    (void)pthread_mutex_unlock(&convert->mutex);
}

/* In a forked child the mutex may be held by a thread that is not there any more, so the lot stays
 * on the list and in memory. */
static void let_go(struct stream *stream)
{
    struct lot *lot = (struct lot *)(void *)stream;
    struct quern_convert *convert = lot->convert;
    if (!process_is(convert->source->pid)) {
        return;
    }
    strike(convert, lot);
    stream_close(&lot->stream);
    memory_release(lot);
    let_go_convert(convert);
}

/* --- streams --- */

/* NULL is the empty str. False: not UTF-8. */
static bool read_text(const char *terminated, str *out)
{
    const str text = str_of(terminated);
    *out = text;
    return utf8_is_valid(str_bytes(text));
}

static int32_t read_input(const struct quern_input *input, struct job_input *out,
                          struct quern_error *error)
{
    if (input->len && !input->data) {
        return error_set(error, QUERN_INVALID_ARGUMENT, STR("input"), "data must not be NULL");
    }
    out->content = (bytes){.ptr = input->data, .len = input->len};
    if (!read_text(input->name, &out->name) || !read_text(input->url, &out->url) ||
        !read_text(input->media_type, &out->media_type)) {
        return error_set(error, QUERN_INVALID_ARGUMENT, STR("input"),
                         "name, url and media_type must be valid UTF-8");
    }
    return QUERN_OK;
}

static int32_t check_arguments(const struct quern_convert *convert, const struct quern_input *input,
                               const struct ArrowArrayStream *out, struct quern_error *error)
{
    if (!convert || !out || !input || input->struct_size < input_size_min) {
        return error_set(error, QUERN_INVALID_ARGUMENT, STR("convert_stream"),
                         "convert, input and out must not be NULL, and struct_size at least %zu",
                         input_size_min);
    }
    return check_process(convert->source->pid, STR("convert_stream"), error);
}

int32_t convert_stream(struct quern_convert *convert, const struct quern_input *input,
                       struct ArrowArrayStream *out, struct quern_error *error)
{
    int32_t status = check_arguments(convert, input, out, error);
    if (status != QUERN_OK) {
        return status;
    }
    *out = (struct ArrowArrayStream){0};
    struct lot *lot = memory_allocate(sizeof *lot);
    if (!lot) {
        return error_no_memory(error, STR("convert_stream"));
    }
    status = read_input(input, &lot->input, error);
    if (status != QUERN_OK) {
        memory_release(lot);
        return status;
    }
    struct fault fault = {0};
    const struct settings *settings = &convert->source->settings;
    lot->convert = convert;
    stream_init(&lot->stream, &convert->source->host, settings, &convert->layout, let_go);
    lot->stream.job =
        job_open_bytes(settings, &lot->input, &lot->stream.want, &lot->stream.job_watch, &fault);
    if (!lot->stream.job) {
        memory_release(lot);
        return error_from_fault(error, &fault, STR("input"), QUERN_INVALID_ARGUMENT);
    }
    enlist(convert, lot);
    stream_export(&lot->stream, out);
    return QUERN_OK;
}

int32_t convert_error(const struct ArrowArrayStream *stream, struct quern_error *error)
{
    const struct stream *ours = stream ? stream_behind(stream) : NULL;
    if (!ours || ours->let_go != let_go) {
        return error_set(error, QUERN_INVALID_ARGUMENT, STR("convert_error"),
                         "this is no open stream of convert_stream");
    }
    return ours->error.status == QUERN_OK ? QUERN_OK : error_copy(error, &ours->error);
}

void convert_cancel(struct quern_convert *convert)
{
    if (!convert || !process_is(convert->source->pid)) {
        return;
    }
    (void)pthread_mutex_lock(&convert->mutex);
    convert->is_cancelled = true;
    for (struct lot *lot = convert->first; lot; lot = lot->next) {
        stream_cancel(&lot->stream);
    }
    (void)pthread_mutex_unlock(&convert->mutex);
}

void convert_close(struct quern_convert *convert)
{
    if (convert) {
        let_go_convert(convert);
    }
}
