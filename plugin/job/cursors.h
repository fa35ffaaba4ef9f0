/* SPDX-License-Identifier: Apache-2.0 */
/* How far a split was read: one cursor per web host, in the order hosts first appear in the split;
 * local files share one. Documents of one web host leave in plan order, hosts among each other as
 * politeness allows.
 *
 *   {"v":1,"split":"9f86d081…","at":[[12,0],[3,41]]}     host 1: 12 targets done; host 2: 3 done and
 *                                                        41 rows of the fourth
 */
#ifndef JOB_CURSORS_H
#define JOB_CURSORS_H

#include "base/buf.h"
#include "fetch/fetch.h"
#include "job/target.h"

struct cursor {
    str web_host;      /* empty: local */
    size_t *positions; /* indexes into the targets, in plan order */
    size_t count;
    size_t next;          /* of positions: the target that is read next, or is being read */
    int64_t rows_out;     /* rows of that target already handed out */
    int64_t rows_to_skip; /* after a resume: rows to make again and not hand out */
};

struct cursors {
    struct cursor *items;
    size_t count;
    size_t target_count;
    char split_hash[16]; /* hex */
};

enum { CURSORS_STATE_BYTES_MAX = 65536 };

/* LIMIT: more web hosts than a state can hold. NO_MEMORY. */
enum status cursors_make(struct arena *arena, const struct targets *targets, bytes split,
                         struct cursors *out) MUST_CHECK;

/* Takes up a state. False: it is not one of this split. */
bool cursors_read(struct cursors *cursors, bytes state, struct arena *scratch);
void cursors_write(const struct cursors *cursors, struct buf *out);

/* The cursor that may go on soonest, in `wait_ms` from now; web hosts before local files, so that a
 * long folder does not starve them. NULL: everything is done. `fetcher` NULL: nobody was asked yet. */
struct cursor *cursors_choose(struct cursors *cursors, struct fetcher *fetcher, int64_t *wait_ms);

int64_t cursors_done(const struct cursors *cursors); /* targets */

#endif
