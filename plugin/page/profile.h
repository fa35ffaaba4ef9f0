/* SPDX-License-Identifier: Apache-2.0 */
/* The families of document libraries as tables, and a line held against them. profile.def is the
 * data; a new site is lines there. */
#ifndef PAGE_PROFILE_H
#define PAGE_PROFILE_H

#include "page/pattern.h"

/* What speaks for a document library; a family asks for a set of these. */
enum evidence {
    EVIDENCE_TITLE = 1,     /* the title stands twice */
    EVIDENCE_LABELS = 2,    /* three values with their labels, behind the title */
    EVIDENCE_GATE = 4,      /* a gate as a line of its own, behind the labels */
    EVIDENCE_ANCHOR = 8,    /* the line in front of the text */
    EVIDENCE_DECLARED = 16, /* og:type is document */
    EVIDENCE_NEVER = 32     /* nobody has this one */
};

enum family {
#define FAMILY(name, text, page) FAMILY_##name,
#include "page/profile.def"
    FAMILY_COUNT
};

enum value_kind {
    VALUE_NUMBER,
    VALUE_SIZE,
    VALUE_PAGES,
    VALUE_DAY,
    VALUE_TEXT,
    VALUE_LIST,
    VALUE_PRICE
};

struct label {
    enum family family;
    str pattern;
    enum column column; /* COLUMN_NONE: a value nobody asked for */
    enum value_kind kind;
};

enum place { PLACE_WHOLE, PLACE_START, PLACE_END, PLACE_SOMEWHERE };

struct phrase {
    enum family family;
    enum drop_reason reason;
    enum place place;
    str pattern;
};

/* What must stand in a plain text (or a page) for this family to read it. */
unsigned family_evidence(enum family family, bool plain_text);

/* Does a row of `row` count for `family`? Rows of `any` count for all. */
bool family_has(enum family family, enum family row);

/* The longest label that begins at `from` and has a colon behind it; *end: behind the colon. NULL:
 * none. */
const struct label *label_find(enum family family, const struct folded *folded, int from, int *end);

/* Behind the anchor, and its colon if it has one, with which the line begins; NO_MATCH. An anchor
 * without colon must be the whole line. */
int anchor_match(enum family family, const struct folded *folded);

/* The first phrase that the line answers to; NULL. */
const struct phrase *phrase_find(enum family family, const struct folded *folded);

#endif
