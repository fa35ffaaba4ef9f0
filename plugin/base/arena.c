/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include "base/memory.h"

#include <stdalign.h>

enum {
    CHUNK_MIN = 4096,
    CHUNK_MAX = 1 << 20,
    CHUNK_SHARE = 16, /* a new chunk is this part of all before: so much may stand empty */
    OWN_SHARE = 4,    /* a wish of this part of a new chunk, or more, gets one of its own */
    OWN_MIN = 512,    /* bytes that grow get one, too */
    LOOKED_AT_MAX = 32
};

struct arena_chunk {
    struct arena_chunk *before;
    size_t size; /* of data */
    size_t used;
    uint32_t serial; /* in the order of their making */
    bool own;        /* made for one wish, under the chunk that others still go into */
    alignas(max_align_t) char data[];
};

void arena_init(struct arena *arena, size_t limit_bytes)
{
    *arena = (struct arena){.limit_bytes = limit_bytes};
}

static void drop(struct arena *arena, struct arena_chunk **link)
{
    struct arena_chunk *chunk = *link;
    *link = chunk->before;
    arena->held_bytes -= sizeof *chunk + chunk->size;
    memory_release(chunk);
}

void arena_release(struct arena *arena)
{
    while (arena->last) {
        drop(arena, &arena->last);
    }
}

void arena_reset(struct arena *arena)
{
    const size_t limit_bytes = arena->limit_bytes;
    /* One small first chunk is kept, so that a folder of small pages does not churn. */
    while (arena->last && (arena->last->before || arena->last->size > CHUNK_MAX)) {
        drop(arena, &arena->last);
    }
    struct arena_chunk *kept = arena->last;
    if (kept) {
        memset(kept->data, 0, kept->used);
        kept->used = 0;
        kept->own = false;
    }
    *arena = (struct arena){.last = kept,
                            .limit_bytes = limit_bytes,
                            .held_bytes = kept ? sizeof *kept + kept->size : 0};
    arena->peak_bytes = arena->held_bytes;
}

static void count_held(struct arena *arena, size_t more)
{
    arena->held_bytes += more;
    if (arena->held_bytes > arena->peak_bytes) {
        arena->peak_bytes = arena->held_bytes;
    }
}

/* A large wish does not end the chunk at hand, of which much may still be empty. */
static void link_chunk(struct arena *arena, struct arena_chunk *chunk)
{
    struct arena_chunk **const place = chunk->own ? &arena->last->before : &arena->last;
    chunk->serial = arena->chunks_made++;
    chunk->before = *place;
    *place = chunk;
    count_held(arena, sizeof *chunk + chunk->size);
}

/* `own`: for one that will grow. */
static struct arena_chunk *add_chunk(struct arena *arena, size_t wish, bool own)
{
    size_t size = arena->held_bytes / CHUNK_SHARE & ~(size_t)(CHUNK_MIN - 1);
    size = size > CHUNK_MAX ? CHUNK_MAX : size;
    size = size < CHUNK_MIN ? CHUNK_MIN : size;
    own = arena->last && (own || wish >= size / OWN_SHARE);
    size = own || size < wish ? wish : size;
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
    chunk->used = wish;
    chunk->own = own;
    link_chunk(arena, chunk);
    return chunk;
}

static void *take_new(struct arena *arena, size_t size_bytes, bool own)
{
    struct arena_chunk *const chunk =
        size_bytes < SIZE_MAX / 2 ? add_chunk(arena, size_bytes ? size_bytes : 1, own) : NULL;
    if (!chunk) {
        arena->refused = true;
        return NULL;
    }
    return chunk->data;
}

static void *take(struct arena *arena, size_t size_bytes, size_t alignment)
{
    struct arena_chunk *const chunk = arena->last;
    if (chunk) {
        const size_t start = (chunk->used + alignment - 1) & ~(alignment - 1);
        if (start <= chunk->size && chunk->size - start >= size_bytes) {
            chunk->used = start + size_bytes;
            return chunk->data + start;
        }
    }
    return take_new(arena, size_bytes, false);
}

