/* SPDX-License-Identifier: Apache-2.0 */
/* How much of the heap this program and all it loaded hold, and the most they held since
 * allocated_begin. A program that links allocated.c has its malloc, calloc, realloc, aligned_alloc,
 * posix_memalign and free stand in front of glibc's; sizes are those glibc rounds to. For programs
 * of one thread.
 */
#ifndef PAGES_ALLOCATED_H
#define PAGES_ALLOCATED_H

#include <stddef.h>

/* Bytes held now; the peak begins here. */
size_t allocated_begin(void);
size_t allocated_peak(void);

#endif
