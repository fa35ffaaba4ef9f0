/* SPDX-License-Identifier: Apache-2.0 */
/* Records as messages of a protocol, one JSON object a line, and the messages that stand between
 * them: every protocol message goes out through here, whole and at once.
 *
 *   Singer    {"type":"RECORD","stream":S,"record":{…},"time_extracted":"…Z"}
 *   Airbyte   {"type":"RECORD","record":{"stream":S,"emitted_at":ms,"data":{…}}}
 */
#ifndef CLI_SINK_MESSAGE_H
#define CLI_SINK_MESSAGE_H

#include "cli/record_sink.h"
#include "cli/sink_stream.h"

enum message_protocol { MESSAGE_SINGER, MESSAGE_AIRBYTE };

enum message_level { MESSAGE_INFO, MESSAGE_WARN, MESSAGE_ERROR };

/* The caller's storage; `sink` comes first. `close` only lets its memory go. */
struct sink_message {
    struct record_sink sink;
    enum message_protocol protocol;
    const char *stream; /* lent; NULL until it is known */
    struct sink_stream out;
    int64_t row_count; /* rows written */
};

void sink_message_init(struct sink_message *sink, enum message_protocol protocol, int descriptor,
                       const char *name);

/* A message: `message` is one JSON object without a line end. It is released. */
bool sink_message_put(struct sink_message *sink, struct text *message, struct trouble *trouble);

/* A sentence as a JSON string. It may hold a file's name as it is, or be cut off inside a character:
 * what is not UTF-8 becomes U+FFFD. */
void sink_message_add_sentence(struct text *to, span sentence);

/* --- of Airbyte only --- */

bool sink_message_log(struct sink_message *sink, enum message_level level, span line,
                      struct trouble *trouble);

/* TRACE STREAM_STATUS: STARTED, COMPLETE or INCOMPLETE. RUNNING goes out by itself, before the first
 * record. */
bool sink_message_status(struct sink_message *sink, const char *status, struct trouble *trouble);

/* TRACE ERROR: what `why` says. */
bool sink_message_error(struct sink_message *sink, const struct trouble *why,
                        struct trouble *trouble);

#endif
