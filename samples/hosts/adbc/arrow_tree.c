/* SPDX-License-Identifier: Apache-2.0 */
#include "adbc/arrow_tree.h"

#include "common/heap.h"

#include <errno.h>
#include <stdatomic.h>

/* --- schema: each node may be moved away and released by itself --- */

struct schema_block {
    atomic_int references; /* nodes that are not released */
    struct ArrowSchema nodes[TREE_NODES_MAX];
    struct ArrowSchema *pointers[TREE_NODES_MAX];
};

/* As deep as a shape, which is ours. */
static void schema_release(struct ArrowSchema *schema) /* NOLINT(misc-no-recursion) */
{
    struct schema_block *block = schema->private_data;
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (schema->children[i]->release) {
            schema->children[i]->release(schema->children[i]);
        }
    }
    schema->release = NULL;
    if (atomic_fetch_sub(&block->references, 1) == 1) {
        heap_release(block);
    }
}

/* How many nodes a node's tree has, itself too. */
static int tree_size(const struct tree_shape *shape, int at)
{
    int size = 0;
    for (int left = 1; left > 0; left--) {
        left += shape->nodes[at + size++].child_count;
    }
    return size;
}

static bool schema_make(const struct tree_shape *shape, struct ArrowSchema *out)
{
    struct schema_block *block = heap_allocate(sizeof *block);
    int pointer = 0;
    if (!block) {
        return false;
    }
    atomic_init(&block->references, shape->node_count);
    for (int i = 0; i < shape->node_count; i++) {
        const struct tree_node *node = &shape->nodes[i];
        block->nodes[i] = (struct ArrowSchema){
            .format = node->format,
            .name = node->name,
            .flags = node->is_required ? 0 : ARROW_FLAG_NULLABLE,
            .n_children = node->child_count,
            .children = node->child_count ? &block->pointers[pointer] : NULL,
            .release = schema_release,
            .private_data = block,
        };
        for (int child = 0, at = i + 1; child < node->child_count; child++) {
            block->pointers[pointer++] = &block->nodes[at];
            at += tree_size(shape, at);
        }
    }
    *out = block->nodes[0];
    return true;
}

/* --- batch --- */

struct array_block {
    atomic_int references;
    void *data;
    struct ArrowArray nodes[TREE_NODES_MAX];
    struct ArrowArray *pointers[TREE_NODES_MAX];
    const void *buffers[TREE_NODES_MAX][TREE_BUFFERS_MAX];
};

static void array_release(struct ArrowArray *array) /* NOLINT(misc-no-recursion) */
{
    struct array_block *block = array->private_data;
    for (int64_t i = 0; i < array->n_children; i++) {
        if (array->children[i]->release) {
            array->children[i]->release(array->children[i]);
        }
    }
    array->release = NULL;
    if (atomic_fetch_sub(&block->references, 1) == 1) {
        heap_release(block->data);
        heap_release(block);
    }
}

static bool array_make(const struct tree_shape *shape, const struct tree_column *columns,
                       void *data, struct ArrowArray *out)
{
    struct array_block *block = heap_allocate(sizeof *block);
    int pointer = 0;
    if (!block) {
        heap_release(data);
        return false;
    }
    block->data = data;
    atomic_init(&block->references, shape->node_count);
    for (int i = 0; i < shape->node_count; i++) {
        const int child_count = shape->nodes[i].child_count;
        for (int k = 0; k < columns[i].buffer_count; k++) {
            block->buffers[i][k] = columns[i].buffers[k];
        }
        block->nodes[i] = (struct ArrowArray){
            .length = columns[i].length,
            .n_buffers = columns[i].buffer_count,
            .buffers = block->buffers[i],
            .n_children = child_count,
            .children = child_count ? &block->pointers[pointer] : NULL,
            .release = array_release,
            .private_data = block,
        };
        for (int child = 0, at = i + 1; child < child_count; child++) {
            block->pointers[pointer++] = &block->nodes[at];
            at += tree_size(shape, at);
        }
    }
    *out = block->nodes[0];
    return true;
}

/* --- stream --- */

struct tree {
    const struct tree_shape *shape;
    struct ArrowArray batch; /* release NULL: given away, or there is none */
};

static int tree_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    const struct tree *tree = stream->private_data;
    return schema_make(tree->shape, out) ? 0 : ENOMEM;
}

static int tree_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    struct tree *tree = stream->private_data;
    *out = tree->batch;
    tree->batch.release = NULL;
    return 0;
}

static const char *tree_message(struct ArrowArrayStream *stream)
{
    (void)stream; /* what fails here is memory, which the errno value says */
    return NULL;
}

static void tree_release(struct ArrowArrayStream *stream)
{
    struct tree *tree = stream->private_data;
    if (tree->batch.release) {
        tree->batch.release(&tree->batch);
    }
    heap_release(tree);
    stream->release = NULL;
}

bool tree_stream(const struct tree_shape *shape, const struct tree_column *columns, void *data,
                 struct ArrowArrayStream *out)
{
    struct tree *tree = heap_allocate(sizeof *tree);
    if (!tree) {
        heap_release(data);
        return false;
    }
    tree->shape = shape;
    if (columns && !array_make(shape, columns, data, &tree->batch)) {
        heap_release(tree);
        return false;
    }
    *out = (struct ArrowArrayStream){.get_schema = tree_schema,
                                     .get_next = tree_next,
                                     .get_last_error = tree_message,
                                     .release = tree_release,
                                     .private_data = tree};
    return true;
}
