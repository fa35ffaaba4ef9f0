/* SPDX-License-Identifier: Apache-2.0 */
/* quern_convert(blob [, name]) and quern_convert_all(blob [, name]): bytes that are already in a table
 * become a list of records, several of them when they are an archive. No network, no files.
 */
#include "duckdb/extension.h"

#include "common/heap.h"

#include "duckdb/vector_write.h"

#include <string.h>

struct conversion {
    const struct adapter *adapter;
    const char *const *columns; /* NULL: all */
    uint32_t column_count;
};

/* One chunk's work. */
struct chunk_conversion {
    const struct quern_plugin *plugin;
    struct quern_convert *convert;
    struct ArrowSchema schema; /* the same for every stream of a converter */
    duckdb_vector output;
    struct text name; /* of the document at work */
};

static bool append_batch(struct chunk_conversion *chunk, const struct ArrowArray *batch,
                         struct text *error)
{
    const struct arrow_view rows = {&chunk->schema, batch};
    const idx_t size = duckdb_list_vector_get_size(chunk->output);
    const idx_t grown = size + (idx_t)batch->length;
    char why[128];
    if (!arrow_check(rows, why, sizeof why)) {
        text_add_format(error, "the plugin gave a batch that is broken: %s", why);
        return false;
    }
    return duckdb_list_vector_reserve(chunk->output, grown) == DuckDBSuccess &&
           duckdb_list_vector_set_size(chunk->output, grown) == DuckDBSuccess &&
           vector_write(duckdb_list_vector_get_child(chunk->output), size, rows, 0, batch->length);
}

static bool append_stream(struct chunk_conversion *chunk, struct ArrowArrayStream *stream,
                          struct text *error)
{
    if (!chunk->schema.release && stream->get_schema(stream, &chunk->schema) != 0) {
        text_add_string(error, "the plugin gives no schema");
        return false;
    }
    for (;;) {
        struct ArrowArray batch = {0};
        if (stream->get_next(stream, &batch) != 0) {
            const char *why = stream->get_last_error(stream);
            text_add_string(error, why ? why : "the plugin gives no reason");
            return false;
        }
        if (!batch.release) {
            return true;
        }
        const bool good = append_batch(chunk, &batch, error);
        batch.release(&batch);
        if (!good) {
            return false;
        }
    }
}

static span vector_bytes(duckdb_vector vector, idx_t row)
{
    duckdb_string_t *values = duckdb_vector_get_data(vector);
    return (span){duckdb_string_t_data(&values[row]), duckdb_string_t_length(values[row])};
}

static bool has_value(duckdb_vector vector, idx_t row)
{
    uint64_t *validity = vector ? duckdb_vector_get_validity(vector) : NULL;
    return vector && (!validity || duckdb_validity_row_is_valid(validity, row));
}

static bool convert_row(struct chunk_conversion *chunk, duckdb_vector contents, duckdb_vector names,
                        idx_t row, struct text *error)
{
    const span content = vector_bytes(contents, row);
    struct quern_error why = {.struct_size = sizeof why};
    struct quern_input input = {
        .struct_size = sizeof input, .data = (const uint8_t *)content.ptr, .len = content.len};
    text_clear(&chunk->name);
    if (has_value(names, row)) {
        const span name = vector_bytes(names, row);
        if (memchr(name.ptr, 0, name.len)) {
            text_add_string(error, "name: must not contain U+0000");
            return false;
        }
        text_add(&chunk->name, name);
        input.name = text_string(&chunk->name);
    }
    struct ArrowArrayStream stream = {0};
    if (chunk->name.failed) {
        return false;
    }
    if (chunk->plugin->convert_stream(chunk->convert, &input, &stream, &why) != QUERN_OK) {
        plugin_describe_error(error, &why);
        return false;
    }
    const bool good = append_stream(chunk, &stream, error);
    stream.release(&stream);
    return good;
}

static bool convert_rows(struct chunk_conversion *chunk, duckdb_data_chunk input,
                         struct text *error)
{
    const idx_t count = duckdb_data_chunk_get_size(input);
    duckdb_vector contents = duckdb_data_chunk_get_vector(input, 0);
    duckdb_vector names = duckdb_data_chunk_get_column_count(input) > 1
                              ? duckdb_data_chunk_get_vector(input, 1)
                              : NULL;
    duckdb_list_entry *entries = duckdb_vector_get_data(chunk->output);
    bool good = true;
    for (idx_t row = 0; good && row < count; row++) {
        const idx_t first = duckdb_list_vector_get_size(chunk->output);
        entries[row] = (duckdb_list_entry){.offset = first, .length = 0};
        if (!has_value(contents, row)) {
            vector_write_null(chunk->output, row);
            continue;
        }
        good = convert_row(chunk, contents, names, row, error);
        entries[row].length = duckdb_list_vector_get_size(chunk->output) - first;
    }
    return good;
}

