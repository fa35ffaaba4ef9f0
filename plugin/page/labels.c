/* SPDX-License-Identifier: Apache-2.0 */
#include "page/labels.h"

#include "page/value.h"
#include "text/utf8.h"

enum {
    FORMAT_MAX = 8,    /* of a format that is a file name's ending */
    TEXT_MAX = 60,     /* code points of a name or a format */
    PREFIXED_MAX = 160 /* of a line of labels with something in front of them */
};

/* One label of a line and the value behind it, as offsets of struct lines.text. */
struct pair {
    const struct wording *label;
    bool colon;
    size_t label_to;
    size_t value_from;
    size_t value_to; /* without separators behind it */
    size_t end;      /* where the next label begins */
    int next;        /* its point; the folded line's count at the end */
};

static enum strictness how(const struct label_reader *reader)
{
    return !reader->loose ? LABEL_STRICT : reader->apart ? LABEL_APART : LABEL_LOOSE;
}

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

/* Nothing but Latin letters up to the colon, as "ID:", which behind a digit is the end of a word. */
static bool is_short_word(const struct folded *folded, int from)
{
    while (from < folded->count && ascii_is_letter(folded->points[from])) {
        from++;
    }
    return from == folded->count || folded->points[from] < 0x80;
}

/* "共享资源 大小:" has no label "资源大小" in it. */
static bool is_unbroken(const struct folded *folded, int from, int end)
{
    for (int i = from + 1; i < end; i++) {
        if (folded->behind_blank[i]) {
            return false;
        }
    }
    return true;
}

/* Where the next label begins: at a blank, or wherever no word of Latin letters is torn. */
static int next_label(const struct label_reader *reader, int from)
{
    const struct folded *folded = reader->scratch;
    for (int i = from; i < folded->count; i++) {
        const bool torn = i > 0 && ascii_is_letter(folded->points[i]) &&
                          ascii_is_letter(folded->points[i - 1]) && !folded->behind_blank[i];
        const bool worn = i > 0 && ascii_is_digit(folded->points[i - 1]) &&
                          !folded->behind_blank[i] && is_short_word(folded, i);
        int end = 0;
        /* Without a colon, only what stands apart is a label. */
        const enum strictness loose = folded->behind_blank[i] ? how(reader) : LABEL_STRICT;
        if (!torn && !worn && label_find(reader->lexicon, reader->family, folded, i, loose, &end) &&
            (folded->behind_blank[i] || is_unbroken(folded, i, end))) {
            return i;
        }
    }
    return folded->count;
}

static bool pair_next(const struct label_reader *reader, const struct line *line, int from,
                      struct pair *out)
{
    int end = 0;
    const struct folded *folded = reader->scratch;
    const str text = reader->lines->text;
    out->label = label_find(reader->lexicon, reader->family, folded, from, how(reader), &end);
    if (!out->label) {
        return false;
    }
    out->colon = folded->points[end - 1] == ':';
    out->next = next_label(reader, end);
    out->label_to = end < folded->count ? folded->at[end] : line->to;
    out->end = out->next < folded->count ? folded->at[out->next] : line->to;
    out->value_from = out->label_to;
    int last = end;
    while (last < out->next && folded->points[last] != '|') {
        last++; /* a bar is never in a value */
    }
    while (last > end && is_separator(folded->points[last - 1])) {
        last--;
    }
    out->value_to = last < out->next ? folded->at[last] : out->end;
    out->value_to = blank_trim(text, out->value_from, out->value_to);
    return true;
}

/* A format as sites spell it, which no label's colon has to vouch for. */
static bool is_short_ascii(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] >= 0x80) {
            return false;
        }
    }
    return text.len > 0 && text.len <= FORMAT_MAX;
}

bool value_fits(enum value_kind kind, str text)
{
    int64_t number = 0;
    str address;
    switch (kind) {
    case VALUE_NUMBER:
        return value_is_number(text);
    case VALUE_SIZE:
        return value_read_size(text, &number);
    case VALUE_PAGES:
        return value_read_pages(text, &number);
    case VALUE_DAY:
        return value_read_date(text, &number);
    case VALUE_FORMAT:
        return is_short_ascii(text) && !value_is_number(text);
    case VALUE_TEXT:
        return text.len > 0 && utf8_count(text) <= TEXT_MAX;
    case VALUE_LIST:
    case VALUE_PRICE:
        return text.len > 0;
    case VALUE_ADDRESS:
        return value_read_address(text, &address);
    }
    return false;
}

