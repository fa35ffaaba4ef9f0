/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes that the host holds become records: the converter's functions of the table.
 * See quern/plugin.h. */
#ifndef ABI_CONVERT_H
#define ABI_CONVERT_H

#include "quern/plugin.h"

int32_t convert_open(const struct quern_host *host, const struct quern_option *options,
                     size_t option_count, const char *const *columns, uint32_t column_count,
                     struct quern_convert **out, struct quern_error *error);
int32_t convert_stream(struct quern_convert *convert, const struct quern_input *input,
                       struct ArrowArrayStream *out, struct quern_error *error);
void convert_cancel(struct quern_convert *convert);
void convert_close(struct quern_convert *convert);
int32_t convert_error(const struct ArrowArrayStream *stream, struct quern_error *error);

#endif
