/* SPDX-License-Identifier: Apache-2.0 */
/* What an element's tag, role, class, id and style say of all that is inside: not shown, or of the
 * site and not of the document. Only a first opinion: select.c lifts it where it covers too much. */
#ifndef PAGE_HINTS_H
#define PAGE_HINTS_H

#include "page/lines.h"

/* The hidden attribute, or an inline style that shows nothing. Never true of html and body: a page
 * that hides itself until its scripts have run is still a page. */
bool element_is_hidden(const struct node *element);

/* VERDICT_BODY when nothing speaks against it. `in_article`: inside article or main, where a header
 * or footer belongs to the document. */
struct verdict element_hint(const struct node *element, bool in_article);

#endif
