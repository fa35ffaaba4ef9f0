/* SPDX-License-Identifier: Apache-2.0 */
/* The chunked transfer coding (RFC 9112 7.1) taken off a slice, chunk by chunk, without a copy. For
 * answers that were kept as they came; on the wire libcurl does it. */
#ifndef FETCH_CHUNKED_H
#define FETCH_CHUNKED_H

#include "base/str.h"

enum chunked_state {
    CHUNKED_DATA, /* *out is the next piece, which may be the beginning of a chunk cut off */
    CHUNKED_END,  /* the last chunk came */
    CHUNKED_CUT,  /* the slice ends first */
    CHUNKED_BAD   /* no chunk begins here */
};

/* *at is 0 at first and moves on. Extensions and trailers are passed over. [any thread] */
enum chunked_state chunked_next(bytes body, size_t *at, bytes *out);

#endif
