/* SPDX-License-Identifier: Apache-2.0 */
/* Documents of web hosts that somebody went for before their turn to be told: the store of what is
 * fetched while another document is converted. When somebody goes: prefetch.h.
 *
 *   cursor ─► errand ─► errand         in plan order: the first is ready when it is done,
 *   cursor ─► errand                   the others after it
 *                └─► ready ─► ready    of all hosts, as they came: errands_take
 *
 * Bounded: as many documents a host as it may have connections, and as many again; and while enough
 * of them are ready, no new request leaves.
 */
#ifndef JOB_ERRANDS_H
#define JOB_ERRANDS_H

#include "job/cursors.h"
#include "job/found.h"

enum {
    ERRANDS_READY_MAX = 64,           /* documents that wait to be converted */
    ERRANDS_HELD_BYTES_MAX = 64 << 20 /* content of all that were fetched */
};

struct errand {
    struct errand *next;       /* of the same cursor, or free */
    struct errand *next_ready; /* of all hosts */
    struct arena arena;
    struct cursor *cursor;
    struct found found;
    enum status status; /* not OK: nothing was found, and that is the job's affair */
    bool is_done;
};

struct errands {
    const struct settings *settings;
    const struct targets *targets;
    const struct blob_watch *watch;
    const struct recall *recall;
    struct errand *free;
    struct errand *first_ready;
    struct errand *last_ready;
    size_t ready_count;
    int64_t held_bytes; /* content of all that are done */
};

/* Goes for this host's documents. `fetcher` NULL: there is none, `fault` tells why, and that is what
 * the documents are told to have. NO_MEMORY: some, or none. */
enum status errands_set_out(struct errands *errands, struct cursor *cursor, struct fetcher *fetcher,
                            const struct fault *fault) MUST_CHECK;

/* One came back; its owner is the errand. */
void errands_arrive(struct errands *errands, const struct fetched *fetched);

bool errands_are_ready(const struct errands *errands);
bool errands_are_enough(const struct errands *errands);

/* The first that is ready: its found and arena are exchanged for those given, which are empty. Any
 * status but OK: it came to nothing, and everything of its host is dropped: errands_set_out again. */
enum status errands_take(struct errands *errands, struct fetcher *fetcher, struct arena *arena,
                         struct found *found, struct cursor **cursor) MUST_CHECK;

/* Drops everything of this host. */
void errands_drop(struct errands *errands, struct cursor *cursor, struct fetcher *fetcher);

/* After errands_drop of every cursor. */
void errands_release(struct errands *errands);

#endif
