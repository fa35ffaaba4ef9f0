/* SPDX-License-Identifier: Apache-2.0 */
/* All memory of one document, given back in one go.
 *
 *   arena ──► chunk ──► chunk ──► chunk        chunks grow with the arena, from
 *             [####]    [####]    [##..]       4 KiB to 1 MiB; a large wish gets its own
 *
 * An arena has a limit in bytes, named when it is made; a wish beyond it is NULL, for ever after
 * `arena_refused` is true. Nothing is freed singly: scratch is taken between arena_mark and
 * arena_rewind. Not for memory that outlives the document.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/str.h"

struct arena_chunk;

struct arena {
    struct arena_chunk *last;
    size_t limit_bytes;
    size_t held_bytes; /* all chunks, with their heads: what counts against the limit */
    size_t peak_bytes; /* the most that was ever held */
    uint32_t chunks_made;
    bool refused;
};

struct arena_position {
    struct arena_chunk *chunk;
    size_t used;
    uint32_t chunks_made;
};

/* [any thread; afterwards one thread at a time] */
void arena_init(struct arena *arena, size_t limit_bytes);

/* Frees everything; the arena is as after arena_init with the same limit. */
void arena_reset(struct arena *arena);
void arena_release(struct arena *arena);

/* Zeroed, aligned for any type. NULL: the limit or the machine said no. */
void *arena_allocate(struct arena *arena, size_t size_bytes);

/* The same, aligned for what `alignment` is of: many small things lie closer. */
void *arena_place(struct arena *arena, size_t size_bytes, size_t alignment);

/* count * size with the product checked. */
void *arena_array(struct arena *arena, size_t count, size_t size_bytes);

/* The `size_bytes` of `memory` (NULL with none: nothing yet) as more or less: where they stand if that
 * can be, else elsewhere, aligned, and the old place may be gone; what is new is zero. Memory that
 * arena_text gave may only come here for text. NULL: refused, the old ones stay as they are.
 * What stood before a mark is not resized until after its rewind. */
void *arena_resize(struct arena *arena, void *memory, size_t size_bytes, size_t wanted_bytes);

/* Not zeroed, not aligned: for text. A wish of zero bytes gives a valid pointer. */
char *arena_text(struct arena *arena, size_t size_bytes);

/* A copy; on refusal `.ptr` is NULL, even for the empty slice. */
str arena_copy(struct arena *arena, str s);
/* The same with a NUL behind it, which is not counted in `len`: for C libraries. */
str arena_terminated(struct arena *arena, str s);
bytes arena_copy_bytes(struct arena *arena, bytes b);

struct arena_position arena_mark(const struct arena *arena);
/* Everything allocated since the mark is gone. */
void arena_rewind(struct arena *arena, struct arena_position mark);

#define ARENA_NEW(arena, type)          ((type *)arena_place((arena), sizeof(type), _Alignof(type)))
#define ARENA_ARRAY(arena, count, type) ((type *)arena_array((arena), (count), sizeof(type)))

#endif
