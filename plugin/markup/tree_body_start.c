/* SPDX-License-Identifier: Apache-2.0 */
/* Insertion mode: in body. Text, comments, the end, and start tags: a function a rule of the
 * standard, in its order, and a table that says which tag goes where. */
#include "markup/tree.h"

typedef bool start_rule(struct tree *tree, struct token *token);

static bool start_html(struct tree *tree, struct token *token)
{
    if (!tree_has_open(tree, TAG_template)) {
        tree_add_attributes(tree->open[0].node, token->attributes);
    }
    return true;
}

static bool second_is_body(struct tree *tree)
{
    return tree->open_count > 1 && tree->open[1].key == TAG_body;
}

static bool start_body(struct tree *tree, struct token *token)
{
    if (second_is_body(tree) && !tree_has_open(tree, TAG_template)) {
        tree->frameset_ok = false;
        tree_add_attributes(tree->open[1].node, token->attributes);
    }
    return true;
}

static bool start_frameset(struct tree *tree, struct token *token)
{
    if (!second_is_body(tree) || !tree->frameset_ok) {
        return true;
    }
    node_detach(tree->open[1].node);
    tree_pop_to(tree, 1);
    tree_insert_element(tree, token);
    tree->mode = MODE_in_frameset;
    return true;
}

static bool start_block(struct tree *tree, struct token *token)
{
    tree_close_p_in_button_scope(tree);
    tree_insert_element(tree, token);
    return true;
}

static bool start_heading(struct tree *tree, struct token *token)
{
    tree_close_p_in_button_scope(tree);
    if (element_properties(tree_current(tree)->key) & ELEMENT_HEADING) {
        tree_pop(tree);
    }
    tree_insert_element(tree, token);
    return true;
}

static bool start_pre(struct tree *tree, struct token *token)
{
    tree_close_p_in_button_scope(tree);
    tree_insert_element(tree, token);
    tree->skip_line_feed = true;
    tree->frameset_ok = false;
    return true;
}

static bool start_form(struct tree *tree, struct token *token)
{
    const bool in_template = tree_has_open(tree, TAG_template);
    if (tree->form && !in_template) {
        return true;
    }
    tree_close_p_in_button_scope(tree);
    struct node *form = tree_insert_element(tree, token);
    if (!in_template) {
        tree->form = form;
    }
    return true;
}

/* HTML: the loop of li, and of dd and dt: an open one is closed unless a block stands between. */
static void close_item(struct tree *tree, enum tag one, enum tag other)
{
    for (size_t i = tree->open_count - 1; i > 0; i--) {
        const element_key key = tree->open[i].key;
        tree->dom->steps++;
        if (key == one || key == other) {
            tree_generate_implied_end_tags(tree, (enum tag)key);
            tree_pop_through(tree, (enum tag)key);
            return;
        }
        if ((element_properties(key) & ELEMENT_SPECIAL) && key != TAG_address && key != TAG_div &&
            key != TAG_p) {
            return;
        }
    }
}

static bool start_li(struct tree *tree, struct token *token)
{
    tree->frameset_ok = false;
    close_item(tree, TAG_li, TAG_li);
    return start_block(tree, token);
}

static bool start_dd_dt(struct tree *tree, struct token *token)
{
    tree->frameset_ok = false;
    close_item(tree, TAG_dd, TAG_dt);
    return start_block(tree, token);
}

static bool start_plaintext(struct tree *tree, struct token *token)
{
    (void)start_block(tree, token);
    tree->tokenizer.state = TOKENIZER_plaintext;
    return true;
}

static bool start_button(struct tree *tree, struct token *token)
{
    if (tree_has_in_scope(tree, TAG_button)) {
        tree_generate_implied_end_tags(tree, TAG_unknown);
        tree_pop_through(tree, TAG_button);
    }
    tree_reconstruct_formatting(tree);
    tree_insert_element(tree, token);
    tree->frameset_ok = false;
    return true;
}

static bool start_formatting(struct tree *tree, struct token *token)
{
    tree_reconstruct_formatting(tree);
    tree_push_formatting(tree, tree_insert_element(tree, token));
    return true;
}

static bool start_a(struct tree *tree, struct token *token)
{
    struct node *before = tree_find_formatting(tree, TAG_a);
    if (before) {
        tree_adoption_agency(tree, token);
        tree_remove_formatting(tree, before);
        const size_t index = tree_index_of(tree, before);
        if (index != SIZE_MAX) {
            tree_remove_open(tree, index);
        }
    }
    return start_formatting(tree, token);
}

static bool start_nobr(struct tree *tree, struct token *token)
{
    tree_reconstruct_formatting(tree);
    if (tree_has_in_scope(tree, TAG_nobr)) {
        tree_adoption_agency(tree, token);
    }
    return start_formatting(tree, token);
}

static bool start_applet(struct tree *tree, struct token *token)
{
    tree_reconstruct_formatting(tree);
    tree_insert_element(tree, token);
    tree_push_marker(tree);
    tree->frameset_ok = false;
    return true;
}

