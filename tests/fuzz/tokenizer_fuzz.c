/* SPDX-License-Identifier: Apache-2.0 */
/* HTML of any bytes: the tree is well-formed, every place lies in the source, nodes are linked both
 * ways, nothing is deeper than allowed. */
#include "fuzz.h"

#include "markup/html.h"
#include "text/decode.h"
#include "text/utf8.h"

enum { DEPTH_MAX = 64, ARENA_BYTES = 64 << 20 };

static void check_node(const struct node *node, const struct dom *dom)
{
    MUST(node->src_start <= node->src_end && node->src_end <= dom->source.len);
    MUST(utf8_is_valid(str_bytes(node->text)) && utf8_is_valid(str_bytes(node->name)));
    MUST(!node->first == !node_last(node));
    MUST(!node->first || (!node_previous(node->first) && node->first->parent == node));
    MUST(!node->next || node_previous(node->next) == node);
    for (const struct attribute *a = node->attributes; a; a = a->next) {
        MUST(a->src_start <= a->src_end && a->src_end <= dom->source.len);
        MUST(utf8_is_valid(str_bytes(a->value)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct decoded decoded;
    struct dom dom = {0};
    const bytes content = {.ptr = data, .len = size};
    str source;
    arena_init(&arena, ARENA_BYTES);
    (void)html_prescan(content, &source);
    if (decode(&arena, content, charset_utf_8, &decoded) == STATUS_OK &&
        html_parse(&arena, decoded.text, DEPTH_MAX, NULL, &dom) == STATUS_OK) {
        for (const struct node *node = dom.document; node; node = node_next(node, dom.document)) {
            check_node(node, &dom);
        }
    }
    arena_release(&arena);
    return 0;
}
