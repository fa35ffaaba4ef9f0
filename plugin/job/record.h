/* SPDX-License-Identifier: Apache-2.0 */
/* One row, as the recorder leaves it and the Arrow builder takes it.
 *
 * Everything is lent until the next job_next. A column that is not known is null; a column that was
 * not asked for need not be filled.
 */
#ifndef JOB_RECORD_H
#define JOB_RECORD_H

#include "base/column.h"
#include "base/settings.h"
#include "base/sink.h"

/* The value of one column. Which member counts follows from column_type(). */
struct cell {
    bool known; /* false: null */
    union {
        str text;              /* ID, STATUS, TEXT */
        int64_t number;        /* INT; TIME in µs since 1970 UTC; DATE in days; BOOL 0 or 1 */
        double real;           /* REAL */
        struct str_list texts; /* TEXTS; known with a count of 0 is the empty list */
    } as;
};

/* Texts with .ptr NULL and offsets below 0 are null in the record; so are a level and a page_number
 * of 0, and COLUMN_NONE. */
struct record_block {
    enum block_kind kind;
    int64_t level;
    int64_t page_number;
    int64_t ordinal; /* this and the next two shape the column markdown and are not in the row */
    bool header;
    bool continued;
    str text; /* a slice of the column `text` */
    str src_part;
    int64_t src_start;
    int64_t src_end;
};

struct record_drop {
    enum drop_reason reason;
    enum column column;
    str text;
    str src_part;
    int64_t src_start;
    int64_t src_end;
};

struct record_note {
    str code;
    int64_t offset;
    int64_t count;
};

struct record_link {
    str rel;
    str url;
    str text;
};

struct record_part {
    int64_t part;
    str url;
    str final_url;
    int64_t http_status; /* 0: null */
    str content_sha256;
    int64_t content_bytes;
    int64_t fetched_at_us; /* INT64_MIN: null */
};

struct record {
    struct cell cells[COLUMN_COUNT]; /* the list-of-struct columns: only `known` counts here */
    const struct record_block *blocks;
    size_t block_count;
    const struct record_drop *drops;
    size_t drop_count;
    const struct record_note *notes;
    size_t note_count;
    const struct record_link *links;
    size_t link_count;
    const struct record_part *parts;
    size_t part_count;
};

#endif
