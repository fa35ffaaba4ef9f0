/* SPDX-License-Identifier: Apache-2.0 */
/* Pages that scripts build, and that say in noscript elements what a reader without scripts gets to
 * see: talks of some makers hold all their posts there. */
#ifndef PAGE_NOSCRIPT_H
#define PAGE_NOSCRIPT_H

#include "base/document.h"
#include "markup/dom.h"

/* Where next to nothing else is shown, noscript elements of the tree become divisions, which the
 * page is then read with; noted. true: without its scripts the page shows nothing at all, neither a
 * text nor anything embedded. */
bool noscript_read(struct document *document, const struct dom *dom);

#endif
