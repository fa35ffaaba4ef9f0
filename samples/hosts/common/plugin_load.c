/* SPDX-License-Identifier: Apache-2.0 */
#include "common/plugin_load.h"

#include "common/file_read.h"
#include "common/library_check.h"
#include "common/toml.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef QUERN_LIBDIR
#define QUERN_LIBDIR "/usr/lib/quern"
#endif

enum { MANIFEST_BYTES_MAX = 1 << 20, PATH_BYTES_MAX = 4096 };

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* The manifest of a folder, else its library. */
static bool find_in(const char *folder, struct text *path)
{
    static const char *const names[] = {"plugin.toml", "libquern.so"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        text_clear(path);
        text_add_format(path, "%s/%s", folder, names[i]);
        if (!path->failed && is_file(text_string(path))) {
            return true;
        }
    }
    return false;
}

static bool find_named(const char *name, struct text *path)
{
    if (find_in(name, path)) {
        return true;
    }
    text_clear(path);
    text_add_string(path, name);
    return !path->failed && is_file(name);
}

/* Beside the executable, and where an installation or a build tree has its libraries. */
static bool find_near_executable(struct text *path)
{
    static const char *const places[] = {"", "/../lib/quern", "/../lib"};
    char executable[PATH_BYTES_MAX];
    const ssize_t len = readlink("/proc/self/exe", executable, sizeof executable - 1);
    if (len <= 0) {
        return false;
    }
    executable[len] = 0;
    *strrchr(executable, '/') = 0;
    bool found = false;
    struct text folder = {0};
    for (size_t i = 0; !found && i < sizeof places / sizeof places[0]; i++) {
        text_clear(&folder);
        text_add_format(&folder, "%s%s", executable, places[i]);
        found = !folder.failed && find_in(text_string(&folder), path);
    }
    text_release(&folder);
    return found;
}

bool plugin_find(const char *named, struct text *path, struct text *error)
{
    const char *variable = getenv("QUERN_PLUGIN");
    if (named || (variable && *variable)) {
        if (find_named(named ? named : variable, path)) {
            return true;
        }
        text_add_format(error, "%s%s: no plugin.toml and no library there",
                        named ? "" : "QUERN_PLUGIN=", named ? named : variable);
        return false;
    }
    if (find_near_executable(path) || find_in(QUERN_LIBDIR, path)) {
        return true;
    }
    text_add_string(error,
                    "the plugin was not found: neither beside this program, nor in ../lib/quern, "
                    "nor in " QUERN_LIBDIR "; name its plugin.toml with --plugin or in the "
                    "variable QUERN_PLUGIN");
    return false;
}

/* A text of the manifest's table [quern]. */
static span manifest_text(const struct toml *manifest, const char *key)
{
    const struct toml_value *value = toml_find(toml_find(manifest->root, "quern"), key);
    return value && value->type == TOML_STRING ? value->as.string : SPAN("");
}

/* A relative library lies beside its manifest. */
static bool read_manifest(const char *path, struct text *library, struct text *symbol,
                          struct text *error)
{
    struct text content = {0};
    struct toml manifest = {0};
    bool good = file_read(path, MANIFEST_BYTES_MAX, &content);
    if (!good) {
        text_add_format(error, "%s: %s", path, strerror(errno));
    } else if (!toml_read(&manifest, text_span(&content))) {
        text_add_format(error, "%s:%u:%u: %s", path, manifest.error.line, manifest.error.column,
                        manifest.error.message);
        good = false;
    } else if (manifest_text(&manifest, "library").len == 0) {
        text_add_format(error, "%s: names no library in [quern]", path);
        good = false;
    } else {
        const span name = manifest_text(&manifest, "library");
        const char *slash = strrchr(path, '/');
        if (name.ptr[0] != '/' && slash) {
            text_add(library, (span){path, (size_t)(slash - path) + 1});
        }
        text_add(library, name);
        if (name.ptr[0] != '/' && !slash) {
            text_clear(library);
            text_add_format(library, "./%s", name.ptr);
        }
        text_add(symbol, manifest_text(&manifest, "entry"));
    }
    toml_release(&manifest);
    text_release(&content);
    return good;
}

/* The plugin's own libraries win over those the program carries (hosts.md 3.4), except under a
 * sanitizer, which must see every allocation and refuses RTLD_DEEPBIND. */
static int load_flags(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(QUERN_SANITIZED)
    return RTLD_NOW | RTLD_LOCAL;
#else
    return RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND;
#endif
}

static bool load_library(struct plugin_library *library, const char *symbol, struct text *error)
{
    if (!library_is_whole(text_string(&library->path))) {
        text_add_format(error, "%s: the file is cut off; copy or build the library again",
                        text_string(&library->path));
        return false;
    }
    library->handle = dlopen(text_string(&library->path), load_flags());
    if (!library->handle) {
        text_add_format(error, "the plugin's library does not load: %s", dlerror());
        return false;
    }
    union {
        void *object;
        quern_plugin_entry_function function;
    } entry = {.object = dlsym(library->handle, symbol)}; /* POSIX lets dlsym give functions */
    if (!entry.object) {
        text_add_format(error, "%s: is no Quern plugin, it has no %s", text_string(&library->path),
                        symbol);
        return false;
    }
    struct quern_error why = {.struct_size = sizeof why};
    library->table = entry.function(QUERN_ABI_MAJOR, &why);
    if (!library->table) {
        text_add_format(error, "%s: ", text_string(&library->path));
        plugin_describe_error(error, &why);
        return false;
    }
    /* While the major is 0, every minor may break (plugin.h). */
    const bool is_ours = library->table->abi_major == QUERN_ABI_MAJOR &&
                         (QUERN_ABI_MAJOR > 0 || library->table->abi_minor == QUERN_ABI_MINOR);
    if (!is_ours || library->table->struct_size < sizeof(struct quern_plugin)) {
        text_add_format(error, "%s: speaks ABI %u.%u, this program %u.%u",
                        text_string(&library->path), library->table->abi_major,
                        library->table->abi_minor, QUERN_ABI_MAJOR, QUERN_ABI_MINOR);
        return false;
    }
    return true;
}

bool plugin_load(const char *path, struct plugin_library *out, struct text *error)
{
    *out = (struct plugin_library){0};
    struct text symbol = {0};
    bool good = true;
    if (span_ends(span_of(path), SPAN(".toml"))) {
        good = read_manifest(path, &out->path, &symbol, error);
    } else {
        /* A name without a slash would be searched for in the system's folders. */
        text_add_format(&out->path, "%s%s", strchr(path, '/') ? "" : "./", path);
    }
    if (good && (out->path.failed || symbol.failed)) {
        text_add_string(error, "out of memory");
        good = false;
    }
    good = good &&
           load_library(out, symbol.len ? text_string(&symbol) : QUERN_PLUGIN_ENTRY_SYMBOL, error);
    text_release(&symbol);
    if (!good) {
        plugin_unload(out);
    }
    return good;
}

void plugin_unload(struct plugin_library *library)
{
    if (library->handle) {
        (void)dlclose(library->handle);
    }
    text_release(&library->path);
    *library = (struct plugin_library){0};
}

void plugin_describe_error(struct text *to, const struct quern_error *error)
{
    if (error->where[0] && !strstr(error->message, error->where)) {
        text_add_format(to, "%s: ", error->where);
    }
    text_add_string(to, error->message[0] ? error->message : "the plugin gives no reason");
    if (error->sys_errno && !error->message[0]) {
        text_add_format(to, " (%s)", strerror(error->sys_errno));
    }
}
