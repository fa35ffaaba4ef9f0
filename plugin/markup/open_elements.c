/* SPDX-License-Identifier: Apache-2.0 */
/* The stack of open elements. The root stays for ever, so there is always a current node. */
#include "markup/tree.h"

#define SPECIAL    ELEMENT_SPECIAL
#define SCOPE      ELEMENT_SCOPE
#define CLOSES     ELEMENT_IMPLIED_END
#define THOROUGH   ELEMENT_THOROUGH_END
#define FORMATTING ELEMENT_FORMATTING
#define MODE       ELEMENT_MAKES_MODE
#define SECTION    (SPECIAL | THOROUGH | MODE | ELEMENT_TABLE_PART | ELEMENT_TABLE_SECTION)

/* HTML: the lists of 13.2.4.2 and 13.2.6.3, one row an element. */
/* clang-format off */
static const uint16_t html_properties[TAG_COUNT] = {
    [TAG_a] = FORMATTING, [TAG_b] = FORMATTING, [TAG_big] = FORMATTING, [TAG_code] = FORMATTING,
    [TAG_em] = FORMATTING, [TAG_font] = FORMATTING, [TAG_i] = FORMATTING, [TAG_nobr] = FORMATTING,
    [TAG_s] = FORMATTING, [TAG_small] = FORMATTING, [TAG_strike] = FORMATTING,
    [TAG_strong] = FORMATTING, [TAG_tt] = FORMATTING, [TAG_u] = FORMATTING,
    [TAG_address] = SPECIAL, [TAG_applet] = SPECIAL | SCOPE, [TAG_area] = SPECIAL,
    [TAG_article] = SPECIAL, [TAG_aside] = SPECIAL, [TAG_base] = SPECIAL,
    [TAG_basefont] = SPECIAL, [TAG_bgsound] = SPECIAL, [TAG_blockquote] = SPECIAL,
    [TAG_body] = MODE | SPECIAL, [TAG_br] = SPECIAL, [TAG_button] = SPECIAL,
    [TAG_caption] = MODE | SPECIAL | SCOPE | THOROUGH, [TAG_center] = SPECIAL, [TAG_col] = SPECIAL,
    [TAG_colgroup] = MODE | SPECIAL | THOROUGH, [TAG_dd] = SPECIAL | CLOSES | THOROUGH,
    [TAG_details] = SPECIAL, [TAG_dir] = SPECIAL, [TAG_div] = SPECIAL, [TAG_dl] = SPECIAL,
    [TAG_dt] = SPECIAL | CLOSES | THOROUGH, [TAG_embed] = SPECIAL, [TAG_fieldset] = SPECIAL,
    [TAG_figcaption] = SPECIAL, [TAG_figure] = SPECIAL, [TAG_footer] = SPECIAL,
    [TAG_form] = SPECIAL, [TAG_frame] = SPECIAL, [TAG_frameset] = MODE | SPECIAL,
    [TAG_h1] = SPECIAL | ELEMENT_HEADING, [TAG_h2] = SPECIAL | ELEMENT_HEADING,
    [TAG_h3] = SPECIAL | ELEMENT_HEADING, [TAG_h4] = SPECIAL | ELEMENT_HEADING,
    [TAG_h5] = SPECIAL | ELEMENT_HEADING, [TAG_h6] = SPECIAL | ELEMENT_HEADING,
    [TAG_head] = MODE | SPECIAL, [TAG_header] = SPECIAL, [TAG_hgroup] = SPECIAL, [TAG_hr] = SPECIAL,
    [TAG_html] = MODE | SPECIAL | SCOPE | ELEMENT_TABLE_SCOPE, [TAG_iframe] = SPECIAL,
    [TAG_img] = SPECIAL, [TAG_input] = SPECIAL, [TAG_keygen] = SPECIAL,
    [TAG_li] = SPECIAL | CLOSES | THOROUGH, [TAG_link] = SPECIAL, [TAG_listing] = SPECIAL,
    [TAG_main] = SPECIAL, [TAG_marquee] = SPECIAL | SCOPE, [TAG_menu] = SPECIAL,
    [TAG_meta] = SPECIAL, [TAG_nav] = SPECIAL, [TAG_noembed] = SPECIAL, [TAG_noframes] = SPECIAL,
    [TAG_noscript] = SPECIAL, [TAG_object] = SPECIAL | SCOPE,
    [TAG_ol] = SPECIAL | ELEMENT_LIST_SCOPE, [TAG_optgroup] = CLOSES | THOROUGH,
    [TAG_option] = CLOSES | THOROUGH, [TAG_p] = SPECIAL | CLOSES | THOROUGH,
    [TAG_param] = SPECIAL, [TAG_plaintext] = SPECIAL, [TAG_pre] = SPECIAL,
    [TAG_rb] = CLOSES | THOROUGH, [TAG_rp] = CLOSES | THOROUGH,
    [TAG_rt] = CLOSES | THOROUGH, [TAG_rtc] = CLOSES | THOROUGH,
    [TAG_script] = SPECIAL, [TAG_search] = SPECIAL, [TAG_section] = SPECIAL,
    [TAG_select] = SPECIAL | SCOPE, [TAG_source] = SPECIAL, [TAG_style] = SPECIAL,
    [TAG_summary] = SPECIAL,
    [TAG_table] = MODE | SPECIAL | SCOPE | ELEMENT_TABLE_SCOPE | ELEMENT_TABLE_PART,
    [TAG_tbody] = SECTION, [TAG_td] = MODE | SPECIAL | SCOPE | THOROUGH,
    [TAG_template] = MODE | SPECIAL | SCOPE | ELEMENT_TABLE_SCOPE, [TAG_textarea] = SPECIAL,
    [TAG_tfoot] = SECTION, [TAG_th] = MODE | SPECIAL | SCOPE | THOROUGH,
    [TAG_thead] = SECTION,
    [TAG_title] = SPECIAL, [TAG_tr] = MODE | SPECIAL | THOROUGH | ELEMENT_TABLE_PART,
    [TAG_track] = SPECIAL, [TAG_ul] = SPECIAL | ELEMENT_LIST_SCOPE, [TAG_wbr] = SPECIAL,
    [TAG_xmp] = SPECIAL,
};
/* clang-format on */

