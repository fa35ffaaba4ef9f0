/* SPDX-License-Identifier: Apache-2.0 */
#include "page/links.h"

#include "base/url.h"
#include "page/lines.h"
#include "page/plain.h"
#include "text/utf8.h"

enum {
    LINKS_FIRST = 16,
    TEXT_BYTES_MAX = 64, /* of a link whose wording is looked at */
    TARGET_BYTES_MAX = 8192,
    CLASS_BYTES_MAX = 256,
    EXTENSION_MAX = 5,
    PARENTS_MAX = 3,  /* around a link, whose classes may say that pages are counted here */
    NUMBER_MAX = 999, /* beyond are years */
    AROUND_MAX = 192  /* nodes of a row of page numbers */
};

static const str rel_names[] = {
    [LINK_none] = STR_INIT(""),
    [LINK_next] = STR_INIT("next"),
    [LINK_prev] = STR_INIT("prev"),
    [LINK_download] = STR_INIT("download"),
    [LINK_attachment] = STR_INIT("attachment"),
    [LINK_canonical] = STR_INIT("canonical"),
    [LINK_license] = STR_INIT("license"),
    [LINK_alternate] = STR_INIT("alternate"),
    [LINK_author] = STR_INIT("author"),
};

static bool grow(struct links *links, struct arena *arena)
{
    const size_t capacity = links->capacity ? links->capacity * 2 : LINKS_FIRST;
    struct link *items = arena_resize(arena, links->items, links->capacity * sizeof *items,
                                      capacity * sizeof *items);
    if (!items) {
        return false;
    }
    links->items = items;
    links->capacity = capacity;
    return true;
}

static bool add(struct links *links, struct arena *arena, enum link_rel rel, str target, str text)
{
    target = str_trim_ascii(target);
    if (links->count == LINKS_MAX || target.len == 0 || target.len > TARGET_BYTES_MAX) {
        return true;
    }
    if (links->count == links->capacity && !grow(links, arena)) {
        return false;
    }
    links->items[links->count++] = (struct link){.rel = rel, .target = target, .text = text};
    return true;
}

/* ---- what the markup says ---- */

static enum link_rel rel_of(const struct node *element, str rel)
{
    static const struct {
        str word;
        enum link_rel rel;
    } words[] = {{STR_INIT("next"), LINK_next},           {STR_INIT("prev"), LINK_prev},
                 {STR_INIT("previous"), LINK_prev},       {STR_INIT("canonical"), LINK_canonical},
                 {STR_INIT("license"), LINK_license},     {STR_INIT("copyright"), LINK_license},
                 {STR_INIT("alternate"), LINK_alternate}, {STR_INIT("author"), LINK_author}};
    for (size_t at = 0; at < rel.len;) {
        const size_t space = str_find_byte(rel, ' ', at);
        const size_t end = space < rel.len ? space : rel.len;
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            if (!str_equal_ignoring_ascii_case(str_slice(rel, at, end), words[i].word)) {
                continue;
            }
            /* Feeds and sheets are alternates too; those in other languages name it. */
            const bool other = words[i].rel == LINK_alternate &&
                               node_attribute_value(element, STR("hreflang")).len == 0;
            const bool only_link = words[i].rel == LINK_canonical && element->tag != TAG_link;
            return other || only_link ? LINK_none : words[i].rel;
        }
        at = end + 1;
    }
    return LINK_none;
}

/* ---- what the wording says ---- */

static bool is_arrow(uint32_t c)
{
    return c == '<' || c == '>' || c == 0xAB || c == 0xBB || c == 0x2039 || c == 0x203A ||
           c == 0x2190 || c == 0x2192 || c == '[' || c == ']' || c == 0x300A || c == 0x300B ||
           c == ':' || c == 0xFF1A || blank_is(c);
}

static str without_arrows(str text)
{
    size_t from = 0;
    size_t to = text.len;
    for (size_t at = 0; at < to && is_arrow(utf8_next(text, &at)); from = at) {
    }
    for (size_t at = to; at > from && is_arrow(utf8_previous(text, &at)); to = at) {
    }
    return str_slice(text, from, to);
}

static uint32_t lower(uint32_t c)
{
    if (c < 0x80) {
        return (uint32_t)ascii_lower((char)c);
    }
    return (c >= 0xC0 && c <= 0xDE) || (c >= 0x410 && c <= 0x42F) ? c + 0x20 : c;
}

