/* SPDX-License-Identifier: Apache-2.0 */
#include "page/table_rows.h"

enum {
    LOOK_COUNT_MAX = 32, /* nodes of the table's beginning that are looked at */
    SPAN_MAX = 1000,     /* HTML: attributes of td and th */
    ROW_SPAN_MAX = 65534
};

static const struct node *next_element(const struct node *node, size_t *left)
{
    while (node && *left && node->kind != NODE_ELEMENT) {
        node = node->next;
        (*left)--;
    }
    return *left ? node : NULL;
}

/* Does the row begin with header cells, one of at least two? */
static bool row_has_header(const struct node *row)
{
    size_t left = LOOK_COUNT_MAX;
    const struct node *cell = next_element(row->first, &left);
    const struct node *second = cell ? next_element(cell->next, &left) : NULL;
    return second && (cell->tag == TAG_th || second->tag == TAG_th);
}

static bool begins_as_data(const struct node *table)
{
    size_t left = LOOK_COUNT_MAX;
    const struct node *part = next_element(table->first, &left);
    for (; part; part = next_element(part->next, &left)) {
        if (part->tag == TAG_caption || part->tag == TAG_thead) {
            return true;
        }
        if (part->tag == TAG_tbody) {
            const struct node *row = next_element(part->first, &left);
            return row && row_has_header(row);
        }
        left--;
    }
    return false;
}

enum table_nature table_nature_of(const struct node *table)
{
    const str role = node_attribute_value(table, STR("role"));
    if (str_equal(role, STR("presentation")) || str_equal(role, STR("none"))) {
        return TABLE_LAYOUT;
    }
    const str border = node_attribute_value(table, STR("border"));
    const bool has_border =
        border.len && ascii_is_digit((unsigned char)border.ptr[0]) && border.ptr[0] != '0';
    if (has_border || str_equal(role, STR("table")) || str_equal(role, STR("grid")) ||
        str_trim_ascii(node_attribute_value(table, STR("summary"))).len || begins_as_data(table)) {
        return TABLE_DATA;
    }
    return TABLE_UNKNOWN;
}

/* HTML: rules for parsing non-negative integers, clamped. */
static uint32_t read_span(const struct node *cell, str name, uint32_t max)
{
    const str value = str_trim_ascii(node_attribute_value(cell, name));
    uint32_t number = 0;
    size_t at = value.len && value.ptr[0] == '+';
    if (at == value.len || !ascii_is_digit((unsigned char)value.ptr[at])) {
        return 1;
    }
    for (; at < value.len && ascii_is_digit((unsigned char)value.ptr[at]) && number <= max; at++) {
        number = number * 10 + (uint32_t)(value.ptr[at] - '0');
    }
    return number < max ? number : max;
}

static struct table_grid *take_grid(struct table_grids *grids)
{
    struct table_grid *grid = grids->unused;
    if (!grid) {
        grid = ARENA_NEW(grids->arena, struct table_grid);
        grids->failed |= !grid;
        return grid;
    }
    grids->unused = grid->next;
    *grid = (struct table_grid){.next = NULL};
    return grid;
}

static bool is_taken(const struct table *table, size_t column)
{
    return column <= TABLE_COLUMN_COUNT_MAX && table->grid->until[column - 1] > table->row;
}

/* The first free column behind the last that is taken. */
static uint32_t next_column(struct table_grids *grids, const struct table *table,
                            struct table_row *row)
{
    uint32_t column = row->column + 1U;
    while (table->grid && grids->spanned_left && is_taken(table, column)) {
        column++;
        grids->spanned_left--;
        row->is_covered = true;
    }
    return column;
}

static uint16_t clamp_column(uint32_t column)
{
    return column < UINT16_MAX ? (uint16_t)column : UINT16_MAX - 1;
}

uint16_t table_place_cell(struct table_grids *grids, struct table *table, struct table_row *row,
                          const struct node *cell)
{
    const uint32_t column = next_column(grids, table, row);
    uint32_t width = read_span(cell, STR("colspan"), SPAN_MAX);
    width = width ? width : 1;
    if (width - 1 > grids->spanned_left || column + width - 1 > TABLE_COLUMN_COUNT_MAX) {
        width = 1;
    }
    const uint32_t height = read_span(cell, STR("rowspan"), ROW_SPAN_MAX);
    if (height != 1 && !table->grid) {
        table->grid = take_grid(grids);
    }
    for (uint32_t i = column; table->grid && height != 1 && i < column + width; i++) {
        if (i <= TABLE_COLUMN_COUNT_MAX) {
            table->grid->until[i - 1] = height ? table->row + height : UINT32_MAX;
        }
    }
    grids->spanned_left -= width - 1;
    row->cell_count = (uint16_t)(row->cell_count + (row->cell_count < UINT16_MAX));
    row->header_count =
        (uint16_t)(row->header_count + (cell->tag == TAG_th && row->header_count < UINT16_MAX));
    row->column = clamp_column(column + width - 1);
    return clamp_column(column);
}

void table_end_row(struct table_grids *grids, struct table *table, struct table_row *row)
{
    row->column = clamp_column(next_column(grids, table, row) - 1);
    table->row++;
}

void table_end_section(struct table *table)
{
    if (table->grid) {
        *table->grid = (struct table_grid){.next = NULL};
    }
}

void table_end(struct table_grids *grids, struct table *table)
{
    if (table->grid) {
        table->grid->next = grids->unused;
        grids->unused = table->grid;
        table->grid = NULL;
    }
}
