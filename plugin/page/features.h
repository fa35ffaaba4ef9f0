/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of each block of a page once the rules have spoken, as numbers for model.c. All of it
 * comes from sums that are there already, or from one more pass over regions and one over blocks. */
#ifndef PAGE_FEATURES_H
#define PAGE_FEATURES_H

#include "page/density.h"

enum feature {
#define FEATURE(name) FEATURE_##name,
#include "page/features.def"
    FEATURE_COUNT
};

/* What select.c knows, lent. */
struct ruled_page {
    const struct density *density;
    const struct block *title; /* NULL: none */
    const uint32_t *firm;      /* by region: the hint it stands under; 0: none */
    const uint32_t *soft;
    const bool *inside; /* by region: of the container */
    uint32_t container;
    bool is_talk; /* its text is in posts */
};

struct features {
    const struct ruled_page *page;
    struct region_view *views; /* by region */
    struct block_view *near;   /* by block that is not fixed, in order */
    size_t near_count;
    int16_t whole[FEATURE_COUNT]; /* those of the page */
};

/* Numbers that hold for the page and for each region. OK or NO_MEMORY. */
enum status features_begin(const struct ruled_page *page, struct features *out) MUST_CHECK;

/* Which block numbers[n] are of, for n below near_count. */
struct block *features_block(const struct features *self, size_t n);

/* `numbers` has FEATURE_COUNT places. */
void features_read(const struct features *self, size_t n, int16_t *numbers);

#endif
