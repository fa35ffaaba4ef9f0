/* SPDX-License-Identifier: Apache-2.0 */
/* The list of active formatting elements, and the adoption agency that mends their nesting. */
#include "markup/tree.h"

enum { NOAH_COUNT = 3, ADOPTION_OUTER_MAX = 8, ADOPTION_INNER_MAX = 3 };

static uint64_t mix(uint64_t hash, str s)
{
    for (size_t i = 0; i < s.len; i++) {
        hash = (hash ^ (uint8_t)s.ptr[i]) * 0x100000001B3U;
    }
    return hash ^ hash >> 29;
}

/* The same for the same attributes in any order. */
static uint64_t hash_attributes(const struct node *node)
{
    uint64_t sum = 0;
    for (const struct attribute *each = node->attributes; each; each = each->next) {
        sum += mix(mix(0xCBF29CE484222325U, each->name) * 31, each->value);
    }
    return sum;
}

static bool has_same_attributes(const struct node *a, const struct node *b)
{
    size_t count = 0;
    for (const struct attribute *each = a->attributes; each; each = each->next, count++) {
        const struct attribute *other = node_attribute(b, each->name);
        if (!other || !str_equal(each->value, other->value)) {
            return false;
        }
    }
    for (const struct attribute *each = b->attributes; each; each = each->next) {
        count--;
    }
    return count == 0;
}

static void remove_at(struct tree *tree, size_t index)
{
    struct formatting_element *list = tree->formatting;
    if (list[index].node) {
        list[index].node->listed = false;
    }
    tree->formatting_count--;
    tree->dom->steps += tree->formatting_count - index;
    memmove(&list[index], &list[index + 1], (tree->formatting_count - index) * sizeof *list);
}

static void insert_at(struct tree *tree, size_t index, struct formatting_element element)
{
    if (tree->formatting_count == FORMATTING_COUNT_MAX) {
        tree->dom->formatting_limited = true;
        remove_at(tree, 0);
        index -= index > 0;
    }
    struct formatting_element *list = tree->formatting;
    tree->dom->steps += tree->formatting_count - index;
    memmove(&list[index + 1], &list[index], (tree->formatting_count - index) * sizeof *list);
    list[index] = element;
    tree->formatting_count++;
    if (element.node) {
        element.node->listed = true;
    }
}

/* HTML: the Noah's Ark clause. */
static void leave_out_the_fourth(struct tree *tree, const struct formatting_element *added)
{
    size_t earliest = 0;
    size_t count = 0;
    for (size_t i = tree->formatting_count; i > 0 && tree->formatting[i - 1].node; i--) {
        const struct formatting_element *each = &tree->formatting[i - 1];
        tree->dom->steps++;
        if (each->node->tag == added->node->tag && each->attribute_hash == added->attribute_hash &&
            has_same_attributes(each->node, added->node)) {
            earliest = i - 1;
            count++;
        }
    }
    if (count >= NOAH_COUNT) {
        remove_at(tree, earliest);
    }
}

void tree_push_formatting(struct tree *tree, struct node *node)
{
    if (!node) {
        return;
    }
    const struct formatting_element added = {.node = node, .attribute_hash = hash_attributes(node)};
    leave_out_the_fourth(tree, &added);
    insert_at(tree, tree->formatting_count, added);
}

void tree_push_marker(struct tree *tree)
{
    insert_at(tree, tree->formatting_count, (struct formatting_element){0});
}

void tree_clear_to_marker(struct tree *tree)
{
    bool was_marker = false;
    while (tree->formatting_count > 0 && !was_marker) {
        was_marker = !tree->formatting[tree->formatting_count - 1].node;
        remove_at(tree, tree->formatting_count - 1);
    }
}

struct node *tree_find_formatting(struct tree *tree, enum tag tag)
{
    for (size_t i = tree->formatting_count; i > 0 && tree->formatting[i - 1].node; i--) {
        tree->dom->steps++;
        if (tree->formatting[i - 1].node->tag == tag) {
            return tree->formatting[i - 1].node;
        }
    }
    return NULL;
}

/* Index in the list; only for a node that is listed. */
static size_t list_index(struct tree *tree, const struct node *node)
{
    size_t i = tree->formatting_count;
    while (i > 0 && tree->formatting[i - 1].node != node) {
        tree->dom->steps++;
        i--;
    }
    return i > 0 ? i - 1 : 0;
}

void tree_remove_formatting(struct tree *tree, struct node *node)
{
    if (node->listed) {
        remove_at(tree, list_index(tree, node));
    }
}

/* The element once more, as its tag spelt it. NULL: no memory, or opened again too often. */
static struct node *clone_element(struct tree *tree, const struct node *node)
{
    if (tree->clones_left == 0) {
        tree->dom->formatting_limited = true;
        return NULL;
    }
    tree->clones_left--;
    tree->dom->steps++;
    struct node *clone = tree_make_element(tree, node);
    if (clone) {
        clone->implied = true;
    }
    return clone;
}

static bool is_open_or_marker(const struct formatting_element *element)
{
    return !element->node || element->node->open;
}

