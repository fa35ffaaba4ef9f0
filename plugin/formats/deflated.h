/* SPDX-License-Identifier: Apache-2.0 */
/* A deflate stream (RFC 1951), pulled piece by piece out of a slice. zlib does it, with our memory.
 *
 *   deflated_open ─► deflated_next … until it is not DEFLATED_MORE ─► deflated_close
 *
 * No wrapper is read: gzip and ZIP keep their own heads and checksums.
 */
#ifndef FORMATS_DEFLATED_H
#define FORMATS_DEFLATED_H

#include "base/str.h"

struct deflated;

enum deflated_state {
    DEFLATED_MORE,  /* there is or may be more: call again */
    DEFLATED_END,   /* the stream is whole */
    DEFLATED_SHORT, /* the slice ends before the stream does */
    DEFLATED_BAD,   /* not deflate from here on */
    DEFLATED_NO_MEMORY
};

/* `packed` is lent until deflated_close. NULL: no memory. [any thread] */
struct deflated *deflated_open(bytes packed);

/* Fills `out` as far as it can; *produced bytes of it are valid in every state. */
enum deflated_state deflated_next(struct deflated *deflated, uint8_t *out, size_t out_len,
                                  size_t *produced);

/* Bytes of `packed` that were used. */
size_t deflated_consumed(const struct deflated *deflated);

void deflated_close(struct deflated *deflated); /* NULL is allowed */

#endif
