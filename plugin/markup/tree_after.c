/* SPDX-License-Identifier: Apache-2.0 */
/* Insertion modes: in template, after body, in frameset, after frameset, after after body, after
 * after frameset. */
#include "markup/tree.h"

static bool start_in_template(struct tree *tree, struct token *token)
{
    switch ((int)token->tag) {
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
        return tree_in_head(tree, token);
    case TAG_caption:
    case TAG_colgroup:
    case TAG_tbody:
    case TAG_tfoot:
    case TAG_thead:
        tree_switch_template_mode(tree, MODE_in_table);
        return false;
    case TAG_col:
        tree_switch_template_mode(tree, MODE_in_column_group);
        return false;
    case TAG_tr:
        tree_switch_template_mode(tree, MODE_in_table_body);
        return false;
    case TAG_td:
    case TAG_th:
        tree_switch_template_mode(tree, MODE_in_row);
        return false;
    default:
        tree_switch_template_mode(tree, MODE_in_body);
        return false;
    }
}

bool tree_in_template(struct tree *tree, struct token *token)
{
    switch (token->kind) {
    case TOKEN_TEXT:
    case TOKEN_COMMENT:
    case TOKEN_DOCTYPE:
        return tree_in_body(tree, token);
    case TOKEN_START_TAG:
        return start_in_template(tree, token);
    case TOKEN_END_TAG:
        return token->tag == TAG_template ? tree_in_head(tree, token) : true;
    case TOKEN_END:
        break;
    }
    if (!tree_has_open(tree, TAG_template)) {
        return true;
    }
    tree_pop_through(tree, TAG_template);
    tree_clear_to_marker(tree);
    tree_pop_template_mode(tree);
    tree_reset_insertion_mode(tree);
    return false;
}

/* A text token that begins with white space gives that to "in body"; true: that was all of it. */
static bool take_space_in_body(struct tree *tree, struct token *token)
{
    const size_t len = token_space_len(token);
    if (len) {
        struct token space = token_split_text(token, len);
        (void)tree_in_body(tree, &space);
    }
    return token->text.len == 0;
}

bool tree_after_body(struct tree *tree, struct token *token)
{
    if (token->kind == TOKEN_TEXT && take_space_in_body(tree, token)) {
        return true;
    }
    if (token->kind == TOKEN_COMMENT) {
        tree_insert_comment(tree, token, tree->open[0].node);
        return true;
    }
    if (token->kind == TOKEN_DOCTYPE || token->kind == TOKEN_END) {
        return true;
    }
    if (token->kind == TOKEN_START_TAG && token->tag == TAG_html) {
        return tree_in_body(tree, token);
    }
    if (token->kind == TOKEN_END_TAG && token->tag == TAG_html) {
        tree->mode = tree->context.node ? tree->mode : MODE_after_after_body;
        return true;
    }
    tree->mode = MODE_in_body;
    return false;
}

/* Frames keep the white space of a text and nothing else. */
static void insert_only_space(struct tree *tree, struct token *token, bool in_body)
{
    while (token->text.len) {
        const size_t len = token_space_len(token);
        if (len) {
            struct token space = token_split_text(token, len);
            if (in_body) {
                (void)tree_in_body(tree, &space);
            } else {
                tree_insert_text(tree, &space);
            }
        }
        size_t other = 0;
        while (other < token->text.len && !ascii_is_space((uint8_t)token->text.ptr[other])) {
            other++;
        }
        if (other) {
            (void)token_split_text(token, other);
        }
    }
}

bool tree_in_frameset(struct tree *tree, struct token *token)
{
    const enum tag tag = token->tag;
    switch (token->kind) {
    case TOKEN_TEXT:
        insert_only_space(tree, token, false);
        return true;
    case TOKEN_COMMENT:
        tree_insert_comment(tree, token, NULL);
        return true;
    case TOKEN_START_TAG:
        if (tag == TAG_html) {
            return tree_in_body(tree, token);
        }
        if (tag == TAG_noframes) {
            return tree_in_head(tree, token);
        }
        if (tag == TAG_frameset) {
            tree_insert_element(tree, token);
        } else if (tag == TAG_frame) {
            tree_insert_void_element(tree, token);
        }
        return true;
    case TOKEN_END_TAG:
        if (tag == TAG_frameset && tree->open_count > 1) {
            tree_pop(tree);
            if (!tree->context.node && !tree_current_is(tree, TAG_frameset)) {
                tree->mode = MODE_after_frameset;
            }
        }
        return true;
    case TOKEN_DOCTYPE:
    case TOKEN_END:
        return true;
    }
    return true;
}

bool tree_after_frameset(struct tree *tree, struct token *token)
{
    switch (token->kind) {
    case TOKEN_TEXT:
        insert_only_space(tree, token, false);
        return true;
    case TOKEN_COMMENT:
        tree_insert_comment(tree, token, NULL);
        return true;
    case TOKEN_START_TAG:
        if (token->tag == TAG_html) {
            return tree_in_body(tree, token);
        }
        return token->tag == TAG_noframes ? tree_in_head(tree, token) : true;
    case TOKEN_END_TAG:
        if (token->tag == TAG_html) {
            tree->mode = MODE_after_after_frameset;
        }
        return true;
    case TOKEN_DOCTYPE:
    case TOKEN_END:
        return true;
    }
    return true;
}

bool tree_after_after_body(struct tree *tree, struct token *token)
{
    if (token->kind == TOKEN_TEXT && take_space_in_body(tree, token)) {
        return true;
    }
    if (token->kind == TOKEN_COMMENT) {
        tree_insert_comment(tree, token, tree->dom->document);
        return true;
    }
    if (token->kind == TOKEN_DOCTYPE || token->kind == TOKEN_END) {
        return true;
    }
    if (token->kind == TOKEN_START_TAG && token->tag == TAG_html) {
        return tree_in_body(tree, token);
    }
    tree->mode = MODE_in_body;
    return false;
}

bool tree_after_after_frameset(struct tree *tree, struct token *token)
{
    switch (token->kind) {
    case TOKEN_TEXT:
        insert_only_space(tree, token, true);
        return true;
    case TOKEN_COMMENT:
        tree_insert_comment(tree, token, tree->dom->document);
        return true;
    case TOKEN_START_TAG:
        if (token->tag == TAG_html) {
            return tree_in_body(tree, token);
        }
        return token->tag == TAG_noframes ? tree_in_head(tree, token) : true;
    case TOKEN_END_TAG:
    case TOKEN_DOCTYPE:
    case TOKEN_END:
        return true;
    }
    return true;
}
