/* SPDX-License-Identifier: Apache-2.0 */
/* The notices around a document: gates, tips, rights, prices, captions of page pictures. */
#ifndef PAGE_NOTICES_H
#define PAGE_NOTICES_H

#include "page/profile.h"

enum { PREVIEW_PAGES_MAX = 4096 };

struct notices {
    struct lines *lines;
    const struct lexicon *lexicon;
    enum family family;
    struct folded *line; /* scratch */
    const struct folded *title;
    bool *told; /* of each line: it has its verdict */
    uint64_t pages_seen[PREVIEW_PAGES_MAX / 64];
    int64_t preview_pages;     /* different numbers among the captions of page pictures */
    int64_t preview_page_last; /* the highest of them */
    int64_t gate_pages;        /* shown, as a gate says; 0: none says so */
    int64_t gate_total;        /* of the whole document, the same */
    bool has_gate;
    bool says_all; /* a line says that the whole document is shown */
};

/* "3. …", "3、…", "3: …": the number in front, or 0. */
int64_t item_number(const struct folded *folded);

enum status notices_init(struct notices *notices, struct lines *lines,
                         const struct lexicon *lexicon, enum family family, struct folded *scratch,
                         const struct folded *title) MUST_CHECK;

/* The lines of an element that is a gate by its markup, [from, to) of the source. */
void notices_drop_gate(struct notices *notices, size_t from, size_t to);

/* Verdicts for all lines outside [body_from, body_to), and for captions of page pictures among the
 * alternatives and, where they begin with the title, inside. */
void notices_drop(struct notices *notices, size_t body_from, size_t body_to);

#endif
