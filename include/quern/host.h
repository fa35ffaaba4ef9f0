/* SPDX-License-Identifier: Apache-2.0 */
/* What a host offers the plugin. Every pointer may be NULL, the table itself too.
 *
 * Threads: each callback is called on the thread that is inside a call of the plugin, never on a
 * thread of the plugin's own, and never from get_extension, quern_plugin_entry or a release. A
 * callback must not call back into the same reader, except reader_cancel.
 *
 * Lifetime: the table is copied when a source or a converter opens; `context` must outlive the
 * last close of whatever was opened with it, and of the streams that came out of it. None of the
 * callbacks runs after that close has returned.
 */
#ifndef QUERN_HOST_H
#define QUERN_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum quern_log_level {
    QUERN_LOG_DEBUG = 0,
    QUERN_LOG_INFO = 1,
    QUERN_LOG_WARNING = 2,
    QUERN_LOG_ERROR = 3
};

/* How far a reader is. Unknown numbers are -1. Lent for the call. */
struct quern_progress {
    uint32_t struct_size; /* set by the plugin: read only what lies inside */
    uint32_t reserved;
    int64_t documents_done;  /* documents of this reader whose records are all made */
    int64_t documents_total; /* of this reader's split */
    int64_t records;         /* rows made so far */
    int64_t received_bytes;  /* content received or read so far */
    int64_t wait_ms;         /* what it waits for politeness: time until it may ask; 0: it works */
    const char *current;     /* URL or path at work or waited for, NUL-terminated; never NULL */
    /* Of the documents done, those without a record; 0 without a store (ext/store.h). Each of the
     * failed ones was logged with its URL and its fault. */
    int64_t unchanged;  /* asked for, and as they were */
    int64_t not_due;    /* not asked for (option revisit) */
    int64_t failed;     /* failed now, and their good records are committed and stay */
    int64_t unanswered; /* of the failed ones: no web host answered */
};

struct quern_host {
    uint32_t struct_size; /* sizeof(struct quern_host), set by the host */
    uint32_t reserved;    /* 0 */
    void *context;        /* handed to every callback */

    /* `message`: UTF-8, `len` bytes, lent for the call. */
    void (*log)(void *context, int32_t level, const char *message, size_t len);

    /* Asked at least every 50 ms while a call blocks or converts. True: the call ends soon, as if
     * cancelled. A Python host runs its signal checks here. */
    bool (*is_cancelled)(void *context);

    /* At most ten times a second, and at the end of each document. */
    void (*progress)(void *context, const struct quern_progress *progress);

    /* Extensions of the host by id, e.g. "quern.store/1" (ext/store.h); NULL: not offered.
     * The table it returns lives as long as `context`. */
    const void *(*get_extension)(void *context, const char *id);
};

#ifdef __cplusplus
}
#endif

#endif
