/* SPDX-License-Identifier: Apache-2.0 */
/* Telling a fault where there is no document yet: of a member, or of the archive itself. */
#ifndef UNPACK_FAULT_H
#define UNPACK_FAULT_H

#include "base/document.h"

/* The first fault stays. `offset` and `format` as in document_fail. */
void fault_tell(struct fault *fault, enum fault_code code, int64_t offset, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
