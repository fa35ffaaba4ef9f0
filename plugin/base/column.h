/* SPDX-License-Identifier: Apache-2.0 */
/* The columns of the record as an enum; columns.def is the one list. */
#ifndef BASE_COLUMN_H
#define BASE_COLUMN_H

#include "base/str.h"

enum column {
#define COLUMN(name, type, sentence) COLUMN_##name,
#include "base/columns.def"
#undef COLUMN
    COLUMN_COUNT,
    COLUMN_NONE = COLUMN_COUNT
};

enum column_type {
    COLUMN_TYPE_ID,
    COLUMN_TYPE_STATUS,
    COLUMN_TYPE_TEXT,
    COLUMN_TYPE_INT,
    COLUMN_TYPE_REAL,
    COLUMN_TYPE_BOOL,
    COLUMN_TYPE_TIME,
    COLUMN_TYPE_DATE,
    COLUMN_TYPE_TEXTS,
    COLUMN_TYPE_PARTS,
    COLUMN_TYPE_LINKS,
    COLUMN_TYPE_BLOCKS,
    COLUMN_TYPE_DROPPED,
    COLUMN_TYPE_NOTES
};

/* `column` must be below COLUMN_COUNT. Static memory. [any thread] */
str column_name(enum column column);
str column_sentence(enum column column);
enum column_type column_type(enum column column);

/* COLUMN_NONE when no column has that name. */
enum column column_find(str name);

#endif
