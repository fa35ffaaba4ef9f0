/* SPDX-License-Identifier: Apache-2.0 */
/* What is counted of a page to tell its type: of elements while the tree is walked, of blocks and
 * regions once they are weighed. The model (type_model.h) reads the counts and nothing else. */
#ifndef PAGE_TYPE_COUNTS_H
#define PAGE_TYPE_COUNTS_H

#include "base/str.h"

enum type_count {
#define COUNT(name) TYPE_##name,
#define SHARE(name) TYPE_##name,
#include "page/type_counts.def"
    TYPE_COUNT_COUNT
};

struct type_counts {
    uint32_t of[TYPE_COUNT_COUNT];
};

/* As type_counts.def spells it. */
str type_count_name(enum type_count count);

/* As the model reads it: a share as it stands, up to 100; of a number its logarithm in quarters,
 * 0 of none, 4 of one, 8 of two, 12 of four. */
unsigned type_count_level(const struct type_counts *counts, enum type_count count);

#endif
