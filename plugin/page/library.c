/* SPDX-License-Identifier: Apache-2.0 */
#include "page/library.h"

#include "page/completeness.h"
#include "page/fragments.h"
#include "page/library_page.h"
#include "page/noise.h"
#include "page/notices.h"
#include "page/value.h"
#include "text/utf8.h"

enum { WAY_STOP_MAX = 20 /* code points of a category */ };

/* ---- verdicts ---- */

static enum status read_sharing(struct library *self, struct line *line,
                                struct statement *statement, bool *is_sharing)
{
    struct lines *lines = self->lines;
    size_t behind = 0;
    const struct wording *phrase = library_anchor_sharing(self, line, &behind);
    if (phrase) {
        *is_sharing = true;
        TRY(line_cut(lines, line, behind, VERDICT_DROP_BY(label, "library lexicon: anchor")));
        return sharing_read(lines, line, phrase->rule, self->line, statement);
    }
    phrase = library_phrase(self, line);
    *is_sharing = phrase && phrase->reason == DROP_sharing;
    return *is_sharing ? sharing_read(lines, line, phrase->rule, self->line, statement) : STATUS_OK;
}

/* Labels and the sharing sentence among [from, to). */
static enum status read_head(struct library *self, size_t from, size_t to,
                             struct statement *statement)
{
    struct lines *lines = self->lines;
    struct label_reader reader = library_labels(self);
    reader.apart = reader.loose;
    for (size_t i = from; i < to; i++) {
        struct line *line = &lines->items[i];
        struct line *next = library_line_behind(self, i, to);
        bool took_next = false;
        bool is_sharing = false;
        if (line_is_hidden(line) || line_is_page_title(line) || line->first_cut) {
            continue;
        }
        TRY(read_sharing(self, line, statement, &is_sharing));
        if (!is_sharing && !library_phrase(self, line)) {
            TRY(labels_read(&reader, line, next, statement, &took_next));
        }
        i += took_next;
    }
    return STATUS_OK;
}

static bool is_between(uint32_t c)
{
    return c == '>' || c == 0x203A || c == 0x00BB || c == 0x2192;
}

/* "首页 > 教育 > 中学 > TITLE": the last stop before the title, where a line says the way to the page. */
static void read_way(struct library *self, const struct line *line, struct statement *statement)
{
    const str text = line_text(self->lines, line);
    struct stated last = {0};
    size_t from = 0;
    size_t stops = 0;
    for (size_t at = 0; at <= text.len;) {
        const size_t end = at;
        const uint32_t c = at < text.len ? code_point_fold_width(utf8_next(text, &at)) : '>';
        at += end == text.len;
        if (!is_between(c)) {
            continue;
        }
        const size_t start = blank_skip(text, from, end);
        const size_t to = blank_trim(text, start, end);
        from = at;
        fold(text, start, to, self->line);
        if (start < to && stops++ > 0 && self->line->count <= WAY_STOP_MAX &&
            !folded_begins(self->title, self->line) && !folded_begins(self->line, self->title)) {
            last = (struct stated){
                .text = str_slice(text, start, to),
                .span = lines_span(self->lines, line->from + start, line->from + to)};
        }
    }
    if (last.text.len) {
        statement_take(statement, COLUMN_category, VALUE_TEXT, last);
    }
}

/* The first line in front of the document that says the way. */
static void find_way(struct library *self, struct statement *statement)
{
    for (size_t i = 0; self->metadata && i < self->body_from; i++) {
        struct line *line = &self->lines->items[i];
        library_fold(self, line);
        if (self->line->whole && self->line->count > 0 && is_way(self->line)) {
            read_way(self, line, statement);
            return;
        }
    }
}

/* The anchor on the document's own first line. */
static enum status cut_anchor(struct library *self)
{
    struct lines *lines = self->lines;
    int end = 0;
    if (self->body_from >= lines->count || self->body_from != self->anchor) {
        return STATUS_OK;
    }
    struct line *line = &lines->items[self->body_from];
    const struct wording *anchor = library_anchor(self, line, &end);
    if (!anchor || end >= self->line->count) {
        return STATUS_OK;
    }
    const size_t to = self->line->at[end];
    TRY(line_cut(lines, line, to, VERDICT_DROP_BY(label, anchor->rule)));
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
        } else if (library_is_title(self, line)) {
            line->verdict =
                first ? VERDICT_INTO(COLUMN_title)
                      : VERDICT_DROP_BY(duplicate_title, "library: the title as a line again");
            first = false;
            notices->told[i] = true;
        }
    }
}

/* Lines that are a value of the markup and nothing more. */
static void drop_marked(struct library *self, struct notices *notices, const struct marked *value)
{
    struct lines *lines = self->lines;
    const struct extent extent = element_extent(value->element, lines->source_len);
    for (size_t i = 0; i < lines->count; i++) {
        struct line *line = &lines->items[i];
        const struct span span = lines_span(lines, line->from, line->to);
        const bool inside = i >= self->body_from && i < self->body_to;
        if (span.start >= extent.from && span.end <= extent.to && !inside && !line->first_cut &&
            !line_is_hidden(line) && !line_is_page_title(line) && !notices->told[i]) {
            line->verdict = (struct verdict){.dropped = true,
                                             .reason = DROP_metadata,
                                             .column = value->column,
                                             .rule = value->rule};
            notices->told[i] = true;
        }
    }
}

/* What markup states, where the page's text did not. A name in an element of its own is more exact
 * than what a label's line goes on with. */
