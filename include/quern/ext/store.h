/* SPDX-License-Identifier: Apache-2.0 */
/* The host extension "quern.store/1": bytes by key, kept by the host from one run to the next.
 *
 * For what a reader's state cannot hold: validators of documents and when they are due, robots.txt,
 * when a web host may be asked again. Without it everything works, but every document is asked for
 * as if it were new. The host offers it from get_extension of struct quern_host, where the plugin
 * asks for it in reader_open; readers alone use it, converters never do.
 *
 *   get_next ─► get, put, get, put … ─► a batch ─► the host commits rows, state and puts together
 *            └► put, put … ─► NULL: the end ─────► the host commits state and puts together
 *            └► put … ─► an error ───────────────► the host forgets the puts since the last commit
 *
 * The transaction: a put belongs to the batch that leaves next from the reader inside whose get_next
 * it was made, or, when none follows, to the end of its stream. The host makes it lasting with that
 * batch's rows and state, or not at all: when get_next fails, and when the reader is closed before
 * its end, what was put since the last batch is forgotten. A host that made puts lasting ahead of
 * their rows would lose documents, for the plugin would find them unchanged and give no record.
 *
 * Threads: every call comes on the thread that is inside get_next of a reader, so a host with several
 * readers at work knows whose batch a put belongs to. Calls must not wait for another reader.
 *
 * Keys are UTF-8, 1 to QUERN_STORE_KEY_BYTES_MAX bytes; those of different jobs are the host's to
 * keep apart. Values are any bytes. What a host gives back is read like any input: errors, values
 * that are too long and bytes that are not the plugin's count as unknown, the first of them is
 * logged, and no document fails for it.
 *
 * One kind of key is for hosts to read: "dead/ID" is put when the document of that id failed and gives
 * no record, since a good one is committed, and removed when it is reached again. Its value is JSON:
 * {"url":"…","error_code":"http_status","error_message":"the server answered 503"}
 */
#ifndef QUERN_EXT_STORE_H
#define QUERN_EXT_STORE_H

#include "quern/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define QUERN_EXT_STORE "quern.store/1"

enum {
    QUERN_STORE_KEY_BYTES_MAX = 512,
    QUERN_STORE_VALUE_BYTES_MAX = 1048576 /* a robots.txt of 500 KiB, and what is told of it */
};

/* Lives as long as `context`, which is that of struct quern_host. No member may be NULL. Each answers
 * a status of quern/status.h: QUERN_OK; QUERN_LIMIT: key or value is longer than above; QUERN_IO,
 * QUERN_NO_MEMORY and all others: it failed, nothing was changed. */
struct quern_store {
    uint32_t struct_size; /* sizeof(struct quern_store), set by the host */
    uint32_t reserved;    /* 0 */

    /* QUERN_OK with `out->data` NULL: no such key. Else lent until the next call of this table by
     * that reader. It sees what was put before, committed or not. */
    int32_t (*get)(void *context, struct quern_bytes key, struct quern_bytes *out);

    /* In place of what the key had; a value of `data` NULL removes the key. Both are lent for the
     * call: copy them. */
    int32_t (*put)(void *context, struct quern_bytes key, struct quern_bytes value);

    /* Every key that begins with `prefix`, in byte order, until `each` answers false; key and value
     * are lent for that call, which must not call this table. An empty prefix: every key. */
    int32_t (*scan)(void *context, struct quern_bytes prefix,
                    bool (*each)(void *visitor, struct quern_bytes key, struct quern_bytes value),
                    void *visitor);
};

#ifdef __cplusplus
}
#endif

#endif
