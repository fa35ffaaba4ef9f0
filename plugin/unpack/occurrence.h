/* SPDX-License-Identifier: Apache-2.0 */
/* How often a raw name was met before in one archive. Names are kept as 128 bits of SHA-256, so
 * that a hundred thousand long ones cost no more than short ones, and nobody can make two collide. */
#ifndef UNPACK_OCCURRENCE_H
#define UNPACK_OCCURRENCE_H

#include "base/status.h"
#include "base/str.h"

struct occurrence {
    uint64_t key[2];
    int64_t count; /* 0: the place is free */
};

struct occurrences {
    struct occurrence *places;
    size_t capacity; /* a power of two, or 0 */
    size_t count;
};

/* *before: 0 for the first time. OK, NO_MEMORY. Zeroed memory is an empty table. */
enum status occurrence_count(struct occurrences *table, bytes name, int64_t *before) MUST_CHECK;
void occurrences_release(struct occurrences *table);

#endif
