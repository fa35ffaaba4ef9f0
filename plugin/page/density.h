/* SPDX-License-Identifier: Apache-2.0 */
/* How much text of which kind a page holds where: lines become blocks, blocks are weighed, and their
 * weights are summed up the tree. All that select.c and page_type.c decide, they decide from these
 * sums; nothing is read twice.
 *
 *   region 1 body            weight 940  good 800
 *   ├─ region 2 nav          weight  90  good   0     ← all of it links
 *   └─ region 3 article      weight 850  good 800
 *      ├─ region 4 h1 …
 */
#ifndef PAGE_DENSITY_H
#define PAGE_DENSITY_H

#include "page/lines.h"

/* Which of the rules of select.c and context.c decided. */
enum ruling {
    RULED_BODY, /* none: it stays */
    RULED_HINT,
    RULED_OUTSIDE,
    RULED_POSTS,
    RULED_SOFT_HINT,
    RULED_LINKS,
    RULED_PHRASE,
    RULED_SECTION, /* under a phrase */
    RULED_LINK,
    RULED_CAPTION,
    RULED_EDGE,
    RULED_LAST_HEADING
};

/* A block of the record, as one to be kept or dropped: lines[first, end). */
struct block {
    uint32_t first;
    uint32_t end;
    uint32_t region;
    uint32_t weight; /* of its text, in Latin letters; an ideograph weighs more than one */
    uint32_t linked; /* of that, inside links */
    uint32_t signs;  /* marks that end or divide sentences, of either script */
    enum block_kind kind : 8;
    enum ruling ruled : 8;
    uint16_t likely;        /* to be of the document, as judge.c says it */
    bool fixed;             /* its verdict is not a matter of opinion: hidden, or metadata */
    bool good;              /* reads like running text */
    bool priced;            /* an amount of money stands in it */
    bool kept;              /* while select.c decides */
    struct verdict verdict; /* where it is neither kept nor fixed */
};

/* Of a region and all that is inside. There are as many of them as a page has elements: no number is
 * wider than it must be. A text weighs no more than it has bytes, so LINES_TEXT_BYTES_MAX bounds
 * weights, and numbers of lines. */
struct region_sum {
    uint32_t weight;
    uint32_t linked;
    uint32_t good; /* weight of good blocks */
    uint32_t blocks;
    uint32_t good_blocks;
    uint32_t region_end;  /* index behind the last region inside */
    uint32_t first_block; /* index; the number of blocks where there is none */
};

struct density {
    struct lines *lines;
    struct block *blocks;
    size_t count;
    struct region_sum *sums; /* by region; [0] is the whole page */
};

/* OK or NO_MEMORY. `out` lives as long as the lines. */
enum status density_measure(struct lines *lines, struct density *out) MUST_CHECK;

/* `part` is at least `percent` of `whole`. */
static inline bool share_reaches(uint32_t part, uint32_t whole, uint32_t percent)
{
    return (uint64_t)part * 100 >= (uint64_t)whole * percent;
}

static inline uint32_t block_plain(const struct block *block)
{
    return block->weight - block->linked;
}

/* At least `percent` of the weight is inside links. */
static inline bool block_is_linked(const struct block *block, uint32_t percent)
{
    return share_reaches(block->linked, block->weight, percent);
}

#endif
