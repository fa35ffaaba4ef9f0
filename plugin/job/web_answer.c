/* SPDX-License-Identifier: Apache-2.0 */
#include "job/web_answer.h"

#include "base/media_type.h"
#include "fetch/replay.h"
#include "fetch/response.h"
#include "formats/warc.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { PIECE_BYTES = 65536 };

/* One record, unpacked: its block in a blob. */
struct record {
    struct warc_record head;
    struct blob *packed; /* the span as it stands in the file */
    struct blob *block;
    bool is_payload;
};

struct reading {
    struct arena *arena;
    const struct settings *settings;
    const struct fetch_watch *watch;
    int file;
    struct record *records;
    size_t count;
    struct fault *fault;
};

static enum status tell_unreadable(struct reading *reading, const char *why)
{
    fault_tell(reading->fault, FAULT_unreadable, -1, "the web archive is not what it was: %s", why);
    return STATUS_FAILED;
}

static bool is_cancelled(const struct reading *reading)
{
    const struct fetch_watch *watch = reading->watch;
    return watch && watch->is_cancelled && watch->is_cancelled(watch->context);
}

/* ---- a span ---- */

static enum status copy_span(struct reading *reading, struct web_span span, struct blob *out)
{
    uint8_t piece[PIECE_BYTES];
    uint64_t done = 0;
    while (done < span.len) {
        const uint64_t left = span.len - done;
        const ssize_t got =
            pread(reading->file, piece, left < sizeof piece ? (size_t)left : sizeof piece,
                  (off_t)(span.offset + done));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return tell_unreadable(reading, got < 0 ? strerrordesc_np(errno) : "it is shorter");
        }
        if (is_cancelled(reading)) {
            return STATUS_CANCELLED;
        }
        TRY(blob_write(out, (bytes){.ptr = piece, .len = (size_t)got}));
        done += (uint64_t)got;
    }
    return blob_seal(out);
}

static enum status copy_block(struct reading *reading, struct warc *warc, struct blob *out)
{
    for (bytes piece = warc_block(warc); piece.len; piece = warc_block(warc)) {
        if (is_cancelled(reading)) {
            return STATUS_CANCELLED;
        }
        const enum status status = blob_write(out, piece);
        if (status == STATUS_LIMIT) {
            break; /* replaying sees to it: the content is limited as well */
        }
        TRY(status);
    }
    if (warc->end == WARC_NO_MEMORY) {
        return STATUS_NO_MEMORY;
    }
    if (warc->end != WARC_OPEN && warc->end != WARC_WHOLE) {
        return tell_unreadable(reading, "a record ends early");
    }
    return blob_seal(out);
}

static enum status unpack_record(struct reading *reading, struct record *record)
{
    struct warc warc;
    enum status status = STATUS_NO_MEMORY;
    if (warc_open(&warc, blob_content(record->packed), (struct warc_place){.offset = 0},
                  reading->settings->archive_ratio_max)) {
        status = warc_next(&warc, reading->arena, &record->head)
                     ? copy_block(reading, &warc, record->block)
                     : tell_unreadable(reading, "no record begins where one did");
    }
    warc_close(&warc);
    return status;
}

static enum status read_record(struct reading *reading, struct web_span span, struct record *record)
{
    const size_t memory = (size_t)reading->settings->memory_bytes_max;
    record->is_payload = span.is_payload;
    record->packed = blob_open(memory, SIZE_MAX);
    record->block =
        blob_open(memory, (size_t)reading->settings->content_bytes_max + RESPONSE_HEADER_BYTES_MAX);
    if (!record->packed || !record->block) {
        return STATUS_NO_MEMORY;
    }
    TRY(copy_span(reading, span, record->packed));
    TRY(unpack_record(reading, record));
    blob_close(record->packed);
    record->packed = NULL;
    return STATUS_OK;
}

/* ---- answers ---- */

/* A block is a head and, behind its empty line, a body. */
static void cut_block(bytes block, bytes *head, bytes *body)
{
    size_t at = 0;
    while (at < block.len) {
        const uint8_t *end = memchr(block.ptr + at, '\n', block.len - at);
        const size_t next = end ? (size_t)(end - block.ptr) + 1 : block.len;
        const bool is_empty = block.ptr[at] == '\n' || (block.ptr[at] == '\r' && next == at + 2);
        at = next;
        if (is_empty) {
            break;
        }
    }
    *head = bytes_slice(block, 0, at);
    *body = bytes_slice(block, at, block.len);
}

static str field(const struct record *record, enum warc_field name)
{
    const bytes value = record->head.fields[name];
    return (str){.ptr = (const char *)value.ptr, .len = value.len};
}

/* How it broke off: as we wrote it, else as far as the standard tells. */
static str ended(const struct record *record)
{
    const str own = field(record, WARC_ENDED);
    const str reason = field(record, WARC_TRUNCATED);
    if (own.len) {
        return own;
    }
    if (str_equal(reason, STR("time"))) {
        return STR("timeout");
    }
    return str_equal(reason, STR("disconnect")) ? STR("18 the connection ended early") : STR("");
}

