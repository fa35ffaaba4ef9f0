/* SPDX-License-Identifier: Apache-2.0 */
/* Lines while they are written: white space collapses as a browser shows it, so that nothing is
 * glued and nothing doubled; a break in the source between two ideographs is no space.
 *
 * Sticky: what does not fit into the arena is told at the end.
 */
#ifndef PAGE_WRITER_H
#define PAGE_WRITER_H

#include "base/buf.h"
#include "page/lines.h"

struct line_writer {
    struct lines *lines;
    struct buf text;
    size_t run_capacity;
    size_t line_capacity;
    size_t alternative_capacity;
    size_t region_capacity;
    size_t line_from; /* of the open line */
    bool open;
    bool gap;        /* white space since the last character */
    bool gap_breaks; /* there was a line end in it */
    bool failed;
    bool verbatim;         /* the open line keeps its white space */
    uint32_t last;         /* the last character */
    size_t src_end;        /* of the last run */
    enum join join;        /* in front of the next line */
    bool line_begins_item; /* the open line does */
    bool item_begins;      /* the next line that is shown is the first of a list's item … */
    uint32_t ordinal;      /* … and has this number */
    struct line line;      /* the open one */
};

/* A text node, or a part of one. */
struct piece {
    str text;
    size_t src_start;
    size_t src_end;
    bool exact; /* text is byte for byte the source */
};

void writer_init(struct line_writer *writer, struct arena *arena, struct lines *lines);

/* Appends to the open line, or begins one. `like`: element, kind, level, verdict and region of a
 * line that begins here; a line whose verdict or region differs ends first. */
void writer_text(struct line_writer *writer, const struct line *like, const struct piece *piece,
                 bool keep_space, bool in_link);

/* The open line ends. JOIN_BREAK twice without text between is JOIN_BLOCK. */
void writer_break(struct line_writer *writer, enum join join);

/* White space that the source does not spell, as around ruby text. */
void writer_space(struct line_writer *writer);

void writer_alternative(struct line_writer *writer, const struct alternative *alternative);

/* The index of a new region like this one. */
uint32_t writer_region(struct line_writer *writer, const struct region *like);

/* A boundary inside text that keeps its white space: a line end, unless one was there. `always`:
 * another one even then. */
void writer_line_end(struct line_writer *writer, const struct line *like, bool always);

/* The item of a list begins, or has ended. */
void writer_begin_item(struct line_writer *writer, uint32_t ordinal);
void writer_end_item(struct line_writer *writer);

/* Text that the source does not spell so, made of what stands in `span`. */
void writer_made_text(struct line_writer *writer, const struct line *like, str text,
                      struct span span);

/* Does the line go where the row goes that `like` is of? What is hidden in a cell does not. */
bool writer_is_cell_text(const struct line *line, const struct line *like);

/* The lines from `first` on that have the verdict of `like` are the cells of one row of a table,
 * which ends with column `last`. */
void writer_join_row(struct line_writer *writer, size_t first, const struct line *like,
                     uint16_t last);

/* OK or NO_MEMORY; the lines are complete. */
enum status writer_finish(struct line_writer *writer) MUST_CHECK;

#endif
