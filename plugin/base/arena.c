/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include "base/memory.h"

#include <stdalign.h>

enum {
    CHUNK_MIN = 4096,
    CHUNK_MAX = 1 << 20,
    CHUNK_SHARE = 4 /* a new chunk is this part of all before: so much may stand empty */
};

struct arena_chunk {
    struct arena_chunk *before;
    size_t size; /* of data */
    size_t used;
    alignas(max_align_t) char data[];
};

void arena_init(struct arena *arena, size_t limit_bytes)
{
    *arena = (struct arena){.limit_bytes = limit_bytes};
}

static void drop_last(struct arena *arena)
{
    struct arena_chunk *chunk = arena->last;
    arena->last = chunk->before;
    arena->held_bytes -= sizeof *chunk + chunk->size;
    memory_release(chunk);
}

void arena_release(struct arena *arena)
{
    while (arena->last) {
        drop_last(arena);
    }
}

void arena_reset(struct arena *arena)
{
    const size_t limit_bytes = arena->limit_bytes;
    /* One small first chunk is kept, so that a folder of small pages does not churn. */
    while (arena->last && (arena->last->before || arena->last->size > CHUNK_MAX)) {
        drop_last(arena);
    }
    struct arena_chunk *kept = arena->last;
    if (kept) {
        memset(kept->data, 0, kept->used);
        kept->used = 0;
    }
    *arena = (struct arena){.last = kept,
                            .limit_bytes = limit_bytes,
                            .held_bytes = kept ? sizeof *kept + kept->size : 0};
    arena->peak_bytes = arena->held_bytes;
}

static struct arena_chunk *add_chunk(struct arena *arena, size_t wish)
{
    size_t size = arena->held_bytes / CHUNK_SHARE & ~(size_t)(CHUNK_MIN - 1);
    size = size > CHUNK_MAX ? CHUNK_MAX : size;
    size = size < CHUNK_MIN ? CHUNK_MIN : size;
    size = size < wish ? wish : size;
    const size_t left = arena->limit_bytes - arena->held_bytes;
    if (left < sizeof(struct arena_chunk) || left - sizeof(struct arena_chunk) < wish) {
        return NULL;
    }
    if (left - sizeof(struct arena_chunk) < size) {
        size = wish;
    }
    struct arena_chunk *chunk = memory_allocate(sizeof *chunk + size);
    if (!chunk) {
        return NULL;
    }
    chunk->size = size;
    chunk->before = arena->last;
    arena->last = chunk;
    arena->held_bytes += sizeof *chunk + size;
    if (arena->held_bytes > arena->peak_bytes) {
        arena->peak_bytes = arena->held_bytes;
    }
    return chunk;
}

static void *take(struct arena *arena, size_t size_bytes, size_t alignment)
{
    struct arena_chunk *chunk = arena->last;
    if (chunk) {
        const size_t start = (chunk->used + alignment - 1) & ~(alignment - 1);
        if (start <= chunk->size && chunk->size - start >= size_bytes) {
            chunk->used = start + size_bytes;
            return chunk->data + start;
        }
    }
    chunk = size_bytes < SIZE_MAX / 2 ? add_chunk(arena, size_bytes ? size_bytes : 1) : NULL;
    if (!chunk) {
        arena->refused = true;
        return NULL;
    }
    chunk->used = size_bytes;
    return chunk->data;
}

void *arena_allocate(struct arena *arena, size_t size_bytes)
{
    return take(arena, size_bytes, alignof(max_align_t));
}

void *arena_array(struct arena *arena, size_t count, size_t size_bytes)
{
    if (size_bytes && count > (SIZE_MAX / 2) / size_bytes) {
        arena->refused = true;
        return NULL;
    }
    return arena_allocate(arena, count * size_bytes);
}

char *arena_text(struct arena *arena, size_t size_bytes)
{
    return take(arena, size_bytes, 1);
}

str arena_copy(struct arena *arena, str s)
{
    char *copy = arena_text(arena, s.len);
    if (!copy) {
        return (str){0};
    }
    if (s.len) {
        memcpy(copy, s.ptr, s.len);
    }
    return (str){.ptr = copy, .len = s.len};
}

str arena_terminated(struct arena *arena, str s)
{
    char *copy = arena_text(arena, s.len + 1);
    if (!copy) {
        return (str){0};
    }
    if (s.len) {
        memcpy(copy, s.ptr, s.len);
    }
    copy[s.len] = '\0';
    return (str){.ptr = copy, .len = s.len};
}

bytes arena_copy_bytes(struct arena *arena, bytes b)
{
    uint8_t *copy = (uint8_t *)arena_text(arena, b.len);
    if (!copy) {
        return (bytes){0};
    }
    if (b.len) {
        memcpy(copy, b.ptr, b.len);
    }
    return (bytes){.ptr = copy, .len = b.len};
}

struct arena_position arena_mark(const struct arena *arena)
{
    return (struct arena_position){.chunk = arena->last,
                                   .used = arena->last ? arena->last->used : 0};
}

void arena_rewind(struct arena *arena, struct arena_position mark)
{
    while (arena->last && arena->last != mark.chunk) {
        drop_last(arena);
    }
    if (arena->last) {
        /* arena_allocate promises zeroes, and this stretch will be given out again. */
        memset(arena->last->data + mark.used, 0, arena->last->used - mark.used);
        arena->last->used = mark.used;
    }
}
