/* SPDX-License-Identifier: Apache-2.0 */
/* A record a line, as JSON: to standard output, or appended to a file.
 */
#ifndef CLI_SINK_NDJSON_H
#define CLI_SINK_NDJSON_H

#include "cli/record_sink.h"

/* To a descriptor that stays the caller's, from its present place. NULL: no memory. */
struct record_sink *sink_ndjson_to(int descriptor, const char *name);

/* Appends to a file, made if it is not there. `name` is lent until close. */
struct record_sink *sink_ndjson_append(const char *name, struct trouble *trouble);

/* Bytes of the file up to the last sync. */
int64_t sink_ndjson_length(const struct record_sink *sink);

/* Cuts the file back to what was committed. False also when it is shorter than that. */
bool sink_ndjson_cut(struct record_sink *sink, int64_t length, struct trouble *trouble);

#endif
