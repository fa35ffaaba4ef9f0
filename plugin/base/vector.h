/* SPDX-License-Identifier: Apache-2.0 */
/* A growing array that outlives documents: emptied for each, its room kept for the next.
 *
 * For what one document may hold a million of (blocks, dropped pieces, text), where an arena would
 * keep every outgrown copy. Items move when it grows: keep indexes, not pointers, until it is done.
 */
#ifndef BASE_VECTOR_H
#define BASE_VECTOR_H

#include "base/str.h"

struct vector {
    void *items;
    size_t count;
    size_t capacity;
    size_t item_size;
};

/* Room for `more` further items, zeroed and counted; NULL: no memory, and nothing has changed.
 * `item_size` must be the same at every call on one vector. */
void *vector_extend(struct vector *vector, size_t item_size, size_t more);

/* Adds the text to a vector of bytes; never empty. False: no memory, and nothing has changed. */
bool vector_add_text(struct vector *vector, str text);

/* Empties it. Room beyond `keep_bytes` is given back, so that one giant does not stay. */
void vector_clear(struct vector *vector, size_t keep_bytes);
void vector_release(struct vector *vector);

#define VECTOR_ADD(vector, type)       ((type *)vector_extend((vector), sizeof(type), 1))
#define VECTOR_AT(vector, type, index) (((type *)(vector)->items)[index])

#endif
