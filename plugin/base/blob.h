/* SPDX-License-Identifier: Apache-2.0 */
/* Content while it arrives, and then as one slice: in memory up to a limit, beyond it in a mapped
 * file that has no name any more. SHA-256 is taken on the way.
 *
 *   blob_open ─► blob_write … ─► blob_seal ─► blob_content (until blob_close)
 *   blob_open_file ─────────────► sealed at once
 *
 * The only file of base/ that does I/O.
 */
#ifndef BASE_BLOB_H
#define BASE_BLOB_H

#include "base/status.h"
#include "base/str.h"

struct blob;

/* NULL: no memory. `memory_bytes_max`: held in memory; `limit_bytes`: taken at all. [any thread] */
struct blob *blob_open(size_t memory_bytes_max, size_t limit_bytes);

/* OK; LIMIT: `limit_bytes` are in it now, the rest was not taken; NO_MEMORY; FAILED: the temporary
 * file could not be written (blob_errno). Bytes taken before stay. */
enum status blob_write(struct blob *blob, bytes part) MUST_CHECK;

/* Ends writing, finishes the hash. */
enum status blob_seal(struct blob *blob) MUST_CHECK;

/* A regular file as a sealed blob, copied like anything that arrives: it may change or shrink
 * afterwards. NULL: it could not be opened or read, *out_errno says why (ENOTSUP: a pipe, a device).
 * A file larger than the limit gives its first `limit_bytes`, and blob_is_cut is true. */
struct blob *blob_open_file(const char *path, size_t memory_bytes_max, size_t limit_bytes,
                            int *out_errno);

/* The same of a file that may be long: asked before each 64 KiB. NULL with *out_errno ECANCELED when
 * the answer was yes. */
struct blob_watch {
    void *context;
    bool (*is_cancelled)(void *context);
};
struct blob *blob_open_file_watched(const char *path, size_t memory_bytes_max, size_t limit_bytes,
                                    const struct blob_watch *watch, int *out_errno);

void blob_close(struct blob *blob); /* NULL is allowed */

bytes blob_content(const struct blob *blob); /* after sealing; lent until blob_close */
/* Content in a file need not lie in memory after it was read: this hands its pages back. Reading it
 * again is allowed and brings them in again. Content in memory stays. */
void blob_relax(const struct blob *blob);

bool blob_is_cut(const struct blob *blob); /* there was more than the limit */
int blob_errno(const struct blob *blob);

/* 64 lower-case hex digits of the content, after sealing; lent until blob_close. */
str blob_sha256(const struct blob *blob);

#endif
