/* SPDX-License-Identifier: Apache-2.0 */
/* Small Arrow data that the driver makes itself: one batch or none, of a shape known beforehand.
 *
 * A shape lists a struct and all below it, parents before their children, as a tree is printed. The
 * batch has its nodes in the same order, and whatever its buffers point to lies beside them.
 */
#ifndef ADBC_ARROW_TREE_H
#define ADBC_ARROW_TREE_H

#include "quern/record.h"

#include <stdbool.h>
#include <stddef.h>

enum { TREE_NODES_MAX = 16, TREE_BUFFERS_MAX = 3 };

struct tree_node {
    const char *format;
    const char *name;
    int child_count;
    bool is_required; /* never null */
};

struct tree_shape {
    int node_count;
    struct tree_node nodes[TREE_NODES_MAX];
};

/* One node of a batch. */
struct tree_column {
    int64_t length;
    int buffer_count;
    const void *buffers[TREE_BUFFERS_MAX];
};

/* `shape` is static. `columns` NULL: no batch; else one a node, whose buffers point into `data`, a
 * block of the heap that the stream takes over in any case. False: no memory. */
bool tree_stream(const struct tree_shape *shape, const struct tree_column *columns, void *data,
                 struct ArrowArrayStream *out);

#endif