static bool start_table(struct tree *tree, struct token *token)
{
    if (!tree->dom->quirks) {
        tree_close_p_in_button_scope(tree);
    }
    tree_insert_element(tree, token);
    tree->frameset_ok = false;
    tree->mode = MODE_in_table;
    return true;
}

static bool start_void(struct tree *tree, struct token *token)
{
    tree_reconstruct_formatting(tree);
    tree_insert_void_element(tree, token);
    tree->frameset_ok = false;
    return true;
}

static bool start_image(struct tree *tree, struct token *token)
{
    token->name = STR("img");
    token->tag = TAG_img;
    return start_void(tree, token);
}

static bool is_hidden_input(const struct token *token)
{
    const struct node input = {.attributes = token->attributes};
    return str_equal_ignoring_ascii_case(node_attribute_value(&input, STR("type")), STR("hidden"));
}

static bool start_input(struct tree *tree, struct token *token)
{
    if (tree->context.node && tree->context.key == TAG_select) {
        return true;
    }
    if (tree_has_in_scope(tree, TAG_select)) {
        tree_pop_through(tree, TAG_select);
    }
    tree_reconstruct_formatting(tree);
    tree_insert_void_element(tree, token);
    tree->frameset_ok &= is_hidden_input(token);
    return true;
}

static bool start_param(struct tree *tree, struct token *token)
{
    tree_insert_void_element(tree, token);
    return true;
}

static bool start_hr(struct tree *tree, struct token *token)
{
    tree_close_p_in_button_scope(tree);
    if (tree_has_in_scope(tree, TAG_select)) {
        tree_generate_implied_end_tags(tree, TAG_unknown);
    }
    tree_insert_void_element(tree, token);
    tree->frameset_ok = false;
    return true;
}

static bool start_textarea(struct tree *tree, struct token *token)
{
    tree_begin_text(tree, token, TOKENIZER_rcdata);
    tree->skip_line_feed = true;
    tree->frameset_ok = false;
    return true;
}

static bool start_xmp(struct tree *tree, struct token *token)
{
    tree_close_p_in_button_scope(tree);
    tree_reconstruct_formatting(tree);
    tree->frameset_ok = false;
    tree_begin_text(tree, token, TOKENIZER_rawtext);
    return true;
}

static bool start_iframe(struct tree *tree, struct token *token)
{
    tree->frameset_ok = false;
    tree_begin_text(tree, token, TOKENIZER_rawtext);
    return true;
}

static bool start_noembed(struct tree *tree, struct token *token)
{
    tree_begin_text(tree, token, TOKENIZER_rawtext);
    return true;
}

static bool start_any_other(struct tree *tree, struct token *token)
{
    tree_reconstruct_formatting(tree);
    tree_insert_element(tree, token);
    return true;
}

static bool start_noscript(struct tree *tree, struct token *token)
{
    return tree->scripting ? start_noembed(tree, token) : start_any_other(tree, token);
}

static bool start_select(struct tree *tree, struct token *token)
{
    if (tree->context.node && tree->context.key == TAG_select) {
        return true;
    }
    if (tree_has_in_scope(tree, TAG_select)) {
        tree_pop_through(tree, TAG_select);
        return true;
    }
    tree->frameset_ok = false;
    return start_any_other(tree, token);
}

static bool start_option(struct tree *tree, struct token *token)
{
    if (tree_has_in_scope(tree, TAG_select)) {
        const bool is_option = token->tag == TAG_option;
        tree_generate_implied_end_tags(tree, is_option ? TAG_optgroup : TAG_unknown);
    } else if (tree_current_is(tree, TAG_option)) {
        tree_pop(tree);
    }
    return start_any_other(tree, token);
}

static bool start_ruby_part(struct tree *tree, struct token *token)
{
    if (tree_has_in_scope(tree, TAG_ruby)) {
        const bool keeps_rtc = token->tag == TAG_rp || token->tag == TAG_rt;
        tree_generate_implied_end_tags(tree, keeps_rtc ? TAG_rtc : TAG_unknown);
    }
    tree_insert_element(tree, token);
    return true;
}

static bool start_foreign(struct tree *tree, struct token *token)
{
    tree_reconstruct_formatting(tree);
    const enum name_space name_space = token->tag == TAG_math ? NAME_SPACE_MATHML : NAME_SPACE_SVG;
    tree_adjust_attributes(token, name_space);
    if (tree_insert_foreign_element(tree, token, name_space) && token->self_closing) {
        tree_pop(tree);
    }
    return true;
}

static bool start_ignored(struct tree *tree, struct token *token)
{
    (void)tree;
    (void)token;
    return true;
}

