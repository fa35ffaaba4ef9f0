/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sink.h"

str block_kind_name(enum block_kind kind)
{
    static const str names[] = {
#define X(name) STR_INIT(#name),
        BLOCK_LIST(X)
#undef X
    };
    return names[kind];
}

str drop_reason_name(enum drop_reason reason)
{
    static const str names[] = {
#define X(name) STR_INIT(#name),
        DROP_LIST(X)
#undef X
    };
    return names[reason];
}

enum status sink_open(struct sink *sink, enum block_kind block, int64_t level)
{
    return sink_open_on_page(sink, block, level, 0);
}

enum status sink_open_on_page(struct sink *sink, enum block_kind block, int64_t level,
                              int64_t page_number)
{
    return sink->event(
        sink, &(struct event){
                  .kind = EVENT_OPEN, .block = block, .level = level, .page_number = page_number});
}

enum status sink_text(struct sink *sink, str text, struct span span)
{
    return sink->event(sink, &(struct event){.kind = EVENT_TEXT, .text = text, .span = span});
}

enum status sink_close(struct sink *sink)
{
    return sink->event(sink, &(struct event){.kind = EVENT_CLOSE});
}

enum status sink_drop(struct sink *sink, enum drop_reason reason, str text, struct span span)
{
    return sink->event(sink, &(struct event){.kind = EVENT_DROP,
                                             .reason = reason,
                                             .column = COLUMN_NONE,
                                             .text = text,
                                             .span = span});
}

enum status sink_drop_into(struct sink *sink, enum column column, str text, struct span span)
{
    return sink->event(sink, &(struct event){.kind = EVENT_DROP,
                                             .reason = DROP_metadata,
                                             .column = column,
                                             .text = text,
                                             .span = span});
}

enum status sink_value(struct sink *sink, enum column column, str text, struct span span)
{
    return sink->event(
        sink, &(struct event){.kind = EVENT_VALUE, .column = column, .text = text, .span = span});
}

enum status sink_number(struct sink *sink, enum column column, int64_t number)
{
    return sink->event(sink,
                       &(struct event){.kind = EVENT_NUMBER, .column = column, .number = number});
}

enum status sink_link(struct sink *sink, str rel, str url, str text)
{
    return sink->event(sink,
                       &(struct event){.kind = EVENT_LINK, .rel = rel, .url = url, .text = text});
}

enum status sink_pulse(struct sink *sink, size_t content_bytes)
{
    return sink->event(sink,
                       &(struct event){.kind = EVENT_PULSE, .number = (int64_t)content_bytes});
}
