/* SPDX-License-Identifier: Apache-2.0 */
#include "common/adapter.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct adapter the_adapter; /* .plugin is set last, under the lock, and never changes then */

/* The folder of the shared object that this function is in. */
static bool find_own_folder(struct text *folder)
{
    union {
        bool (*function)(struct text *);
        void *object;
    } self = {.function = find_own_folder};
    Dl_info info;
    if (!dladdr(self.object, &info) || !info.dli_fname) {
        return false;
    }
    const char *slash = strrchr(info.dli_fname, '/');
    text_add(folder,
             slash ? (span){info.dli_fname, (size_t)(slash - info.dli_fname) + 1} : SPAN("./"));
    return !folder->failed;
}

/* Beside the adapter, or a folder above, as in lib/PLATFORM/ of a build tree. */
static bool find_near_adapter(struct text *path)
{
    static const char *const above[] = {"", ".."};
    struct text folder = {0};
    struct text unused = {0};
    bool found = false;
    for (size_t i = 0; !found && i < sizeof above / sizeof above[0]; i++) {
        text_clear(&folder);
        found = find_own_folder(&folder);
        text_add_string(&folder, above[i]);
        found = found && !folder.failed && plugin_find(text_string(&folder), path, &unused);
    }
    text_release(&folder);
    text_release(&unused);
    return found;
}

static bool find_library(struct text *path, struct text *error)
{
    const char *variable = getenv("QUERN_PLUGIN");
    if (variable && *variable) {
        return plugin_find(NULL, path, error);
    }
    struct text unused = {0};
    const bool found = find_near_adapter(path) || plugin_find(NULL, path, &unused);
    text_release(&unused);
    if (!found) {
        text_add_string(error, "the plugin was not found: neither beside this extension, nor where "
                               "Quern is installed; name its plugin.toml in the variable "
                               "QUERN_PLUGIN");
    }
    return found;
}

/* Every stream has the same schema, also that of nothing. */
static bool read_schema(struct adapter *adapter, struct text *error)
{
    const struct quern_plugin *plugin = adapter->library.table;
    struct quern_error why = {.struct_size = sizeof why};
    const struct quern_input nothing = {.struct_size = sizeof nothing, .data = (const uint8_t *)""};
    struct quern_convert *convert = NULL;
    struct ArrowArrayStream stream = {0};
    bool good = plugin->convert_open(NULL, NULL, 0, NULL, 0, &convert, &why) == QUERN_OK &&
                plugin->convert_stream(convert, &nothing, &stream, &why) == QUERN_OK;
    if (!good) {
        plugin_describe_error(error, &why);
    } else if (stream.get_schema(&stream, &adapter->schema) != 0) {
        good = false;
        text_add_string(error, "the plugin gives no schema");
    }
    if (stream.release) {
        stream.release(&stream);
    }
    plugin->convert_close(convert);
    return good;
}

static enum adapter_option_type option_type(const struct toml_value *row)
{
    const struct toml_value *type = toml_find(row, "type");
    const span name = type && type->type == TOML_STRING ? type->as.string : SPAN("text");
    return span_equal(name, SPAN("number")) ? ADAPTER_OPTION_NUMBER
           : span_equal(name, SPAN("flag")) ? ADAPTER_OPTION_FLAG
           : span_equal(name, SPAN("list")) ? ADAPTER_OPTION_LIST
                                            : ADAPTER_OPTION_TEXT;
}

static bool read_options(struct adapter *adapter, struct text *error)
{
    if (!toml_read(&adapter->manifest, span_of(adapter->library.table->manifest))) {
        text_add_format(error, "the plugin's manifest, line %u: %s", adapter->manifest.error.line,
                        adapter->manifest.error.message);
        return false;
    }
    const struct toml_value *rows =
        toml_find(toml_find(adapter->manifest.root, "quern"), "options");
    const size_t room = rows && rows->type == TOML_ARRAY ? rows->as.list.count : 0;
    struct adapter_option *options =
        pool_allocate(&adapter->manifest.pool, (room + 1) * sizeof *options);
    if (!options) {
        text_add_string(error, "out of memory");
        return false;
    }
    const struct toml_value *row = room ? rows->as.list.first : NULL;
    for (; row; row = row->next) {
        const struct toml_value *name = toml_find(row, "name");
        if (name && name->type == TOML_STRING) {
            options[adapter->option_count++] =
                (struct adapter_option){.name = name->as.string.ptr, .type = option_type(row)};
        }
    }
    adapter->options = options;
    return true;
}

static bool load(struct adapter *adapter, struct text *error)
{
    struct text path = {0};
    bool good = find_library(&path, error);
    good = good && plugin_load(text_string(&path), &adapter->library, error);
    good = good && read_schema(adapter, error) && read_options(adapter, error);
    text_release(&path);
    if (good) {
        adapter->plugin = adapter->library.table;
        return true;
    }
    if (adapter->schema.release) {
        adapter->schema.release(&adapter->schema);
    }
    toml_release(&adapter->manifest);
    plugin_unload(&adapter->library);
    *adapter = (struct adapter){0};
    return false;
}

const struct adapter *adapter_find(struct text *error)
{
    (void)pthread_mutex_lock(&lock);
    const bool good = the_adapter.plugin || load(&the_adapter, error);
    (void)pthread_mutex_unlock(&lock);
    return good ? &the_adapter : NULL;
}
