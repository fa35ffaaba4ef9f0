/* SPDX-License-Identifier: Apache-2.0 */
/* A file that is being written in a folder, under a name that says so:
 *
 *   FOLDER/.unfinished-N        N from 0 on; locked by who writes it
 *
 * keep.c's own. A writer that was killed leaves one behind, unlocked: the next one takes it away. Where
 * a file system knows no locks it stays, and another number is taken.
 */
#ifndef JOB_KEEP_PART_H
#define JOB_KEEP_PART_H

#include "base/arena.h"
#include "base/buf.h"

struct keep_part {
    int file;        /* -1: none */
    struct buf path; /* NUL behind */
};

/* A file that nobody else has: two readers may keep the same content at the same moment. False: errno
 * says why. Its path lives in the arena. */
bool keep_part_open(struct keep_part *part, struct arena *scratch, str folder);

/* Under its own name, whole. False: errno says why, and nothing is left of it. */
bool keep_part_finish(struct keep_part *part, bytes content, const char *path);

/* Takes away what killed writers left. */
void keep_part_recover(struct arena *scratch, str folder);

#endif
