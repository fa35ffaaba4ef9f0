/* SPDX-License-Identifier: Apache-2.0 */
/* The structs inside a record's lists as rows of cells, in the order of their members in the
 * schema, so that one loop measures and one loop builds all five of them.
 */
#ifndef ABI_ITEM_H
#define ABI_ITEM_H

#include "abi/schema.h"
#include "job/record.h"

/* How many items the column's list has in this record; 0 for columns that are no list. */
size_t item_count(const struct record *record, enum column column);

/* Item `index` of that list: as many cells as the struct has members, or one text. */
void item_cells(const struct record *record, enum column column, size_t index,
                struct cell cells[ITEM_MEMBER_MAX]);

#endif