static void take_marked(struct library *self, struct notices *notices, struct statement *statement)
{
    for (size_t i = 0; self->markings && i < self->markings->value_count; i++) {
        const struct marked *value = &self->markings->values[i];
        if (!family_has(self->family, value->family) || !value->stated.text.len) {
            continue;
        }
        if (value->column == COLUMN_uploader && value->element &&
            str_starts(statement->uploader.text, value->stated.text)) {
            statement->uploader = value->stated;
        }
        statement_take(statement, value->column, value->kind, value->stated);
        const bool is_taken =
            value->element && (value->column == COLUMN_uploader
                                   ? statement->uploader.text.ptr == value->stated.text.ptr
                                   : value->kind != VALUE_TEXT);
        if (is_taken) {
            drop_marked(self, notices, value);
        }
    }
}

static void drop_gates(const struct library *self, struct notices *notices)
{
    const struct node *gate = NULL;
    for (size_t i = 0;
         self->markings && (gate = markings_gate(self->markings, self->family, i)) != NULL; i++) {
        const struct extent extent = element_extent(gate, self->lines->source_len);
        notices_drop_gate(notices, extent.from, extent.to);
    }
}

/* What is neither document nor known stays with its hint; a page's other lines are the site's. A
 * plain text has no other lines: what nobody knows is text. */
static void drop_unknown(struct library *self, const struct notices *notices)
{
    if (!self->metadata) {
        return;
    }
    for (size_t i = 0; i < self->lines->count; i++) {
        struct line *line = &self->lines->items[i];
        const bool inside = i >= self->body_from && i < self->body_to;
        if (notices->told[i] || line->first_cut || line_is_hidden(line)) {
            continue;
        }
        if (inside && self->is_located && line->hinted && line->verdict.reason != DROP_advert) {
            line->verdict = VERDICT_BODY;
        } else if (!inside && !line->verdict.dropped) {
            line->verdict = VERDICT_DROP_BY(boilerplate, "library: outside of the document");
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

/* What the page's own text does not say, its head may, or a gate; a count below what is shown is
 * none. */
static void take_stated_pages(const struct library *self, const struct notices *notices,
                              struct statement *statement)
{
    int64_t pages = 0;
    if (self->metadata && statement->page_count < 0 &&
        value_read_pages(self->metadata->og_document_page.text, &pages) &&
        pages >= notices->preview_page_last) {
        statement->page_count = pages;
    }
    if (statement->page_count < 0 && notices->gate_total > 0) {
        statement->page_count = notices->gate_total;
    }
}

static int64_t count_preview(const struct library *self, const struct notices *notices,
                             const struct statement *statement)
{
    int64_t pages =
        statement->preview_pages > 0 ? statement->preview_pages : notices->preview_pages;
    if (!pages && notices->gate_pages > 0) {
        pages = notices->gate_pages;
    }
    if (!pages && self->markings) {
        pages = markings_count(self->markings, self->family, PART_IMAGE);
    }
    const int64_t all = statement->page_count;
    return all > 0 && pages > all && !notices->preview_pages ? all : pages;
}

static enum status say_stated(const struct library *self, struct statement *statement,
                              struct sink *sink)
{
    if (!self->metadata) {
        return statement_say(statement, sink);
    }
    struct metadata metadata = *self->metadata;
    const struct stated *format = &metadata.og_document_type;
    struct stated ending = self->title_text;
    TRY(statement_say(statement, sink));
    if (format->text.len) {
        TRY(sink_value(sink, COLUMN_declared_format, format->text, format->span));
    } else if (value_read_ending(ending.text, &ending.text)) {
        TRY(sink_value(sink, COLUMN_declared_format, ending.text, ending.span));
    }
    if (statement->keywords.text.len) {
        metadata.keywords = (struct stated){0};
    }
    if (self->site_text.text.len && !metadata.og_site_name.text.len) {
        TRY(sink_value(sink, COLUMN_site, self->site_text.text, self->site_text.span));
    }
    return metadata_say(&metadata, sink);
}

/* Where nothing on the page names the document, its address does. */
static void take_address(const struct document *document, struct statement *statement)
{
    if (!statement->doc_id.text.len) {
        statement_take(statement, COLUMN_doc_id, VALUE_ADDRESS,
                       (struct stated){.text = document->hints.url});
    }
}

enum status library_say(struct library *self, struct document *document, struct sink *sink)
{
    struct statement statement = STATEMENT_EMPTY;
    struct fragments fragments;
    struct notices notices = {0};
    TRY(library_find_body(self));
    TRY(notices_init(&notices, self->lines, self->lexicon, self->family, self->line, self->title));
    TRY(read_head(self, 0, self->body_from, &statement));
    const size_t behind = self->labels_from > self->body_to ? self->labels_from : self->body_to;
    const size_t to = self->body_from < self->body_to ? self->labels_to : self->lines->count;
    TRY(read_head(self, behind, to, &statement));
    find_way(self, &statement);
    TRY(cut_anchor(self));
    drop_titles(self, &notices);
    take_marked(self, &notices, &statement);
    drop_gates(self, &notices);
    notices_drop(&notices, self->body_from, self->body_to);
    take_stated_pages(self, &notices, &statement);
    take_address(document, &statement);
    drop_unknown(self, &notices);
    TRY(fragments_join(self->lines, self->body_from, self->body_to, &fragments));

    struct completeness completeness = {.page_count = statement.page_count,
                                        .preview_pages = count_preview(self, &notices, &statement),
                                        .preview_page_last = notices.preview_page_last,
                                        .has_gate = notices.has_gate,
                                        .says_all = notices.says_all,
                                        .fragments = &fragments};
    judge_body(self, &completeness);
    noise_note(self->lines, self->body_from, self->body_to, document);
    document->page_type = STR("library");
    TRY(sink_value(sink, COLUMN_title, self->title_text.text, self->title_text.span));
    TRY(say_stated(self, &statement, sink));
    return completeness_say(&completeness, document, sink);
}
