/* SPDX-License-Identifier: Apache-2.0 */
#include "convert/decoded.h"

#include "text/decode.h"
#include "text/misread.h"

static enum status decode_once(struct document *document, const struct charset *charset,
                               struct sink *sink, struct decoded *out)
{
    const enum status status =
        decode_pulsing(document->arena, document->content, charset, sink, out);
    return status == STATUS_NO_MEMORY ? document_out_of_memory(document) : status;
}

/* Unless the option `repair` is off. */
static enum status undo_misreading(struct document *document, struct sink *sink, str *text)
{
    for (int round = 0; round < MISREAD_ROUNDS_MAX && document->repaired >= 0; round++) {
        struct misread misread;
        const enum status status =
            misread_undo(document->arena, *text, document->origin, sink, &misread);
        if (status == STATUS_NO_MEMORY) {
            return document_out_of_memory(document);
        }
        TRY(status);
        if (!misread.repaired) {
            break;
        }
        if (round == 0) { /* later rounds see what this one made */
            document->repaired += misread.repaired;
            document_note_many(document, NOTE_repaired_mojibake,
                               (int64_t)origin_content_offset(document->origin, misread.first),
                               misread.repaired);
        }
        *text = misread.text;
        document->origin = misread.origin;
    }
    return STATUS_OK;
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
    return undo_misreading(document, sink, out);
}
