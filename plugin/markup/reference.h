/* SPDX-License-Identifier: Apache-2.0 */
/* Character references: "&amp;", "&copy", "&#x4E2D;" and what they stand for.
 *
 * The named ones come from a generated hash table: the name with its semicolon is looked up whole;
 * only if that fails, the few names that may stand without one are tried, longest first.
 */
#ifndef MARKUP_REFERENCE_H
#define MARKUP_REFERENCE_H

#include "base/str.h"

struct reference {
    size_t len;       /* bytes of the raw spelling with its '&'; 0: these are just characters */
    bool is_error;    /* the standard calls it one; also without a len, as in "&nosuch;" */
    uint8_t text_len; /* of what it stands for, in UTF-8 */
    char text[8];
};

/* `s` begins with '&'. In an attribute "&copy=" and "&copya" are just characters. [any thread] */
struct reference reference_read(str s, bool in_attribute);

#endif
