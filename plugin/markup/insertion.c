/* SPDX-License-Identifier: Apache-2.0 */
/* Where nodes go, and how they get there. */
#include "markup/tree.h"

enum { ADDED_ATTRIBUTE_COUNT_MAX = 64 };

/* HTML: appropriate place for inserting a node, the case of foster parenting. */
static struct place foster_place(struct tree *tree)
{
    const size_t template = tree_find_open(tree, TAG_template);
    const size_t table = tree_find_open(tree, TAG_table);
    if (template && template > table) {
        return (struct place){.parent = node_content(tree->open[template].node)};
    }
    if (!table) {
        return (struct place){.parent = tree->open[0].node};
    }
    struct node *node = tree->open[table].node;
    if (node->parent) {
        return (struct place){.parent = node->parent, .before = node};
    }
    return (struct place){.parent = tree->open[table - 1].node};
}

struct place tree_appropriate_place(struct tree *tree, struct open_element *target)
{
    struct open_element *element = target ? target : tree_current(tree);
    struct place place = {.parent = element->node};
    if (tree->foster_parenting && (element_properties(element->key) & ELEMENT_TABLE_PART)) {
        place = foster_place(tree);
    }
    if (node_is_template(place.parent) && !place.before) {
        struct node *const content = node_content(place.parent);
        place.parent = content ? content : place.parent;
    }
    return place;
}

struct node *tree_make_element(struct tree *tree, const struct node *like)
{
    const bool is_template = like->tag == TAG_template && like->name_space == NAME_SPACE_HTML;
    struct node *node = is_template ? (struct node *)ARENA_NEW(tree->arena, struct template_node)
                                    : ARENA_NEW(tree->arena, struct node);
    if (!node) {
        tree->no_memory = true;
        return NULL;
    }
    *node = (struct node){.kind = NODE_ELEMENT,
                          .tag = like->tag,
                          .name_space = like->name_space,
                          .implied = like->implied,
                          .name = like->name,
                          .attributes = like->attributes,
                          .src_start = like->src_start,
                          .src_end = like->src_end};
    return node;
}

/* HTML: insert a foreign element. The element that would go beyond the depth takes the place of
 * the last one on the stack, and so becomes its sibling. */
struct node *tree_insert_node(struct tree *tree, struct node *node)
{
    if (!node) {
        return NULL;
    }
    if (tree->open_count == tree->open_max) {
        tree->dom->depth_limited = true;
        tree->mode_doubtful |=
            (element_properties(tree_current(tree)->key) & ELEMENT_MAKES_MODE) != 0;
        if (tree_current_is(tree, TAG_template)) {
            tree_pop_template_mode(tree);
        }
        tree_pop(tree);
    }
    const struct place place = tree_appropriate_place(tree, NULL);
    node_insert(place.parent, node, place.before);
    tree_push(tree, node);
    return node;
}

struct node *tree_insert_element(struct tree *tree, const struct token *token)
{
    return tree_insert_foreign_element(tree, token, NAME_SPACE_HTML);
}

struct node *tree_insert_foreign_element(struct tree *tree, const struct token *token,
                                         enum name_space name_space)
{
    const struct node like = {.tag = token->tag,
                              .name_space = name_space,
                              .name = token->name,
                              .attributes = token->attributes,
                              .src_start = token->src_start,
                              .src_end = token->src_end};
    return tree_insert_node(tree, tree_make_element(tree, &like));
}

void tree_insert_void_element(struct tree *tree, const struct token *token)
{
    if (tree_insert_element(tree, token)) {
        tree_pop(tree);
    }
}

struct node *tree_insert_implied(struct tree *tree, enum tag tag, const struct token *token)
{
    const struct node like = {.tag = tag,
                              .implied = true,
                              .name = tag_name(tag),
                              .src_start = token->src_start,
                              .src_end = token->src_start};
    return tree_insert_node(tree, tree_make_element(tree, &like));
}

/* The run's text leaves the buffer for a place of its own. */
void tree_end_text(struct tree *tree)
{
    if (tree->text && tree->text_copied) {
        const str copy = arena_copy(tree->arena, buf_str(&tree->text_buf));
        tree->no_memory |= buf_failed(&tree->text_buf) || !copy.ptr;
        tree->text->text = copy.ptr ? copy : STR("");
    }
    tree->text = NULL;
}

static bool is_raw(const struct tree *tree, const struct token *token)
{
    return token->text.ptr == tree->tokenizer.source.ptr + token->src_start;
}

/* One more piece for the run at hand. */
static void grow_text(struct tree *tree, const struct token *token)
{
    struct node *node = tree->text;
    node->src_end = token->src_end;
    if (!tree->text_copied && is_raw(tree, token)) {
        node->text.len += token->text.len;
        return;
    }
    if (!tree->text_copied) {
        tree->text_copied = true;
        buf_clear(&tree->text_buf);
        buf_add(&tree->text_buf, node->text);
    }
    buf_add(&tree->text_buf, token->text);
}

void tree_insert_text(struct tree *tree, const struct token *token)
{
    const struct place place = tree_appropriate_place(tree, NULL);
    const struct node *neighbour =
        place.before ? node_previous(place.before) : node_last(place.parent);
    if (tree->text && tree->text == neighbour && tree->text->src_end == token->src_start) {
        grow_text(tree, token);
        return;
    }
    tree_end_text(tree);
    struct node *node = ARENA_NEW(tree->arena, struct node);
    if (!node) {
        tree->no_memory = true;
        return;
    }
    *node = (struct node){.kind = NODE_TEXT,
                          .text = {.ptr = tree->tokenizer.source.ptr + token->src_start},
                          .src_start = token->src_start,
                          .src_end = token->src_start};
    node_insert(place.parent, node, place.before);
    tree->text = node;
    tree->text_copied = false;
    grow_text(tree, token);
}

void tree_insert_comment(struct tree *tree, const struct token *token, struct node *parent)
{
    struct place place = {.parent = parent};
    if (!parent) {
        place = tree_appropriate_place(tree, NULL);
    }
    struct node *node = ARENA_NEW(tree->arena, struct node);
    if (!node) {
        tree->no_memory = true;
        return;
    }
    *node = (struct node){.kind = NODE_COMMENT,
                          .text = token->text,
                          .src_start = token->src_start,
                          .src_end = token->src_end};
    node_insert(place.parent, node, place.before);
}

void tree_add_attributes(struct node *node, struct attribute *attributes)
{
    struct attribute **end = &node->attributes;
    size_t count = 0;
    for (; *end; end = &(*end)->next) {
        count++;
    }
    /* The limit holds over all body tags of a page together, so that the search cannot grow. */
    for (struct attribute *each = attributes; each && count < ADDED_ATTRIBUTE_COUNT_MAX;) {
        struct attribute *next = each->next;
        if (!node_attribute(node, each->name)) {
            each->next = NULL;
            *end = each;
            end = &each->next;
            count++;
        }
        each = next;
    }
}

void tree_begin_text(struct tree *tree, const struct token *token, enum tokenizer_state state)
{
    tree_insert_element(tree, token);
    tree->tokenizer.state = state;
    tree->original_mode = tree->mode;
    tree->mode = MODE_text;
}
