/* SPDX-License-Identifier: Apache-2.0 */
/* The columns a host asked for, as the tree of Arrow fields that schema and batches follow.
 *
 *   node 0        1    2    3        4         5       6 …        breadth first: the children of
 *   (root) ──►  [id] [url] [notes] ──► element ──► [code] [offset] [count]     a node stand together
 *
 * Tables only: what a row holds is batch.h's matter.
 */
#ifndef ABI_SCHEMA_H
#define ABI_SCHEMA_H

#include "abi/error.h"
#include "base/column.h"
#include "quern/record.h"

/* One Arrow field; static. */
struct field {
    const char *name;
    const char *format; /* Arrow C data interface, format strings */
    bool is_required;   /* never null */
    const struct field *children;
    size_t child_count;
};

enum {
    ITEM_MEMBER_MAX = 7, /* of a struct inside a list: blocks and parts have most */
    /* Root, every column, and below the lists: 3 texts, 5 structs with their members. */
    NODE_MAX = 1 + COLUMN_COUNT + 3 + 5 * (1 + ITEM_MEMBER_MAX)
};

struct node {
    const struct field *field;
    size_t first_child;
    size_t child_count;
};

/* Root is nodes[0]; columns[i] is nodes[1 + i]. */
struct layout {
    size_t column_count;
    enum column columns[COLUMN_COUNT];
    size_t node_count;
    struct node nodes[NODE_MAX];
};

/* `names` NULL: every column. An unknown name, or one that stands twice, is
 * QUERN_INVALID_ARGUMENT: hosts look up by name, and a second one would never be found.
 * [any thread] */
int32_t layout_choose(struct layout *layout, const char *const *names, size_t count,
                      struct quern_error *error);

/* A schema of its own, released by whoever took it, any time, any thread; its children may be
 * moved out and released singly. 0 or ENOMEM. [any thread] */
int schema_write(const struct layout *layout, struct ArrowSchema *out);

#endif
