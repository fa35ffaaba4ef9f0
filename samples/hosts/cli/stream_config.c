/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/stream_config.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { COLUMNS_MAX = 1024 };

struct reading {
    struct stream_config *config;
    const struct toml *manifest;
    struct trouble *trouble;
};

static bool fail_at(const struct reading *reading, const char *key, const char *why)
{
    return json_file_fail(reading->trouble, reading->config->path, key, why);
}

static bool add_option(const struct reading *reading, const char *key, span value)
{
    struct text error = {0};
    const bool good = option_list_add(&reading->config->options, span_of(key), value, &error) ||
                      fail_at(reading, key, text_string(&error));
    text_release(&error);
    return good;
}

/* --- options --- */

/* A whole number as the plugin reads it; some hosts make 5 into 5.0 on the way. */
static bool write_number(const json_t *value, struct text *to)
{
    const double largest_exact = 9007199254740992.0;
    if (json_is_integer(value)) {
        text_add_integer(to, json_integer_value(value));
        return true;
    }
    const double real = json_number_value(value);
    if (!json_is_real(value) || floor(real) < real || fabs(real) > largest_exact) {
        return false;
    }
    text_add_integer(to, (int64_t)real);
    return true;
}

static bool write_list(const json_t *list, struct text *to)
{
    text_add_byte(to, '[');
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        if (!json_is_string(item)) {
            return false;
        }
        text_add_string(to, i > 0 ? "," : "");
        text_add_json_string(to, json_file_text(item));
    }
    text_add_byte(to, ']');
    return json_is_array(list);
}

/* What the option's type demands; NULL: `to` holds the value. */
static const char *write_value(enum manifest_type type, const json_t *value, struct text *to)
{
    if (json_is_string(value)) {
        text_add(to, json_file_text(value));
        return NULL;
    }
    switch (type) {
    case MANIFEST_NUMBER:
        return write_number(value, to) ? NULL : "must be a whole number";
    case MANIFEST_FLAG:
        text_add_string(to, json_is_true(value) ? "true" : "false");
        return json_is_boolean(value) ? NULL : "must be true or false";
    case MANIFEST_LIST:
        return write_list(value, to) ? NULL : "must be a list of texts, or one text";
    case MANIFEST_TEXT:
    case MANIFEST_CHOICE:
        break;
    }
    return "must be a text";
}

static bool is_given(const struct stream_config *config, const char *key)
{
    for (size_t i = 0; i < config->options.count; i++) {
        if (strcmp(config->options.options[i].key, key) == 0) {
            return true;
        }
    }
    return false;
}

static bool read_option(const struct reading *reading, const char *key, const json_t *value)
{
    const struct toml_value *row = manifest_find(reading->manifest, "options", key);
    struct text written = {0};
    if (!row || strcmp(key, "input") == 0) {
        return fail_at(reading, key,
                       row ? "is written inputs here"
                           : "is no key of a config and no option of the plugin; quern info lists "
                             "those");
    }
    if (is_given(reading->config, key)) {
        return fail_at(reading, key, "stands both beside and inside options");
    }
    const char *wrong = write_value(manifest_type_of(row), value, &written);
    const bool good = wrong            ? fail_at(reading, key, wrong)
                      : written.failed ? trouble_memory(reading->trouble)
                                       : add_option(reading, key, text_span(&written));
    text_release(&written);
    return good;
}

static bool read_options(const struct reading *reading, json_t *table)
{
    const char *key;
    json_t *value;
    if (!json_is_object(table)) {
        return fail_at(reading, "options", "must be an object of the plugin's options");
    }
    json_object_foreach(table, key, value)
    {
        if (!json_is_null(value) && !read_option(reading, key, value)) {
            return false;
        }
    }
    return true;
}

/* --- the config's own keys --- */

/* As an array of one, because a bare text that begins with [ would be read as JSON. */
static bool read_input(const struct reading *reading, const json_t *value)
{
    struct text list = {0};
    text_add_byte(&list, '[');
    text_add_json_string(&list, json_file_text(value));
    text_add_byte(&list, ']');
    const bool good =
        json_string_length(value) == 0
            ? fail_at(reading, "inputs", "every input must be a text that names something")
        : list.failed ? trouble_memory(reading->trouble)
                      : add_option(reading, "input", text_span(&list));
    text_release(&list);
    return good;
}

