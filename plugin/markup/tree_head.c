/* SPDX-License-Identifier: Apache-2.0 */
/* Insertion modes: initial, before html, before head, in head, in head noscript, after head, text.
 */
#include "markup/tree.h"

/* The doctype as a node; its identifiers become the attributes `public` and `system`. */
static void insert_doctype(struct tree *tree, const struct token *token)
{
    struct node *node = ARENA_NEW(tree->arena, struct node);
    struct attribute *ids = ARENA_ARRAY(tree->arena, 2, struct attribute);
    if (!node || !ids) {
        tree->no_memory = true;
        return;
    }
    *node = (struct node){.kind = NODE_DOCTYPE,
                          .name = token->name.ptr ? token->name : STR(""),
                          .src_start = token->src_start,
                          .src_end = token->src_end};
    ids[0] = (struct attribute){.name = STR("public"), .value = token->public_id};
    ids[1] = (struct attribute){.name = STR("system"), .value = token->system_id};
    if (token->has_system_id) {
        node->attributes = &ids[1];
    }
    if (token->has_public_id) {
        ids[0].next = node->attributes;
        node->attributes = &ids[0];
    }
    node_insert(tree->dom->document, node, NULL);
}

/* Takes the white space off the front of a text token; true when nothing is left of it. */
static bool skip_space(struct token *token)
{
    const size_t len = token_space_len(token);
    if (len) {
        (void)token_split_text(token, len);
    }
    return token->text.len == 0;
}

/* The same, but the space is inserted. */
static bool insert_space(struct tree *tree, struct token *token)
{
    const size_t len = token_space_len(token);
    if (len) {
        const struct token space = token_split_text(token, len);
        tree_insert_text(tree, &space);
    }
    return token->text.len == 0;
}

bool tree_initial(struct tree *tree, struct token *token)
{
    if (token->kind == TOKEN_TEXT && skip_space(token)) {
        return true;
    }
    if (token->kind == TOKEN_COMMENT) {
        tree_insert_comment(tree, token, tree->dom->document);
        return true;
    }
    tree->mode = MODE_before_html;
    if (token->kind == TOKEN_DOCTYPE) {
        insert_doctype(tree, token);
        tree->dom->quirks = doctype_is_quirky(token);
        return true;
    }
    tree->dom->quirks = true;
    return false;
}

/* The html element, with nothing but the document above it. */
static void insert_html(struct tree *tree, const struct token *token, bool implied)
{
    const struct node like = {.tag = TAG_html,
                              .implied = implied,
                              .name = tag_name(TAG_html),
                              .attributes = implied ? NULL : token->attributes,
                              .src_start = token->src_start,
                              .src_end = implied ? token->src_start : token->src_end};
    struct node *html = tree_make_element(tree, &like);
    if (html) {
        node_insert(tree->dom->document, html, NULL);
        tree_push(tree, html);
    }
}

static bool is_head_body_html_br(const struct token *token)
{
    return token->tag == TAG_head || token->tag == TAG_body || token->tag == TAG_html ||
           token->tag == TAG_br;
}

bool tree_before_html(struct tree *tree, struct token *token)
{
    if (token->kind == TOKEN_DOCTYPE || (token->kind == TOKEN_TEXT && skip_space(token))) {
        return true;
    }
    if (token->kind == TOKEN_COMMENT) {
        tree_insert_comment(tree, token, tree->dom->document);
        return true;
    }
    if (token->kind == TOKEN_END_TAG && !is_head_body_html_br(token)) {
        return true;
    }
    tree->mode = MODE_before_head;
    if (token->kind == TOKEN_START_TAG && token->tag == TAG_html) {
        insert_html(tree, token, false);
        return true;
    }
    insert_html(tree, token, true);
    return false;
}

bool tree_before_head(struct tree *tree, struct token *token)
{
    if (token->kind == TOKEN_DOCTYPE || (token->kind == TOKEN_TEXT && skip_space(token))) {
        return true;
    }
    if (token->kind == TOKEN_COMMENT) {
        tree_insert_comment(tree, token, NULL);
        return true;
    }
    if (token->kind == TOKEN_START_TAG && token->tag == TAG_html) {
        return tree_in_body(tree, token);
    }
    if (token->kind == TOKEN_END_TAG && !is_head_body_html_br(token)) {
        return true;
    }
    tree->mode = MODE_in_head;
    if (token->kind == TOKEN_START_TAG && token->tag == TAG_head) {
        tree->head = tree_insert_element(tree, token);
        return true;
    }
    tree->head = tree_insert_implied(tree, TAG_head, token);
    return false;
}

/* HTML: in head, a start tag whose tag name is "template". */
static void begin_template(struct tree *tree, const struct token *token)
{
    struct node *template = tree_insert_element(tree, token);
    struct node *content = ARENA_NEW(tree->arena, struct node);
    if (!template || !content) {
        tree->no_memory = true;
        return;
    }
    *content = (struct node){.kind = NODE_DOCUMENT,
                             .name = STR(""),
                             .parent = template,
                             .src_start = token->src_end,
                             .src_end = token->src_end};
    ((struct template_node *)template)->content = content;
    tree_push_marker(tree);
    tree->frameset_ok = false;
    tree->mode = MODE_in_template;
    tree_push_template_mode(tree, MODE_in_template);
}

/* HTML: in head, an end tag whose tag name is "template". */
static void end_template(struct tree *tree)
{
    if (!tree_has_open(tree, TAG_template)) {
        return;
    }
    tree_generate_implied_end_tags_thoroughly(tree);
    tree_pop_through(tree, TAG_template);
    tree_clear_to_marker(tree);
    tree_pop_template_mode(tree);
    tree_reset_insertion_mode(tree);
}

