/* SPDX-License-Identifier: Apache-2.0 */
#include "common/heap.h"

#include <stdlib.h>

bool (*heap_refuse)(size_t size_bytes);

void *heap_allocate(size_t size_bytes)
{
    if (heap_refuse && heap_refuse(size_bytes)) {
        return NULL;
    }
    return calloc(1, size_bytes ? size_bytes : 1);
}

void *heap_resize(void *memory, size_t size_bytes)
{
    if (heap_refuse && heap_refuse(size_bytes)) {
        return NULL;
    }
    return realloc(memory, size_bytes ? size_bytes : 1);
}

void heap_release(void *memory)
{
    free(memory);
}
