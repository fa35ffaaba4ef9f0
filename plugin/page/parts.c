/* SPDX-License-Identifier: Apache-2.0 */
#include "page/parts.h"

#include "text/utf8.h"

enum {
    CLASS_BYTES_MAX = 512, /* of a class list, the first part is looked at */
    WORD_MAX = 40,
    STEPS_BASE = 4096,
    HEADING_LINK_CHARACTERS_MAX = 2,
    GUTTER_NUMBERS_MIN = 3
};

struct named {
    str word;
    enum part part;
};

static const struct named parts[] = {
#define PART(word_, part_) {.word = STR_INIT(word_), .part = PART_##part_},
#include "page/parts.def"
};

enum { NAMED_COUNT = sizeof parts / sizeof parts[0] };

_Static_assert(NAMED_COUNT <= sizeof((struct part_table *)0)->next, "a place for each word");

void part_table_init(struct part_table *table, size_t source_len)
{
    *table = (struct part_table){.steps_left = STEPS_BASE + source_len};
    for (uint8_t i = NAMED_COUNT; i-- > 0;) {
        uint8_t *first = &table->first[parts[i].word.ptr[0] - 'a'];
        table->next[i] = *first;
        *first = (uint8_t)(i + 1);
    }
}

static enum part find_word(const struct part_table *table, str word)
{
    const char first = word.len ? ascii_lower(word.ptr[0]) : '\0';
    if (first < 'a' || first > 'z' || word.len > WORD_MAX) {
        return PART_ORDINARY;
    }
    for (uint8_t at = table->first[first - 'a']; at; at = table->next[at - 1]) {
        if (str_equal_ignoring_ascii_case(parts[at - 1].word, word)) {
            return parts[at - 1].part;
        }
    }
    return PART_ORDINARY;
}

static enum part find_class(const struct part_table *table, str classes)
{
    classes = str_slice(classes, 0, CLASS_BYTES_MAX);
    for (size_t at = 0; at < classes.len;) {
        size_t end = at;
        while (end < classes.len && !ascii_is_space((unsigned char)classes.ptr[end])) {
            end++;
        }
        const enum part part = find_word(table, str_slice(classes, at, end));
        if (part != PART_ORDINARY) {
            return part;
        }
        at = end + 1;
    }
    return PART_ORDINARY;
}

static bool is_comment_type(str type)
{
    return str_equal(type, STR("http://schema.org/Comment")) ||
           str_equal(type, STR("https://schema.org/Comment")) ||
           str_equal(type, STR("http://schema.org/UserComments"));
}

/* What names say. Only comments have an id of that kind. */
static enum part named_part(const struct part_table *table, const struct node *element)
{
    enum part by_id = PART_ORDINARY;
    for (const struct attribute *a = element->attributes; a; a = a->next) {
        enum part part = PART_ORDINARY;
        if (str_equal(a->name, STR("class"))) {
            part = find_class(table, a->value);
        } else if (str_equal(a->name, STR("id"))) {
            by_id = find_word(table, a->value);
        } else if (str_equal(a->name, STR("itemtype")) && is_comment_type(a->value)) {
            part = PART_COMMENTS;
        }
        if (part != PART_ORDINARY) {
            return part;
        }
    }
    return by_id == PART_COMMENTS ? by_id : PART_ORDINARY;
}

/* The next text inside `root`, NULL at the end or when enough was looked at. */
static const struct node *next_text(struct part_table *table, const struct node *node,
                                    const struct node *root)
{
    do {
        node = table->steps_left ? node_next(node, root) : NULL;
        table->steps_left -= table->steps_left > 0;
    } while (node && node->kind != NODE_TEXT);
    return node;
}

static bool is_digits_and_space(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        const unsigned char c = (unsigned char)text.ptr[i];
        if (!ascii_is_digit(c) && !ascii_is_space(c)) {
            return false;
        }
    }
    return true;
}

static bool is_word_of_icon(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        const unsigned char c = (unsigned char)text.ptr[i];
        if (!ascii_is_digit(c) && c != '_' && !(c >= 'a' && c <= 'z')) {
            return false;
        }
    }
    return true;
}

static bool holds_only(struct part_table *table, const struct node *element, bool (*test)(str))
{
    const struct node *text = next_text(table, element, element);
    while (text && test(str_trim_ascii(text->text))) {
        text = next_text(table, text, element);
    }
    return !text && table->steps_left;
}

/* A sign or two that are no word: #, ¶, §, a chain. */
static bool is_sign(str text)
{
    size_t count = 0;
    for (size_t at = 0; at < text.len;) {
        const uint32_t c = utf8_next(text, &at);
        if (code_point_is_cjk(c) || ascii_is_letter(c) || ascii_is_digit(c) ||
            ++count > HEADING_LINK_CHARACTERS_MAX) {
            return false;
        }
    }
    return true;
}

enum part part_of(struct part_table *table, const struct node *element)
{
    const enum part part = named_part(table, element);
    bool proven = true;
    switch (part) {
    case PART_LINE_NUMBERS:
        proven = holds_only(table, element, is_digits_and_space);
        break;
    case PART_ICON:
        proven = holds_only(table, element, is_word_of_icon);
        break;
    case PART_HEADING_LINK:
        proven = element->tag == TAG_a && holds_only(table, element, is_sign);
        break;
    case PART_FOR_SCREEN_READERS:
        proven = element->tag != TAG_h1 && element->tag != TAG_body && element->tag != TAG_html;
        break;
    case PART_COMMENTS:
        proven = element->tag != TAG_body && element->tag != TAG_html && element->tag != TAG_main;
        break;
    case PART_ORDINARY:
    case PART_EDIT_LINK:
        break;
    }
    return proven ? part : PART_ORDINARY;
}

/* Numbers in `text`, each one more than the one before. */
static bool numbers_follow(str text, uint32_t *last, size_t *count)
{
    for (size_t at = 0; at < text.len;) {
        if (ascii_is_space((unsigned char)text.ptr[at])) {
            at++;
            continue;
        }
        uint32_t number = 0;
        const size_t first = at;
        while (at < text.len && ascii_is_digit((unsigned char)text.ptr[at]) && at - first < 7) {
            number = number * 10 + (uint32_t)(text.ptr[at++] - '0');
        }
        if (at == first || (*count && number != *last + 1)) {
            return false;
        }
        *last = number;
        ++*count;
    }
    return true;
}

bool part_is_gutter(struct part_table *table, const struct node *element)
{
    uint32_t last = 0;
    size_t count = 0;
    const struct node *text = next_text(table, element, element);
    while (text && numbers_follow(text->text, &last, &count)) {
        text = next_text(table, text, element);
    }
    return !text && table->steps_left && count >= GUTTER_NUMBERS_MIN;
}
