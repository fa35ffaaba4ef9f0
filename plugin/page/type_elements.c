/* SPDX-License-Identifier: Apache-2.0 */
#include "page/type_elements.h"

enum {
    CLASS_BYTES_MAX = 256, /* of a class list, the first part is looked at */
    ADDRESS_BYTES_MAX = 512,
    TITLE_BYTES_MAX = 256,
    YEAR_DIGITS = 4
};

/* The count of a tag, plus one; 0: none. */
static const uint8_t count_of_tag[TAG_COUNT] = {
#define TAG(tag_, count_) [TAG_##tag_] = TYPE_tag_##count_ + 1
    TAG(a, a),
    TAG(img, img),
    TAG(p, p),
    TAG(li, li),
    TAG(h1, h1),
    TAG(h2, h2),
    TAG(h3, h3),
    TAG(h4, h4),
    TAG(article, article),
    TAG(section, section),
    TAG(time, time),
    TAG(form, form),
    TAG(input, input),
    TAG(select, select),
    TAG(button, button),
    TAG(table, table),
    TAG(tr, tr),
    TAG(pre, pre),
    TAG(code, code),
    TAG(iframe, iframe),
    TAG(video, video),
    TAG(svg, svg),
    TAG(dl, dl),
    TAG(blockquote, quote),
    TAG(label, label),
    TAG(main, main),
    TAG(aside, aside),
#undef TAG
};

_Static_assert(TYPE_COUNT_COUNT < UINT8_MAX, "a count's number, plus one, is a byte");

static void count_host(const struct type_words *words, str host, struct type_counts *counts)
{
    size_t at = 0;
    while (at < host.len) {
        const size_t dot = str_find_byte(host, '.', at);
        const size_t end = dot < host.len ? dot : host.len;
        if (end < host.len) { /* not the last label */
            type_text_count(words, str_slice(host, at, end), TYPE_HOST, counts);
        }
        at = end + 1;
    }
}

/* Digits alone, as many as a year has. */
static bool is_year(str segment)
{
    int64_t year = 0;
    return segment.len == YEAR_DIGITS && str_read_integer(segment, &year) && year >= 1990 &&
           year < 2100;
}

static void count_segment(const struct type_words *words, str segment, struct type_counts *counts)
{
    size_t words_in = 0;
    size_t digits = 0;
    bool was_letter = false;
    bool is_file = false;
    for (size_t i = 0; i < segment.len; i++) {
        const unsigned char c = (unsigned char)segment.ptr[i];
        const bool is_letter = ascii_is_letter(c) || c >= 0x80;
        words_in += is_letter && !was_letter;
        digits += ascii_is_digit(c);
        is_file = is_file || c == '.';
        was_letter = is_letter;
    }
    const size_t dot = str_find_byte(segment, '.', 0);
    type_text_count(words, str_slice(segment, 0, dot), TYPE_PATH, counts);
    counts->of[TYPE_address_depth]++;
    counts->of[TYPE_address_words] = (uint32_t)words_in; /* the last one's stay */
    counts->of[TYPE_address_digits] = (uint32_t)digits;
    counts->of[TYPE_address_file] = is_file;
    counts->of[TYPE_address_year] += is_year(segment);
}

void type_address_count(const struct type_words *words, str address, struct type_counts *counts)
{
    address = str_trim_ascii(str_slice(address, 0, ADDRESS_BYTES_MAX));
    if (counts->of[TYPE_address_stated] || !address.len) {
        return;
    }
    counts->of[TYPE_address_stated] = 1;
    const size_t slashes = str_find(address, STR("//"), 0);
    size_t at = slashes < address.len ? slashes + 2 : 0;
    const size_t slash = str_find_byte(address, '/', at);
    if (at) {
        count_host(words, str_slice(address, at, slash), counts);
        at = slash < address.len ? slash : address.len;
    }
    const size_t question = str_find_byte(address, '?', at);
    counts->of[TYPE_address_query] = question < address.len && question + 1 < address.len;
    const str path = str_slice(address, 0, question);
    while (at < path.len) {
        const size_t next = str_find_byte(path, '/', at);
        const size_t end = next < path.len ? next : path.len;
        if (end > at) {
            count_segment(words, str_slice(path, at, end), counts);
        }
        at = end + 1;
    }
}

static void count_meta(const struct type_words *words, const struct node *element,
                       struct type_counts *counts)
{
    const str property = node_attribute_value(element, STR("property"));
    const str name = property.len ? property : node_attribute_value(element, STR("name"));
    if (str_equal(name, STR("og:url"))) {
        type_address_count(words, node_attribute_value(element, STR("content")), counts);
    }
    counts->of[TYPE_meta_website] +=
        str_equal(name, STR("og:type")) &&
        str_equal(node_attribute_value(element, STR("content")), STR("website"));
    counts->of[TYPE_meta_published] +=
        str_equal(name, STR("article:published_time")) || str_equal(name, STR("pubdate"));
    counts->of[TYPE_meta_author] += str_equal_ignoring_ascii_case(name, STR("author")) ||
                                    str_equal(name, STR("article:author"));
    counts->of[TYPE_meta_price] +=
        str_starts(name, STR("product:price")) || str_starts(name, STR("og:price"));
}

static void count_link(const struct type_words *words, const struct node *element,
                       struct type_counts *counts)
{
    const str rel = node_attribute_value(element, STR("rel"));
    if (str_equal_ignoring_ascii_case(rel, STR("canonical"))) {
        type_address_count(words, node_attribute_value(element, STR("href")), counts);
    }
    counts->of[TYPE_link_next] += str_equal_ignoring_ascii_case(rel, STR("next"));
}

void type_element_count(const struct type_words *words, const struct node *element,
                        struct type_counts *counts)
{
    if (element->name_space == NAME_SPACE_HTML || element->tag == TAG_svg) {
        const uint8_t count = count_of_tag[element->tag];
        counts->of[count ? count - 1 : 0] += count > 0;
    }
    if (element->tag == TAG_meta) {
        count_meta(words, element, counts);
    } else if (element->tag == TAG_link) {
        count_link(words, element, counts);
    } else if (element->tag == TAG_title && element->name_space == NAME_SPACE_HTML) {
        const str title = element->first ? element->first->text : STR("");
        (void)type_words_count(words, str_slice(title, 0, TITLE_BYTES_MAX), TYPE_TITLE, false,
                               counts);
    } else if (element->tag != TAG_script) {
        for (const struct attribute *a = element->attributes; a; a = a->next) {
            if (str_equal(a->name, STR("class")) || str_equal(a->name, STR("id"))) {
                (void)type_words_count(words, str_slice(a->value, 0, CLASS_BYTES_MAX), TYPE_CLASS,
                                       true, counts);
            }
        }
    }
}
