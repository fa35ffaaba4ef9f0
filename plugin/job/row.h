/* SPDX-License-Identifier: Apache-2.0 */
/* The row that becomes of what a recorder kept: its tables hold the entries below while events come,
 * and row_make turns them into cells and lists.
 *
 *   text + blocks ─► text, blocks, markdown, language, title_match
 *   drops ─────────► dropped, dropped_rules
 *   values, links ─► cells of text and lists, links
 *   provenance, outcome, document ─► all that is known of it from outside
 *
 * The row lies in the recorder and lends from its tables: valid until the next recorder_begin.
 */
#ifndef JOB_ROW_H
#define JOB_ROW_H

#include "job/recorder.h"

/* A text in one of the recorder's vectors, which may still move. */
struct place {
    size_t start;
    size_t len;
};

struct block_entry {
    enum block_kind kind;
    int64_t level;
    int64_t page_number;
    int64_t ordinal;
    struct place text;
    struct span span;
    bool has_span;
    bool header;
    bool continued;
};

struct drop_entry {
    enum drop_reason reason;
    enum column column;
    struct place text;
    struct span span;
    str rule;
    bool has_text;
};

struct value_entry {
    enum column column;
    struct place text;
};

struct link_entry {
    struct place rel;
    struct place url;
    struct place text;
};

/* Completes the recorder's row, whose numbers were set as they came. NO_MEMORY: nothing
 * could be made. */
enum status row_make(struct recorder *recorder, const struct provenance *provenance,
                     const struct outcome *outcome) MUST_CHECK;

#endif
