/* SPDX-License-Identifier: Apache-2.0 */
/* A folder's files, depth first, in byte order of names. Holds one list of names a level, and no
 * open folder between calls. Links to folders are not entered, so there are no circles. */
#ifndef JOB_WALK_H
#define JOB_WALK_H

#include "base/arena.h"
#include "base/status.h"

struct walk;

/* `folder`: a path that is lent until walk_close. NULL: no memory. */
struct walk *walk_open(bytes folder);

struct walk_step {
    bytes path; /* to open it: the folder, "/", the name below it; NUL behind. Lent until next */
    bytes relative; /* the part below the folder */
    int error;      /* errno of a folder that could not be listed, ELOOP of one nested too deep */
    int64_t size;   /* of a regular file; -1 otherwise */
};

/* OK with path.ptr NULL at the end; NO_MEMORY. */
enum status walk_next(struct walk *walk, struct walk_step *out) MUST_CHECK;

void walk_close(struct walk *walk); /* NULL is allowed */

#endif
