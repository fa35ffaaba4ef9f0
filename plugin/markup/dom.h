/* SPDX-License-Identifier: Apache-2.0 */
/* A page as a tree, in an arena, with the place in the source of everything that can be seen.
 *
 *   document ─ element html ─ element body ─ element p ─ text "Tom &amp; Al" → "Tom & Al"
 *                                                         src_start … src_end: the raw spelling
 *
 * Offsets are bytes of the decoded text the tree was made from. Text nodes are runs: two runs that
 * did not stand side by side in the source (foster parenting, a tag between) stay two nodes; the
 * tree that the standard describes is had by joining neighbours.
 *
 * Names, texts and values are slices of that text wherever the source spells them as they are, so
 * it must live as long as the tree.
 */
#ifndef MARKUP_DOM_H
#define MARKUP_DOM_H

#include "base/arena.h"
#include "markup/tags.h"

enum node_kind { NODE_DOCUMENT, NODE_DOCTYPE, NODE_ELEMENT, NODE_TEXT, NODE_COMMENT };

enum name_space { NAME_SPACE_HTML, NAME_SPACE_SVG, NAME_SPACE_MATHML };

struct attribute {
    str name;  /* lower case, or adjusted as the standard says for SVG and MathML */
    str value; /* references resolved */
    struct attribute *next;
    uint32_t src_start; /* of the value's raw spelling, without quotes */
    uint32_t src_end;
};

/* A page has a node for every dozen bytes or so: their size is the size of the tree. */
struct node {
    enum node_kind kind : 4;
    enum name_space name_space : 4;
    enum tag tag : 16; /* elements: TAG_unknown for names outside tags.def. SVG's title is TAG_title
                          too: only with NAME_SPACE_HTML is it the page's */
    bool
        implied : 1; /* the source does not spell it: html, head, tbody, formatting opened again … */
    bool open : 1;      /* while parsing: on the stack of open elements */
    bool listed : 1;    /* while parsing: in the list of active formatting elements */
    uint32_t depth;     /* the document's is 0, of html 1 */
    uint32_t src_start; /* text: its raw spelling; elements: the start tag */
    uint32_t src_end;
    union {
        str name; /* elements: local name; doctype: its name */
        str text; /* text and comments: references resolved; a U+0000 is U+FFFD or gone */
    };
    struct attribute *attributes; /* doctype: `public` and `system`, where it has them */
    struct node *parent, *first, *next;
    struct node *before; /* of a first child: the last one; else the one before. node_previous() */
};

/* What every template element of HTML is. */
struct template_node {
    struct node node;
    struct node *content; /* a NODE_DOCUMENT whose parent is the template */
};

struct dom {
    struct node *document;
    str source; /* the decoded text */
    bool quirks;
    int64_t bad_references;  /* character references the standard calls errors */
    bool depth_limited;      /* elements nested deeper than depth_max became siblings */
    bool attributes_limited; /* attributes beyond HTML_ATTRIBUTE_COUNT_MAX of a tag were left out */
    bool formatting_limited; /* formatting was not opened again as often as the standard would */
    uint64_t steps; /* what parsing looked at: grows with the text's length, and no faster */
};

/* The first attribute of that name; NULL when there is none. [any thread] */
const struct attribute *node_attribute(const struct node *node, str name);
/* Its value, or the empty str. */
str node_attribute_value(const struct node *node, str name);

static inline struct node *node_last(const struct node *node)
{
    return node->first ? node->first->before : NULL;
}

static inline struct node *node_previous(const struct node *node)
{
    return node->parent && node->parent->first != node ? node->before : NULL;
}

static inline bool node_is_template(const struct node *node)
{
    return node->kind == NODE_ELEMENT && node->tag == TAG_template &&
           node->name_space == NAME_SPACE_HTML;
}

/* Of a template; NULL of anything else. */
static inline struct node *node_content(const struct node *node)
{
    return node_is_template(node) ? ((const struct template_node *)node)->content : NULL;
}

/* The next node in document order inside `root`, NULL at the end; template contents are not
 * entered. No recursion anywhere: depth costs no stack. */
struct node *node_next(const struct node *node, const struct node *root);
/* The same without the descendants of `node`. */
struct node *node_next_outside(const struct node *node, const struct node *root);

/* For whoever builds: out of its parent; into `parent`, in front of `before` or (NULL) last; all
 * children of one behind the children of the other, and how many these were. */
void node_detach(struct node *node);
void node_insert(struct node *parent, struct node *node, struct node *before);
size_t node_move_children(struct node *from, struct node *to);

#endif
