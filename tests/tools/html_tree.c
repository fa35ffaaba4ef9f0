/* SPDX-License-Identifier: Apache-2.0 */
/* HTML on stdin, its tree on stdout as the html5lib tree construction suite writes it. */
#include "markup/html.h"
#include "markup/tree.h"
#include "tools/suite_case.h"

#include <stdlib.h>

static void indent(struct buf *out, size_t depth)
{
    buf_add(out, STR("| "));
    for (size_t i = 0; i < depth; i++) {
        buf_add(out, STR("  "));
    }
}

static str name_space_prefix(enum name_space name_space)
{
    switch (name_space) {
    case NAME_SPACE_SVG:
        return STR("svg ");
    case NAME_SPACE_MATHML:
        return STR("math ");
    case NAME_SPACE_HTML:
        break;
    }
    return STR("");
}

/* HTML: adjust foreign attributes. Which name spaces the suite wants to see named. */
static void add_attribute_name(struct buf *out, const struct node *node, str name)
{
    static const str names[] = {
        STR_INIT("xlink:actuate"), STR_INIT("xlink:arcrole"), STR_INIT("xlink:href"),
        STR_INIT("xlink:role"),    STR_INIT("xlink:show"),    STR_INIT("xlink:title"),
        STR_INIT("xlink:type"),    STR_INIT("xml:lang"),      STR_INIT("xml:space"),
        STR_INIT("xmlns:xlink"),
    };
    bool is_adjusted = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        is_adjusted |= str_equal(names[i], name);
    }
    const size_t colon = str_find_byte(name, ':', 0);
    if (node->name_space != NAME_SPACE_HTML && str_equal(name, STR("xmlns"))) {
        buf_add(out, STR("xmlns xmlns"));
        return;
    }
    if (node->name_space == NAME_SPACE_HTML || !is_adjusted) {
        buf_add(out, name);
        return;
    }
    buf_add(out, str_slice(name, 0, colon));
    buf_add(out, STR(" "));
    buf_add(out, str_slice(name, colon + 1, name.len));
}

struct attribute_line {
    str name; /* as the suite spells it */
    str value;
};

static int compare_lines(const void *a, const void *b)
{
    const struct attribute_line *left = a;
    const struct attribute_line *right = b;
    return str_compare(left->name, right->name);
}

/* Sorted by UTF-16 code units, which for the suite's names is by bytes. */
static bool add_attributes(struct arena *arena, struct buf *out, const struct node *node,
                           size_t depth)
{
    struct attribute_line lines[HTML_ATTRIBUTE_COUNT_MAX + 64];
    size_t count = 0;
    for (const struct attribute *each = node->attributes;
         each && count < sizeof lines / sizeof *lines; each = each->next) {
        struct buf name;
        buf_init(&name, arena, out->limit_bytes);
        add_attribute_name(&name, node, each->name);
        if (buf_failed(&name)) {
            return false;
        }
        lines[count++] = (struct attribute_line){.name = buf_str(&name), .value = each->value};
    }
    qsort(lines, count, sizeof *lines, compare_lines);
    for (size_t i = 0; i < count; i++) {
        indent(out, depth + 1);
        buf_add(out, lines[i].name);
        buf_add(out, STR("=\""));
        buf_add(out, lines[i].value);
        buf_add(out, STR("\"\n"));
    }
    return true;
}

static void add_doctype(struct buf *out, const struct node *node)
{
    buf_add(out, STR("<!DOCTYPE "));
    buf_add(out, node->name);
    if (node_attribute_value(node, STR("public")).len ||
        node_attribute_value(node, STR("system")).len) {
        buf_add(out, STR(" \""));
        buf_add(out, node_attribute_value(node, STR("public")));
        buf_add(out, STR("\" \""));
        buf_add(out, node_attribute_value(node, STR("system")));
        buf_add(out, STR("\""));
    }
    buf_add(out, STR(">\n"));
}

/* Runs that stand side by side are one text to the suite. */
static const struct node *add_text(struct buf *out, const struct node *node, bool spans)
{
    buf_add(out, STR("\""));
    buf_add(out, node->text);
    while (!spans && node->next && node->next->kind == NODE_TEXT) {
        node = node->next;
        buf_add(out, node->text);
    }
    buf_add(out, STR("\""));
    if (spans) {
        buf_add(out, STR(" "));
        buf_add_integer(out, (int64_t)node->src_start);
        buf_add(out, STR(".."));
        buf_add_integer(out, (int64_t)node->src_end);
    }
    buf_add(out, STR("\n"));
    return node;
}

/* One line, or several; the node to go on behind. */
static const struct node *add_node(struct arena *arena, struct buf *out, const struct node *node,
                                   size_t depth, bool spans)
{
    indent(out, depth);
    switch (node->kind) {
    case NODE_DOCUMENT:
        buf_add(out, STR("content\n"));
        break;
    case NODE_DOCTYPE:
        add_doctype(out, node);
        break;
    case NODE_TEXT:
        return add_text(out, node, spans);
    case NODE_COMMENT:
        buf_add(out, STR("<!-- "));
        buf_add(out, node->text);
        buf_add(out, STR(" -->\n"));
        break;
    case NODE_ELEMENT:
        buf_add(out, STR("<"));
        buf_add(out, name_space_prefix(node->name_space));
        buf_add(out, node->name);
        buf_add(out, STR(">\n"));
        out->failed |= !add_attributes(arena, out, node, depth);
        break;
    }
    return node;
}

/* The node behind this one and all in it; *depth changes by what was climbed. A template's content
 * comes before its children. */
static const struct node *next_outside(const struct node *node, const struct node *root,
                                       size_t *depth)
{
    while (node != root && !node->next) {
        const struct node *parent = node->parent;
        if (node_content(parent) == node && parent->first) {
            return parent->first;
        }
        node = parent;
        (*depth)--;
    }
    return node == root ? NULL : node->next;
}

static void add_tree(struct arena *arena, struct buf *out, const struct node *root, bool spans)
{
    const struct node *node = root->first;
    size_t depth = 0;
    while (node) {
        node = add_node(arena, out, node, depth, spans);
        if (node_content(node) || node->first) {
            node = node_content(node) ? node_content(node) : node->first;
            depth++;
        } else {
            node = next_outside(node, root, &depth);
        }
    }
}

/* "svg path", "math mi" or "td". */
static struct node context_named(str words)
{
    struct node context = {.kind = NODE_ELEMENT, .name = words};
    if (str_starts(words, STR("svg "))) {
        context.name_space = NAME_SPACE_SVG;
        context.name = str_slice(words, 4, words.len);
    } else if (str_starts(words, STR("math "))) {
        context.name_space = NAME_SPACE_MATHML;
        context.name = str_slice(words, 5, words.len);
    }
    context.tag = tag_find(context.name);
    if (str_equal(context.name, STR("foreignObject"))) {
        context.tag = TAG_foreignobject;
    }
    return context;
}

static enum status run(struct arena *arena, const struct suite_case *input, struct buf *out)
{
    const struct tree_options options = {
        .depth_max = 512, .scripting = input->scripting, .context = context_named(input->fragment)};
    struct dom dom;
    TRY(tree_parse(arena, input->text, &options, &dom));
    const bool is_fragment = input->fragment.len > 0;
    add_tree(arena, out, is_fragment ? dom.document->first : dom.document, input->spans);
    return STATUS_OK;
}

int main(int argc, char **argv)
{
    return suite_case_main(argc, argv, run);
}
