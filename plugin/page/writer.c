/* SPDX-License-Identifier: Apache-2.0 */
#include "page/writer.h"

#include "text/utf8.h"

enum { CAPACITY_FIRST = 32, GROWTH_SHARE = 4 };

/* `count` items and room for one more. */
static void *grow(struct line_writer *writer, void *items, size_t count, size_t *capacity,
                  size_t item_size)
{
    if (count < *capacity) {
        return items;
    }
    const size_t larger_capacity = *capacity + *capacity / GROWTH_SHARE + CAPACITY_FIRST;
    void *larger = arena_resize(writer->lines->arena, items, *capacity * item_size,
                                larger_capacity * item_size);
    if (!larger) {
        writer->failed = true;
        return NULL;
    }
    *capacity = larger_capacity;
    return larger;
}

void writer_init(struct line_writer *writer, struct arena *arena, struct lines *lines)
{
    *writer = (struct line_writer){.lines = lines, .join = JOIN_BLOCK};
    lines->arena = arena;
    buf_init(&writer->text, arena,
             arena->limit_bytes < LINES_TEXT_BYTES_MAX ? arena->limit_bytes : LINES_TEXT_BYTES_MAX);
    (void)writer_region(writer, &(struct region){.verdict = VERDICT_BODY});
}

/* Of what is written next. */
static void add_run(struct line_writer *writer, size_t src_start, size_t src_end, bool exact)
{
    struct lines *lines = writer->lines;
    struct run *runs =
        grow(writer, lines->runs, lines->run_count, &writer->run_capacity, sizeof *runs);
    if (runs) {
        lines->runs = runs;
        lines->runs[lines->run_count++] = (struct run){.at = (uint32_t)writer->text.len,
                                                       .src_start = (uint32_t)src_start,
                                                       .src_end = (uint32_t)src_end,
                                                       .exact = exact};
    }
}

static void add_line(struct line_writer *writer, const struct line *line)
{
    struct lines *lines = writer->lines;
    struct line *items =
        grow(writer, lines->items, lines->count, &writer->line_capacity, sizeof *line);
    if (items) {
        lines->items = items;
        lines->items[lines->count++] = *line;
    }
}

void writer_alternative(struct line_writer *writer, const struct alternative *alternative)
{
    struct lines *lines = writer->lines;
    struct alternative *items = grow(writer, lines->alternatives, lines->alternative_count,
                                     &writer->alternative_capacity, sizeof *alternative);
    if (items) {
        lines->alternatives = items;
        lines->alternatives[lines->alternative_count++] = *alternative;
    }
}

uint32_t writer_region(struct line_writer *writer, const struct region *like)
{
    struct lines *lines = writer->lines;
    struct region *regions = grow(writer, lines->regions, lines->region_count,
                                  &writer->region_capacity, sizeof *regions);
    if (!regions || lines->region_count == UINT32_MAX) {
        writer->failed = true;
        return NO_REGION;
    }
    lines->regions = regions;
    lines->regions[lines->region_count] = *like;
    return (uint32_t)lines->region_count++;
}

/* A character of our own between two of the source. */
static void add_separator(struct line_writer *writer, char separator)
{
    add_run(writer, writer->src_end, writer->src_end, false);
    buf_add_byte(&writer->text, (uint8_t)separator);
}

static void end_line(struct line_writer *writer)
{
    if (!writer->open) {
        return;
    }
    struct line line = writer->line;
    const str text = buf_str(&writer->text);
    line.from = (uint32_t)(writer->verbatim ? writer->line_from
                                            : blank_skip(text, writer->line_from, text.len));
    line.to = (uint32_t)blank_trim(text, line.from, text.len);
    writer->open = false;
    if (line.from == line.to && writer->line_begins_item) {
        writer_begin_item(writer, line.ordinal);
    }
    if (line.from < line.to) {
        const bool indented = line.from > writer->line_from && writer->join == JOIN_NOTHING;
        line.join = writer->join;
        if (indented) {
            line.join = JOIN_SPACE;
        }
        add_line(writer, &line);
        writer->join = JOIN_NOTHING;
    }
    if (writer->verbatim && str_find_byte(text, '\n', line.to) < text.len &&
        writer->join == JOIN_NOTHING) {
        writer->join = JOIN_BREAK;
    }
    writer->gap = writer->gap || line.to < text.len;
}

