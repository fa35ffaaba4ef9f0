/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that is all released at once: what a parsed file consists of.
 *
 * A refusal is sticky: a caller may build on and ask `failed` at the end only where it checked each
 * answer for NULL itself.
 */
#ifndef COMMON_POOL_H
#define COMMON_POOL_H

#include "common/text.h"

struct pool {
    struct pool_chunk *newest;
    bool failed; /* no memory */
};

/* Zeroed, aligned for anything; NULL: no memory. A pool starts as {0}. */
void *pool_allocate(struct pool *pool, size_t size_bytes);

/* A copy with a NUL behind it; `.ptr` NULL: no memory. */
span pool_copy(struct pool *pool, span s);

/* The pool is empty and usable afterwards. */
void pool_release(struct pool *pool);

#endif
