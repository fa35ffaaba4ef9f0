/* SPDX-License-Identifier: Apache-2.0 */
/* Takes gzip or deflate off a stream that arrives in pieces, and stops at a bomb.
 *
 *   inflate_open ─► inflate_feed(piece) … ─► inflate_is_whole ─► inflate_close
 *                        └► write(context, at most 64 KiB), as it is decoded
 *
 * Two caps: bytes produced in all, and bytes produced for one byte read, once INFLATE_FREE_BYTES
 * were produced (small files may compress as well as they like). What was written before a failure
 * stays written. Not for files in ZIP archives.
 */
#ifndef BASE_INFLATE_H
#define BASE_INFLATE_H

#include "base/status.h"
#include "base/str.h"

enum { INFLATE_FREE_BYTES = 16 * 1024 * 1024 };

enum inflate_wrapping {
    INFLATE_GZIP,   /* RFC 1952, members one after the other; what follows them is passed over */
    INFLATE_DEFLATE /* HTTP's deflate: zlib (RFC 1950), or raw (RFC 1951) as some servers send it */
};

struct inflate_limits {
    int64_t bytes_max; /* produced in all */
    int64_t ratio_max; /* produced for one byte read */
};

struct inflate_sink {
    void *context;
    /* Anything but OK ends the feeding and is handed up. */
    enum status (*write)(void *context, bytes part);
};

struct inflate;

/* NULL: no memory. [any thread; afterwards one thread at a time] */
struct inflate *inflate_open(enum inflate_wrapping wrapping, struct inflate_limits limits,
                             struct inflate_sink sink);

/* OK; FAILED: it does not decode from here on; LIMIT: a cap; NO_MEMORY; or what `write` answered.
 * After anything but OK the same answer comes for ever. */
enum status inflate_feed(struct inflate *stream, bytes piece) MUST_CHECK;

/* Did the stream reach its own end? False: what came was cut off (an empty one, too). */
bool inflate_is_whole(const struct inflate *stream);

int64_t inflate_produced_bytes(const struct inflate *stream);

void inflate_close(struct inflate *stream); /* NULL is allowed */

#endif
