/* SPDX-License-Identifier: Apache-2.0 */
#include "convert/decoded.h"

#include "text/decode.h"

enum status document_decode(struct document *document, const struct detection *detection,
                            struct sink *sink, str *out)
{
    struct decoded decoded;
    const enum status status =
        decode_pulsing(document->arena, document->content, detection->charset, sink, &decoded);
    if (status == STATUS_NO_MEMORY) {
        return document_out_of_memory(document);
    }
    TRY(status);
    document->charset = charset_name(detection->charset);
    document->charset_source = detection->source;
    document->origin = decoded.origin;
    document->replaced = decoded.replaced;
    document_note_many(document, NOTE_bad_bytes, decoded.replaced_first, decoded.replaced);
    if (detection->label_wrong) {
        document_note(document, NOTE_charset_label_wrong, -1);
    }
    *out = decoded.text;
    return STATUS_OK;
}
