/* SPDX-License-Identifier: Apache-2.0 */
/* What a split asks for: one target a document, written as JSON and read back anywhere.
 *
 *   {"v":1,"targets":[{"url":"https://…"},{"file":"/data/a%20b.txt","name":"a%20b.txt"},
 *                     {"kept":"/keep/0123….json"},{"warc":"/a.warc.gz","name":"a.warc.gz","at":"0+512"},
 *                     {"bad":"htp:/x","fault":"bad_url"}]}
 *
 * Paths are any bytes, JSON is not: they are percent-encoded.
 */
#ifndef JOB_TARGET_H
#define JOB_TARGET_H

#include "base/buf.h"
#include "base/document.h"

enum target_kind {
    TARGET_URL,  /* text: normalised, without fragment and userinfo */
    TARGET_FILE, /* text: path to open; name: relative to the input's root */
    TARGET_KEPT, /* text: path of a sidecar in a keep folder */
    TARGET_WARC, /* text: path of a web archive; at: where in it the document stands */
    TARGET_BAD   /* text: the input as it was given; fault, message: why it cannot be asked for */
};

struct target {
    enum target_kind kind;
    bytes text; /* files and kept: raw bytes with a NUL behind them */
    bytes name;
    bytes at;     /* web archives: spans, see web_archive.h */
    str web_host; /* URLs; empty otherwise */
    enum fault_code fault;
};

struct targets {
    struct target *items;
    size_t count;
};

enum { TARGETS_MAX = 1000000 }; /* in one split */

void target_write(struct buf *buf, const struct target *target);

/* The targets of a split, in the arena. False: not a split of ours, or no memory (arena->refused). */
bool targets_read(struct arena *arena, bytes split, struct targets *out);

#endif
