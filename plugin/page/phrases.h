/* SPDX-License-Identifier: Apache-2.0 */
/* Short lines that are of the site, known by how they begin (phrases.def). */
#ifndef PAGE_PHRASES_H
#define PAGE_PHRASES_H

#include "page/lines.h"

struct site_phrase {
    str text;
    bool section; /* what follows under it is the site's too */
    struct verdict verdict;
};

/* NULL: it begins with none. A phrase ends where a word does. [any thread] */
const struct site_phrase *site_phrase_find(str line);

#endif
