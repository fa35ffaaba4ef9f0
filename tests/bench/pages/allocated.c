/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/allocated.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>

/* glibc's own, under the names it keeps for programs that stand in front of it. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *ptr, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *ptr);

#define EXPORTED __attribute__((visibility("default")))

static size_t held;
static size_t peak;

size_t allocated_begin(void)
{
    peak = held;
    return held;
}

size_t allocated_peak(void)
{
    return peak;
}

static void *count(void *ptr)
{
    if (ptr) {
        held += malloc_usable_size(ptr);
        peak = held > peak ? held : peak;
    }
    return ptr;
}

EXPORTED void *malloc(size_t size)
{
    return count(__libc_malloc(size));
}

EXPORTED void *calloc(size_t number, size_t size)
{
    return count(__libc_calloc(number, size));
}

EXPORTED void *realloc(void *ptr, size_t size)
{
    const size_t before = ptr ? malloc_usable_size(ptr) : 0;
    void *grown = __libc_realloc(ptr, size);
    if (grown || size == 0) {
        held -= before;
    }
    return count(grown);
}

EXPORTED void *aligned_alloc(size_t alignment, size_t size)
{
    return count(__libc_memalign(alignment, size));
}

EXPORTED int posix_memalign(void **out, size_t alignment, size_t size)
{
    void *ptr = count(__libc_memalign(alignment, size));
    *out = ptr;
    return ptr ? 0 : ENOMEM;
}

EXPORTED void free(void *ptr)
{
    held -= ptr ? malloc_usable_size(ptr) : 0;
    __libc_free(ptr);
}
