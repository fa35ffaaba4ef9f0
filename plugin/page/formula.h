/* SPDX-License-Identifier: Apache-2.0 */
/* Formulas on a page, as LaTeX: MathML, TeX in scripts and in annotations, images whose alt text
 * is TeX. What renderers (KaTeX, MathJax, MediaWiki) put beside the source for the eye is found
 * with it, so that a formula is said once.
 *
 *   <span class=katex> ─ math ─ annotation "x^2"      the formula: \(x^2\) in the paragraph
 *                     └ x 2, drawn                    what is shown of it: alternative
 *
 * LaTeX is text that the page does not show; like a column it repeats what is shown, which stands
 * in `dropped`. In a paragraph it is set apart by \( and \); one on a line of its own is a block.
 */
#ifndef PAGE_FORMULA_H
#define PAGE_FORMULA_H

#include "markup/dom.h"

struct formula_finder {
    struct arena *arena;
    size_t steps_left; /* nodes that may still be looked at */
    bool failed;
};
void formula_finder_init(struct formula_finder *finder, struct arena *arena, size_t source_len);

struct formula {
    str latex; /* empty: the element only shows what another one states */
    bool display;
    size_t src_start; /* of what it was read from */
    size_t src_end;
};

/* True: the element is a formula, or shows one, with all that is in it. */
bool formula_find(struct formula_finder *finder, const struct node *element, struct formula *out);

#endif
