/* SPDX-License-Identifier: Apache-2.0 */
/* The walk over a page's tree, for the files that share it: blocks.c goes through the nodes and says
 * text, walk_enter.c what an element means for all that is inside, walk_take.c what is taken out of
 * its line, walk_table.c which rows are data.
 */
#ifndef PAGE_WALK_H
#define PAGE_WALK_H

#include "base/document.h"
#include "page/aside.h"
#include "page/display.h"
#include "page/formula.h"
#include "page/hints.h"
#include "page/list_items.h"
#include "page/metadata.h"
#include "page/parts.h"
#include "page/table_rows.h"
#include "page/writer.h"

/* What an element hands down to all that is inside it. */
struct frame {
    struct line like;
    bool keep_space;
    bool in_link;
    bool in_article;
    bool in_comments;
    bool in_table_head;
    uint8_t list_level;
    /* Number of frames up to the innermost list, table, and row of that table; 0: none. */
    size_t list_depth;
    size_t table_depth;
    size_t row_depth;
    /* Of the list, table, row that the element is. */
    struct list list;
    struct table table;
    struct table_row row;
    size_t row_first; /* where its lines begin */
};

struct walk {
    struct arena *arena;
    const struct dom *dom;
    struct sink *pulse;
    struct metadata *metadata;
    struct line_writer writer;
    struct hint_table hints;
    struct part_table parts;
    struct formula_finder formulas;
    struct table_grids grids;
    struct frame *frames;
    size_t depth; /* frames in use */
    size_t capacity;
    size_t pulsed;
#ifdef QUERN_DELIBERATE_FAULT
    size_t text_nodes;
#endif
};

static inline struct frame *walk_top(struct walk *walk)
{
    return &walk->frames[walk->depth - 1];
}

/* The row that the element on top stands in; NULL outside of tables. */
static inline struct frame *walk_row_of(struct walk *walk)
{
    const size_t depth = walk_top(walk)->row_depth;
    return depth ? &walk->frames[depth - 1] : NULL;
}

static inline struct table *walk_table_of(struct walk *walk)
{
    const size_t depth = walk_top(walk)->table_depth;
    return depth ? &walk->frames[depth - 1].table : NULL;
}

/* What is hidden stays so; otherwise the verdict. */
static inline struct verdict walk_hidden_or(struct walk *walk, struct verdict verdict)
{
    const struct verdict inherited = walk_top(walk)->like.verdict;
    return inherited.dropped && inherited.reason == DROP_hidden ? inherited : verdict;
}

/* walk_enter.c: `frame` is the top one, of `node`. */
enum display walk_display(const struct node *node);
bool walk_breaks_lines(enum display display);
void walk_drop_inside(struct frame *frame, struct verdict verdict);
void walk_apply(struct walk *walk, struct frame *frame, const struct node *node, enum part part);

/* walk_take.c: true: all of the element has been said, its children are not walked. */
bool walk_take(struct walk *walk, enum part part, const struct node *node);
bool walk_take_formula(struct walk *walk, const struct node *node);

/* walk_table.c. What no row of data holds in its cells: `always`, or unless the table says that it
 * is one of data. */
void walk_mark_layout(struct walk *walk, bool always);
void walk_enter_table(struct walk *walk, struct frame *frame, const struct node *node);
void walk_enter_row(struct walk *walk, struct frame *frame);
void walk_enter_cell(struct walk *walk, struct frame *frame, const struct node *node);
/* A table, a section of one, or a row has ended; any other element is none of them. */
void walk_leave_table_part(struct walk *walk, const struct node *node);

#endif
