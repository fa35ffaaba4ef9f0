/* SPDX-License-Identifier: Apache-2.0 */
/* What a host's adapter, a shared object inside somebody else's program, needs of the plugin: its
 * table, its columns and its options, looked up once a process.
 *
 * Looked for, the first that is there: the variable QUERN_PLUGIN, the folder of the adapter itself,
 * then as plugin_find does. What was loaded stays: streams and arrays may outlive any host object.
 */
#ifndef COMMON_ADAPTER_H
#define COMMON_ADAPTER_H

#include "common/plugin_load.h"
#include "common/toml.h"

enum adapter_option_type {
    ADAPTER_OPTION_TEXT,
    ADAPTER_OPTION_NUMBER,
    ADAPTER_OPTION_FLAG,
    ADAPTER_OPTION_LIST
};

struct adapter_option {
    const char *name;
    enum adapter_option_type type;
};

struct adapter {
    const struct quern_plugin *plugin;
    struct ArrowSchema schema; /* all columns, in their order */
    const struct adapter_option *options;
    size_t option_count;
    struct plugin_library library;
    struct toml manifest;
};

/* NULL: `error` tells, and the next call tries again. [any thread] */
const struct adapter *adapter_find(struct text *error);

#endif