uint32_t element_properties(element_key key)
{
    if (key < TAG_COUNT) {
        return html_properties[key];
    }
    switch ((int)key) {
    case KEY_MATHML + TAG_mi:
    case KEY_MATHML + TAG_mo:
    case KEY_MATHML + TAG_mn:
    case KEY_MATHML + TAG_ms:
    case KEY_MATHML + TAG_mtext:
    case KEY_ANNOTATION_XML:
    case KEY_SVG + TAG_foreignobject:
    case KEY_SVG + TAG_desc:
    case KEY_SVG + TAG_title:
        return ELEMENT_SPECIAL | ELEMENT_SCOPE;
    default:
        return 0;
    }
}

static bool is_html_integration_point(const struct node *node, element_key key)
{
    if (key == KEY_SVG + TAG_foreignobject || key == KEY_SVG + TAG_desc ||
        key == KEY_SVG + TAG_title) {
        return true;
    }
    if (key != KEY_ANNOTATION_XML) {
        return false;
    }
    const str encoding = node_attribute_value(node, STR("encoding"));
    return str_equal_ignoring_ascii_case(encoding, STR("text/html")) ||
           str_equal_ignoring_ascii_case(encoding, STR("application/xhtml+xml"));
}

struct open_element element_of(struct node *node)
{
    element_key key = (element_key)node->tag;
    switch (node->name_space) {
    case NAME_SPACE_HTML:
        break;
    case NAME_SPACE_SVG:
        key = (element_key)(KEY_SVG + key);
        break;
    case NAME_SPACE_MATHML:
        key = str_equal(node->name, STR("annotation-xml")) ? KEY_ANNOTATION_XML
                                                           : (element_key)(KEY_MATHML + key);
        break;
    }
    return (struct open_element){
        .node = node, .key = key, .html_integration = is_html_integration_point(node, key)};
}

struct open_element *tree_adjusted_current(struct tree *tree)
{
    return tree->context.node && tree->open_count == 1 ? &tree->context : tree_current(tree);
}

static void count_open(struct tree *tree, const struct open_element *element, int change)
{
    element->node->open = change > 0;
    if (element->key < TAG_COUNT) {
        tree->open_by_tag[element->key] += (uint32_t)change;
    }
}

static bool more_room(struct tree *tree)
{
    const size_t capacity = tree->open_capacity * 2;
    struct open_element *open = arena_resize(
        tree->arena, tree->open, tree->open_capacity * sizeof *open, capacity * sizeof *open);
    if (open) {
        tree->open = open;
        tree->open_capacity = capacity;
    }
    return open != NULL;
}

void tree_push(struct tree *tree, struct node *node)
{
    tree_insert_open(tree, tree->open_count, node);
}

