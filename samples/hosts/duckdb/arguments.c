/* SPDX-License-Identifier: Apache-2.0 */
#include "duckdb/arguments.h"

/* Its place is the first argument. */
static bool is_positional(const struct adapter_option *option)
{
    return span_equal(span_of(option->name), SPAN("input"));
}

static duckdb_type parameter_type(enum adapter_option_type type)
{
    switch (type) {
    case ADAPTER_OPTION_NUMBER:
        return DUCKDB_TYPE_BIGINT;
    case ADAPTER_OPTION_FLAG:
        return DUCKDB_TYPE_BOOLEAN;
    case ADAPTER_OPTION_LIST:
        return DUCKDB_TYPE_ANY; /* one text or a list of them */
    case ADAPTER_OPTION_TEXT:
        break;
    }
    return DUCKDB_TYPE_VARCHAR;
}

void arguments_declare(duckdb_table_function function, const struct adapter *adapter)
{
    duckdb_logical_type any = duckdb_create_logical_type(DUCKDB_TYPE_ANY);
    duckdb_table_function_add_parameter(function, any);
    duckdb_destroy_logical_type(&any);
    for (size_t i = 0; i < adapter->option_count; i++) {
        const struct adapter_option *option = &adapter->options[i];
        if (!is_positional(option)) {
            duckdb_logical_type type = duckdb_create_logical_type(parameter_type(option->type));
            duckdb_table_function_add_named_parameter(function, option->name, type);
            duckdb_destroy_logical_type(&type);
        }
    }
}

/* Adds one value that is not a list. Inputs may be patterns. */
static bool add_scalar(struct option_list *list, const char *key, duckdb_value value,
                       struct text *error)
{
    char *written = duckdb_is_null_value(value) ? NULL : duckdb_get_varchar(value);
    bool good = written != NULL;
    if (!good) {
        text_add_format(error, "%s: is NULL where a value is needed", key);
    } else if (span_equal(span_of(key), SPAN("input"))) {
        good = option_list_add_input(list, span_of(written), error);
    } else {
        good = option_list_add(list, span_of(key), span_of(written), error);
    }
    duckdb_free(written);
    return good;
}

static bool add_elements(struct option_list *list, const char *key, duckdb_value value,
                         struct text *error)
{
    const idx_t count = duckdb_get_list_size(value);
    bool good = true;
    for (idx_t i = 0; good && i < count; i++) {
        duckdb_value element = duckdb_get_list_child(value, i);
        good = add_scalar(list, key, element, error);
        duckdb_destroy_value(&element);
    }
    return good;
}

/* NULL for a named parameter means that it is not given; for the input it is an error. */
static bool add_value(struct option_list *list, const char *key, duckdb_value value,
                      struct text *error)
{
    if (!value || duckdb_is_null_value(value)) {
        return add_scalar(list, key, value, error);
    }
    const duckdb_type type = duckdb_get_type_id(duckdb_get_value_type(value));
    if (type == DUCKDB_TYPE_LIST) {
        return add_elements(list, key, value, error);
    }
    if (type == DUCKDB_TYPE_BLOB || type == DUCKDB_TYPE_STRUCT || type == DUCKDB_TYPE_MAP) {
        text_add_format(error, "%s: must be a text or a list of texts", key);
        return false;
    }
    return add_scalar(list, key, value, error);
}

bool arguments_read(duckdb_bind_info info, const struct adapter *adapter, struct option_list *list,
                    struct text *error)
{
    duckdb_value input = duckdb_bind_get_parameter(info, 0);
    bool good = add_value(list, "input", input, error);
    duckdb_destroy_value(&input);
    for (size_t i = 0; good && i < adapter->option_count; i++) {
        const struct adapter_option *option = &adapter->options[i];
        duckdb_value value =
            is_positional(option) ? NULL : duckdb_bind_get_named_parameter(info, option->name);
        if (value && !duckdb_is_null_value(value)) {
            good = add_value(list, option->name, value, error);
        }
        duckdb_destroy_value(&value);
    }
    return good;
}
