/* SPDX-License-Identifier: Apache-2.0 */
/* Where the document stands on a library's page: behind an anchor, in an element the profile knows,
 * behind the title that stands once more in front of the text, or nowhere. */
#include "page/display.h"
#include "page/library_page.h"
#include "page/notices.h"
#include "page/select.h"
#include "page/selector.h"
#include "page/sentence.h"
#include "text/utf8.h"

enum {
    HEAD_GAP_MAX = 200,  /* lines between the labels, or the anchor, and the document */
    ANCHORS_MAX = 16,    /* that are looked at */
    QUOTES_MAX = 8,      /* notices that the document only quotes */
    HEADINGS_MAX = 3,    /* short lines in front of the first prose */
    PROSE_LINE_MIN = 20, /* code points of a line that is more than a caption */
    PROSE_MIN = 40       /* of all such lines, where pages are pictures */
};

bool library_is_title(struct library *self, const struct line *line)
{
    library_fold(self, line);
    return folded_equal(self->line, self->title);
}

const struct wording *library_anchor_sharing(struct library *self, const struct line *line,
                                             size_t *behind)
{
    int end = 0;
    library_fold(self, line);
    if (!anchor_find(self->lexicon, self->family, self->line, &end) || end >= self->line->count) {
        return NULL;
    }
    *behind = self->line->at[end];
    fold_notice(self->lines->text, *behind, line->to, self->line);
    const struct wording *phrase = phrase_find(self->lexicon, self->family, self->line);
    return phrase && phrase->reason == DROP_sharing ? phrase : NULL;
}

static bool is_anchor_line(struct library *self, const struct line *line)
{
    int end = 0;
    return library_anchor(self, line, &end) && end == self->line->count && self->line->whole;
}

/* Lines that may stand between the labels, or the anchor, and the document. */
static bool is_head_line(struct library *self, const struct line *line)
{
    uint64_t columns = 0;
    bool took_next = false;
    const struct wording *phrase = library_phrase(self, line);
    if (phrase) {
        return phrase->reason == DROP_thumbnail || phrase->reason == DROP_sharing;
    }
    if (folded_equal(self->line, self->title) || is_anchor_line(self, line)) {
        return true;
    }
    const struct label_reader reader = library_labels(self);
    return labels_count(&reader, line, NULL, &columns, &took_next) > (self->metadata ? 1 : 0);
}

static bool ends_body(enum drop_reason reason, bool at_gate)
{
    return at_gate ? reason == DROP_preview_gate
                   : reason == DROP_tip || reason == DROP_rights || reason == DROP_related ||
                         reason == DROP_trade;
}

static bool is_prose(const struct library *self, const struct line *line)
{
    return !line->verdict.dropped && !line_is_linked(line) &&
           utf8_count(line_text(self->lines, line)) >= PROSE_LINE_MIN;
}

/* ---- the anchor ---- */

static const struct node *block_of(const struct node *node)
{
    while (node && node->parent && node->kind == NODE_ELEMENT &&
           tag_display(node->tag) == DISPLAY_INLINE) {
        node = node->parent;
    }
    return node;
}

/* Do two lines stand side by side, as two paragraphs of one text do? */
static bool are_siblings(const struct line *a, const struct line *b)
{
    const struct node *x = block_of(a->element);
    const struct node *y = block_of(b->element);
    return x && y && a->kind == b->kind && (x == y || (x->parent == y->parent && x->tag == y->tag));
}

/* Do both stand in the element that holds the first one's block? */
static bool are_near(const struct line *a, const struct line *b)
{
    const struct node *x = block_of(a->element);
    const struct node *holder = x && x->tag == TAG_p ? x->parent : x;
    const struct node *y = b->element;
    for (int i = 0; i < ANCESTORS_MAX && y && y != holder; i++) {
        y = y->parent;
    }
    return y && y == holder && y->tag != TAG_body;
}