/* A value on a line of its own, behind its label's line. */
static bool takes_line(const struct label_reader *reader, const struct pair *pair,
                       const struct line *next)
{
    int end = 0;
    if (!next || pair->label->column == COLUMN_NONE || (next->verdict.dropped && !next->hinted)) {
        return false;
    }
    const str text = line_text(reader->lines, next);
    fold(reader->lines->text, next->from, next->to, reader->scratch);
    if (!pair->colon && pair->label->kind == VALUE_TEXT && !reader->apart &&
        !(pair->label->column == COLUMN_declared_format && is_short_ascii(text))) {
        return false;
    }
    return reader->scratch->whole &&
           !label_find(reader->lexicon, reader->family, reader->scratch, 0, how(reader), &end) &&
           value_fits(pair->label->kind, text);
}

int labels_count(const struct label_reader *reader, const struct line *line,
                 const struct line *next, uint64_t *columns, bool *took_next)
{
    const struct lines *lines = reader->lines;
    struct folded *scratch = reader->scratch;
    int count = 0;
    int end = 0;
    *columns = 0;
    *took_next = false;
    fold_head(lines->text, line->from, line->to, scratch);
    if (!label_find(reader->lexicon, reader->family, scratch, skip_bullets(scratch), reader->loose,
                    &end)) {
        return 0;
    }
    fold(lines->text, line->from, line->to, scratch);
    struct pair pair = {.next = skip_bullets(scratch)};
    struct pair last = {0};
    while (pair_next(reader, line, pair.next, &pair)) {
        const str value = str_slice(lines->text, pair.value_from, pair.value_to);
        if (pair.label->column != COLUMN_NONE && value_fits(pair.label->kind, value)) {
            const uint64_t bit = UINT64_C(1) << pair.label->column;
            count += !(*columns & bit);
            *columns |= bit;
        }
        last = pair;
    }
    if (last.label && last.value_from == last.value_to && takes_line(reader, &last, next)) {
        *columns |= UINT64_C(1) << last.label->column;
        *took_next = true;
        count++;
    }
    return count;
}

static void state(struct stated *where, struct stated what)
{
    if (!where->text.len) {
        *where = what;
    }
}

static void take_number(int64_t *where, bool unknown, bool (*read)(str, int64_t *), str text)
{
    int64_t number = 0;
    if (unknown && read(text, &number)) {
        *where = number;
    }
}

static struct stated *text_column(struct statement *statement, enum column column)
{
    struct {
        enum column column;
        struct stated *stated;
    } texts[] = {
        {COLUMN_doc_id, &statement->doc_id},
        {COLUMN_title, &statement->title},
        {COLUMN_uploader, &statement->uploader},
        {COLUMN_declared_format, &statement->declared_format},
        {COLUMN_category, &statement->category},
        {COLUMN_site, &statement->site},
        {COLUMN_keywords, &statement->keywords},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (texts[i].column == column) {
            return texts[i].stated;
        }
    }
    return NULL;
}

void statement_take(struct statement *statement, enum column column, enum value_kind kind,
                    struct stated stated)
{
    struct stated *text = text_column(statement, column);
    if (!value_fits(kind, stated.text) ||
        (column == COLUMN_declared_format && value_is_number(stated.text))) {
        return;
    }
    switch (kind) {
    case VALUE_SIZE:
        take_number(&statement->declared_bytes, statement->declared_bytes < 0, value_read_size,
                    stated.text);
        break;
    case VALUE_PAGES:
        if (column == COLUMN_preview_pages) {
            take_number(&statement->preview_pages, statement->preview_pages < 0, value_read_pages,
                        stated.text);
        } else {
            take_number(&statement->page_count, statement->page_count < 0, value_read_pages,
                        stated.text);
        }
        break;
    case VALUE_DAY:
        take_number(&statement->published, statement->published == INT64_MIN, value_read_date,
                    stated.text);
        break;
    case VALUE_ADDRESS:
        (void)value_read_address(stated.text, &stated.text);
        state(&statement->doc_id, stated);
        break;
    case VALUE_NUMBER:
    case VALUE_FORMAT:
    case VALUE_TEXT:
    case VALUE_LIST:
        if (text) {
            state(text, stated);
        }
        break;
    case VALUE_PRICE:
        break;
    }
}

