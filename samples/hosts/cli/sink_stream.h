/* SPDX-License-Identifier: Apache-2.0 */
/* A descriptor that is written in large pieces, and how much of it is written.
 */
#ifndef CLI_SINK_STREAM_H
#define CLI_SINK_STREAM_H

#include "cli/trouble.h"

enum { SINK_STREAM_BYTES = 1 << 18 /* held before it is written */ };

struct sink_stream {
    int descriptor;
    const char *name; /* for messages */
    struct text held;
    int64_t length; /* bytes of the file that are written; counted, not asked for */
};

/* Writes what is held, if it is much or `all` is set. */
bool sink_stream_flush(struct sink_stream *stream, bool all, struct trouble *trouble);

/* Flushes, and has a regular file on the disk. */
bool sink_stream_sync(struct sink_stream *stream, struct trouble *trouble);

/* All of a text to standard output. */
bool sink_stream_print(const struct text *text, struct trouble *trouble);

#endif
