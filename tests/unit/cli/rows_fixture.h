/* SPDX-License-Identifier: Apache-2.0 */
/* A batch of records made by hand: the columns that hosts look up by name, and one of each kind of
 * value. Texts are given per row; a NULL is a null.
 */
#ifndef CLI_ROWS_FIXTURE_H
#define CLI_ROWS_FIXTURE_H

#include "common/arrow_view.h"

enum { ROWS_MAX = 4, ROWS_TEXT_BYTES = 4096 };

enum rows_column {
    ROWS_ID,
    ROWS_STATUS,
    ROWS_URL,
    ROWS_ERROR_CODE,
    ROWS_ERROR_MESSAGE,
    ROWS_TEXT,
    ROWS_TEXT_COLUMNS, /* up to here: text columns */
    ROWS_BYTES = ROWS_TEXT_COLUMNS,
    ROWS_SHARE,
    ROWS_COMPLETE,
    ROWS_FETCHED,
    ROWS_PUBLISHED,
    ROWS_LINKS, /* list of struct of rel and count: row 0 has two, row 1 none, others null */
    ROWS_COLUMNS
};

struct rows_texts {
    const char *values[ROWS_TEXT_COLUMNS];
};

/* In static memory: one batch at a time. */
struct arrow_view rows_make(const struct rows_texts *rows, int64_t count);

#endif