/* Bytes of text from behind an anchor up to the next one, or to a notice. */
static size_t prose_behind(struct library *self, size_t anchor, size_t *next)
{
    const struct lines *lines = self->lines;
    const struct line *last = NULL;
    size_t prose = 0;
    int end = 0;
    size_t i = anchor;
    for (; i < lines->count; i++) {
        const struct line *line = &lines->items[i];
        const struct wording *phrase = i > anchor ? library_phrase(self, line) : NULL;
        if (phrase && phrase->place == PLACE_START &&
            (ends_body(phrase->reason, true) || ends_body(phrase->reason, false))) {
            break;
        }
        if (i > anchor && library_anchor(self, line, &end) && !(last && are_siblings(last, line))) {
            break;
        }
        if (!phrase && is_prose(self, line)) {
            prose += line->to - line->from;
            last = line;
        }
    }
    *next = i > anchor ? i : anchor + 1;
    return prose;
}

/* Of several anchors (tabs, an introduction, the text) the one with most behind it. In a plain text
 * the first. */
static void find_anchor(struct library *self, size_t from)
{
    const struct lines *lines = self->lines;
    size_t most = 0;
    size_t next = from;
    int end = 0;
    size_t seen = 0;
    self->anchor = lines->count;
    for (size_t i = from; i < lines->count && seen < ANCHORS_MAX; i++) {
        if (!library_anchor(self, &lines->items[i], &end)) {
            continue;
        }
        if (!self->metadata) {
            self->anchor = i;
            return;
        }
        if (self->anchor == lines->count) {
            self->anchor = i;
        }
        seen++;
        if (i < next) {
            continue; /* in the text of the one before */
        }
        const size_t prose = prose_behind(self, i, &next);
        if (prose > most) {
            most = prose;
            self->anchor = i;
        }
    }
}

/* ---- from where, to where ---- */

static void skip_head(struct library *self)
{
    const struct lines *lines = self->lines;
    const size_t left = lines->count - self->body_from;
    const size_t end = self->body_from + (left < HEAD_GAP_MAX ? left : HEAD_GAP_MAX);
    while (self->body_from < end && is_head_line(self, &lines->items[self->body_from])) {
        self->body_from++;
    }
}

static void start_at_anchor(struct library *self)
{
    const struct lines *lines = self->lines;
    const struct line *line = &lines->items[self->anchor];
    size_t behind = 0;
    int end = 0;
    self->is_located = true;
    self->body_from = self->anchor + 1;
    if (!library_anchor_sharing(self, line, &behind)) {
        (void)library_anchor(self, line, &end);
        if (end < self->line->count) {
            /* Text behind the anchor's colon is the first of the document, on the same line. */
            self->body_from = self->anchor;
            return;
        }
    }
    skip_head(self);
}

static size_t place_of(const struct library *self, size_t i)
{
    const struct line *line = &self->lines->items[i];
    return lines_span(self->lines, line->from, line->from + 1).start;
}

/* The first line at or behind `place` of the source. */
static size_t line_at(const struct library *self, size_t place)
{
    size_t i = 0;
    while (i < self->lines->count && place_of(self, i) < place) {
        i++;
    }
    return i;
}

static bool start_in_element(struct library *self, struct extent *extent)
{
    if (!self->markings ||
        !markings_body(self->markings, self->family, self->lines->source_len, extent)) {
        return false;
    }
    const size_t from = line_at(self, extent->from);
    if (from >= self->lines->count || place_of(self, from) >= extent->to) {
        return false;
    }
    self->is_located = true;
    self->body_from = from;
    return true;
}

/* Do the document's first words stand here: prose, perhaps behind a heading? */
static bool goes_on_with_prose(struct library *self, size_t i)
{
    for (size_t n = 0; n < HEADINGS_MAX && i < self->lines->count; n++, i++) {
        const struct line *line = &self->lines->items[i];
        if (line->verdict.dropped || line_is_linked(line) || library_phrase(self, line)) {
            return false;
        }
        if (is_prose(self, line)) {
            return true;
        }
    }
    return false;
}

