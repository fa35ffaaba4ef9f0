/* SPDX-License-Identifier: Apache-2.0 */
/* What a page states of itself, collected before anything is believed: in meta elements, JSON-LD,
 * microdata, marked elements and visible lines. metadata_say chooses: of each kind the lowest rank
 * that holds, and of one rank what came first. */
#ifndef PAGE_CLAIMS_H
#define PAGE_CLAIMS_H

#include "base/arena.h"
#include "base/sink.h"

enum { CLAIMS_MAX = 512, CLAIM_TEXT_MAX = 1 << 16 };

struct stated {
    str text; /* lent from the tree; empty: not stated */
    struct span span;
};

enum claim_kind {
    CLAIM_title,
    CLAIM_author,
    CLAIM_published,
    CLAIM_modified,
    CLAIM_site,
    CLAIM_category,
    CLAIM_tags,
    CLAIM_keywords,
    CLAIM_description,
    CLAIM_language,
    CLAIM_licence,
    CLAIM_rights
};

/* Ranks in use, the most trusted first; each source may add a few to its base. */
enum claim_rank {
    RANK_JSON_LD = 10,   /* an article of JSON-LD */
    RANK_META = 20,      /* meta elements: metadata.def adds its own */
    RANK_MICRODATA = 60, /* itemprop and property on visible elements */
    RANK_MARKED = 80,    /* time, rel, class */
    RANK_VISIBLE = 100   /* a line's wording */
};

struct claim {
    enum claim_kind kind;
    uint8_t rank;
    uint16_t group; /* several authors of one group belong together */
    struct stated stated;
};

struct claims {
    struct arena *arena;
    struct claim *items;
    size_t count;
    size_t capacity;
    uint16_t group; /* the next one's */
    bool failed;    /* the arena refused */
};

/* Empty texts and claims beyond CLAIMS_MAX are not kept. The text must live as long. */
void claims_add(struct claims *claims, enum claim_kind kind, unsigned rank, struct stated stated);

/* What comes next belongs together, and not to what came before. */
void claims_next_group(struct claims *claims);

/* The claim of this kind that comes behind `after` when they stand in the order of their ranks; NULL
 * at the end. `after` NULL: the first. */
const struct claim *claims_next(const struct claims *claims, enum claim_kind kind,
                                const struct claim *after);

#endif
