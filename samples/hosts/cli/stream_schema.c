/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/stream_schema.h"

#include <inttypes.h>

enum { SCHEMA_DEPTH_MAX = 8 /* as arrow_check has it */ };

static const char *type_name(enum arrow_type type)
{
    switch (type) {
    case ARROW_TEXT:
    case ARROW_TIME:
    case ARROW_DATE:
        return "string";
    case ARROW_INT64:
        return "integer";
    case ARROW_DOUBLE:
        return "number";
    case ARROW_BOOL:
        return "boolean";
    case ARROW_LIST:
        return "array";
    case ARROW_STRUCT:
        return "object";
    case ARROW_UNKNOWN: /* such a column is written as null */
        break;
    }
    return "null";
}

static void write_format(struct text *to, enum arrow_type type,
                         const struct stream_schema_style *style)
{
    if (type == ARROW_DATE) {
        text_add_string(to, ",\"format\":\"date\"");
    } else if (type == ARROW_TIME) {
        text_add_string(to, ",\"format\":\"date-time\"");
    }
    if (type == ARROW_TIME && style->with_airbyte_types) {
        text_add_string(to, ",\"airbyte_type\":\"timestamp_with_timezone\"");
    }
    if (type == ARROW_INT64 && !style->with_airbyte_types) {
        /* A target of Singer that is not told takes it for a number of any length. */
        text_add_format(to, ",\"minimum\":%" PRId64 ",\"maximum\":%" PRId64, INT64_MIN, INT64_MAX);
    }
}

static void write_one(struct text *to, const struct ArrowSchema *schema, unsigned depth,
                      const struct stream_schema_style *style);

static void write_properties(struct text *to, const struct ArrowSchema *schema, const bool *wanted,
                             unsigned depth, const struct stream_schema_style *style)
{
    bool first = true;
    text_add_string(to, "\"properties\":{");
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (wanted && !wanted[i]) {
            continue;
        }
        text_add_string(to, first ? "" : ",");
        text_add_json_string(to, span_of(schema->children[i]->name));
        text_add_byte(to, ':');
        write_one(to, schema->children[i], depth + 1, style);
        first = false;
    }
    text_add_byte(to, '}');
}

/* As deep as the schema, never as deep as any input. */
static void write_one(struct text *to, const struct ArrowSchema *schema, unsigned depth,
                      const struct stream_schema_style *style)
{
    const enum arrow_type type =
        depth < SCHEMA_DEPTH_MAX ? arrow_type_of(schema->format) : ARROW_UNKNOWN;
    text_add_format(to, "{\"type\":[%s\"%s\"]",
                    (schema->flags & ARROW_FLAG_NULLABLE) && type != ARROW_UNKNOWN ? "\"null\","
                                                                                   : "",
                    type_name(type));
    write_format(to, type, style);
    const span sentence =
        depth == 1 && style->manifest
            ? manifest_text(manifest_find(style->manifest, "columns", schema->name), "sentence")
            : SPAN("");
    if (sentence.len > 0) {
        text_add_string(to, ",\"description\":");
        text_add_json_string(to, sentence);
    }
    if (type == ARROW_LIST && schema->n_children == 1) {
        text_add_string(to, ",\"items\":");
        write_one(to, schema->children[0], depth + 1, style);
    } else if (type == ARROW_STRUCT) {
        text_add_byte(to, ',');
        write_properties(to, schema, NULL, depth, style);
    }
    text_add_byte(to, '}');
}

void stream_schema_write(struct text *to, const struct ArrowSchema *schema, const bool *wanted,
                         const struct stream_schema_style *style)
{
    text_add_string(to, "{\"type\":\"object\",");
    write_properties(to, schema, wanted, 0, style);
    text_add_byte(to, '}');
}
