/* SPDX-License-Identifier: Apache-2.0 */
/* Tables: what is data and what only lays a page out, and in which column a cell stands.
 *
 *   <tr><th rowspan=2>a<th colspan=2>b    column 1, 2        a ⇥ b ⇥
 *   <tr><td>c<td>d                        column 2, 3        ⇥ c ⇥ d
 *
 * A spanned cell's text is said once, where it begins; the other places it covers are empty cells.
 */
#ifndef PAGE_TABLE_ROWS_H
#define PAGE_TABLE_ROWS_H

#include "markup/dom.h"

enum table_nature {
    TABLE_UNKNOWN, /* each row tells by itself */
    TABLE_DATA,    /* a caption, header cells, a border, a role, a summary say so */
    TABLE_LAYOUT   /* it says so */
};

/* What the table's own markup and its first row say. */
enum table_nature table_nature_of(const struct node *table);

enum {
    /* Beyond this column nothing is counted as spanned; tables of data are narrower. */
    TABLE_COLUMN_COUNT_MAX = 256
};

/* Which places of the rows to come are covered by cells of the rows before. */
struct table_grid {
    uint32_t until[TABLE_COLUMN_COUNT_MAX]; /* by column: the first row that is free again */
    struct table_grid *next;                /* among those not in use */
};

/* One page's grids: as many as tables with such cells stand in each other. */
struct table_grids {
    struct arena *arena;
    struct table_grid *unused;
    size_t spanned_left; /* empty cells that spans may still make on this page */
    bool failed;
};

/* A table while it is walked. */
struct table {
    enum table_nature nature;
    struct table_grid *grid; /* NULL: no cell covers a row below its own */
    uint32_t row;
};

/* A row while it is walked. */
struct table_row {
    uint16_t column; /* the last that is taken, from 1; 0: none yet */
    uint16_t cell_count;
    uint16_t header_count;
    bool is_covered; /* cells of rows above reach into it */
    bool in_head;
    bool is_layout; /* it holds what no row of data does */
};

/* The column of the row's next cell, from 1; UINT16_MAX at most. */
uint16_t table_place_cell(struct table_grids *grids, struct table *table, struct table_row *row,
                          const struct node *cell);
/* A row has ended; what covers its last places counts as its cells. */
void table_end_row(struct table_grids *grids, struct table *table, struct table_row *row);
/* A section or the table has ended: nothing reaches beyond it. */
void table_end_section(struct table *table);
void table_end(struct table_grids *grids, struct table *table);

#endif
