/* SPDX-License-Identifier: Apache-2.0 */
/* The documents in a web archive, found by reading the file through once, a window at a time.
 *
 *   response 301 ─► response 200        one document: an answer that points on is followed by the
 *   response 200                        next answer of where it points to; or as `Quern-Document`
 *   revisit (digest) ─► its payload     says, where we wrote the file
 *   resource
 *
 * A document is a list of spans of the file, each of one record. What is not HTTP, and a 304 that says
 * nothing but that nothing has changed, is no document. Reading one: web_answer.h.
 */
#ifndef JOB_WEB_ARCHIVE_H
#define JOB_WEB_ARCHIVE_H

#include "base/document.h"
#include "base/settings.h"
#include "base/status.h"

struct web_span {
    uint64_t offset;
    uint64_t len;
    bool is_payload; /* of the revisit before it */
};

enum { WEB_SPANS_MAX = 64 /* of one document: redirects_max and tries again, and some */ };

struct web_archive;

/* Reads the whole file; `path` with a NUL behind it. OK with *out; FAILED: the fault tells why none of
 * it can be read; NO_MEMORY. */
enum status web_archive_open(const char *path, const struct settings *settings,
                             struct web_archive **out, struct fault *fault) MUST_CHECK;

/* The next document's spans as they are written into a target, in the order of first records:
 * "0+512,p4096+300". Lent until web_archive_close. Empty: the end. `.ptr` NULL: no memory. */
str web_archive_next(struct web_archive *archive, struct arena *arena);

/* Why the file was not read to its end; code none: it was. */
const struct fault *web_archive_fault(const struct web_archive *archive);

void web_archive_close(struct web_archive *archive); /* NULL is allowed */

/* Undoes web_archive_next. 0: these are no spans. */
size_t web_spans_read(str text, struct web_span out[WEB_SPANS_MAX]);

#endif
