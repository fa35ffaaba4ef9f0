/* SPDX-License-Identifier: Apache-2.0 */
/* HTML: prescan a byte stream to determine its encoding, and the XML declaration. Bytes, not text:
 * nobody knows yet what they say. */
#include "markup/html.h"

#include "text/charset.h"

enum { PRESCAN_BYTES = 1024 };

struct prescan {
    bytes all;
    size_t at;
};

static bool is_over(const struct prescan *p)
{
    return p->at >= p->all.len;
}

/* 0 at the end, where no rule asks for a NUL. */
static uint8_t byte_at(const struct prescan *p, size_t at)
{
    return at < p->all.len ? p->all.ptr[at] : 0;
}

static bool has(const struct prescan *p, str word)
{
    const bytes here = bytes_slice(p->all, p->at, p->at + word.len);
    return str_equal_ignoring_ascii_case((str){.ptr = (const char *)here.ptr, .len = here.len},
                                         word);
}

static bool is_like(bytes found, str word)
{
    return str_equal_ignoring_ascii_case((str){.ptr = (const char *)found.ptr, .len = found.len},
                                         word);
}

static void skip_space(struct prescan *p)
{
    while (!is_over(p) && ascii_is_space(byte_at(p, p->at))) {
        p->at++;
    }
}

/* Behind the first `word` at or after here; to the end when there is none. */
static void skip_past(struct prescan *p, str word)
{
    while (!is_over(p) && !has(p, word)) {
        p->at++;
    }
    p->at = is_over(p) ? p->all.len : p->at + word.len;
}

struct pair {
    bytes name;
    bytes value;
};

static void read_value(struct prescan *p, struct pair *out)
{
    const uint8_t quote = byte_at(p, p->at);
    if (quote == '"' || quote == '\'') {
        const size_t start = ++p->at;
        while (!is_over(p) && byte_at(p, p->at) != quote) {
            p->at++;
        }
        out->value = bytes_slice(p->all, start, p->at);
        p->at += !is_over(p);
        return;
    }
    const size_t start = p->at;
    while (!is_over(p) && byte_at(p, p->at) != '>' && !ascii_is_space(byte_at(p, p->at))) {
        p->at++;
    }
    out->value = bytes_slice(p->all, start, p->at);
}

/* HTML: get an attribute. False: there is none. */
static bool read_attribute(struct prescan *p, struct pair *out)
{
    *out = (struct pair){0};
    while (!is_over(p) && (ascii_is_space(byte_at(p, p->at)) || byte_at(p, p->at) == '/')) {
        p->at++;
    }
    if (is_over(p) || byte_at(p, p->at) == '>') {
        return false;
    }
    const size_t start = p->at;
    while (!is_over(p) && !ascii_is_space(byte_at(p, p->at)) && byte_at(p, p->at) != '/' &&
           byte_at(p, p->at) != '>' && (byte_at(p, p->at) != '=' || p->at == start)) {
        p->at++;
    }
    out->name = bytes_slice(p->all, start, p->at);
    out->value = bytes_slice(p->all, p->at, p->at);
    skip_space(p);
    if (byte_at(p, p->at) == '=') {
        p->at++;
        skip_space(p);
        read_value(p, out);
    }
    return !is_over(p);
}

/* HTML: extracting a character encoding from a meta element. Empty: there is none. */
static bytes label_in_content(bytes content)
{
    struct prescan p = {.all = content};
    while (!is_over(&p)) {
        skip_past(&p, STR("charset"));
        skip_space(&p);
        if (byte_at(&p, p.at) != '=') {
            continue;
        }
        p.at++;
        skip_space(&p);
        const uint8_t quote = byte_at(&p, p.at);
        const bool is_quoted = quote == '"' || quote == '\'';
        const size_t start = p.at + is_quoted;
        size_t end = start;
        while (end < content.len &&
               (is_quoted ? content.ptr[end] != quote
                          : content.ptr[end] != ';' && !ascii_is_space(content.ptr[end]))) {
            end++;
        }
        const bool is_open = is_quoted && end >= content.len;
        return is_open ? (bytes){0} : bytes_slice(content, start, end);
    }
    return (bytes){0};
}

/* What a label in ASCII text can mean: UTF-16 it cannot, nor UTF-32 or EBCDIC, of which the standard
 * knows nothing. Empty: no such label. */
static bytes settle_label(bytes label)
{
    if (is_like(label, STR("x-user-defined"))) {
        return str_bytes(STR("windows-1252"));
    }
    const struct charset *charset = charset_find(label);
    if (charset && (charset == charset_utf_16le || charset == charset_utf_16be)) {
        return str_bytes(STR("UTF-8"));
    }
    return charset && charset_is_ascii_based(charset) ? label : (bytes){0};
}