/* The title once more, as a line of its own behind the labels, with text behind it. */
static bool start_behind_title(struct library *self)
{
    const struct lines *lines = self->lines;
    for (size_t i = lines->count; i-- > self->labels_to + 1;) {
        const struct line *title = &lines->items[i - 1];
        if (!title->hinted && !line_is_page_title(title) && library_is_title(self, title) &&
            goes_on_with_prose(self, i)) {
            self->anchor = i - 1;
            self->body_from = i;
            self->is_located = true;
            return true;
        }
    }
    return false;
}

/* Notices that stand in front of a document, and numbered ones behind the first of them. */
static void skip_notices(struct library *self)
{
    const struct lines *lines = self->lines;
    int64_t number = 0;
    for (; self->body_from < lines->count; self->body_from++) {
        const struct line *line = &lines->items[self->body_from];
        const struct wording *phrase = library_phrase(self, line);
        const int64_t item = item_number(self->line);
        if (!phrase && (!number || item != number + 1) && !line_is_linked(line) &&
            !is_head_line(self, line)) {
            break;
        }
        number = item;
    }
}

/* Where a heading names the document, or its labels end. */
static void start_behind_head(struct library *self)
{
    self->body_from = self->labels_to;
    for (size_t i = 0; !self->labels_to && i < self->lines->count; i++) {
        const struct line *line = &self->lines->items[i];
        if (!line_is_page_title(line) && library_is_title(self, line)) {
            self->body_from = i + 1;
            break;
        }
    }
    self->anchor = self->body_from ? self->body_from - 1 : self->lines->count;
    skip_notices(self);
}

/* The innermost element that holds both lines; NULL when that is the page. */
static const struct node *common_element(const struct line *a, const struct line *b)
{
    const struct node *x = a->element;
    const struct node *y = b->element;
    while (x && y && x != y) {
        if (x->depth >= y->depth) {
            x = x->parent;
        } else {
            y = y->parent;
        }
    }
    const bool is_page =
        !x || x != y || x->kind != NODE_ELEMENT || x->tag == TAG_body || x->tag == TAG_html;
    return is_page ? NULL : x;
}

static size_t find_stop(struct library *self, size_t from, size_t to, bool at_gate)
{
    for (size_t i = from; i < to; i++) {
        const struct line *line = &self->lines->items[i];
        const struct wording *phrase = library_phrase(self, line);
        if (phrase && (phrase->place == PLACE_START || !at_gate) &&
            ends_body(phrase->reason, at_gate) && i != self->anchor) {
            return i;
        }
        if (!at_gate && (line->hinted || (self->metadata && is_all(self->line)))) {
            return i;
        }
    }
    return to;
}

/* Is there more of the document among [from, to), beside its first line? */
static bool goes_on(struct library *self, size_t from, size_t to)
{
    const struct line *first = &self->lines->items[self->body_from];
    for (size_t i = from; i < to; i++) {
        const struct line *line = &self->lines->items[i];
        if (is_prose(self, line) && are_siblings(first, line) && !library_phrase(self, line)) {
            const char c = self->lines->text.ptr[line->from];
            if (!ascii_is_digit((unsigned char)c)) {
                return true;
            }
        }
    }
    return false;
}

/* Behind the document: links, and short lines that stand apart from it. */
static void trim_end(struct library *self)
{
    const struct line *first = NULL;
    for (size_t i = self->body_from; i < self->body_to && !first; i++) {
        first = is_prose(self, &self->lines->items[i]) ? &self->lines->items[i] : NULL;
    }
    while (first && self->body_to > self->body_from + 1) {
        const struct line *line = &self->lines->items[self->body_to - 1];
        const bool apart = !are_near(first, line) && !is_prose(self, line) &&
                           !sentence_ends(line_text(self->lines, line));
        if (line <= first || !(line_is_linked(line) || apart || line->verdict.dropped)) {
            break;
        }
        self->body_to--;
    }
}

