/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes that a host binds, row by row: what quern:convert converts.
 *
 * Columns are found by the names data, name, url and media_type; where there is no `data`, by that
 * order. Types: binary and utf8, plain, large or view; of the texts also null.
 */
#ifndef ADBC_PARAMETERS_H
#define ADBC_PARAMETERS_H

#include "adbc/fault.h"

/* Starts as {0}. It may be moved. */
struct parameters {
    struct ArrowArrayStream stream; /* release NULL: one batch was bound, or none */
    struct ArrowSchema schema;
    struct ArrowArray batch;
    int64_t row;
    struct text texts[3]; /* NUL-terminated copies of the row at work */
};

/* What was bound before goes; the arguments are taken over in any case. */
void parameters_bind(struct parameters *parameters, struct ArrowArray *batch,
                     struct ArrowSchema *schema);
bool parameters_bind_stream(struct parameters *parameters, struct ArrowArrayStream *stream,
                            struct fault *fault);

bool parameters_are_bound(const struct parameters *parameters);

/* The next row in `input`, lent until the next call; `input->data` NULL: there is none. May block
 * as long as the bound stream does. */
bool parameters_next(struct parameters *parameters, struct quern_input *input, struct fault *fault);

void parameters_release(struct parameters *parameters);

#endif
