/* SPDX-License-Identifier: Apache-2.0 */
/* Elements named by what they carry, in the small part of CSS that profiles need:
 *
 *   #box1 .attribute        .detail-article.prolistshowimg        a[href*=/u-]
 *
 * tag, #id, .class, [attribute], [attribute=v], *= contains, ^= begins; a blank: inside of.
 */
#ifndef PAGE_SELECTOR_H
#define PAGE_SELECTOR_H

#include "markup/dom.h"

enum { SELECTOR_STEPS_MAX = 4, SELECTOR_CLASSES_MAX = 2, ANCESTORS_MAX = 32 };

/* One element's conditions; what is empty is not asked. */
struct selector_step {
    str tag;
    str id;
    str classes[SELECTOR_CLASSES_MAX];
    str attribute;
    str value;
    char operation; /* 0: the attribute is there; '=', '*', '^' */
};

struct selector {
    struct selector_step steps[SELECTOR_STEPS_MAX]; /* the outermost first */
    int count;
};

/* False: not of this form. The selector lends from `text`. */
bool selector_parse(str text, struct selector *out);

/* Looks at no more than ANCESTORS_MAX elements above. */
bool selector_matches(const struct selector *selector, const struct node *element);

/* A word every element that matches has as its id, one of its classes or its tag; empty: none. */
str selector_key(const struct selector *selector);

/* The next word of a class attribute from *at on; empty at the end. */
str class_next(str classes, size_t *at);

#endif
