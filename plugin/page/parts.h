/* SPDX-License-Identifier: Apache-2.0 */
/* Elements that are something by a name everybody gives them, and by what they hold: gutters with
 * the numbers of code lines, icons spelled as words, text for screen readers, marks that link to
 * the heading they stand at, comments of readers.
 *
 * A name alone proves little: where it can be, the text has to be what the name says.
 */
#ifndef PAGE_PARTS_H
#define PAGE_PARTS_H

#include "markup/dom.h"

enum part {
    PART_ORDINARY,
    PART_LINE_NUMBERS,
    PART_ICON,
    PART_FOR_SCREEN_READERS,
    PART_HEADING_LINK,
    PART_EDIT_LINK,
    PART_COMMENTS /* what readers wrote under the document, or one of them */
};

/* The words of parts.def by their first letter; made once for a page. */
struct part_table {
    uint8_t first[26]; /* index + 1 of the first word with that letter; 0: none */
    uint8_t next[96];
    size_t steps_left; /* nodes that may still be looked at to prove a part */
};
void part_table_init(struct part_table *table, size_t source_len);

enum part part_of(struct part_table *table, const struct node *element);

/* Whole numbers that follow one another and nothing else, three lines of them at least: what a
 * gutter holds that has no name. */
bool part_is_gutter(struct part_table *table, const struct node *element);

#endif
