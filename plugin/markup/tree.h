/* SPDX-License-Identifier: Apache-2.0 */
/* Tree construction, as the HTML standard tells it: what its files share. Inside markup/ only
 * (and for the conformance tools, which parse fragments); everybody else wants html.h.
 *
 *   tree.c           the loop: token by token, into HTML or foreign content
 *   open_elements.c  the stack of open elements, scopes, implied end tags
 *   insertion.c      the appropriate place, elements, runs of text, comments
 *   formatting.c     the list of active formatting elements, the adoption agency
 *   tree_head.c, tree_body_start.c, tree_body_end.c, tree_table.c, tree_after.c, tree_foreign.c
 *                    the insertion modes
 *
 * The standard leaves three things without a bound; here each has one: the stack (depth_max), the
 * list of active formatting elements (FORMATTING_COUNT_MAX), and how many elements are opened that
 * no tag spells, because formatting is opened again (clones_left).
 */
#ifndef MARKUP_TREE_H
#define MARKUP_TREE_H

#include "base/sink.h"
#include "markup/tokenizer.h"

#define INSERTION_MODE_LIST(X)                                                                     \
    X(initial)                                                                                     \
    X(before_html)                                                                                 \
    X(before_head)                                                                                 \
    X(in_head)                                                                                     \
    X(in_head_noscript)                                                                            \
    X(after_head)                                                                                  \
    X(in_body)                                                                                     \
    X(text)                                                                                        \
    X(in_table)                                                                                    \
    X(in_caption)                                                                                  \
    X(in_column_group)                                                                             \
    X(in_table_body)                                                                               \
    X(in_row)                                                                                      \
    X(in_cell)                                                                                     \
    X(in_template)                                                                                 \
    X(after_body)                                                                                  \
    X(in_frameset)                                                                                 \
    X(after_frameset)                                                                              \
    X(after_after_body)                                                                            \
    X(after_after_frameset)

enum insertion_mode {
#define X(name) MODE_##name,
    INSERTION_MODE_LIST(X)
#undef X
};

/* What an open element is: for an HTML element its enum tag, for others a number beyond. */
typedef uint16_t element_key;
enum { KEY_SVG = 0x100, KEY_MATHML = 0x200, KEY_ANNOTATION_XML = 0x300 };
_Static_assert((int)TAG_COUNT < (int)KEY_SVG, "keys of HTML elements are their tags");

/* What the standard's lists say of an element. */
enum {
    ELEMENT_SPECIAL = 1,
    ELEMENT_SCOPE = 2,       /* ends a search in scope */
    ELEMENT_TABLE_SCOPE = 4, /* html, table, template */
    ELEMENT_IMPLIED_END = 8,
    ELEMENT_THOROUGH_END = 16,
    ELEMENT_FORMATTING = 32,
    ELEMENT_HEADING = 64,
    ELEMENT_TABLE_PART = 128,    /* table, tbody, tfoot, thead, tr: text in them is fostered */
    ELEMENT_LIST_SCOPE = 256,    /* ol, ul */
    ELEMENT_TABLE_SECTION = 512, /* tbody, tfoot, thead */
    ELEMENT_MAKES_MODE = 1024,   /* resetting the insertion mode looks for it */
};

struct open_element {
    struct node *node;
    element_key key;
    bool html_integration; /* an HTML integration point */
};

enum { FORMATTING_COUNT_MAX = 128 };

struct formatting_element {
    struct node *node; /* NULL: a marker */
    uint64_t attribute_hash;
};

/* Where a node goes. */
struct place {
    struct node *parent;
    struct node *before; /* NULL: last */
};

struct tree_options {
    size_t depth_max;
    struct sink *pulse;
    bool scripting;
    bool quirks;         /* fragments: of the document around */
    struct node context; /* fragments: an element like the one they stand in; nameless: none */
};

struct tree {
    struct arena *arena;
    struct dom *dom;
    struct tokenizer tokenizer;
    enum insertion_mode mode;
    enum insertion_mode original_mode;
    bool scripting;
    bool frameset_ok;
    bool foster_parenting;
    bool skip_line_feed;     /* the next token, if it is one: after pre, listing, textarea */
    bool table_text_decided; /* of the run of table text at hand … */
    bool table_text_fosters; /* … that it is not only white space */
    bool mode_doubtful;      /* the depth limit took an element away that modes are made of */
    bool stopped;
    bool no_memory;

    struct open_element *open;
    size_t open_count;
    size_t open_capacity;
    size_t open_max;
    uint32_t open_by_tag[TAG_COUNT]; /* HTML elements on the stack */

    struct formatting_element *formatting;
    size_t formatting_count;
    size_t clones_left;

    uint8_t *template_modes; /* of enum insertion_mode */
    size_t template_mode_count;

    struct node *head;
    struct node *form;
    struct open_element context; /* .node NULL: not a fragment */

    struct node *text; /* the run of text that grows, NULL when none does */
    bool text_copied;  /* it stands in text_buf, not in the source */
    struct buf text_buf;
};

enum status tree_parse(struct arena *arena, str text, const struct tree_options *options,
                       struct dom *out) MUST_CHECK;

