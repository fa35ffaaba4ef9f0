/* SPDX-License-Identifier: Apache-2.0 */
#include "rows_fixture.h"

#include <string.h>

struct column {
    struct ArrowSchema schema;
    struct ArrowArray array;
    const void *buffers[3];
    uint8_t validity;
    int32_t offsets[ROWS_MAX + 1];
    char bytes[ROWS_TEXT_BYTES];
    int64_t integers[ROWS_MAX];
    double doubles[ROWS_MAX];
    int32_t days[ROWS_MAX];
    uint8_t bits;
};

static struct column columns[ROWS_COLUMNS];
static struct column link;
static struct column rel;
static struct column count_column;
static struct ArrowSchema *schema_children[ROWS_COLUMNS];
static struct ArrowArray *array_children[ROWS_COLUMNS];
static struct ArrowSchema *link_schema[] = {&rel.schema, &count_column.schema};
static struct ArrowArray *link_array[] = {&rel.array, &count_column.array};
static struct ArrowSchema *links_schema[] = {&link.schema};
static struct ArrowArray *links_array[] = {&link.array};
static struct ArrowSchema top_schema;
static struct ArrowArray top_array;
static const void *top_buffers[1];

static void begin(struct column *c, const char *name, const char *format, int64_t length,
                  int64_t buffer_count)
{
    memset(c, 0, sizeof *c);
    c->validity = 0xFF;
    c->schema = (struct ArrowSchema){.format = format, .name = name};
    c->array =
        (struct ArrowArray){.length = length, .n_buffers = buffer_count, .buffers = c->buffers};
    c->buffers[0] = &c->validity;
}

static void set_text(struct column *c, int64_t row, const char *text)
{
    const size_t len = text ? strlen(text) : 0;
    memcpy(c->bytes + c->offsets[row], text ? text : "", len);
    c->offsets[row + 1] = c->offsets[row] + (int32_t)len;
    if (!text) {
        c->validity = (uint8_t)(c->validity & ~(1u << row));
    }
    c->buffers[1] = c->offsets;
    c->buffers[2] = c->bytes;
}

static void make_links(int64_t count)
{
    struct column *links = &columns[ROWS_LINKS];
    begin(links, "links", "+l", count, 2);
    links->schema.n_children = links->array.n_children = 1;
    links->schema.children = links_schema;
    links->array.children = links_array;
    links->buffers[1] = links->offsets;
    for (int64_t row = 0; row < count; row++) {
        links->offsets[row + 1] = 2;
    }
    links->validity = 0x03;
    begin(&link, "element", "+s", 2, 1);
    link.schema.n_children = link.array.n_children = 2;
    link.schema.children = link_schema;
    link.array.children = link_array;
    begin(&rel, "rel", "u", 2, 3);
    set_text(&rel, 0, "next");
    set_text(&rel, 1, NULL);
    begin(&count_column, "count", "l", 2, 2);
    count_column.buffers[1] = count_column.integers;
    count_column.integers[1] = -7;
}

struct arrow_view rows_make(const struct rows_texts *rows, int64_t count)
{
    static const char *const names[ROWS_TEXT_COLUMNS] = {"id",         "status",        "url",
                                                         "error_code", "error_message", "text"};
    for (int i = 0; i < ROWS_TEXT_COLUMNS; i++) {
        begin(&columns[i], names[i], "u", count, 3);
        for (int64_t row = 0; row < count; row++) {
            set_text(&columns[i], row, rows[row].values[i]);
        }
    }
    begin(&columns[ROWS_BYTES], "content_bytes", "l", count, 2);
    begin(&columns[ROWS_SHARE], "title_match", "g", count, 2);
    begin(&columns[ROWS_COMPLETE], "complete", "b", count, 2);
    begin(&columns[ROWS_FETCHED], "fetched_at", "tsu:UTC", count, 2);
    begin(&columns[ROWS_PUBLISHED], "published", "tdD", count, 2);
    for (int64_t row = 0; row < count; row++) {
        columns[ROWS_BYTES].integers[row] = 1000 + row;
        columns[ROWS_SHARE].doubles[row] = 0.25 * (double)row;
        columns[ROWS_FETCHED].integers[row] = INT64_C(1779867120500000); /* 2026-05-27T07:32:00.5 */
        columns[ROWS_PUBLISHED].days[row] = 18223;                       /* 2019-11-23 */
    }
    columns[ROWS_COMPLETE].bits = 0x01;
    columns[ROWS_BYTES].buffers[1] = columns[ROWS_BYTES].integers;
    columns[ROWS_SHARE].buffers[1] = columns[ROWS_SHARE].doubles;
    columns[ROWS_COMPLETE].buffers[1] = &columns[ROWS_COMPLETE].bits;
    columns[ROWS_FETCHED].buffers[1] = columns[ROWS_FETCHED].integers;
    columns[ROWS_PUBLISHED].buffers[1] = columns[ROWS_PUBLISHED].days;
    make_links(count);
    for (int i = 0; i < ROWS_COLUMNS; i++) {
        schema_children[i] = &columns[i].schema;
        array_children[i] = &columns[i].array;
    }
    top_schema = (struct ArrowSchema){
        .format = "+s", .n_children = ROWS_COLUMNS, .children = schema_children};
    top_array = (struct ArrowArray){.length = count,
                                    .n_buffers = 1,
                                    .n_children = ROWS_COLUMNS,
                                    .buffers = top_buffers,
                                    .children = array_children};
    return (struct arrow_view){&top_schema, &top_array};
}
