/* SPDX-License-Identifier: Apache-2.0 */
/* Rows becoming one Arrow array: a lane of buffers for each node of the layout.
 *
 *   record ─► batch_measure: does it still fit? ─► batch_append ─► … ─► batch_leave ─► ArrowArray
 *
 * Offsets are int32, so no lane of text may pass 2^31-1 bytes and no list as many items; a row that
 * would is for the next batch, and a column whose value alone is larger is null in its row.
 */
#ifndef ABI_BATCH_H
#define ABI_BATCH_H

#include "abi/schema.h"
#include "base/status.h"
#include "job/record.h"

/* One buffer under construction. */
struct room {
    uint8_t *ptr;
    size_t len;
    size_t capacity;
};

/* One Arrow array under construction. */
struct lane {
    int64_t length;
    int64_t null_count;
    struct room validity; /* empty while nothing is null */
    struct room fixed;    /* offsets of texts and lists, values of the others */
    struct room text;
};

struct batch {
    const struct layout *layout;
    int64_t row_count;
    size_t variable_bytes; /* text, and 8 bytes a number inside lists */
    struct lane lanes[NODE_MAX];
};

/* What one row would add. */
struct measure {
    size_t variable_bytes;
    bool fits;                    /* with the rows that are there */
    bool too_large[COLUMN_COUNT]; /* by column of the layout: its value fits into no batch */
};

/* `layout` is lent until batch_release. [one thread at a time] */
void batch_init(struct batch *batch, const struct layout *layout);

void batch_measure(const struct batch *batch, const struct record *record, struct measure *measure);

/* Copies the projected columns. NO_MEMORY, or INTERNAL for a record without id or status: the batch
 * is then only good for release. */
enum status batch_append(struct batch *batch, const struct record *record,
                         const struct measure *measure) MUST_CHECK;

/* Hands all buffers over to *out and empties the batch. NO_MEMORY: nothing changed. The array is
 * independent of everything else here; its children may be moved out and released singly, on any
 * thread. */
enum status batch_leave(struct batch *batch, struct ArrowArray *out) MUST_CHECK;

void batch_release(struct batch *batch);

#endif
