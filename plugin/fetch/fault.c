/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/fault.h"

#include "base/percent.h"

#include <stdarg.h>
#include <stdio.h>

/* Bytes that are no UTF-8, and controls, become `?`. A sequence that the size cut goes the same
 * way, byte by byte. */
static void clean(char *message)
{
    const bytes all = {.ptr = (const uint8_t *)message, .len = strlen(message)};
    for (size_t at = 0; at < all.len;) {
        const size_t start = at;
        const uint32_t c = percent_code_point(all, &at);
        if (c == UINT32_MAX || c < 0x20 || c == 0x7F) {
            message[start] = '?';
        }
    }
}

void fetch_tell(struct fault *fault, enum fault_code code, const char *format, ...)
{
    va_list arguments;
    if (fault->code != FAULT_none) {
        return;
    }
    fault->code = code;
    fault->offset = -1;
    va_start(arguments, format);
    (void)vsnprintf(fault->message, sizeof fault->message, format, arguments);
    va_end(arguments);
    clean(fault->message);
}
