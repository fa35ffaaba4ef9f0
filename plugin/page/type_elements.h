/* SPDX-License-Identifier: Apache-2.0 */
/* What of an element counts for the type of its page: its tag, the words of its class and id, the
 * address that the page states of itself. Called once for each while the tree is walked. */
#ifndef PAGE_TYPE_ELEMENTS_H
#define PAGE_TYPE_ELEMENTS_H

#include "markup/dom.h"
#include "page/type_words.h"

void type_element_count(const struct type_words *words, const struct node *element,
                        struct type_counts *counts);

/* The page's address: what it states of itself is counted first, and only the first one counts. An
 * empty one is none. */
void type_address_count(const struct type_words *words, str address, struct type_counts *counts);

#endif
