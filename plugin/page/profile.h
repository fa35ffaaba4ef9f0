/* SPDX-License-Identifier: Apache-2.0 */
/* The families of document libraries as tables, and a line held against them. profile.def is the
 * data; a new site is lines there (PROFILES.md). Markup has its own door: page/markings.h. */
#ifndef PAGE_PROFILE_H
#define PAGE_PROFILE_H

#include "page/pattern.h"

/* What speaks for a document library; a family asks for sets of these. */
enum evidence {
    EVIDENCE_TITLE = 1,      /* the title stands twice, as lines */
    EVIDENCE_LABELS = 2,     /* three values with their labels, side by side */
    EVIDENCE_LABEL_PAIR = 4, /* two */
    EVIDENCE_GATE = 8,       /* a gate begins a line, behind the labels if there are any */
    EVIDENCE_ANCHOR = 16,    /* the line in front of the text */
    EVIDENCE_DECLARED = 32,  /* og:type is document */
    EVIDENCE_SCHEMA = 64,    /* and og:document:… are stated */
    EVIDENCE_SHARING = 128,  /* the sentence for search engines */
    EVIDENCE_NOTICES = 256,  /* lines that begin with two kinds of notice */
    EVIDENCE_FILE = 512,     /* the title is a file's name, with its ending */
    EVIDENCE_NAMED = 1024,   /* the title element names a library */
    EVIDENCE_MARK = 2048,    /* something only this family has */
    EVIDENCE_MARKS = 4096,   /* two different ones */
    EVIDENCE_SHEET = 8192    /* labels state a file's size, its format and its pages */
};

enum family {
#define FAMILY(name, body) FAMILY_##name,
#include "page/profile.def"
    FAMILY_COUNT
};

enum value_kind {
    VALUE_NUMBER,
    VALUE_SIZE,
    VALUE_PAGES,
    VALUE_DAY,
    VALUE_FORMAT, /* as short as a file name's ending */
    VALUE_TEXT,
    VALUE_LIST,
    VALUE_PRICE,
    VALUE_ADDRESS /* a number or a name as the last part of an address has it */
};

enum row_kind { ROW_LABEL, ROW_ANCHOR, ROW_PHRASE };
enum place { PLACE_WHOLE, PLACE_START, PLACE_END, PLACE_SOMEWHERE };

/* A row of wording. `rule`: the row in a few words, for verdicts. */
struct wording {
    enum row_kind row;
    enum family family;
    struct pattern pattern;
    const char *rule;
    enum column column;      /* labels; COLUMN_NONE: a value nobody asked for */
    enum value_kind kind;    /* labels */
    enum drop_reason reason; /* phrases */
    enum place place;        /* phrases */
};

enum { LEXICON_BUCKETS = 128, LEXICON_MAX = 256, LEXICON_PAIRS = 4096 };

/* All rows by the first point of their pattern, so that a line is asked only about those that begin
 * as it does. Made once for a page, in no time worth naming. */
struct lexicon {
    uint16_t start[LEXICON_BUCKETS];  /* rows that begin a line; index + 1 */
    uint16_t inside[LEXICON_BUCKETS]; /* phrases that stand anywhere */
    uint16_t next[LEXICON_MAX];
    /* What rows that begin a line begin with: which ASCII characters, and which pairs, hashed. */
    uint64_t ascii[2];
    uint64_t pairs[LEXICON_PAIRS / 64];
};
void lexicon_init(struct lexicon *lexicon);

/* Can a line whose text begins at `at` begin with a label, an anchor or a phrase? Looks at its first
 * two characters; false is certain. */
bool lexicon_may_begin(const struct lexicon *lexicon, str text, size_t at);

/* Is one of the sets of evidence that are enough for this family among `evidence`? */
bool family_is_known(enum family family, bool plain_text, unsigned evidence);

/* Is the document in the HTML of its pages at all? */
bool family_serves_body(enum family family);

/* Does a row of `row` count for `family`? Rows of `any` count for all, and all rows count as long as
 * no family is known, which is FAMILY_COUNT. */
static inline bool family_has(enum family family, enum family row)
{
    return row == FAMILY_any || row == family || family == FAMILY_COUNT;
}

enum strictness {
    LABEL_STRICT, /* a colon stands behind a label */
    LABEL_LOOSE,  /* or a digit that its value begins with, or nothing */
    LABEL_APART   /* or white space */
};

/* The longest label that begins at `from`; *end: behind it and its colon. NULL: none. */
const struct wording *label_find(const struct lexicon *lexicon, enum family family,
                                 const struct folded *folded, int from, enum strictness strictness,
                                 int *end);

/* The anchor with which the line begins; *end: behind it, and its colon if it has one. An anchor
 * without colon must be the whole line. NULL: none. */
const struct wording *anchor_find(const struct lexicon *lexicon, enum family family,
                                  const struct folded *folded, int *end);

/* The first phrase of profile.def that the line answers to; NULL. */
const struct wording *phrase_find(const struct lexicon *lexicon, enum family family,
                                  const struct folded *folded);

/* The same among phrases of any family that begin a line, or are all of it. For finding the family;
 * *own gets the bit of the phrase's family. */
const struct wording *phrase_survey(const struct lexicon *lexicon, const struct folded *folded,
                                    uint32_t *own);

/* Does the line say that the whole document is shown? */
bool is_all(const struct folded *folded);

/* Does the line begin as one that says the way to the page: the home page, and what follows? */
bool is_way(const struct folded *folded);

/* Does the text, folded, name a library? */
bool place_is_named(const struct folded *folded);

/* For the test of the table: the row, or NULL behind the last. */
const struct wording *wording_at(size_t i);

#endif
