/* SPDX-License-Identifier: Apache-2.0 */
/* Which encoding these bytes are in, honestly: with the evidence, and with "not text" as an answer.
 *
 * Order: the option, byte order mark, what the transport declared, what the content declares (meta,
 * XML declaration; found by the format and handed in), then the bytes themselves. A declaration is
 * taken only if the bytes do not contradict it.
 */
#ifndef TEXT_DETECT_H
#define TEXT_DETECT_H

#include "text/charset.h"

struct detect_hints {
    bytes option;        /* the option `charset`: overrules */
    bytes http;          /* charset parameter of Content-Type */
    bytes declared;      /* from inside the content; empty when it says nothing */
    str declared_source; /* "meta" or "xml" */
    bool is_text;        /* a format already vouches that this is text (it saw HTML tags, say) */
    bool ebcdic;         /* EBCDIC may be found: only where mainframes are known to have written */
};

struct detection {
    const struct charset *charset; /* NULL: not text, or no evidence for any encoding */
    str source;        /* option, bom, http, meta, xml, detected, default: column charset_source */
    double confidence; /* 0 to 1 */
    /* What decided where the bytes did: ascii, utf-8, damaged (UTF-8, mostly), wide, escapes, words
     * (a language is read), valid (nothing else reads them without an error), few (too little to be
     * sure), ebcdic; or empty. */
    str evidence;
    double margin;    /* of words and few: nats over the next best that reads them otherwise */
    str language;     /* BCP 47, of what the bytes say; empty: not known */
    bool label_wrong; /* a declaration was not believed: that of `hints` */
    struct detect_hints hints; /* those it was found with, lent */
};

/* Linear, samples a bounded share of large contents. [any thread] */
void detect(bytes content, const struct detect_hints *hints, struct detection *out);

/* A declaration is believed by its beginning, and samples may miss what a large content turns into.
 * Whoever decoded it and met that many errors asks once more: true, and another encoding in
 * `detection`, when the bytes speak for one without regard to what was declared. [any thread] */
bool detect_again(bytes content, int64_t errors, struct detection *detection);

#endif
