/* SPDX-License-Identifier: Apache-2.0 */
/* What of an element counts for the type of its page: its tag, the words of its class and id, the
 * address that the page states of itself. Called once for each while the tree is walked. */
#ifndef PAGE_TYPE_ELEMENTS_H
#define PAGE_TYPE_ELEMENTS_H

#include "markup/dom.h"
#include "page/type_words.h"

void type_element_count(const struct type_words *words, const struct node *element,
                        struct type_counts *counts);

#endif
