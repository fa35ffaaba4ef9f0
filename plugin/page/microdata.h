/* SPDX-License-Identifier: Apache-2.0 */
/* What visible elements state of the page by itemprop (microdata) or property (RDFa): of the thing
 * the page is about, not of its comments, pictures and people. */
#ifndef PAGE_MICRODATA_H
#define PAGE_MICRODATA_H

#include "markup/dom.h"
#include "page/claims.h"

/* `properties` is the attribute's value. *scope: the item of the last call, for grouping; NULL at
 * first. */
void microdata_read(struct claims *claims, const struct node *element, str properties,
                    const struct node **scope);

#endif