static bool read_inputs(const struct reading *reading, const json_t *value)
{
    if (json_is_string(value)) {
        return read_input(reading, value);
    }
    if (!json_is_array(value)) {
        return fail_at(reading, "inputs", "must be a list of texts, or one text");
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (!read_input(reading, json_array_get(value, i))) {
            return false;
        }
    }
    return true;
}

static bool read_columns(const struct reading *reading, const json_t *value)
{
    struct stream_config *config = reading->config;
    const size_t count = json_array_size(value);
    if (!json_is_array(value) || count > COLUMNS_MAX) {
        return fail_at(reading, "columns", "must be a list of column names");
    }
    if (count == 0) {
        return true; /* forms send an empty list for what was left open */
    }
    config->columns = pool_allocate(&config->pool, (count + 1) * sizeof *config->columns);
    for (size_t i = 0; config->columns && i < count; i++) {
        const span name = json_file_text(json_array_get(value, i));
        for (size_t earlier = 0; earlier < i; earlier++) {
            if (span_equal(name, span_of(config->columns[earlier]))) {
                return fail_at(reading, "columns", "names a column twice");
            }
        }
        if (name.len == 0) {
            return fail_at(reading, "columns", "must be a list of column names");
        }
        config->columns[config->column_count++] = pool_copy(&config->pool, name).ptr;
    }
    return !config->pool.failed || trouble_memory(reading->trouble);
}

static bool read_stream(const struct reading *reading, const json_t *value)
{
    if (json_string_length(value) == 0) {
        return fail_at(reading, "stream", "must be a text that names the stream");
    }
    reading->config->stream = pool_copy(&reading->config->pool, json_file_text(value)).ptr;
    return reading->config->stream || trouble_memory(reading->trouble);
}

static bool read_fail_above(const struct reading *reading, const json_t *value)
{
    const double share = json_is_number(value) ? json_number_value(value) : -1.0;
    if (!(share >= 0.0 && share <= 1.0)) {
        return fail_at(reading, "fail_above",
                       "must be a number from 0 to 1: the share of failed inputs above which the "
                       "sync fails");
    }
    reading->config->fail_above = share;
    return true;
}

static bool read_key(const struct reading *reading, const char *key, json_t *value)
{
    return json_is_null(value)              ? true
           : strcmp(key, "inputs") == 0     ? read_inputs(reading, value)
           : strcmp(key, "options") == 0    ? read_options(reading, value)
           : strcmp(key, "columns") == 0    ? read_columns(reading, value)
           : strcmp(key, "stream") == 0     ? read_stream(reading, value)
           : strcmp(key, "fail_above") == 0 ? read_fail_above(reading, value)
                                            : read_option(reading, key, value);
}

static bool read_root(const struct reading *reading, json_t *root)
{
    const char *key;
    json_t *value;
    if (!json_is_object(root)) {
        return fail_at(reading, "", "must be an object, as in {\"inputs\": [\"folder\"]}");
    }
    json_object_foreach(root, key, value)
    {
        if (!read_key(reading, key, value)) {
            return false;
        }
    }
    return true;
}

bool stream_config_read(struct stream_config *config, const char *path, const struct toml *manifest,
                        struct trouble *trouble)
{
    *config = (struct stream_config){.path = path, .stream = "documents", .fail_above = 2.0};
    const struct reading reading = {config, manifest, trouble};
    if (!path) {
        return true;
    }
    json_t *root = json_file_read(path, true, trouble);
    const bool good = root && read_root(&reading, root);
    json_decref(root);
    return good;
}

void stream_config_release(struct stream_config *config)
{
    option_list_release(&config->options);
    pool_release(&config->pool);
    *config = (struct stream_config){0};
}

bool stream_config_has_input(const struct stream_config *config)
{
    return is_given(config, "input") || is_given(config, "input_file");
}

/* --- its JSON schema --- */

