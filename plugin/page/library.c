/* SPDX-License-Identifier: Apache-2.0 */
#include "page/library.h"

#include "page/completeness.h"
#include "page/fragments.h"
#include "page/labels.h"
#include "page/notices.h"
#include "page/select.h"
#include "page/value.h"
#include "text/utf8.h"

enum {
    HEAD_LINES_MAX = 400, /* among these the title and the labels stand */
    LABELS_GAP_MAX = 12,  /* lines between two lines of labels, in a page */
    LABELS_MIN = 3
};

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

static bool is_page_title(const struct line *line)
{
    return line->verdict.dropped && line->verdict.reason == DROP_metadata &&
           line->verdict.column == COLUMN_title;
}

static bool is_hidden(const struct line *line)
{
    return line->verdict.dropped && line->verdict.reason == DROP_hidden;
}

static void fold_line(struct library *self, const struct line *line)
{
    fold(self->lines->text, line->from, line->to, self->line);
}

static bool begins_with(const struct folded *folded, const struct folded *start)
{
    return start->whole && start->count > 0 && folded->count >= start->count &&
           memcmp(folded->points, start->points, (size_t)start->count * sizeof start->points[0]) ==
               0;
}

/* ---- evidence ---- */

/* In a page a value may stand on a line of its own, as the next cell of a table does. */
static struct line *line_behind(const struct library *self, size_t i, size_t end)
{
    return self->metadata && i + 1 < end ? &self->lines->items[i + 1] : NULL;
}

static int bit_count(uint64_t bits)
{
    int count = 0;
    for (; bits; bits &= bits - 1) {
        count++;
    }
    return count;
}

/* The columns that labels from line `from` on state, the lines of labels no further apart than
 * their group is; labels_from and labels_to tell where. */
static uint64_t read_label_group(struct library *self, size_t from, size_t end)
{
    uint64_t all = 0;
    const size_t gap = self->metadata ? LABELS_GAP_MAX : 0;
    self->labels_from = from;
    self->labels_to = from;
    for (size_t i = from; i < end && i <= self->labels_to + gap; i++) {
        const struct line *line = &self->lines->items[i];
        uint64_t columns = 0;
        bool took_next = false;
        if (!is_hidden(line)) {
            (void)labels_count(self->lines, line, line_behind(self, i, end), self->family,
                               self->line, &columns, &took_next);
        }
        if (columns) {
            self->labels_from = all ? self->labels_from : i;
            self->labels_to = i + 1 + took_next;
            all |= columns;
        }
        i += took_next;
    }
    return all;
}

/* The first group of labels that states enough; false: there is none. A plain text has nothing
 * between its labels and nothing before them, and must state number, size and pages. */
static bool find_labels(struct library *self, size_t from)
{
    const uint64_t wanted = UINT64_C(1) << COLUMN_doc_id | UINT64_C(1) << COLUMN_declared_bytes |
                            UINT64_C(1) << COLUMN_page_count;
    const size_t end = self->lines->count < HEAD_LINES_MAX ? self->lines->count : HEAD_LINES_MAX;
    while (from < end) {
        const uint64_t columns = read_label_group(self, from, end);
        if (bit_count(columns) >= LABELS_MIN) {
            return self->metadata || (columns & wanted) == wanted;
        }
        if (!self->metadata) {
            return false;
        }
        from = self->labels_to > from ? self->labels_to : from + LABELS_GAP_MAX;
    }
    return false;
}

static void take_title(struct library *self, const struct line *line)
{
    const struct lines *lines = self->lines;
    fold(lines->text, line->from, line->to, self->title);
    self->title_text = (struct stated){.text = line_text(lines, line),
                                       .span = lines_span(lines, line->from, line->to)};
}

static size_t count_titles(struct library *self, size_t end)
{
    size_t count = 0;
    for (size_t i = 0; i < end; i++) {
        const struct line *line = &self->lines->items[i];
        fold_line(self, line);
        count += is_page_title(line) ? begins_with(self->line, self->title)
                                     : folded_equal(self->line, self->title);
    }
    return count;
}

/* A page's title is its first heading, or else the first line, in front of the labels. */
static bool find_page_title(struct library *self)
{
    const struct lines *lines = self->lines;
    const struct line *best = NULL;
    for (size_t i = 0; i < self->labels_to && i < HEAD_LINES_MAX; i++) {
        const struct line *line = &lines->items[i];
        const bool heading = line->kind == BLOCK_heading && line->level == 1;
        if (is_page_title(line) || is_hidden(line)) {
            continue;
        }
        if (!best || (heading && !(best->kind == BLOCK_heading && best->level == 1))) {
            best = line;
        }
    }
    if (!best) {
        return false;
    }
    take_title(self, best);
    return true;
}

static bool find_plain_title(struct library *self)
{
    const struct lines *lines = self->lines;
    if (lines->count < 2) {
        return false;
    }
    take_title(self, &lines->items[0]);
    fold_line(self, &lines->items[1]);
    return folded_equal(self->line, self->title);
}