void tree_insert_open(struct tree *tree, size_t index, struct node *node)
{
    if (tree->open_count == tree->open_max) {
        tree->dom->depth_limited = true; /* only the adoption agency comes here so far */
        return;
    }
    if (tree->open_count == tree->open_capacity && !more_room(tree)) {
        tree->no_memory = true;
        return;
    }
    tree->dom->steps += tree->open_count - index;
    memmove(&tree->open[index + 1], &tree->open[index],
            (tree->open_count - index) * sizeof *tree->open);
    tree->open[index] = element_of(node);
    tree->open_count++;
    count_open(tree, &tree->open[index], 1);
}

void tree_pop(struct tree *tree)
{
    if (tree->open_count > 1) {
        count_open(tree, tree_current(tree), -1);
        tree->open_count--;
    }
}

void tree_remove_open(struct tree *tree, size_t index)
{
    if (index == 0 || index >= tree->open_count) {
        return;
    }
    count_open(tree, &tree->open[index], -1);
    tree->open_count--;
    tree->dom->steps += tree->open_count - index;
    memmove(&tree->open[index], &tree->open[index + 1],
            (tree->open_count - index) * sizeof *tree->open);
}

void tree_pop_to(struct tree *tree, size_t count)
{
    while (tree->open_count > count && tree->open_count > 1) {
        tree_pop(tree);
    }
}

size_t tree_find_open(struct tree *tree, enum tag tag)
{
    if (!tree->open_by_tag[tag]) {
        return 0;
    }
    for (size_t i = tree->open_count - 1; i > 0; i--) {
        tree->dom->steps++;
        if (tree->open[i].key == tag) {
            return i;
        }
    }
    return 0;
}

bool tree_has_open(const struct tree *tree, enum tag tag)
{
    return tree->open_by_tag[tag] > 0;
}

size_t tree_index_of(struct tree *tree, const struct node *node)
{
    for (size_t i = node->open ? tree->open_count : 0; i > 0; i--) {
        tree->dom->steps++;
        if (tree->open[i - 1].node == node) {
            return i - 1;
        }
    }
    return SIZE_MAX;
}

void tree_pop_through(struct tree *tree, enum tag tag)
{
    const size_t index = tree_find_open(tree, tag);
    if (index) {
        tree_pop_to(tree, index);
    }
}

void tree_pop_through_any(struct tree *tree, uint32_t properties)
{
    for (size_t i = tree->open_count - 1; i > 0; i--) {
        if (element_properties(tree->open[i].key) & properties) {
            tree_pop_to(tree, i);
            return;
        }
    }
}

/* One search for all scopes: an element with the tag before one that ends the scope. */
static bool has_in(struct tree *tree, enum tag tag, uint32_t barriers, enum tag barrier)
{
    if (!tree->open_by_tag[tag]) {
        return false;
    }
    for (size_t i = tree->open_count; i > 0; i--) {
        const element_key key = tree->open[i - 1].key;
        tree->dom->steps++;
        if (key == tag) {
            return true;
        }
        if ((element_properties(key) & barriers) || (barrier && key == barrier)) {
            return false;
        }
    }
    return false;
}

bool tree_has_in_scope(struct tree *tree, enum tag tag)
{
    return has_in(tree, tag, ELEMENT_SCOPE, TAG_unknown);
}

bool tree_has_in_button_scope(struct tree *tree, enum tag tag)
{
    return has_in(tree, tag, ELEMENT_SCOPE, TAG_button);
}

bool tree_has_in_list_item_scope(struct tree *tree, enum tag tag)
{
    return has_in(tree, tag, ELEMENT_SCOPE | ELEMENT_LIST_SCOPE, TAG_unknown);
}

bool tree_has_in_table_scope(struct tree *tree, enum tag tag)
{
    return has_in(tree, tag, ELEMENT_TABLE_SCOPE, TAG_unknown);
}

static bool has_any_in(struct tree *tree, uint32_t properties, uint32_t barriers)
{
    for (size_t i = tree->open_count; i > 0; i--) {
        const uint32_t here = element_properties(tree->open[i - 1].key);
        tree->dom->steps++;
        if (here & properties) {
            return true;
        }
        if (here & barriers) {
            return false;
        }
    }
    return false;
}

bool tree_has_any_in_scope(struct tree *tree, uint32_t properties)
{
    return has_any_in(tree, properties, ELEMENT_SCOPE);
}

