/* SPDX-License-Identifier: Apache-2.0 */
#include "page/aside.h"

#include "page/display.h"

static bool is_blank(str text)
{
    return blank_skip(text, 0, text.len) == text.len;
}

void aside_write_alt(struct line_writer *writer, const struct node *element, struct verdict verdict)
{
    const struct attribute *alt = element->attributes ? node_attribute(element, STR("alt")) : NULL;
    if (alt && !is_blank(alt->value)) {
        writer_alternative(writer, &(struct alternative){
                                       .text = alt->value,
                                       .span = {.start = alt->src_start, .end = alt->src_end},
                                       .verdict = verdict,
                                   });
    }
}

/* The texts from `first` to the last that stands behind it in the source, as one entry. */
struct gathered {
    const struct node *first;
    size_t src_end;
    size_t len; /* of all their text */
    size_t count;
};

static const struct node *next_shown(const struct node *node, const struct node *root)
{
    const bool is_shown = node->kind != NODE_ELEMENT || tag_display(node->tag) != DISPLAY_NOTHING;
    return is_shown ? node_next(node, root) : node_next_outside(node, root);
}

static str join_texts(struct line_writer *writer, const struct gathered *all,
                      const struct node *root)
{
    if (all->count == 1) {
        return all->first->text;
    }
    char *text = arena_text(writer->lines->arena, all->len);
    if (!text) {
        writer->failed = true;
        return STR("");
    }
    size_t at = 0;
    for (const struct node *node = all->first; node && at < all->len;
         node = next_shown(node, root)) {
        if (node->kind == NODE_TEXT) {
            memcpy(text + at, node->text.ptr, node->text.len);
            at += node->text.len;
        }
    }
    return (str){.ptr = text, .len = at};
}

static void say(struct line_writer *writer, struct gathered *all, const struct node *root,
                struct verdict verdict)
{
    if (all->count) {
        const str text = join_texts(writer, all, root);
        const size_t from = blank_skip(text, 0, text.len);
        if (from < text.len) {
            writer_alternative(writer,
                               &(struct alternative){
                                   .text = str_slice(text, from, blank_trim(text, from, text.len)),
                                   .span = {.start = all->first->src_start, .end = all->src_end},
                                   .verdict = verdict,
                               });
        }
    }
    *all = (struct gathered){0};
}

void aside_write(struct line_writer *writer, const struct node *element, struct verdict verdict)
{
    struct gathered all = {0};
    for (const struct node *node = element; node; node = next_shown(node, element)) {
        if (node->kind == NODE_ELEMENT && tag_display(node->tag) != DISPLAY_NOTHING) {
            aside_write_alt(writer, node, verdict);
        }
        if (node->kind != NODE_TEXT) {
            continue;
        }
        if (all.count && node->src_start < all.src_end) {
            say(writer, &all, element, verdict);
        }
        all.first = all.count ? all.first : node;
        all.src_end = node->src_end;
        all.len += node->text.len;
        all.count++;
    }
    say(writer, &all, element, verdict);
}
