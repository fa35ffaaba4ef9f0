/* SPDX-License-Identifier: Apache-2.0 */
/* A page of a document library: recognised by what stands on it in which order, never by its
 * address; then every line around the document is told for what it is.
 *
 *   title, title                 evidence 1
 *   ID: … size: … pages: …       evidence 2
 *   pictures of pages
 *   anchor, sharing sentence
 *   ── the document ──           fragments joined (fragments.h)
 *   gate, rights, tips           evidence 3
 *
 * A page on which the evidence of no family (profile.def) is whole is left alone.
 */
#ifndef PAGE_LIBRARY_H
#define PAGE_LIBRARY_H

#include "base/document.h"
#include "page/lines.h"
#include "page/metadata.h"

struct library; /* a recognised page; in the arena */

/* `metadata` NULL: a plain text. *out stays NULL when it is no library page; then the lines have
 * not been touched. OK or NO_MEMORY. */
enum status library_recognise(struct lines *lines, const struct metadata *metadata,
                              struct library **out) MUST_CHECK;

/* Gives the lines their verdicts and says the columns; the lines are the caller's to say. */
enum status library_say(struct library *library, struct document *document,
                        struct sink *sink) MUST_CHECK;

#endif