/* *is_missing: a revisit whose payload is not in this file. */
static size_t gather_answers(const struct reading *reading, struct replay_answer *answers,
                             bool *is_missing)
{
    size_t count = 0;
    *is_missing = false;
    for (size_t i = 0; i < reading->count; i++) {
        const struct record *record = &reading->records[i];
        bytes head;
        bytes body;
        cut_block(blob_content(record->block), &head, &body);
        if (record->is_payload && count) {
            struct replay_answer *answer = &answers[count - 1];
            answer->body = body;
            answer->head = answer->head.len ? answer->head : head;
            *is_missing = false;
            continue;
        }
        *is_missing = record->head.type == WARC_REVISIT;
        answers[count++] = (struct replay_answer){
            .head = head,
            .body = body,
            .ended = ended(record),
            .answered_us = record->head.date_us,
        };
    }
    return count;
}

static enum status replay(struct reading *reading, struct web_answer *out)
{
    struct replay_answer *answers =
        ARENA_ARRAY(reading->arena, reading->count, struct replay_answer);
    struct url *url = ARENA_NEW(reading->arena, struct url);
    bool is_missing;
    if (!answers || !url) {
        return STATUS_NO_MEMORY;
    }
    if (url_parse(reading->arena, field(&reading->records[0], WARC_TARGET_URI), NULL, url) !=
        URL_OK) {
        return reading->arena->refused ? STATUS_NO_MEMORY
                                       : tell_unreadable(reading, "a record has no address");
    }
    out->url = url->request;
    const size_t count = gather_answers(reading, answers, &is_missing);
    TRY(fetch_replay(reading->settings, reading->watch, url, answers, count, reading->arena,
                     &out->fetched));
    if (is_missing && out->fetched.fault.code == FAULT_none) {
        blob_close(out->fetched.content);
        out->fetched.content = NULL;
        fault_tell(&out->fetched.fault, FAULT_not_found, -1,
                   "the web archive refers to content that stands in another file");
    }
    return STATUS_OK;
}

static enum status take_resource(struct reading *reading, struct web_answer *out)
{
    struct record *record = &reading->records[0];
    const struct media_type type =
        media_type_parse(reading->arena, record->head.fields[WARC_CONTENT_TYPE]);
    const str name = field(record, WARC_TARGET_URI);
    struct url url;
    if (url_parse(reading->arena, name, NULL, &url) == URL_OK) {
        out->url = url.request;
    } else {
        out->url = url_of_other_scheme(reading->arena, name);
        out->url =
            out->url.ptr ? out->url : url_percent_encode_bytes(reading->arena, str_bytes(name));
    }
    out->is_resource = true;
    out->fetched.media_type = type.type;
    out->fetched.charset = type.charset;
    out->fetched.fetched_at_us = record->head.date_us;
    out->fetched.limited = blob_is_cut(record->block);
    out->fetched.content = record->block;
    record->block = NULL;
    return reading->arena->refused ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status read_all(struct reading *reading, const char *path, const struct web_span *spans,
                            struct web_answer *out)
{
    reading->file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (reading->file < 0) {
        return tell_unreadable(reading, strerrordesc_np(errno));
    }
    for (size_t i = 0; i < reading->count; i++) {
        TRY(read_record(reading, spans[i], &reading->records[i]));
    }
    return reading->records[0].head.type == WARC_RESOURCE ? take_resource(reading, out)
                                                          : replay(reading, out);
}

enum status web_answer_open(struct arena *arena, const struct settings *settings,
                            const struct fetch_watch *watch, const char *path, str spans_text,
                            struct web_answer *out)
{
    struct web_span spans[WEB_SPANS_MAX];
    *out = (struct web_answer){.url = STR(""),
                               .fetched = {.final_url = STR(""),
                                           .file_name = STR(""),
                                           .fetched_at_us = INT64_MIN,
                                           .fault = {.offset = -1}}};
    struct reading reading = {
        .arena = arena,
        .settings = settings,
        .watch = watch,
        .file = -1,
        .count = web_spans_read(spans_text, spans),
        .fault = &out->fetched.fault,
    };
    reading.records = ARENA_ARRAY(arena, WEB_SPANS_MAX, struct record);
    if (!reading.records) {
        return STATUS_NO_MEMORY;
    }
    enum status status = reading.count ? read_all(&reading, path, spans, out)
                                       : tell_unreadable(&reading, "its plan cannot be read");
    for (size_t i = 0; i < reading.count; i++) {
        blob_close(reading.records[i].packed);
        blob_close(reading.records[i].block);
    }
    if (reading.file >= 0) {
        (void)close(reading.file);
    }
    return status == STATUS_FAILED ? STATUS_OK : status;
}
