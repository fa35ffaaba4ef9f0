/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of a library page while it is read: recognise.c finds it, library.c and
 * library_body.c use it. For these only. */
#ifndef PAGE_LIBRARY_PAGE_H
#define PAGE_LIBRARY_PAGE_H

#include "page/labels.h"
#include "page/library.h"
#include "page/markings.h"
#include "page/profile.h"

struct library {
    struct lines *lines;
    const struct metadata *metadata; /* NULL: plain text */
    struct lexicon *lexicon;
    struct markings *markings; /* pages: what the markup says */
    enum family family;
    struct folded *line; /* scratch */
    struct folded *title;
    struct stated title_text;
    struct stated site_text; /* behind the title in the title element; may be empty */
    size_t labels_from;      /* lines of labels stand among [labels_from, labels_to) */
    size_t labels_to;
    size_t anchor; /* the line in front of the document; the count of lines: none */
    size_t body_from;
    size_t body_to;
    bool is_located; /* the page says where the document stands, or that it is not there */
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

static inline bool line_is_linked(const struct line *line)
{
    return line->link_len * 10 >= (line->to - line->from) * 8;
}

static inline void library_fold(struct library *self, const struct line *line)
{
    fold_notice(self->lines->text, line->from, line->to, self->line);
}

static inline void library_fold_head(struct library *self, const struct line *line)
{
    fold_head(self->lines->text, line->from, line->to, self->line);
}

static inline const struct wording *library_phrase(struct library *self, const struct line *line)
{
    library_fold(self, line);
    return phrase_find(self->lexicon, self->family, self->line);
}

/* The anchor with which the line begins; *end as in anchor_find. */
static inline const struct wording *library_anchor(struct library *self, const struct line *line,
                                                   int *end)
{
    library_fold_head(self, line);
    return anchor_find(self->lexicon, self->family, self->line, end);
}

static inline struct label_reader library_labels(const struct library *self)
{
    return (struct label_reader){.lines = self->lines,
                                 .lexicon = self->lexicon,
                                 .family = self->family,
                                 .loose = self->metadata != NULL,
                                 .apart = false,
                                 .scratch = self->line};
}

/* The line behind `i`, before `end`, where a value may stand whose label ends line `i`: in a page, as
 * the next cell of a table does. NULL: there is none. */
static inline struct line *library_line_behind(const struct library *self, size_t i, size_t end)
{
    return self->metadata && i + 1 < end ? &self->lines->items[i + 1] : NULL;
}

/* Is the line the title and nothing more? */
bool library_is_title(struct library *self, const struct line *line);

/* The anchor with the sharing sentence behind it, which begins at `*behind`; its phrase, or NULL. */
const struct wording *library_anchor_sharing(struct library *self, const struct line *line,
                                             size_t *behind);

/* Finds where the document stands: anchor, body_from, body_to, is_located. */
enum status library_find_body(struct library *self) MUST_CHECK;

#endif
