/* SPDX-License-Identifier: Apache-2.0 */
#include "page/microdata.h"

#include "page/json_ld.h"
#include "page/plain.h"

enum {
    CLIMB_MAX = 64,      /* elements between a property and its item */
    INSIDE_MAX = 64,     /* nodes below an author in which the name may stand */
    PROPERTIES_MAX = 256 /* bytes of one attribute */
};

/* What a property states; `*offset` is added to the rank. False: nothing we want. */
static bool property_kind(str name, enum claim_kind *kind, unsigned *offset)
{
    static const struct {
        str name;
        enum claim_kind kind;
        unsigned offset;
    } names[] = {
        {STR_INIT("headline"), CLAIM_title, 0},
        {STR_INIT("name"), CLAIM_title, 1},
        {STR_INIT("author"), CLAIM_author, 0},
        {STR_INIT("creator"), CLAIM_author, 1},
        {STR_INIT("datePublished"), CLAIM_published, 0},
        {STR_INIT("dateCreated"), CLAIM_published, 1},
        {STR_INIT("dateModified"), CLAIM_modified, 0},
        {STR_INIT("articleSection"), CLAIM_category, 0},
        {STR_INIT("keywords"), CLAIM_keywords, 0},
        {STR_INIT("inLanguage"), CLAIM_language, 0},
        {STR_INIT("license"), CLAIM_licence, 0},
        {STR_INIT("copyrightNotice"), CLAIM_rights, 0},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (str_equal(names[i].name, name)) {
            *kind = names[i].kind;
            *offset = names[i].offset;
            return true;
        }
    }
    return false;
}

static const struct attribute *type_of(const struct node *item)
{
    const struct attribute *type = node_attribute(item, STR("itemtype"));
    return type ? type : node_attribute(item, STR("typeof"));
}

static bool is_item(const struct node *node)
{
    return node->kind == NODE_ELEMENT && node->attributes &&
           (node_attribute(node, STR("itemscope")) || node_attribute(node, STR("typeof")));
}

/* The item that a property of `element` belongs to; NULL: none near. */
static const struct node *item_around(const struct node *element)
{
    const struct node *node = element->parent;
    for (unsigned i = 0; node && i < CLIMB_MAX; i++) {
        if (is_item(node)) {
            return node;
        }
        node = node->parent;
    }
    return NULL;
}

/* Is it the page's own: not a part of something else, and of a type that a page can be about? */
static bool is_subject(const struct node *item, enum thing_type *type)
{
    const struct attribute *stated = type_of(item);
    const str role = node_attribute_value(item, STR("itemprop"));
    *type = stated ? thing_type_of(str_trim_ascii(stated->value)) : THING_UNKNOWN;
    if (role.len && !str_equal(role, STR("mainEntity")) && !str_equal(role, STR("blogPost")) &&
        !str_equal(role, STR("mainContentOfPage")) && !str_equal(role, STR("mainEntityOfPage"))) {
        return false;
    }
    return *type == THING_ARTICLE || *type == THING_WORK || *type == THING_PAGE ||
           *type == THING_UNKNOWN;
}

/* The name of an author that is an item of its own. */
static const struct node *name_inside(const struct node *item)
{
    const struct node *node = node_next(item, item);
    for (unsigned i = 0; node && i < INSIDE_MAX; i++) {
        if (node->kind == NODE_ELEMENT && node->attributes &&
            (str_equal(node_attribute_value(node, STR("itemprop")), STR("name")) ||
             str_equal(node_attribute_value(node, STR("property")), STR("name")))) {
            return node;
        }
        node = node_next(node, item);
    }
    return item;
}

static str value_of(struct arena *arena, const struct node *element, enum claim_kind kind)
{
    const str content = node_attribute_value(element, STR("content"));
    const str day = node_attribute_value(element, STR("datetime"));
    if (content.len || element->tag == TAG_meta) {
        return plain_value(arena, content);
    }
    if (day.len) {
        return day;
    }
    if (kind == CLAIM_licence && node_attribute(element, STR("href"))) {
        return node_attribute_value(element, STR("href"));
    }
    return plain_node(arena, element);
}

static void read_one(struct claims *claims, const struct node *element, str name,
                     const struct node **scope)
{
    enum claim_kind kind = CLAIM_title;
    enum thing_type type = THING_UNKNOWN;
    unsigned offset = 0;
    const size_t colon = str_find_byte(name, ':', 0);
    name = colon < name.len ? str_slice(name, colon + 1, name.len) : name;
    if (!property_kind(name, &kind, &offset)) {
        return;
    }
    const struct node *item = item_around(element);
    const bool is_name = str_equal(name, STR("name"));
    if (item ? !is_subject(item, &type) : is_name) {
        return;
    }
    if (is_name && type != THING_ARTICLE && type != THING_WORK) {
        return;
    }
    if (item != *scope) {
        claims_next_group(claims);
        *scope = item;
    }
    const struct node *holder =
        kind == CLAIM_author && is_item(element) ? name_inside(element) : element;
    claims_add(claims, kind, RANK_MICRODATA + offset + (type == THING_ARTICLE ? 0 : 4),
               (struct stated){.text = value_of(claims->arena, holder, kind),
                               .span = {.start = element->src_start, .end = element->src_end}});
}

void microdata_read(struct claims *claims, const struct node *element, str properties,
                    const struct node **scope)
{
    properties = str_slice(properties, 0, PROPERTIES_MAX);
    for (size_t at = 0; at < properties.len;) {
        const size_t space = str_find_byte(properties, ' ', at);
        const size_t end = space < properties.len ? space : properties.len;
        read_one(claims, element, str_slice(properties, at, end), scope);
        at = end + 1;
    }
}
