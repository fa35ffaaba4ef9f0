/* SPDX-License-Identifier: Apache-2.0 */
/* What was known last time: bytes by key, kept by the host between runs (quern.store/1).
 *
 *   doc/ID           validators of a document, how it has changed, when it is due
 *   dead/ID          a document that failed although a good record of it is committed: what and why
 *   host/WEB_HOST    when a web host may be asked next, and how far it is backed off from
 *   robots/ORIGIN    robots.txt as it was received: a line of JSON, then the body
 *
 * All other values are small JSON. What is put becomes lasting with the batch of records that leaves
 * next, or not at all. What comes back is as trustworthy as any input: it may be anybody's bytes. A
 * floor that is given no memo works without one, and so does one whose memo forgets everything.
 */
#ifndef BASE_MEMO_H
#define BASE_MEMO_H

#include "base/arena.h"

enum {
    MEMO_KEY_BYTES_MAX = 512,
    MEMO_VALUE_BYTES_MAX = 1 << 20 /* a robots.txt of 500 KiB and what stands before it */
};

/* [job thread] */
struct memo {
    void *context;
    /* value->ptr NULL: nothing is known. Else a copy in the arena. False, with value->ptr NULL: no
     * memory or the host failed; it is noted where that is known, and goes on as unknown. */
    bool (*get)(void *context, str key, struct arena *arena, bytes *value);
    /* An empty value: forget. False: it is not kept. Key and value are lent for the call. */
    bool (*put)(void *context, str key, bytes value);
};

/* Without a memo nothing is known. False as of `get`. */
static inline bool memo_find(const struct memo *memo, str key, struct arena *arena, bytes *value)
{
    *value = (bytes){0};
    return !memo || memo->get(memo->context, key, arena, value);
}

/* Without a memo nothing is kept. */
static inline bool memo_keep(const struct memo *memo, str key, bytes value)
{
    return memo && memo->put(memo->context, key, value);
}

#endif
