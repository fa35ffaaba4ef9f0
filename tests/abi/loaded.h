/* SPDX-License-Identifier: Apache-2.0 */
/* What the ABI's tests share: the library loaded as a host loads it, a folder of small texts, and
 * short ways through the table. Sees include/ only, as every host.
 */
#ifndef ABI_LOADED_H
#define ABI_LOADED_H

#include "quern/plugin.h"

#include <stdbool.h>

struct loaded {
    void *handle;
    const struct quern_plugin *plugin;
};

/* QUERN_TEST_LIBRARY, which CMake sets, by dlopen(RTLD_NOW | RTLD_LOCAL). Ends the program with a
 * message when it cannot be loaded: then nothing can be tested. */
struct loaded loaded_open(void);
quern_plugin_entry_function loaded_entry(const struct loaded *loaded);
void loaded_close(struct loaded *loaded);

/* A new folder with text files 0.txt, 1.txt …; removed by folder_remove. */
struct folder {
    char path[64];
    int file_count;
};
struct folder folder_make(int file_count);
void folder_remove(const struct folder *folder);

/* A source over one input with up to one more option (NULL: none); NULL when refused, *error says
 * why. */
struct quern_source *open_source(const struct quern_plugin *plugin, const struct quern_host *host,
                                 const char *input, const char *key, const char *value,
                                 struct quern_error *error);

/* The plan's first split, copied: `data` is freed by the caller. */
struct quern_bytes first_split(const struct quern_plugin *plugin, struct quern_source *source);

/* A reader of that split from its start with all columns; NULL when refused. */
struct quern_reader *open_reader(const struct quern_plugin *plugin, struct quern_source *source,
                                 struct quern_bytes split, struct quern_error *error);

/* Rows until the end; -1: an error. Releases the stream. */
int64_t drain(struct ArrowArrayStream *stream);

/* Everything from source to close; the number of rows, -1 on any error. */
int64_t read_all(const struct quern_plugin *plugin, const struct quern_host *host,
                 const char *input);

int64_t now_ms(void);

#endif