/* An insertion mode's rules. True: the token is spent; false: the mode has changed, go on there. */
typedef bool mode_function(struct tree *tree, struct token *token);
#define X(name) bool tree_##name(struct tree *tree, struct token *token);
INSERTION_MODE_LIST(X)
#undef X
bool tree_foreign_content(struct tree *tree, struct token *token);
/* Names of attributes in the spelling that SVG and MathML want. */
void tree_adjust_attributes(struct token *token, enum name_space name_space);
/* The token by the rules of the mode that the tree is in, until it is spent. */
void tree_process_as_html(struct tree *tree, struct token *token);

/* HTML: in body, split by kind of token. */
bool tree_in_body_end_tag(struct tree *tree, struct token *token);
void tree_any_other_end_tag(struct tree *tree, const struct token *token);

/* open_elements.c */
uint32_t element_properties(element_key key);
struct open_element element_of(struct node *node);
static inline struct open_element *tree_current(struct tree *tree)
{
    return &tree->open[tree->open_count - 1];
}
static inline bool tree_current_is(struct tree *tree, enum tag tag)
{
    return tree_current(tree)->key == (element_key)tag;
}
/* The current node, or in a fragment with nothing but the root on the stack, the context. */
struct open_element *tree_adjusted_current(struct tree *tree);
void tree_push(struct tree *tree, struct node *node);
void tree_pop(struct tree *tree);
void tree_remove_open(struct tree *tree, size_t index);
void tree_insert_open(struct tree *tree, size_t index, struct node *node);
/* Pops so that `count` are left; the root always stays. */
void tree_pop_to(struct tree *tree, size_t count);
/* Pops up to and with the element; nothing when it is not there. */
void tree_pop_through(struct tree *tree, enum tag tag);
void tree_pop_through_any(struct tree *tree, uint32_t properties);
/* Index of the uppermost with that tag, 0 when there is none (the root is never looked for). */
size_t tree_find_open(struct tree *tree, enum tag tag);
bool tree_has_open(const struct tree *tree, enum tag tag);
size_t tree_index_of(struct tree *tree, const struct node *node); /* SIZE_MAX: not open */

bool tree_has_in_scope(struct tree *tree, enum tag tag);
bool tree_has_in_button_scope(struct tree *tree, enum tag tag);
bool tree_has_in_list_item_scope(struct tree *tree, enum tag tag);
bool tree_has_in_table_scope(struct tree *tree, enum tag tag);
bool tree_has_any_in_scope(struct tree *tree, uint32_t properties);
bool tree_has_any_in_table_scope(struct tree *tree, uint32_t properties);
bool tree_has_node_in_scope(struct tree *tree, const struct node *node);

void tree_generate_implied_end_tags(struct tree *tree, enum tag except);
void tree_generate_implied_end_tags_thoroughly(struct tree *tree);
void tree_close_p(struct tree *tree);
void tree_close_p_in_button_scope(struct tree *tree);
/* Back to an element with one of the properties, or a template, or html. */
void tree_clear_back_to(struct tree *tree, uint32_t properties, enum tag tag);
void tree_reset_insertion_mode(struct tree *tree);
void tree_push_template_mode(struct tree *tree, enum insertion_mode mode);
void tree_pop_template_mode(struct tree *tree);
void tree_switch_template_mode(struct tree *tree, enum insertion_mode mode);

/* insertion.c */
struct place tree_appropriate_place(struct tree *tree, struct open_element *target);
/* An element like this one, which need not say more than tag, name and attributes, and stands
 * nowhere yet. NULL: no memory. */
struct node *tree_make_element(struct tree *tree, const struct node *like);
/* Insert the element at the appropriate place and onto the stack. NULL in, NULL out. */
struct node *tree_insert_node(struct tree *tree, struct node *node);
/* Insert an HTML element for the token; it is the current node afterwards. NULL: no memory. */
struct node *tree_insert_element(struct tree *tree, const struct token *token);
struct node *tree_insert_foreign_element(struct tree *tree, const struct token *token,
                                         enum name_space name_space);
/* The same, and popped at once. */
void tree_insert_void_element(struct tree *tree, const struct token *token);
/* An element that no tag spells, where `token` stands. */
struct node *tree_insert_implied(struct tree *tree, enum tag tag, const struct token *token);
void tree_insert_text(struct tree *tree, const struct token *token);
void tree_end_text(struct tree *tree);
void tree_insert_comment(struct tree *tree, const struct token *token, struct node *parent);
/* Attributes of a second html or body tag that the first has not. */
void tree_add_attributes(struct node *node, struct attribute *attributes);
/* HTML: generic RCDATA and raw text element parsing algorithm. */
void tree_begin_text(struct tree *tree, const struct token *token, enum tokenizer_state state);

/* formatting.c */
void tree_push_formatting(struct tree *tree, struct node *node);
void tree_push_marker(struct tree *tree);
void tree_clear_to_marker(struct tree *tree);
void tree_reconstruct_formatting(struct tree *tree);
/* The last with that tag behind the last marker; NULL when there is none. */
struct node *tree_find_formatting(struct tree *tree, enum tag tag);
void tree_remove_formatting(struct tree *tree, struct node *node);
void tree_adoption_agency(struct tree *tree, const struct token *token);

/* Of a text token: how many bytes at its start are ASCII white space. */
size_t token_space_len(const struct token *token);
/* Its first `len` bytes as a token of its own, which it loses. */
struct token token_split_text(struct token *token, size_t len);

/* quirks.c: HTML: initial insertion mode. */
bool doctype_is_quirky(const struct token *token);

#endif