/* What becomes of a value's text, once it is taken. */
static struct verdict value_verdict(const struct lines *lines, const struct wording *label,
                                    size_t from, size_t to, struct statement *statement)
{
    const str text = str_slice(lines->text, from, to);
    if (label->kind == VALUE_PRICE) {
        return VERDICT_DROP_BY(trade, label->rule);
    }
    if (label->column == COLUMN_NONE || !value_fits(label->kind, text)) {
        return VERDICT_DROP_BY(boilerplate, label->rule);
    }
    statement_take(statement, label->column, label->kind,
                   (struct stated){.text = text, .span = lines_span(lines, from, to)});
    return (struct verdict){
        .dropped = true, .reason = DROP_metadata, .column = label->column, .rule = label->rule};
}

/* Where the line's first label begins; its count when it is no line of labels. In a page, something
 * else may stand in front of two labels. */
static int first_label(const struct label_reader *reader)
{
    const struct folded *folded = reader->scratch;
    const int start = skip_bullets(folded);
    int end = 0;
    if (label_find(reader->lexicon, reader->family, folded, start, how(reader), &end)) {
        return start;
    }
    if (!reader->loose || !folded->whole || folded->count > PREFIXED_MAX) {
        return folded->count;
    }
    const int first = next_label(reader, start);
    if (first >= folded->count ||
        !label_find(reader->lexicon, reader->family, folded, first, true, &end)) {
        return folded->count;
    }
    return next_label(reader, end) < folded->count ? first : folded->count;
}

enum status labels_read(const struct label_reader *reader, struct line *line, struct line *next,
                        struct statement *statement, bool *took_next)
{
    const struct lines *lines = reader->lines;
    *took_next = false;
    fold(lines->text, line->from, line->to, reader->scratch);
    struct pair pair = {.next = first_label(reader)};
    struct pair last = {0};
    if (pair.next > 0 && pair.next < reader->scratch->count) {
        TRY(line_cut(lines, line, reader->scratch->at[pair.next], VERDICT_DROP(boilerplate)));
    }
    while (pair_next(reader, line, pair.next, &pair)) {
        TRY(line_cut(lines, line, pair.label_to, VERDICT_DROP_BY(label, pair.label->rule)));
        if (pair.value_from < pair.value_to) {
            TRY(line_cut(
                lines, line, pair.value_to,
                value_verdict(lines, pair.label, pair.value_from, pair.value_to, statement)));
        }
        if (pair.value_to < pair.end) {
            TRY(line_cut(lines, line, pair.end, VERDICT_DROP_BY(label, pair.label->rule)));
        }
        last = pair;
    }
    const bool empty = last.label && last.value_from == last.value_to;
    if (empty && takes_line(reader, &last, next)) {
        next->verdict = value_verdict(lines, last.label, next->from, next->to, statement);
        *took_next = true;
    }
    return STATUS_OK;
}

static enum status cut_around(const struct lines *lines, struct line *line, size_t from, size_t to,
                              const char *rule, enum column column, struct stated *stated)
{
    TRY(line_cut(lines, line, from, VERDICT_DROP_BY(sharing, rule)));
    to = blank_trim(lines->text, from, to);
    state(stated, (struct stated){.text = str_slice(lines->text, from, to),
                                  .span = lines_span(lines, from, to)});
    return line_cut(
        lines, line, to,
        (struct verdict){.dropped = true, .reason = DROP_metadata, .column = column, .rule = rule});
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

enum status sharing_read(const struct lines *lines, struct line *line, const char *rule,
                         struct folded *scratch, struct statement *statement)
{
    int from = 0;
    int to = 0;
    fold(lines->text, line->from, line->to, scratch);
    if (pattern_find(PATTERN("更多相关内容在"), scratch, 0, &from) != NO_MATCH) {
        const int hyphen = last_hyphen(scratch, from);
        if (hyphen > from && hyphen + 1 < scratch->count) {
            TRY(cut_around(lines, line, scratch->at[from], scratch->at[hyphen], rule,
                           COLUMN_category, &statement->category));
            TRY(cut_around(lines, line, scratch->at[hyphen + 1], line->to, rule, COLUMN_site,
                           &statement->site));
        }
    } else if (pattern_find(PATTERN("请在"), scratch, 0, &from) != NO_MATCH) {
        int end = 0;
        to = pattern_find(PATTERN("上搜索"), scratch, from, &end);
        if (to != NO_MATCH && to > from) {
            TRY(cut_around(lines, line, scratch->at[from], scratch->at[to], rule, COLUMN_site,
                           &statement->site));
        }
    }
    return line_cut(lines, line, line->to, VERDICT_DROP_BY(sharing, rule));
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
