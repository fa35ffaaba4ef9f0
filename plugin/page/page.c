/* SPDX-License-Identifier: Apache-2.0 */
#include "page/page.h"

#include "page/blocks.h"
#include "page/byline.h"
#include "page/library.h"
#include "page/noscript.h"
#include "page/page_type.h"
#include "page/pattern.h"
#include "page/rights.h"
#include "page/say.h"
#include "page/select.h"
#include "page/title.h"
#include "page/type_elements.h"

enum {
    /* Captures of library pages are short, for sites cap their previews; a longer text is not held
     * in lines to find out. */
    CAPTURE_BYTES_MAX = 1 << 20,
    TITLE_BYTES_MAX = 1024 /* of the two lines a capture begins with */
};

static enum status tell(struct document *document, enum status status)
{
    return status == STATUS_NO_MEMORY ? document_out_of_memory(document) : status;
}

static enum status say_ordinary(struct lines *lines, struct metadata *metadata,
                                struct document *document, struct sink *sink)
{
    struct stated title;
    size_t at = 0;
    const struct arena_position mark = arena_mark(lines->arena);
    type_address_count(&lines->evidence.words, document->hints.url, &lines->evidence.counts);
    TRY(lines_select(lines));
    arena_rewind(lines->arena, mark); /* what it decided stands in the lines */
    document->page_type = page_type_name(lines->page_type);
    rights_read(lines, metadata);
    TRY(title_choose(lines, metadata, &title, &at));
    if (title.text.len) {
        TRY(sink_value(sink, COLUMN_title, title.text, title.span));
    }
    lines_drop_title(lines, at);
    byline_read(lines, metadata, at);
    return metadata_say(metadata, sink);
}

/* Who reads the record learns that there was a document, which its scripts would have fetched. */
static enum status say_left_to_scripts(struct sink *sink)
{
    TRY(sink_number(sink, COLUMN_complete, 0));
    return sink_value(sink, COLUMN_incomplete_reason, note_code_name(NOTE_body_absent),
                      (struct span){0});
}

static enum status say(struct document *document, const struct dom *dom, struct sink *sink)
{
    struct lines lines;
    struct metadata metadata;
    struct library *library = NULL;
    const bool is_left_to_scripts = noscript_read(document, dom);
    TRY(blocks_read(document->arena, dom, sink, &lines, &metadata));
    metadata_finish(&metadata);
    if (metadata.json_ld_skipped) {
        document_note_many(document, NOTE_json_ld_skipped, -1, metadata.json_ld_skipped);
    }
    const struct arena_position mark = arena_mark(lines.arena);
    TRY(library_recognise(&lines, &metadata, &library));
    if (library) {
        TRY(library_say(library, document, sink));
    } else {
        arena_rewind(lines.arena, mark);
        TRY(say_ordinary(&lines, &metadata, document, sink));
        if (is_left_to_scripts) {
            TRY(say_left_to_scripts(sink));
        }
    }
    TRY(links_say(&metadata.links, document, sink));
    return lines_say(&lines, sink);
}

enum status page_say(struct document *document, const struct dom *dom, struct sink *sink)
{
    return tell(document, say(document, dom, sink));
}

static enum status say_capture(struct document *document, str text, struct sink *sink, bool *said)
{
    struct lines lines;
    struct library *library = NULL;
    TRY(lines_read_text(document->arena, text, &lines));
    TRY(library_recognise(&lines, NULL, &library));
    if (!library) {
        return STATUS_OK;
    }
    *said = true;
    TRY(library_say(library, document, sink));
    return lines_say(&lines, sink);
}

/* A capture begins with its title, twice. What does not is not held in lines to find out. */
static bool begins_twice(str text)
{
    size_t ends[2] = {0, 0};
    size_t starts[2] = {0, 0};
    const str head = str_slice(text, 0, TITLE_BYTES_MAX);
    for (size_t i = 0; i < 2; i++) {
        starts[i] = blank_skip(head, i ? ends[0] : 0, head.len);
        const size_t feed = str_find_byte(head, '\n', starts[i]);
        const size_t carriage = str_find_byte(head, '\r', starts[i]);
        ends[i] = feed < carriage ? feed : carriage;
        if (ends[i] > head.len) {
            return false;
        }
    }
    struct folded first;
    struct folded second;
    fold(head, starts[0], ends[0], &first);
    fold(head, starts[1], ends[1], &second);
    return folded_equal(&first, &second);
}

enum status page_say_capture(struct document *document, str text, struct sink *sink, bool *said)
{
    *said = false;
    if (text.len > CAPTURE_BYTES_MAX || !begins_twice(text)) {
        return STATUS_OK;
    }
    const struct arena_position mark = arena_mark(document->arena);
    const enum status status = say_capture(document, text, sink, said);
    arena_rewind(document->arena, mark);
    return tell(document, status);
}
