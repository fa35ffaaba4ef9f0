/* SPDX-License-Identifier: Apache-2.0 */
#include "harness/rows.h"

#include <errno.h>
#include <inttypes.h>
#include <time.h>

static bool has_format(const struct ArrowSchema *schema, const char *format)
{
    return strcmp(schema->format, format) == 0;
}

static bool is_null(const struct ArrowArray *array, int64_t i)
{
    const uint8_t *valid = array->n_buffers > 0 ? array->buffers[0] : NULL;
    return valid && !(valid[i / 8] >> (i % 8) & 1);
}

static str text_at(const struct ArrowArray *array, int64_t i)
{
    const int32_t *offsets = array->buffers[1];
    const char *data = array->buffers[2];
    const size_t len = (size_t)(offsets[i + 1] - offsets[i]);
    return (str){.ptr = len ? data + offsets[i] : "", .len = len};
}

/* Table 3-7 of the Unicode Standard, spelt out on its own: the code under test has another. */
static bool is_utf8_without_nul(str s)
{
    size_t i = 0;
    while (i < s.len) {
        const uint8_t lead = (uint8_t)s.ptr[i++];
        uint8_t low = 0x80;
        uint8_t high = 0xBF;
        size_t more = 0;
        if (lead == 0) {
            return false;
        } else if (lead < 0x80) {
            continue;
        } else if (lead >= 0xC2 && lead <= 0xDF) {
            more = 1;
        } else if (lead >= 0xE0 && lead <= 0xEF) {
            more = 2;
            low = lead == 0xE0 ? 0xA0 : 0x80;
            high = lead == 0xED ? 0x9F : 0xBF;
        } else if (lead >= 0xF0 && lead <= 0xF4) {
            more = 3;
            low = lead == 0xF0 ? 0x90 : 0x80;
            high = lead == 0xF4 ? 0x8F : 0xBF;
        } else {
            return false;
        }
        for (; more; more--, i++) {
            if (i >= s.len || (uint8_t)s.ptr[i] < low || (uint8_t)s.ptr[i] > high) {
                return false;
            }
            low = 0x80;
            high = 0xBF;
        }
    }
    return true;
}

static void problem(struct rows *rows, const struct ArrowSchema *schema, const char *what)
{
    rows->problem_count++;
    fprintf(stderr, "column %s (%s): %s\n", schema->name ? schema->name : "", schema->format, what);
}

static void check_offsets(struct rows *rows, const struct ArrowSchema *schema,
                          const struct ArrowArray *array)
{
    const int32_t *offsets = array->buffers[1];
    if (!offsets) {
        if (array->length) {
            problem(rows, schema, "has no offsets");
        }
        return;
    }
    for (int64_t i = 0; i < array->length; i++) {
        if (offsets[i] < 0 || offsets[i + 1] < offsets[i]) {
            problem(rows, schema, "has offsets that fall");
            return;
        }
    }
}

static void check_texts(struct rows *rows, const struct ArrowSchema *schema,
                        const struct ArrowArray *array)
{
    for (int64_t i = 0; i < array->length; i++) {
        if (!is_null(array, i) && !is_utf8_without_nul(text_at(array, i))) {
            problem(rows, schema, "has a text that is not UTF-8 or holds U+0000");
        }
    }
}

static void check_nulls(struct rows *rows, const struct ArrowSchema *schema,
                        const struct ArrowArray *array)
{
    int64_t null_count = 0;
    for (int64_t i = 0; i < array->length; i++) {
        null_count += is_null(array, i);
    }
    if (array->null_count != -1 && array->null_count != null_count) {
        problem(rows, schema, "counts its nulls wrongly");
    }
    if (null_count && !(schema->flags & ARROW_FLAG_NULLABLE)) {
        problem(rows, schema, "has a null where none may be");
    }
}

