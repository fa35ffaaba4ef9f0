/* SPDX-License-Identifier: Apache-2.0 */
#include "markup/dom.h"

const struct attribute *node_attribute(const struct node *node, str name)
{
    for (const struct attribute *each = node->attributes; each; each = each->next) {
        if (str_equal(each->name, name)) {
            return each;
        }
    }
    return NULL;
}

str node_attribute_value(const struct node *node, str name)
{
    const struct attribute *attribute = node_attribute(node, name);
    return attribute ? attribute->value : STR("");
}

struct node *node_next(const struct node *node, const struct node *root)
{
    return node->first ? node->first : node_next_outside(node, root);
}

struct node *node_next_outside(const struct node *node, const struct node *root)
{
    while (node && node != root) {
        if (node->next) {
            return node->next;
        }
        node = node->parent;
    }
    return NULL;
}

void node_detach(struct node *node)
{
    struct node *parent = node->parent;
    if (!parent) {
        return;
    }
    *(node->previous ? &node->previous->next : &parent->first) = node->next;
    *(node->next ? &node->next->previous : &parent->last) = node->previous;
    node->parent = node->previous = node->next = NULL;
}

void node_insert(struct node *parent, struct node *node, struct node *before)
{
    node->parent = parent;
    node->next = before;
    node->previous = before ? before->previous : parent->last;
    *(node->previous ? &node->previous->next : &parent->first) = node;
    *(before ? &before->previous : &parent->last) = node;
}

size_t node_move_children(struct node *from, struct node *to)
{
    struct node *first = from->first;
    size_t count = 0;
    if (!first) {
        return 0;
    }
    for (struct node *each = first; each; each = each->next) {
        each->parent = to;
        count++;
    }
    first->previous = to->last;
    *(to->last ? &to->last->next : &to->first) = first;
    to->last = from->last;
    from->first = from->last = NULL;
    return count;
}