void writer_break(struct line_writer *writer, enum join join)
{
    const bool was_open = writer->open;
    end_line(writer);
    writer->gap = false;
    writer->gap_breaks = false;
    if (join == JOIN_BREAK && !was_open && writer->join == JOIN_BREAK) {
        join = JOIN_BLOCK;
    }
    writer->join = join > writer->join ? join : writer->join;
}

static bool same_verdict(const struct line *a, const struct line *b)
{
    return a->verdict.dropped == b->verdict.dropped &&
           (!a->verdict.dropped || a->verdict.reason == b->verdict.reason) &&
           a->region == b->region;
}

/* Another line without a break between: hidden words inside a sentence, or a piece that the tree
 * moved in front of where it stands in the source. */
static void switch_line(struct line_writer *writer, enum join join)
{
    end_line(writer);
    if (writer->gap && join == JOIN_NOTHING) {
        join = JOIN_SPACE;
    }
    writer->join = join > writer->join ? join : writer->join;
    writer->gap = false;
    writer->gap_breaks = false;
}

static void begin_line(struct line_writer *writer, const struct line *like, bool keep_space)
{
    writer->line = *like;
    writer->line.link_len = 0;
    writer->open = true;
    writer->verbatim = keep_space;
    writer->line_from = writer->text.len;
    writer->line_begins_item = writer->item_begins && !like->verdict.dropped;
    writer->line.continued = like->kind == BLOCK_list_item && !writer->item_begins;
    if (writer->line_begins_item) {
        writer->line.ordinal = writer->ordinal;
        writer->item_begins = false;
    }
}

void writer_begin_item(struct line_writer *writer, uint32_t ordinal)
{
    writer->item_begins = true;
    writer->ordinal = ordinal;
}

void writer_end_item(struct line_writer *writer)
{
    writer->item_begins = false;
}

static void add_visible(struct line_writer *writer, const struct line *like,
                        const struct piece *piece, bool keep_space, bool in_link)
{
    size_t at = 0;
    const uint32_t first = utf8_next(piece->text, &at);
    if (writer->open && !same_verdict(&writer->line, like)) {
        switch_line(writer, JOIN_NOTHING);
    } else if (writer->open && piece->src_start < writer->src_end) {
        switch_line(writer, JOIN_BLOCK);
    }
    if (!writer->open) {
        begin_line(writer, like, keep_space);
    } else if (writer->gap && !(writer->gap_breaks && code_point_is_cjk(writer->last) &&
                                code_point_is_cjk(first))) {
        add_separator(writer, ' ');
    }
    add_run(writer, piece->src_start, piece->src_end, piece->exact);
    buf_add(&writer->text, piece->text);
    at = piece->text.len;
    writer->last = utf8_previous(piece->text, &at);
    writer->line.link_len += in_link ? (uint32_t)piece->text.len : 0;
    writer->src_end = piece->src_end;
    writer->gap = false;
    writer->gap_breaks = false;
}

/* The part of a piece; one that is not exact keeps the whole one's place. */
static struct piece part_of(const struct piece *piece, size_t from, size_t to)
{
    struct piece part = *piece;
    part.text = str_slice(piece->text, from, to);
    if (piece->exact) {
        part.src_start = piece->src_start + from;
        part.src_end = piece->src_start + to;
    }
    return part;
}

/* The end of a stretch in which no white space collapses: single spaces stay inside. */
static size_t stretch_end(str text, size_t at)
{
    while (at < text.len) {
        if (!ascii_is_space((unsigned char)text.ptr[at])) {
            at++;
        } else if (text.ptr[at] == ' ' && at + 1 < text.len &&
                   !ascii_is_space((unsigned char)text.ptr[at + 1])) {
            at += 2;
        } else {
            break;
        }
    }
    return at;
}