/* "delay_ms": "Delay ms". */
static void add_title(struct text *to, span name)
{
    text_add_string(to, ",\"title\":\"");
    for (size_t i = 0; i < name.len; i++) {
        const char c = name.ptr[i];
        text_add_byte(to, c == '_' ? ' ' : i == 0 && c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
    }
    text_add_byte(to, '"');
}

static void add_description(struct text *to, const struct toml_value *row)
{
    struct text sentence = {0};
    text_add(&sentence, manifest_text(row, "sentence"));
    if (manifest_text(row, "unit").len > 0) {
        text_add_string(&sentence, " (");
        text_add(&sentence, manifest_text(row, "unit"));
        text_add_byte(&sentence, ')');
    }
    if (manifest_is_secret(row)) {
        text_add_string(&sentence, "; env:NAME or file:PATH, never the value itself");
    }
    text_add_string(to, ",\"description\":");
    text_add_json_string(to, text_span(&sentence));
    to->failed = to->failed || sentence.failed;
    text_release(&sentence);
}

static void add_bound(struct text *to, const struct toml_value *row, const char *from,
                      const char *keyword)
{
    const struct toml_value *value = toml_find(row, from);
    if (value && value->type == TOML_INTEGER) {
        text_add_format(to, ",\"%s\":%" PRId64, keyword, value->as.integer);
    }
}

static void add_type(struct text *to, const struct toml_value *row)
{
    switch (manifest_type_of(row)) {
    case MANIFEST_NUMBER:
        text_add_string(to, "\"type\":\"integer\"");
        add_bound(to, row, "default", "default");
        add_bound(to, row, "min", "minimum");
        add_bound(to, row, "max", "maximum");
        return;
    case MANIFEST_FLAG:
        text_add_string(to, "\"type\":\"boolean\"");
        break;
    case MANIFEST_LIST:
        text_add_string(to, "\"type\":\"array\",\"items\":{\"type\":\"string\"}");
        return;
    case MANIFEST_TEXT:
        text_add_string(to, "\"type\":\"string\"");
        break;
    case MANIFEST_CHOICE:
        text_add_string(to, "\"type\":\"string\",\"enum\":[");
        const struct toml_value *choices = toml_find(row, "choices");
        const struct toml_value *item =
            choices && choices->type == TOML_ARRAY ? choices->as.list.first : NULL;
        for (; item; item = item->next) {
            text_add_json_string(to, item->type == TOML_STRING ? item->as.string : SPAN(""));
            text_add_string(to, item->next ? "," : "");
        }
        text_add_byte(to, ']');
        break;
    }
    const struct toml_value *value = toml_find(row, "default");
    if (value && value->type == TOML_BOOLEAN) {
        text_add_string(to, value->as.boolean ? ",\"default\":true" : ",\"default\":false");
    } else if (manifest_text(row, "default").len > 0) {
        text_add_string(to, ",\"default\":");
        text_add_json_string(to, manifest_text(row, "default"));
    }
    if (manifest_is_secret(row)) {
        text_add_string(to, ",\"pattern\":\"^(env|file):.\"");
    }
}

void stream_config_describe(struct text *to, const struct toml *manifest)
{
    static const char own[] =
        "\"inputs\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"minLength\":1},\"order\":"
        "0,"
        "\"title\":\"Inputs\",\"description\":\"http and https URLs, file: URLs, paths of files "
        "and "
        "folders, keep:FOLDER, web archives\"},"
        "\"columns\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"minLength\":1},"
        "\"uniqueItems\":true,\"order\":1,\"title\":\"Columns\",\"description\":\"columns of the "
        "records; none named: all of them\"},"
        "\"stream\":{\"type\":\"string\",\"minLength\":1,\"default\":\"documents\",\"order\":2,"
        "\"title\":\"Stream\",\"description\":\"what the stream of records is called\"},"
        "\"fail_above\":{\"type\":\"number\",\"minimum\":0,\"maximum\":1,\"order\":3,\"title\":"
        "\"Fail "
        "above\",\"description\":\"share of failed inputs above which the sync fails; not given: a "
        "document that fails is a record that says so\"}";
    int order = 4;
    text_add_string(to, "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"title\":"
                        "\"Quern\",\"type\":\"object\",\"additionalProperties\":true,"
                        "\"properties\":{");
    text_add_string(to, own);
    const struct toml_value *row = manifest_first(manifest, "options");
    for (; row; row = row->next) {
        const span name = manifest_text(row, "name");
        if (span_equal(name, SPAN("input"))) {
            continue; /* that is inputs */
        }
        text_add_byte(to, ',');
        text_add_json_string(to, name);
        text_add_string(to, ":{");
        add_type(to, row);
        text_add_format(to, ",\"order\":%d", order++);
        add_title(to, name);
        add_description(to, row);
        text_add_byte(to, '}');
    }
    text_add_string(to, "}}");
}
