/* SPDX-License-Identifier: Apache-2.0 */
/* The one door to the allocator for hosts: malloc appears in heap.c and nowhere else, so that a
 * test can refuse any allocation.
 */
#ifndef COMMON_HEAP_H
#define COMMON_HEAP_H

#include <stdbool.h>
#include <stddef.h>

/* Zeroed memory, or NULL. */
void *heap_allocate(size_t size_bytes);

/* As realloc; on NULL the old memory stays. New bytes are not zeroed. */
void *heap_resize(void *memory, size_t size_bytes);

/* NULL is allowed. */
void heap_release(void *memory);

/* A test's question before each allocation: true means this one fails. NULL asks nobody. */
extern bool (*heap_refuse)(size_t size_bytes);

#endif
