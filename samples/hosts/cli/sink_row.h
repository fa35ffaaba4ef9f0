/* SPDX-License-Identifier: Apache-2.0 */
/* A row as a JSON object on its way to a descriptor, never all of it in memory.
 */
#ifndef CLI_SINK_ROW_H
#define CLI_SINK_ROW_H

#include "cli/record_sink.h"
#include "cli/sink_stream.h"

/* The `begin` of a sink of rows: it keeps how many columns are shown, and nothing else. */
bool sink_row_begin(struct record_sink *sink, const struct ArrowSchema *schema, int64_t shown,
                    struct trouble *trouble);

/* The first `shown` columns in their order, without a line end. What was gathered is written as soon
 * as it is much. */
bool sink_row_write(struct sink_stream *stream, struct arrow_view rows, int64_t row, int64_t shown,
                    struct trouble *trouble);

#endif