/* A stated title (og:title) is the title, wherever else it stands. */
static bool find_title(struct library *self)
{
    if (!self->metadata) {
        return find_plain_title(self);
    }
    if (self->metadata->og_title.text.len) {
        const str text = self->metadata->og_title.text;
        self->title_text = self->metadata->og_title;
        fold(text, 0, text.len, self->title);
        return true;
    }
    return find_page_title(self);
}

static bool has_gate(struct library *self, size_t from)
{
    for (size_t i = from; i < self->lines->count; i++) {
        fold_line(self, &self->lines->items[i]);
        const struct phrase *phrase = phrase_find(self->family, self->line);
        if (phrase && phrase->reason == DROP_preview_gate && phrase->place == PLACE_START) {
            return true;
        }
    }
    return false;
}

static bool has_anchor(struct library *self, size_t from)
{
    for (size_t i = from; i < self->lines->count; i++) {
        fold_line(self, &self->lines->items[i]);
        if (anchor_match(self->family, self->line) != NO_MATCH) {
            return true;
        }
    }
    return false;
}

static bool is_declared(const struct library *self)
{
    return self->metadata &&
           str_equal_ignoring_ascii_case(self->metadata->og_type.text, STR("document"));
}

/* Cheapest first: what nearly every page lacks is asked before the whole of it is read. */
static bool belongs(struct library *self)
{
    const unsigned wanted = family_evidence(self->family, !self->metadata);
    if ((wanted & EVIDENCE_NEVER) || ((wanted & EVIDENCE_DECLARED) && !is_declared(self))) {
        return false;
    }
    if (!self->metadata && !find_plain_title(self)) {
        return false;
    }
    if (!find_labels(self, self->metadata ? 0 : 2) || !find_title(self)) {
        return false;
    }
    if ((wanted & EVIDENCE_TITLE) && count_titles(self, self->labels_from) < 2) {
        return false;
    }
    if ((wanted & EVIDENCE_ANCHOR) && !has_anchor(self, 0)) {
        return false;
    }
    return !(wanted & EVIDENCE_GATE) || has_gate(self, self->labels_to);
}

enum status library_recognise(struct lines *lines, const struct metadata *metadata,
                              struct library **out)
{
    struct library *self = ARENA_NEW(lines->arena, struct library);
    struct folded *scratch = ARENA_ARRAY(lines->arena, 2, struct folded);
    if (!self || !scratch) {
        return STATUS_NO_MEMORY;
    }
    for (enum family family = 0; family < FAMILY_COUNT && !*out; family++) {
        *self = (struct library){.lines = lines,
                                 .metadata = metadata,
                                 .family = family,
                                 .line = &scratch[0],
                                 .title = &scratch[1]};
        *out = belongs(self) ? self : NULL;
    }
    return STATUS_OK;
}

/* ---- where the document stands ---- */

static const struct phrase *phrase_of(struct library *self, const struct line *line)
{
    fold_line(self, line);
    return phrase_find(self->family, self->line);
}

static bool is_title(struct library *self, const struct line *line)
{
    fold_line(self, line);
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

static void find_body_start(struct library *self)
{
    const struct lines *lines = self->lines;
    self->body_from = self->labels_to;
    for (size_t i = self->labels_from; i < lines->count && !self->has_anchor; i++) {
        fold_line(self, &lines->items[i]);
        const int end = anchor_match(self->family, self->line);
        if (end != NO_MATCH) {
            self->has_anchor = true;
            /* Text behind the anchor's colon is the first of the document, on the same line. */
            self->body_from = end == self->line->count ? i + 1 : i;
            if (end < self->line->count) {
                return;
            }
        }
    }
    while (self->body_from < lines->count && is_head_line(self, &lines->items[self->body_from])) {
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
        if (!at_gate && line->region != NO_REGION && line->verdict.dropped) {
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
        struct line *next = line_behind(self, i, self->body_from);
        bool took_next = false;
        if (is_hidden(line) || is_page_title(line)) {
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
    fold_line(self, line);
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
        if (inside || is_hidden(line) || line->first_cut) {
            continue;
        }
        if (is_page_title(line)) {
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
        if (notices->told[i] || line->first_cut || is_hidden(line)) {
            continue;
        }
        if (inside && line->region != NO_REGION && line->verdict.reason != DROP_advert) {
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
    TRY(notices_init(&notices, self->lines, self->family, self->line));
    TRY(read_head(self, &statement));
    take_stated_pages(self, &statement);
    TRY(cut_anchor(self));
    drop_titles(self, &notices);
    notices_drop(&notices, self->body_from, self->body_to);
    drop_unknown(self, &notices);
    TRY(fragments_join(self->lines, self->body_from, self->body_to, &fragments));

    struct completeness completeness = {.page_count = statement.page_count,
                                        .preview_pages = notices.preview_pages,
                                        .has_gate = notices.has_gate,
                                        .fragments = &fragments};
    judge_body(self, &completeness);
    document->page_type = STR("library");
    TRY(sink_value(sink, COLUMN_title, self->title_text.text, self->title_text.span));
    TRY(statement_say(&statement, sink));
    TRY(say_stated(self, &statement, sink));
    return completeness_say(&completeness, document, sink);
}