bool tree_has_any_in_table_scope(struct tree *tree, uint32_t properties)
{
    return has_any_in(tree, properties, ELEMENT_TABLE_SCOPE);
}

bool tree_has_node_in_scope(struct tree *tree, const struct node *node)
{
    for (size_t i = node->open ? tree->open_count : 0; i > 0; i--) {
        tree->dom->steps++;
        if (tree->open[i - 1].node == node) {
            return true;
        }
        if (element_properties(tree->open[i - 1].key) & ELEMENT_SCOPE) {
            return false;
        }
    }
    return false;
}

void tree_generate_implied_end_tags(struct tree *tree, enum tag except)
{
    while (tree->open_count > 1 &&
           (element_properties(tree_current(tree)->key) & ELEMENT_IMPLIED_END) &&
           (except == TAG_unknown || !tree_current_is(tree, except))) {
        tree_pop(tree);
    }
}

void tree_generate_implied_end_tags_thoroughly(struct tree *tree)
{
    while (tree->open_count > 1 &&
           (element_properties(tree_current(tree)->key) & ELEMENT_THOROUGH_END)) {
        tree_pop(tree);
    }
}

void tree_close_p(struct tree *tree)
{
    tree_generate_implied_end_tags(tree, TAG_p);
    tree_pop_through(tree, TAG_p);
}

void tree_close_p_in_button_scope(struct tree *tree)
{
    if (tree_has_in_button_scope(tree, TAG_p)) {
        tree_close_p(tree);
    }
}

void tree_clear_back_to(struct tree *tree, uint32_t properties, enum tag tag)
{
    size_t i = tree->open_count - 1;
    while (i > 0 && !(element_properties(tree->open[i].key) & properties) &&
           tree->open[i].key != tag && tree->open[i].key != TAG_template) {
        tree->dom->steps++;
        i--;
    }
    /* Only a fragment's root may stand in for the table part. Where the depth limit has taken that
     * part away, clearing back to html would throw the page's own body off the stack. */
    if (i > 0 || tree->context.node) {
        tree_pop_to(tree, i + 1);
    }
}

static enum insertion_mode template_mode(const struct tree *tree)
{
    const size_t count = tree->template_mode_count;
    return count ? (enum insertion_mode)tree->template_modes[count - 1] : MODE_in_body;
}

/* HTML: reset the insertion mode appropriately, for one element. False: look further up. */
static bool mode_for(const struct tree *tree, element_key key, bool is_last,
                     enum insertion_mode *mode)
{
    switch ((int)key) {
    case TAG_td:
    case TAG_th:
        *mode = MODE_in_cell;
        return !is_last;
    case TAG_tr:
        *mode = MODE_in_row;
        return true;
    case TAG_tbody:
    case TAG_thead:
    case TAG_tfoot:
        *mode = MODE_in_table_body;
        return true;
    case TAG_caption:
        *mode = MODE_in_caption;
        return true;
    case TAG_colgroup:
        *mode = MODE_in_column_group;
        return true;
    case TAG_table:
        *mode = MODE_in_table;
        return true;
    case TAG_template:
        *mode = template_mode(tree);
        return true;
    case TAG_head:
        *mode = MODE_in_head;
        return !is_last;
    case TAG_body:
        *mode = MODE_in_body;
        return true;
    case TAG_frameset:
        *mode = MODE_in_frameset;
        return true;
    case TAG_html:
        *mode = tree->head ? MODE_after_head : MODE_before_head;
        return true;
    default:
        return false;
    }
}

void tree_reset_insertion_mode(struct tree *tree)
{
    for (size_t i = tree->open_count; i > 0; i--) {
        const bool is_last = i == 1;
        const struct open_element *element =
            is_last && tree->context.node ? &tree->context : &tree->open[i - 1];
        tree->dom->steps++;
        enum insertion_mode mode = MODE_in_body;
        if (mode_for(tree, element->key, is_last, &mode)) {
            tree->mode = mode;
            return;
        }
    }
    tree->mode = MODE_in_body;
}

void tree_push_template_mode(struct tree *tree, enum insertion_mode mode)
{
    if (tree->template_mode_count < tree->open_max) {
        tree->template_modes[tree->template_mode_count++] = (uint8_t)mode;
    }
}

void tree_pop_template_mode(struct tree *tree)
{
    tree->template_mode_count -= tree->template_mode_count > 0;
}

void tree_switch_template_mode(struct tree *tree, enum insertion_mode mode)
{
    tree_pop_template_mode(tree);
    tree_push_template_mode(tree, mode);
    tree->mode = mode;
}
