/* SPDX-License-Identifier: Apache-2.0 */
/* What an element's tag, role, class, id and style say of all that is inside: not shown, or of the
 * site and not of the document. Only a first opinion: select.c lifts it where it covers too much. */
#ifndef PAGE_HINTS_H
#define PAGE_HINTS_H

#include "page/lines.h"

/* The words of hints.def by their first letter; made once for a page. */
struct hint_table {
    uint8_t first[26]; /* index + 1 of the first word with that letter; 0: none */
    uint8_t next[64];
};
void hint_table_init(struct hint_table *table);

/* The hidden attribute, or an inline style that shows nothing. Never true of html and body: a page
 * that hides itself until its scripts have run is still a page. */
bool element_is_hidden(const struct node *element);

/* VERDICT_BODY when nothing speaks against it. `in_article`: inside article or main, where a header
 * or footer belongs to the document. */
struct verdict element_hint(const struct hint_table *table, const struct node *element,
                            bool in_article);

#endif
