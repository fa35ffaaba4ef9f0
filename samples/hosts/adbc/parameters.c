/* SPDX-License-Identifier: Apache-2.0 */
#include "adbc/parameters.h"

#include <string.h>

enum { PARAMETER_DATA, PARAMETER_NAME, PARAMETER_URL, PARAMETER_MEDIA_TYPE, PARAMETER_COUNT };

static const char *const names[PARAMETER_COUNT] = {"data", "name", "url", "media_type"};

void parameters_bind(struct parameters *parameters, struct ArrowArray *batch,
                     struct ArrowSchema *schema)
{
    parameters_release(parameters);
    parameters->batch = *batch;
    parameters->schema = *schema;
    batch->release = NULL;
    schema->release = NULL;
}

bool parameters_bind_stream(struct parameters *parameters, struct ArrowArrayStream *stream,
                            struct fault *fault)
{
    parameters_release(parameters);
    parameters->stream = *stream;
    stream->release = NULL;
    if (parameters->stream.get_schema(&parameters->stream, &parameters->schema) != 0) {
        parameters->schema.release = NULL;
        parameters_release(parameters);
        return fault_set(fault, ADBC_STATUS_INVALID_ARGUMENT, "the parameters have no schema");
    }
    return true;
}

bool parameters_are_bound(const struct parameters *parameters)
{
    return parameters->schema.release != NULL;
}

/* By name if the bytes have theirs, else by place; -1: not given. */
static int64_t place_of(const struct ArrowSchema *schema, int which)
{
    bool are_named = false;
    for (int64_t i = 0; i < schema->n_children; i++) {
        const char *name = schema->children[i]->name;
        if (name && strcmp(name, names[which]) == 0) {
            return i;
        }
        are_named = are_named || (name && strcmp(name, names[PARAMETER_DATA]) == 0);
    }
    return !are_named && which < schema->n_children ? which : -1;
}

static bool is_null(const struct ArrowArray *array, int64_t row)
{
    const uint8_t *validity = array->n_buffers > 0 ? array->buffers[0] : NULL;
    return validity && !(validity[row / 8] >> (row % 8) & 1);
}

/* Arrow, Columnar Format, "Variable-size Binary View Layout": up to 12 bytes stand in the view itself,
 * others in one of the buffers behind, whose sizes the last one tells. */
static bool read_view(const struct ArrowArray *array, int64_t at, span *value)
{
    enum { INLINE_BYTES_MAX = 12 };
    const char *view = (const char *)array->buffers[1] + 16 * at;
    int32_t fields[4]; /* length, its first bytes, buffer, offset */
    memcpy(fields, view, sizeof fields);
    if (fields[0] >= 0 && fields[0] <= INLINE_BYTES_MAX) {
        *value = (span){view + 4, (size_t)fields[0]};
        return true;
    }
    const int64_t data_count = array->n_buffers - 3;
    const int64_t *sizes = array->buffers[array->n_buffers - 1];
    if (fields[0] < 0 || fields[2] < 0 || fields[2] >= data_count || fields[3] < 0 ||
        (int64_t)fields[3] + fields[0] > sizes[fields[2]]) {
        return false;
    }
    *value = (span){(const char *)array->buffers[2 + fields[2]] + fields[3], (size_t)fields[0]};
    return true;
}

static bool is_view(const struct ArrowSchema *schema, const struct ArrowArray *array)
{
    return (strcmp(schema->format, "vz") == 0 || strcmp(schema->format, "vu") == 0) &&
           array->n_buffers >= 3;
}

/* The value's bytes; `ptr` NULL: null. False: a type that is not read here. */
static bool read_value(const struct ArrowSchema *schema, const struct ArrowArray *array,
                       int64_t row, span *value)
{
    const char *format = schema->format;
    const int64_t at = row + array->offset;
    *value = (span){0};
    if (strcmp(format, "n") == 0) {
        return true;
    }
    if (is_view(schema, array)) {
        return is_null(array, at) || read_view(array, at, value);
    }
    const bool is_large = format[0] == 'Z' || format[0] == 'U';
    if ((!is_large && format[0] != 'z' && format[0] != 'u') || format[1] || schema->dictionary ||
        array->n_buffers != 3) {
        return false;
    }
    if (is_null(array, at)) {
        return true;
    }
    const int64_t first = is_large ? ((const int64_t *)array->buffers[1])[at]
                                   : ((const int32_t *)array->buffers[1])[at];
    const int64_t end = is_large ? ((const int64_t *)array->buffers[1])[at + 1]
                                 : ((const int32_t *)array->buffers[1])[at + 1];
    const char *bytes = array->buffers[2];
    *value = end > first ? (span){bytes + first, (size_t)(end - first)} : SPAN("");
    return first >= 0 && end >= first;
}

