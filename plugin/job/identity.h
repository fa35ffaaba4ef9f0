/* SPDX-License-Identifier: Apache-2.0 */
/* Names of documents: 32 hex digits of SHA-256 over length-prefixed parts.
 *
 *   kind of source ▸ URL, path, name or content hash ▸ { raw member name ▸ occurrence } a container
 *
 * The id names the document, not its content: fetched again, changed, or converted by a newer
 * version it stays the same.
 */
#ifndef JOB_IDENTITY_H
#define JOB_IDENTITY_H

#include "base/arena.h"

enum identity_kind {
    IDENTITY_URL,    /* the normalised requested URL without fragment */
    IDENTITY_FILE,   /* the path relative to the input's root */
    IDENTITY_NAME,   /* what the caller calls it */
    IDENTITY_CONTENT /* lacking all: SHA-256 of the content in hex */
};

enum { IDENTITY_LEN = 32 };

struct identity_step {
    bytes raw_name;
    int64_t occurrence;
    const struct identity_step *outer; /* the container this member's container lies in */
};

/* `member`: NULL for what is no member. False: no memory. */
bool identity_write(enum identity_kind kind, bytes value, const struct identity_step *member,
                    char out[IDENTITY_LEN]);

#endif
