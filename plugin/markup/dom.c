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
    *(parent->first == node ? &parent->first : &node->before->next) = node->next;
    if (node->next) {
        node->next->before = node->before;
    } else if (parent->first) {
        parent->first->before = node->before;
    }
    node->parent = node->before = node->next = NULL;
}

void node_insert(struct node *parent, struct node *node, struct node *before)
{
    struct node *const first = parent->first;
    node->parent = parent;
    node->next = before;
    if (!first) {
        node->before = node;
        parent->first = node;
        return;
    }
    node->before = before ? before->before : first->before;
    *(before == first ? &parent->first : &node->before->next) = node;
    (before ? before : first)->before = node;
}

size_t node_move_children(struct node *from, struct node *to)
{
    struct node *const first = from->first;
    size_t count = 0;
    if (!first) {
        return 0;
    }
    for (struct node *each = first; each; each = each->next) {
        each->parent = to;
        count++;
    }
    struct node *const last = first->before;
    if (to->first) {
        first->before = to->first->before;
        first->before->next = first;
        to->first->before = last;
    } else {
        to->first = first;
    }
    from->first = NULL;
    return count;
}
