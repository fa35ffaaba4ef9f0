/* SPDX-License-Identifier: Apache-2.0 */
#include "page/walk.h"

enum { LEVEL_MAX = 99 };

/* Elements of drawings are shown in line, but for their labels and their descriptions. */
enum display walk_display(const struct node *node)
{
    const enum display display = tag_display(node->tag);
    if (node->name_space == NAME_SPACE_HTML || display == DISPLAY_NOTHING) {
        return display;
    }
    if (node->tag == TAG_title || node->tag == TAG_desc) {
        return DISPLAY_DESCRIPTION;
    }
    return str_equal(node->name, STR("text")) ? DISPLAY_BLOCK : DISPLAY_INLINE;
}

bool walk_breaks_lines(enum display display)
{
    return display >= DISPLAY_BLOCK && display <= DISPLAY_TITLE;
}

void walk_drop_inside(struct frame *frame, struct verdict verdict)
{
    if (!frame->like.verdict.dropped || verdict.reason == DROP_hidden) {
        frame->like.verdict = verdict;
        frame->like.hinted = false;
    }
}

/* A page's first heading may stand in its header, beside what is only the site's. */
static void enter_heading(struct walk *walk, struct frame *frame, enum tag tag)
{
    const struct verdict verdict = frame->like.verdict;
    walk_mark_layout(walk, false);
    if (tag == TAG_h1 && verdict.dropped && verdict.reason == DROP_boilerplate) {
        frame->like.verdict = VERDICT_BODY;
        frame->like.hinted = false;
    }
    frame->like.kind = BLOCK_heading;
    frame->like.level = (uint8_t)(tag - TAG_h1 + 1);
}

/* ARIA: the role heading; without a level it is the second. */
static void enter_block(struct walk *walk, struct frame *frame, const struct node *node)
{
    if (!node->attributes || !str_equal(node_attribute_value(node, STR("role")), STR("heading"))) {
        return;
    }
    const str level = node_attribute_value(node, STR("aria-level"));
    const bool is_level = level.len == 1 && level.ptr[0] >= '1' && level.ptr[0] <= '9';
    const int number = is_level ? level.ptr[0] - '0' : 2;
    walk_mark_layout(walk, false);
    frame->like.kind = BLOCK_heading;
    frame->like.level = (uint8_t)(number < 6 ? number : 6);
}

static void enter_list(struct walk *walk, struct frame *frame, const struct node *node)
{
    walk_mark_layout(walk, false);
    frame->list_level = (uint8_t)(frame->list_level + (frame->list_level < LEVEL_MAX));
    frame->like.level = frame->list_level;
    frame->list_depth = walk->depth;
    frame->list = list_begin(node);
}

/* A definition stands one level below its term. */
static void enter_item(struct walk *walk, struct frame *frame, const struct node *node)
{
    uint32_t number = 0;
    if (frame->list_depth && node->tag == TAG_li) {
        number = list_number(&walk->frames[frame->list_depth - 1].list, node);
    }
    frame->like.kind = BLOCK_list_item;
    frame->like.level =
        (uint8_t)((frame->list_level ? frame->list_level : 1) + (node->tag == TAG_dd));
    writer_begin_item(&walk->writer, number);
}

static void enter_title(struct walk *walk, struct frame *frame, const struct node *node)
{
    if (walk->metadata->title_element) {
        walk_drop_inside(frame, VERDICT_DROP(duplicate_title));
    } else {
        walk->metadata->title_element = node;
        walk_drop_inside(frame, VERDICT_INTO(COLUMN_title));
    }
}

/* Blocks are regions, so that their text can be summed; elements inside a line only if something is
 * to be said of them. Of two hints the outer one counts, unless it only says that it is not the
 * document. */
static void apply_hints(struct walk *walk, struct frame *frame, const struct node *node,
                        unsigned marks)
{
    if (element_is_hidden(node)) {
        walk_drop_inside(frame, VERDICT_DROP(hidden));
    }
    if (frame->keep_space) {
        return; /* inside code, names are those of its colours */
    }
    const struct element_hint hint = element_hint(&walk->hints, node, frame->in_article);
    marks |= hint.marks;
    if (!marks && !walk_breaks_lines(walk_display(node))) {
        return;
    }
    frame->like.region = writer_region(&walk->writer, &(struct region){.element = node,
                                                                       .verdict = hint.verdict,
                                                                       .parent = frame->like.region,
                                                                       .marks = marks});
    const bool overrides = !frame->like.verdict.dropped ||
                           (frame->like.hinted && frame->like.verdict.reason == DROP_boilerplate);
    if (overrides && (hint.marks & MARK_FIRM)) {
        frame->like.verdict = hint.verdict;
        frame->like.hinted = true;
    }
}