static void convert_chunk(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output)
{
    const struct conversion *conversion = duckdb_scalar_function_get_extra_info(info);
    struct quern_error why = {.struct_size = sizeof why};
    struct text error = {0};
    struct chunk_conversion chunk = {.plugin = conversion->adapter->plugin, .output = output};
    bool good =
        chunk.plugin->convert_open(NULL, NULL, 0, conversion->columns, conversion->column_count,
                                   &chunk.convert, &why) == QUERN_OK;
    if (!good) {
        plugin_describe_error(&error, &why);
    }
    good = good && convert_rows(&chunk, input, &error);
    if (!good) {
        duckdb_scalar_function_set_error(info, error_words(&error));
    }
    if (chunk.schema.release) {
        chunk.schema.release(&chunk.schema);
    }
    chunk.plugin->convert_close(chunk.convert);
    text_release(&chunk.name);
    text_release(&error);
}

/* --- registering --- */

static duckdb_logical_type list_of_records(const struct conversion *conversion)
{
    const struct ArrowSchema *schema = &conversion->adapter->schema;
    struct ArrowSchema chosen = *schema;
    struct ArrowSchema **children =
        heap_allocate((conversion->column_count + 1) * sizeof(struct ArrowSchema *));
    if (!children) {
        return NULL;
    }
    bool good = true;
    for (uint32_t i = 0; conversion->columns && i < conversion->column_count; i++) {
        const int64_t place = arrow_find(schema, conversion->columns[i]);
        good = good && place >= 0;
        children[i] = place >= 0 ? schema->children[place] : NULL;
    }
    if (conversion->columns) {
        chosen.children = children;
        chosen.n_children = conversion->column_count;
    }
    duckdb_logical_type record = good ? vector_type(&chosen) : NULL;
    duckdb_logical_type type = record ? duckdb_create_list_type(record) : NULL;
    duckdb_destroy_logical_type(&record);
    heap_release(children);
    return type;
}

/* One variant a number of arguments. */
static bool add_variant(duckdb_scalar_function_set set, const char *name, bool has_name,
                        duckdb_logical_type result, const struct conversion *conversion)
{
    struct conversion *own = heap_allocate(sizeof *own);
    duckdb_scalar_function function = own ? duckdb_create_scalar_function() : NULL;
    if (!function) {
        heap_release(own);
        return false;
    }
    *own = *conversion;
    duckdb_logical_type blob = duckdb_create_logical_type(DUCKDB_TYPE_BLOB);
    duckdb_logical_type varchar = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
    duckdb_scalar_function_set_name(function, name);
    duckdb_scalar_function_add_parameter(function, blob);
    if (has_name) {
        duckdb_scalar_function_add_parameter(function, varchar);
    }
    duckdb_scalar_function_set_return_type(function, result);
    duckdb_scalar_function_set_special_handling(function); /* a name may be NULL */
    duckdb_scalar_function_set_extra_info(function, own, heap_release);
    duckdb_scalar_function_set_function(function, convert_chunk);
    const bool good = duckdb_add_scalar_function_to_set(set, function) == DuckDBSuccess;
    duckdb_destroy_scalar_function(&function);
    duckdb_destroy_logical_type(&varchar);
    duckdb_destroy_logical_type(&blob);
    return good;
}

static bool register_one(duckdb_connection connection, const char *name,
                         const struct conversion *conversion)
{
    duckdb_logical_type result = list_of_records(conversion);
    duckdb_scalar_function_set set = result ? duckdb_create_scalar_function_set(name) : NULL;
    const bool good = set && add_variant(set, name, false, result, conversion) &&
                      add_variant(set, name, true, result, conversion) &&
                      duckdb_register_scalar_function_set(connection, set) == DuckDBSuccess;
    duckdb_destroy_scalar_function_set(&set);
    duckdb_destroy_logical_type(&result);
    return good;
}

bool convert_functions_register(duckdb_connection connection, const struct adapter *adapter)
{
    static const char *const few[] = {"id", "status", "error_code", "title", "text", "complete"};
    const struct conversion brief = {adapter, few, sizeof few / sizeof few[0]};
    const struct conversion whole = {adapter, NULL, 0};
    return register_one(connection, "quern_convert", &brief) &&
           register_one(connection, "quern_convert_all", &whole);
}
