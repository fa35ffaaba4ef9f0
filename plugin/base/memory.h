/* SPDX-License-Identifier: Apache-2.0 */
/* The one door to the allocator: malloc appears in memory.c and nowhere else.
 *
 * Documents do not come here: they use an arena. This is for what outlives or underlies documents:
 * arena chunks, readers, batches, tables of hosts.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Zeroed memory, or NULL. [any thread] */
void *memory_allocate(size_t size_bytes);

/* As realloc; on NULL the old memory stays. New bytes are not zeroed. [any thread] */
void *memory_resize(void *memory, size_t size_bytes);

/* NULL is allowed. [any thread] */
void memory_release(void *memory);

/* A test's question before each allocation: true means this one fails. NULL asks nobody.
 * Set it while no other thread allocates. */
extern bool (*memory_refuse)(size_t size_bytes);

#endif
