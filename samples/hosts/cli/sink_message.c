/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sink_message.h"

#include "cli/sink_row.h"
#include "common/json_write.h"

#include <inttypes.h>
#include <time.h>

static int64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool sink_message_put(struct sink_message *sink, struct text *message, struct trouble *trouble)
{
    sink->out.held.failed = sink->out.held.failed || message->failed;
    text_add(&sink->out.held, text_span(message));
    text_add_byte(&sink->out.held, '\n');
    text_release(message);
    return sink_stream_flush(&sink->out, true, trouble);
}

/* --- between records --- */

void sink_message_add_sentence(struct text *to, span sentence)
{
    struct text whole = {0};
    while (sentence.len > 0) {
        const size_t len = utf8_sequence_len(sentence);
        const size_t step = len > 0 ? len : 1;
        text_add(&whole, len > 0 ? (span){sentence.ptr, len} : SPAN("\xEF\xBF\xBD"));
        sentence.ptr += step;
        sentence.len -= step;
    }
    to->failed = to->failed || whole.failed;
    text_add_json_string(to, text_span(&whole));
    text_release(&whole);
}

/* The descriptor of the stream, when there is one: `,"stream_descriptor":{"name":"documents"}`. */
static void add_descriptor(const struct sink_message *sink, struct text *to, const char *before)
{
    if (sink->stream) {
        text_add_format(to, "%s\"stream_descriptor\":{\"name\":", before);
        text_add_json_string(to, span_of(sink->stream));
        text_add_byte(to, '}');
    }
}

bool sink_message_log(struct sink_message *sink, enum message_level level, span line,
                      struct trouble *trouble)
{
    static const char *const names[] = {
        [MESSAGE_INFO] = "INFO", [MESSAGE_WARN] = "WARN", [MESSAGE_ERROR] = "ERROR"};
    struct text message = {0};
    text_add_format(&message,
                    "{\"type\":\"LOG\",\"log\":{\"level\":\"%s\",\"message\":", names[level]);
    sink_message_add_sentence(&message, line);
    text_add_string(&message, "}}");
    return sink_message_put(sink, &message, trouble);
}

bool sink_message_status(struct sink_message *sink, const char *status, struct trouble *trouble)
{
    struct text message = {0};
    text_add_format(&message,
                    "{\"type\":\"TRACE\",\"trace\":{\"type\":\"STREAM_STATUS\",\"emitted_at\":"
                    "%" PRId64 ".0,\"stream_status\":{",
                    now_ms());
    add_descriptor(sink, &message, "");
    text_add_format(&message, ",\"status\":\"%s\"}}}", status);
    return sink_message_put(sink, &message, trouble);
}

/* Whose turn it is: of whoever wrote the config, of time, or of ours. */
static const char *failure_type(enum trouble_code code)
{
    switch (code) {
    case TROUBLE_USAGE:
    case TROUBLE_JOB:
    case TROUBLE_NO_INPUT:
    case TROUBLE_CANNOT_CREATE:
        return "config_error";
    case TROUBLE_UNAVAILABLE:
    case TROUBLE_LATER:
    case TROUBLE_BUSY:
        return "transient_error";
    case TROUBLE_NONE:
    case TROUBLE_DATA:
    case TROUBLE_INTERNAL:
    case TROUBLE_CANNOT_WRITE:
        break;
    }
    return "system_error";
}

bool sink_message_error(struct sink_message *sink, const struct trouble *why,
                        struct trouble *trouble)
{
    struct text message = {0};
    text_add_format(&message,
                    "{\"type\":\"TRACE\",\"trace\":{\"type\":\"ERROR\",\"emitted_at\":%" PRId64
                    ".0,\"error\":{\"message\":",
                    now_ms());
    sink_message_add_sentence(&message, text_span(&why->message));
    text_add_format(&message, ",\"failure_type\":\"%s\"", failure_type(why->code));
    add_descriptor(sink, &message, ",");
    text_add_string(&message, "}}}");
    return sink_message_put(sink, &message, trouble);
}

/* --- records --- */

/* What stands before and behind the row, the same for a whole batch: it came at one time. */
static void frame(const struct sink_message *sink, struct text *head, struct text *tail)
{
    const int64_t now = now_ms();
    switch (sink->protocol) {
    case MESSAGE_SINGER:
        text_add_string(head, "{\"type\":\"RECORD\",\"stream\":");
        text_add_json_string(head, span_of(sink->stream));
        text_add_string(head, ",\"record\":");
        text_add_string(tail, ",\"time_extracted\":\"");
        json_write_time(tail, now, 'm');
        text_add_string(tail, "\"}\n");
        break;
    case MESSAGE_AIRBYTE:
        text_add_string(head, "{\"type\":\"RECORD\",\"record\":{\"stream\":");
        text_add_json_string(head, span_of(sink->stream));
        text_add_format(head, ",\"emitted_at\":%" PRId64 ",\"data\":", now);
        text_add_string(tail, "}}\n");
        break;
    }
}

static bool write_framed(struct sink_message *mine, struct arrow_view rows, struct trouble *trouble)
{
    struct text head = {0};
    struct text tail = {0};
    frame(mine, &head, &tail);
    bool good = (!head.failed && !tail.failed) || trouble_memory(trouble);
    for (int64_t row = 0; good && row < rows.array->length; row++) {
        text_add(&mine->out.held, text_span(&head));
        good = sink_row_write(&mine->out, rows, row, mine->sink.shown, trouble);
        text_add(&mine->out.held, text_span(&tail));
        mine->row_count += good;
    }
    text_release(&head);
    text_release(&tail);
    return good && sink_stream_flush(&mine->out, true, trouble);
}

static bool write_rows(struct record_sink *sink, struct arrow_view rows, struct trouble *trouble)
{
    struct sink_message *mine = (struct sink_message *)sink;
    const bool is_first = mine->protocol == MESSAGE_AIRBYTE && mine->row_count == 0;
    return (!is_first || sink_message_status(mine, "RUNNING", trouble)) &&
           write_framed(mine, rows, trouble);
}

static bool sync_rows(struct record_sink *sink, struct trouble *trouble)
{
    return sink_stream_flush(&((struct sink_message *)sink)->out, true, trouble);
}

static void close_sink(struct record_sink *sink)
{
    text_release(&((struct sink_message *)sink)->out.held);
}

static const struct record_sink_type type = {
    .begin = sink_row_begin, .write = write_rows, .sync = sync_rows, .close = close_sink};

void sink_message_init(struct sink_message *sink, enum message_protocol protocol, int descriptor,
                       const char *name)
{
    *sink = (struct sink_message){
        .sink.type = &type, .protocol = protocol, .out = {.descriptor = descriptor, .name = name}};
}
