/* SPDX-License-Identifier: Apache-2.0 */
/* A hash table from texts to indexes, in an arena. Keys are lent. Open addressing, doubled when
 * three quarters full; FNV-1a with a per-table seed, so that nobody can choose colliding keys from
 * outside. */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include "base/arena.h"

struct table_slot;

struct table {
    struct arena *arena;
    struct table_slot *slots;
    size_t capacity; /* a power of two, or 0 */
    size_t count;
    uint64_t seed;
};

void table_init(struct table *table, struct arena *arena);

/* The place of the key's value: a new key gets `fresh` and *is_new is true. NULL: no memory. The
 * place holds until the next table_put. */
size_t *table_put(struct table *table, str key, size_t fresh, bool *is_new);

/* SIZE_MAX when the key is not there. */
size_t table_find(const struct table *table, str key);

#endif