void writer_text(struct line_writer *writer, const struct line *like, const struct piece *piece,
                 bool keep_space, bool in_link)
{
    const str text = piece->text;
#ifdef QUERN_DELIBERATE_FAULT /* a test's build: the oracle of conservation must catch lost text */
    if (writer->src_end < 100 && piece->src_start >= 100) {
        writer->src_end = piece->src_end;
        return;
    }
#endif
    if (keep_space) {
        if (text.len) {
            add_visible(writer, like, piece, true, in_link);
        }
        return;
    }
    size_t at = 0;
    const size_t src_end = writer->src_end;
    while (at < text.len) {
        while (at < text.len && ascii_is_space((unsigned char)text.ptr[at])) {
            writer->gap = true;
            writer->gap_breaks = writer->gap_breaks || text.ptr[at] == '\n';
            at++;
        }
        const size_t end = stretch_end(text, at);
        if (end > at) {
            const struct piece part = part_of(piece, at, end);
            /* The parts of one piece without exact places share its place: that is no step back. */
            writer->src_end = piece->exact ? writer->src_end : src_end;
            add_visible(writer, like, &part, false, in_link);
        }
        at = end;
    }
}

void writer_space(struct line_writer *writer)
{
    writer->gap = writer->open || writer->gap;
}

void writer_line_end(struct line_writer *writer, const struct line *like, bool always)
{
    const str text = buf_str(&writer->text);
    if (!writer->open) {
        writer_break(writer, JOIN_BREAK);
    } else if (!same_verdict(&writer->line, like)) {
        switch_line(writer, JOIN_BREAK);
    } else if (always || text.len == writer->line_from || text.ptr[text.len - 1] != '\n') {
        add_separator(writer, '\n');
    }
}

void writer_made_text(struct line_writer *writer, const struct line *like, str text,
                      struct span span)
{
    if (writer->open && !same_verdict(&writer->line, like)) {
        switch_line(writer, JOIN_NOTHING);
    }
    const size_t src_end = writer->src_end;
    writer->src_end = span.start < src_end ? span.start : src_end;
    add_visible(writer, like,
                &(struct piece){.text = text, .src_start = span.start, .src_end = span.end}, false,
                false);
    writer->src_end = span.end > src_end ? span.end : src_end;
}

bool writer_is_cell_text(const struct line *line, const struct line *like)
{
    return line->verdict.dropped == like->verdict.dropped &&
           (!like->verdict.dropped || line->verdict.reason == like->verdict.reason);
}

void writer_join_row(struct line_writer *writer, size_t first, const struct line *like,
                     uint16_t last)
{
    struct lines *lines = writer->lines;
    struct line *before = NULL;
    for (size_t i = first; i < lines->count; i++) {
        struct line *line = &lines->items[i];
        if (!writer_is_cell_text(line, like)) {
            line->join = before ? JOIN_SPACE : line->join;
            continue;
        }
        line->kind = BLOCK_table_row;
        line->header = like->header;
        line->region = like->region;
        line->level = 0;
        line->ordinal = 0;
        line->continued = false;
        line->tabs = (uint16_t)(line->cell - (before ? before->cell : 1));
        if (!before) {
            line->join = JOIN_BLOCK;
        } else if (line->tabs || line->join >= JOIN_BREAK) {
            line->join = line->tabs ? JOIN_TAB : JOIN_SPACE;
        }
        before = line;
    }
    if (before && last > before->cell) {
        before->tabs_behind = (uint16_t)(last - before->cell);
    }
}

/* Room that nothing came into is given back. */
static void *shrink(struct line_writer *writer, void *items, size_t count, size_t capacity,
                    size_t item_size)
{
    void *const fitting = capacity ? arena_resize(writer->lines->arena, items, capacity * item_size,
                                                  count * item_size)
                                   : items;
    writer->failed |= capacity && !fitting;
    return fitting;
}

enum status writer_finish(struct line_writer *writer)
{
    struct lines *lines = writer->lines;
    end_line(writer);
    lines->items =
        shrink(writer, lines->items, lines->count, writer->line_capacity, sizeof *lines->items);
    lines->runs =
        shrink(writer, lines->runs, lines->run_count, writer->run_capacity, sizeof *lines->runs);
    lines->regions = shrink(writer, lines->regions, lines->region_count, writer->region_capacity,
                            sizeof *lines->regions);
    writer->text.ptr = shrink(writer, writer->text.ptr, writer->text.len, writer->text.capacity, 1);
    writer->text.capacity = writer->text.len;
    lines->text = buf_str(&writer->text);
    return writer->failed || buf_failed(&writer->text) ? STATUS_NO_MEMORY : STATUS_OK;
}