static bool same_word(str text, str word)
{
    size_t a = 0;
    size_t b = 0;
    while (a < text.len && b < word.len) {
        if (lower(utf8_next(text, &a)) != utf8_next(word, &b)) {
            return false;
        }
    }
    return a == text.len && b == word.len;
}

/* A look at the first byte and the length, which settles most words. */
static bool may_be(str text, str word)
{
    const unsigned char first = (unsigned char)text.ptr[0];
    return text.len == word.len && (first >= 0x80 || ascii_lower((char)first) == word.ptr[0]);
}

static enum link_rel word_rel(str text, bool *sure)
{
    static const struct {
        enum link_rel rel;
        bool sure;
        str text;
    } words[] = {
#define LINK_WORD(rel_, sure_, text_) {LINK_##rel_, (sure_), STR_INIT(text_)},
#include "page/links.def"
    };
    for (size_t i = 0; text.len && i < sizeof words / sizeof words[0]; i++) {
        if (may_be(text, words[i].text) && same_word(text, words[i].text)) {
            *sure = words[i].sure;
            return words[i].rel;
        }
    }
    return LINK_none;
}

/* Only arrows: which way do they point? */
static enum link_rel arrow_rel(str text)
{
    static const str ahead[] = {STR_INIT(">"), STR_INIT(">>"), STR_INIT("»"), STR_INIT("›"),
                                STR_INIT("→")};
    static const str back[] = {STR_INIT("<"), STR_INIT("<<"), STR_INIT("«"), STR_INIT("‹"),
                               STR_INIT("←")};
    for (size_t i = 0; i < sizeof ahead / sizeof ahead[0]; i++) {
        if (str_equal(text, ahead[i])) {
            return LINK_next;
        }
        if (str_equal(text, back[i])) {
            return LINK_prev;
        }
    }
    return LINK_none;
}

/* Does the value hold this word's beginning, at the beginning of a word? */
static bool begins_at(str value, size_t at, str word)
{
    const bool begins = at == 0 || !ascii_is_letter((unsigned char)value.ptr[at - 1]) ||
                        (value.ptr[at] >= 'A' && value.ptr[at] <= 'Z');
    return begins && str_equal_ignoring_ascii_case(str_slice(value, at, at + word.len), word);
}

/* Does a class or id hold the beginning of one of both? */
static bool class_has_either(const struct node *node, str word, str other)
{
    for (const struct attribute *a = node->attributes; a; a = a->next) {
        if ((a->name.len != 5 && a->name.len != 2) ||
            (!str_equal(a->name, STR("class")) && !str_equal(a->name, STR("id")))) {
            continue;
        }
        const str value = str_slice(a->value, 0, CLASS_BYTES_MAX);
        for (size_t at = 0; at < value.len; at++) {
            const char c = ascii_lower(value.ptr[at]);
            if ((c == word.ptr[0] && begins_at(value, at, word)) ||
                (c == other.ptr[0] && begins_at(value, at, other))) {
                return true;
            }
        }
    }
    return false;
}

static bool class_has(const struct node *node, str word)
{
    return class_has_either(node, word, word);
}

/* Is it among links that count pages? Classes page, pages, pager, pagination, paging say so. */
static bool is_in_pager(const struct node *node)
{
    for (unsigned i = 0;
         node && node->kind == NODE_ELEMENT && node->tag != TAG_body && i <= PARENTS_MAX; i++) {
        if (class_has_either(node, STR("pag"), STR("fenye"))) {
            return true;
        }
        node = node->parent;
    }
    return false;
}

/* The text of a link with nothing but a text in it, however deep; empty: there is more. */
static str only_text(const struct node *element)
{
    const struct node *node = element->first;
    while (node && node->kind == NODE_ELEMENT && !node->next) {
        node = node->first;
    }
    return node && node->kind == NODE_TEXT && !node->next ? str_trim_ascii(node->text) : (str){0};
}

/* ---- what the target says ---- */

