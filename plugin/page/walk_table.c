/* SPDX-License-Identifier: Apache-2.0 */
#include "page/walk.h"

enum {
    /* In one cell, beyond which a row is layout and not data. */
    CELL_LINES_MAX = 4,
    CELL_BYTES_MAX = 1000,
    DATA_CELL_LINES_MAX = 24 /* of a table that says it is data */
};

void walk_mark_layout(struct walk *walk, bool always)
{
    struct frame *row = walk_row_of(walk);
    const struct table *table = walk_table_of(walk);
    if (row && (always || !table || table->nature != TABLE_DATA)) {
        row->row.is_layout = true;
    }
}

void walk_enter_table(struct walk *walk, struct frame *frame, const struct node *node)
{
    walk_mark_layout(walk, true);
    frame->table_depth = walk->depth;
    frame->table = (struct table){.nature = table_nature_of(node)};
    frame->row_depth = 0;
    frame->in_table_head = false;
    frame->like.cell = 0;
}

void walk_enter_row(struct walk *walk, struct frame *frame)
{
    frame->row_depth = frame->table_depth ? walk->depth : 0;
    frame->row = (struct table_row){.in_head = frame->in_table_head};
    frame->row_first = walk->writer.lines->count;
}

void walk_enter_cell(struct walk *walk, struct frame *frame, const struct node *node)
{
    struct frame *row = walk_row_of(walk);
    if (row) {
        frame->like.cell = table_place_cell(&walk->grids, walk_table_of(walk), &row->row, node);
    }
    if (frame->like.kind != BLOCK_quote) {
        frame->like.kind = BLOCK_paragraph;
    }
}

/* Cells of one line each, or few, become one block joined by tabs; a row with one cell, or with
 * much in a cell, was laid out and stays what its parts are. */
static bool is_data_row(const struct lines *lines, const struct frame *row, bool table_is_data)
{
    const size_t lines_max = table_is_data ? DATA_CELL_LINES_MAX : CELL_LINES_MAX;
    const struct line *before = NULL;
    size_t in_cell = 0;
    const bool joins = table_is_data || row->row.is_covered || row->row.cell_count > 1;
    if (row->row.is_layout || !joins) {
        return false;
    }
    for (size_t i = row->row_first; i < lines->count; i++) {
        const struct line *line = &lines->items[i];
        if (!writer_is_cell_text(line, &row->like)) {
            continue;
        }
        in_cell = before && before->cell == line->cell ? in_cell + 1 : 1;
        if (in_cell > lines_max || (before && line->cell < before->cell) || line->cell == 0 ||
            (!table_is_data && line->to - line->from > CELL_BYTES_MAX)) {
            return false;
        }
        before = line;
    }
    return before != NULL;
}

static void leave_row(struct walk *walk, struct frame *row)
{
    struct table *table = walk_table_of(walk);
    if (!table || !row->row_depth) {
        return;
    }
    table_end_row(&walk->grids, table, &row->row);
    if (table->nature != TABLE_LAYOUT &&
        is_data_row(walk->writer.lines, row, table->nature == TABLE_DATA)) {
        struct line like = row->like;
        like.header = row->row.in_head || row->row.header_count == row->row.cell_count;
        writer_join_row(&walk->writer, row->row_first, &like, row->row.column);
    }
}

void walk_leave_table_part(struct walk *walk, const struct node *node)
{
    if (node->name_space != NAME_SPACE_HTML) {
        return;
    }
    struct table *table = walk_table_of(walk);
    const bool section = node->tag == TAG_thead || node->tag == TAG_tbody || node->tag == TAG_tfoot;
    if (node->tag == TAG_tr) {
        leave_row(walk, walk_top(walk));
    } else if (node->tag == TAG_table) {
        table_end(&walk->grids, &walk_top(walk)->table);
    } else if (section && table) {
        table_end_section(table);
    }
}
