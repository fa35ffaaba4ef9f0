/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/trouble.h"

#include <stdarg.h>
#include <stdio.h>

bool trouble_set(struct trouble *trouble, enum trouble_code code, const char *format, ...)
{
    if (trouble->code != TROUBLE_NONE) {
        return false;
    }
    trouble->code = code;
    char message[1024];
    va_list arguments;
    va_start(arguments, format);
    const int len = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    const size_t room = sizeof message - 1;
    text_add(&trouble->message, (span){message, len < 0              ? 0
                                                : (size_t)len > room ? room
                                                                     : (size_t)len});
    return false;
}

bool trouble_memory(struct trouble *trouble)
{
    return trouble_set(trouble, TROUBLE_INTERNAL, "out of memory");
}

void trouble_release(struct trouble *trouble)
{
    text_release(&trouble->message);
    *trouble = (struct trouble){0};
}
