/* SPDX-License-Identifier: Apache-2.0 */
#include "page/metadata.h"

#include "base/buf.h"
#include "page/microdata.h"
#include "page/plain.h"

enum { NAME_MAX_LEN = 64 };

static void state(struct stated *stated, const struct attribute *attribute)
{
    if (stated->text.len || !attribute) {
        return;
    }
    stated->text = str_trim_ascii(attribute->value);
    stated->span = (struct span){.start = attribute->src_start, .end = attribute->src_end};
}

static char folded(char c)
{
    return c == ':' ? '.' : ascii_lower(c);
}

/* A name as metadata.def compares it: lower case, `.` for `:`, no white space. Empty: too long. */
static str fold_name(str name, char out[NAME_MAX_LEN])
{
    size_t len = 0;
    for (size_t i = 0; i < name.len; i++) {
        if (ascii_is_space((unsigned char)name.ptr[i])) {
            continue;
        }
        if (len == NAME_MAX_LEN) {
            return (str){0};
        }
        out[len++] = folded(name.ptr[i]);
    }
    return (str){.ptr = out, .len = len};
}

static bool name_is(str name, str row)
{
    if (name.len != row.len) {
        return false;
    }
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] != folded(row.ptr[i])) {
            return false;
        }
    }
    return true;
}

/* Does a word of it begin with "no": noindex, none, noai? */
static bool says_no(str text)
{
    for (size_t i = 0; i + 2 <= text.len; i++) {
        const bool begins = i == 0 || !ascii_is_letter((unsigned char)text.ptr[i - 1]);
        if (begins && str_equal_ignoring_ascii_case(str_slice(text, i, i + 2), STR("no"))) {
            return true;
        }
    }
    return false;
}

/* "robots: noai, noindex": a signal that grants all is none. */
static void claim_signal(struct metadata *metadata, str name, const struct attribute *content)
{
    struct buf buf;
    const bool robots = str_ends(name, STR("bot")) || str_starts(name, STR("robots")) ||
                        str_starts(name, STR("x-robots"));
    if (robots && !says_no(content->value)) {
        return;
    }
    const str value = str_trim_ascii(content->value);
    if (!value.len) {
        return;
    }
    buf_init(&buf, metadata->arena, name.len + value.len + 2);
    buf_add(&buf, name);
    buf_add(&buf, STR(": "));
    buf_add(&buf, value);
    metadata->claims.failed = metadata->claims.failed || buf_failed(&buf);
    if (!buf_failed(&buf)) {
        claims_add(&metadata->claims, CLAIM_rights, RANK_META,
                   (struct stated){.text = buf_str(&buf),
                                   .span = {.start = content->src_start, .end = content->src_end}});
    }
}

static void claim(struct metadata *metadata, enum claim_kind kind, unsigned rank,
                  const struct attribute *content)
{
    claims_add(&metadata->claims, kind, RANK_META + rank,
               (struct stated){.text = plain_value(metadata->arena, content->value),
                               .span = {.start = content->src_start, .end = content->src_end}});
}

/* What the element states under this name; false: nothing that we know of. */
static bool read_named(struct metadata *metadata, str name, const struct attribute *content)
{
    static const struct {
        str name;
        enum claim_kind kind;
        uint8_t rank;
    } claims[] = {
#define META_CLAIM(kind_, rank_, name_) {STR_INIT(name_), CLAIM_##kind_, (rank_)},
#include "page/metadata.def"
    };
    static const str rights[] = {
#define META_RIGHTS(name_) STR_INIT(name_),
#include "page/metadata.def"
    };
#define META(member, name_)                                                                        \
    if (name_is(name, STR(name_))) {                                                               \
        state(&metadata->member, content);                                                         \
        return true;                                                                               \
    }
#include "page/metadata.def"
    for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++) {
        if (name_is(name, claims[i].name)) {
            claim(metadata, claims[i].kind, claims[i].rank, content);
            return true;
        }
    }
    for (size_t i = 0; i < sizeof rights / sizeof rights[0]; i++) {
        if (name_is(name, rights[i])) {
            claim_signal(metadata, rights[i], content);
            return true;
        }
    }
    return false;
}