void tree_reconstruct_formatting(struct tree *tree)
{
    size_t i = tree->formatting_count;
    while (i > 0 && !is_open_or_marker(&tree->formatting[i - 1])) {
        i--;
    }
    for (; i < tree->formatting_count; i++) {
        struct formatting_element *element = &tree->formatting[i];
        struct node *clone = tree_insert_node(tree, clone_element(tree, element->node));
        if (!clone) {
            return;
        }
        element->node->listed = false;
        clone->listed = true;
        element->node = clone;
    }
}

/* One run of the adoption agency's outer loop. */
struct adoption {
    size_t formatting_index; /* on the stack */
    size_t furthest_index;
    size_t bookmark; /* in the list */
};

/* HTML: adoption agency algorithm, its inner loop: the elements between the formatting element and
 * the furthest block are opened again around what was built. The last node; NULL: give up. */
static struct node *adopt_between(struct tree *tree, struct adoption *adoption)
{
    struct node *last = tree->open[adoption->furthest_index].node;
    size_t inner = 0;
    for (size_t i = adoption->furthest_index - 1; i > adoption->formatting_index; i--) {
        struct node *node = tree->open[i].node;
        tree->dom->steps++;
        inner++;
        if (node->listed && inner > ADOPTION_INNER_MAX) {
            const size_t index = list_index(tree, node);
            remove_at(tree, index);
            adoption->bookmark -= index < adoption->bookmark;
        }
        if (!node->listed) {
            tree_remove_open(tree, i);
            adoption->furthest_index--;
            continue;
        }
        struct node *clone = clone_element(tree, node);
        if (!clone) {
            return NULL;
        }
        const size_t index = list_index(tree, node);
        tree->formatting[index].node = clone;
        node->listed = node->open = false;
        clone->listed = clone->open = true;
        tree->open[i] = element_of(clone);
        if (last == tree->open[adoption->furthest_index].node) {
            adoption->bookmark = index + 1;
        }
        node_detach(last);
        node_insert(clone, last, NULL);
        last = clone;
    }
    return last;
}

/* The rest of the outer loop, from where the furthest block is known. False: give up. */
static bool adopt(struct tree *tree, struct node *formatting, size_t furthest_index)
{
    struct adoption adoption = {.formatting_index = tree_index_of(tree, formatting),
                                .furthest_index = furthest_index,
                                .bookmark = list_index(tree, formatting)};
    struct node *furthest = tree->open[furthest_index].node;
    struct open_element *ancestor = &tree->open[adoption.formatting_index - 1];
    struct node *last = adopt_between(tree, &adoption);
    struct node *clone = last ? clone_element(tree, formatting) : NULL;
    if (!clone) {
        return false;
    }
    const struct place place = tree_appropriate_place(tree, ancestor);
    node_detach(last);
    node_insert(place.parent, last, place.before);
    tree->dom->steps += node_move_children(furthest, clone);
    node_insert(furthest, clone, NULL);

    const struct formatting_element entry = {
        .node = clone,
        .attribute_hash = tree->formatting[list_index(tree, formatting)].attribute_hash};
    adoption.bookmark -= list_index(tree, formatting) < adoption.bookmark;
    tree_remove_formatting(tree, formatting);
    insert_at(tree, adoption.bookmark, entry);
    tree_remove_open(tree, adoption.formatting_index);
    tree_insert_open(tree, adoption.furthest_index, clone); /* one lower since the removal */
    return true;
}

static size_t find_furthest_block(struct tree *tree, size_t formatting_index)
{
    for (size_t i = formatting_index + 1; i < tree->open_count; i++) {
        tree->dom->steps++;
        if (element_properties(tree->open[i].key) & ELEMENT_SPECIAL) {
            return i;
        }
    }
    return 0;
}

void tree_adoption_agency(struct tree *tree, const struct token *token)
{
    if (tree_current_is(tree, token->tag) && !tree_current(tree)->node->listed) {
        tree_pop(tree);
        return;
    }
    for (int outer = 0; outer < ADOPTION_OUTER_MAX; outer++) {
        struct node *formatting = tree_find_formatting(tree, token->tag);
        if (!formatting) {
            if (outer == 0) {
                tree_any_other_end_tag(tree, token);
            }
            return;
        }
        if (!formatting->open) {
            tree_remove_formatting(tree, formatting);
            return;
        }
        if (!tree_has_node_in_scope(tree, formatting)) {
            return;
        }
        const size_t index = tree_index_of(tree, formatting);
        const size_t furthest_index = find_furthest_block(tree, index);
        if (!furthest_index || index == 0) {
            tree_pop_to(tree, index);
            tree_remove_formatting(tree, formatting);
            return;
        }
        /* Half of it would leave nodes outside the tree. */
        if (tree->clones_left <= ADOPTION_INNER_MAX) {
            tree->dom->formatting_limited = true;
            tree_remove_formatting(tree, formatting);
            return;
        }
        if (!adopt(tree, formatting, furthest_index)) {
            return;
        }
    }
}
