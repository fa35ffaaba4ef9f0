/* SPDX-License-Identifier: Apache-2.0 */
/* A span of text that may have to change, written anew, code point by code point:
 *
 *   text ──house rules (zero-width runs, line ends, bullets, width)──► kept ──normal form──► formed
 *
 * A span begins with a plain character or with one that never joins what stands before it, and ends
 * before such a one, so spans never look at each other. The work is linear in the span, whatever
 * marks it holds. */
#ifndef TEXT_NORMAL_SPAN_H
#define TEXT_NORMAL_SPAN_H

#include "text/normal.h"
#include "text/normal_class.h"

enum { POINTS_FIRST = 256 };

/* Code points. They move when they grow; outgrown ones stay in the arena. */
struct points {
    uint32_t *items;
    size_t count;
    size_t capacity;
    uint32_t first[POINTS_FIRST];
};

struct span_rewriter {
    struct arena *arena;
    str text;
    struct normal_rules rules;
    uint32_t stops;
    struct normal_changes *changes;
    uint32_t before; /* the last character kept that is no mark, inside the span; 0: none */
    struct points kept;
    struct points formed;
    struct points sorted; /* scratch */
};

void span_rewriter_init(struct span_rewriter *rewriter, struct arena *arena, str text,
                        struct normal_rules rules, struct normal_changes *changes);

/* *out: what the span becomes, lent until the next call; NULL when nothing changes. */
enum status span_rewrite(struct span_rewriter *rewriter, size_t start, size_t end,
                         const struct points **out) MUST_CHECK;

/* ---- for the parts of it ---- */

bool points_add(struct points *points, struct arena *arena, uint32_t code_point) MUST_CHECK;
/* Room for `more` behind what is there, not counted. */
bool points_reserve(struct points *points, struct arena *arena, size_t more) MUST_CHECK;

void normal_change_count(struct span_rewriter *rewriter, enum normal_change change, size_t offset);

/* Is it a mark, which other marks may change places with? */
bool code_point_is_mark(uint32_t code_point);

/* A run of zero-width characters that begins at *at, which moves behind it: what stays of it is
 * added to `kept`. (normal_zero_width.c) */
enum status zero_width_rewrite(struct span_rewriter *rewriter, size_t *at,
                               bool *changed) MUST_CHECK;

/* `kept` in the normal form becomes `formed`. (normal_compose.c) */
enum status points_compose(struct span_rewriter *rewriter) MUST_CHECK;

#endif
