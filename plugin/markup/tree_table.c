/* SPDX-License-Identifier: Apache-2.0 */
/* Insertion modes: in table (with in table text), in caption, in column group, in table body, in
 * row, in cell. */
#include "markup/tree.h"

static bool is_start(const struct token *token)
{
    return token->kind == TOKEN_START_TAG;
}

static bool is_end(const struct token *token)
{
    return token->kind == TOKEN_END_TAG;
}

static bool is_cell(enum tag tag)
{
    return tag == TAG_td || tag == TAG_th;
}

static bool is_section(enum tag tag)
{
    return tag == TAG_tbody || tag == TAG_tfoot || tag == TAG_thead;
}

/* caption, col, colgroup, tbody, tfoot, thead */
static bool begins_table_part(enum tag tag)
{
    return is_section(tag) || tag == TAG_caption || tag == TAG_col || tag == TAG_colgroup;
}

/* HTML: in table, anything else. */
static bool foster(struct tree *tree, struct token *token)
{
    tree->foster_parenting = true;
    const bool is_spent = tree_in_body(tree, token);
    tree->foster_parenting = false;
    return is_spent;
}

/* Is the rest of this run of text, with the piece at hand, nothing but white space? The tokenizer
 * is asked ahead with a copy; the run ends at the first token that is no text. */
static bool run_is_space(const struct tree *tree, const struct token *token)
{
    struct token piece = *token;
    struct tokenizer ahead = tree->tokenizer;
    while (piece.kind == TOKEN_TEXT) {
        if (!piece.is_null && token_space_len(&piece) < piece.text.len) {
            return false;
        }
        const str rest = str_slice(ahead.source, ahead.at, ahead.at + 2);
        if (rest.len == 2 && rest.ptr[0] == '<' && ascii_is_letter((uint8_t)rest.ptr[1])) {
            return true; /* a tag: nearly always, and it need not be read twice */
        }
        if (tokenizer_next(&ahead, &piece) != STATUS_OK) {
            return true;
        }
    }
    return true;
}

/* HTML: in table text. Instead of keeping the run back until it is over, its end is looked for. */
static bool take_table_text(struct tree *tree, struct token *token)
{
    if (token->is_null) {
        return true;
    }
    if (!tree->table_text_decided) {
        tree->table_text_decided = true;
        tree->table_text_fosters = !run_is_space(tree, token);
    }
    if (tree->table_text_fosters) {
        return foster(tree, token);
    }
    tree_insert_text(tree, token);
    return true;
}

static bool is_hidden_input(const struct token *token)
{
    const struct node input = {.attributes = token->attributes};
    return token->tag == TAG_input &&
           str_equal_ignoring_ascii_case(node_attribute_value(&input, STR("type")), STR("hidden"));
}

static void begin_part(struct tree *tree, const struct token *token, enum insertion_mode mode)
{
    tree_clear_back_to(tree, 0, TAG_table);
    tree_insert_element(tree, token);
    tree->mode = mode;
}

static bool end_table(struct tree *tree)
{
    if (!tree_has_in_table_scope(tree, TAG_table)) {
        return false;
    }
    tree_pop_through(tree, TAG_table);
    tree_reset_insertion_mode(tree);
    return true;
}

static bool start_in_table(struct tree *tree, struct token *token)
{
    switch ((int)token->tag) {
    case TAG_caption:
        begin_part(tree, token, MODE_in_caption);
        tree_push_marker(tree);
        return true;
    case TAG_colgroup:
        begin_part(tree, token, MODE_in_column_group);
        return true;
    case TAG_col:
        tree_clear_back_to(tree, 0, TAG_table);
        tree_insert_implied(tree, TAG_colgroup, token);
        tree->mode = MODE_in_column_group;
        return false;
    case TAG_tbody:
    case TAG_tfoot:
    case TAG_thead:
        begin_part(tree, token, MODE_in_table_body);
        return true;
    case TAG_td:
    case TAG_th:
    case TAG_tr:
        tree_clear_back_to(tree, 0, TAG_table);
        tree_insert_implied(tree, TAG_tbody, token);
        tree->mode = MODE_in_table_body;
        return false;
    case TAG_table:
        return !end_table(tree);
    case TAG_style:
    case TAG_script:
    case TAG_template:
        return tree_in_head(tree, token);
    case TAG_input:
        if (!is_hidden_input(token)) {
            return foster(tree, token);
        }
        tree_insert_void_element(tree, token);
        return true;
    case TAG_form:
        if (!tree_has_open(tree, TAG_template) && !tree->form) {
            tree->form = tree_insert_element(tree, token);
            tree_pop(tree);
        }
        return true;
    default:
        return foster(tree, token);
    }
}

