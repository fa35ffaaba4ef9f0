/* SPDX-License-Identifier: Apache-2.0 */
#include "abi/schema.h"

#include "base/memory.h"

#include <errno.h>
#include <stdatomic.h>

#define FORMAT_TEXT     "u"
#define FORMAT_INT      "l"
#define FORMAT_REAL     "g"
#define FORMAT_BOOL     "b"
#define FORMAT_TIME     "tsu:UTC"
#define FORMAT_DATE     "tdD"
#define FORMAT_LIST     "+l"
#define FORMAT_STRUCT   "+s"

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static const struct field part_members[] = {
    {.name = "part", .format = FORMAT_INT},
    {.name = "url", .format = FORMAT_TEXT},
    {.name = "final_url", .format = FORMAT_TEXT},
    {.name = "http_status", .format = FORMAT_INT},
    {.name = "content_sha256", .format = FORMAT_TEXT},
    {.name = "content_bytes", .format = FORMAT_INT},
    {.name = "fetched_at", .format = FORMAT_TIME},
};
static const struct field link_members[] = {
    {.name = "rel", .format = FORMAT_TEXT},
    {.name = "url", .format = FORMAT_TEXT},
    {.name = "text", .format = FORMAT_TEXT},
};
static const struct field block_members[] = {
    {.name = "kind", .format = FORMAT_TEXT},       {.name = "level", .format = FORMAT_INT},
    {.name = "page_number", .format = FORMAT_INT}, {.name = "text", .format = FORMAT_TEXT},
    {.name = "src_part", .format = FORMAT_TEXT},   {.name = "src_start", .format = FORMAT_INT},
    {.name = "src_end", .format = FORMAT_INT},
};
static const struct field drop_members[] = {
    {.name = "reason", .format = FORMAT_TEXT},   {.name = "column", .format = FORMAT_TEXT},
    {.name = "text", .format = FORMAT_TEXT},     {.name = "src_part", .format = FORMAT_TEXT},
    {.name = "src_start", .format = FORMAT_INT}, {.name = "src_end", .format = FORMAT_INT},
};
static const struct field note_members[] = {
    {.name = "code", .format = FORMAT_TEXT},
    {.name = "offset", .format = FORMAT_INT},
    {.name = "count", .format = FORMAT_INT},
};

static const struct field text_element = {.name = "element", .format = FORMAT_TEXT};
#define ELEMENT_OF(members)                                                                        \
    {                                                                                              \
        .name = "element", .format = FORMAT_STRUCT, .children = (members),                         \
        .child_count = COUNT_OF(members)                                                           \
    }
static const struct field part_element = ELEMENT_OF(part_members);
static const struct field link_element = ELEMENT_OF(link_members);
static const struct field block_element = ELEMENT_OF(block_members);
static const struct field drop_element = ELEMENT_OF(drop_members);
static const struct field note_element = ELEMENT_OF(note_members);

_Static_assert(COUNT_OF(part_members) <= ITEM_MEMBER_MAX, "a row of cells must hold every member");
_Static_assert(COUNT_OF(block_members) <= ITEM_MEMBER_MAX, "a row of cells must hold every member");

/* One line a COLUMN_TYPE of columns.def. */
#define FIELD_ID      .format = FORMAT_TEXT, .is_required = true
#define FIELD_STATUS  .format = FORMAT_TEXT, .is_required = true
#define FIELD_TEXT    .format = FORMAT_TEXT
#define FIELD_INT     .format = FORMAT_INT
#define FIELD_REAL    .format = FORMAT_REAL
#define FIELD_BOOL    .format = FORMAT_BOOL
#define FIELD_TIME    .format = FORMAT_TIME
#define FIELD_DATE    .format = FORMAT_DATE
#define FIELD_TEXTS   .format = FORMAT_LIST, .children = &text_element, .child_count = 1
#define FIELD_PARTS   .format = FORMAT_LIST, .children = &part_element, .child_count = 1
#define FIELD_LINKS   .format = FORMAT_LIST, .children = &link_element, .child_count = 1
#define FIELD_BLOCKS  .format = FORMAT_LIST, .children = &block_element, .child_count = 1
#define FIELD_DROPPED .format = FORMAT_LIST, .children = &drop_element, .child_count = 1
#define FIELD_NOTES   .format = FORMAT_LIST, .children = &note_element, .child_count = 1

static const struct field column_fields[] = {
#define COLUMN(name_, type_, sentence_) {.name = #name_, FIELD_##type_},
#include "base/columns.def"
#undef COLUMN
};

static const struct field root_field = {.name = "", .format = FORMAT_STRUCT, .is_required = true};

