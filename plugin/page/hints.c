/* SPDX-License-Identifier: Apache-2.0 */
#include "page/hints.h"

enum { WORD_MAX = 24, ATTRIBUTE_MAX = 1024 /* of a class list, the first part is looked at */ };

struct hint {
    str word;
    bool is_content;
    enum drop_reason reason;
};

static const struct hint hints[] = {
#define HINT(word_, reason_) {.word = STR_INIT(word_), .reason = DROP_##reason_},
#define CONTENT(word_)       {.word = STR_INIT(word_), .is_content = true},
#include "page/hints.def"
};

enum { HINT_COUNT = sizeof hints / sizeof hints[0] };

_Static_assert(HINT_COUNT <= sizeof((struct hint_table *)0)->next, "a hint for each place");

void hint_table_init(struct hint_table *table)
{
    *table = (struct hint_table){0};
    for (uint8_t i = HINT_COUNT; i-- > 0;) {
        uint8_t *first = &table->first[hints[i].word.ptr[0] - 'a'];
        table->next[i] = *first;
        *first = (uint8_t)(i + 1);
    }
}

/* `word` begins with a small letter. */
static const struct hint *hint_find(const struct hint_table *table, str word)
{
    uint8_t at = table->first[word.ptr[0] - 'a'];
    while (at && !str_equal(hints[at - 1].word, word)) {
        at = table->next[at - 1];
    }
    return at ? &hints[at - 1] : NULL;
}

/* The next word of a class or id attribute, in lower case, in `word`; words that are too long for
 * any hint come out empty. False at the end. */
static bool word_next(str value, size_t *at, char word[WORD_MAX], size_t *len)
{
    while (*at < value.len && !ascii_is_letter((unsigned char)value.ptr[*at])) {
        (*at)++;
    }
    if (*at >= value.len) {
        return false;
    }
    *len = 0;
    size_t count = 0;
    char before = 'A';
    while (*at < value.len && ascii_is_letter((unsigned char)value.ptr[*at])) {
        const char c = value.ptr[*at];
        if (c < 'a' && before >= 'a') {
            break;
        }
        if (count < WORD_MAX) {
            word[count] = ascii_lower(c);
        }
        count++;
        before = c;
        (*at)++;
    }
    *len = count <= WORD_MAX ? count : 0;
    return true;
}

struct words {
    bool content;
    const struct hint *hint;
};

static void look_at(const struct hint_table *table, str value, struct words *words)
{
    char word[WORD_MAX];
    size_t len = 0;
    size_t at = 0;
    value = str_slice(value, 0, ATTRIBUTE_MAX);
    while (word_next(value, &at, word, &len)) {
        const struct hint *hint = len ? hint_find(table, (str){.ptr = word, .len = len}) : NULL;
        if (hint && hint->is_content) {
            words->content = true;
        } else if (hint && !words->hint) {
            words->hint = hint;
        }
    }
}

static struct verdict dropped(enum drop_reason reason)
{
    return (struct verdict){.dropped = true, .reason = reason, .column = COLUMN_NONE};
}

static struct verdict role_hint(str role, bool in_article)
{
    if (str_equal(role, STR("navigation")) || str_equal(role, STR("search")) ||
        str_equal(role, STR("menu")) || str_equal(role, STR("menubar"))) {
        return VERDICT_DROP(navigation);
    }
    if (!in_article && (str_equal(role, STR("contentinfo")) ||
                        str_equal(role, STR("complementary")) || str_equal(role, STR("banner")))) {
        return VERDICT_DROP(boilerplate);
    }
    return VERDICT_BODY;
}

static struct verdict tag_hint(enum tag tag, bool in_article)
{
    if (tag == TAG_nav || tag == TAG_search) {
        return VERDICT_DROP(navigation);
    }
    if (!in_article && (tag == TAG_footer || tag == TAG_aside || tag == TAG_header)) {
        return VERDICT_DROP(boilerplate);
    }
    return VERDICT_BODY;
}

static bool takes_no_hint(enum tag tag)
{
    return tag == TAG_html || tag == TAG_body || tag == TAG_main || tag == TAG_article ||
           tag == TAG_h1;
}

struct verdict element_hint(const struct hint_table *table, const struct node *element,
                            bool in_article)
{
    if (takes_no_hint(element->tag)) {
        return VERDICT_BODY;
    }
    struct verdict verdict = tag_hint(element->tag, in_article);
    if (verdict.dropped || !element->attributes) {
        return verdict;
    }
    struct words words = {0};
    for (const struct attribute *a = element->attributes; a; a = a->next) {
        if (str_equal(a->name, STR("role"))) {
            verdict = role_hint(a->value, in_article);
            if (verdict.dropped) {
                return verdict;
            }
        } else if (str_equal(a->name, STR("class")) || str_equal(a->name, STR("id"))) {
            look_at(table, a->value, &words);
        }
    }
    return words.hint && !words.content ? dropped(words.hint->reason) : VERDICT_BODY;
}

/* Does the style declare `property` with a value that begins with `value`? Comments and escapes in
 * an inline style are not unravelled: such a style hides nothing. */
static bool style_says(str style, str property, str value)
{
    size_t at = 0;
    while (at < style.len) {
        const size_t semicolon = str_find_byte(style, ';', at);
        const size_t end = semicolon < style.len ? semicolon : style.len;
        const str declaration = str_slice(style, at, end);
        const size_t colon = str_find_byte(declaration, ':', 0);
        if (colon < declaration.len) {
            const str name = str_trim_ascii(str_slice(declaration, 0, colon));
            const str said = str_trim_ascii(str_slice(declaration, colon + 1, declaration.len));
            if (str_equal_ignoring_ascii_case(name, property) &&
                str_equal_ignoring_ascii_case(str_slice(said, 0, value.len), value)) {
                return true;
            }
        }
        at = end + 1;
    }
    return false;
}

bool element_is_hidden(const struct node *element)
{
    if (element->tag == TAG_html || element->tag == TAG_body) {
        return false;
    }
    for (const struct attribute *a = element->attributes; a; a = a->next) {
        if (str_equal(a->name, STR("hidden"))) {
            return true;
        }
        if (str_equal(a->name, STR("style"))) {
            const str style = str_slice(a->value, 0, ATTRIBUTE_MAX);
            return style_says(style, STR("display"), STR("none")) ||
                   style_says(style, STR("visibility"), STR("hidden"));
        }
    }
    return element->tag == TAG_dialog && !node_attribute(element, STR("open"));
}
