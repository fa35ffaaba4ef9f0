/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sink_stream.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* A closed pipe ends the command without a word: its reader had enough. */
static bool fail_write(const struct sink_stream *stream, struct trouble *trouble)
{
    if (errno == EPIPE) {
        return trouble_set(trouble, TROUBLE_CANNOT_WRITE, "%s", "");
    }
    return trouble_set(trouble, TROUBLE_CANNOT_WRITE, "%s: cannot be written: %s", stream->name,
                       strerror(errno));
}

bool sink_stream_flush(struct sink_stream *stream, bool all, struct trouble *trouble)
{
    if (stream->held.failed) {
        return trouble_memory(trouble);
    }
    if (!all && stream->held.len < SINK_STREAM_BYTES) {
        return true;
    }
    size_t done = 0;
    while (done < stream->held.len) {
        const ssize_t len =
            write(stream->descriptor, stream->held.ptr + done, stream->held.len - done);
        if (len < 0 && errno == EAGAIN) {
            struct pollfd wait = {.fd = stream->descriptor, .events = POLLOUT};
            (void)poll(&wait, 1, -1);
        } else if (len < 0 && errno != EINTR) {
            return fail_write(stream, trouble);
        }
        done += len > 0 ? (size_t)len : 0;
    }
    stream->length += (int64_t)done;
    text_clear(&stream->held);
    return true;
}

bool sink_stream_sync(struct sink_stream *stream, struct trouble *trouble)
{
    if (!sink_stream_flush(stream, true, trouble)) {
        return false;
    }
    /* EINVAL, ENOTSUP, EROFS: a pipe, a terminal, a device: nothing there to be synced. */
    if (fdatasync(stream->descriptor) != 0 && errno != EINVAL && errno != ENOTSUP &&
        errno != EROFS) {
        return fail_write(stream, trouble);
    }
    return true;
}

bool sink_stream_print(const struct text *text, struct trouble *trouble)
{
    struct sink_stream out = {.descriptor = STDOUT_FILENO, .name = "standard output"};
    out.held.failed = text->failed;
    text_add(&out.held, text_span(text));
    const bool good = sink_stream_flush(&out, true, trouble);
    text_release(&out.held);
    return good;
}
