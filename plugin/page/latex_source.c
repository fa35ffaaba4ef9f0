/* SPDX-License-Identifier: Apache-2.0 */
#include "page/latex.h"

static str collapse(struct arena *arena, const struct node *from, const struct node *element,
                    size_t len)
{
    char *out = arena_text(arena, len);
    size_t end = 0;
    bool gap = false;
    if (!out) {
        return (str){0};
    }
    for (const struct node *node = from; node; node = node_next(node, element)) {
        if (node->kind != NODE_TEXT) {
            continue;
        }
        for (size_t i = 0; i < node->text.len; i++) {
            const bool space = ascii_is_space((unsigned char)node->text.ptr[i]);
            if (!space && gap && end) {
                out[end++] = ' ';
            }
            if (!space) {
                out[end++] = node->text.ptr[i];
            }
            gap = space;
        }
    }
    return (str){.ptr = out, .len = end};
}

static bool is_collapsed(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (ascii_is_space((unsigned char)text.ptr[i]) &&
            (text.ptr[i] != ' ' || (i + 1 < text.len && text.ptr[i + 1] == ' '))) {
            return false;
        }
    }
    return true;
}

str latex_source(struct arena *arena, const struct node *element)
{
    const struct node *only = NULL;
    size_t len = 0;
    size_t count = 0;
    for (const struct node *node = element; node; node = node_next(node, element)) {
        if (node->kind == NODE_TEXT) {
            only = count ? only : node;
            len += node->text.len;
            count++;
        }
    }
    if (count == 0) {
        return STR("");
    }
    const str trimmed = str_trim_ascii(only->text);
    if (count == 1 && is_collapsed(trimmed)) {
        return trimmed;
    }
    return collapse(arena, only, element, len);
}
