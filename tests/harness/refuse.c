/* SPDX-License-Identifier: Apache-2.0 */
#include "harness/refuse.h"

#include "base/memory.h"

static long asked;
static long refused;
static long first;
static bool also_later;

static bool refuse(size_t size_bytes)
{
    (void)size_bytes;
    asked++;
    if (first == 0 || asked < first || (asked > first && !also_later)) {
        return false;
    }
    refused++;
    return true;
}

void refuse_from(long n, bool all_after)
{
    asked = 0;
    refused = 0;
    first = n;
    also_later = all_after;
    memory_refuse = refuse;
}

long refuse_asked(void)
{
    return asked;
}

long refuse_refused(void)
{
    return refused;
}

void refuse_stop(void)
{
    memory_refuse = NULL;
}

bool refuse_try(long n, bool all_after)
{
    if (n > 1 && refused == 0) {
        refuse_stop();
        return false;
    }
    refuse_from(n, all_after);
    return true;
}
