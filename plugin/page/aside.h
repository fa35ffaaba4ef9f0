/* SPDX-License-Identifier: Apache-2.0 */
/* An element that is taken out of the line it stands in without ending it: the reading over a
 * character, a gutter beside code, what a formula shows. All its visible text becomes entries of
 * its own (struct alternative), so that the line reads on and nothing is lost.
 */
#ifndef PAGE_ASIDE_H
#define PAGE_ASIDE_H

#include "page/writer.h"

/* Everything visible in and under `element`. Sticky, as the writer. */
void aside_write(struct line_writer *writer, const struct node *element, struct verdict verdict);

/* An attribute `alt` with more in it than white space. */
void aside_write_alt(struct line_writer *writer, const struct node *element,
                     struct verdict verdict);

#endif
