/* SPDX-License-Identifier: Apache-2.0 */
/* A deflate stream (RFC 1951), pulled piece by piece out of a slice. zlib does it, with our memory.
 *
 *   inflate_open ─► inflate_next … until it is not INFLATE_MORE ─► inflate_close
 *
 * No wrapper is read: gzip and ZIP keep their own heads and checksums.
 */
#ifndef FORMATS_INFLATE_H
#define FORMATS_INFLATE_H

#include "base/str.h"

struct inflater;

enum inflate_state {
    INFLATE_MORE,  /* there is or may be more: call again */
    INFLATE_END,   /* the stream is whole */
    INFLATE_SHORT, /* the slice ends before the stream does */
    INFLATE_BAD,   /* not deflate from here on */
    INFLATE_NO_MEMORY
};

/* `packed` is lent until inflate_close. NULL: no memory. [any thread] */
struct inflater *inflate_open(bytes packed);

/* Fills `out` as far as it can; *produced bytes of it are valid in every state. */
enum inflate_state inflate_next(struct inflater *inflater, uint8_t *out, size_t out_len,
                                size_t *produced);

/* Bytes of `packed` that were used. */
size_t inflate_consumed(const struct inflater *inflater);

void inflate_close(struct inflater *inflater); /* NULL is allowed */

#endif
