/* SPDX-License-Identifier: Apache-2.0 */
#include "page/list_items.h"

/* HTML: rules for parsing integers; what lies beyond 32 bits is none. *out stays where there is
 * none. */
static bool read_integer(str value, int32_t *out)
{
    size_t at = 0;
    while (at < value.len && ascii_is_space((unsigned char)value.ptr[at])) {
        at++;
    }
    const bool negative = at < value.len && value.ptr[at] == '-';
    at += at < value.len && (value.ptr[at] == '-' || value.ptr[at] == '+');
    int64_t number = 0;
    const size_t first = at;
    for (; at < value.len && ascii_is_digit((unsigned char)value.ptr[at]); at++) {
        number = number * 10 + (value.ptr[at] - '0');
        if (number > INT32_MAX) {
            return false;
        }
    }
    if (at > first) {
        *out = (int32_t)(negative ? -number : number);
    }
    return at > first;
}

static int32_t count_items(const struct node *list)
{
    int32_t count = 0;
    for (const struct node *each = list->first; each; each = each->next) {
        count += each->tag == TAG_li && count < INT32_MAX;
    }
    return count;
}

/* Styles that show no mark at all; a style sheet's are not read. */
static bool has_no_marks(const struct node *element)
{
    const str style = node_attribute_value(element, STR("style"));
    const size_t at = str_find(style, STR("list-style"), 0);
    return at < style.len && str_find(style, STR("none"), at) < style.len;
}

struct list list_begin(const struct node *element)
{
    if (element->tag != TAG_ol || has_no_marks(element)) {
        return (struct list){.numbered = false};
    }
    struct list list = {
        .numbered = true, .reversed = node_attribute(element, STR("reversed")), .next = 1};
    if (!read_integer(node_attribute_value(element, STR("start")), &list.next) && list.reversed) {
        list.next = count_items(element);
    }
    return list;
}

uint32_t list_number(struct list *list, const struct node *item)
{
    if (!list->numbered) {
        return 0;
    }
    int32_t number = list->next;
    if (read_integer(node_attribute_value(item, STR("value")), &number)) {
        list->next = number;
    }
    if (list->reversed && list->next > INT32_MIN) {
        list->next--;
    } else if (!list->reversed && list->next < INT32_MAX) {
        list->next++;
    }
    return number > 0 ? (uint32_t)number : 0;
}
