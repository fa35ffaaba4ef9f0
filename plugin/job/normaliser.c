/* SPDX-License-Identifier: Apache-2.0 */
#include "job/normaliser.h"

enum {
    GATHER_BYTES = 65536,      /* beyond this a block leaves in several pieces */
    GATHER_KEEP_BYTES = 262144 /* room kept between documents */
};

/* Does this code point never join with what stands before it? Below U+0300 nothing combines; of the
 * ideographs and CJK punctuation only U+302A to U+302F do (Unicode 15.0, NFC_Quick_Check). */
static bool is_boundary(const char *at)
{
    const unsigned char lead = (unsigned char)at[0];
    return lead < 0x80 || (lead >= 0xC2 && lead < 0xCC) || (lead >= 0xE4 && lead <= 0xE9);
}

/* The last offset in (0, len) before which text may be cut; 0: none. */
static size_t last_boundary(str s)
{
    for (size_t at = s.len; at-- > 1;) {
        if (((unsigned char)s.ptr[at] & 0xC0) != 0x80 && is_boundary(s.ptr + at)) {
            return at;
        }
    }
    return 0;
}

static enum status pass_on(struct normaliser *self, const struct event *event)
{
    struct event changed = *event;
    const struct arena_position mark = arena_mark(self->document->arena);
    const int64_t removed = self->changes.controls_removed;
    bool composed = false;
    struct normal_changes changes = {0};
    TRY(normalise(self->document->arena, event->text, self->form, &changed.text, &changes));
    composed = changes.composed;
    self->changes.controls_removed = removed + changes.controls_removed;
    if (composed) {
        document_note(self->document, NOTE_normalised, -1);
    }
    const enum status status = self->next->event(self->next, &changed);
    arena_rewind(self->document->arena, mark);
    return status;
}

static enum status flush(struct normaliser *self, size_t len)
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

static enum status gather(struct normaliser *self, const struct event *event)
{
    if (event->text.len == 0) {
        return STATUS_OK;
    }
    const bool first = self->gathered.count == 0;
    if (!vector_add_text(&self->gathered, event->text)) {
        return document_out_of_memory(self->document);
    }
    if (first) {
        self->span = event->span;
    } else {
        self->span.start =
            event->span.start < self->span.start ? event->span.start : self->span.start;
        self->span.end = event->span.end > self->span.end ? event->span.end : self->span.end;
    }
    if (self->gathered.count < GATHER_BYTES) {
        return STATUS_OK;
    }
    const size_t cut =
        last_boundary((str){.ptr = self->gathered.items, .len = self->gathered.count});
    TRY(flush(self, cut ? cut : self->gathered.count));
    self->span = event->span;
    return STATUS_OK;
}

static enum status on_event(struct sink *sink, const struct event *event)
{
    struct normaliser *self = (struct normaliser *)sink;
    switch (event->kind) {
    case EVENT_TEXT:
        return gather(self, event);
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

void normaliser_begin(struct normaliser *normaliser, struct sink *next, struct document *document,
                      enum normal_form form)
{
    struct vector gathered = normaliser->gathered;
    vector_clear(&gathered, GATHER_KEEP_BYTES);
    *normaliser = (struct normaliser){.sink = {.event = on_event},
                                      .next = next,
                                      .document = document,
                                      .form = form,
                                      .gathered = gathered};
}

void normaliser_finish(struct normaliser *normaliser)
{
    document_note_many(normaliser->document, NOTE_control_removed, -1,
                       normaliser->changes.controls_removed);
}

void normaliser_release(struct normaliser *normaliser)
{
    vector_release(&normaliser->gathered);
}