/* Start tags that "in head" takes; false: it is none of them. */
static bool take_head_start_tag(struct tree *tree, struct token *token)
{
    switch ((int)token->tag) {
    case TAG_base:
    case TAG_basefont:
    case TAG_bgsound:
    case TAG_link:
    case TAG_meta:
        tree_insert_void_element(tree, token);
        return true;
    case TAG_title:
        tree_begin_text(tree, token, TOKENIZER_rcdata);
        return true;
    case TAG_noframes:
    case TAG_style:
        tree_begin_text(tree, token, TOKENIZER_rawtext);
        return true;
    case TAG_noscript:
        if (tree->scripting) {
            tree_begin_text(tree, token, TOKENIZER_rawtext);
        } else {
            tree_insert_element(tree, token);
            tree->mode = MODE_in_head_noscript;
        }
        return true;
    case TAG_script:
        tree_begin_text(tree, token, TOKENIZER_script_data);
        return true;
    case TAG_template:
        begin_template(tree, token);
        return true;
    default:
        return token->tag == TAG_head; /* ignored */
    }
}

bool tree_in_head(struct tree *tree, struct token *token)
{
    if (token->kind == TOKEN_DOCTYPE || (token->kind == TOKEN_TEXT && insert_space(tree, token))) {
        return true;
    }
    if (token->kind == TOKEN_COMMENT) {
        tree_insert_comment(tree, token, NULL);
        return true;
    }
    if (token->kind == TOKEN_START_TAG) {
        if (token->tag == TAG_html) {
            return tree_in_body(tree, token);
        }
        if (take_head_start_tag(tree, token)) {
            return true;
        }
    }
    if (token->kind == TOKEN_END_TAG && !is_head_body_html_br(token)) {
        if (token->tag == TAG_template) {
            end_template(tree);
        }
        return true;
    }
    tree_pop(tree); /* the head */
    tree->mode = MODE_after_head;
    return token->kind == TOKEN_END_TAG && token->tag == TAG_head;
}

bool tree_in_head_noscript(struct tree *tree, struct token *token)
{
    const bool is_start = token->kind == TOKEN_START_TAG;
    if (token->kind == TOKEN_DOCTYPE) {
        return true;
    }
    if (is_start && token->tag == TAG_html) {
        return tree_in_body(tree, token);
    }
    if ((token->kind == TOKEN_TEXT && insert_space(tree, token)) ||
        (is_start && (token->tag == TAG_head || token->tag == TAG_noscript))) {
        return true;
    }
    const bool is_of_head = is_start && (token->tag == TAG_basefont || token->tag == TAG_bgsound ||
                                         token->tag == TAG_link || token->tag == TAG_meta ||
                                         token->tag == TAG_noframes || token->tag == TAG_style);
    if (token->kind == TOKEN_COMMENT || is_of_head) {
        return tree_in_head(tree, token);
    }
    const bool is_end = token->kind == TOKEN_END_TAG;
    if (is_end && token->tag != TAG_noscript && token->tag != TAG_br) {
        return true;
    }
    tree_pop(tree); /* the noscript */
    tree->mode = MODE_in_head;
    return is_end && token->tag == TAG_noscript;
}

/* A start tag of the head that came behind it goes into it after all. */
static void process_in_head_again(struct tree *tree, struct token *token)
{
    struct node *head = tree->head;
    if (!head) {
        (void)tree_in_head(tree, token);
        return;
    }
    tree_push(tree, head);
    (void)tree_in_head(tree, token);
    const size_t index = tree_index_of(tree, head);
    if (index != SIZE_MAX) {
        tree_remove_open(tree, index);
    }
}

static bool is_of_head(enum tag tag)
{
    switch ((int)tag) {
    case TAG_base:
    case TAG_basefont:
    case TAG_bgsound:
    case TAG_link:
    case TAG_meta:
    case TAG_noframes:
    case TAG_script:
    case TAG_style:
    case TAG_template:
    case TAG_title:
        return true;
    default:
        return false;
    }
}

bool tree_after_head(struct tree *tree, struct token *token)
{
    if (token->kind == TOKEN_DOCTYPE || (token->kind == TOKEN_TEXT && insert_space(tree, token))) {
        return true;
    }
    if (token->kind == TOKEN_COMMENT) {
        tree_insert_comment(tree, token, NULL);
        return true;
    }
    if (token->kind == TOKEN_END_TAG && token->tag == TAG_template) {
        return tree_in_head(tree, token);
    }
    if (token->kind == TOKEN_END_TAG && (!is_head_body_html_br(token) || token->tag == TAG_head)) {
        return true;
    }
    if (token->kind == TOKEN_START_TAG) {
        if (token->tag == TAG_html) {
            return tree_in_body(tree, token);
        }
        if (token->tag == TAG_head) {
            return true;
        }
        if (is_of_head(token->tag)) {
            process_in_head_again(tree, token);
            return true;
        }
        if (token->tag == TAG_body || token->tag == TAG_frameset) {
            tree_insert_element(tree, token);
            tree->frameset_ok &= token->tag != TAG_body;
            tree->mode = token->tag == TAG_body ? MODE_in_body : MODE_in_frameset;
            return true;
        }
    }
    tree_insert_implied(tree, TAG_body, token);
    tree->mode = MODE_in_body;
    return false;
}

bool tree_text(struct tree *tree, struct token *token)
{
    if (token->kind == TOKEN_TEXT) {
        tree_insert_text(tree, token);
        return true;
    }
    tree_pop(tree);
    tree->mode = tree->original_mode;
    return token->kind != TOKEN_END;
}
