/* SPDX-License-Identifier: Apache-2.0 */
/* Received content kept on disk, so that it can be converted again without asking anybody.
 *
 *   FOLDER/SHA256       the bytes as received (an archive stays whole)
 *   FOLDER/ID.json      what was known of the document: enough for the same id and provenance
 *
 * Both are written under another name and renamed, so a kill leaves no half (keep_part.h).
 */
#ifndef JOB_KEEP_H
#define JOB_KEEP_H

#include "base/blob.h"
#include "base/document.h"
#include "job/identity.h"

struct kept {
    str id;
    enum identity_kind kind;
    bytes identity; /* what the id was made of */
    str url;        /* column url */
    str final_url;  /* .ptr NULL: null */
    str name;
    str media_type;
    str charset;
    str etag;
    str last_modified;
    str rights; /* a line each */
    int64_t http_status;
    int64_t fetched_at_us; /* INT64_MIN: null */
    str sha256;
    bool truncated;
    bool limited;
};

/* Makes the folder, and those it lies in, where they are missing, and takes away what killed readers
 * left unfinished. False: errno says why nothing could be written there. */
bool keep_open(struct arena *scratch, str folder);

/* False: errno says why. */
bool keep_write(struct arena *scratch, str folder, const struct kept *kept, bytes content);

/* Reads a sidecar; texts live in the arena. False: unreadable or not one of ours. `*content_path`:
 * where the content lies, NUL behind. */
bool keep_read(struct arena *arena, const char *path, struct kept *out, str *content_path);

#endif
