/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sink_row.h"

#include "common/json_write.h"

bool sink_row_begin(struct record_sink *sink, const struct ArrowSchema *schema, int64_t shown,
                    struct trouble *trouble)
{
    (void)schema;
    (void)trouble;
    sink->shown = shown;
    return true;
}

/* Element by element: the blocks of a long text are as long again as the text. */
static bool write_list(struct sink_stream *stream, struct arrow_view column, int64_t row,
                       struct trouble *trouble)
{
    struct text *line = &stream->held;
    const struct arrow_view elements = arrow_child(column, 0);
    int64_t first;
    int64_t count;
    arrow_list(column, row, &first, &count);
    text_add_byte(line, '[');
    for (int64_t i = 0; i < count; i++) {
        if (i > 0) {
            text_add_byte(line, ',');
        }
        json_write_value(line, elements, first + i);
        if (!sink_stream_flush(stream, false, trouble)) {
            return false;
        }
    }
    text_add_byte(line, ']');
    return true;
}

static bool write_column(struct sink_stream *stream, struct arrow_view column, int64_t row,
                         struct trouble *trouble)
{
    if (arrow_type_of(column.schema->format) == ARROW_LIST && !arrow_is_null(column, row)) {
        return write_list(stream, column, row, trouble);
    }
    json_write_value(&stream->held, column, row);
    return sink_stream_flush(stream, false, trouble);
}

/* Column by column, so that a long text does not stand in memory twice with its blocks. */
bool sink_row_write(struct sink_stream *stream, struct arrow_view rows, int64_t row, int64_t shown,
                    struct trouble *trouble)
{
    struct text *line = &stream->held;
    const int64_t child_row = arrow_struct_row(rows, row);
    text_add_byte(line, '{');
    for (int64_t i = 0; i < shown; i++) {
        const struct arrow_view column = arrow_child(rows, i);
        text_add_string(line, i == 0 ? "" : ",");
        text_add_json_string(line, span_of(column.schema->name));
        text_add_byte(line, ':');
        if (!write_column(stream, column, child_row, trouble)) {
            return false;
        }
    }
    text_add_byte(line, '}');
    return true;
}
