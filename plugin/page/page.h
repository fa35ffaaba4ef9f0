/* SPDX-License-Identifier: Apache-2.0 */
/* A page is read: from a tree or a plain text to what a sink is told.
 *
 *   tree ─ blocks.c ─► lines ─┬─ library.c  a document library's page, proven
 *   text ─ lines.c ──► lines ─┤
 *                             └─ select.c   any other page
 *                                  └─► say.c ─► sink
 */
#ifndef PAGE_PAGE_H
#define PAGE_PAGE_H

#include "base/document.h"
#include "base/sink.h"
#include "markup/dom.h"

/* Says the whole page. OK, or what went wrong: NO_MEMORY with the fault told, or the sink's
 * answer. */
enum status page_say(struct document *document, const struct dom *dom,
                     struct sink *sink) MUST_CHECK;

/* Says a plain text that is the capture of a library page; *said stays false, and nothing was said,
 * when it is none. */
enum status page_say_capture(struct document *document, str text, struct sink *sink,
                             bool *said) MUST_CHECK;

#endif
