/* SPDX-License-Identifier: Apache-2.0 */
/* The smallest host: loads the plugin, converts one file, prints each record's verdict and title.
 *
 *   minimal LIBRARY FILE
 *
 *   cc -I include samples/hosts/minimal/minimal.c -ldl -o minimal
 */
#include "quern/plugin.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The text of a column, found by its name; "" when it is null or not there. */
static const char *text_of(const struct ArrowSchema *schema, const struct ArrowArray *batch,
                           const char *column, int64_t row, int *len)
{
    *len = 0;
    for (int64_t i = 0; i < schema->n_children; i++) {
        const struct ArrowArray *array = batch->children[i];
        const uint8_t *valid = array->buffers[0];
        const int32_t *offsets = array->buffers[1];
        if (strcmp(schema->children[i]->name, column) == 0 &&
            (!valid || valid[row / 8] >> (row % 8) & 1)) {
            *len = offsets[row + 1] - offsets[row];
            return *len ? (const char *)array->buffers[2] + offsets[row] : "";
        }
    }
    return "";
}

static void print_batch(const struct ArrowSchema *schema, const struct ArrowArray *batch)
{
    for (int64_t row = 0; row < batch->length; row++) {
        int len[3];
        const char *status = text_of(schema, batch, "status", row, &len[0]);
        const char *error = text_of(schema, batch, "error_code", row, &len[1]);
        const char *title = text_of(schema, batch, "title", row, &len[2]);
        printf("%.*s\t%.*s\t%.*s\n", len[0], status, len[1], error, len[2], title);
    }
}

/* Pulls every batch; 0, or the errno value the stream answered. */
static int print_stream(struct ArrowArrayStream *stream)
{
    struct ArrowSchema schema;
    int answer = stream->get_schema(stream, &schema);
    if (answer != 0) {
        return answer;
    }
    for (;;) {
        struct ArrowArray batch;
        answer = stream->get_next(stream, &batch);
        if (answer != 0 || !batch.release) {
            break;
        }
        print_batch(&schema, &batch);
        batch.release(&batch);
    }
    schema.release(&schema);
    return answer;
}

static uint8_t *read_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = NULL;
    *len = 0;
    if (file && fseek(file, 0, SEEK_END) == 0 && ftell(file) >= 0) {
        *len = (size_t)ftell(file);
        data = malloc(*len + 1);
        rewind(file);
        if (data && fread(data, 1, *len, file) != *len) {
            free(data);
            data = NULL;
        }
    }
    if (file) {
        fclose(file);
    }
    return data;
}

static int convert(const struct quern_plugin *plugin, const char *path)
{
    static const char *const columns[] = {"status", "error_code", "title"};
    struct quern_error error = {.struct_size = sizeof error};
    struct quern_convert *converter = NULL;
    struct ArrowArrayStream stream;
    struct quern_input input = {.struct_size = sizeof input, .name = path};
    uint8_t *data = read_file(path, &input.len);
    input.data = data;
    int answer = 1;
    if (!data) {
        perror(path);
    } else if (plugin->convert_open(NULL, NULL, 0, columns, 3, &converter, &error) != QUERN_OK ||
               plugin->convert_stream(converter, &input, &stream, &error) != QUERN_OK) {
        fprintf(stderr, "%s: %s\n", error.where, error.message);
    } else {
        answer = print_stream(&stream) != 0;
        stream.release(&stream);
    }
    plugin->convert_close(converter);
    free(data);
    return answer;
}

int main(int argc, char **argv)
{
    struct quern_error error = {.struct_size = sizeof error};
    void *library = argc == 3 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    quern_plugin_entry_function entry;
    if (!library) {
        fprintf(stderr, "%s\n", argc == 3 ? dlerror() : "usage: minimal LIBRARY FILE");
        return 1;
    }
    *(void **)&entry = dlsym(library, QUERN_PLUGIN_ENTRY_SYMBOL);
    const struct quern_plugin *plugin = entry ? entry(QUERN_ABI_MAJOR, &error) : NULL;
    if (!plugin || plugin->struct_size < sizeof *plugin) {
        fprintf(stderr, "%s\n", error.message[0] ? error.message : "no Quern plugin of this ABI");
        return 1;
    }
    return convert(plugin, argv[2]);
}
