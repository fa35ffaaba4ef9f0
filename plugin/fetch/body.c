/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/body.h"

static enum status write_blob(void *context, bytes part)
{
    struct body *body = context;
    if (body->goes_on && !body->goes_on(body->context)) {
        return STATUS_CANCELLED;
    }
    return blob_write(body->blob, part);
}

enum status body_open(struct body *body, const struct settings *settings,
                      enum response_coding coding)
{
    /* The blob keeps the absolute limit. */
    const struct inflate_limits limits = {.bytes_max = INT64_MAX,
                                          .ratio_max = settings->archive_ratio_max};
    *body = (struct body){
        .blob = blob_open((size_t)settings->memory_bytes_max, (size_t)settings->content_bytes_max),
    };
    if (body->blob && coding != RESPONSE_PLAIN) {
        body->inflate =
            inflate_open(coding == RESPONSE_GZIP ? INFLATE_GZIP : INFLATE_DEFLATE, limits,
                         (struct inflate_sink){.context = body, .write = write_blob});
    }
    if (!body->blob || (coding != RESPONSE_PLAIN && !body->inflate)) {
        body_close(body);
        return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

enum status body_write(struct body *body, bytes part)
{
    if (!body->inflate) {
        return write_blob(body, part);
    }
    const enum status status = inflate_feed(body->inflate, part);
    body->is_bomb = status == STATUS_LIMIT && !blob_is_cut(body->blob);
    return status;
}

bool body_is_whole(const struct body *body)
{
    return !body->inflate || inflate_is_whole(body->inflate);
}

struct blob *body_take(struct body *body, enum status *status)
{
    struct blob *blob = body->blob;
    *status = blob_seal(blob);
    body->blob = NULL;
    if (*status != STATUS_OK) {
        blob_close(blob);
        return NULL;
    }
    return blob;
}

void body_close(struct body *body)
{
    inflate_close(body->inflate);
    blob_close(body->blob);
    *body = (struct body){.blob = NULL};
}
