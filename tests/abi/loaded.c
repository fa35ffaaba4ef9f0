/* SPDX-License-Identifier: Apache-2.0 */
#include "loaded.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

quern_plugin_entry_function loaded_entry(const struct loaded *loaded)
{
    union {
        void *symbol; /* POSIX lets one be read as the other */
        quern_plugin_entry_function entry;
    } found = {.symbol = dlsym(loaded->handle, QUERN_PLUGIN_ENTRY_SYMBOL)};
    return found.entry;
}

struct loaded loaded_open(void)
{
    struct loaded loaded = {0};
    struct quern_error error = {.struct_size = sizeof error};
    loaded.handle = dlopen(QUERN_TEST_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    const quern_plugin_entry_function entry = loaded.handle ? loaded_entry(&loaded) : NULL;
    loaded.plugin = entry ? entry(QUERN_ABI_MAJOR, &error) : NULL;
    if (!loaded.plugin) {
        const char *why = loaded.handle ? error.message : dlerror();
        fprintf(stderr, "%s: %s\n", QUERN_TEST_LIBRARY, why ? why : "no entry");
        exit(EXIT_FAILURE);
    }
    return loaded;
}

void loaded_close(struct loaded *loaded)
{
    dlclose(loaded->handle);
    *loaded = (struct loaded){0};
}

static void file_path(const struct folder *folder, int i, char *path, size_t size)
{
    snprintf(path, size, "%s/%d.txt", folder->path, i);
}

struct folder folder_make(int file_count)
{
    struct folder folder = {.path = "/tmp/quern_abi_XXXXXX", .file_count = file_count};
    if (!mkdtemp(folder.path)) {
        perror(folder.path);
        exit(EXIT_FAILURE);
    }
    for (int i = 0; i < file_count; i++) {
        char path[96];
        file_path(&folder, i, path, sizeof path);
        FILE *file = fopen(path, "wb");
        if (!file) {
            perror(path);
            exit(EXIT_FAILURE);
        }
        fprintf(file, "权力与责任的关系，第 %d 篇。\n\nA second paragraph of file %d.\n", i, i);
        fclose(file);
    }
    return folder;
}

void folder_remove(const struct folder *folder)
{
    for (int i = 0; i < folder->file_count; i++) {
        char path[96];
        file_path(folder, i, path, sizeof path);
        unlink(path);
    }
    rmdir(folder->path);
}

struct quern_source *open_source(const struct quern_plugin *plugin, const struct quern_host *host,
                                 const char *input, const char *key, const char *value,
                                 struct quern_error *error)
{
    const struct quern_option options[] = {
        {"input", input}, {"allow_addresses", "127.0.0.0/8"}, {"delay_ms", "0"}, {key, value}};
    struct quern_source *source = NULL;
    (void)plugin->source_open(host, options, key ? 4 : 3, &source, error);
    return source;
}

struct quern_bytes first_split(const struct quern_plugin *plugin, struct quern_source *source)
{
    struct quern_plan *plan = NULL;
    struct quern_split split = {.struct_size = sizeof split};
    struct quern_bytes copy = {0};
    struct quern_error error = {.struct_size = sizeof error};
    if (plugin->source_plan(source, &plan, &error) != QUERN_OK ||
        plugin->plan_next(plan, &split, &error) != QUERN_OK) {
        fprintf(stderr, "plan: %s: %s\n", error.where, error.message);
    } else if (split.bytes.len) {
        uint8_t *data = malloc(split.bytes.len);
        memcpy(data, split.bytes.data, split.bytes.len);
        copy = (struct quern_bytes){.data = data, .len = split.bytes.len};
    }
    plugin->plan_close(plan);
    return copy;
}

struct quern_reader *open_reader(const struct quern_plugin *plugin, struct quern_source *source,
                                 struct quern_bytes split, struct quern_error *error)
{
    const struct quern_read read = {.struct_size = sizeof read, .split = split};
    struct quern_reader *reader = NULL;
    (void)plugin->reader_open(source, &read, &reader, error);
    return reader;
}

int64_t drain(struct ArrowArrayStream *stream)
{
    int64_t count = 0;
    for (;;) {
        struct ArrowArray array;
        if (stream->get_next(stream, &array) != 0) {
            count = -1;
            break;
        }
        if (!array.release) {
            break;
        }
        count += array.length;
        array.release(&array);
    }
    stream->release(stream);
    return count;
}

int64_t read_all(const struct quern_plugin *plugin, const struct quern_host *host,
                 const char *input)
{
    struct quern_error error = {.struct_size = sizeof error};
    struct ArrowArrayStream stream;
    int64_t count = -1;
    struct quern_source *source = open_source(plugin, host, input, NULL, NULL, &error);
    const struct quern_bytes split = source ? first_split(plugin, source) : (struct quern_bytes){0};
    struct quern_reader *reader = split.len ? open_reader(plugin, source, split, &error) : NULL;
    if (reader && plugin->reader_stream(reader, &stream, &error) == QUERN_OK) {
        count = drain(&stream);
    } else {
        fprintf(stderr, "%s: %s\n", error.where, error.message);
    }
    plugin->reader_close(reader);
    plugin->source_close(source);
    free((void *)(uintptr_t)split.data);
    return count;
}

int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
