/* SPDX-License-Identifier: Apache-2.0 */
#include "page/page_type.h"

#include "page/density.h"

enum {
    /* Code in this share of a page is what the page is about. */
    CODE_PERCENT_MIN = 8,
    POINTS_CODE = 4,
    /* Posts of a talk: as many regions of that name with running text in them. */
    POSTS_MIN = 3,
    POINTS_POSTS = 5,
    POINTS_COMMENTS = 5, /* more of what readers wrote than of anything else */
    /* A shop's page shows the price of the thing, and of some more; one of things shows many. */
    PRICES_MIN = 1,
    PRICES_MANY = 10,
    POINTS_PRICES = 2,
    POINTS_PRICES_MANY = 4,
    /* One region with most of a page's running text, and that in several blocks: an article. */
    ARTICLE_GOOD_BLOCKS_MIN = 2,
    ARTICLE_WEIGHT_MIN = 400,
    POINTS_TEXT = 2,
    /* Headings that are links, as those of a list of articles are. */
    ENTRIES_MIN = 6,
    POINTS_ENTRIES = 4,
    /* As many headings as this share of the blocks of text: a page of short sections, as those are
     * that offer something. */
    SECTIONS_PERCENT_MIN = 50,
    SECTIONS_MIN = 3,
    POINTS_SECTIONS = 3,
    LINKED_PERCENT = 90,
    PAGE_WEIGHT_MIN = 300, /* with less, what stands on a page tells nothing */
    POINTS_MIN = 2
};

struct counts {
    size_t weight;
    size_t code;
    size_t prices;
    size_t posts;
    size_t entries;
    size_t comments;
    size_t headings;
    size_t good;
    size_t good_blocks;
};

static void count(const struct density *density, const uint32_t *dropped, struct counts *counts)
{
    const struct lines *lines = density->lines;
    for (size_t i = 0; i < density->count; i++) {
        const struct block *block = &density->blocks[i];
        const uint32_t by = block->fixed ? 0 : dropped[block->region];
        if (by && (lines->regions[by].marks & MARK_COMMENTS)) {
            counts->comments += block->good ? block_plain(block) : 0;
        }
        if (block->fixed || by) {
            continue;
        }
        counts->headings += block->kind == BLOCK_heading && !block_is_linked(block, LINKED_PERCENT);
        counts->good += block->good ? block_plain(block) : 0;
        counts->good_blocks += block->good;
        counts->weight += block->weight;
        counts->code += block->kind == BLOCK_code ? block->weight : 0;
        counts->prices += block->priced;
        counts->entries += block->kind == BLOCK_heading && block_is_linked(block, LINKED_PERCENT);
    }
    for (size_t i = 1; i < lines->region_count; i++) {
        counts->posts +=
            (lines->regions[i].marks & MARK_POST) && density->sums[i].good > 0 && !dropped[i];
    }
}

enum page_type page_type_decide(const struct density *density, const uint32_t *dropped,
                                const struct page_evidence *stated)
{
    struct counts counts = {0};
    unsigned points[PAGE_TYPE_COUNT];
    count(density, dropped, &counts);
    for (size_t i = 0; i < PAGE_TYPE_COUNT; i++) {
        points[i] = stated->points[i];
    }
    if (counts.weight < PAGE_WEIGHT_MIN) {
        counts = (struct counts){0};
    }
    points[PAGE_TYPE_documentation] +=
        counts.code * 100 > counts.weight * CODE_PERCENT_MIN ? POINTS_CODE : 0;
    points[PAGE_TYPE_forum] += counts.posts >= POSTS_MIN ? POINTS_POSTS : 0;
    points[PAGE_TYPE_forum] += counts.comments > counts.good ? POINTS_COMMENTS : 0;
    points[PAGE_TYPE_product] +=
        counts.prices >= PRICES_MIN && counts.prices < PRICES_MANY ? POINTS_PRICES : 0;
    points[PAGE_TYPE_collection] += counts.prices >= PRICES_MANY ? POINTS_PRICES_MANY : 0;
    points[PAGE_TYPE_listing] += counts.entries >= ENTRIES_MIN ? POINTS_ENTRIES : 0;
    const bool has_sections = counts.headings >= SECTIONS_MIN &&
                              counts.headings * 100 >= counts.good_blocks * SECTIONS_PERCENT_MIN;
    if (has_sections) {
        points[PAGE_TYPE_service] += POINTS_SECTIONS;
    } else if (counts.good_blocks >= ARTICLE_GOOD_BLOCKS_MIN && counts.good >= ARTICLE_WEIGHT_MIN) {
        points[PAGE_TYPE_article] += POINTS_TEXT;
    }
    enum page_type best = PAGE_TYPE_unknown;
    for (enum page_type type = PAGE_TYPE_article; type < PAGE_TYPE_COUNT; type++) {
        best = points[type] > points[best] && points[type] >= POINTS_MIN ? type : best;
    }
    return best;
}

str page_type_name(enum page_type type)
{
    static const str names[PAGE_TYPE_COUNT] = {
#define X(name) STR_INIT(#name),
        PAGE_TYPE_LIST(X)
#undef X
    };
    return type == PAGE_TYPE_unknown ? STR("") : names[type];
}
