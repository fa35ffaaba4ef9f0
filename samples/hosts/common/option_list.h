/* SPDX-License-Identifier: Apache-2.0 */
/* Options on their way to the plugin, and inputs as people write them in SQL.
 */
#ifndef COMMON_OPTION_LIST_H
#define COMMON_OPTION_LIST_H

#include "common/pool.h"

#include "quern/plugin.h"

enum { OPTION_LIST_MAX = 1 << 20 /* options of one call, each input being one */ };

/* Starts as {0}; ends with option_list_release. Keys and values are copies. */
struct option_list {
    struct quern_option *options;
    size_t count;
    size_t capacity;
    struct pool pool;
};

/* False: `error` tells, also where a text holds a NUL, which an option cannot. */
bool option_list_add(struct option_list *list, span key, span value, struct text *error);

/* One or more options `input`. A path with * ? or [ that names no file itself is a pattern, which
 * stands for the paths it matches, sorted; one that matches nothing is an error. URLs are never
 * patterns. A text that begins with [" or is [] is a JSON array, which goes to the plugin as it
 * is. */
bool option_list_add_input(struct option_list *list, span input, struct text *error);

void option_list_release(struct option_list *list);

#endif
