/* SPDX-License-Identifier: Apache-2.0 */
#include "job/normaliser.h"

#include "text/decode.h"

enum {
    GATHER_BYTES = 65536,       /* beyond this a block leaves in several pieces */
    GATHER_BYTES_MAX = 1048576, /* beyond this also where something may reach across */
    CUT_REACH_BYTES = 4096,     /* how far back a place to cut is looked for */
    GATHER_KEEP_BYTES = 262144  /* room kept between documents */
};

/* A piece of gathered text, which goes on until the next one begins. */
struct piece {
    size_t start;
    struct span span;
};

static const struct piece *piece_at(const struct vector *pieces, size_t index)
{
    return &VECTOR_AT(pieces, const struct piece, index);
}

/* Where in the content a change is. A piece as long as its range is the range's own text; of any
 * other the beginning is named. */
static int64_t content_offset(const struct document *document, const struct piece *piece,
                              size_t piece_len, size_t at)
{
    if (piece->span.start == piece->span.end) {
        return -1;
    }
    const bool is_linear = piece->span.end - piece->span.start == piece_len;
    const size_t place = piece->span.start + (is_linear ? at : 0);
    return (int64_t)origin_content_offset(document->origin, place); /* content fits in memory */
}

/* `at` in text that these pieces make. */
static int64_t offset_in_pieces(const struct normaliser *self, const struct piece *pieces,
                                size_t count, size_t len, size_t at)
{
    size_t i = 0;
    while (i + 1 < count && pieces[i + 1].start <= at) {
        i++;
    }
    const size_t end = i + 1 < count ? pieces[i + 1].start : len;
    return content_offset(self->document, &pieces[i], end - pieces[i].start, at - pieces[i].start);
}

static void note_changes(const struct normaliser *self, const struct piece *pieces, size_t count,
                         size_t len, const struct normal_changes *changes)
{
    static const enum note_code codes[] = {
#define X(name) NOTE_##name,
        NORMAL_CHANGE_LIST(X)
#undef X
    };
    for (enum normal_change change = 0; change < NORMAL_CHANGE_COUNT; change++) {
        if (changes->count[change] == 0) {
            continue;
        }
        const bool is_first = self->document->notes[codes[change]].count == 0;
        const int64_t offset =
            is_first ? offset_in_pieces(self, pieces, count, len, changes->first[change]) : -1;
        document_note_many(self->document, codes[change], offset, changes->count[change]);
    }
}

/* The event's text is what `pieces` make. */
static enum status pass_on(struct normaliser *self, const struct event *event,
                           const struct piece *pieces, size_t count)
{
    struct event changed = *event;
    struct normal_changes changes = {0};
    const struct arena_position mark = arena_mark(self->document->arena);
    TRY(normalise(self->document->arena, event->text, self->rules, &changed.text, &changes));
    note_changes(self, pieces, count, event->text.len, &changes);
    const enum status status = self->next->event(self->next, &changed);
    arena_rewind(self->document->arena, mark);
    return status;
}

static struct span span_of(const struct piece *pieces, size_t count)
{
    struct span all = pieces[0].span;
    for (size_t i = 1; i < count; i++) {
        const struct span span = pieces[i].span;
        if (span.start == span.end) {
            continue; /* nowhere in particular */
        }
        if (all.start == all.end) {
            all = span;
            continue;
        }
        all.start = span.start < all.start ? span.start : all.start;
        all.end = span.end > all.end ? span.end : all.end;
    }
    return all;
}

/* What is behind `len` stays, with the pieces it is of. */
static void keep_from(struct normaliser *self, size_t len, size_t first_kept)
{
    char *const text = self->gathered.items;
    struct piece *const pieces = self->pieces.items;
    memmove(text, text + len, self->gathered.count - len);
    self->gathered.count -= len;
    memmove(pieces, pieces + first_kept, (self->pieces.count - first_kept) * sizeof *pieces);
    self->pieces.count -= first_kept;
    for (size_t i = 0; i < self->pieces.count; i++) {
        pieces[i].start = pieces[i].start > len ? pieces[i].start - len : 0;
    }
}

