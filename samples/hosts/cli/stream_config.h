/* SPDX-License-Identifier: Apache-2.0 */
/* The config of quern tap and quern airbyte, one JSON object:
 *
 *   {"inputs": ["https://example.org/a", "folder"],    or one text
 *    "contact": "me@example.org",                      any option of the plugin, here …
 *    "options": {"delay_ms": 500},                     … or in here
 *    "columns": ["id", "title", "text"],               default: all
 *    "stream": "documents",                            what the stream is called
 *    "fail_above": 0.1}                                default: failed documents fail no sync
 *
 * Names and JSON types are judged here, by the manifest; values by the plugin.
 */
#ifndef CLI_STREAM_CONFIG_H
#define CLI_STREAM_CONFIG_H

#include "cli/json_file.h"

#include "common/manifest.h"
#include "common/option_list.h"

struct stream_config {
    const char *path; /* for messages */
    const char *stream;
    struct option_list options; /* each input is one of them */
    const char **columns;       /* NULL: all */
    size_t column_count;
    double fail_above; /* 0 to 1; above 1: not given */
    struct pool pool;
};

/* `path` NULL: the config of nothing. False: trouble names file and key. stream_config_release is
 * due in either case. */
bool stream_config_read(struct stream_config *config, const char *path, const struct toml *manifest,
                        struct trouble *trouble);
void stream_config_release(struct stream_config *config);

/* Does it name anything to read? */
bool stream_config_has_input(const struct stream_config *config);

/* {"type":"object","properties":{…}}: the JSON schema of such a config. */
void stream_config_describe(struct text *to, const struct toml *manifest);

#endif
