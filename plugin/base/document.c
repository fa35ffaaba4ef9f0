/* SPDX-License-Identifier: Apache-2.0 */
#include "base/document.h"

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

enum status document_fail(struct document *document, enum fault_code code, int64_t offset,
                          const char *format, ...)
{
    if (document->fault.code == FAULT_none) {
        va_list arguments;
        document->fault.code = code;
        document->fault.offset = offset;
        va_start(arguments, format);
        vsnprintf(document->fault.message, sizeof document->fault.message, format, arguments);
        va_end(arguments);
        cut_at_code_point(document->fault.message, sizeof document->fault.message);
    }
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
