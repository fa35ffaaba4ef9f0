/* SPDX-License-Identifier: Apache-2.0 */
#include "page/markings.h"

#include "base/buf.h"
#include "page/labels.h"
#include "page/lines.h"
#include "page/script_value.h"
#include "page/selector.h"

enum {
    BUCKETS = 64,
    FIELD_TEXT_MAX = 400, /* bytes of an element's text that is a value */
    FIELD_NODES_MAX = 32
};

struct part {
    enum family family;
    enum part_role role;
    str selector;
};

static const struct part parts[] = {
#define PART(family_, role_, selector_)                                                            \
    {.family = FAMILY_##family_, .role = PART_##role_, .selector = STR_INIT(selector_)},
#include "page/profile.def"
};

static const struct field {
    enum family family;
    str selector;
    str attribute;
    enum column column;
    enum value_kind kind;
    const char *rule;
} fields[] = {
#define FIELD(family_, selector_, attribute_, column_, kind_)                                      \
    {.family = FAMILY_##family_,                                                                   \
     .selector = STR_INIT(selector_),                                                              \
     .attribute = STR_INIT(attribute_),                                                            \
     .column = COLUMN_##column_,                                                                   \
     .kind = VALUE_##kind_,                                                                        \
     .rule = "library profile, " #family_ ": field " #column_ " " selector_},
#include "page/profile.def"
};

static const struct script {
    enum family family;
    str path;
    enum column column;
    enum value_kind kind;
    const char *rule;
} scripts[] = {
#define SCRIPT(family_, path_, column_, kind_)                                                     \
    {.family = FAMILY_##family_,                                                                   \
     .path = STR_INIT(path_),                                                                      \
     .column = COLUMN_##column_,                                                                   \
     .kind = VALUE_##kind_,                                                                        \
     .rule = "library profile, " #family_ ": script " path_},
#include "page/profile.def"
};

enum {
    PART_ROWS = sizeof parts / sizeof parts[0],
    FIELD_ROWS = sizeof fields / sizeof fields[0],
    SCRIPT_ROWS = sizeof scripts / sizeof scripts[0],
    SELECTOR_ROWS = PART_ROWS + FIELD_ROWS
};

/* All selectors by the word that their element must have. */
struct index {
    struct selector selectors[SELECTOR_ROWS];
    uint16_t first[BUCKETS];
    uint16_t any; /* selectors without such a word */
    uint16_t next[SELECTOR_ROWS];
};

struct reader {
    struct markings *out;
    struct index *index;
    struct marked *values;
    bool *scripts_found;
};

static size_t bucket(str word)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < word.len; i++) {
        hash = (hash ^ (unsigned char)word.ptr[i]) * 16777619u;
    }
    return (hash ^ hash >> 16) % BUCKETS;
}

static str selector_text(size_t row)
{
    return row < PART_ROWS ? parts[row].selector : fields[row - PART_ROWS].selector;
}

static void index_init(struct index *index)
{
    for (size_t i = SELECTOR_ROWS; i-- > 0;) {
        if (!selector_parse(selector_text(i), &index->selectors[i])) {
            continue;
        }
        const str key = selector_key(&index->selectors[i]);
        uint16_t *first = key.len ? &index->first[bucket(key)] : &index->any;
        index->next[i] = *first;
        *first = (uint16_t)(i + 1);
    }
}

bool markings_are_readable(void)
{
    for (size_t i = 0; i < SELECTOR_ROWS; i++) {
        struct selector selector;
        if (!selector_parse(selector_text(i), &selector)) {
            return false;
        }
    }
    return true;
}

/* ---- values ---- */

/* An element's text: lent where it is one piece, put together where it is a few. */
static enum status read_text(struct arena *arena, const struct node *element, struct stated *out)
{
    struct buf buf;
    size_t pieces = 0;
    const struct node *node = node_next(element, element);
    buf_init(&buf, arena, FIELD_TEXT_MAX * 2);
    for (size_t i = 0; node && i < FIELD_NODES_MAX; i++, node = node_next(node, element)) {
        const str text = node->kind == NODE_TEXT ? str_trim_ascii(node->text) : (str){0};
        if (!text.len) {
            continue;
        }
        if (text.len > FIELD_TEXT_MAX || buf.len > FIELD_TEXT_MAX) {
            return STATUS_OK;
        }
        if (!pieces++) {
            out->text = text;
            out->span.start = node->src_start;
        }
        out->span.end = node->src_end;
        buf_add(&buf, text);
    }
    out->text = pieces > 1 ? buf_str(&buf) : out->text;
    return buf_failed(&buf) ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status read_field(struct reader *self, size_t row, const struct node *element)
{
    struct marked *value = &self->values[row];
    if (value->stated.text.len && value_fits(value->kind, value->stated.text)) {
        return STATUS_OK;
    }
    value->stated = (struct stated){0};
    if (!fields[row].attribute.len) {
        value->element = element;
        return read_text(self->out->arena, element, &value->stated);
    }
    const struct attribute *attribute = node_attribute(element, fields[row].attribute);
    if (attribute) {
        value->stated.text = str_trim_ascii(attribute->value);
        value->stated.span =
            (struct span){.start = attribute->src_start, .end = attribute->src_end};
    }
    return STATUS_OK;
}

static enum status try_chain(struct reader *self, uint16_t next, const struct node *element)
{
    for (; next; next = self->index->next[next - 1]) {
        const size_t row = next - 1u;
        if (!selector_matches(&self->index->selectors[row], element)) {
            continue;
        }
        if (row >= PART_ROWS) {
            TRY(read_field(self, row - PART_ROWS, element));
            continue;
        }
        if (!self->out->part_counts[row]++) {
            self->out->part_first[row] = element;
        }
        self->out->part_last[row] = element;
    }
    return STATUS_OK;
}

static enum status read_element(struct reader *self, const struct node *element)
{
    TRY(try_chain(self, self->index->any, element));
    TRY(try_chain(self, self->index->first[bucket(element->name)], element));
    for (const struct attribute *a = element->attributes; a; a = a->next) {
        if (str_equal(a->name, STR("id"))) {
            TRY(try_chain(self, self->index->first[bucket(a->value)], element));
        } else if (str_equal(a->name, STR("class"))) {
            for (size_t at = 0; at < a->value.len;) {
                const str word = class_next(a->value, &at);
                TRY(word.len ? try_chain(self, self->index->first[bucket(word)], element)
                             : STATUS_OK);
            }
        }
    }
    return STATUS_OK;
}

static enum status read_script(struct reader *self, const struct node *element)
{
    const struct node *text = element->first;
    if (!text || text->kind != NODE_TEXT) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < SCRIPT_ROWS; i++) {
        struct marked *value = &self->values[FIELD_ROWS + i];
        bool found = false;
        if (!value->stated.text.len) {
            TRY(script_find(self->out->arena, text, scripts[i].path, &found, &value->stated));
            self->scripts_found[i] = self->scripts_found[i] || found;
        }
    }
    return STATUS_OK;
}

static enum status reader_init(struct reader *self, struct arena *arena)
{
    struct markings *out = self->out;
    *out = (struct markings){.arena = arena, .value_count = FIELD_ROWS + SCRIPT_ROWS};
    self->index = ARENA_NEW(arena, struct index);
    self->values = ARENA_ARRAY(arena, FIELD_ROWS + SCRIPT_ROWS, struct marked);
    self->scripts_found = ARENA_ARRAY(arena, SCRIPT_ROWS, bool);
    out->part_counts = ARENA_ARRAY(arena, PART_ROWS, uint32_t);
    out->part_first = ARENA_ARRAY(arena, PART_ROWS, const struct node *);
    out->part_last = ARENA_ARRAY(arena, PART_ROWS, const struct node *);
    if (!self->index || !self->values || !self->scripts_found || !out->part_counts ||
        !out->part_first || !out->part_last) {
        return STATUS_NO_MEMORY;
    }
    index_init(self->index);
    for (size_t i = 0; i < FIELD_ROWS; i++) {
        self->values[i] = (struct marked){.family = fields[i].family,
                                          .column = fields[i].column,
                                          .kind = fields[i].kind,
                                          .rule = fields[i].rule};
    }
    for (size_t i = 0; i < SCRIPT_ROWS; i++) {
        self->values[FIELD_ROWS + i] = (struct marked){.family = scripts[i].family,
                                                       .column = scripts[i].column,
                                                       .kind = scripts[i].kind,
                                                       .rule = scripts[i].rule};
    }
    out->values = self->values;
    out->scripts_found = self->scripts_found;
    return STATUS_OK;
}

enum status markings_read(struct arena *arena, const struct node *root, struct markings *out)
{
    struct reader self = {.out = out};
    TRY(reader_init(&self, arena));
    for (const struct node *node = node_next(root, root); node; node = node_next(node, root)) {
        if (node->kind != NODE_ELEMENT) {
            continue;
        }
        TRY(node->tag == TAG_script ? read_script(&self, node) : read_element(&self, node));
    }
    return STATUS_OK;
}

/* ---- questions ---- */

int markings_marks(const struct markings *markings, enum family family)
{
    int marks = 0;
    for (size_t i = 0; i < PART_ROWS; i++) {
        marks +=
            parts[i].family == family && parts[i].role == PART_MARK && markings->part_counts[i] > 0;
    }
    for (size_t i = 0; i < SCRIPT_ROWS; i++) {
        marks += scripts[i].family == family && family != FAMILY_any && markings->scripts_found[i];
    }
    return marks;
}

int64_t markings_count(const struct markings *markings, enum family family, enum part_role role)
{
    int64_t most = 0;
    for (size_t i = 0; i < PART_ROWS; i++) {
        const int64_t count = markings->part_counts[i];
        if (family_has(family, parts[i].family) && parts[i].role == role && count > most) {
            most = count;
        }
    }
    return most;
}

struct extent element_extent(const struct node *element, size_t source_len)
{
    const struct node *root = element;
    while (root->parent) {
        root = root->parent;
    }
    struct extent extent = {.from = element->src_start, .to = source_len};
    const struct node *behind = node_next_outside(element, root);
    /* Elements that the source does not spell have no place of their own. */
    while (behind && (behind->implied || behind->src_start <= extent.from)) {
        behind = node_next(behind, root);
    }
    extent.to = behind ? behind->src_start : source_len;
    return extent;
}

const struct node *markings_gate(const struct markings *markings, enum family family, size_t i)
{
    for (size_t row = 0; row < PART_ROWS; row++) {
        if (parts[row].role == PART_GATE && family_has(family, parts[row].family) &&
            markings->part_counts[row] > 0 && i-- == 0) {
            return markings->part_first[row];
        }
    }
    return NULL;
}

bool markings_body(const struct markings *markings, enum family family, size_t source_len,
                   struct extent *out)
{
    for (size_t i = 0; i < PART_ROWS; i++) {
        if (family_has(family, parts[i].family) && parts[i].role == PART_BODY &&
            markings->part_counts[i] > 0) {
            out->from = markings->part_first[i]->src_start;
            out->to = element_extent(markings->part_last[i], source_len).to;
            return true;
        }
    }
    return false;
}