/* clang-format off */
static start_rule *const start_rules[TAG_COUNT] = {
    [TAG_html] = start_html,
    [TAG_base] = tree_in_head, [TAG_basefont] = tree_in_head, [TAG_bgsound] = tree_in_head,
    [TAG_link] = tree_in_head, [TAG_meta] = tree_in_head, [TAG_noframes] = tree_in_head,
    [TAG_script] = tree_in_head, [TAG_style] = tree_in_head, [TAG_template] = tree_in_head,
    [TAG_title] = tree_in_head,
    [TAG_body] = start_body, [TAG_frameset] = start_frameset,
    [TAG_address] = start_block, [TAG_article] = start_block, [TAG_aside] = start_block,
    [TAG_blockquote] = start_block, [TAG_center] = start_block, [TAG_details] = start_block,
    [TAG_dialog] = start_block, [TAG_dir] = start_block, [TAG_div] = start_block,
    [TAG_dl] = start_block, [TAG_fieldset] = start_block, [TAG_figcaption] = start_block,
    [TAG_figure] = start_block, [TAG_footer] = start_block, [TAG_header] = start_block,
    [TAG_hgroup] = start_block, [TAG_main] = start_block, [TAG_menu] = start_block,
    [TAG_nav] = start_block, [TAG_ol] = start_block, [TAG_p] = start_block,
    [TAG_search] = start_block, [TAG_section] = start_block, [TAG_summary] = start_block,
    [TAG_ul] = start_block,
    [TAG_h1] = start_heading, [TAG_h2] = start_heading, [TAG_h3] = start_heading,
    [TAG_h4] = start_heading, [TAG_h5] = start_heading, [TAG_h6] = start_heading,
    [TAG_pre] = start_pre, [TAG_listing] = start_pre, [TAG_form] = start_form,
    [TAG_li] = start_li, [TAG_dd] = start_dd_dt, [TAG_dt] = start_dd_dt,
    [TAG_plaintext] = start_plaintext, [TAG_button] = start_button, [TAG_a] = start_a,
    [TAG_b] = start_formatting, [TAG_big] = start_formatting, [TAG_code] = start_formatting,
    [TAG_em] = start_formatting, [TAG_font] = start_formatting, [TAG_i] = start_formatting,
    [TAG_s] = start_formatting, [TAG_small] = start_formatting, [TAG_strike] = start_formatting,
    [TAG_strong] = start_formatting, [TAG_tt] = start_formatting, [TAG_u] = start_formatting,
    [TAG_nobr] = start_nobr, [TAG_applet] = start_applet, [TAG_marquee] = start_applet,
    [TAG_object] = start_applet, [TAG_table] = start_table,
    [TAG_area] = start_void, [TAG_br] = start_void, [TAG_embed] = start_void,
    [TAG_img] = start_void, [TAG_keygen] = start_void, [TAG_wbr] = start_void,
    [TAG_input] = start_input, [TAG_param] = start_param, [TAG_source] = start_param,
    [TAG_track] = start_param, [TAG_hr] = start_hr, [TAG_image] = start_image,
    [TAG_textarea] = start_textarea, [TAG_xmp] = start_xmp, [TAG_iframe] = start_iframe,
    [TAG_noembed] = start_noembed, [TAG_noscript] = start_noscript, [TAG_select] = start_select,
    [TAG_optgroup] = start_option, [TAG_option] = start_option,
    [TAG_rb] = start_ruby_part, [TAG_rtc] = start_ruby_part, [TAG_rp] = start_ruby_part,
    [TAG_rt] = start_ruby_part, [TAG_math] = start_foreign, [TAG_svg] = start_foreign,
    [TAG_caption] = start_ignored, [TAG_col] = start_ignored, [TAG_colgroup] = start_ignored,
    [TAG_frame] = start_ignored, [TAG_head] = start_ignored, [TAG_tbody] = start_ignored,
    [TAG_td] = start_ignored, [TAG_tfoot] = start_ignored, [TAG_th] = start_ignored,
    [TAG_thead] = start_ignored, [TAG_tr] = start_ignored,
};
/* clang-format on */

static void take_text(struct tree *tree, const struct token *token)
{
    if (token->is_null) {
        return;
    }
    tree_reconstruct_formatting(tree);
    tree_insert_text(tree, token);
    if (tree->frameset_ok && token_space_len(token) < token->text.len) {
        tree->frameset_ok = false;
    }
}

bool tree_in_body(struct tree *tree, struct token *token)
{
    start_rule *rule = NULL;
    switch (token->kind) {
    case TOKEN_TEXT:
        take_text(tree, token);
        return true;
    case TOKEN_COMMENT:
        tree_insert_comment(tree, token, NULL);
        return true;
    case TOKEN_DOCTYPE:
        return true;
    case TOKEN_START_TAG:
        rule = start_rules[token->tag];
        return rule ? rule(tree, token) : start_any_other(tree, token);
    case TOKEN_END_TAG:
        return tree_in_body_end_tag(tree, token);
    case TOKEN_END:
        return tree->template_mode_count ? tree_in_template(tree, token) : true;
    }
    return true;
}
