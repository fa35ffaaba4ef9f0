/* SPDX-License-Identifier: Apache-2.0 */
#include "page/evidence.h"

#include "page/type_elements.h"

enum {
    THINGS_MAX = 64, /* types looked at in one script: lists of products name theirs each time */
    BODY_NAMES_MAX = 512
};

enum where { WHERE_THING, WHERE_OG, WHERE_MAKER, WHERE_BODY };

struct stated_type {
    str word;
    enum where where;
    enum page_type type;
    uint8_t points;
};

static const struct stated_type stated_types[] = {
#define STATED(where_, word_, type_, points_)                                                      \
    {.word = STR_INIT(word_),                                                                      \
     .where = WHERE_##where_,                                                                      \
     .type = PAGE_TYPE_##type_,                                                                    \
     .points = points_},
#include "page/page_type.def"
};

enum { STATED_COUNT = sizeof stated_types / sizeof stated_types[0] };

_Static_assert(sizeof stated_types / sizeof stated_types[0] <= 64, "a bit of `seen` for each");

static void take(struct page_evidence *evidence, enum where where, str word)
{
    for (size_t i = 0; i < STATED_COUNT; i++) {
        const struct stated_type *stated = &stated_types[i];
        if (stated->where == where && !(evidence->seen >> i & 1) && str_equal(stated->word, word)) {
            evidence->seen |= (uint64_t)1 << i;
            evidence->points[stated->type] =
                (uint16_t)(evidence->points[stated->type] + stated->points);
        }
    }
}

static void take_thing(struct page_evidence *evidence, str name)
{
    take(evidence, WHERE_THING, name);
    type_text_count(&evidence->words, name, TYPE_THING, &evidence->counts);
}

static bool is_name(char c)
{
    return ascii_is_letter((unsigned char)c) || ascii_is_digit((unsigned char)c) || c == '.' ||
           c == ':' || c == '_';
}

/* The word that begins at or behind `at`, before `end`. */
static str word_at(str text, size_t at, size_t end)
{
    while (at < end && !is_name(text.ptr[at])) {
        at++;
    }
    size_t to = at;
    while (to < end && is_name(text.ptr[to])) {
        to++;
    }
    return str_slice(text, at, to);
}

/* A name of schema.org, without the vocabulary's address. */
static str thing_name(str url)
{
    size_t from = url.len;
    while (from > 0 && url.ptr[from - 1] != '/' && url.ptr[from - 1] != ':') {
        from--;
    }
    return str_slice(url, from, url.len);
}

/* Every "@type" of a script, one name or a list of them: what thing has it does not matter here. */
static void read_script(struct page_evidence *evidence, str script)
{
    const str key = STR("\"@type\"");
    size_t at = str_find(script, key, 0);
    for (size_t i = 0; i < THINGS_MAX && at < script.len; i++) {
        const size_t from = at + key.len;
        const size_t comma = str_find_byte(script, ',', from);
        const size_t brace = str_find_byte(script, '}', from);
        const size_t end = comma < brace ? comma : brace;
        const str word = word_at(script, from + 1, end < script.len ? end : script.len);
        take_thing(evidence, thing_name(word));
        at = str_find(script, key, from);
    }
}

static void read_body(struct page_evidence *evidence, str names)
{
    names = str_slice(names, 0, BODY_NAMES_MAX);
    for (size_t at = 0; at < names.len;) {
        size_t end = at;
        while (end < names.len && ascii_is_letter((unsigned char)names.ptr[end])) {
            end++;
        }
        if (end > at) {
            take(evidence, WHERE_BODY, str_slice(names, at, end));
        }
        at = end + 1;
    }
}

static void read_meta(struct page_evidence *evidence, const struct node *element)
{
    const str property = node_attribute_value(element, STR("property"));
    const str name = node_attribute_value(element, STR("name"));
    const str content = node_attribute_value(element, STR("content"));
    if (str_equal_ignoring_ascii_case(property, STR("og:type")) ||
        str_equal_ignoring_ascii_case(name, STR("og:type"))) {
        take(evidence, WHERE_OG, str_trim_ascii(content));
    } else if (str_equal_ignoring_ascii_case(name, STR("generator"))) {
        take(evidence, WHERE_MAKER, word_at(content, 0, content.len));
    }
}

void evidence_read(struct page_evidence *evidence, const struct node *element)
{
    if (!evidence->words.count) {
        type_words_init(&evidence->words);
    }
    type_element_count(&evidence->words, element, &evidence->counts);
    if (!element->attributes) {
        return;
    }
    if (element->tag == TAG_meta) {
        read_meta(evidence, element);
    } else if (element->tag == TAG_script) {
        const str type = node_attribute_value(element, STR("type"));
        if (element->first && str_equal_ignoring_ascii_case(type, STR("application/ld+json"))) {
            read_script(evidence, element->first->text);
        }
    } else if (element->tag == TAG_body) {
        read_body(evidence, node_attribute_value(element, STR("class")));
        read_body(evidence, node_attribute_value(element, STR("id")));
    } else {
        const struct attribute *thing = node_attribute(element, STR("itemtype"));
        if (thing) {
            take_thing(evidence, thing_name(str_trim_ascii(thing->value)));
        }
    }
}
