/* SPDX-License-Identifier: Apache-2.0 */
/* Insertion mode: in body, end tags. */
#include "markup/tree.h"

typedef bool end_rule(struct tree *tree, struct token *token);

static bool end_body(struct tree *tree, struct token *token)
{
    (void)token;
    if (tree_has_in_scope(tree, TAG_body)) {
        tree->mode = MODE_after_body;
    }
    return true;
}

static bool end_html(struct tree *tree, struct token *token)
{
    (void)token;
    if (!tree_has_in_scope(tree, TAG_body)) {
        return true;
    }
    tree->mode = MODE_after_body;
    return false;
}

static bool end_block(struct tree *tree, struct token *token)
{
    if (tree_has_in_scope(tree, token->tag)) {
        tree_generate_implied_end_tags(tree, TAG_unknown);
        tree_pop_through(tree, token->tag);
    }
    return true;
}

static bool end_form(struct tree *tree, struct token *token)
{
    if (tree_has_open(tree, TAG_template)) {
        return end_block(tree, token);
    }
    struct node *form = tree->form;
    tree->form = NULL;
    if (form && tree_has_node_in_scope(tree, form)) {
        tree_generate_implied_end_tags(tree, TAG_unknown);
        tree_remove_open(tree, tree_index_of(tree, form));
    }
    return true;
}

static bool end_p(struct tree *tree, struct token *token)
{
    if (!tree_has_in_button_scope(tree, TAG_p)) {
        tree_insert_implied(tree, TAG_p, token);
    }
    tree_close_p(tree);
    return true;
}

static bool end_li(struct tree *tree, struct token *token)
{
    (void)token;
    if (tree_has_in_list_item_scope(tree, TAG_li)) {
        tree_generate_implied_end_tags(tree, TAG_li);
        tree_pop_through(tree, TAG_li);
    }
    return true;
}

static bool end_dd_dt(struct tree *tree, struct token *token)
{
    if (tree_has_in_scope(tree, token->tag)) {
        tree_generate_implied_end_tags(tree, token->tag);
        tree_pop_through(tree, token->tag);
    }
    return true;
}

static bool end_heading(struct tree *tree, struct token *token)
{
    (void)token;
    if (tree_has_any_in_scope(tree, ELEMENT_HEADING)) {
        tree_generate_implied_end_tags(tree, TAG_unknown);
        tree_pop_through_any(tree, ELEMENT_HEADING);
    }
    return true;
}

static bool end_formatting(struct tree *tree, struct token *token)
{
    tree_adoption_agency(tree, token);
    return true;
}

static bool end_applet(struct tree *tree, struct token *token)
{
    if (tree_has_in_scope(tree, token->tag)) {
        tree_generate_implied_end_tags(tree, TAG_unknown);
        tree_pop_through(tree, token->tag);
        tree_clear_to_marker(tree);
    }
    return true;
}

static bool end_br(struct tree *tree, struct token *token)
{
    tree_reconstruct_formatting(tree);
    if (tree_insert_implied(tree, TAG_br, token)) {
        tree_pop(tree);
    }
    tree->frameset_ok = false;
    return true;
}

void tree_any_other_end_tag(struct tree *tree, const struct token *token)
{
    if (token->tag != TAG_unknown && !tree_has_open(tree, token->tag)) {
        return;
    }
    for (size_t i = tree->open_count - 1; i > 0; i--) {
        const struct open_element *element = &tree->open[i];
        tree->dom->steps++;
        if (element->key == token->tag && str_equal(element->node->name, token->name)) {
            /* An unknown element ends no tag by implication, so its own name excepts nothing. */
            tree_generate_implied_end_tags(tree, token->tag);
            tree_pop_to(tree, i);
            return;
        }
        if (element_properties(element->key) & ELEMENT_SPECIAL) {
            return;
        }
    }
}

/* clang-format off */
static end_rule *const end_rules[TAG_COUNT] = {
    [TAG_template] = tree_in_head, [TAG_body] = end_body, [TAG_html] = end_html,
    [TAG_address] = end_block, [TAG_article] = end_block, [TAG_aside] = end_block,
    [TAG_blockquote] = end_block, [TAG_button] = end_block, [TAG_center] = end_block,
    [TAG_details] = end_block, [TAG_dialog] = end_block, [TAG_dir] = end_block,
    [TAG_div] = end_block, [TAG_dl] = end_block, [TAG_fieldset] = end_block,
    [TAG_figcaption] = end_block, [TAG_figure] = end_block, [TAG_footer] = end_block,
    [TAG_header] = end_block, [TAG_hgroup] = end_block, [TAG_listing] = end_block,
    [TAG_main] = end_block, [TAG_menu] = end_block, [TAG_nav] = end_block, [TAG_ol] = end_block,
    [TAG_pre] = end_block, [TAG_search] = end_block, [TAG_section] = end_block,
    [TAG_select] = end_block, [TAG_summary] = end_block, [TAG_ul] = end_block,
    [TAG_form] = end_form, [TAG_p] = end_p, [TAG_li] = end_li, [TAG_dd] = end_dd_dt,
    [TAG_dt] = end_dd_dt,
    [TAG_h1] = end_heading, [TAG_h2] = end_heading, [TAG_h3] = end_heading,
    [TAG_h4] = end_heading, [TAG_h5] = end_heading, [TAG_h6] = end_heading,
    [TAG_a] = end_formatting, [TAG_b] = end_formatting, [TAG_big] = end_formatting,
    [TAG_code] = end_formatting, [TAG_em] = end_formatting, [TAG_font] = end_formatting,
    [TAG_i] = end_formatting, [TAG_nobr] = end_formatting, [TAG_s] = end_formatting,
    [TAG_small] = end_formatting, [TAG_strike] = end_formatting, [TAG_strong] = end_formatting,
    [TAG_tt] = end_formatting, [TAG_u] = end_formatting,
    [TAG_applet] = end_applet, [TAG_marquee] = end_applet, [TAG_object] = end_applet,
    [TAG_br] = end_br,
};
/* clang-format on */

bool tree_in_body_end_tag(struct tree *tree, struct token *token)
{
    end_rule *rule = end_rules[token->tag];
    if (rule) {
        return rule(tree, token);
    }
    tree_any_other_end_tag(tree, token);
    return true;
}
