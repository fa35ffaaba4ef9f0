/* SPDX-License-Identifier: Apache-2.0 */
#include "common/adapter.h"

#include "common/manifest.h"
#include "common/plugin_schema.h"

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

static bool read_schema(struct adapter *adapter, struct text *error)
{
    struct quern_error why = {.struct_size = sizeof why};
    const bool good =
        plugin_read_schema(adapter->library.table, NULL, 0, &adapter->schema, &why) == QUERN_OK;
    if (!good) {
        plugin_describe_error(error, &why);
    }
    return good;
}

static enum adapter_option_type option_type(const struct toml_value *row)
{
    switch (manifest_type_of(row)) {
    case MANIFEST_NUMBER:
        return ADAPTER_OPTION_NUMBER;
    case MANIFEST_FLAG:
        return ADAPTER_OPTION_FLAG;
    case MANIFEST_LIST:
        return ADAPTER_OPTION_LIST;
    case MANIFEST_TEXT:
    case MANIFEST_CHOICE:
        break;
    }
    return ADAPTER_OPTION_TEXT;
}

static size_t row_count(const struct toml_value *row)
{
    size_t count = 0;
    for (; row; row = row->next) {
        count++;
    }
    return count;
}

static bool read_options(struct adapter *adapter, struct text *error)
{
    if (!toml_read(&adapter->manifest, span_of(adapter->library.table->manifest))) {
        text_add_format(error, "the plugin's manifest, line %u: %s", adapter->manifest.error.line,
                        adapter->manifest.error.message);
        return false;
    }
    const struct toml_value *row = manifest_first(&adapter->manifest, "options");
    struct adapter_option *options =
        pool_allocate(&adapter->manifest.pool, (row_count(row) + 1) * sizeof *options);
    if (!options) {
        text_add_string(error, "out of memory");
        return false;
    }
    for (; row; row = row->next) {
        const span name = manifest_text(row, "name");
        if (name.len > 0) {
            options[adapter->option_count++] =
                (struct adapter_option){.name = name.ptr, .type = option_type(row)};
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
