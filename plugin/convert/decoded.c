/* SPDX-License-Identifier: Apache-2.0 */
#include "convert/decoded.h"

#include "text/decode.h"

static enum status decode_once(struct document *document, const struct charset *charset,
                               struct sink *sink, struct decoded *out)
{
    const enum status status =
        decode_pulsing(document->arena, document->content, charset, sink, out);
    return status == STATUS_NO_MEMORY ? document_out_of_memory(document) : status;
}

enum status document_decode(struct document *document, struct detection *detection,
                            struct sink *sink, str *out)
{
    const struct arena_position start = arena_mark(document->arena);
    struct decoded decoded;
    TRY(decode_once(document, detection->charset, sink, &decoded));
    if (detect_again(document->content, decoded.replaced, detection)) {
        arena_rewind(document->arena, start);
        TRY(decode_once(document, detection->charset, sink, &decoded));
    }
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
