/* SPDX-License-Identifier: Apache-2.0 */
/* What kind of page it is, from what it states of itself and from what stands on it. */
#ifndef PAGE_PAGE_TYPE_H
#define PAGE_PAGE_TYPE_H

#include "page/density.h"

/* Completes what was counted of the elements by what is counted of blocks. OK or NO_MEMORY. */
enum status page_type_count(const struct density *density,
                            struct page_evidence *evidence) MUST_CHECK;

/* Of counts that are complete. */
enum page_type page_type_decide(const struct page_evidence *evidence);

/* As the column page_type says it; empty for PAGE_TYPE_unknown. */
str page_type_name(enum page_type type);

#endif
