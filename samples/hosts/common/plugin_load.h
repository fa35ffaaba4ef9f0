/* SPDX-License-Identifier: Apache-2.0 */
/* From a name to the plugin's table: find plugin.toml, read which library it names, load that.
 *
 * Looked up, the first that is there: what the caller names, the variable QUERN_PLUGIN, beside the
 * executable, ../lib/quern/ and the library folder of this build. A name is a path of a plugin.toml,
 * of the library itself, or of a folder that holds one of them.
 */
#ifndef COMMON_PLUGIN_LOAD_H
#define COMMON_PLUGIN_LOAD_H

#include "common/text.h"

#include "quern/plugin.h"

/* `named` may be NULL. False: `error` tells where it was looked for. */
bool plugin_find(const char *named, struct text *path, struct text *error);

struct plugin_library {
    const struct quern_plugin *table;
    void *handle;
    struct text path; /* of the library */
};

/* `path` as plugin_find gave it. False: `error` tells; nothing is left open. */
bool plugin_load(const char *path, struct plugin_library *out, struct text *error);

/* The table is no longer usable; everything that was opened with it must be closed. */
void plugin_unload(struct plugin_library *library);

/* An error of the plugin for people: message, then what it is about, when the message does not say
 * so itself. */
void plugin_describe_error(struct text *to, const struct quern_error *error);

#endif
