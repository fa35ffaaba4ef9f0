/* SPDX-License-Identifier: Apache-2.0 */
#include "page/library.h"

#include "page/completeness.h"
#include "page/fragments.h"
#include "page/labels.h"
#include "page/library_page.h"
#include "page/notices.h"
#include "page/select.h"
#include "page/value.h"
#include "text/utf8.h"

enum { HEAD_GAP_MAX = 200 /* lines between the labels, or the anchor, and the document */ };

/* ---- where the document stands ---- */

static const struct phrase *phrase_of(struct library *self, const struct line *line)
{
    library_fold(self, line);
    return phrase_find(self->family, self->line);
}

static bool is_title(struct library *self, const struct line *line)
{
    library_fold(self, line);
    return folded_equal(self->line, self->title);
}

/* Lines that may stand between the labels, or the anchor, and the document. */
static bool is_head_line(struct library *self, const struct line *line)
{
    uint64_t columns = 0;
    bool took_next = false;
    const struct phrase *phrase = phrase_of(self, line);
    if (phrase) {
        return phrase->reason == DROP_thumbnail || phrase->reason == DROP_sharing;
    }
    return anchor_match(self->family, self->line) == self->line->count ||
           folded_equal(self->line, self->title) ||
           labels_count(self->lines, line, NULL, self->family, self->line, &columns, &took_next) >
               0;
}

/* The anchor with the sharing sentence behind it, which begins at `*behind`. */
static bool anchor_has_sharing(struct library *self, const struct line *line, size_t *behind)
{
    library_fold(self, line);
    const int end = anchor_match(self->family, self->line);
    if (end == NO_MATCH || end >= self->line->count) {
        return false;
    }
    *behind = self->line->at[end];
    fold_notice(self->lines->text, *behind, line->to, self->line);
    const struct phrase *phrase = phrase_find(self->family, self->line);
    return phrase && phrase->reason == DROP_sharing;
}

/* The first anchor's line, at or behind the labels; the number of lines when there is none. */
static size_t find_anchor(struct library *self)
{
    const struct lines *lines = self->lines;
    for (size_t i = self->labels_from; i < lines->count; i++) {
        library_fold_head(self, &lines->items[i]);
        if (anchor_match(self->family, self->line) != NO_MATCH) {
            return i;
        }
    }
    return lines->count;
}

static void find_body_start(struct library *self)
{
    const struct lines *lines = self->lines;
    const size_t anchor = find_anchor(self);
    size_t behind = 0;
    self->has_anchor = anchor < lines->count;
    self->body_from = self->has_anchor ? anchor + 1 : self->labels_to;
    if (self->has_anchor && !anchor_has_sharing(self, &lines->items[anchor], &behind)) {
        library_fold_head(self, &lines->items[anchor]);
        if (anchor_match(self->family, self->line) < self->line->count) {
            /* Text behind the anchor's colon is the first of the document, on the same line. */
            self->body_from = anchor;
            return;
        }
    }
    const size_t left = lines->count - self->body_from;
    const size_t end = self->body_from + (left < HEAD_GAP_MAX ? left : HEAD_GAP_MAX);
    while (self->body_from < end && is_head_line(self, &lines->items[self->body_from])) {
        self->body_from++;
    }
}

static bool ends_body(enum drop_reason reason, bool at_gate)
{
    return at_gate ? reason == DROP_preview_gate
                   : reason == DROP_tip || reason == DROP_rights || reason == DROP_related ||
                         reason == DROP_trade;
}

static size_t find_end(struct library *self, bool at_gate)
{
    for (size_t i = self->body_from; i < self->lines->count; i++) {
        const struct line *line = &self->lines->items[i];
        const struct phrase *phrase = phrase_of(self, line);
        if (phrase && phrase->place == PLACE_START && ends_body(phrase->reason, at_gate)) {
            return i;
        }
        if (!at_gate && line->hinted) {
            return i;
        }
    }
    return self->lines->count;
}

static void find_body(struct library *self)
{
    find_body_start(self);
    self->body_to = find_end(self, true);
    if (self->body_to == self->lines->count) {
        self->body_to = find_end(self, false);
    }
}

/* ---- verdicts ---- */

static enum status read_head(struct library *self, struct statement *statement)
{
    struct lines *lines = self->lines;
    for (size_t i = 0; i < self->body_from; i++) {
        struct line *line = &lines->items[i];
        struct line *next = library_line_behind(self, i, self->body_from);
        bool took_next = false;
        if (line_is_hidden(line) || line_is_page_title(line)) {
            continue;
        }
        size_t behind = 0;
        if (anchor_has_sharing(self, line, &behind)) {
            TRY(line_cut(lines, line, behind, VERDICT_DROP(label)));
            TRY(sharing_read(lines, line, self->line, statement));
            continue;
        }
        const struct phrase *phrase = phrase_of(self, line);
        if (phrase && phrase->reason == DROP_sharing) {
            TRY(sharing_read(lines, line, self->line, statement));
        } else if (!phrase && i >= self->labels_from) {
            TRY(labels_read(lines, line, next, self->family, self->line, statement, &took_next));
        }
        i += took_next;
    }
    return STATUS_OK;
}

