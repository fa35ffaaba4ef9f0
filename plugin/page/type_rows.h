/* SPDX-License-Identifier: Apache-2.0 */
/* Siblings that are alike, one behind the other: cards, entries, posts, rows of a list.
 *
 *   div.grid ─ div.card, div.card, div.card     a row of three
 *
 * Alike are regions of one parent with the same tag and the same first name of their class. */
#ifndef PAGE_TYPE_ROWS_H
#define PAGE_TYPE_ROWS_H

#include "page/density.h"
#include "page/type_counts.h"

/* `hints`: regions that hints speak against are left out. OK or NO_MEMORY; the arena is as it was. */
enum status type_rows_count(const struct density *density, bool hints,
                            struct type_counts *counts) MUST_CHECK;

#endif
