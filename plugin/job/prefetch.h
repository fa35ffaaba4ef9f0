/* SPDX-License-Identifier: Apache-2.0 */
/* What is fetched ahead, and when: while one document is converted, the next ones are on their way.
 *
 *   prefetch_set_out   each web host's next documents are gone for  ─► errands, fetcher
 *   prefetch_listen    during conversion: takes what came, waits for nothing
 *   prefetch_await     the turn of the web: waits until a document is there
 *   prefetch_told      one is through: its web host may be asked for more
 *
 * The fetcher is made when the first URL comes up: a job over files opens no socket. What it says of
 * a URL is that document's affair; a status other than OK ends the job's step and may be tried again.
 */
#ifndef JOB_PREFETCH_H
#define JOB_PREFETCH_H

#include "base/memo.h"
#include "fetch/fetch.h"
#include "job/errands.h"

#include <stdatomic.h>

struct prefetch {
    /* Set by the job before the first call, lent as long as it: these, and of the errands what they
     * are lent. */
    str authorization;
    struct cursors *cursors;
    const struct memo *memo;
    struct fetch_watch watch;
    struct errands errands;

    _Atomic(struct fetcher *) fetcher; /* prefetch_wake reads it from other threads */
    bool is_set_out;                   /* for documents of every web host */
    struct cursor *told;               /* whose document was told last; NULL: nobody's */
    bool is_listening;
    int64_t listened_ms;
};

/* OK, NO_MEMORY. */
enum status prefetch_set_out(struct prefetch *prefetch) MUST_CHECK;

/* May be called at any time, also from inside of itself. What goes wrong here goes wrong again when
 * somebody waits for it. */
void prefetch_listen(struct prefetch *prefetch);

/* The first document that is there, moved into `arena`, which is empty. OK with *ready false: the
 * deadline came first; else with *cursor NULL: none is left. */
enum status prefetch_await(struct prefetch *prefetch, int64_t deadline_ms, bool *ready,
                           struct arena *arena, struct found *found,
                           struct cursor **cursor) MUST_CHECK;

/* All of the cursor's document at hand was told. */
void prefetch_told(struct prefetch *prefetch, struct cursor *cursor);

/* [any thread] */
void prefetch_wake(struct prefetch *prefetch);

void prefetch_release(struct prefetch *prefetch);

#endif