static bool end_in_table(struct tree *tree, struct token *token)
{
    switch ((int)token->tag) {
    case TAG_table:
        (void)end_table(tree);
        return true;
    case TAG_body:
    case TAG_caption:
    case TAG_col:
    case TAG_colgroup:
    case TAG_html:
    case TAG_tbody:
    case TAG_td:
    case TAG_tfoot:
    case TAG_th:
    case TAG_thead:
    case TAG_tr:
        return true;
    case TAG_template:
        return tree_in_head(tree, token);
    default:
        return foster(tree, token);
    }
}

bool tree_in_table(struct tree *tree, struct token *token)
{
    switch (token->kind) {
    case TOKEN_TEXT:
        if (element_properties(tree_current(tree)->key) & ELEMENT_TABLE_PART ||
            tree_current_is(tree, TAG_template)) {
            return take_table_text(tree, token);
        }
        return foster(tree, token);
    case TOKEN_COMMENT:
        tree_insert_comment(tree, token, NULL);
        return true;
    case TOKEN_DOCTYPE:
        return true;
    case TOKEN_START_TAG:
        return start_in_table(tree, token);
    case TOKEN_END_TAG:
        return end_in_table(tree, token);
    case TOKEN_END:
        return tree_in_body(tree, token);
    }
    return true;
}

static bool end_caption(struct tree *tree)
{
    if (!tree_has_in_table_scope(tree, TAG_caption)) {
        return false;
    }
    tree_generate_implied_end_tags(tree, TAG_unknown);
    tree_pop_through(tree, TAG_caption);
    tree_clear_to_marker(tree);
    tree->mode = MODE_in_table;
    return true;
}

bool tree_in_caption(struct tree *tree, struct token *token)
{
    const enum tag tag = token->tag;
    if (is_end(token) && tag == TAG_caption) {
        (void)end_caption(tree);
        return true;
    }
    if ((is_start(token) && (begins_table_part(tag) || is_cell(tag) || tag == TAG_tr)) ||
        (is_end(token) && tag == TAG_table)) {
        return !end_caption(tree);
    }
    if (is_end(token) && (tag == TAG_body || tag == TAG_col || tag == TAG_colgroup ||
                          tag == TAG_html || is_section(tag) || is_cell(tag) || tag == TAG_tr)) {
        return true;
    }
    return tree_in_body(tree, token);
}

bool tree_in_column_group(struct tree *tree, struct token *token)
{
    const enum tag tag = token->tag;
    if (token->kind == TOKEN_TEXT) {
        const size_t len = token_space_len(token);
        if (len) {
            const struct token space = token_split_text(token, len);
            tree_insert_text(tree, &space);
        }
        if (token->text.len == 0) {
            return true;
        }
    } else if (token->kind == TOKEN_COMMENT) {
        tree_insert_comment(tree, token, NULL);
        return true;
    } else if (token->kind == TOKEN_DOCTYPE || (is_end(token) && tag == TAG_col)) {
        return true;
    } else if (token->kind == TOKEN_END || (is_start(token) && tag == TAG_html)) {
        return tree_in_body(tree, token);
    } else if (is_start(token) && tag == TAG_col) {
        tree_insert_void_element(tree, token);
        return true;
    } else if (tag == TAG_template) {
        return tree_in_head(tree, token);
    }
    if (!tree_current_is(tree, TAG_colgroup)) {
        return true;
    }
    tree_pop(tree);
    tree->mode = MODE_in_table;
    return is_end(token) && tag == TAG_colgroup;
}

/* tbody, tfoot or thead is over. */
static void end_section(struct tree *tree)
{
    tree_clear_back_to(tree, ELEMENT_TABLE_SECTION, TAG_template);
    tree_pop(tree);
    tree->mode = MODE_in_table;
}

