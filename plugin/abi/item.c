/* SPDX-License-Identifier: Apache-2.0 */
#include "abi/item.h"

static struct cell text_cell(str text)
{
    return (struct cell){.known = text.ptr != NULL, .as.text = text};
}

static struct cell number_cell(int64_t number, bool known)
{
    return (struct cell){.known = known, .as.number = number};
}

/* Offsets below 0 are nowhere in particular. */
static struct cell offset_cell(int64_t offset)
{
    return number_cell(offset, offset >= 0);
}

static void block_cells(const struct record_block *block, struct cell cells[ITEM_MEMBER_MAX])
{
    cells[0] = text_cell(block_kind_name(block->kind));
    cells[1] = number_cell(block->level, block->level != 0);
    cells[2] = number_cell(block->page_number, block->page_number != 0);
    cells[3] = text_cell(block->text);
    cells[4] = text_cell(block->src_part);
    cells[5] = offset_cell(block->src_start);
    cells[6] = offset_cell(block->src_end);
}

static void drop_cells(const struct record_drop *drop, struct cell cells[ITEM_MEMBER_MAX])
{
    cells[0] = text_cell(drop_reason_name(drop->reason));
    cells[1] = text_cell(drop->column == COLUMN_NONE ? (str){0} : column_name(drop->column));
    cells[2] = text_cell(drop->text);
    cells[3] = text_cell(drop->src_part);
    cells[4] = offset_cell(drop->src_start);
    cells[5] = offset_cell(drop->src_end);
}

static void note_cells(const struct record_note *note, struct cell cells[ITEM_MEMBER_MAX])
{
    cells[0] = text_cell(note->code);
    cells[1] = offset_cell(note->offset);
    cells[2] = number_cell(note->count, true);
}

static void link_cells(const struct record_link *link, struct cell cells[ITEM_MEMBER_MAX])
{
    cells[0] = text_cell(link->rel);
    cells[1] = text_cell(link->url);
    cells[2] = text_cell(link->text);
}

static void part_cells(const struct record_part *part, struct cell cells[ITEM_MEMBER_MAX])
{
    cells[0] = number_cell(part->part, true);
    cells[1] = text_cell(part->url);
    cells[2] = text_cell(part->final_url);
    cells[3] = number_cell(part->http_status, part->http_status != 0);
    cells[4] = text_cell(part->content_sha256);
    cells[5] = offset_cell(part->content_bytes);
    cells[6] = number_cell(part->fetched_at_us, part->fetched_at_us != INT64_MIN);
}

size_t item_count(const struct record *record, enum column column)
{
    if (!record->cells[column].known) {
        return 0;
    }
    switch (column_type(column)) {
    case COLUMN_TYPE_TEXTS:
        return record->cells[column].as.texts.count;
    case COLUMN_TYPE_PARTS:
        return record->part_count;
    case COLUMN_TYPE_LINKS:
        return record->link_count;
    case COLUMN_TYPE_BLOCKS:
        return record->block_count;
    case COLUMN_TYPE_DROPPED:
        return record->drop_count;
    case COLUMN_TYPE_NOTES:
        return record->note_count;
    case COLUMN_TYPE_ID:
    case COLUMN_TYPE_STATUS:
    case COLUMN_TYPE_TEXT:
    case COLUMN_TYPE_INT:
    case COLUMN_TYPE_REAL:
    case COLUMN_TYPE_BOOL:
    case COLUMN_TYPE_TIME:
    case COLUMN_TYPE_DATE:
        return 0;
    }
    return 0;
}

void item_cells(const struct record *record, enum column column, size_t index,
                struct cell cells[ITEM_MEMBER_MAX])
{
    switch (column_type(column)) {
    case COLUMN_TYPE_TEXTS:
        cells[0] = text_cell(record->cells[column].as.texts.items[index]);
        break;
    case COLUMN_TYPE_PARTS:
        part_cells(&record->parts[index], cells);
        break;
    case COLUMN_TYPE_LINKS:
        link_cells(&record->links[index], cells);
        break;
    case COLUMN_TYPE_BLOCKS:
        block_cells(&record->blocks[index], cells);
        break;
    case COLUMN_TYPE_DROPPED:
        drop_cells(&record->drops[index], cells);
        break;
    case COLUMN_TYPE_NOTES:
        note_cells(&record->notes[index], cells);
        break;
    case COLUMN_TYPE_ID:
    case COLUMN_TYPE_STATUS:
    case COLUMN_TYPE_TEXT:
    case COLUMN_TYPE_INT:
    case COLUMN_TYPE_REAL:
    case COLUMN_TYPE_BOOL:
    case COLUMN_TYPE_TIME:
    case COLUMN_TYPE_DATE:
        break;
    }
}
