/* SPDX-License-Identifier: Apache-2.0 */
/* Options as a host sets them, by name: "quern.OPTION" for each option of plugin.toml, and
 * "quern.columns".
 *
 *   database ─► connection ─► statement      each begins with a copy of what stands before it; a value
 *                                            set again replaces the old one
 */
#ifndef ADBC_SETTINGS_H
#define ADBC_SETTINGS_H

#include "adbc/fault.h"

#include "common/adapter.h"

enum { SETTINGS_MAX = 1024 /* names of one object; the plugin has some dozens */ };

struct setting {
    char *key; /* without "quern." */
    char *value;
};

/* Starts as {0}. */
struct settings {
    struct setting *list;
    size_t count;
};

/* `key` with its prefix. NOT_IMPLEMENTED, as ADBC wants it, when it is not one of Quern's names. */
bool settings_set(struct settings *settings, const char *key, const char *value,
                  struct fault *fault);
bool settings_set_number(struct settings *settings, const char *key, int64_t value,
                         struct fault *fault);

/* Adds all of `from`; what stands in both becomes that of `from`. */
bool settings_add_all(struct settings *settings, const struct settings *from, struct fault *fault);

/* Without the prefix; NULL: not set. */
const char *settings_find(const struct settings *settings, const char *key);

/* ADBC's way to give a text out: written only when there is room for all of it; `*len` becomes what
 * is needed, with the NUL. NOT_FOUND: it was not set. */
bool settings_give(const struct settings *settings, const char *key, char *value, size_t *len,
                   struct fault *fault);

/* That each name is the plugin's, and each value one that it takes. Touches no network. */
bool settings_check(const struct settings *settings, const struct adapter *adapter,
                    struct fault *fault);

void settings_release(struct settings *settings);

#endif