/* One level deeper for each list and struct; the schema is at most four deep. */
static void check_array(struct rows *rows, const struct ArrowSchema *schema,
                        const struct ArrowArray *array)
{
    const int64_t buffer_count = has_format(schema, "u") ? 3 : has_format(schema, "+s") ? 1 : 2;
    if (array->offset != 0 || array->n_buffers != buffer_count ||
        array->n_children != schema->n_children || array->dictionary) {
        problem(rows, schema, "is not laid out as its format says");
        return;
    }
    check_nulls(rows, schema, array);
    if (has_format(schema, "u")) {
        check_offsets(rows, schema, array);
        check_texts(rows, schema, array);
    } else if (has_format(schema, "+l")) {
        const int32_t *offsets = array->buffers[1];
        check_offsets(rows, schema, array);
        if (offsets && offsets[array->length] > array->children[0]->length) {
            problem(rows, schema, "has fewer elements than its offsets say");
            return;
        }
    }
    for (int64_t i = 0; i < array->n_children; i++) {
        if (has_format(schema, "+s") && array->children[i]->length < array->length) {
            problem(rows, schema->children[i], "is shorter than its struct");
            return;
        }
        check_array(rows, schema->children[i], array->children[i]);
    }
}

static void read_batches(struct ArrowArrayStream *stream, const struct ArrowSchema *schema,
                         struct rows *rows)
{
    for (;;) {
        struct ArrowArray batch = {0};
        rows->error = stream->get_next(stream, &batch);
        if (rows->error || !batch.release) {
            return;
        }
        const long problems_before = rows->problem_count;
        if (batch.length < 1) {
            problem(rows, schema, "a batch is empty");
        }
        check_array(rows, schema, &batch);
        rows->row_count += batch.length;
        for (int64_t i = 0; i < batch.length && rows->each; i++) {
            if (rows->problem_count == problems_before) {
                rows->each(rows->context,
                           &(struct row){.schema = schema, .batch = &batch, .index = i});
            }
        }
        batch.release(&batch);
    }
}

void rows_read(struct ArrowArrayStream *stream, struct rows *rows)
{
    struct ArrowSchema schema = {0};
    rows->error = stream->get_schema(stream, &schema);
    if (rows->error == 0) {
        read_batches(stream, &schema, rows);
        schema.release(&schema);
    }
    stream->release(stream);
}

static int64_t column_index(const struct row *row, const char *column)
{
    for (int64_t i = 0; i < row->schema->n_children; i++) {
        if (strcmp(row->schema->children[i]->name, column) == 0) {
            return is_null(row->batch->children[i], row->index) ? -1 : i;
        }
    }
    return -1;
}

bool row_text(const struct row *row, const char *column, str *out)
{
    const int64_t i = column_index(row, column);
    if (i < 0 || !has_format(row->schema->children[i], "u")) {
        return false;
    }
    *out = text_at(row->batch->children[i], row->index);
    return true;
}

bool row_integer(const struct row *row, const char *column, int64_t *out)
{
    const int64_t i = column_index(row, column);
    if (i < 0 || !has_format(row->schema->children[i], "l")) {
        return false;
    }
    *out = ((const int64_t *)row->batch->children[i]->buffers[1])[row->index];
    return true;
}

/* Controls and what an editor would hide are escaped, so that a diff shows them. */
static void write_string(str s, FILE *out)
{
    fputc('"', out);
    for (size_t i = 0; i < s.len; i++) {
        const uint8_t c = (uint8_t)s.ptr[i];
        if (c == '"' || c == '\\') {
            fprintf(out, "\\%c", c);
        } else if (c == '\n') {
            fputs("\\n", out);
        } else if (c == '\t') {
            fputs("\\t", out);
        } else if (c < 0x20 || c == 0x7F) {
            fprintf(out, "\\u%04x", c);
        } else {
            fputc(c, out);
        }
    }
    fputc('"', out);
}

static void write_day(int64_t days, FILE *out)
{
    const time_t seconds = (time_t)(days * 86400);
    struct tm when;
    char text[32];
    strftime(text, sizeof text, "%Y-%m-%d", gmtime_r(&seconds, &when));
    fprintf(out, "\"%s\"", text);
}

static void write_time(int64_t us, FILE *out)
{
    const time_t seconds = (time_t)(us / 1000000);
    struct tm when;
    char text[32];
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", gmtime_r(&seconds, &when));
    fprintf(out, "\"%s.%06" PRId64 "Z\"", text, us % 1000000);
}

static void write_value(const struct ArrowSchema *schema, const struct ArrowArray *array, int64_t i,
                        int depth, FILE *out);

