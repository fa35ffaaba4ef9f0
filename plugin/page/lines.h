/* SPDX-License-Identifier: Apache-2.0 */
/* A page as the flat list of lines a reader sees, and what becomes of each.
 *
 *   <p>one <b>two</b><br>three</p><li>four</li>
 *
 *   text   one twothreefour            all lines' text in one piece of memory
 *   runs   ^   ^  ^    ^               where each stretch stands in the source
 *   lines  [one two] BREAK [three] BLOCK [four]
 *
 * A line is what stands between two breaks; a block of the record is a line and those that join it.
 * Each line has a verdict; a line of which parts go different ways has cuts. Every byte of `text`
 * that is not white space lies in exactly one line: what is said of all lines accounts for the page.
 */
#ifndef PAGE_LINES_H
#define PAGE_LINES_H

#include "base/arena.h"
#include "base/sink.h"
#include "markup/dom.h"
#include "page/evidence.h"

/* A stretch of `text` and the source it came from; it ends where the next one begins. */
struct run {
    uint32_t at;
    uint32_t src_start;
    uint32_t src_end;
    bool exact; /* byte for byte the source, so that a part of it has a place of its own */
};

struct verdict {
    bool dropped;                 /* false: it is body */
    enum drop_reason reason : 16; /* of these there are as many as of lines and regions */
    enum column column : 16;      /* for the reason metadata */
    const char *rule; /* what decided, in a few words for people, of static lifetime; NULL: the
                           reason says it all */
};

#define VERDICT_BODY ((struct verdict){.column = COLUMN_NONE})
#define VERDICT_DROP(reason_)                                                                      \
    ((struct verdict){.dropped = true, .reason = DROP_##reason_, .column = COLUMN_NONE})
#define VERDICT_DROP_BY(reason_, rule_)                                                            \
    ((struct verdict){                                                                             \
        .dropped = true, .reason = DROP_##reason_, .column = COLUMN_NONE, .rule = (rule_)})
#define VERDICT_INTO(column_)                                                                      \
    ((struct verdict){.dropped = true, .reason = DROP_metadata, .column = (column_)})

/* What stands between a line and the text before it; the strongest one since counts. */
enum join {
    JOIN_NOTHING, /* runs on */
    JOIN_SPACE,
    JOIN_TAB,   /* the next cell of a row, or one further on (struct line.tabs) */
    JOIN_BREAK, /* a line break inside the block */
    JOIN_BLOCK  /* a new block */
};

/* A part of a line, from the end of the cut before it (or the line's start) to `to`. */
struct cut {
    size_t to;
    struct verdict verdict;
    struct cut *next;
};

enum { NO_REGION = 0 };

/* Places in it are 32 bits wide; lines of so much text fit into no arena's limit. */
#define LINES_TEXT_BYTES_MAX ((size_t)UINT32_MAX)

struct line {
    uint32_t from; /* in struct lines.text, without white space at the ends */
    uint32_t to;
    uint32_t link_len; /* bytes of it that are inside links */
    uint32_t region;   /* index of the innermost element it stands in; NO_REGION: plain text */
    const struct node *element; /* where it stands; NULL for plain text */
    struct cut *first_cut;      /* NULL: `verdict` holds for all of it */
    struct cut *last_cut;
    struct verdict verdict;
    enum block_kind kind : 8;
    enum join join : 8;
    uint16_t cell; /* of the innermost row, from 1 */
    uint16_t tabs; /* JOIN_TAB: how many; of a row's first line: empty cells in front of it */
    uint16_t tabs_behind; /* of a row's last line: empty cells behind it */
    uint8_t level;
    bool hinted : 1;    /* its verdict is a hint of an element around it, which select.c may lift */
    bool header : 1;    /* of table rows: its cells are header cells */
    bool continued : 1; /* of list items: a further block of the item before it */
    uint32_t ordinal;   /* of items of a numbered list: the number a browser shows; 0: none */
};

/* Visible, but on no line: an image's alt text, the reading over a character, what a formula
 * shows. */
struct alternative {
    str text;
    struct span span;
    struct verdict verdict;
};

/* What an element's tag, class, id and role say of all that is inside. */
enum region_mark {
    MARK_FIRM = 1,      /* it is not the document */
    MARK_SOFT = 2,      /* it may be none: short or linked text in it is not */
    MARK_BODY = 4,      /* it is the document's text, and little else */
    MARK_SUBJECT = 8,   /* it is about the document: article, post, entry */
    MARK_ARTICLE = 16,  /* an article element or one in that role */
    MARK_MAIN = 32,     /* a main element or one in that role */
    MARK_COMMENTS = 64, /* what readers wrote */
    MARK_POST = 128,    /* one contribution to a talk */
    MARK_REVIEWS = 256, /* what buyers wrote */
    MARK_NEVER = 512,   /* with MARK_FIRM: however much text it holds */
    MARK_ALL = 1023
};

/* An element that stands as a block, or one inside a line of which something is to be said. A
 * region's parent has a smaller index: parents come first, in the order of the source. */
struct region {
    const struct node *element;
    struct verdict verdict; /* of MARK_FIRM and MARK_SOFT: what it would be dropped as */
    uint32_t parent;
    unsigned marks; /* enum region_mark, in bits */
};

struct lines {
    struct arena *arena;
    str text;
    size_t source_len; /* of the decoded text */
    struct run *runs;  /* none: `text` is the source itself */
    size_t run_count;
    struct line *items;
    size_t count;
    struct alternative *alternatives;
    size_t alternative_count;
    struct region *regions; /* [0] is none */
    size_t region_count;
    struct page_evidence evidence;
    enum page_type page_type; /* select.c's answer */
};

/* The lines of a plain text, which stays lent: nothing is copied. Every line is a paragraph. */
enum status lines_read_text(struct arena *arena, str text, struct lines *out) MUST_CHECK;

str line_text(const struct lines *lines, const struct line *line);

/* Where text[from, to) stands in the source. */
struct span lines_span(const struct lines *lines, size_t from, size_t to);

/* The next part of the line, up to `to`, gets this verdict. A line that is cut must be cut to its
 * end. */
enum status line_cut(const struct lines *lines, struct line *line, size_t to,
                     struct verdict verdict) MUST_CHECK;

/* White space as readers see it: U+00A0 and U+3000 too. */
bool blank_is(uint32_t c);

/* The first offset at or after `from` that is not white space, at most `to`; and the same from
 * behind. */
size_t blank_skip(str text, size_t from, size_t to);
size_t blank_trim(str text, size_t from, size_t to);

#endif
