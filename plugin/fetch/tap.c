/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/tap.h"

#include "fetch/response.h"

struct tap *tap_open(struct taps *taps, struct arena *arena, const struct settings *settings,
                     str url)
{
    struct tap *tap = ARENA_NEW(arena, struct tap);
    if (!tap) {
        return NULL;
    }
    tap->url = url;
    tap->address = (str){.ptr = "", .len = 0};
    tap->end.ended = tap->address;
    buf_init(&tap->request, arena, RESPONSE_HEADER_BYTES_MAX);
    buf_init(&tap->head, arena, RESPONSE_HEADER_BYTES_MAX);
    tap->body = blob_open((size_t)settings->memory_bytes_max, (size_t)settings->content_bytes_max);
    if (!tap->body) {
        return NULL;
    }
    *(taps->last ? &taps->last->next : &taps->first) = tap;
    taps->last = tap;
    return tap;
}

static bool is_line_end(bytes line)
{
    return line.len && (line.ptr[0] == '\r' || line.ptr[0] == '\n');
}

/* "HTTP/1.1 103 …": more comes behind it. */
static bool is_interim(const struct buf *head)
{
    const str text = buf_str(head);
    const size_t space = str_find_byte(text, ' ', 0);
    return space != SIZE_MAX && str_starts(str_slice(text, space + 1, text.len), STR("1"));
}

/* A status line begins anew: an answer of 1xx stood before it, or that of a proxy. */
static void hear_line(struct tap *tap, bytes line)
{
    if (bytes_start(line, str_bytes(STR("HTTP/")))) {
        buf_clear(&tap->head);
        tap->has_whole_head = false;
    }
    if (!tap->has_whole_head) {
        buf_add_bytes(&tap->head, line);
        tap->has_whole_head = is_line_end(line) && !is_interim(&tap->head);
    }
}

void tap_hear(struct tap *tap, curl_infotype type, bytes part)
{
    switch ((int)type) {
    case CURLINFO_HEADER_OUT:
        buf_clear(&tap->request); /* a request to a proxy stood before it, or one on a dead line */
        buf_add_bytes(&tap->request, part);
        break;
    case CURLINFO_HEADER_IN:
        hear_line(tap, part);
        break;
    case CURLINFO_DATA_IN: {
        const enum status status = blob_write(tap->body, part);
        tap->failed = tap->failed || (status != STATUS_OK && status != STATUS_LIMIT);
        break;
    }
    default: /* libcurl's remarks, and TLS below */
        break;
    }
}

void tap_end(struct tap *tap, struct arena *arena, struct tap_end end)
{
    tap->end = end;
    tap->end.ended = arena_copy(arena, end.ended);
    tap->failed = tap->failed || blob_seal(tap->body) != STATUS_OK || !tap->end.ended.ptr ||
                  buf_failed(&tap->request) || buf_failed(&tap->head);
    if (!tap->failed && end.truncated == TAP_WHOLE && blob_is_cut(tap->body)) {
        tap->end.truncated = TAP_LENGTH;
    }
}

void taps_close(struct taps *taps)
{
    for (const struct tap *tap = taps->first; tap; tap = tap->next) {
        blob_close(tap->body);
    }
    *taps = (struct taps){.first = NULL};
}
