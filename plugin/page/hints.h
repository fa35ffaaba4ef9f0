/* SPDX-License-Identifier: Apache-2.0 */
/* What an element's tag, role, class, id and style say of all that is inside: not shown, or of the
 * site and not of the document, or the document itself. Only a first opinion, which select.c weighs
 * against how much of the page's text is inside. */
#ifndef PAGE_HINTS_H
#define PAGE_HINTS_H

#include "page/lines.h"

enum { HINT_BUCKETS = 1024, HINT_WORDS_MAX = 512 };

/* The words of hints.def by their hash; made once for a page. */
struct hint_table {
    uint16_t first[HINT_BUCKETS]; /* index + 1 of the first word with that hash; 0: none */
    uint16_t next[HINT_WORDS_MAX];
};
void hint_table_init(struct hint_table *table);

/* The hidden attribute, or an inline style that shows nothing. Never true of html and body: a page
 * that hides itself until its scripts have run is still a page. */
bool element_is_hidden(const struct node *element);

struct element_hint {
    struct verdict verdict; /* VERDICT_BODY without MARK_FIRM and MARK_SOFT */
    unsigned marks;         /* enum region_mark, in bits */
};

/* `in_article`: inside article or main, where a header or footer belongs to the document. */
struct element_hint element_hint(const struct hint_table *table, const struct node *element,
                                 bool in_article);

#endif
