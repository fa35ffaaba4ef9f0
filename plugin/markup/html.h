/* SPDX-License-Identifier: Apache-2.0 */
/* HTML as the WHATWG standard reads it: text in, tree out. Linear in the text, no recursion. */
#ifndef MARKUP_HTML_H
#define MARKUP_HTML_H

#include "base/status.h"
#include "base/sink.h"
#include "markup/dom.h"

/* No page has so many attributes on one element; a tag of nothing but attributes may not cost more
 * than its length. */
enum { HTML_ATTRIBUTE_COUNT_MAX = 512 };

/* `text` must live as long as the tree (dom.h). `depth_max`: elements on top of each other, at
 * least 16. `pulse`, when not NULL, gets an EVENT_PULSE at least every 64 KiB (a single tag or
 * comment is read in one go); its answer is handed up. OK, NO_MEMORY, or what the pulse answered.
 * Scripting is off: noscript is parsed as markup. With any status the tree holds what was read so
 * far; only `out->document` may be NULL, for NO_MEMORY. */
enum status html_parse(struct arena *arena, str text, size_t depth_max, struct sink *pulse,
                       struct dom *out) MUST_CHECK;

/* The encoding a page declares in its first 1,024 bytes, by the standard's prescan (meta charset,
 * meta http-equiv; and the XML declaration). Empty when none. `*source` becomes "meta" or "xml". */
bytes html_prescan(bytes content, str *source);

/* HTML: changing the encoding while parsing. For a page that declares nothing in its first 1,024
 * bytes: the encoding that a meta element of its tree names, empty when none does. The tree was
 * made under a guess; if the guess was another encoding, the page has to be decoded and parsed
 * again. */
bytes html_late_label(const struct dom *dom);

#endif