static bool is_file(str target)
{
    static const str extensions[] = {
#define LINK_EXTENSION(text_) STR_INIT(text_),
#include "page/links.def"
    };
    size_t end = 0;
    while (end < target.len && target.ptr[end] != '?' && target.ptr[end] != '#') {
        end++;
    }
    size_t from = end;
    while (from > 0 && end - from < EXTENSION_MAX && target.ptr[from - 1] != '.') {
        from--;
    }
    if (from == 0 || target.ptr[from - 1] != '.') {
        return false;
    }
    const str extension = str_slice(target, from, end);
    for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++) {
        if (extension.len == extensions[i].len &&
            str_equal_ignoring_ascii_case(extension, extensions[i])) {
            return true;
        }
    }
    return false;
}

static enum link_rel anchor_rel(const struct node *element, str target)
{
    bool sure = false;
    const str text = only_text(element);
    const str rel = node_attribute_value(element, STR("rel"));
    const enum link_rel stated = rel.len ? rel_of(element, rel) : LINK_none;
    if (stated != LINK_none) {
        return stated;
    }
    if (node_attribute(element, STR("download"))) {
        return LINK_download;
    }
    if (text.len && text.len <= TEXT_BYTES_MAX) {
        const enum link_rel arrow = arrow_rel(text);
        const enum link_rel word = word_rel(without_arrows(text), &sure);
        if (word != LINK_none && (sure || is_in_pager(element))) {
            return word;
        }
        if (arrow != LINK_none && is_in_pager(element)) {
            return arrow;
        }
    }
    if (is_file(target)) {
        return LINK_attachment;
    }
    if (element->attributes->next && is_in_pager(element)) {
        return class_has(element, STR("next"))   ? LINK_next
               : class_has(element, STR("prev")) ? LINK_prev
                                                 : LINK_none;
    }
    return LINK_none;
}

static bool read_number(str text, int64_t *number)
{
    return text.len && text.len <= 4 && str_read_integer(text, number) && *number > 0 &&
           *number <= NUMBER_MAX;
}

static bool read_anchor(struct links *links, struct arena *arena, const struct node *element)
{
    int64_t number = 0;
    const str target = node_attribute_value(element, STR("href"));
    if (target.len == 0 || target.ptr[0] == '#') {
        return true;
    }
    const enum link_rel rel = anchor_rel(element, target);
    if (rel != LINK_none) {
        return add(links, arena, rel, target, plain_node(arena, element));
    }
    if (links->number_count < LINK_NUMBERS_MAX && read_number(only_text(element), &number)) {
        if (!links->numbers) {
            links->numbers = ARENA_ARRAY(arena, LINK_NUMBERS_MAX, const struct node *);
        }
        if (!links->numbers) {
            return false;
        }
        links->numbers[links->number_count++] = element;
    }
    return true;
}

bool links_read(struct links *links, struct arena *arena, const struct node *element)
{
    if (element->tag == TAG_a || element->tag == TAG_area) {
        return read_anchor(links, arena, element);
    }
    if (element->tag == TAG_base && links->base.len == 0) {
        links->base = str_trim_ascii(node_attribute_value(element, STR("href")));
    }
    if (element->tag != TAG_link) {
        return true;
    }
    const enum link_rel rel = rel_of(element, node_attribute_value(element, STR("rel")));
    const str language = node_attribute_value(element, STR("hreflang"));
    return rel == LINK_none || add(links, arena, rel, node_attribute_value(element, STR("href")),
                                   rel == LINK_alternate ? language : STR(""));
}

/* ---- page numbers ---- */

struct row {
    const struct node *next;
    const struct node *prev;
    int64_t current; /* 0: none, -1: more than one */
};

static bool is_current(const struct node *link)
{
    return class_has(link, STR("current")) || class_has(link, STR("active")) ||
           class_has(link, STR("selected")) || node_attribute(link, STR("aria-current"));
}

static const struct node *link_around(const struct node *node, const struct node *row)
{
    while (node && node != row) {
        if (node->kind == NODE_ELEMENT && node->tag == TAG_a && node_attribute(node, STR("href"))) {
            return node;
        }
        node = node->parent;
    }
    return NULL;
}

/* The one number in the row that is no link, or the link that is marked. */
static int64_t current_number(const struct node *row)
{
    int64_t current = 0;
    size_t seen = 0;
    for (const struct node *node = node_next(row, row); node && seen < AROUND_MAX;
         node = node_next(node, row), seen++) {
        int64_t number = 0;
        if (node->kind != NODE_TEXT || !read_number(str_trim_ascii(node->text), &number)) {
            continue;
        }
        const struct node *link = link_around(node->parent, row);
        if (!link || is_current(link)) {
            current = current ? -1 : number;
        }
    }
    return current;
}

