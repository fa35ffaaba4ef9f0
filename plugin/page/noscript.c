/* SPDX-License-Identifier: Apache-2.0 */
#include "page/noscript.h"

#include "page/display.h"
#include "page/hints.h"

enum {
    /* Bytes but white space, of which an ideograph has three. A page that shows more without its
     * scripts is the document, or does not hold it. */
    SHOWN_MAX = 400,
    /* With less it only says that scripts are needed, in a few languages perhaps. */
    NOSCRIPT_MIN = 500,
    NOSCRIPT_TIMES_SHOWN = 4
};

struct weights {
    size_t shown;
    size_t noscript;
    bool has_script;
    bool embeds; /* a picture, a frame: something to see that is no text */
};

static size_t count_ink(str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        count += (unsigned char)text.ptr[i] > 0x20;
    }
    return count;
}

/* Nothing that is inside of it counts as shown. */
static bool is_passed_over(const struct node *node)
{
    const enum display display = tag_display(node->tag);
    return display == DISPLAY_TITLE || display == DISPLAY_CONTROL || display == DISPLAY_FALLBACK ||
           display == DISPLAY_NOTHING || element_is_hidden(node);
}

static size_t weigh_inside(const struct node *root)
{
    size_t weight = 0;
    const struct node *node = node_next(root, root);
    while (node) {
        const bool passed = node->kind == NODE_ELEMENT && is_passed_over(node);
        weight += node->kind == NODE_TEXT ? count_ink(node->text) : 0;
        node = passed ? node_next_outside(node, root) : node_next(node, root);
    }
    return weight;
}

static bool is_embedded(enum tag tag)
{
    static const bool embedded[TAG_COUNT] = {
        [TAG_img] = true,    [TAG_iframe] = true, [TAG_frame] = true, [TAG_object] = true,
        [TAG_embed] = true,  [TAG_video] = true,  [TAG_audio] = true, [TAG_svg] = true,
        [TAG_applet] = true, [TAG_math] = true,
    };
    return embedded[tag];
}

/* Goes no further than the first text that shows that the page needs no such help. */
static struct weights weigh(const struct node *root)
{
    struct weights weights = {0};
    const struct node *node = node_next(root, root);
    while (node && weights.shown <= SHOWN_MAX) {
        const bool is_element = node->kind == NODE_ELEMENT;
        const bool passed = is_element && is_passed_over(node);
        weights.has_script = weights.has_script || (is_element && node->tag == TAG_script);
        weights.embeds = weights.embeds || (is_element && is_embedded(node->tag));
        if (is_element && node->tag == TAG_noscript) {
            weights.noscript += weigh_inside(node);
        } else if (node->kind == NODE_TEXT) {
            weights.shown += count_ink(node->text);
        }
        node = passed ? node_next_outside(node, root) : node_next(node, root);
    }
    return weights;
}

static int64_t open_all(const struct node *root)
{
    int64_t count = 0;
    for (struct node *node = node_next(root, root); node; node = node_next(node, root)) {
        if (node->kind == NODE_ELEMENT && node->tag == TAG_noscript) {
            node->tag = TAG_div;
            count++;
        }
    }
    return count;
}

bool noscript_read(struct document *document, const struct dom *dom)
{
    const struct weights weights = weigh(dom->document);
    if (weights.shown <= SHOWN_MAX && weights.noscript >= NOSCRIPT_MIN &&
        weights.noscript >= weights.shown * NOSCRIPT_TIMES_SHOWN) {
        document_note_many(document, NOTE_noscript_read, -1, open_all(dom->document));
        return false;
    }
    return weights.shown == 0 && weights.has_script && !weights.embeds;
}
