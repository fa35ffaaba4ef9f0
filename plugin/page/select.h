/* SPDX-License-Identifier: Apache-2.0 */
/* Which lines of an ordinary page are the document, in one pass over sums (density.h):
 *
 *   hints ─► kind of page ─► container ─► block by block ─► neighbours (context.h)
 *   ─► a learned model's objections (judge.h) ─► verdicts
 *
 * A hint is lifted where it leaves too little to read; a result that is too small is chosen again
 * with less belief in hints. Of a short page all stays that no hint speaks against. */
#ifndef PAGE_SELECT_H
#define PAGE_SELECT_H

#include "page/lines.h"

/* A page with visible text never comes out without any. OK or NO_MEMORY. */
enum status lines_select(struct lines *lines) MUST_CHECK;

/* The same for training (judge.h). */
struct block_watch;
enum status lines_select_watched(struct lines *lines, const struct block_watch *watch) MUST_CHECK;

/* The title stands in its column: on pages that are one text, or a talk, its line `at` is not also
 * the first of the text. */
void lines_drop_title(struct lines *lines, size_t at);

#endif
