/* SPDX-License-Identifier: Apache-2.0 */
#include "abi/error.h"

#include <stdarg.h>
#include <stdio.h>

/* The length of text[0..len) without a code point that was cut off at its end. */
static size_t whole_code_points(const char *text, size_t len)
{
    size_t start = len;
    while (start > 0 && len - start < 4 && ((unsigned char)text[start - 1] & 0xC0) == 0x80) {
        start--;
    }
    if (start == 0) {
        return 0;
    }
    const unsigned char lead = (unsigned char)text[start - 1];
    const size_t wanted = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    return len - (start - 1) >= wanted ? len : start - 1;
}

static void copy_text(char *to, size_t size, str from)
{
    size_t len = from.len < size - 1 ? from.len : size - 1;
    if (len < from.len) {
        len = whole_code_points(from.ptr, len);
    }
    if (len) {
        memcpy(to, from.ptr, len);
    }
    memset(to + len, 0, size - len);
}

int32_t error_copy(struct quern_error *error, const struct quern_error *from)
{
    if (!error || error->struct_size < offsetof(struct quern_error, status)) {
        return from->status;
    }
    /* All but struct_size itself, which is the caller's. Whole members only. */
    static const size_t ends[] = {
        offsetof(struct quern_error, status) + sizeof from->status,
        offsetof(struct quern_error, sys_errno) + sizeof from->sys_errno,
        offsetof(struct quern_error, http_status) + sizeof from->http_status,
        offsetof(struct quern_error, flags) + sizeof from->flags,
        offsetof(struct quern_error, reserved) + sizeof from->reserved,
        offsetof(struct quern_error, where) + sizeof from->where,
        offsetof(struct quern_error, message) + sizeof from->message,
    };
    const size_t start = offsetof(struct quern_error, status);
    size_t end = start;
    for (size_t i = 0; i < sizeof ends / sizeof *ends && ends[i] <= error->struct_size; i++) {
        end = ends[i];
    }
    memcpy((char *)error + start, (const char *)from + start, end - start);
    return from->status;
}

int32_t error_set(struct quern_error *error, int32_t status, str where, const char *format, ...)
{
    struct quern_error told = {.struct_size = sizeof told, .status = status};
    char message[sizeof told.message + 4];
    va_list arguments;
    va_start(arguments, format);
    const int len = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (len > 0) {
        const size_t held = (size_t)len < sizeof message ? (size_t)len : sizeof message - 1;
        copy_text(told.message, sizeof told.message, (str){.ptr = message, .len = held});
    }
    copy_text(told.where, sizeof told.where, where);
    return error_copy(error, &told);
}

void error_add_errno(struct quern_error *error, int number)
{
    if (error &&
        error->struct_size >= offsetof(struct quern_error, sys_errno) + sizeof error->sys_errno) {
        error->sys_errno = number;
    }
}

int32_t error_no_memory(struct quern_error *error, str where)
{
    return error_set(error, QUERN_NO_MEMORY, where, "there is not enough memory");
}

static int32_t status_of(enum fault_code code, int32_t otherwise)
{
    switch (code) {
    case FAULT_no_memory:
        return QUERN_NO_MEMORY;
    case FAULT_limit:
        return QUERN_LIMIT;
    case FAULT_not_found:
    case FAULT_unreadable:
        return QUERN_IO;
    case FAULT_http_status:
        return QUERN_HTTP;
    case FAULT_connect:
    case FAULT_timeout:
    case FAULT_truncated:
    case FAULT_redirect:
    case FAULT_address_refused:
    case FAULT_robots:
        return QUERN_IO;
    case FAULT_internal:
        return QUERN_INTERNAL;
    case FAULT_none:
    case FAULT_empty:
    case FAULT_not_text:
    case FAULT_unsupported_format:
    case FAULT_bad_format:
    case FAULT_encrypted:
    case FAULT_bad_url:
    case FAULT_bad_coding:
        return otherwise;
    }
    return otherwise;
}

int32_t error_from_fault(struct quern_error *error, const struct fault *fault, str where,
                         int32_t otherwise)
{
    return error_set(error, status_of(fault->code, otherwise), where, "%s",
                     fault->message[0] ? fault->message : "it could not be done");
}
