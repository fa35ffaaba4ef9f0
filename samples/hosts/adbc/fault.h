/* SPDX-License-Identifier: Apache-2.0 */
/* What went wrong, on its way to whoever called: a status of ADBC, a sentence, and what the plugin
 * told, which ADBC 1.1 passes on as details of the error.
 *
 *   quern.status     name of the plugin's status: invalid_argument, io, …
 *   quern.where      option, file, URL or call it is about
 *   quern.retryable  "true": the same may succeed later
 *   quern.http_status, quern.errno   numbers, when there are such
 */
#ifndef ADBC_FAULT_H
#define ADBC_FAULT_H

#include "adbc/adbc.h"

#include "common/text.h"

#include "quern/plugin.h"

struct fault {
    AdbcStatusCode status; /* ADBC_STATUS_OK: nothing yet */
    struct text message;
    struct quern_error why; /* status QUERN_OK: the plugin did not say it */
};

/* Each answers false, for the caller to return. */
bool fault_set(struct fault *fault, AdbcStatusCode status, const char *message);
bool fault_set_about(struct fault *fault, AdbcStatusCode status, const char *what,
                     const char *message);
bool fault_set_plugin(struct fault *fault, const struct quern_error *why);
bool fault_set_memory(struct fault *fault);

/* For what appends its sentence to fault->message: false stays false, with a status. */
bool fault_check(struct fault *fault, bool good, AdbcStatusCode status);

void fault_release(struct fault *fault);

/* What ArrowArrayStream answers for a status. */
int fault_number(AdbcStatusCode status);

/* Moves the fault into `to`, which may be NULL and may hold an older error, and answers its status. */
AdbcStatusCode error_tell(struct AdbcError *to, struct fault *fault);

/* Of the driver's table. */
int error_detail_count(const struct AdbcError *error);
struct AdbcErrorDetail error_detail(const struct AdbcError *error, int index);

#endif
