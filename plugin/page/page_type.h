/* SPDX-License-Identifier: Apache-2.0 */
/* What kind of page it is, from what it states of itself and from what stands on it, never from its
 * address. Each piece of evidence is worth points for one type; the type with most points wins. */
#ifndef PAGE_PAGE_TYPE_H
#define PAGE_PAGE_TYPE_H

#include "markup/dom.h"
#include "page/evidence.h"

struct density;

/* `dropped`: by region, what hints took away; 0: nothing. */
enum page_type page_type_decide(const struct density *density, const uint32_t *dropped,
                                const struct page_evidence *stated);

/* As the column page_type says it; empty for PAGE_TYPE_unknown. */
str page_type_name(enum page_type type);

#endif
