/* SPDX-License-Identifier: Apache-2.0 */
/* What a learned model says of a block: many small decision trees over its numbers (features.def),
 * a static table made by tests/bench/pages/train.py (model.def). It looks once at each block, and
 * needs no memory. */
#ifndef PAGE_MODEL_H
#define PAGE_MODEL_H

#include "page/features.h"

enum { MODEL_ONE = 1024, MODEL_BLOCKS = 16 /* are judged at once */ };

/* What each feature is of each of the blocks: those of one feature lie side by side, for a tree asks
 * all blocks the same, and a processor compares many numbers in one step. */
struct model_numbers {
    int16_t of[FEATURE_COUNT][MODEL_BLOCKS];
};

/* How likely each block is of the document, of MODEL_ONE; `likely` has MODEL_BLOCKS places. Whoever
 * has fewer blocks leaves the others' numbers as they are, and looks at no more. [any thread] */
void model_judge(const struct model_numbers *numbers, uint16_t *likely);

#endif
