/* SPDX-License-Identifier: Apache-2.0 */
/* A format: one file that bids for content and says it to a sink, one row, one line in
 * formats.def. */
#ifndef CONVERT_FORMAT_H
#define CONVERT_FORMAT_H

#include "base/document.h"
#include "base/sink.h"

struct format {
    str name;       /* column format: "html" */
    str media_type; /* column media_type */
    str version;    /* "html/1": behind `quern x.y.z ` in the column converter; grows when the
                       records of the same content change */
    /* How many bits of the content speak for this format, verified; 0: none. Declared type and name
     * (document->hints) may only break ties: they count one bit. */
    unsigned (*bid)(const struct document *document);
    /* The most it ever bids, where looking is dear: it is asked last, and only if nobody has bid
     * more. 0: asked in its turn. */
    unsigned bits_max;
    /* NULL: recognised, not yet converted (error_code unsupported_format). */
    enum status (*convert)(struct document *document, struct sink *sink);
};

/* The format that bids most; NULL when none bids. `*bits`: its bid. [any thread] */
const struct format *format_detect(const struct document *document, unsigned *bits);

/* All rows, in the order of formats.def. */
const struct format *const *format_list(size_t *count);

/* The one door: converts `document` by `format` and says it to `sink`. Sets document->format,
 * media_type, converter. OK, or what went wrong, with document->fault told. A format without
 * converter fails with unsupported_format. */
enum status convert_run(struct document *document, const struct format *format,
                        struct sink *sink) MUST_CHECK;

#endif
