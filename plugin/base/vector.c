/* SPDX-License-Identifier: Apache-2.0 */
#include "base/vector.h"

#include "base/memory.h"

enum { FIRST_BYTES = 1024 };

/* Room for `more` items behind those that are there, not yet counted, with anything in it. */
static void *reserve(struct vector *vector, size_t item_size, size_t more)
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
    return (char *)vector->items + vector->count * item_size;
}

void *vector_extend(struct vector *vector, size_t item_size, size_t more)
{
    void *room = reserve(vector, item_size, more);
    if (room) {
        memset(room, 0, more * item_size);
        vector->count += more;
    }
    return room;
}

bool vector_add_text(struct vector *vector, str text)
{
    char *room = reserve(vector, 1, text.len);
    if (!room) {
        return false;
    }
    memcpy(room, text.ptr, text.len);
    vector->count += text.len;
    return true;
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