static int32_t choose_named(struct layout *layout, const char *const *names, size_t count,
                            struct quern_error *error)
{
    bool taken[COLUMN_COUNT] = {false};
    for (size_t i = 0; i < count; i++) {
        if (!names[i]) {
            return error_set(error, QUERN_INVALID_ARGUMENT, STR("columns"),
                             "the name of a column must not be NULL");
        }
        const str name = {.ptr = names[i], .len = strnlen(names[i], 64)};
        const enum column column = column_find(name);
        if (column == COLUMN_NONE) {
            return error_set(error, QUERN_INVALID_ARGUMENT, STR("columns"),
                             "there is no column %.*s; plugin.toml lists them", (int)name.len,
                             name.ptr);
        }
        if (taken[column]) {
            return error_set(error, QUERN_INVALID_ARGUMENT, STR("columns"),
                             "the column %.*s is asked for twice", (int)name.len, name.ptr);
        }
        taken[column] = true;
        layout->columns[layout->column_count++] = column;
    }
    return QUERN_OK;
}

/* Every node's children go to the end, so one walk over the growing list reaches all of them. */
static void spread(struct layout *layout)
{
    layout->nodes[0] =
        (struct node){.field = &root_field, .first_child = 1, .child_count = layout->column_count};
    for (size_t i = 0; i < layout->column_count; i++) {
        layout->nodes[1 + i].field = &column_fields[layout->columns[i]];
    }
    layout->node_count = 1 + layout->column_count;
    for (size_t i = 1; i < layout->node_count; i++) {
        struct node *node = &layout->nodes[i];
        node->first_child = layout->node_count;
        node->child_count = node->field->child_count;
        for (size_t j = 0; j < node->child_count; j++) {
            layout->nodes[layout->node_count++].field = &node->field->children[j];
        }
    }
}

int32_t layout_choose(struct layout *layout, const char *const *names, size_t count,
                      struct quern_error *error)
{
    *layout = (struct layout){0};
    if (!names) {
        for (enum column column = 0; column < COLUMN_COUNT; column++) {
            layout->columns[layout->column_count++] = column;
        }
    } else {
        const int32_t status = choose_named(layout, names, count, error);
        if (status != QUERN_OK) {
            return status;
        }
    }
    spread(layout);
    return QUERN_OK;
}

/* Key-value metadata as the interface encodes it: counts and lengths as int32 of this machine. */
static const struct {
    int32_t pair_count;
    int32_t key_len;
    char key[12];
    int32_t value_len;
    char value[4];
} metadata = {.pair_count = 1,
              .key_len = 12,
              .key = {'q', 'u', 'e', 'r', 'n', '.', 's', 'c', 'h', 'e', 'm', 'a'},
              .value_len = 1,
              .value = {'1'}};
_Static_assert(offsetof(__typeof__(metadata), value) == 24, "the encoding has no padding");

/* All structs of one schema; it lives until the last of them was released, because a consumer may
 * move any of them out of their parent. */
struct schema_block {
    atomic_size_t refs;
    struct ArrowSchema *pointers[NODE_MAX];
    struct ArrowSchema nodes[];
};

static void release_schema(struct ArrowSchema *schema)
{
    struct schema_block *block = schema->private_data;
    for (int64_t i = 0; i < schema->n_children; i++) {
        struct ArrowSchema *child = schema->children[i];
        if (child->release) {
            child->release(child); /* as deep as the tables above, which is three */
        }
    }
    schema->release = NULL;
    if (atomic_fetch_sub_explicit(&block->refs, 1, memory_order_acq_rel) == 1) {
        memory_release(block);
    }
}

int schema_write(const struct layout *layout, struct ArrowSchema *out)
{
    const size_t size = sizeof(struct schema_block) + layout->node_count * sizeof *out;
    struct schema_block *block = memory_allocate(size);
    *out = (struct ArrowSchema){0};
    if (!block) {
        return ENOMEM;
    }
    atomic_init(&block->refs, layout->node_count);
    for (size_t i = 0; i < layout->node_count; i++) {
        const struct node *node = &layout->nodes[i];
        struct ArrowSchema *schema = i == 0 ? out : &block->nodes[i];
        *schema = (struct ArrowSchema){
            .format = node->field->format,
            .name = node->field->name,
            .flags = node->field->is_required ? 0 : ARROW_FLAG_NULLABLE,
            .n_children = (int64_t)node->child_count,
            .children = node->child_count ? &block->pointers[node->first_child] : NULL,
            .release = release_schema,
            .private_data = block,
        };
        block->pointers[i] = &block->nodes[i];
    }
    out->metadata = (const char *)&metadata;
    return 0;
}
