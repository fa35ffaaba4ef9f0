/* SPDX-License-Identifier: Apache-2.0 */
#include "page/labels.h"

#include "page/value.h"
#include "text/utf8.h"

enum { TEXT_MAX = 60 /* code points of a name or a format */ };

/* One label of a line and the value behind it, as offsets of struct lines.text. */
struct pair {
    const struct label *label;
    size_t label_to;
    size_t value_from;
    size_t value_to; /* without separators behind it */
    size_t end;      /* where the next label begins */
    int next;        /* its point; the folded line's count at the end */
};

static bool is_bullet(uint32_t c)
{
    return c == 0x2022 || c == 0x00B7 || c == 0x25CF || c == '*' || c == '-' || c == 0x25AA;
}

static bool is_separator(uint32_t c)
{
    return c == '|' || c == ',' || c == ';' || c == '/';
}

static int skip_bullets(const struct folded *folded)
{
    int from = 0;
    while (from < folded->count && is_bullet(folded->points[from])) {
        from++;
    }
    return from;
}

static bool is_word(uint32_t c)
{
    return ascii_is_letter(c) || ascii_is_digit(c);
}

/* Where the next label begins: at a blank, or wherever no word of Latin letters is torn. */
static int next_label(enum family family, const struct folded *folded, int from)
{
    for (int i = from; i < folded->count; i++) {
        const bool torn = i > 0 && is_word(folded->points[i]) && is_word(folded->points[i - 1]) &&
                          !folded->behind_blank[i];
        int end = 0;
        if (!torn && label_find(family, folded, i, &end)) {
            return i;
        }
    }
    return folded->count;
}

static bool pair_next(const struct lines *lines, const struct line *line, enum family family,
                      const struct folded *folded, int from, struct pair *out)
{
    int end = 0;
    out->label = label_find(family, folded, from, &end);
    if (!out->label) {
        return false;
    }
    out->next = next_label(family, folded, end);
    out->label_to = end < folded->count ? folded->at[end] : line->to;
    out->end = out->next < folded->count ? folded->at[out->next] : line->to;
    out->value_from = out->label_to;
    int last = out->next;
    while (last > end && is_separator(folded->points[last - 1])) {
        last--;
    }
    out->value_to = last < out->next ? folded->at[last] : out->end;
    out->value_to = blank_trim(lines->text, out->value_from, out->value_to);
    return true;
}

static bool value_fits(enum value_kind kind, str text)
{
    int64_t number = 0;
    switch (kind) {
    case VALUE_NUMBER:
        return value_is_number(text);
    case VALUE_SIZE:
        return value_read_size(text, &number);
    case VALUE_PAGES:
        return value_read_pages(text, &number);
    case VALUE_DAY:
        return value_read_date(text, &number);
    case VALUE_TEXT:
        return text.len > 0 && utf8_count(text) <= TEXT_MAX;
    case VALUE_LIST:
    case VALUE_PRICE:
        return text.len > 0;
    }
    return false;
}

/* A value on a line of its own, behind its label's line. */
static bool takes_line(const struct lines *lines, const struct pair *pair, const struct line *next,
                       enum family family, struct folded *scratch)
{
    int end = 0;
    if (!next || next->verdict.dropped || pair->label->column == COLUMN_NONE) {
        return false;
    }
    fold(lines->text, next->from, next->to, scratch);
    return scratch->whole && !label_find(family, scratch, 0, &end) &&
           value_fits(pair->label->kind, line_text(lines, next));
}

int labels_count(const struct lines *lines, const struct line *line, const struct line *next,
                 enum family family, struct folded *scratch, uint64_t *columns, bool *took_next)
{
    int count = 0;
    *columns = 0;
    *took_next = false;
    int end = 0;
    fold_head(lines->text, line->from, line->to, scratch);
    if (!label_find(family, scratch, skip_bullets(scratch), &end)) {
        return 0;
    }
    fold(lines->text, line->from, line->to, scratch);
    struct pair pair = {.next = skip_bullets(scratch)};
    struct pair last = {0};
    while (pair_next(lines, line, family, scratch, pair.next, &pair)) {
        const str value = str_slice(lines->text, pair.value_from, pair.value_to);
        if (pair.label->column != COLUMN_NONE && value_fits(pair.label->kind, value)) {
            const uint64_t bit = UINT64_C(1) << pair.label->column;
            count += !(*columns & bit);
            *columns |= bit;
        }
        last = pair;
    }
    if (last.label && last.value_from == last.value_to &&
        takes_line(lines, &last, next, family, scratch)) {
        *columns |= UINT64_C(1) << last.label->column;
        *took_next = true;
        count++;
    }
    return count;
}

static void state(struct stated *stated, str text, struct span span)
{
    if (!stated->text.len) {
        *stated = (struct stated){.text = text, .span = span};
    }
}

static void take_number(int64_t *where, bool unknown, bool (*read)(str, int64_t *), str text)
{
    int64_t number = 0;
    if (unknown && read(text, &number)) {
        *where = number;
    }
}

