/* SPDX-License-Identifier: Apache-2.0 */
/* What ids, classes, attributes and scripts of a page tell of document libraries: the rows PART,
 * FIELD and SCRIPT of profile.def, held against the whole tree in one walk. Only for pages that look
 * like a library's already. */
#ifndef PAGE_MARKINGS_H
#define PAGE_MARKINGS_H

#include "page/metadata.h"
#include "page/profile.h"

enum part_role { PART_MARK, PART_BODY, PART_IMAGE, PART_DRAWN, PART_GATE };

/* Where an element stands in the source, with all that is in it. */
struct extent {
    size_t from;
    size_t to;
};

/* A value that markup states. */
struct marked {
    enum family family;
    enum column column;
    enum value_kind kind;
    const char *rule;
    struct stated stated;       /* text: empty when it is not there */
    const struct node *element; /* whose text it is; NULL: an attribute or a script */
};

struct markings {
    struct arena *arena;
    const struct marked *values; /* in the order of profile.def */
    size_t value_count;
    uint32_t *part_counts; /* of each row PART */
    const struct node **part_first;
    const struct node **part_last;
    const bool *scripts_found; /* of each row SCRIPT */
};

/* `root`: the document node. OK or NO_MEMORY. */
enum status markings_read(struct arena *arena, const struct node *root,
                          struct markings *out) MUST_CHECK;

/* How many different marks only this family has. */
int markings_marks(const struct markings *markings, enum family family);

/* Elements of that role, among the family's rows. */
int64_t markings_count(const struct markings *markings, enum family family, enum part_role role);

/* From the first to behind the last element that is the document; false: none is marked so. */
bool markings_body(const struct markings *markings, enum family family, size_t source_len,
                   struct extent *out);

/* The i-th element that is a gate by its markup; NULL: there are no more. */
const struct node *markings_gate(const struct markings *markings, enum family family, size_t i);

struct extent element_extent(const struct node *element, size_t source_len);

/* For the test of the table: does each selector parse? */
bool markings_are_readable(void);

#endif
