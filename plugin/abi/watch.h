/* SPDX-License-Identifier: Apache-2.0 */
/* The host as the rest of this floor sees it: its table copied as far as it reached, a cancel flag
 * that any thread may set, and callbacks asked no more often than they were promised to be.
 */
#ifndef ABI_WATCH_H
#define ABI_WATCH_H

#include "abi/error.h"
#include "job/job.h"
#include "quern/host.h"

#include <stdatomic.h>
#include <sys/types.h>

enum { WATCH_CURRENT_BYTES_MAX = 2048 }; /* of a URL or path told as progress; the rest is cut */

struct watch {
    struct quern_host host; /* callbacks that the host did not give are NULL */
    atomic_bool cancelled;
    int64_t asked_at_ms;
    int64_t told_at_ms;
    int64_t told_documents;
    char current[WATCH_CURRENT_BYTES_MAX];
};

/* A whole table of our own out of the host's; NULL gives an empty one. QUERN_INVALID_ARGUMENT: it
 * is smaller than the first version was. [any thread] */
int32_t host_copy(const struct quern_host *host, struct quern_host *out, struct quern_error *error);

void watch_init(struct watch *watch, const struct quern_host *host);

/* For struct job_watch. `context`: the watch. [job thread] */
bool watch_must_stop(void *context);
void watch_progress(void *context, const struct job_progress *progress);
void watch_withheld(void *context, const struct job_withheld *withheld);

/* [the thread inside a call] */
void watch_log(const struct quern_host *host, enum quern_log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

int64_t monotonic_ms(void);

/* Is this the process that opened the handle? After a fork, sockets and threads of the parent are
 * not the child's to use. */
bool process_is(pid_t pid);

#endif
