/* SPDX-License-Identifier: Apache-2.0 */
#include "unpack/fault.h"

#include <stdarg.h>
#include <stdio.h>

void fault_tell(struct fault *fault, enum fault_code code, int64_t offset, const char *format, ...)
{
    char message[sizeof fault->message];
    struct document document = {.fault = *fault};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    (void)document_fail(&document, code, offset, "%s", message);
    *fault = document.fault;
}
