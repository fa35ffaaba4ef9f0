/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of a library page while it is read: recognise.c finds it, library.c uses it. For
 * these two only. */
#ifndef PAGE_LIBRARY_PAGE_H
#define PAGE_LIBRARY_PAGE_H

#include "page/library.h"
#include "page/profile.h"

struct library {
    struct lines *lines;
    const struct metadata *metadata; /* NULL: plain text */
    enum family family;
    struct folded *line; /* scratch */
    struct folded *title;
    struct stated title_text;
    size_t labels_from; /* lines of labels stand among [labels_from, labels_to) */
    size_t labels_to;
    size_t body_from;
    size_t body_to;
    bool has_anchor;
};

static inline bool line_is_page_title(const struct line *line)
{
    return line->verdict.dropped && line->verdict.reason == DROP_metadata &&
           line->verdict.column == COLUMN_title;
}

static inline bool line_is_hidden(const struct line *line)
{
    return line->verdict.dropped && line->verdict.reason == DROP_hidden;
}

static inline void library_fold(struct library *self, const struct line *line)
{
    fold_notice(self->lines->text, line->from, line->to, self->line);
}

static inline void library_fold_head(struct library *self, const struct line *line)
{
    fold_head(self->lines->text, line->from, line->to, self->line);
}

/* The line behind `i`, before `end`, where a value may stand whose label ends line `i`: in a page, as
 * the next cell of a table does. NULL: there is none. */
static inline struct line *library_line_behind(const struct library *self, size_t i, size_t end)
{
    return self->metadata && i + 1 < end ? &self->lines->items[i + 1] : NULL;
}

#endif
