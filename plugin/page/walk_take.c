/* SPDX-License-Identifier: Apache-2.0 */
#include "page/walk.h"

static struct verdict part_verdict(enum part part)
{
    switch (part) {
    case PART_LINE_NUMBERS:
        return VERDICT_DROP_BY(boilerplate, "line numbers of code");
    case PART_ICON:
        return VERDICT_DROP_BY(alternative, "icon spelled as a word");
    case PART_FOR_SCREEN_READERS:
        return VERDICT_DROP_BY(hidden, "for screen readers only");
    case PART_HEADING_LINK:
        return VERDICT_DROP_BY(boilerplate, "link to the heading it stands at");
    case PART_EDIT_LINK:
        return VERDICT_DROP_BY(boilerplate, "link to edit the page");
    case PART_ORDINARY:
    case PART_COMMENTS:
        break;
    }
    return VERDICT_BODY;
}

/* What the element is by name and content. True: all of it was taken out of the line. */
static bool take_part(struct walk *walk, enum part part, const struct node *node)
{
    const struct verdict verdict = part_verdict(part);
    if (verdict.dropped) {
        aside_write(&walk->writer, node, walk_hidden_or(walk, verdict));
    }
    return verdict.dropped;
}

/* The formula in the line, or as a block of its own where there is room for one. */
static void say_formula(struct walk *walk, const struct formula *formula)
{
    const struct frame *frame = walk_top(walk);
    struct line like = frame->like;
    const struct span span = {.start = formula->src_start, .end = formula->src_end};
    const bool own_block = formula->display && !frame->row_depth && like.kind != BLOCK_heading &&
                           like.kind != BLOCK_caption && !frame->keep_space;
    if (formula->latex.len == 0) {
        return;
    }
    if (own_block) {
        like.kind = BLOCK_formula;
        like.level = 0;
        writer_break(&walk->writer, JOIN_BLOCK);
        writer_made_text(&walk->writer, &like, formula->latex, span);
        writer_break(&walk->writer, JOIN_BLOCK);
        return;
    }
    const str pieces[] = {STR("\\("), formula->latex, STR("\\)")};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        writer_made_text(&walk->writer, &like, pieces[i], span);
    }
}

bool walk_take_formula(struct walk *walk, const struct node *node)
{
    const struct verdict inherited = walk_top(walk)->like.verdict;
    struct formula formula;
    if ((inherited.dropped && inherited.reason == DROP_hidden) ||
        !formula_find(&walk->formulas, node, &formula) || element_is_hidden(node)) {
        return false;
    }
    aside_write(&walk->writer, node, VERDICT_DROP_BY(alternative, "formula as LaTeX"));
    say_formula(walk, &formula);
    return true;
}

static bool take_reading(struct walk *walk, const struct node *node)
{
    const enum display display = walk_display(node);
    if (display == DISPLAY_RUBY_TEXT) {
        aside_write(
            &walk->writer, node,
            walk_hidden_or(walk, VERDICT_DROP_BY(alternative, "reading of the text below it")));
    } else if (display == DISPLAY_RUBY_PARENTHESIS) {
        aside_write(&walk->writer, node,
                    VERDICT_DROP_BY(hidden, "parenthesis for browsers without ruby"));
    } else {
        return false;
    }
    return true;
}

bool walk_take(struct walk *walk, enum part part, const struct node *node)
{
    return take_reading(walk, node) || take_part(walk, part, node) || walk_take_formula(walk, node);
}