/* The element in which the numbers stand side by side: the link's parent, or one further up when
 * each has an element of its own. */
static const struct node *row_of(const struct node *link)
{
    const struct node *parent = link->parent;
    const bool own = parent && (parent->tag == TAG_li || parent->tag == TAG_span ||
                                parent->tag == TAG_td || parent->tag == TAG_b);
    return own && parent->parent ? parent->parent : parent;
}

static bool has_rel(const struct links *links, enum link_rel rel)
{
    for (size_t i = 0; i < links->count; i++) {
        if (links->items[i].rel == rel) {
            return true;
        }
    }
    return false;
}

static bool add_numbers(struct links *links, struct arena *arena)
{
    const bool wants_next = !has_rel(links, LINK_next);
    const bool wants_prev = !has_rel(links, LINK_prev);
    const struct node *row = NULL;
    int64_t current = 0;
    bool good = true;
    for (size_t i = 0; i < links->number_count && (wants_next || wants_prev) && good; i++) {
        const struct node *link = links->numbers[i];
        int64_t number = 0;
        if (row_of(link) != row) {
            row = row_of(link);
            current = row ? current_number(row) : 0;
        }
        if (current < 1 || !read_number(only_text(link), &number)) {
            continue;
        }
        const str target = node_attribute_value(link, STR("href"));
        if (number == current + 1 && wants_next && !has_rel(links, LINK_next)) {
            good = add(links, arena, LINK_next, target, only_text(link));
        } else if (number == current - 1 && wants_prev && !has_rel(links, LINK_prev)) {
            good = add(links, arena, LINK_prev, target, only_text(link));
        }
    }
    return good;
}

/* ---- said ---- */

/* The address that links are relative to. NULL: there is none. */
static const struct url *base_of(const struct links *links, const struct document *document,
                                 struct url parsed[2])
{
    const struct url *base = NULL;
    if (document->hints.url.len &&
        url_parse(document->arena, document->hints.url, NULL, &parsed[0]) == URL_OK) {
        base = &parsed[0];
    }
    if (links->base.len && links->base.len <= TARGET_BYTES_MAX &&
        url_parse(document->arena, links->base, base, &parsed[1]) == URL_OK) {
        base = &parsed[1];
    }
    return base;
}

static bool is_said(const struct links *links, size_t count, enum link_rel rel, str url)
{
    for (size_t i = 0; i < count; i++) {
        if (links->items[i].rel == rel && str_equal(links->items[i].target, url)) {
            return true;
        }
    }
    return false;
}

/* "b.html", "../f/1.docx", "/c": no scheme, no host, so that it says nothing of where it leads from. */
static bool is_relative(str target)
{
    for (size_t i = 0; i < target.len; i++) {
        const unsigned char c = (unsigned char)target.ptr[i];
        if (c < 0x20 || c == '\\') {
            return false;
        }
    }
    size_t end = 0;
    while (end < target.len && target.ptr[end] != '/' && target.ptr[end] != '?' &&
           target.ptr[end] != '#') {
        if (target.ptr[end++] == ':') {
            return false;
        }
    }
    return !str_starts(target, STR("//"));
}

enum status links_say(struct links *links, struct document *document, struct sink *sink)
{
    struct url parsed[2];
    struct url url;
    const struct url *base = base_of(links, document, parsed);
    size_t said = 0;
    if (!add_numbers(links, document->arena)) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < links->count; i++) {
        const struct link link = links->items[i];
        const enum url_verdict verdict = url_parse(document->arena, link.target, base, &url);
        if (verdict == URL_NO_MEMORY) {
            return STATUS_NO_MEMORY;
        }
        const bool stands = verdict != URL_OK && !base && is_relative(link.target);
        const str target = stands ? link.target : verdict == URL_OK ? url.whole : STR("");
        if (!target.len || is_said(links, said, link.rel, target)) {
            continue;
        }
        links->items[said++] = (struct link){.rel = link.rel, .target = target};
        TRY(sink_link(sink, rel_names[link.rel], target, link.text.ptr ? link.text : STR("")));
    }
    return STATUS_OK;
}