static void write_struct(const struct ArrowSchema *schema, const struct ArrowArray *array,
                         int64_t i, FILE *out)
{
    const char *between = "";
    fputc('{', out);
    for (int64_t member = 0; member < schema->n_children; member++) {
        if (!is_null(array->children[member], i)) {
            fprintf(out, "%s\"%s\": ", between, schema->children[member]->name);
            write_value(schema->children[member], array->children[member], i, 0, out);
            between = ", ";
        }
    }
    fputc('}', out);
}

static void write_list(const struct ArrowSchema *schema, const struct ArrowArray *array, int64_t i,
                       int depth, FILE *out)
{
    const int32_t *offsets = array->buffers[1];
    fputc('[', out);
    for (int32_t element = offsets[i]; element < offsets[i + 1]; element++) {
        fprintf(out, "%s\n%*s", element > offsets[i] ? "," : "", 2 * depth + 2, "");
        write_value(schema->children[0], array->children[0], element, depth + 1, out);
    }
    if (offsets[i] < offsets[i + 1]) {
        fprintf(out, "\n%*s", 2 * depth, "");
    }
    fputc(']', out);
}

static void write_value(const struct ArrowSchema *schema, const struct ArrowArray *array, int64_t i,
                        int depth, FILE *out)
{
    const void *values = array->n_buffers > 1 ? array->buffers[1] : NULL;
    if (is_null(array, i)) {
        fputs("null", out);
    } else if (has_format(schema, "u")) {
        write_string(text_at(array, i), out);
    } else if (has_format(schema, "l")) {
        fprintf(out, "%" PRId64, ((const int64_t *)values)[i]);
    } else if (has_format(schema, "g")) {
        fprintf(out, "%.6g", ((const double *)values)[i]);
    } else if (has_format(schema, "b")) {
        fputs(((const uint8_t *)values)[i / 8] >> (i % 8) & 1 ? "true" : "false", out);
    } else if (has_format(schema, "tdD")) {
        write_day(((const int32_t *)values)[i], out);
    } else if (has_format(schema, "tsu:UTC")) {
        write_time(((const int64_t *)values)[i], out);
    } else if (has_format(schema, "+s")) {
        write_struct(schema, array, i, out);
    } else if (has_format(schema, "+l")) {
        write_list(schema, array, i, depth, out);
    } else {
        fprintf(out, "\"a format nobody knows: %s\"", schema->format);
    }
}

/* "quern 0.1.0 html/1" → "quern * html/1": the version of every release would change every file. */
static void write_converter(str converter, FILE *out)
{
    const size_t first = str_find_byte(converter, ' ', 0);
    const size_t second = first == SIZE_MAX ? SIZE_MAX : str_find_byte(converter, ' ', first + 1);
    if (first == SIZE_MAX) {
        write_string(converter, out);
        return;
    }
    const str rest = second == SIZE_MAX ? STR("") : str_slice(converter, second, converter.len);
    fprintf(out, "\"%.*s *%.*s\"", (int)first, converter.ptr, (int)rest.len, rest.ptr);
}

/* markdown repeats blocks and has its own test (oracle/markdown), which reads it as others do; rules
 * repeat the reasons of dropped in other words. */
static bool is_written(const char *column)
{
    static const char *const left_out[] = {"fetched_at", "markdown", "dropped_rules"};
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++) {
        if (strcmp(column, left_out[i]) == 0) {
            return false;
        }
    }
    return true;
}

void row_write(const struct row *row, FILE *out)
{
    const char *between = "";
    fputs("  {", out);
    for (int64_t i = 0; i < row->schema->n_children; i++) {
        const struct ArrowSchema *schema = row->schema->children[i];
        const struct ArrowArray *array = row->batch->children[i];
        if (is_null(array, row->index) || !is_written(schema->name)) {
            continue;
        }
        fprintf(out, "%s\n    \"%s\": ", between, schema->name);
        if (strcmp(schema->name, "converter") == 0) {
            write_converter(text_at(array, row->index), out);
        } else {
            write_value(schema, array, row->index, 2, out);
        }
        between = ",";
    }
    fputs("\n  }", out);
}