/* The link to the chunk made for this alone; NULL: there is none, or it lies far down. */
static struct arena_chunk **find_own(struct arena *arena, const void *memory, size_t size_bytes)
{
    struct arena_chunk **link = &arena->last->before;
    for (size_t i = 0; i < LOOKED_AT_MAX && *link; i++) {
        if ((*link)->own && (*link)->data == memory && (*link)->size == size_bytes) {
            return link;
        }
        link = &(*link)->before;
    }
    return NULL;
}

static void *resize_own(struct arena *arena, struct arena_chunk **link, size_t size_bytes)
{
    const size_t before = (*link)->size;
    if (size_bytes > before && arena->limit_bytes - arena->held_bytes < size_bytes - before) {
        return NULL;
    }
    struct arena_chunk *chunk = memory_resize(*link, sizeof *chunk + size_bytes);
    if (!chunk) {
        return NULL;
    }
    if (size_bytes > before) {
        memset(chunk->data + before, 0, size_bytes - before);
    }
    chunk->size = size_bytes;
    chunk->used = size_bytes;
    *link = chunk;
    arena->held_bytes -= before;
    count_held(arena, size_bytes);
    return chunk->data;
}

/* What was allocated last can become more or less where it stands. */
static bool resize_last(struct arena *arena, const char *memory, size_t size_bytes,
                        size_t wanted_bytes)
{
    struct arena_chunk *const last = arena->last;
    if (memory + size_bytes != last->data + last->used ||
        (wanted_bytes > size_bytes && last->size - last->used < wanted_bytes - size_bytes)) {
        return false;
    }
    if (wanted_bytes < size_bytes) {
        memset(last->data + last->used - (size_bytes - wanted_bytes), 0, size_bytes - wanted_bytes);
    }
    last->used = last->used - size_bytes + wanted_bytes;
    return true;
}

void *arena_resize(struct arena *arena, void *memory, size_t size_bytes, size_t wanted_bytes)
{
    if (memory && wanted_bytes < SIZE_MAX / 2) {
        if (resize_last(arena, memory, size_bytes, wanted_bytes)) {
            return memory;
        }
        struct arena_chunk **const link = find_own(arena, memory, size_bytes);
        if (link) {
            void *const resized = resize_own(arena, link, wanted_bytes);
            arena->refused = arena->refused || !resized;
            return resized;
        }
        if (wanted_bytes <= size_bytes) {
            return memory;
        }
    }
    void *const copy = wanted_bytes >= OWN_MIN ? take_new(arena, wanted_bytes, true)
                                               : arena_allocate(arena, wanted_bytes);
    if (copy && size_bytes) {
        memcpy(copy, memory, size_bytes);
    }
    return copy;
}

void *arena_allocate(struct arena *arena, size_t size_bytes)
{
    return take(arena, size_bytes, alignof(max_align_t));
}

void *arena_place(struct arena *arena, size_t size_bytes, size_t alignment)
{
    return take(arena, size_bytes, alignment);
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
                                   .used = arena->last ? arena->last->used : 0,
                                   .chunks_made = arena->chunks_made};
}

void arena_rewind(struct arena *arena, struct arena_position mark)
{
    while (arena->last && arena->last != mark.chunk) {
        drop(arena, &arena->last);
    }
    if (arena->last) {
        while (arena->last->before && arena->last->before->own &&
               arena->last->before->serial >= mark.chunks_made) {
            drop(arena, &arena->last->before);
        }
        /* arena_allocate promises zeroes, and this stretch will be given out again. */
        memset(arena->last->data + mark.used, 0, arena->last->used - mark.used);
        arena->last->used = mark.used;
    }
    arena->chunks_made = mark.chunks_made;
}