/* The anchor on the document's own first line. */
static enum status cut_anchor(struct library *self)
{
    struct lines *lines = self->lines;
    if (self->body_from >= lines->count) {
        return STATUS_OK;
    }
    struct line *line = &lines->items[self->body_from];
    library_fold_head(self, line);
    const int end = anchor_match(self->family, self->line);
    if (end == NO_MATCH || end >= self->line->count) {
        return STATUS_OK;
    }
    const size_t to = self->line->at[end];
    TRY(line_cut(lines, line, to, VERDICT_DROP(label)));
    return line_cut(lines, line, line->to, VERDICT_BODY);
}

static void drop_titles(struct library *self, struct notices *notices)
{
    bool first = true;
    for (size_t i = 0; i < self->lines->count; i++) {
        struct line *line = &self->lines->items[i];
        const bool inside = i >= self->body_from && i < self->body_to;
        if (inside || line_is_hidden(line) || line->first_cut) {
            continue;
        }
        if (line_is_page_title(line)) {
            first = false;
        } else if (is_title(self, line)) {
            line->verdict = first ? VERDICT_INTO(COLUMN_title) : VERDICT_DROP(duplicate_title);
            first = false;
            notices->told[i] = true;
        }
    }
}

/* What is neither document nor known stays with its hint; a page's other lines are the site's. A
 * plain text has no other lines: what nobody knows is text. */
static void drop_unknown(struct library *self, const struct notices *notices)
{
    const bool has_body = self->has_anchor && self->body_from < self->body_to;
    if (!self->metadata || !has_body) {
        return;
    }
    for (size_t i = 0; i < self->lines->count; i++) {
        struct line *line = &self->lines->items[i];
        const bool inside = i >= self->body_from && i < self->body_to;
        if (notices->told[i] || line->first_cut || line_is_hidden(line)) {
            continue;
        }
        if (inside && line->hinted && line->verdict.reason != DROP_advert) {
            line->verdict = VERDICT_BODY;
        } else if (!inside && !line->verdict.dropped) {
            line->verdict = VERDICT_DROP(boilerplate);
        }
    }
}

static void judge_body(const struct library *self, struct completeness *out)
{
    const struct lines *lines = self->lines;
    out->body_end = (str){.ptr = "", .len = 0};
    for (size_t i = self->body_from; i < self->body_to; i++) {
        const struct line *line = &lines->items[i];
        const bool all_cut = line->first_cut && line->last_cut->verdict.dropped;
        if (!line->verdict.dropped && !all_cut) {
            out->body_end = line_text(lines, line);
            out->body_count += (int64_t)utf8_count(out->body_end);
            out->place = lines_span(lines, line->from, line->to).end;
        }
    }
}

/* What the page's own text does not say, its head may. */
static void take_stated_pages(const struct library *self, struct statement *statement)
{
    int64_t pages = 0;
    if (self->metadata && statement->page_count < 0 &&
        value_read_pages(self->metadata->og_document_page.text, &pages)) {
        statement->page_count = pages;
    }
}

static enum status say_stated(const struct library *self, const struct statement *statement,
                              struct sink *sink)
{
    if (!self->metadata) {
        return STATUS_OK;
    }
    struct metadata metadata = *self->metadata;
    const struct stated *format = &metadata.og_document_type;
    if (format->text.len) {
        TRY(sink_value(sink, COLUMN_declared_format, format->text, format->span));
    }
    if (statement->keywords.text.len) {
        metadata.keywords = (struct stated){0};
    }
    return metadata_say(&metadata, sink);
}

enum status library_say(struct library *self, struct document *document, struct sink *sink)
{
    struct statement statement = STATEMENT_EMPTY;
    struct fragments fragments;
    struct notices notices = {0};
    find_body(self);
    if (self->metadata && !self->has_anchor) {
        TRY(lines_select(self->lines));
    }
    TRY(notices_init(&notices, self->lines, self->family, self->line, self->title));
    TRY(read_head(self, &statement));
    take_stated_pages(self, &statement);
    TRY(cut_anchor(self));
    drop_titles(self, &notices);
    notices_drop(&notices, self->body_from, self->body_to);
    drop_unknown(self, &notices);
    TRY(fragments_join(self->lines, self->body_from, self->body_to, &fragments));

    struct completeness completeness = {.page_count = statement.page_count,
                                        .preview_pages = notices.preview_pages,
                                        .preview_page_last = notices.preview_page_last,
                                        .has_gate = notices.has_gate,
                                        .fragments = &fragments};
    judge_body(self, &completeness);
    document->page_type = STR("library");
    TRY(sink_value(sink, COLUMN_title, self->title_text.text, self->title_text.span));
    TRY(statement_say(&statement, sink));
    TRY(say_stated(self, &statement, sink));
    return completeness_say(&completeness, document, sink);
}
