/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/stream_catalog.h"

#include "cli/stream_schema.h"
#include "common/plugin_load.h"
#include "common/plugin_schema.h"

#include <string.h>

static const char key_column[] = "id";

static bool read_schema(struct stream_catalog *catalog, const struct quern_plugin *plugin,
                        const char *const *columns, size_t column_count, struct text *error)
{
    struct quern_error why = {.struct_size = sizeof why};
    if (plugin_read_schema(plugin, columns, (uint32_t)column_count, &catalog->schema, &why) !=
        QUERN_OK) {
        plugin_describe_error(error, &why);
        return false;
    }
    return true;
}

/* The key first, when it is not named. */
static bool offer_columns(struct stream_catalog *catalog, const struct quern_plugin *plugin,
                          const char *const *columns, size_t column_count, struct text *error)
{
    const char **offered = pool_allocate(&catalog->pool, (column_count + 1) * sizeof *offered);
    if (!offered) {
        text_add_string(error, "out of memory");
        return false;
    }
    bool has_key = false;
    for (size_t i = 0; i < column_count; i++) {
        has_key = has_key || strcmp(columns[i], key_column) == 0;
    }
    offered[0] = key_column;
    for (size_t i = 0; i < column_count; i++) {
        offered[i + !has_key] = columns[i];
    }
    return read_schema(catalog, plugin, offered, column_count + !has_key, error);
}

bool stream_catalog_open(struct stream_catalog *catalog, const struct quern_plugin *plugin,
                         const char *const *columns, size_t column_count, struct text *error)
{
    if (columns ? !offer_columns(catalog, plugin, columns, column_count, error)
                : !read_schema(catalog, plugin, NULL, 0, error)) {
        return false;
    }
    const size_t count = (size_t)catalog->schema.n_children;
    catalog->wanted = pool_allocate(&catalog->pool, count + 1);
    catalog->columns = pool_allocate(&catalog->pool, (count + 1) * sizeof *catalog->columns);
    if (!catalog->wanted || !catalog->columns) {
        text_add_string(error, "out of memory");
        return false;
    }
    catalog->is_selected = true;
    catalog->column_count = count;
    for (size_t i = 0; i < count; i++) {
        catalog->wanted[i] = true;
        catalog->columns[i] = catalog->schema.children[i]->name;
    }
    return true;
}

void stream_catalog_release(struct stream_catalog *catalog)
{
    if (catalog->schema.release) {
        catalog->schema.release(&catalog->schema);
    }
    pool_release(&catalog->pool);
    *catalog = (struct stream_catalog){0};
}

/* --- what is wanted --- */

/* The metadata of one breadcrumb in a Singer catalog: [] or ["properties", COLUMN]. */
static const json_t *find_metadata(const json_t *stream, const char *column)
{
    const json_t *all = json_object_get(stream, "metadata");
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *entry = json_array_get(all, i);
        const json_t *breadcrumb = json_object_get(entry, "breadcrumb");
        const size_t depth = json_array_size(breadcrumb);
        if (!json_is_array(breadcrumb) || depth != (column ? 2 : 0)) {
            continue;
        }
        if (!column ||
            (span_equal(json_file_text(json_array_get(breadcrumb, 0)), SPAN("properties")) &&
             span_equal(json_file_text(json_array_get(breadcrumb, 1)), span_of(column)))) {
            return json_object_get(entry, "metadata");
        }
    }
    return NULL;
}

/* Said by the metadata, else by older catalogs in the schema itself, else by what was proposed. */
static bool is_chosen(const json_t *metadata, const json_t *schema)
{
    const json_t *said[] = {json_object_get(metadata, "selected"),
                            json_object_get(schema, "selected"),
                            json_object_get(metadata, "selected-by-default")};
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        if (json_is_boolean(said[i])) {
            return json_is_true(said[i]);
        }
    }
    return !span_equal(json_file_text(json_object_get(metadata, "inclusion")), SPAN("unsupported"));
}

static bool is_column_chosen(const struct stream_catalog *catalog, const json_t *stream,
                             const char *column)
{
    const bool is_singer = catalog->protocol == MESSAGE_SINGER;
    const json_t *schema = json_object_get(stream, is_singer ? "schema" : "json_schema");
    const json_t *properties = json_object_get(schema, "properties");
    const json_t *property = json_object_get(properties, column);
    if (strcmp(column, key_column) == 0) {
        return true;
    }
    if (json_is_object(properties) && !property) {
        return false;
    }
    return !is_singer || is_chosen(find_metadata(stream, column), property);
}

static void choose_columns(struct stream_catalog *catalog, const json_t *stream)
{
    catalog->column_count = 0;
    for (int64_t i = 0; i < catalog->schema.n_children; i++) {
        const char *name = catalog->schema.children[i]->name;
        catalog->wanted[i] = is_column_chosen(catalog, stream, name);
        if (catalog->wanted[i]) {
            catalog->columns[catalog->column_count++] = name;
        }
    }
}

/* In a Singer catalog the stream itself; in a configured one of Airbyte inside "stream". */
static const json_t *stream_of(const struct stream_catalog *catalog, const json_t *entry)
{
    return catalog->protocol == MESSAGE_SINGER ? entry : json_object_get(entry, "stream");
}

static span name_of(const struct stream_catalog *catalog, const json_t *stream)
{
    const span id = json_file_text(json_object_get(stream, "tap_stream_id"));
    if (catalog->protocol == MESSAGE_AIRBYTE) {
        return json_file_text(json_object_get(stream, "name"));
    }
    return id.len > 0 ? id : json_file_text(json_object_get(stream, "stream"));
}