/* Does the notice stand in the text, among other words of a document that goes on behind it? */
static bool is_quoted(struct library *self, size_t i, size_t to)
{
    if (!self->metadata || i >= to) {
        return false;
    }
    const struct line *line = &self->lines->items[i];
    const struct wording *phrase = library_phrase(self, line);
    if (!phrase) {
        return false;
    }
    /* A heading of notices ends there, or at its colon. */
    const int end = pattern_match(phrase->pattern, self->line, 0);
    const bool runs_on = phrase->place == PLACE_START && end < self->line->count &&
                         self->line->points[end] != ':' && is_prose(self, line);
    return (phrase->place == PLACE_SOMEWHERE || runs_on) && goes_on(self, i + 1, to);
}

static void find_end(struct library *self, size_t to)
{
    const size_t gate = find_stop(self, self->body_from, to, true);
    size_t notice = find_stop(self, self->body_from, to, false);
    for (int i = 0; i < QUOTES_MAX && is_quoted(self, notice, to); i++) {
        notice = find_stop(self, notice + 1, to, false);
    }
    if (!self->metadata || self->body_from >= to) {
        self->body_to = gate < to ? gate : notice;
    } else if (notice < gate) {
        self->body_to = gate < to && goes_on(self, notice + 1, gate) ? gate : notice;
    } else {
        self->body_to = gate;
    }
    if (self->metadata) {
        trim_end(self);
    }
}

/* Up to which line the element goes that holds the anchor and the text behind it. */
static size_t bound_by_element(const struct library *self)
{
    const struct lines *lines = self->lines;
    if (!self->metadata || self->anchor >= lines->count || self->body_from >= lines->count ||
        self->anchor == self->body_from) {
        return lines->count;
    }
    const struct node *element =
        common_element(&lines->items[self->anchor], &lines->items[self->body_from]);
    if (!element) {
        return lines->count;
    }
    const size_t to = element_extent(element, lines->source_len).to;
    size_t i = self->body_from;
    while (i < lines->count && place_of(self, i) < to) {
        i++;
    }
    return i;
}

/* ---- pages without the document ---- */

static size_t count_prose(struct library *self)
{
    size_t prose = 0;
    for (size_t i = self->body_from; i < self->body_to; i++) {
        const struct line *line = &self->lines->items[i];
        if (is_prose(self, line) && !library_phrase(self, line)) {
            prose += utf8_count(line_text(self->lines, line));
        }
    }
    return prose;
}

static void drop_body(struct library *self)
{
    self->is_located = true;
    self->anchor = self->lines->count;
    self->body_from = self->labels_to;
    self->body_to = self->labels_to;
}

static bool is_drawn(const struct library *self)
{
    return self->markings && !family_serves_body(self->family);
}

enum status library_find_body(struct library *self)
{
    struct extent extent = {0};
    if (is_drawn(self)) {
        drop_body(self);
        return STATUS_OK;
    }
    size_t to = self->lines->count;
    find_anchor(self, self->labels_from);
    if (self->anchor == self->lines->count && self->metadata && self->labels_from) {
        find_anchor(self, 0);
    }
    if (self->anchor < self->lines->count) {
        start_at_anchor(self);
    } else if (start_in_element(self, &extent)) {
        skip_head(self);
        to = line_at(self, extent.to);
    } else if (!self->metadata || !start_behind_title(self)) {
        TRY(self->metadata ? lines_select(self->lines) : STATUS_OK);
        start_behind_head(self);
    }
    const size_t bound = bound_by_element(self);
    to = bound < to ? bound : to;
    /* Labels behind the document end it. */
    to = self->metadata && self->labels_from > self->body_from && self->labels_from < to
             ? self->labels_from
             : to;
    find_end(self, to);
    if (self->metadata && !self->is_located && count_prose(self) < PROSE_MIN) {
        drop_body(self);
    }
    return STATUS_OK;
}
