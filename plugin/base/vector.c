/* SPDX-License-Identifier: Apache-2.0 */
#include "base/vector.h"

#include "base/memory.h"

enum { FIRST_BYTES = 1024 };

void *vector_extend(struct vector *vector, size_t item_size, size_t more)
{
    if (more > SIZE_MAX / 4 / item_size - vector->count) {
        return NULL;
    }
    const size_t needed = vector->count + more;
    if (needed > vector->capacity) {
        size_t capacity = vector->capacity ? vector->capacity * 2 : FIRST_BYTES / item_size + 1;
        capacity = capacity < needed ? needed : capacity;
        void *larger = memory_resize(vector->items, capacity * item_size);
        if (!larger) {
            return NULL;
        }
        vector->items = larger;
        vector->capacity = capacity;
    }
    vector->item_size = item_size;
    void *room = (char *)vector->items + vector->count * item_size;
    memset(room, 0, more * item_size);
    vector->count = needed;
    return room;
}

void vector_clear(struct vector *vector, size_t keep_bytes)
{
    vector->count = 0;
    if (vector->capacity * vector->item_size > keep_bytes) {
        vector_release(vector);
    }
}

void vector_release(struct vector *vector)
{
    memory_release(vector->items);
    *vector = (struct vector){0};
}
