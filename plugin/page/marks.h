/* SPDX-License-Identifier: Apache-2.0 */
/* Elements that are marked as the author or a day: <time>, rel=author, words of class and id. Only
 * remembered here, in document order; byline.c says what they are worth once the title is known. */
#ifndef PAGE_MARKS_H
#define PAGE_MARKS_H

#include "base/arena.h"
#include "markup/dom.h"

enum { MARKS_MAX = 256, MARK_AUTHOR = 1, MARK_DATE = 2, MARK_MODIFIED = 4, MARK_TIME = 8 };

struct mark {
    const struct node *node;
    unsigned kinds;
};

struct marks {
    struct mark *items; /* NULL: none yet */
    size_t count;
    size_t capacity;
};

/* Remembers the element if it is marked. False: the arena refused. */
bool marks_read(struct marks *marks, struct arena *arena, const struct node *element);

#endif
