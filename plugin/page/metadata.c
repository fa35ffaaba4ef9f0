/* SPDX-License-Identifier: Apache-2.0 */
#include "page/metadata.h"

#include "page/lines.h"
#include "page/value.h"
#include "text/utf8.h"

enum { NAME_MAX_LEN = 64, KEYWORDS_MAX = 256, LANGUAGE_MAX = 35 /* BCP 47, 4.4.1 */ };

static void state(struct stated *stated, const struct attribute *attribute)
{
    if (stated->text.len || !attribute) {
        return;
    }
    stated->text = str_trim_ascii(attribute->value);
    stated->span = (struct span){.start = attribute->src_start, .end = attribute->src_end};
}

static void read_meta(struct metadata *metadata, const struct node *element)
{
    const struct attribute *name = node_attribute(element, STR("property"));
    name = name ? name : node_attribute(element, STR("name"));
    if (!name || name->value.len > NAME_MAX_LEN) {
        return;
    }
    const str key = str_trim_ascii(name->value);
    const struct attribute *content = node_attribute(element, STR("content"));
#define META(member, name_)                                                                        \
    if (str_equal_ignoring_ascii_case(key, STR(name_))) {                                          \
        state(&metadata->member, content);                                                         \
    }
#include "page/metadata.def"
}

static void read_link(struct metadata *metadata, const struct node *element)
{
    const str rel = str_trim_ascii(node_attribute_value(element, STR("rel")));
    const struct attribute *target = node_attribute(element, STR("href"));
    if (str_equal_ignoring_ascii_case(rel, STR("canonical"))) {
        state(&metadata->canonical, target);
    } else if (str_equal_ignoring_ascii_case(rel, STR("license"))) {
        state(&metadata->licence, target);
    }
}

void metadata_read(struct metadata *metadata, const struct node *element)
{
    if (element->tag == TAG_meta) {
        read_meta(metadata, element);
    } else if (element->tag == TAG_link) {
        read_link(metadata, element);
    } else if (element->tag == TAG_html) {
        state(&metadata->language, node_attribute(element, STR("lang")));
    }
}

static enum status say(struct sink *sink, enum column column, const struct stated *stated)
{
    return stated->text.len ? sink_value(sink, column, stated->text, stated->span) : STATUS_OK;
}

static enum status say_date(struct sink *sink, enum column column, const struct stated *stated)
{
    int64_t days = 0;
    return value_read_date(stated->text, &days) ? sink_number(sink, column, days) : STATUS_OK;
}

static size_t separator_len(str text, size_t at, bool spaces)
{
    static const str separators[] = {STR_INIT(","), STR_INIT(";"), STR_INIT("，"), STR_INIT("、"),
                                     STR_INIT("；")};
    for (size_t i = 0; i < sizeof separators / sizeof separators[0]; i++) {
        if (str_starts(str_slice(text, at, text.len), separators[i])) {
            return separators[i].len;
        }
    }
    if (spaces && at < text.len) {
        const size_t from = blank_skip(text, at, text.len);
        return from - at;
    }
    return 0;
}

enum status keywords_say(const struct stated *stated, bool spaces, struct sink *sink)
{
    const str text = stated->text;
    size_t from = 0;
    size_t said = 0;
    for (size_t at = 0; at <= text.len && said < KEYWORDS_MAX;) {
        const size_t len = at < text.len ? separator_len(text, at, spaces) : 1;
        if (!len) {
            (void)utf8_next(text, &at); /* a later byte of a character may look like a space */
            continue;
        }
        const size_t start = blank_skip(text, from, at);
        const size_t end = blank_trim(text, start, at);
        if (start < end) {
            TRY(sink_value(sink, COLUMN_keywords, str_slice(text, start, end), stated->span));
            said++;
        }
        at += len;
        from = at;
    }
    return STATUS_OK;
}

/* "zh", "zh-Hans-CN": letters and digits between hyphens. Anything else says nothing. */
static bool is_language(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        const unsigned char c = (unsigned char)text.ptr[i];
        if (!ascii_is_letter(c) && (i == 0 || (!ascii_is_digit(c) && c != '-'))) {
            return false;
        }
    }
    return text.len >= 2 && text.len <= LANGUAGE_MAX;
}

enum status metadata_say(const struct metadata *metadata, struct sink *sink)
{
    if (is_language(metadata->language.text)) {
        TRY(say(sink, COLUMN_language, &metadata->language));
    }
    TRY(say(sink, COLUMN_site, &metadata->og_site_name));
    TRY(say(sink, COLUMN_author, &metadata->author));
    TRY(say(sink, COLUMN_description, &metadata->description));
    TRY(say(sink, COLUMN_description, &metadata->og_description));
    TRY(say(sink, COLUMN_licence, &metadata->licence));
    TRY(keywords_say(&metadata->keywords, false, sink));
    TRY(say_date(sink, COLUMN_published, &metadata->article_published));
    TRY(say_date(sink, COLUMN_published, &metadata->og_release_date));
    TRY(say_date(sink, COLUMN_published, &metadata->dc_date));
    TRY(say_date(sink, COLUMN_modified, &metadata->article_modified));
    if (metadata->canonical.text.len) {
        TRY(sink_link(sink, STR("canonical"), metadata->canonical.text,
                      (str){.ptr = "", .len = 0}));
    }
    return STATUS_OK;
}
