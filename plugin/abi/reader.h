/* SPDX-License-Identifier: Apache-2.0 */
/* One split being read: the reader's functions of the table. See quern/plugin.h. */
#ifndef ABI_READER_H
#define ABI_READER_H

#include "quern/plugin.h"

int32_t reader_open(struct quern_source *source, const struct quern_read *read,
                    struct quern_reader **out, struct quern_error *error);
int32_t reader_stream(struct quern_reader *reader, struct ArrowArrayStream *out,
                      struct quern_error *error);
int32_t reader_state(struct quern_reader *reader, struct quern_bytes *out,
                     struct quern_error *error);
int32_t reader_error(struct quern_reader *reader, struct quern_error *error);
void reader_cancel(struct quern_reader *reader);
void reader_close(struct quern_reader *reader);

#endif
