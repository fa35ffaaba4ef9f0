/* SPDX-License-Identifier: Apache-2.0 */
/* What is to be read, out of a query and the settings.
 *
 *   quern:INPUT          a path, folder, pattern or URL
 *   quern:["A", "B"]     several, as a JSON array; nothing in it is a pattern
 *   quern:               those of the options quern.input and quern.input_file
 *   quern:job:FILE       a job file's [source], [options] and [sink] columns
 *   quern:convert        bytes that are bound as parameters: data, name, url, media_type
 *
 * What the query names goes before the same option of the settings, and a setting before that of a
 * job file.
 */
#ifndef ADBC_REQUEST_H
#define ADBC_REQUEST_H

#include "adbc/settings.h"

#include "common/option_list.h"

enum { COLUMNS_MAX = 4096 /* names of columns in one list */ };

/* Starts as {0}; owns all it points to. */
struct request {
    bool is_convert;
    struct option_list options;
    const char **columns; /* NULL: all */
    uint32_t column_count;
    struct pool pool;
};

bool request_of_query(struct request *request, const char *query, const struct settings *settings,
                      struct fault *fault);

/* Without a query: options and columns only. */
bool request_of_settings(struct request *request, const struct settings *settings,
                         struct fault *fault);

/* No columns from here on, which is not the same as all of them; then one more, by name. */
bool request_add_no_columns(struct request *request, struct fault *fault);
bool request_add_column(struct request *request, span name, struct fault *fault);

/* The plugin's converter with this request's options and columns, which are checked thereby. */
bool request_open_converter(const struct request *request, const struct adapter *adapter,
                            const struct quern_host *host, struct quern_convert **out,
                            struct fault *fault);

void request_release(struct request *request);

#endif