static void take_value(struct statement *statement, const struct label *label, str text,
                       struct span span)
{
    switch (label->kind) {
    case VALUE_NUMBER:
        state(&statement->doc_id, text, span);
        break;
    case VALUE_SIZE:
        take_number(&statement->declared_bytes, statement->declared_bytes < 0, value_read_size,
                    text);
        break;
    case VALUE_PAGES:
        take_number(&statement->page_count, statement->page_count < 0, value_read_pages, text);
        break;
    case VALUE_DAY:
        take_number(&statement->published, statement->published == INT64_MIN, value_read_date,
                    text);
        break;
    case VALUE_TEXT:
        if (label->column == COLUMN_uploader) {
            state(&statement->uploader, text, span);
        } else if (label->column == COLUMN_declared_format) {
            state(&statement->declared_format, text, span);
        }
        break;
    case VALUE_LIST:
        state(&statement->keywords, text, span);
        break;
    case VALUE_PRICE:
        break;
    }
}

/* What becomes of a value's text, once it is taken. */
static struct verdict value_verdict(const struct lines *lines, const struct label *label,
                                    size_t from, size_t to, struct statement *statement)
{
    const str text = str_slice(lines->text, from, to);
    if (label->kind == VALUE_PRICE) {
        return VERDICT_DROP(trade);
    }
    if (label->column == COLUMN_NONE || !value_fits(label->kind, text)) {
        return VERDICT_DROP(boilerplate);
    }
    take_value(statement, label, text, lines_span(lines, from, to));
    return VERDICT_INTO(label->column);
}

enum status labels_read(const struct lines *lines, struct line *line, struct line *next,
                        enum family family, struct folded *scratch, struct statement *statement,
                        bool *took_next)
{
    *took_next = false;
    fold(lines->text, line->from, line->to, scratch);
    struct pair pair = {.next = skip_bullets(scratch)};
    struct pair last = {0};
    while (pair_next(lines, line, family, scratch, pair.next, &pair)) {
        TRY(line_cut(lines, line, pair.label_to, VERDICT_DROP(label)));
        if (pair.value_from < pair.value_to) {
            TRY(line_cut(
                lines, line, pair.value_to,
                value_verdict(lines, pair.label, pair.value_from, pair.value_to, statement)));
            TRY(line_cut(lines, line, pair.end, VERDICT_DROP(label)));
        }
        last = pair;
    }
    const bool empty = last.label && last.value_from == last.value_to;
    if (empty && takes_line(lines, &last, next, family, scratch)) {
        next->verdict = value_verdict(lines, last.label, next->from, next->to, statement);
        *took_next = true;
    }
    return STATUS_OK;
}

static enum status cut_around(const struct lines *lines, struct line *line, size_t from, size_t to,
                              enum column column, struct stated *stated)
{
    TRY(line_cut(lines, line, from, VERDICT_DROP(sharing)));
    to = blank_trim(lines->text, from, to);
    state(stated, str_slice(lines->text, from, to), lines_span(lines, from, to));
    return line_cut(lines, line, to, VERDICT_INTO(column));
}

/* The point of the last hyphen among [from, count); NO_MATCH. */
static int last_hyphen(const struct folded *folded, int from)
{
    for (int i = folded->count - 1; i > from; i--) {
        if (folded->points[i] == '-') {
            return i;
        }
    }
    return NO_MATCH;
}

enum status sharing_read(const struct lines *lines, struct line *line, struct folded *scratch,
                         struct statement *statement)
{
    int from = 0;
    int to = 0;
    fold(lines->text, line->from, line->to, scratch);
    if (pattern_find(STR("更多相关内容在"), scratch, 0, &from) != NO_MATCH) {
        const int hyphen = last_hyphen(scratch, from);
        if (hyphen > from && hyphen + 1 < scratch->count) {
            TRY(cut_around(lines, line, scratch->at[from], scratch->at[hyphen], COLUMN_category,
                           &statement->category));
            TRY(cut_around(lines, line, scratch->at[hyphen + 1], line->to, COLUMN_site,
                           &statement->site));
        }
    } else if (pattern_find(STR("请在"), scratch, 0, &from) != NO_MATCH) {
        int end = 0;
        to = pattern_find(STR("上搜索"), scratch, from, &end);
        if (to != NO_MATCH && to > from) {
            TRY(cut_around(lines, line, scratch->at[from], scratch->at[to], COLUMN_site,
                           &statement->site));
        }
    }
    return line_cut(lines, line, line->to, VERDICT_DROP(sharing));
}

static enum status say(struct sink *sink, enum column column, const struct stated *stated)
{
    return stated->text.len ? sink_value(sink, column, stated->text, stated->span) : STATUS_OK;
}

enum status statement_say(const struct statement *statement, struct sink *sink)
{
    TRY(say(sink, COLUMN_doc_id, &statement->doc_id));
    TRY(say(sink, COLUMN_category, &statement->category));
    TRY(say(sink, COLUMN_site, &statement->site));
    TRY(say(sink, COLUMN_uploader, &statement->uploader));
    TRY(say(sink, COLUMN_declared_format, &statement->declared_format));
    TRY(keywords_say(&statement->keywords, true, sink));
    if (statement->published != INT64_MIN) {
        TRY(sink_number(sink, COLUMN_published, statement->published));
    }
    if (statement->page_count >= 0) {
        TRY(sink_number(sink, COLUMN_page_count, statement->page_count));
    }
    if (statement->declared_bytes >= 0) {
        TRY(sink_number(sink, COLUMN_declared_bytes, statement->declared_bytes));
    }
    return STATUS_OK;
}
