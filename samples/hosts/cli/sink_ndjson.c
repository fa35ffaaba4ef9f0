/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sink_ndjson.h"

#include "cli/sink_row.h"
#include "common/heap.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct ndjson {
    struct record_sink sink;
    struct sink_stream stream;
    bool owns_descriptor;
};

static bool write_rows(struct record_sink *sink, struct arrow_view rows, struct trouble *trouble)
{
    struct ndjson *out = (struct ndjson *)sink;
    for (int64_t row = 0; row < rows.array->length; row++) {
        if (!sink_row_write(&out->stream, rows, row, sink->shown, trouble)) {
            return false;
        }
        text_add_byte(&out->stream.held, '\n');
    }
    return sink_stream_flush(&out->stream, true, trouble);
}

static bool sync_rows(struct record_sink *sink, struct trouble *trouble)
{
    struct ndjson *out = (struct ndjson *)sink;
    return out->owns_descriptor ? sink_stream_sync(&out->stream, trouble)
                                : sink_stream_flush(&out->stream, true, trouble);
}

static void close_sink(struct record_sink *sink)
{
    struct ndjson *out = (struct ndjson *)sink;
    if (out->owns_descriptor) {
        (void)close(out->stream.descriptor);
    }
    text_release(&out->stream.held);
    heap_release(out);
}

static const struct record_sink_type type = {
    .begin = sink_row_begin, .write = write_rows, .sync = sync_rows, .close = close_sink};

struct record_sink *sink_ndjson_to(int descriptor, const char *name)
{
    struct ndjson *out = heap_allocate(sizeof *out);
    if (!out) {
        return NULL;
    }
    out->sink.type = &type;
    out->stream = (struct sink_stream){.descriptor = descriptor, .name = name};
    return &out->sink;
}

struct record_sink *sink_ndjson_append(const char *name, struct trouble *trouble)
{
    const int descriptor = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    struct stat status;
    if (descriptor < 0 || fstat(descriptor, &status) != 0) {
        (void)trouble_set(trouble, TROUBLE_CANNOT_CREATE, "%s: cannot be opened for appending: %s",
                          name, strerror(errno));
        return NULL;
    }
    struct record_sink *sink = sink_ndjson_to(descriptor, name);
    if (!sink) {
        (void)close(descriptor);
        (void)trouble_memory(trouble);
        return NULL;
    }
    struct ndjson *out = (struct ndjson *)sink;
    out->owns_descriptor = true;
    out->stream.length = (int64_t)status.st_size;
    return sink;
}

int64_t sink_ndjson_length(const struct record_sink *sink)
{
    return ((const struct ndjson *)sink)->stream.length;
}

bool sink_ndjson_cut(struct record_sink *sink, int64_t length, struct trouble *trouble)
{
    struct ndjson *out = (struct ndjson *)sink;
    if (out->stream.length < length) {
        return trouble_set(trouble, TROUBLE_CANNOT_WRITE,
                           "%s: has %" PRId64 " bytes, but %" PRId64 " were committed to it; put "
                           "it back, or begin anew with quern run --anew",
                           out->stream.name, out->stream.length, length);
    }
    if (ftruncate(out->stream.descriptor, (off_t)length) != 0 ||
        fsync(out->stream.descriptor) != 0) {
        return trouble_set(trouble, TROUBLE_CANNOT_WRITE, "%s: cannot be cut back: %s",
                           out->stream.name, strerror(errno));
    }
    out->stream.length = length;
    return true;
}
