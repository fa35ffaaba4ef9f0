/* SPDX-License-Identifier: Apache-2.0 */
/* What a format says of a document: a flat list of events, each with the range it came from.
 *
 *   value title "…"                      a column of the record, repeated text
 *   open heading 1 ─ text "…" ─ close    a block; blocks do not nest
 *   drop tip "…"                         visible text that is in no block, and why
 *   pulse 65536                          so much content was read: a chance to stop
 *
 * An event holds no pointer to anything but the text it lends until the call returns, so a run of
 * events could be written to a pipe. A sink may itself be a filter in front of another sink.
 */
#ifndef BASE_SINK_H
#define BASE_SINK_H

#include "base/column.h"
#include "base/status.h"
#include "base/str.h"

/* A range of the document, in bytes of its decoded text (document.h: struct origin says how these
 * become byte offsets of the content). `part`: 0, or which page of a multi-page document. */
struct span {
    uint32_t part;
    size_t start;
    size_t end; /* one past the last byte; start == end: nowhere in particular */
};

/* Kinds of block, in the record by these names. */
#define BLOCK_LIST(X)                                                                              \
    X(heading)                                                                                     \
    X(paragraph)                                                                                   \
    X(list_item)                                                                                   \
    X(table_row)                                                                                   \
    X(code)                                                                                        \
    X(quote)                                                                                       \
    X(caption)                                                                                     \
    X(formula)                                                                                     \
    X(footnote)                                                                                    \
    X(slide)                                                                                       \
    X(slide_note)                                                                                  \
    X(sheet)                                                                                       \
    X(comment)

enum block_kind {
#define X(name) BLOCK_##name,
    BLOCK_LIST(X)
#undef X
};
str block_kind_name(enum block_kind kind);

/* Why visible text is in no block. */
#define DROP_LIST(X)                                                                               \
    X(metadata)        /* it became the column that `column` names */                              \
    X(fragment_mark)   /* the number in front of a preview fragment, proven */                     \
    X(duplicate_title) /* the title again */                                                       \
    X(thumbnail)       /* caption of a page's picture */                                           \
    X(preview_gate)    /* "download to read on" */                                                 \
    X(tip)             /* advice on downloading */                                                 \
    X(rights)          /* also in the column `rights` */                                           \
    X(sharing)         /* the sentence written for search engines */                               \
    X(label)           /* "ID:", "size:": the name of a value that became a column */              \
    X(trade)           /* prices, points, payment */                                               \
    X(navigation)                                                                                  \
    X(related)                                                                                     \
    X(advert)                                                                                      \
    X(hidden)      /* not shown to a reader of the page */                                         \
    X(alternative) /* an image's alt text, the reading over a text, what a formula shows */        \
    X(boilerplate) /* of the site, not of the document, and none of the above */                   \
    X(limit)       /* beyond a named limit */

enum drop_reason {
#define X(name) DROP_##name,
    DROP_LIST(X)
#undef X
};
str drop_reason_name(enum drop_reason reason);

enum event_kind {
    EVENT_OPEN,   /* block, level, page_number, ordinal, header, continued */
    EVENT_TEXT,   /* text, span: appended to the open block */
    EVENT_CLOSE,  /* the open block ends */
    EVENT_DROP,   /* reason, column, rule, text, span */
    EVENT_VALUE,  /* column, text, span: for TEXT columns (first one wins) and TEXTS (each adds) */
    EVENT_NUMBER, /* column, number: INT, DATE (days since 1970-01-01), BOOL (0 or 1) */
    EVENT_LINK,   /* rel, url, text */
    EVENT_PULSE   /* number: bytes of content read so far */
};

struct event {
    enum event_kind kind;
    enum block_kind block;
    enum drop_reason reason;
    enum column column;
    int64_t level;       /* heading 1 to 6, list nesting from 1; 0: unknown, null in the record */
    int64_t page_number; /* 1-based; 0: unknown */
    int64_t number;
    int64_t ordinal; /* of a list item that is numbered; 0: it is not */
    bool header;     /* a table row of header cells */
    bool continued;  /* a list item's further block, which has no mark of its own */
    str text;
    str rule; /* of a drop: what decided, for people; static. Empty: the reason says it */
    str rel;
    str url;
    struct span span;
};

struct sink {
    /* Anything but OK: unwind and hand it up. */
    enum status (*event)(struct sink *sink, const struct event *event);
};

/* One call an event, so that formats read as a list of what they say. [job thread] */
enum status sink_open(struct sink *sink, enum block_kind block, int64_t level) MUST_CHECK;
enum status sink_open_on_page(struct sink *sink, enum block_kind block, int64_t level,
                              int64_t page_number) MUST_CHECK;
enum status sink_text(struct sink *sink, str text, struct span span) MUST_CHECK;
enum status sink_close(struct sink *sink) MUST_CHECK;
enum status sink_drop(struct sink *sink, enum drop_reason reason, str text,
                      struct span span) MUST_CHECK;
/* Visible text that became the column: dropped with the reason metadata, and `column` named. */
enum status sink_drop_into(struct sink *sink, enum column column, str text,
                           struct span span) MUST_CHECK;
enum status sink_value(struct sink *sink, enum column column, str text,
                       struct span span) MUST_CHECK;
enum status sink_number(struct sink *sink, enum column column, int64_t number) MUST_CHECK;
enum status sink_link(struct sink *sink, str rel, str url, str text) MUST_CHECK;
enum status sink_pulse(struct sink *sink, size_t content_bytes) MUST_CHECK;

#endif
