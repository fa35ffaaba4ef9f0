/* SPDX-License-Identifier: Apache-2.0 */
/* Reading values out of Arrow arrays of the few formats that Quern's records use.
 *
 * A view is an array beside its schema; `row` counts from 0 within the array, its offset is added
 * here. Nothing is copied: texts lie in the array.
 */
#ifndef COMMON_ARROW_VIEW_H
#define COMMON_ARROW_VIEW_H

#include "common/text.h"

#include "quern/record.h"

struct arrow_view {
    const struct ArrowSchema *schema;
    const struct ArrowArray *array;
};

enum arrow_type {
    ARROW_UNKNOWN, /* a format this host does not read */
    ARROW_TEXT,    /* u */
    ARROW_INT64,   /* l */
    ARROW_DOUBLE,  /* g */
    ARROW_BOOL,    /* b */
    ARROW_TIME,    /* ts…: int64 in the unit of the format, UTC */
    ARROW_DATE,    /* tdD: days since 1970 */
    ARROW_LIST,    /* +l */
    ARROW_STRUCT   /* +s */
};

enum arrow_type arrow_type_of(const char *format);

/* Index of the child of that name, or -1. */
int64_t arrow_find(const struct ArrowSchema *schema, const char *name);

/* Child `index` of a struct, or the elements of a list (index 0). */
struct arrow_view arrow_child(struct arrow_view view, int64_t index);

/* True when the schema and the array have the shape their formats demand, all the way down, so that
 * the calls below stay inside. `why` (of at least 128 bytes) tells otherwise. */
bool arrow_check(struct arrow_view view, char *why, size_t why_size);

bool arrow_is_null(struct arrow_view view, int64_t row);
span arrow_text(struct arrow_view view, int64_t row);
int64_t arrow_integer(struct arrow_view view, int64_t row); /* INT64, TIME, DATE, BOOL as 0 or 1 */
double arrow_double(struct arrow_view view, int64_t row);

/* The rows of the child that make up list `row`: [*first, *first + *count). */
void arrow_list(struct arrow_view view, int64_t row, int64_t *first, int64_t *count);

/* The row of a struct's child that belongs to `row` of the struct. */
static inline int64_t arrow_struct_row(struct arrow_view view, int64_t row)
{
    return row + view.array->offset;
}

#endif
