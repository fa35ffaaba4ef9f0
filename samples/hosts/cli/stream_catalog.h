/* SPDX-License-Identifier: Apache-2.0 */
/* The one stream there is, as both protocols offer it in a catalog, and what is wanted of it.
 *
 *   stream_catalog_open ─► discover: describe
 *                      └─► read: select, then columns, column_count
 */
#ifndef CLI_STREAM_CATALOG_H
#define CLI_STREAM_CATALOG_H

#include "cli/json_file.h"
#include "cli/sink_message.h"

#include "common/manifest.h"
#include "common/pool.h"

#include "quern/plugin.h"

struct stream_catalog {
    enum message_protocol protocol;
    const char *stream;          /* its name; lent */
    struct ArrowSchema schema;   /* of every column on offer */
    const struct toml *manifest; /* lent */
    bool *wanted;                /* one each */
    bool is_selected;            /* the stream as a whole */
    bool is_incremental;         /* a state given is taken up */
    const char **columns;        /* the wanted ones, in the schema's order */
    size_t column_count;
    struct pool pool;
};

/* On offer: the columns named, or all. `id` is always among them. The stream and each of its columns
 * are selected. stream_catalog_release is due in either case. */
bool stream_catalog_open(struct stream_catalog *catalog, const struct quern_plugin *plugin,
                         const char *const *columns, size_t column_count, struct text *error);
void stream_catalog_release(struct stream_catalog *catalog);

/* Selects what a catalog file selects: {"streams":[…]}. */
bool stream_catalog_select(struct stream_catalog *catalog, const char *path,
                           struct trouble *trouble);

/* JSON Schema of what is selected. */
void stream_catalog_write_schema(const struct stream_catalog *catalog, struct text *to);

/* {"streams":[…]} with all that is on offer. */
void stream_catalog_describe(const struct stream_catalog *catalog, struct text *to);

#endif
