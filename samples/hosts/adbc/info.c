/* SPDX-License-Identifier: Apache-2.0 */
/* What a host may ask of the driver itself. The shapes are ADBC's. */
#include "adbc/objects.h"

#include "adbc/arrow_tree.h"

#include "common/heap.h"

#include <stdio.h>
#include <string.h>

/* Codes of ADBC, and the members of its union. */
enum { INFO_VENDOR_NAME = 0, INFO_VENDOR_VERSION = 1, INFO_VENDOR_SQL = 3 };
enum { INFO_DRIVER_NAME = 100, INFO_DRIVER_VERSION = 101, INFO_DRIVER_ADBC_VERSION = 103 };
enum { MEMBER_TEXT = 0, MEMBER_FLAG = 1, MEMBER_NUMBER = 2 };

enum { INFO_ROWS_MAX = 6, INFO_TEXT_BYTES_MAX = 512 };

static const struct tree_shape info_shape = {
    .node_count = 14,
    .nodes =
        {
            {.format = "+s", .name = "", .child_count = 2},
            {.format = "I", .name = "info_name", .is_required = true},
            {.format = "+ud:0,1,2,3,4,5", .name = "info_value", .child_count = 6},
            {.format = "u", .name = "string_value"},
            {.format = "b", .name = "bool_value"},
            {.format = "l", .name = "int64_value"},
            {.format = "i", .name = "int32_bitmask"},
            {.format = "+l", .name = "string_list", .child_count = 1},
            {.format = "u", .name = "item"},
            {.format = "+m", .name = "int32_to_int32_list_map", .child_count = 1},
            {.format = "+s", .name = "entries", .child_count = 2, .is_required = true},
            {.format = "i", .name = "key", .is_required = true},
            {.format = "+l", .name = "value", .child_count = 1},
            {.format = "i", .name = "item"},
        },
};

static const struct tree_shape table_types_shape = {
    .node_count = 2,
    .nodes =
        {
            {.format = "+s", .name = "", .child_count = 1},
            {.format = "u", .name = "table_type", .is_required = true},
        },
};

/* What the buffers point to. */
struct info {
    int64_t row_count;
    uint32_t names[INFO_ROWS_MAX];
    int8_t members[INFO_ROWS_MAX];
    int32_t places[INFO_ROWS_MAX]; /* of the value in its member */
    int32_t text_count;
    int32_t text_offsets[INFO_ROWS_MAX + 1];
    char text[INFO_TEXT_BYTES_MAX];
    int32_t flag_count;
    uint8_t flags; /* all false */
    int32_t number_count;
    int64_t number;
    int32_t none[1]; /* offsets of an empty list */
};

static void add_row(struct info *info, uint32_t name, int8_t member, int32_t place)
{
    info->names[info->row_count] = name;
    info->members[info->row_count] = member;
    info->places[info->row_count++] = place;
}

static void add_text(struct info *info, uint32_t name, const char *text)
{
    const int32_t from = info->text_offsets[info->text_count];
    const size_t room = sizeof info->text - (size_t)from;
    (void)snprintf(info->text + from, room, "%s", text);
    const size_t len = strnlen(info->text + from, room);
    add_row(info, name, MEMBER_TEXT, info->text_count++);
    info->text_offsets[info->text_count] = from + (int32_t)len;
}

/* An unknown code is passed over, as ADBC wants it. */
static void add_info(struct info *info, uint32_t code, const struct quern_plugin *plugin)
{
    if (info->row_count == INFO_ROWS_MAX) {
        return;
    }
    switch (code) {
    case INFO_VENDOR_NAME:
        add_text(info, code, "Quern");
        break;
    case INFO_VENDOR_VERSION:
        add_text(info, code, plugin->version);
        break;
    case INFO_VENDOR_SQL:
        add_row(info, code, MEMBER_FLAG, 0);
        info->flag_count = 1;
        break;
    case INFO_DRIVER_NAME:
        add_text(info, code, "Quern ADBC driver");
        break;
    case INFO_DRIVER_VERSION:
        add_text(info, code, QUERN_VERSION);
        break;
    case INFO_DRIVER_ADBC_VERSION:
        add_row(info, code, MEMBER_NUMBER, 0);
        info->number = ADBC_VERSION_1_1_0;
        info->number_count = 1;
        break;
    default: /* codes are numbers of ADBC */
        break;
    }
}

static bool give_info(struct info *info, struct ArrowArrayStream *out)
{
    const struct tree_column columns[TREE_NODES_MAX] = {
        {info->row_count, 1, {NULL}},
        {info->row_count, 2, {NULL, info->names}},
        {info->row_count, 2, {info->members, info->places}},
        {info->text_count, 3, {NULL, info->text_offsets, info->text}},
        {info->flag_count, 2, {NULL, &info->flags}},
        {info->number_count, 2, {NULL, &info->number}},
        {0, 2, {NULL, info->none}},
        {0, 2, {NULL, info->none}},
        {0, 3, {NULL, info->none, info->text}},
        {0, 2, {NULL, info->none}},
        {0, 1, {NULL}},
        {0, 2, {NULL, info->none}},
        {0, 2, {NULL, info->none}},
        {0, 2, {NULL, info->none}},
    };
    return tree_stream(&info_shape, columns, info, out);
}

static const struct connection *of(struct AdbcConnection *handle, const void *out,
                                   struct fault *fault)
{
    const struct connection *connection = handle ? handle->private_data : NULL;
    if (!connection || !connection->adapter) {
        (void)fault_set(fault, ADBC_STATUS_INVALID_STATE, "the connection is not initialised");
        return NULL;
    }
    if (!out) {
        (void)fault_set(fault, ADBC_STATUS_INVALID_ARGUMENT, "a pointer is NULL");
        return NULL;
    }
    return connection;
}

AdbcStatusCode connection_info(struct AdbcConnection *handle, const uint32_t *codes,
                               size_t code_count, struct ArrowArrayStream *out,
                               struct AdbcError *error)
{
    static const uint32_t all[] = {INFO_VENDOR_NAME, INFO_VENDOR_VERSION, INFO_VENDOR_SQL,
                                   INFO_DRIVER_NAME, INFO_DRIVER_VERSION, INFO_DRIVER_ADBC_VERSION};
    struct fault fault = {0};
    const struct connection *connection = of(handle, out, &fault);
    struct info *info = connection ? heap_allocate(sizeof *info) : NULL;
    for (size_t i = 0; info && i < (codes ? code_count : sizeof all / sizeof all[0]); i++) {
        add_info(info, codes ? codes[i] : all[i], connection->adapter->plugin);
    }
    if (connection && (!info || !give_info(info, out))) {
        (void)fault_set_memory(&fault);
    }
    return fault.status == ADBC_STATUS_OK ? ADBC_STATUS_OK : error_tell(error, &fault);
}

/* There are no tables. */
AdbcStatusCode connection_table_types(struct AdbcConnection *handle, struct ArrowArrayStream *out,
                                      struct AdbcError *error)
{
    struct fault fault = {0};
    if (of(handle, out, &fault) && !tree_stream(&table_types_shape, NULL, NULL, out)) {
        (void)fault_set_memory(&fault);
    }
    return fault.status == ADBC_STATUS_OK ? ADBC_STATUS_OK : error_tell(error, &fault);
}
