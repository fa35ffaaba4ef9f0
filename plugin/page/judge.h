/* SPDX-License-Identifier: Apache-2.0 */
/* Where the learned model (model.h) and the rules do not agree, the model decides; where they do, the
 * rules' reasons stand.
 *
 * What is kept is what makes the result best if the likelihoods are true: with F of the best result,
 * a block raises it when it is likelier than F / 2. A page of which little is certain keeps more. */
#ifndef PAGE_JUDGE_H
#define PAGE_JUDGE_H

#include "page/features.h"

/* For training (tests/bench/pages/features.c): sees the numbers of every block before it is judged. */
struct block_watch {
    void *context;
    void (*see)(void *context, const struct lines *lines, const struct block *block,
                const int16_t *numbers);
};

/* `watch`: NULL for nobody. OK or NO_MEMORY. */
enum status judge_blocks(const struct ruled_page *page, const struct block_watch *watch) MUST_CHECK;

#endif
