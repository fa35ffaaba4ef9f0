/* SPDX-License-Identifier: Apache-2.0 */
/* Draft of the host extension "quern.store/1": bytes by key, kept by the host.
 *
 * For what a reader's state cannot hold: validators, next due times, robots, politeness across
 * runs, found links. Puts made before a batch belong to that batch: the host commits them in the
 * transaction that stores the batch's rows and state, or not at all. Without this extension the
 * plugin fetches unconditionally. A draft may change in any minor version.
 *
 * All calls come on the thread that is inside a reader's get_next, for that reader.
 */
#ifndef QUERN_EXT_DRAFT_STORE_H
#define QUERN_EXT_DRAFT_STORE_H

#include "quern/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define QUERN_EXT_STORE "quern.store/1"

enum {
    QUERN_STORE_KEY_BYTES_MAX = 512,    /* longer keys: QUERN_LIMIT */
    QUERN_STORE_VALUE_BYTES_MAX = 65536 /* longer values: QUERN_LIMIT */
};

struct quern_store {
    uint32_t struct_size; /* set by the host */
    uint32_t reserved;

    /* `out->data` NULL: no such key. Lent until the next call of this table. It sees puts that are
     * not committed yet. */
    int32_t (*get)(void *context, struct quern_bytes key, struct quern_bytes *out);

    /* A value of `data` NULL removes the key. Both are copied before it returns. */
    int32_t (*put)(void *context, struct quern_bytes key, struct quern_bytes value);

    /* Every key with that prefix, in byte order, until `each` answers false. `each` must not call
     * this table. */
    int32_t (*scan)(void *context, struct quern_bytes prefix,
                    bool (*each)(void *visitor, struct quern_bytes key, struct quern_bytes value),
                    void *visitor);
};

#ifdef __cplusplus
}
#endif

#endif
