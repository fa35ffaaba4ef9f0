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
#include "job/target.h"

struct errand;

struct cursor {
    str web_host;      /* empty: local */
    size_t *positions; /* indexes into the targets, in plan order */
    size_t count;
    size_t next;          /* of positions: the target that is read next, or is being read */
    int64_t rows_out;     /* rows of that target already handed out */
    int64_t rows_to_skip; /* after a resume: rows to make again and not hand out */

    /* Of a web host, no part of the state: what is fetched ahead (errands.h). */
    struct errand *first;
    struct errand *last;
    size_t begun; /* of positions: the target that is gone for next; at least `next` */
};

struct cursors {
    struct cursor *items;
    size_t count;
    struct cursor *local; /* NULL: every target is on the web */
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

/* The cursor of local files, if it has any left; else NULL. */
struct cursor *cursors_local(struct cursors *cursors);

int64_t cursors_done(const struct cursors *cursors); /* targets */

#endif
