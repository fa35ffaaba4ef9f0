/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"

#include <stdlib.h>

bool (*memory_refuse)(size_t size_bytes) = NULL;

void *memory_allocate(size_t size_bytes)
{
    if (memory_refuse && memory_refuse(size_bytes)) {
        return NULL;
    }
    return calloc(1, size_bytes ? size_bytes : 1);
}

void *memory_resize(void *memory, size_t size_bytes)
{
    if (memory_refuse && memory_refuse(size_bytes)) {
        return NULL;
    }
    return realloc(memory, size_bytes ? size_bytes : 1);
}

void memory_release(void *memory)
{
    free(memory);
}