/* The attributes of a meta; empty when they name no encoding. */
static bytes read_meta(struct prescan *p)
{
    bool got_pragma = false;
    bool need_pragma = false;
    bytes charset = {0};
    bytes content = {0};
    bytes pragma = {0};
    struct pair pair;
    while (read_attribute(p, &pair)) {
        /* Only the first of a name counts. */
        if (is_like(pair.name, STR("http-equiv")) && !pragma.ptr) {
            pragma = pair.value;
            got_pragma = is_like(pair.value, STR("content-type"));
        } else if (is_like(pair.name, STR("content")) && !content.ptr) {
            content = pair.value;
        } else if (is_like(pair.name, STR("charset")) && !charset.ptr) {
            charset = pair.value;
        }
    }
    if (!charset.ptr) {
        charset = label_in_content(content);
        need_pragma = true;
    }
    return need_pragma && !got_pragma ? (bytes){0} : settle_label(charset);
}

static void skip_tag(struct prescan *p)
{
    struct pair pair;
    while (!is_over(p) && !ascii_is_space(byte_at(p, p->at)) && byte_at(p, p->at) != '>') {
        p->at++;
    }
    while (read_attribute(p, &pair)) {
    }
}

/* HTML: get an XML encoding. */
static bytes read_xml_declaration(bytes head)
{
    struct prescan p = {.all = head};
    if (!bytes_start(head, str_bytes(STR("<?xml")))) {
        return (bytes){0};
    }
    skip_past(&p, STR(">"));
    if (byte_at(&p, p.at - 1) != '>') {
        return (bytes){0};
    }
    p = (struct prescan){.all = bytes_slice(head, 0, p.at)};
    while (!is_over(&p) &&
           !bytes_start(bytes_slice(p.all, p.at, p.all.len), str_bytes(STR("encoding")))) {
        p.at++;
    }
    p.at += STR("encoding").len;
    skip_space(&p);
    if (byte_at(&p, p.at) != '=') {
        return (bytes){0};
    }
    p.at++;
    skip_space(&p);
    const uint8_t quote = byte_at(&p, p.at);
    struct pair pair = {0};
    if (quote == '"' || quote == '\'') {
        read_value(&p, &pair);
    }
    for (size_t i = 0; i < pair.value.len; i++) {
        if (pair.value.ptr[i] <= 0x20) {
            return (bytes){0};
        }
    }
    return is_over(&p) ? (bytes){0} : settle_label(pair.value);
}

/* One step of the scan: from a '<' to behind what it begins. A label, or empty. */
static bytes read_markup(struct prescan *p)
{
    const uint8_t next = byte_at(p, p->at + 1);
    const uint8_t behind_meta = byte_at(p, p->at + STR("<meta").len);
    if (has(p, STR("<!--"))) {
        p->at += 2; /* the dashes of "<!-->" may be those of its end */
        skip_past(p, STR("-->"));
    } else if (has(p, STR("<meta")) && (ascii_is_space(behind_meta) || behind_meta == '/')) {
        p->at += STR("<meta").len;
        return read_meta(p);
    } else if (ascii_is_letter(next) || (next == '/' && ascii_is_letter(byte_at(p, p->at + 2)))) {
        skip_tag(p);
    } else if (next == '!' || next == '/' || next == '?') {
        skip_past(p, STR(">"));
    } else {
        p->at++;
    }
    return (bytes){0};
}

bytes html_prescan(bytes content, str *source)
{
    struct prescan p = {.all = bytes_slice(content, 0, PRESCAN_BYTES)};
    while (!is_over(&p)) {
        if (byte_at(&p, p.at) != '<') {
            p.at++;
            continue;
        }
        const bytes label = read_markup(&p);
        if (label.len) {
            *source = STR("meta");
            return label;
        }
    }
    const bytes label = read_xml_declaration(p.all);
    *source = label.len ? STR("xml") : STR("");
    return label;
}

bytes html_late_label(const struct dom *dom)
{
    for (const struct node *node = dom->document; node; node = node_next(node, dom->document)) {
        if (node->tag != TAG_meta || node->name_space != NAME_SPACE_HTML) {
            continue;
        }
        const struct attribute *charset = node_attribute(node, STR("charset"));
        const str pragma = node_attribute_value(node, STR("http-equiv"));
        bytes label = {0};
        if (charset) {
            label = settle_label(str_bytes(charset->value));
        } else if (str_equal_ignoring_ascii_case(pragma, STR("content-type"))) {
            const str content = node_attribute_value(node, STR("content"));
            label = settle_label(label_in_content(str_bytes(content)));
        }
        if (label.len) {
            return label;
        }
    }
    return (bytes){0};
}