/* A gutter without a name, in a cell beside code. */
static bool is_gutter_in_row(struct walk *walk, const struct node *node)
{
    return node->tag == TAG_pre && walk_row_of(walk) && part_is_gutter(&walk->parts, node);
}

static void enter_code(struct walk *walk, struct frame *frame, const struct node *node)
{
    walk_mark_layout(walk, true);
    frame->like.kind = BLOCK_code;
    frame->like.level = 0;
    frame->keep_space = true;
    if (is_gutter_in_row(walk, node)) {
        walk_drop_inside(frame, VERDICT_DROP_BY(boilerplate, "line numbers of code"));
    }
}

static void enter_display(struct walk *walk, struct frame *frame, const struct node *node)
{
    switch (walk_display(node)) {
    case DISPLAY_HEADING:
        enter_heading(walk, frame, node->tag);
        break;
    case DISPLAY_LIST:
        enter_list(walk, frame, node);
        break;
    case DISPLAY_ITEM:
        enter_item(walk, frame, node);
        break;
    case DISPLAY_TABLE:
        walk_enter_table(walk, frame, node);
        break;
    case DISPLAY_ROW:
        walk_enter_row(walk, frame);
        break;
    case DISPLAY_CELL:
        walk_enter_cell(walk, frame, node);
        break;
    case DISPLAY_CAPTION:
        frame->like.kind = BLOCK_caption;
        frame->like.level = 0;
        break;
    case DISPLAY_QUOTE:
        frame->like.kind = BLOCK_quote;
        frame->like.level = 0;
        break;
    case DISPLAY_CODE:
        enter_code(walk, frame, node);
        break;
    case DISPLAY_TITLE:
        enter_title(walk, frame, node);
        break;
    case DISPLAY_ARTICLE:
        frame->in_article = true;
        break;
    case DISPLAY_DESCRIPTION:
        walk_drop_inside(frame, VERDICT_DROP_BY(alternative, "description of a drawing"));
        break;
    case DISPLAY_CONTROL:
        walk_drop_inside(frame, VERDICT_DROP_BY(boilerplate, "control of a form"));
        break;
    case DISPLAY_FALLBACK:
        walk_drop_inside(frame,
                         VERDICT_DROP_BY(hidden, "shown only where something else cannot be"));
        break;
    case DISPLAY_BLOCK:
        enter_block(walk, frame, node);
        frame->in_table_head = frame->in_table_head || node->tag == TAG_thead;
        break;
    case DISPLAY_INLINE:
    case DISPLAY_BREAK:
    case DISPLAY_RUBY_TEXT:
    case DISPLAY_RUBY_PARENTHESIS:
    case DISPLAY_NOTHING:
        break;
    }
}

/* Inside code, elements only colour it; what readers wrote is a comment whatever holds it. */
static void apply_display(struct walk *walk, struct frame *frame, const struct node *node)
{
    const enum display display = walk_display(node);
    if (frame->keep_space && display >= DISPLAY_BLOCK && display <= DISPLAY_CODE) {
        return;
    }
    enter_display(walk, frame, node);
    if (frame->in_comments &&
        (frame->like.kind == BLOCK_paragraph || frame->like.kind == BLOCK_list_item ||
         frame->like.kind == BLOCK_quote)) {
        frame->like.kind = BLOCK_comment;
        frame->like.level = 0;
    }
}

/* Is it an area of what readers wrote? Names inside a line or inside code say nothing of that. */
static bool begins_comments(const struct frame *frame, const struct node *node, enum part part)
{
    return part == PART_COMMENTS && !frame->keep_space && walk_breaks_lines(walk_display(node));
}

void walk_apply(struct walk *walk, struct frame *frame, const struct node *node, enum part part)
{
    frame->like.element = node;
    frame->in_link = frame->in_link || (node->tag == TAG_a && node_attribute(node, STR("href")));
    const bool comments = begins_comments(frame, node, part);
    apply_hints(walk, frame, node, comments ? MARK_COMMENTS : 0);
    if (comments) {
        frame->in_comments = true;
        frame->like.kind = BLOCK_paragraph;
    }
    apply_display(walk, frame, node);
}
