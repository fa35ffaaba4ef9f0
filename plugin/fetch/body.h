/* SPDX-License-Identifier: Apache-2.0 */
/* The body of an answer on its way into a blob: its content coding taken off, its limits kept. */
#ifndef FETCH_BODY_H
#define FETCH_BODY_H

#include "base/blob.h"
#include "base/inflate.h"
#include "base/settings.h"
#include "fetch/response.h"

struct body {
    struct blob *blob;
    void *context;
    bool (*goes_on)(void *context); /* asked for each 64 KiB at the latest */
    struct inflate *inflate;        /* NULL: no coding */
    bool is_bomb;                   /* the limit that was reached is that of the ratio */
};

/* `coding` must not be RESPONSE_FOREIGN. NO_MEMORY, then nothing is held. The body stays where it
 * is until body_close; `goes_on` and `context` are the caller's to set. */
enum status body_open(struct body *body, const struct settings *settings,
                      enum response_coding coding) MUST_CHECK;

/* As it came from the wire. CANCELLED: `goes_on` said no; LIMIT: content_bytes_max, or a bomb; FAILED: the coding does not
 * decode, or the temporary file could not be written (blob_errno tells which). */
enum status body_write(struct body *body, bytes part) MUST_CHECK;

/* Did the coding reach its own end? */
bool body_is_whole(const struct body *body);

/* Seals what came and gives it away; NULL and *status when that fails. */
struct blob *body_take(struct body *body, enum status *status);

void body_close(struct body *body); /* a zeroed one is allowed */

#endif
