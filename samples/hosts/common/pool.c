/* SPDX-License-Identifier: Apache-2.0 */
#include "common/pool.h"

#include "common/heap.h"

#include <stdint.h>
#include <string.h>

enum { CHUNK_BYTES = 16384 };

struct pool_chunk {
    struct pool_chunk *older;
    size_t used;
    size_t size;
    max_align_t memory[];
};

static struct pool_chunk *chunk_add(struct pool *pool, size_t size)
{
    const size_t room = size > CHUNK_BYTES ? size : CHUNK_BYTES;
    struct pool_chunk *chunk =
        room > SIZE_MAX - sizeof *chunk ? NULL : heap_allocate(sizeof *chunk + room);
    if (!chunk) {
        pool->failed = true;
        return NULL;
    }
    chunk->size = room;
    chunk->older = pool->newest;
    pool->newest = chunk;
    return chunk;
}

void *pool_allocate(struct pool *pool, size_t size_bytes)
{
    const size_t grain = _Alignof(max_align_t);
    if (size_bytes > SIZE_MAX - grain) {
        pool->failed = true;
        return NULL;
    }
    const size_t size = (size_bytes + grain - 1) / grain * grain;
    struct pool_chunk *chunk = pool->newest;
    if (!chunk || chunk->size - chunk->used < size) {
        chunk = chunk_add(pool, size);
    }
    if (!chunk) {
        return NULL;
    }
    char *memory = (char *)chunk->memory + chunk->used;
    chunk->used += size;
    return memory;
}

span pool_copy(struct pool *pool, span s)
{
    char *copy = s.len == SIZE_MAX ? NULL : pool_allocate(pool, s.len + 1);
    if (!copy) {
        return (span){0};
    }
    if (s.len > 0) {
        memcpy(copy, s.ptr, s.len);
    }
    return (span){.ptr = copy, .len = s.len};
}

void pool_release(struct pool *pool)
{
    while (pool->newest) {
        struct pool_chunk *chunk = pool->newest;
        pool->newest = chunk->older;
        heap_release(chunk);
    }
    *pool = (struct pool){0};
}
