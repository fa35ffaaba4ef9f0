/* SPDX-License-Identifier: Apache-2.0 */
/* Which of the texts that claim to be the title is it: headings, og:title, JSON-LD's headline, the
 * title element with or without the site's name. A heading that says about the same as the others is
 * what readers see; without one, what is stated loses the site's name. What a heading leaves behind it
 * of the title element is the site's name, if nothing else states it: a claim. */
#ifndef PAGE_TITLE_H
#define PAGE_TITLE_H

#include "page/lines.h"
#include "page/metadata.h"

/* *out: the title (text empty: the page has none); *at: the index of the line it stands on, or the
 * number of lines. OK or NO_MEMORY. */
enum status title_choose(const struct lines *lines, struct metadata *metadata, struct stated *out,
                         size_t *at) MUST_CHECK;

#endif
