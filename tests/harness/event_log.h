/* SPDX-License-Identifier: Apache-2.0 */
/* A sink that writes what it is told, a line an event, for tests to compare as text:
 *
 *   title = 船
 *   page_count = 4
 *   heading 1 | 船
 *   drop metadata title | 船
 *   paragraph | 第一段
 *
 * Drops that come inside a block stand before it, for a block is written when it ends. A sink with
 * a limit answers LIMIT once so many bytes of text have come. Header only: a test that needs it is
 * one program.
 */
#ifndef HARNESS_EVENT_LOG_H
#define HARNESS_EVENT_LOG_H

#include "base/buf.h"
#include "base/sink.h"

struct event_log {
    struct sink sink;
    struct arena arena;
    struct buf lines;
    struct buf block;      /* of the open block */
    struct buf dropped;    /* text of all drops, a line each */
    struct buf body;       /* text of all blocks, a line each */
    str source;            /* when set: spans are checked against it */
    size_t text_bytes_max; /* 0: no limit */
    size_t text_bytes;
    size_t event_count;
    size_t event_max; /* CANCELLED at this event; 0: never */
    size_t pulse_count;
    size_t span_errors;  /* spans that leave the source or run backwards */
    size_t order_errors; /* text outside a block, blocks inside blocks */
    bool in_block;
    enum block_kind kind;
    int64_t level;
    struct span limit_span; /* of the drop with the reason limit */
    size_t limit_count;
};

static inline void event_log_add_number(struct buf *buf, str what, int64_t number)
{
    buf_add(buf, what);
    buf_add_integer(buf, number);
}

static inline void event_log_drop(struct event_log *log, const struct event *event)
{
    buf_add(&log->lines, STR("drop "));
    buf_add(&log->lines, drop_reason_name(event->reason));
    if (event->column < COLUMN_COUNT) {
        buf_add(&log->lines, STR(" "));
        buf_add(&log->lines, column_name(event->column));
    }
    buf_add(&log->lines, STR(" | "));
    buf_add(&log->lines, event->text);
    buf_add(&log->lines, STR("\n"));
    buf_add(&log->dropped, event->text);
    buf_add(&log->dropped, STR("\n"));
    if (event->reason == DROP_limit) {
        log->limit_span = event->span;
        log->limit_count++;
    }
}

static inline void event_log_close(struct event_log *log)
{
    buf_add(&log->lines, block_kind_name(log->kind));
    if (log->level) {
        event_log_add_number(&log->lines, STR(" "), log->level);
    }
    buf_add(&log->lines, STR(" | "));
    buf_add(&log->lines, buf_str(&log->block));
    buf_add(&log->lines, STR("\n"));
    buf_add(&log->body, buf_str(&log->block));
    buf_add(&log->body, STR("\n"));
    buf_clear(&log->block);
}

static inline enum status event_log_text(struct event_log *log, const struct event *event)
{
    log->order_errors += !log->in_block;
    if (log->text_bytes_max && log->text_bytes + event->text.len > log->text_bytes_max) {
        return STATUS_LIMIT;
    }
    log->text_bytes += event->text.len;
    buf_add(&log->block, event->text);
    return STATUS_OK;
}

static inline void event_log_value(struct event_log *log, const struct event *event)
{
    buf_add(&log->lines, column_name(event->column));
    buf_add(&log->lines, STR(" = "));
    buf_add(&log->lines, event->text);
    buf_add(&log->lines, STR("\n"));
}

static inline void event_log_check_span(struct event_log *log, const struct event *event)
{
    if (log->source.ptr &&
        (event->span.start > event->span.end || event->span.end > log->source.len)) {
        log->span_errors++;
    }
}

static inline enum status event_log_event(struct sink *sink, const struct event *event)
{
    struct event_log *log = (struct event_log *)sink;
    log->event_count++;
    if (log->event_max && log->event_count >= log->event_max) {
        return STATUS_CANCELLED;
    }
    event_log_check_span(log, event);
    switch (event->kind) {
    case EVENT_OPEN:
        log->order_errors += log->in_block;
        log->in_block = true;
        log->kind = event->block;
        log->level = event->level;
        return STATUS_OK;
    case EVENT_TEXT:
        return event_log_text(log, event);
    case EVENT_CLOSE:
        log->order_errors += !log->in_block;
        log->in_block = false;
        event_log_close(log);
        return STATUS_OK;
    case EVENT_DROP:
        event_log_drop(log, event);
        return STATUS_OK;
    case EVENT_VALUE:
        event_log_value(log, event);
        return STATUS_OK;
    case EVENT_NUMBER:
        buf_add(&log->lines, column_name(event->column));
        event_log_add_number(&log->lines, STR(" = "), event->number);
        buf_add(&log->lines, STR("\n"));
        return STATUS_OK;
    case EVENT_LINK:
        buf_add(&log->lines, STR("link "));
        buf_add(&log->lines, event->rel);
        buf_add(&log->lines, STR(" "));
        buf_add(&log->lines, event->url);
        buf_add(&log->lines, STR("\n"));
        return STATUS_OK;
    case EVENT_PULSE:
        log->pulse_count++;
        return STATUS_OK;
    }
    return STATUS_INTERNAL;
}

static inline void event_log_init(struct event_log *log)
{
    *log = (struct event_log){.sink = {.event = event_log_event}};
    arena_init(&log->arena, SIZE_MAX / 4);
    buf_init(&log->lines, &log->arena, SIZE_MAX / 8);
    buf_init(&log->block, &log->arena, SIZE_MAX / 8);
    buf_init(&log->dropped, &log->arena, SIZE_MAX / 8);
    buf_init(&log->body, &log->arena, SIZE_MAX / 8);
}

static inline void event_log_release(struct event_log *log)
{
    arena_release(&log->arena);
}

#endif
