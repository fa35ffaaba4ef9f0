/* SPDX-License-Identifier: Apache-2.0 */
#include "page/type_counts.h"

enum { SHARE_MAX = 100, QUARTERS = 4 };

struct reading {
    str name;
    bool is_share;
};

static const struct reading readings[TYPE_COUNT_COUNT] = {
#define COUNT(name_) [TYPE_##name_] = {.name = STR_INIT(#name_)},
#define SHARE(name_) [TYPE_##name_] = {.name = STR_INIT(#name_), .is_share = true},
#include "page/type_counts.def"
};

str type_count_name(enum type_count count)
{
    return readings[count].name;
}

unsigned type_count_level(const struct type_counts *counts, enum type_count count)
{
    uint32_t n = counts->of[count];
    if (readings[count].is_share) {
        return n < SHARE_MAX ? n : SHARE_MAX;
    }
    unsigned level = n ? QUARTERS : 0;
    while (n >= 2 * QUARTERS) {
        n >>= 1;
        level += QUARTERS;
    }
    /* What is left is below eight: 1, 2, 4 are whole steps, what lies between them quarters. */
    static const uint8_t below[2 * QUARTERS] = {0, 0, 4, 6, 8, 9, 10, 11};
    return level + below[n];
}
