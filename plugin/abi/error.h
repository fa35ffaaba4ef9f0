/* SPDX-License-Identifier: Apache-2.0 */
/* Answers across the ABI: a status, and the story in the caller's struct quern_error if there is
 * one, written only as far as that caller's struct reaches.
 */
#ifndef ABI_ERROR_H
#define ABI_ERROR_H

#include "base/document.h"
#include "quern/status.h"

/* Writes the error and answers `status`, so that `return error_set(…)` reads well. `error` may be
 * NULL. `where` and the message are cut at a code point. printf-like; %.*s for slices.
 * [any thread] */
int32_t error_set(struct quern_error *error, int32_t status, str where, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* After error_set: the errno value that was the cause, if the caller's struct has room for it. */
void error_add_errno(struct quern_error *error, int number);

/* `from`: a whole one of ours. Answers its status. */
int32_t error_copy(struct quern_error *error, const struct quern_error *from);

/* What a lower floor told, as an error: file faults are QUERN_IO, and so on; `otherwise` is for a
 * fault that could only be about what the caller handed in. */
int32_t error_from_fault(struct quern_error *error, const struct fault *fault, str where,
                         int32_t otherwise);

/* No memory left for what the caller asked. */
int32_t error_no_memory(struct quern_error *error, str where);

#endif
