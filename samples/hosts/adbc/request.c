/* SPDX-License-Identifier: Apache-2.0 */
#include "adbc/request.h"

#include "common/job_file.h"

#include <string.h>

bool request_add_no_columns(struct request *request, struct fault *fault)
{
    request->columns = pool_allocate(&request->pool, COLUMNS_MAX * sizeof *request->columns);
    request->column_count = 0;
    return request->columns || fault_set_memory(fault);
}

bool request_add_column(struct request *request, span name, struct fault *fault)
{
    if (request->column_count == COLUMNS_MAX) {
        return fault_set(fault, ADBC_STATUS_INVALID_ARGUMENT, "quern.columns: too many columns");
    }
    const span copy = pool_copy(&request->pool, name);
    if (!copy.ptr) {
        return fault_set_memory(fault);
    }
    request->columns[request->column_count++] = copy.ptr;
    return true;
}

/* A JSON array of names is also one of TOML. */
static bool add_array(struct request *request, const char *value, struct fault *fault)
{
    struct toml toml = {0};
    struct text line = {0};
    text_add_format(&line, "columns = %s", value);
    const struct toml_value *array =
        !line.failed && toml_read(&toml, text_span(&line)) ? toml_find(toml.root, "columns") : NULL;
    bool good = array && array->type == TOML_ARRAY && request_add_no_columns(request, fault);
    const struct toml_value *name = good ? array->as.list.first : NULL;
    for (; good && name; name = name->next) {
        good = name->type == TOML_STRING && request_add_column(request, name->as.string, fault);
    }
    toml_release(&toml);
    text_release(&line);
    if (!good && fault->status == ADBC_STATUS_OK) {
        return fault_set(fault, ADBC_STATUS_INVALID_ARGUMENT,
                         "quern.columns: no JSON array of names");
    }
    return good;
}

static span trim(span s)
{
    while (s.len && s.ptr[0] == ' ') {
        s = (span){s.ptr + 1, s.len - 1};
    }
    while (s.len && s.ptr[s.len - 1] == ' ') {
        s.len--;
    }
    return s;
}

static bool add_names(struct request *request, const char *value, struct fault *fault)
{
    bool good = request_add_no_columns(request, fault);
    for (const char *rest = value; good && rest;) {
        const char *comma = strchr(rest, ',');
        const span name = {rest, comma ? (size_t)(comma - rest) : strlen(rest)};
        good = request_add_column(request, trim(name), fault);
        rest = comma ? comma + 1 : NULL;
    }
    return good;
}

static bool add_columns(struct request *request, const char *value, struct fault *fault)
{
    const span trimmed = trim(span_of(value));
    if (trimmed.len == 0) {
        return true; /* all, as if it were not set */
    }
    return trimmed.ptr[0] == '[' ? add_array(request, value, fault)
                                 : add_names(request, value, fault);
}

static bool is_input(const char *key)
{
    return strcmp(key, "input") == 0 || strcmp(key, "input_file") == 0;
}

static bool add_option(struct request *request, const char *key, const char *value,
                       struct fault *fault)
{
    return fault_check(
        fault, option_list_add(&request->options, span_of(key), span_of(value), &fault->message),
        ADBC_STATUS_INVALID_ARGUMENT);
}

static bool add_settings(struct request *request, const struct settings *settings, bool with_inputs,
                         struct fault *fault)
{
    bool good = true;
    for (size_t i = 0; good && i < settings->count; i++) {
        const struct setting *each = &settings->list[i];
        if (strcmp(each->key, "columns") == 0) {
            good = add_columns(request, each->value, fault);
        } else if (with_inputs || !is_input(each->key)) {
            good = add_option(request, each->key, each->value, fault);
        }
    }
    return good;
}

static bool names_input(const struct quern_option *options, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (is_input(options[i].key)) {
            return true;
        }
    }
    return false;
}

/* What the settings say already is not taken from the job, but its inputs are the query's. */
static bool add_job(struct request *request, const char *path, const struct settings *settings,
                    struct fault *fault)
{
    struct job_file job = {0};
    bool good = fault_check(fault, job_file_read_source(&job, path, &fault->message),
                            ADBC_STATUS_INVALID_ARGUMENT);
    if (good) {
        good = add_settings(request, settings, !names_input(job.options, job.option_count), fault);
    }
    for (size_t i = 0; good && i < job.option_count; i++) {
        const struct quern_option *option = &job.options[i];
        if (is_input(option->key) || !settings_find(settings, option->key)) {
            good = add_option(request, option->key, option->value, fault);
        }
    }
    if (good && job.columns && !request->columns) {
        good = request_add_no_columns(request, fault);
        for (size_t i = 0; good && i < job.column_count; i++) {
            good = request_add_column(request, span_of(job.columns[i]), fault);
        }
    }
    job_file_release(&job);
    return good;
}

/* What stands behind "quern:", together with the settings. */
static bool read_inputs(struct request *request, span input, const struct settings *settings,
                        struct fault *fault)
{
    if (span_starts(input, SPAN("job:"))) {
        return add_job(request, input.ptr + 4, settings, fault);
    }
    return add_settings(request, settings, input.len == 0, fault) &&
           (input.len == 0 ||
            fault_check(fault, option_list_add_input(&request->options, input, &fault->message),
                        ADBC_STATUS_INVALID_ARGUMENT));
}

bool request_of_query(struct request *request, const char *query, const struct settings *settings,
                      struct fault *fault)
{
    const span all = span_of(query);
    if (!span_starts(all, SPAN("quern:"))) {
        return fault_set(fault, ADBC_STATUS_INVALID_ARGUMENT,
                         "a query is quern:INPUT, quern:[\"INPUT\", \"INPUT\"], quern:job:FILE or "
                         "quern:convert with the bytes as parameters");
    }
    if (!span_is_utf8(all)) {
        return fault_set(fault, ADBC_STATUS_INVALID_ARGUMENT, "the query is not UTF-8");
    }
    const span input = {all.ptr + 6, all.len - 6};
    request->is_convert = span_equal(input, SPAN("convert"));
    if (request->is_convert) {
        return add_settings(request, settings, false, fault);
    }
    if (!read_inputs(request, input, settings, fault)) {
        return false;
    }
    return names_input(request->options.options, request->options.count) ||
           fault_set(fault, ADBC_STATUS_INVALID_ARGUMENT,
                     "nothing to read: name an input behind quern: or in quern.input or "
                     "quern.input_file");
}

bool request_of_settings(struct request *request, const struct settings *settings,
                         struct fault *fault)
{
    return add_settings(request, settings, true, fault);
}

bool request_open_converter(const struct request *request, const struct adapter *adapter,
                            const struct quern_host *host, struct quern_convert **out,
                            struct fault *fault)
{
    struct quern_error why = {.struct_size = sizeof why};
    return adapter->plugin->convert_open(host, request->options.options, request->options.count,
                                         request->columns, request->column_count, out,
                                         &why) == QUERN_OK ||
           fault_set_plugin(fault, &why);
}

void request_release(struct request *request)
{
    option_list_release(&request->options);
    pool_release(&request->pool);
    *request = (struct request){0};
}
