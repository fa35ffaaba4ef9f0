/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of an Arrow stream, as a test wants to see them: checked, looked up by name, printed.
 *
 *   stream ─► rows_read ─► each row ─► row_text(row, "title")
 *                                  └─► row_write(row, file)     JSON that reads well in a diff
 *
 * Every batch is checked by the rules of quern/record.h before a row of it is handed on: offsets
 * rise, texts are UTF-8 without U+0000, counts agree, columns that are never null are not. This is
 * the tests' own reading of the Arrow C data interface, on purpose not the hosts'.
 */
#ifndef HARNESS_ROWS_H
#define HARNESS_ROWS_H

#include "base/str.h"
#include "quern/plugin.h"

#include <stdio.h>

struct row {
    const struct ArrowSchema *schema;
    const struct ArrowArray *batch;
    int64_t index;
};

struct rows {
    void (*each)(void *context, const struct row *row); /* NULL: only checked and counted */
    void *context;
    long row_count;     /* out */
    long problem_count; /* out: rules of record.h that did not hold; each was printed */
    int error;          /* out: what get_schema or get_next answered in the end; 0: the end came */
};

/* Pulls the stream dry and releases it. */
void rows_read(struct ArrowArrayStream *stream, struct rows *rows);

/* False: null, or no such column. */
bool row_text(const struct row *row, const char *column, str *out);
bool row_integer(const struct row *row, const char *column, int64_t *out);

/* One row as a JSON object over many lines: nulls left out, a list's elements on lines of their
 * own. What differs from run to run is left out (fetched_at) or masked (the version in converter);
 * markdown and dropped_rules, which repeat others, are left out too. */
void row_write(const struct row *row, FILE *out);

#endif
