/* SPDX-License-Identifier: Apache-2.0 */
/* MathML as LaTeX: <msup><mi>x</mi><mn>2</mn></msup> becomes x^{2}. One walk over the elements with
 * a stack of its own and a table of what stands around and between their children; no recursion.
 *
 * What LaTeX has no word for is left out or stands for itself: the formula is for reading.
 */
#ifndef PAGE_LATEX_H
#define PAGE_LATEX_H

#include "base/arena.h"
#include "markup/dom.h"

/* Of a `math` element, or any one inside. Empty where it shows nothing; `.ptr` NULL: no memory. */
str latex_of_mathml(struct arena *arena, const struct node *element);

/* All text under the element in one piece, its white space collapsed and off its ends; lent from
 * the tree where it can be. `.ptr` NULL: no memory. */
str latex_source(struct arena *arena, const struct node *element);

#endif
