/* SPDX-License-Identifier: Apache-2.0 */
/* Short plain text: of an element as it is read, or of a value with markup in it. */
#ifndef PAGE_PLAIN_H
#define PAGE_PLAIN_H

#include "base/arena.h"
#include "markup/dom.h"

/* The text of what is inside, white space collapsed; no more of it than some hundred bytes. Empty:
 * there is none, or the arena refused. */
str plain_node(struct arena *arena, const struct node *node);

/* Character references resolved (twice, for that is how often they are spelled), tags taken out,
 * white space collapsed; lent when there is nothing to do. Empty when the arena refused. */
str plain_value(struct arena *arena, str value);

#endif
