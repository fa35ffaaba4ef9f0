/* SPDX-License-Identifier: Apache-2.0 */
#include "base/document.h"

#include "base/percent.h"

#include <stdarg.h>
#include <stdio.h>

str fault_code_name(enum fault_code code)
{
    static const str names[] = {
#define X(name) STR_INIT(#name),
        FAULT_LIST(X)
#undef X
    };
    return names[code];
}

str note_code_name(enum note_code code)
{
    static const str names[] = {
#define X(name) STR_INIT(#name),
        NOTE_LIST(X)
#undef X
    };
    return names[code];
}

/* vsnprintf cuts between bytes; a message may carry a URL or a name in UTF-8. */
static void cut_at_code_point(char *message, size_t size)
{
    size_t len = strlen(message);
    if (len + 1 < size) {
        return;
    }
    while (len > 0 && ((unsigned char)message[len - 1] & 0xC0) == 0x80) {
        len--;
    }
    if (len > 0 && (unsigned char)message[len - 1] >= 0xC0) {
        len--;
    }
    message[len] = '\0';
}

/* An error text of a library may quote anything. */
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

__attribute__((format(printf, 4, 0))) static void tell(struct fault *fault, enum fault_code code,
                                                       int64_t offset, const char *format,
                                                       va_list arguments)
{
    if (fault->code != FAULT_none) {
        return;
    }
    fault->code = code;
    fault->offset = offset;
    vsnprintf(fault->message, sizeof fault->message, format, arguments);
    cut_at_code_point(fault->message, sizeof fault->message);
    clean(fault->message);
}

void fault_tell(struct fault *fault, enum fault_code code, int64_t offset, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    tell(fault, code, offset, format, arguments);
    va_end(arguments);
}

enum status document_fail(struct document *document, enum fault_code code, int64_t offset,
                          const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    tell(&document->fault, code, offset, format, arguments);
    va_end(arguments);
    return STATUS_FAILED;
}

enum status document_out_of_memory(struct document *document)
{
    (void)document_fail(
        document, FAULT_no_memory, -1,
        "the document needs more memory than its limit of %zu bytes or than there is",
        document->arena->limit_bytes);
    return STATUS_NO_MEMORY;
}

void document_note(struct document *document, enum note_code code, int64_t offset)
{
    document_note_many(document, code, offset, 1);
}

void document_note_many(struct document *document, enum note_code code, int64_t offset,
                        int64_t count)
{
    struct note *note = &document->notes[code];
    if (count <= 0) {
        return;
    }
    if (note->count == 0) {
        note->offset = offset;
    }
    note->count += count;
}
