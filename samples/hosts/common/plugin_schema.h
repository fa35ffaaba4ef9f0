/* SPDX-License-Identifier: Apache-2.0 */
/* What records will look like, before there are any: every stream has the same schema, also that of
 * nothing.
 */
#ifndef COMMON_PLUGIN_SCHEMA_H
#define COMMON_PLUGIN_SCHEMA_H

#include "quern/plugin.h"

/* `columns` NULL: all. Answers a status and fills `error` as the plugin does; the schema's own
 * release frees it. */
int32_t plugin_read_schema(const struct quern_plugin *plugin, const char *const *columns,
                           uint32_t column_count, struct ArrowSchema *out,
                           struct quern_error *error);

#endif
