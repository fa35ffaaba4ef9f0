/* SPDX-License-Identifier: Apache-2.0 */
#include "page/plain.h"

#include "base/buf.h"
#include "markup/reference.h"
#include "page/lines.h"

enum {
    NODE_BYTES_MAX = 512, /* names, dates and titles are shorter */
    NODES_MAX = 256       /* looked at below one element */
};

static bool shows_nothing(const struct node *node)
{
    return node->tag == TAG_script || node->tag == TAG_style || node->tag == TAG_template ||
           node->tag == TAG_noscript;
}

/* A line of its own, or a day that stands beside another without white space between. */
static bool stands_apart(const struct node *node)
{
    return node->tag == TAG_br || node->tag == TAG_li || node->tag == TAG_div ||
           node->tag == TAG_p || node->tag == TAG_time || node->tag == TAG_td ||
           node->tag == TAG_h4 || node->tag == TAG_small;
}

/* Appends with runs of white space as one space. */
static void add_collapsed(struct buf *buf, str text)
{
    for (size_t at = 0; at < text.len;) {
        const size_t next = blank_skip(text, at, text.len);
        if (next > at) {
            const str so_far = buf_str(buf);
            if (so_far.len && so_far.ptr[so_far.len - 1] != ' ') {
                buf_add_byte(buf, ' ');
            }
            at = next;
            continue;
        }
        size_t end = at;
        while (end < text.len && !ascii_is_space((unsigned char)text.ptr[end]) &&
               (unsigned char)text.ptr[end] < 0x80) {
            end++;
        }
        if (end == at) {
            do {
                end++;
            } while (end < text.len && ((unsigned char)text.ptr[end] & 0xC0) == 0x80);
        }
        buf_add(buf, str_slice(text, at, end));
        at = end;
    }
}

str plain_node(struct arena *arena, const struct node *node)
{
    struct buf buf;
    size_t seen = 0;
    buf_init(&buf, arena, NODE_BYTES_MAX * 2);
    const struct node *inner = node->first;
    while (inner && seen++ < NODES_MAX && buf_str(&buf).len < NODE_BYTES_MAX) {
        if (inner->kind == NODE_TEXT) {
            add_collapsed(&buf, str_slice(inner->text, 0,
                                          inner->text.len < NODE_BYTES_MAX ? inner->text.len : 0));
        } else if (inner->kind == NODE_ELEMENT && stands_apart(inner)) {
            add_collapsed(&buf, STR(" "));
        }
        inner = shows_nothing(inner) ? node_next_outside(inner, node) : node_next(inner, node);
    }
    return buf_failed(&buf) ? (str){0} : str_trim_ascii(buf_str(&buf));
}

/* One round: references and tags. */
static str unmark(struct arena *arena, str value)
{
    struct buf buf;
    buf_init(&buf, arena, value.len * 2 + 16); /* "&nGt;" is shorter than what it stands for */
    for (size_t at = 0; at < value.len;) {
        const char c = value.ptr[at];
        if (c == '&') {
            const struct reference reference =
                reference_read(str_slice(value, at, value.len), false);
            if (reference.len) {
                buf_add(&buf, (str){.ptr = reference.text, .len = reference.text_len});
                at += reference.len;
                continue;
            }
        }
        const bool tag =
            c == '<' && at + 1 < value.len &&
            (ascii_is_letter((unsigned char)value.ptr[at + 1]) || value.ptr[at + 1] == '/');
        const size_t close = tag ? str_find_byte(value, '>', at) : SIZE_MAX;
        if (close != SIZE_MAX) {
            buf_add_byte(&buf, ' ');
            at = close + 1;
            continue;
        }
        if (tag) {
            break; /* a tag that is cut: looking for its end again would not be linear */
        }
        buf_add_byte(&buf, (uint8_t)c);
        at++;
    }
    return buf_failed(&buf) ? (str){0} : buf_str(&buf);
}

static bool has_markup(str value)
{
    return str_find_byte(value, '&', 0) != SIZE_MAX || str_find_byte(value, '<', 0) != SIZE_MAX;
}

str plain_value(struct arena *arena, str value)
{
    for (int round = 0; round < 2 && has_markup(value); round++) {
        value = unmark(arena, value);
    }
    bool collapsed = true;
    for (size_t i = 0; i < value.len && collapsed; i++) {
        const unsigned char c = (unsigned char)value.ptr[i];
        collapsed =
            !(ascii_is_space(c) && (c != ' ' || i == 0 || value.ptr[i - 1] == ' ')) && c != 0xC2;
    }
    if (collapsed) {
        return value;
    }
    struct buf buf;
    buf_init(&buf, arena, value.len + 1);
    add_collapsed(&buf, value);
    return buf_failed(&buf) ? (str){0} : str_trim_ascii(buf_str(&buf));
}