static enum status flush(struct normaliser *self, size_t len)
{
    if (len == 0) {
        return STATUS_OK;
    }
    const struct piece *const pieces = self->pieces.items;
    size_t count = self->pieces.count;
    while (count > 1 && piece_at(&self->pieces, count - 1)->start >= len) {
        count--;
    }
    const struct event event = {.kind = EVENT_TEXT,
                                .text = {.ptr = self->gathered.items, .len = len},
                                .span = span_of(pieces, count)};
    TRY(pass_on(self, &event, pieces, count));
    /* The piece that was cut has a part on either side. */
    const bool is_cut = count == self->pieces.count || pieces[count].start > len;
    keep_from(self, len, is_cut && len < self->gathered.count ? count - 1 : count);
    return STATUS_OK;
}

/* Where there is no place to cut, it is looked for again only behind what was looked at. */
static enum status flush_part(struct normaliser *self)
{
    const str text = {.ptr = self->gathered.items, .len = self->gathered.count};
    const size_t cut = normal_cut(text, CUT_REACH_BYTES);
    self->cut_bytes = cut ? GATHER_BYTES : text.len + CUT_REACH_BYTES;
    return flush(self, cut || text.len < GATHER_BYTES_MAX ? cut : text.len);
}

static enum status gather(struct normaliser *self, const struct event *event)
{
    if (event->text.len == 0) {
        return STATUS_OK;
    }
    struct piece *const piece = VECTOR_ADD(&self->pieces, struct piece);
    if (!piece) {
        return document_out_of_memory(self->document);
    }
    *piece = (struct piece){.start = self->gathered.count, .span = event->span};
    if (!vector_add_text(&self->gathered, event->text)) {
        self->pieces.count--;
        return document_out_of_memory(self->document);
    }
    return self->gathered.count < self->cut_bytes ? STATUS_OK : flush_part(self);
}

static enum status on_event(struct sink *sink, const struct event *event)
{
    struct normaliser *self = (struct normaliser *)sink;
    const struct piece whole = {.span = event->span};
    switch (event->kind) {
    case EVENT_TEXT:
        return gather(self, event);
    case EVENT_OPEN:
        self->gathered.count = 0;
        self->pieces.count = 0;
        self->cut_bytes = GATHER_BYTES;
        break;
    case EVENT_CLOSE:
        TRY(flush(self, self->gathered.count));
        break;
    case EVENT_DROP:
    case EVENT_VALUE:
    case EVENT_LINK:
        return event->text.len ? pass_on(self, event, &whole, 1)
                               : self->next->event(self->next, event);
    case EVENT_NUMBER:
    case EVENT_PULSE:
        break;
    }
    return self->next->event(self->next, event);
}

void normaliser_begin(struct normaliser *normaliser, struct sink *next, struct document *document,
                      struct normal_rules rules)
{
    struct vector gathered = normaliser->gathered;
    struct vector pieces = normaliser->pieces;
    vector_clear(&gathered, GATHER_KEEP_BYTES);
    vector_clear(&pieces, GATHER_KEEP_BYTES);
    *normaliser = (struct normaliser){.sink = {.event = on_event},
                                      .next = next,
                                      .document = document,
                                      .rules = rules,
                                      .gathered = gathered,
                                      .pieces = pieces,
                                      .cut_bytes = GATHER_BYTES};
}

/* Decoding puts in U+FFFD for bytes that are none, and says so itself. */
void normaliser_finish(struct normaliser *normaliser)
{
    struct document *const document = normaliser->document;
    struct note *const note = &document->notes[NOTE_replacement_kept];
    if (document->replaced && note->count) {
        note->count = note->count > document->replaced ? note->count - document->replaced : 0;
        note->offset = -1;
    }
}

void normaliser_release(struct normaliser *normaliser)
{
    vector_release(&normaliser->gathered);
    vector_release(&normaliser->pieces);
}
