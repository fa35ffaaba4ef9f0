/* SPDX-License-Identifier: Apache-2.0 */
/* An Arrow schema as JSON Schema, which both protocols describe records in.
 *
 *   utf8 string   int64 integer   float64 number   bool boolean   timestamp string, date-time
 *   date32 string, date   list array   struct object; what may be null: ["null", type]
 */
#ifndef CLI_STREAM_SCHEMA_H
#define CLI_STREAM_SCHEMA_H

#include "common/arrow_view.h"
#include "common/manifest.h"

struct stream_schema_style {
    /* Of airbyte: airbyte_type says what JSON Schema cannot. */
    bool with_airbyte_types;
    const struct toml *manifest; /* whose sentences describe the columns; NULL: none do */
};

/* {"type":"object","properties":{…}} of the children that `wanted` marks; NULL: all of them. */
void stream_schema_write(struct text *to, const struct ArrowSchema *schema, const bool *wanted,
                         const struct stream_schema_style *style);

#endif
