/* SPDX-License-Identifier: Apache-2.0 */
/* How an element is shown, by its tag: the part of a browser's style sheet that decides where lines
 * and blocks begin. */
#ifndef PAGE_DISPLAY_H
#define PAGE_DISPLAY_H

#include "markup/tags.h"

enum display {
    DISPLAY_INLINE, /* and all elements nobody knows */
    /* From here to DISPLAY_TITLE: a line ends before and behind it. */
    DISPLAY_BLOCK,
    DISPLAY_HEADING,
    DISPLAY_LIST,
    DISPLAY_ITEM,
    DISPLAY_TABLE,
    DISPLAY_ROW,
    DISPLAY_CELL,
    DISPLAY_CAPTION,
    DISPLAY_QUOTE,
    DISPLAY_CODE,
    DISPLAY_ARTICLE,
    DISPLAY_TITLE,
    DISPLAY_BREAK,
    DISPLAY_RUBY_TEXT,        /* a reading: drawn over or beside what it reads */
    DISPLAY_RUBY_PARENTHESIS, /* around it, where it cannot be */
    DISPLAY_DESCRIPTION,      /* of a drawing, not drawn */
    DISPLAY_CONTROL,          /* of a form: shown, but nothing the document says */
    DISPLAY_FALLBACK,         /* shown only where something else cannot be */
    DISPLAY_NOTHING           /* not visible text at all (the design, §3) */
};

/* [any thread] */
enum display tag_display(enum tag tag);

#endif
