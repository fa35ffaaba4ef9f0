/* SPDX-License-Identifier: Apache-2.0 */
/* Element names as an enum; tags.def is the one list. */
#ifndef MARKUP_TAGS_H
#define MARKUP_TAGS_H

#include "base/str.h"

enum tag {
    TAG_unknown,
#define TAG(name) TAG_##name,
#include "markup/tags.def"
#undef TAG
    TAG_COUNT
};
/* `TAG_annotation_xml` is spelt with a hyphen, so it cannot stand in the list: it is TAG_unknown
 * and the tree constructor compares the name. */

/* TAG_unknown for anything else. `name` in lower case. [any thread] */
enum tag tag_find(str name);
str tag_name(enum tag tag);

#endif
