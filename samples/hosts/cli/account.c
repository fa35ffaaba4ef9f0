/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/account.h"

#include "common/json_write.h"

#include <stdlib.h>
#include <string.h>

static struct arrow_view column_of(struct arrow_view rows, const char *name)
{
    const int64_t index = arrow_find(rows.schema, name);
    return index < 0 ? (struct arrow_view){0} : arrow_child(rows, index);
}

/* Elements of a list column, or none. */
static struct arrow_view list_of(struct arrow_view rows, int64_t row, const char *name,
                                 int64_t *first, int64_t *count)
{
    const struct arrow_view column = column_of(rows, name);
    *first = 0;
    *count = 0;
    if (!column.schema || arrow_is_null(column, row)) {
        return (struct arrow_view){0};
    }
    arrow_list(column, row, first, count);
    return arrow_child(column, 0);
}

static span member_text(struct arrow_view element, int64_t row, const char *name)
{
    const struct arrow_view member = column_of(element, name);
    return member.schema && !arrow_is_null(member, row) ? arrow_text(member, row) : (span){0};
}

static int64_t member_number(struct arrow_view element, int64_t row, const char *name, int64_t none)
{
    const struct arrow_view member = column_of(element, name);
    return member.schema && !arrow_is_null(member, row) ? arrow_integer(member, row) : none;
}

static void read_piece(struct arrow_view element, int64_t row, struct account_piece *piece)
{
    row = arrow_struct_row(element, row);
    piece->what = member_text(element, row, piece->is_kept ? "kind" : "reason");
    piece->level = member_number(element, row, "level", 0);
    piece->column = member_text(element, row, "column");
    piece->text = member_text(element, row, "text");
    piece->start = member_number(element, row, "src_start", -1);
    piece->end = member_number(element, row, "src_end", -1);
}

/* By place; what has none comes last, and the row's order stays among equals. */
static int compare_places(const void *left, const void *right)
{
    const struct account_piece *a = left;
    const struct account_piece *b = right;
    if ((a->start < 0) != (b->start < 0)) {
        return a->start < 0 ? 1 : -1;
    }
    if (a->start != b->start) {
        return a->start < b->start ? -1 : 1;
    }
    return a->number < b->number ? -1 : a->number > b->number;
}

bool account_read(struct arrow_view rows, int64_t row, struct pool *pool, struct account *out)
{
    int64_t first_block;
    int64_t blocks;
    int64_t first_drop;
    int64_t drops;
    int64_t first_rule;
    int64_t rules;
    row = arrow_struct_row(rows, row);
    *out = (struct account){.rows = rows, .row = row};
    const struct arrow_view block = list_of(rows, row, "blocks", &first_block, &blocks);
    const struct arrow_view drop = list_of(rows, row, "dropped", &first_drop, &drops);
    const struct arrow_view rule = list_of(rows, row, "dropped_rules", &first_rule, &rules);
    out->piece_count = (size_t)blocks + (size_t)drops;
    out->kept_count = (size_t)blocks;
    out->pieces = pool_allocate(pool, (out->piece_count + 1) * sizeof *out->pieces);
    if (!out->pieces) {
        return false;
    }
    for (int64_t i = 0; i < blocks + drops; i++) {
        struct account_piece *piece = &out->pieces[i];
        piece->number = (size_t)i;
        piece->is_kept = i < blocks;
        if (piece->is_kept) {
            read_piece(block, first_block + i, piece);
        } else {
            read_piece(drop, first_drop + i - blocks, piece);
            piece->rule =
                i - blocks < rules ? arrow_text(rule, first_rule + i - blocks) : (span){0};
        }
    }
    qsort(out->pieces, out->piece_count, sizeof *out->pieces, compare_places);
    return true;
}

span account_cell(const struct account *account, const char *column)
{
    const struct arrow_view view = column_of(account->rows, column);
    const bool is_text = view.schema && arrow_type_of(view.schema->format) == ARROW_TEXT;
    return is_text && !arrow_is_null(view, account->row) ? arrow_text(view, account->row)
                                                         : (span){0};
}

static bool is_fact(struct arrow_view column)
{
    static const char *const bodies[] = {"text", "markdown", "dropped_rules", "id"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        if (strcmp(column.schema->name, bodies[i]) == 0) {
            return false;
        }
    }
    return arrow_type_of(column.schema->format) != ARROW_LIST ||
           arrow_type_of(column.schema->children[0]->format) == ARROW_TEXT;
}

/* Days and times are strings in JSON only. */
static span without_quotes(span value, struct arrow_view column)
{
    const enum arrow_type type = arrow_type_of(column.schema->format);
    return (type == ARROW_DATE || type == ARROW_TIME) && value.len >= 2
               ? (span){value.ptr + 1, value.len - 2}
               : value;
}

void account_facts(const struct account *account,
                   void (*each)(void *context, const char *column, span value), void *context)
{
    struct text value = {0};
    for (int64_t i = 0; i < account->rows.schema->n_children; i++) {
        const struct arrow_view column = arrow_child(account->rows, i);
        if (arrow_is_null(column, account->row) || !is_fact(column)) {
            continue;
        }
        text_clear(&value);
        if (arrow_type_of(column.schema->format) == ARROW_TEXT) {
            text_add(&value, arrow_text(column, account->row));
        } else {
            json_write_value(&value, column, account->row);
        }
        each(context, column.schema->name, without_quotes(text_span(&value), column));
    }
    text_release(&value);
}

static int64_t count_characters(span text)
{
    int64_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        count += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
    }
    return count;
}

static int compare_sums(const void *left, const void *right)
{
    const struct account_sum *a = left;
    const struct account_sum *b = right;
    if (a->is_kept != b->is_kept) {
        return a->is_kept ? -1 : 1;
    }
    return a->characters > b->characters ? -1 : a->characters < b->characters;
}

size_t account_sums(const struct account *account, struct account_sum *out, size_t capacity)
{
    size_t count = 0;
    for (size_t i = 0; i < account->piece_count; i++) {
        const struct account_piece *piece = &account->pieces[i];
        size_t at = 0;
        while (at < count &&
               (out[at].is_kept != piece->is_kept || !span_equal(out[at].what, piece->what))) {
            at++;
        }
        if (at == count && count == capacity) {
            continue;
        }
        if (at == count) {
            out[count++] = (struct account_sum){.what = piece->what, .is_kept = piece->is_kept};
        }
        out[at].pieces++;
        out[at].characters += count_characters(piece->text);
    }
    qsort(out, count, sizeof *out, compare_sums);
    return count;
}
