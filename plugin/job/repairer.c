/* SPDX-License-Identifier: Apache-2.0 */
#include "job/repairer.h"

#include "text/decode.h"
#include "text/utf8.h"

enum {
    GATHER_BYTES = 65536,       /* beyond this a block leaves in several pieces */
    GATHER_KEEP_BYTES = 262144, /* room kept between documents */
    FIRST_TRAIL = 0x40,         /* ASCII below is never half of a character */
    FIRST_CJK = 0x3000          /* what stands from here on is odd by itself or not at all */
};

static void note(struct repairer *self, enum note_code code, const struct event *event,
                 size_t first, int64_t count)
{
    const struct document *const document = self->document;
    int64_t offset = -1;
    if (count && document->notes[code].count == 0 && event->span.end > event->span.start) {
        const bool is_exact = event->span.end - event->span.start == event->text.len;
        offset = (int64_t)origin_content_offset(document->origin,
                                                event->span.start + (is_exact ? first : 0));
    }
    document_note_many(self->document, code, offset, count);
}

static enum status pass_on(struct repairer *self, const struct event *event)
{
    struct event changed = *event;
    struct repair_changes changes = {0};
    const struct arena_position mark = arena_mark(self->document->arena);
    if (repair(self->document->arena, event->text, &changed.text, &changes) != STATUS_OK) {
        return document_out_of_memory(self->document);
    }
    note(self, NOTE_repaired_mojibake, event, changes.repaired_first, changes.repaired);
    note(self, NOTE_lost_to_replacement, event, changes.lost_first, changes.lost);
    note(self, NOTE_memory_filling, event, changes.filled_first, changes.filled);
    self->document->repaired += changes.repaired;
    self->document->replaced += changes.lost;
    const enum status status = self->next->event(self->next, &changed);
    arena_rewind(self->document->arena, mark);
    return status;
}

/* The first `len` bytes of what is gathered leave. */
static enum status flush(struct repairer *self, size_t len)
{
    const str text = {.ptr = self->gathered.items, .len = len};
    if (len == 0) {
        return STATUS_OK;
    }
    TRY(pass_on(self, &(struct event){.kind = EVENT_TEXT, .text = text, .span = self->span}));
    memmove(self->gathered.items, text.ptr + len, self->gathered.count - len);
    self->gathered.count -= len;
    return STATUS_OK;
}

/* Behind the last byte that ends whatever stands before it; all, when there is none. */
static size_t cut_of(const struct vector *gathered)
{
    for (size_t at = gathered->count; at > 0; at--) {
        if (VECTOR_AT(gathered, uint8_t, at - 1) < FIRST_TRAIL) {
            return at;
        }
    }
    return gathered->count;
}

static enum status gather(struct repairer *self, const struct event *event)
{
    const bool is_first = self->gathered.count == 0;
    struct span *const span = &self->span;
    if (!vector_add_text(&self->gathered, event->text)) {
        return document_out_of_memory(self->document);
    }
    if (is_first) {
        *span = event->span;
    } else {
        span->start = event->span.start < span->start ? event->span.start : span->start;
        span->end = event->span.end > span->end ? event->span.end : span->end;
    }
    return self->gathered.count < GATHER_BYTES ? STATUS_OK : flush(self, cut_of(&self->gathered));
}

/* May its last character be the first half of another? */
static bool is_open_at_end(str text)
{
    size_t at = text.len;
    const uint32_t c = utf8_previous(text, &at);
    return c >= 0x80 && c < FIRST_CJK;
}

static enum status on_text(struct repairer *self, const struct event *event)
{
    if (event->text.len == 0 || (self->gathered.count == 0 && !is_open_at_end(event->text) &&
                                 repair_find(event->text, 0) == event->text.len)) {
        return self->next->event(self->next, event);
    }
    return gather(self, event);
}

static enum status on_event(struct sink *sink, const struct event *event)
{
    struct repairer *self = (struct repairer *)sink;
    switch (event->kind) {
    case EVENT_TEXT:
        return on_text(self, event);
    case EVENT_OPEN:
        self->gathered.count = 0;
        break;
    case EVENT_CLOSE:
        TRY(flush(self, self->gathered.count));
        break;
    case EVENT_DROP:
    case EVENT_VALUE:
    case EVENT_LINK:
        return event->text.len ? pass_on(self, event) : self->next->event(self->next, event);
    case EVENT_NUMBER:
    case EVENT_PULSE:
        break;
    }
    return self->next->event(self->next, event);
}

void repairer_begin(struct repairer *repairer, struct sink *next, struct document *document)
{
    struct vector gathered = repairer->gathered;
    vector_clear(&gathered, GATHER_KEEP_BYTES);
    *repairer = (struct repairer){
        .sink = {.event = on_event}, .next = next, .document = document, .gathered = gathered};
}

void repairer_release(struct repairer *repairer)
{
    vector_release(&repairer->gathered);
}
