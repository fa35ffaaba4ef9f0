/* SPDX-License-Identifier: Apache-2.0 */
/* What a learned model says of a block: many small decision trees over its numbers (features.def),
 * a static table made by tests/bench/pages/train.py (model.def). It looks once at each block, and
 * needs no memory. */
#ifndef PAGE_MODEL_H
#define PAGE_MODEL_H

#include "page/features.h"

enum { MODEL_ONE = 1024 };

/* How likely the block is of the document, of MODEL_ONE. [any thread] */
uint32_t model_judge(const int16_t *numbers);

#endif
