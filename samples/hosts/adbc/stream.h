/* SPDX-License-Identifier: Apache-2.0 */
/* The stream of records that a host gets: every split of a plan, or every bound row, one after the
 * other. The batches are the plugin's own, moved and not copied.
 *
 * A stream keeps whatever it needs: statement, connection and database may be released before it.
 * One thread at a time; which one may change.
 */
#ifndef ADBC_STREAM_H
#define ADBC_STREAM_H

#include "adbc/cancel.h"
#include "adbc/parameters.h"
#include "adbc/request.h"

/* Takes `request` and `stop` over, and of a conversion `parameters`, whatever it answers. `split`:
 * one that a plan gave before; empty: those of the plan. No network before the first batch. */
bool stream_open(struct request *request, span split, struct parameters *parameters,
                 const struct adapter *adapter, struct stop *stop, struct ArrowArrayStream *out,
                 struct fault *fault);

/* What a stream with this request's columns would look like. */
bool stream_schema(const struct request *request, const struct adapter *adapter,
                   struct ArrowSchema *out, struct fault *fault);

/* Of the driver's table: NULL when nothing failed, or when the stream is not of this driver. The
 * error lives as long as the stream. */
const struct AdbcError *error_from_stream(struct ArrowArrayStream *stream, AdbcStatusCode *status);

/* The callbacks for what is to end when `stop` says so. */
struct quern_host stop_host(struct stop *stop);

#endif
