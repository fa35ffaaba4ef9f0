/* SPDX-License-Identifier: Apache-2.0 */
/* What of a page's blocks and regions counts for its type: how much of which text, what its short
 * lines say, how long the rows of siblings are that are alike. What hints speak against counts as
 * little as the hints leave something over. */
#ifndef PAGE_TYPE_BLOCKS_H
#define PAGE_TYPE_BLOCKS_H

#include "page/density.h"
#include "page/type_words.h"

/* OK or NO_MEMORY. The arena is as it was. */
enum status type_blocks_count(const struct density *density, const struct type_words *words,
                              struct type_counts *counts) MUST_CHECK;

#endif
