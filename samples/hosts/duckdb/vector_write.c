/* SPDX-License-Identifier: Apache-2.0 */
#include "duckdb/vector_write.h"

#include "common/heap.h"

#include <string.h>

/* --- types --- */

static duckdb_logical_type list_type(const struct ArrowSchema *schema)
{
    duckdb_logical_type element = schema->n_children == 1 ? vector_type(schema->children[0]) : NULL;
    duckdb_logical_type type = element ? duckdb_create_list_type(element) : NULL;
    duckdb_destroy_logical_type(&element);
    return type;
}

static duckdb_logical_type struct_type(const struct ArrowSchema *schema)
{
    const size_t count = (size_t)schema->n_children;
    duckdb_logical_type *types = heap_allocate((count + 1) * sizeof(duckdb_logical_type));
    const char **names = heap_allocate((count + 1) * sizeof *names);
    bool good = types && names && count > 0;
    for (size_t i = 0; good && i < count; i++) {
        names[i] = schema->children[i]->name;
        types[i] = vector_type(schema->children[i]);
        good = types[i] != NULL;
    }
    duckdb_logical_type type = good ? duckdb_create_struct_type(types, names, count) : NULL;
    for (size_t i = 0; types && i < count; i++) {
        duckdb_destroy_logical_type(&types[i]);
    }
    heap_release(types);
    heap_release(names);
    return type;
}

/* Recurses as deep as the schema, which is the plugin's and static. */
duckdb_logical_type vector_type(const struct ArrowSchema *schema)
{
    switch (arrow_type_of(schema->format)) {
    case ARROW_TEXT:
        return duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
    case ARROW_INT64:
        return duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);
    case ARROW_DOUBLE:
        return duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE);
    case ARROW_BOOL:
        return duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN);
    case ARROW_TIME:
        /* DuckDB's zoned type counts microseconds, as all of ours do. */
        return schema->format[2] == 'u' ? duckdb_create_logical_type(DUCKDB_TYPE_TIMESTAMP_TZ)
                                        : NULL;
    case ARROW_DATE:
        return duckdb_create_logical_type(DUCKDB_TYPE_DATE);
    case ARROW_LIST:
        return list_type(schema);
    case ARROW_STRUCT:
        return struct_type(schema);
    case ARROW_UNKNOWN:
        break;
    }
    return NULL;
}

/* --- values --- */

void vector_write_null(duckdb_vector vector, idx_t at)
{
    duckdb_vector_ensure_validity_writable(vector);
    duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), at);
}

static void write_nulls(duckdb_vector vector, idx_t at, struct arrow_view column, int64_t row,
                        int64_t count)
{
    if (!column.array->buffers[0]) {
        return;
    }
    uint64_t *validity = NULL;
    for (int64_t i = 0; i < count; i++) {
        if (!arrow_is_null(column, row + i)) {
            continue;
        }
        if (!validity) {
            duckdb_vector_ensure_validity_writable(vector);
            validity = duckdb_vector_get_validity(vector);
        }
        duckdb_validity_set_row_invalid(validity, at + (idx_t)i);
    }
}

static void write_fixed(duckdb_vector vector, idx_t at, struct arrow_view column, int64_t row,
                        int64_t count, size_t size_bytes)
{
    const char *from = column.array->buffers[1];
    char *to = duckdb_vector_get_data(vector);
    memcpy(to + at * size_bytes, from + (size_t)(row + column.array->offset) * size_bytes,
           (size_t)count * size_bytes);
}

static void write_bools(duckdb_vector vector, idx_t at, struct arrow_view column, int64_t row,
                        int64_t count)
{
    bool *to = duckdb_vector_get_data(vector);
    for (int64_t i = 0; i < count; i++) {
        to[at + (idx_t)i] = arrow_integer(column, row + i) != 0;
    }
}

static void write_texts(duckdb_vector vector, idx_t at, struct arrow_view column, int64_t row,
                        int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        if (!arrow_is_null(column, row + i)) {
            const span text = arrow_text(column, row + i);
            duckdb_vector_assign_string_element_len(vector, at + (idx_t)i, text.ptr, text.len);
        }
    }
}

static bool write_lists(duckdb_vector vector, idx_t at, struct arrow_view column, int64_t row,
                        int64_t count)
{
    const idx_t base = duckdb_list_vector_get_size(vector);
    duckdb_list_entry *entries = duckdb_vector_get_data(vector);
    int64_t begin = 0;
    int64_t end = 0;
    for (int64_t i = 0; i < count; i++) {
        int64_t first = 0;
        int64_t length = 0;
        arrow_list(column, row + i, &first, &length);
        begin = i == 0 ? first : begin;
        end = first + length;
        entries[at + (idx_t)i] =
            (duckdb_list_entry){.offset = base + (idx_t)(first - begin), .length = (idx_t)length};
    }
    const idx_t size = base + (idx_t)(end - begin);
    return duckdb_list_vector_reserve(vector, size) == DuckDBSuccess &&
           duckdb_list_vector_set_size(vector, size) == DuckDBSuccess &&
           vector_write(duckdb_list_vector_get_child(vector), base, arrow_child(column, 0), begin,
                        end - begin);
}

/* DuckDB wants the members of a struct that is NULL to be NULL, too. */
static bool write_structs(duckdb_vector vector, idx_t at, struct arrow_view column, int64_t row,
                          int64_t count)
{
    for (int64_t member = 0; member < column.schema->n_children; member++) {
        duckdb_vector child = duckdb_struct_vector_get_child(vector, (idx_t)member);
        if (!vector_write(child, at, arrow_child(column, member), arrow_struct_row(column, row),
                          count)) {
            return false;
        }
        write_nulls(child, at, column, row, count);
    }
    return true;
}

/* Recurses as deep as the schema, which arrow_check bounds. */
bool vector_write(duckdb_vector vector, idx_t at, struct arrow_view column, int64_t row,
                  int64_t count)
{
    if (count == 0) {
        return true;
    }
    write_nulls(vector, at, column, row, count);
    switch (arrow_type_of(column.schema->format)) {
    case ARROW_TEXT:
        write_texts(vector, at, column, row, count);
        return true;
    case ARROW_INT64:
    case ARROW_TIME:
    case ARROW_DOUBLE:
        write_fixed(vector, at, column, row, count, 8);
        return true;
    case ARROW_DATE:
        write_fixed(vector, at, column, row, count, 4);
        return true;
    case ARROW_BOOL:
        write_bools(vector, at, column, row, count);
        return true;
    case ARROW_LIST:
        return write_lists(vector, at, column, row, count);
    case ARROW_STRUCT:
        return write_structs(vector, at, column, row, count);
    case ARROW_UNKNOWN:
        break;
    }
    return false;
}
