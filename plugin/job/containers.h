/* SPDX-License-Identifier: Apache-2.0 */
/* The worklist: containers that are open inside each other, outermost first. A stack instead of
 * recursion, so that depth costs a counter and not the thread's stack.
 *
 *   a.zip ─► b.tar ─► c.zip        the top one's next member is the next document;
 *                     ▲ top        an exhausted one leaves as a record of its own
 */
#ifndef JOB_CONTAINERS_H
#define JOB_CONTAINERS_H

#include "job/found.h"
#include "unpack/unpack.h"

struct container_level {
    struct arena arena; /* what the record needs when the container is through */
    struct arena names; /* of the member at hand */
    struct found found;
    struct document document;
    struct unpack *unpack;     /* NULL: it could not be opened; the record says so */
    struct identity_step step; /* of the member at hand; found.step of members points here */
    int64_t member_count;
    int64_t unrelaxed_bytes; /* unpacked since the container's pages were handed back */
};

struct containers {
    struct container_level **levels;
    size_t depth;
    size_t capacity;
    struct budget budget; /* of one input: the job begins it anew for each */
};

/* Takes over found->blob. NO_MEMORY: nothing was taken over. `format`, the container, was
 * recognised. */
enum status containers_push(struct containers *containers, const struct container *container,
                            const struct unpack_watch *watch, const struct found *found,
                            const struct document *document) MUST_CHECK;

/* NULL when no container is open. */
struct container_level *containers_top(struct containers *containers);

/* The next member as a document; *at_end: there is none, the top may be recorded and popped. */
enum status containers_next(struct containers *containers, struct arena *arena, bool *at_end,
                            struct found *out) MUST_CHECK;

/* Takes one filter off: the document is now what was inside. OK, also when nothing came out: found has
 * no content, and its fault tells; NO_MEMORY, CANCELLED. */
enum status containers_take_off(struct containers *containers, const struct container *filter,
                                const struct unpack_watch *watch, struct arena *arena,
                                struct found *found) MUST_CHECK;

/* outer!/inner, or inner alone at the first level. `.ptr` NULL: no memory. */
str containers_join(struct arena *arena, str outer, str inner);

void containers_pop(struct containers *containers);
void containers_release(struct containers *containers);

#endif