static bool fail_type(struct fault *fault, const struct ArrowSchema *column, int which)
{
    text_clear(&fault->message);
    text_add_format(&fault->message,
                    "parameter %s: a column of the type \"%s\" cannot be converted; bind binary%s",
                    names[which], column->format, which == PARAMETER_DATA ? "" : " or utf8");
    return fault_check(fault, false, ADBC_STATUS_INVALID_ARGUMENT);
}

/* One value of the row at work. */
static bool take(const struct parameters *parameters, int which, span *value, struct fault *fault)
{
    const int64_t place = place_of(&parameters->schema, which);
    *value = (span){0};
    if (place < 0) {
        return true;
    }
    const struct ArrowArray *batch = &parameters->batch;
    const struct ArrowSchema *column = parameters->schema.children[place];
    return read_value(column, batch->children[place], parameters->row + batch->offset, value) ||
           fail_type(fault, column, which);
}

static bool take_text(struct parameters *parameters, int which, const char **out,
                      struct fault *fault)
{
    span value;
    struct text *copy = &parameters->texts[which - 1];
    if (!take(parameters, which, &value, fault)) {
        return false;
    }
    *out = NULL;
    if (value.ptr && (!span_is_utf8(value) || memchr(value.ptr, 0, value.len))) {
        return fault_set_about(fault, ADBC_STATUS_INVALID_ARGUMENT, names[which],
                               "this parameter is not UTF-8 text");
    }
    if (value.ptr) {
        text_clear(copy);
        text_add(copy, value);
        *out = text_string(copy);
    }
    return !copy->failed || fault_set_memory(fault);
}

/* The batch that has the next row, or none. */
static bool find_batch(struct parameters *parameters, struct fault *fault)
{
    while (parameters->batch.release && parameters->row >= parameters->batch.length) {
        parameters->batch.release(&parameters->batch);
        parameters->batch.release = NULL;
    }
    while (!parameters->batch.release && parameters->stream.release) {
        struct ArrowArrayStream *stream = &parameters->stream;
        if (stream->get_next(stream, &parameters->batch) != 0) {
            const char *why = stream->get_last_error(stream);
            parameters->batch.release = NULL;
            return fault_set_about(fault, ADBC_STATUS_IO, "the bound parameters",
                                   why ? why : "their stream failed");
        }
        parameters->row = 0;
        if (!parameters->batch.release) {
            stream->release(stream);
        } else if (parameters->batch.length == 0) {
            parameters->batch.release(&parameters->batch);
            parameters->batch.release = NULL;
        }
    }
    return true;
}

bool parameters_next(struct parameters *parameters, struct quern_input *input, struct fault *fault)
{
    *input = (struct quern_input){.struct_size = sizeof *input};
    const struct ArrowSchema *schema = &parameters->schema;
    if (!find_batch(parameters, fault)) {
        return false;
    }
    if (!parameters->batch.release) {
        return true;
    }
    if (strcmp(schema->format, "+s") != 0 || schema->n_children < 1 ||
        parameters->batch.n_children != schema->n_children) {
        return fault_set(fault, ADBC_STATUS_INVALID_ARGUMENT,
                         "bind columns: data, and name, url and media_type if you have them");
    }
    span data;
    if (!take(parameters, PARAMETER_DATA, &data, fault) ||
        !take_text(parameters, PARAMETER_NAME, &input->name, fault) ||
        !take_text(parameters, PARAMETER_URL, &input->url, fault) ||
        !take_text(parameters, PARAMETER_MEDIA_TYPE, &input->media_type, fault)) {
        return false;
    }
    input->data = (const uint8_t *)(data.ptr ? data.ptr : "");
    input->len = data.len;
    parameters->row++;
    return true;
}

void parameters_release(struct parameters *parameters)
{
    if (parameters->batch.release) {
        parameters->batch.release(&parameters->batch);
    }
    if (parameters->schema.release) {
        parameters->schema.release(&parameters->schema);
    }
    if (parameters->stream.release) {
        parameters->stream.release(&parameters->stream);
    }
    for (size_t i = 0; i < sizeof parameters->texts / sizeof parameters->texts[0]; i++) {
        text_release(&parameters->texts[i]);
    }
    *parameters = (struct parameters){0};
}