static bool read_mode(struct stream_catalog *catalog, const json_t *entry, const char *path,
                      const char *place, struct trouble *trouble)
{
    const span mode = json_file_text(json_object_get(entry, "sync_mode"));
    catalog->is_incremental = span_equal(mode, SPAN("incremental"));
    return catalog->is_incremental || span_equal(mode, SPAN("full_refresh")) ||
           json_file_fail(trouble, path, place,
                          "sync_mode must be \"full_refresh\" or \"incremental\"");
}

static bool select_entry(struct stream_catalog *catalog, const json_t *entry, const char *path,
                         const char *place, struct trouble *trouble)
{
    const json_t *stream = stream_of(catalog, entry);
    const span name = name_of(catalog, stream);
    if (name.len == 0) {
        return json_file_fail(trouble, path, place,
                              catalog->protocol == MESSAGE_SINGER
                                  ? "must be an object with tap_stream_id"
                                  : "must be an object with stream, an object with name");
    }
    const bool is_wanted =
        catalog->protocol == MESSAGE_AIRBYTE ||
        is_chosen(find_metadata(stream, NULL), json_object_get(stream, "schema"));
    if (!is_wanted) {
        return true;
    }
    if (!span_equal(name, span_of(catalog->stream))) {
        struct text why = {0};
        text_add_string(&why, "selects the stream ");
        text_add_json_string(&why, name);
        text_add_string(&why, ", but there is only ");
        text_add_json_string(&why, span_of(catalog->stream));
        (void)json_file_fail(trouble, path, place, text_string(&why));
        text_release(&why);
        return false;
    }
    if (catalog->is_selected) {
        return json_file_fail(trouble, path, place, "stands in the catalog twice");
    }
    catalog->is_selected = true;
    choose_columns(catalog, stream);
    return catalog->protocol == MESSAGE_SINGER || read_mode(catalog, entry, path, place, trouble);
}

static bool select_entries(struct stream_catalog *catalog, const json_t *root, const char *path,
                           struct trouble *trouble)
{
    const json_t *streams = json_object_get(root, "streams");
    bool good = json_is_array(streams) ||
                json_file_fail(trouble, path, "streams", "must be a list of streams");
    catalog->is_selected = false;
    for (size_t i = 0; good && i < json_array_size(streams); i++) {
        struct text place = {0};
        text_add_format(&place, "streams[%zu]", i);
        good =
            select_entry(catalog, json_array_get(streams, i), path, text_string(&place), trouble);
        text_release(&place);
    }
    return good;
}

bool stream_catalog_select(struct stream_catalog *catalog, const char *path,
                           struct trouble *trouble)
{
    json_t *root = json_file_read(path, false, trouble);
    const bool good = root && select_entries(catalog, root, path, trouble);
    json_decref(root);
    return good;
}

/* --- what is on offer --- */

void stream_catalog_write_schema(const struct stream_catalog *catalog, struct text *to)
{
    stream_schema_write(
        to, &catalog->schema, catalog->wanted,
        &(struct stream_schema_style){.with_airbyte_types = catalog->protocol == MESSAGE_AIRBYTE});
}

static void describe_singer(const struct stream_catalog *catalog, struct text *to)
{
    text_add_string(to, "{\"streams\":[{\"tap_stream_id\":");
    text_add_json_string(to, span_of(catalog->stream));
    text_add_string(to, ",\"stream\":");
    text_add_json_string(to, span_of(catalog->stream));
    text_add_string(to, ",\"key_properties\":[\"id\"],\"schema\":");
    stream_schema_write(to, &catalog->schema, NULL,
                        &(struct stream_schema_style){.manifest = catalog->manifest});
    text_add_string(to, ",\"metadata\":[{\"breadcrumb\":[],\"metadata\":{\"inclusion\":"
                        "\"available\",\"selected-by-default\":true,\"table-key-properties\":"
                        "[\"id\"],\"forced-replication-method\":\"FULL_TABLE\"}}");
    for (int64_t i = 0; i < catalog->schema.n_children; i++) {
        const char *name = catalog->schema.children[i]->name;
        text_add_string(to, ",{\"breadcrumb\":[\"properties\",");
        text_add_json_string(to, span_of(name));
        text_add_format(to, "],\"metadata\":{\"inclusion\":\"%s\",\"selected-by-default\":true}}",
                        strcmp(name, key_column) == 0 ? "automatic" : "available");
    }
    text_add_string(to, "]}]}");
}

static void describe_airbyte(const struct stream_catalog *catalog, struct text *to)
{
    text_add_string(to, "{\"streams\":[{\"name\":");
    text_add_json_string(to, span_of(catalog->stream));
    text_add_string(to, ",\"json_schema\":");
    stream_schema_write(
        to, &catalog->schema, NULL,
        &(struct stream_schema_style){.with_airbyte_types = true, .manifest = catalog->manifest});
    text_add_string(to, ",\"supported_sync_modes\":[\"full_refresh\",\"incremental\"],"
                        "\"source_defined_cursor\":true,\"default_cursor_field\":[],"
                        "\"source_defined_primary_key\":[[\"id\"]]}]}");
}

void stream_catalog_describe(const struct stream_catalog *catalog, struct text *to)
{
    switch (catalog->protocol) {
    case MESSAGE_SINGER:
        describe_singer(catalog, to);
        break;
    case MESSAGE_AIRBYTE:
        describe_airbyte(catalog, to);
        break;
    }
}