static void read_meta(struct metadata *metadata, const struct node *element)
{
    static const str keys[] = {STR_INIT("property"), STR_INIT("name"), STR_INIT("http-equiv")};
    const struct attribute *content = node_attribute(element, STR("content"));
    char name[NAME_MAX_LEN];
    for (size_t i = 0; content && i < sizeof keys / sizeof keys[0]; i++) {
        const struct attribute *key = node_attribute(element, keys[i]);
        if (key && read_named(metadata, fold_name(key->value, name), content)) {
            return;
        }
    }
}

/* What a link's rel says of the page: its licence, a tag, a category. */
static void read_rel(struct metadata *metadata, const struct node *element)
{
    const str rel = node_attribute_value(element, STR("rel"));
    const struct attribute *target = rel.len ? node_attribute(element, STR("href")) : NULL;
    if (!target) {
        return;
    }
    if (str_has_word(rel, STR("license"))) {
        claim(metadata, CLAIM_licence, element->tag == TAG_link ? 0 : 2, target);
    }
    if (element->tag == TAG_a && str_has_word(rel, STR("tag"))) {
        const bool category = str_has_word(rel, STR("category"));
        claims_add(&metadata->claims, category ? CLAIM_category : CLAIM_tags, RANK_MARKED,
                   (struct stated){.text = plain_node(metadata->arena, element),
                                   .span = {.start = element->src_start, .end = element->src_end}});
    }
}

static void read_links(struct metadata *metadata, const struct node *element)
{
    if (!links_read(&metadata->links, metadata->arena, element)) {
        metadata->claims.failed = true;
    }
    if (element->tag != TAG_base) {
        read_rel(metadata, element);
    }
}

/* A script's text is one node. */
static void read_script(struct metadata *metadata, const struct node *element)
{
    const str type = str_trim_ascii(node_attribute_value(element, STR("type")));
    const str wanted = STR("application/ld+json");
    if (element->first && element->first->kind == NODE_TEXT &&
        str_equal_ignoring_ascii_case(str_slice(type, 0, wanted.len), wanted)) {
        const struct node *text = element->first;
        const struct span span = {.start = text->src_start, .end = text->src_end};
        if (!json_ld_read(&metadata->json_ld, &metadata->claims, text->text, span)) {
            metadata->json_ld_skipped++;
        }
    }
}

static void read_properties(struct metadata *metadata, const struct node *element)
{
    for (const struct attribute *a = element->attributes; a; a = a->next) {
        if (a->name.len != 8) {
            continue; /* as long as both names are */
        }
        if (str_equal(a->name, STR("itemprop")) ||
            (element->tag != TAG_meta && str_equal(a->name, STR("property")))) {
            microdata_read(&metadata->claims, element, a->value, &metadata->scope);
        }
    }
}

void metadata_read(struct metadata *metadata, const struct node *element)
{
    metadata->claims.arena = metadata->arena;
    if (element->tag == TAG_script) {
        read_script(metadata, element);
        return;
    }
    if (!element->attributes && element->tag != TAG_time) {
        return;
    }
    if (element->tag == TAG_a || element->tag == TAG_link || element->tag == TAG_area ||
        element->tag == TAG_base) {
        read_links(metadata, element);
    }
    if (element->tag == TAG_meta) {
        read_meta(metadata, element);
    } else if (element->tag == TAG_html) {
        state(&metadata->language, node_attribute(element, STR("lang")));
        state(&metadata->language, node_attribute(element, STR("xml:lang")));
    } else if (!marks_read(&metadata->marks, metadata->arena, element)) {
        metadata->claims.failed = true;
    }
    read_properties(metadata, element);
}

void metadata_finish(struct metadata *metadata)
{
    json_ld_finish(metadata->json_ld, &metadata->claims);
}