bool tree_in_table_body(struct tree *tree, struct token *token)
{
    const enum tag tag = token->tag;
    if (is_start(token) && (tag == TAG_tr || is_cell(tag))) {
        tree_clear_back_to(tree, ELEMENT_TABLE_SECTION, TAG_template);
        tree->mode = MODE_in_row;
        if (tag == TAG_tr) {
            tree_insert_element(tree, token);
            return true;
        }
        tree_insert_implied(tree, TAG_tr, token);
        return false;
    }
    if (is_end(token) && is_section(tag)) {
        if (tree_has_in_table_scope(tree, tag)) {
            end_section(tree);
        }
        return true;
    }
    if ((is_start(token) && begins_table_part(tag)) || (is_end(token) && tag == TAG_table)) {
        if (!tree_has_any_in_table_scope(tree, ELEMENT_TABLE_SECTION)) {
            return true;
        }
        end_section(tree);
        return false;
    }
    if (is_end(token) &&
        (tag == TAG_body || tag == TAG_caption || tag == TAG_col || tag == TAG_colgroup ||
         tag == TAG_html || is_cell(tag) || tag == TAG_tr)) {
        return true;
    }
    return tree_in_table(tree, token);
}

static bool end_row(struct tree *tree)
{
    if (!tree_has_in_table_scope(tree, TAG_tr)) {
        return false;
    }
    tree_clear_back_to(tree, 0, TAG_tr);
    tree_pop(tree);
    tree->mode = MODE_in_table_body;
    return true;
}

bool tree_in_row(struct tree *tree, struct token *token)
{
    const enum tag tag = token->tag;
    if (is_start(token) && is_cell(tag)) {
        tree_clear_back_to(tree, 0, TAG_tr);
        tree_insert_element(tree, token);
        tree->mode = MODE_in_cell;
        tree_push_marker(tree);
        return true;
    }
    if (is_end(token) && tag == TAG_tr) {
        (void)end_row(tree);
        return true;
    }
    if ((is_start(token) && (begins_table_part(tag) || tag == TAG_tr)) ||
        (is_end(token) && tag == TAG_table)) {
        return !end_row(tree);
    }
    if (is_end(token) && is_section(tag)) {
        return !tree_has_in_table_scope(tree, tag) || !end_row(tree);
    }
    if (is_end(token) && (tag == TAG_body || tag == TAG_caption || tag == TAG_col ||
                          tag == TAG_colgroup || tag == TAG_html || is_cell(tag))) {
        return true;
    }
    return tree_in_table(tree, token);
}

/* HTML: close the cell. */
static void close_cell(struct tree *tree)
{
    tree_generate_implied_end_tags(tree, TAG_unknown);
    const size_t td = tree_find_open(tree, TAG_td);
    const size_t th = tree_find_open(tree, TAG_th);
    const size_t cell = td > th ? td : th;
    if (cell) {
        tree_pop_to(tree, cell);
    }
    tree_clear_to_marker(tree);
    tree->mode = MODE_in_row;
}

static bool has_cell_in_table_scope(struct tree *tree)
{
    return tree_has_in_table_scope(tree, TAG_td) || tree_has_in_table_scope(tree, TAG_th);
}

bool tree_in_cell(struct tree *tree, struct token *token)
{
    const enum tag tag = token->tag;
    if (is_end(token) && is_cell(tag)) {
        if (tree_has_in_table_scope(tree, tag)) {
            tree_generate_implied_end_tags(tree, TAG_unknown);
            tree_pop_through(tree, tag);
            tree_clear_to_marker(tree);
            tree->mode = MODE_in_row;
        }
        return true;
    }
    if (is_start(token) && (begins_table_part(tag) || is_cell(tag) || tag == TAG_tr)) {
        if (!has_cell_in_table_scope(tree)) {
            return true;
        }
        close_cell(tree);
        return false;
    }
    if (is_end(token) && (tag == TAG_body || tag == TAG_caption || tag == TAG_col ||
                          tag == TAG_colgroup || tag == TAG_html)) {
        return true;
    }
    if (is_end(token) && (tag == TAG_table || is_section(tag) || tag == TAG_tr)) {
        if (!tree_has_in_table_scope(tree, tag)) {
            return true;
        }
        close_cell(tree);
        return false;
    }
    return tree_in_body(tree, token);
}
