/* SPDX-License-Identifier: Apache-2.0 */
#include "page/marks.h"

enum { ATTRIBUTE_MAX = 256 /* bytes of a class list that are looked at */, MARKS_FIRST = 8 };

static unsigned word_kind(str word)
{
    static const struct {
        str word;
        unsigned kind;
    } words[] = {
#define MARK(word_, kind_) {STR_INIT(word_), MARK_##kind_},
#include "page/marks.def"
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (words[i].word.len == word.len && str_equal_ignoring_ascii_case(words[i].word, word)) {
            return words[i].kind;
        }
    }
    return 0;
}

/* Can a word of marks.def begin with these two letters? Most of a page's classes end here. */
static bool may_begin(char first, char second)
{
    const char next = ascii_lower(second);
    switch (ascii_lower(first)) {
    case 'a':
    case 'z':
        return next == 'u';
    case 'b':
        return next == 'y';
    case 'c':
    case 'w':
        return next == 'r';
    case 'd':
    case 'l':
        return next == 'a';
    case 'f':
    case 'v':
        return next == 'e';
    case 'm':
        return next == 'o';
    case 'p':
        return next == 'o' || next == 'u';
    case 't':
        return next == 'i';
    case 'u':
        return next == 's' || next == 'p';
    default:
        return false;
    }
}

/* Words end at whatever is no letter, and where a capital follows a small letter. */
static unsigned class_kinds(str value)
{
    unsigned kinds = 0;
    value = str_slice(value, 0, ATTRIBUTE_MAX);
    for (size_t at = 0; at < value.len;) {
        size_t end = at;
        while (end < value.len && ascii_is_letter((unsigned char)value.ptr[end]) &&
               (end == at || value.ptr[end] >= 'a' || value.ptr[end - 1] < 'a')) {
            end++;
        }
        if (end - at >= 4 && may_begin(value.ptr[at], value.ptr[at + 1])) {
            kinds |= word_kind(str_slice(value, at, end));
        }
        at = end > at ? end : at + 1;
    }
    return kinds;
}

static unsigned element_kinds(const struct node *element)
{
    unsigned kinds = element->tag == TAG_time ? MARK_TIME : 0;
    for (const struct attribute *a = element->attributes; a; a = a->next) {
        if (a->name.len == 5 && memcmp(a->name.ptr, "class", 5) == 0) {
            kinds |= class_kinds(a->value);
        } else if (a->name.len == 2 && memcmp(a->name.ptr, "id", 2) == 0) {
            kinds |= class_kinds(a->value);
        } else if (a->name.len == 3 && memcmp(a->name.ptr, "rel", 3) == 0 &&
                   str_has_word(a->value, STR("author"))) {
            kinds |= MARK_AUTHOR;
        } else if (a->name.len == 7 && memcmp(a->name.ptr, "pubdate", 7) == 0) {
            kinds |= MARK_DATE;
        }
    }
    return kinds;
}

static bool grow(struct marks *marks, struct arena *arena)
{
    const size_t capacity = marks->capacity ? marks->capacity * 2 : MARKS_FIRST;
    struct mark *items = arena_resize(arena, marks->items, marks->capacity * sizeof *items,
                                      capacity * sizeof *items);
    if (items) {
        marks->items = items;
        marks->capacity = capacity;
    }
    return items != NULL;
}

bool marks_read(struct marks *marks, struct arena *arena, const struct node *element)
{
    if (marks->count == MARKS_MAX || element->tag == TAG_body) {
        return true;
    }
    const unsigned kinds = element_kinds(element);
    if (!kinds) {
        return true;
    }
    if (marks->count == marks->capacity && !grow(marks, arena)) {
        return false;
    }
    marks->items[marks->count++] = (struct mark){.node = element, .kinds = kinds};
    return true;
}
