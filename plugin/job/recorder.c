/* SPDX-License-Identifier: Apache-2.0 */
#include "job/recorder.h"

#include "job/row.h"

enum {
    KEEP_BYTES = 1 << 20, /* room a table keeps for the next document */
    VALUE_MAX = 4096,     /* values, rights and links one document may state */
    VALUE_BYTES_MAX = 1 << 16,
    RELAX_BYTES = 16 << 20 /* read between two times that the content's pages are handed back */
};

static bool wants_drops(const struct recorder *self)
{
    return self->want->columns[COLUMN_dropped] || self->want->columns[COLUMN_dropped_rules];
}

static enum status keep(struct recorder *self, struct vector *where, str s, struct place *out)
{
    out->start = where->count;
    out->len = s.len;
    if (s.len && !vector_add_text(where, s)) {
        return document_out_of_memory(self->document);
    }
    return STATUS_OK;
}

/* As much of `s` as `room` bytes hold, cut between code points. */
static str fitting(str s, size_t room)
{
    size_t len = s.len < room ? s.len : room;
    while (len < s.len && len > 0 && ((unsigned char)s.ptr[len] & 0xC0) == 0x80) {
        len--;
    }
    return str_slice(s, 0, len);
}

static struct block_entry *open_block(struct recorder *self)
{
    return &VECTOR_AT(&self->blocks, struct block_entry, self->blocks.count - 1);
}

static enum status on_open(struct recorder *self, const struct event *event)
{
    self->in_block = true;
    self->block_has_text = false;
    if (!self->keeps_text) {
        return STATUS_OK;
    }
    struct block_entry *block = VECTOR_ADD(&self->blocks, struct block_entry);
    if (!block) {
        self->in_block = false;
        return document_out_of_memory(self->document);
    }
    block->kind = event->block;
    block->level = event->level;
    block->page_number = event->page_number;
    block->ordinal = event->ordinal;
    block->header = event->header;
    block->continued = event->continued;
    return STATUS_OK;
}

static void widen(struct block_entry *block, struct span span)
{
    if (!block->has_span) {
        block->span = span;
        block->has_span = true;
        return;
    }
    block->span.start = span.start < block->span.start ? span.start : block->span.start;
    block->span.end = span.end > block->span.end ? span.end : block->span.end;
}

/* It begins where the first of it was left out. */
static void widen_overflow(struct recorder *self, size_t start, size_t end)
{
    self->overflow_start = self->overflowed ? self->overflow_start : start;
    self->overflow_end = self->overflowed && end < self->overflow_end ? self->overflow_end : end;
    self->overflowed = true;
}

/* The rest of the document, from here on, is one dropped entry. */
static enum status overflow(struct recorder *self, const struct event *event, size_t taken)
{
    const bool exact = event->span.end - event->span.start == event->text.len;
    widen_overflow(self, event->span.start + (exact ? taken : 0), event->span.end);
    (void)document_fail(self->document, FAULT_limit, -1,
                        "the text is longer than text_bytes_max (%zu bytes)",
                        self->document->text_bytes_max);
    return STATUS_LIMIT;
}

static enum status keep_text(struct recorder *self, str separator, str part, struct span span)
{
    struct block_entry *block = open_block(self);
    struct place place;
    TRY(keep(self, &self->text, separator, &place));
    TRY(keep(self, &self->text, part, &place));
    if (!self->block_has_text) {
        block->text.start = place.start;
    }
    block->text.len += part.len;
    widen(block, span);
    return STATUS_OK;
}

static enum status on_text(struct recorder *self, const struct event *event)
{
    if (!self->in_block || event->text.len == 0) {
        return STATUS_OK;
    }
    if (self->overflowed) {
        return overflow(self, event, 0);
    }
    const size_t separator = self->block_has_text || self->text_len == 0 ? 0 : 1;
    const size_t room = self->document->text_bytes_max - self->text_len;
    const str part = room > separator ? fitting(event->text, room - separator) : (str){0};
    if (part.len) {
        if (self->keeps_text) {
            TRY(keep_text(self, separator ? STR("\n") : STR(""), part, event->span));
        }
        self->text_len += separator + part.len;
        self->block_has_text = true;
        self->seen_text = true;
    }
    return part.len < event->text.len ? overflow(self, event, part.len) : STATUS_OK;
}

static void on_close(struct recorder *self)
{
    if (self->in_block && !self->block_has_text && self->keeps_text) {
        self->blocks.count--;
    }
    self->in_block = false;
}

static enum status on_drop(struct recorder *self, const struct event *event)
{
    if (self->overflowed && event->reason == DROP_limit) {
        widen_overflow(self, event->span.start, event->span.end);
        return STATUS_OK;
    }
    if (event->text.len > self->document->text_bytes_max - self->drop_text_len) {
        return overflow(self, event, 0);
    }
    self->drop_text_len += event->text.len;
    if (!wants_drops(self)) {
        return STATUS_OK;
    }
    struct drop_entry *drop = VECTOR_ADD(&self->drops, struct drop_entry);
    if (!drop) {
        return document_out_of_memory(self->document);
    }
    drop->reason = event->reason;
    drop->column = event->column;
    drop->span = event->span;
    drop->rule = event->rule;
    drop->has_text = event->text.ptr != NULL;
    return keep(self, &self->drop_text, event->text, &drop->text);
}

/* A first TEXT value wins; lists take them all. A page that states thousands of values has no more
 * to say than one that states the first few. */
static enum status on_value(struct recorder *self, const struct event *event)
{
    if (event->text.len == 0 || self->values.count >= VALUE_MAX) {
        return STATUS_OK;
    }
    const struct place none = {0};
    struct value_entry *value = VECTOR_ADD(&self->values, struct value_entry);
    if (!value) {
        return document_out_of_memory(self->document);
    }
    value->column = event->column;
    value->text = none;
    struct place place;
    TRY(keep(self, &self->value_text, fitting(event->text, VALUE_BYTES_MAX), &place));
    VECTOR_AT(&self->values, struct value_entry, self->values.count - 1).text = place;
    return STATUS_OK;
}

static void on_number(struct recorder *self, const struct event *event)
{
    struct cell *cell = &self->record.cells[event->column];
    if (!cell->known) {
        *cell = (struct cell){.known = true, .as.number = event->number};
    }
}

static enum status on_link(struct recorder *self, const struct event *event)
{
    if (!self->want->columns[COLUMN_links] || self->links.count >= VALUE_MAX) {
        return STATUS_OK;
    }
    struct link_entry link = {0};
    TRY(keep(self, &self->value_text, fitting(event->rel, VALUE_BYTES_MAX), &link.rel));
    TRY(keep(self, &self->value_text, fitting(event->url, VALUE_BYTES_MAX), &link.url));
    TRY(keep(self, &self->value_text, fitting(event->text, VALUE_BYTES_MAX), &link.text));
    struct link_entry *entry = VECTOR_ADD(&self->links, struct link_entry);
    if (!entry) {
        return document_out_of_memory(self->document);
    }
    *entry = link;
    return STATUS_OK;
}

/* What a converter has read of a large content need not stay in memory. */
static void on_pulse(struct recorder *self, int64_t content_bytes)
{
    if (self->content && content_bytes - self->relaxed_bytes >= RELAX_BYTES) {
        blob_relax(self->content);
        self->relaxed_bytes = content_bytes;
    }
}

static enum status on_event(struct sink *sink, const struct event *event)
{
    struct recorder *self = (struct recorder *)sink;
    if (self->watch && self->watch->is_cancelled &&
        self->watch->is_cancelled(self->watch->context)) {
        return STATUS_CANCELLED;
    }
    switch (event->kind) {
    case EVENT_OPEN:
        return on_open(self, event);
    case EVENT_TEXT:
        return on_text(self, event);
    case EVENT_CLOSE:
        on_close(self);
        return STATUS_OK;
    case EVENT_DROP:
        return on_drop(self, event);
    case EVENT_VALUE:
        return on_value(self, event);
    case EVENT_NUMBER:
        on_number(self, event);
        return STATUS_OK;
    case EVENT_LINK:
        return on_link(self, event);
    case EVENT_PULSE:
        on_pulse(self, event->number);
        return STATUS_OK;
    }
    return STATUS_INTERNAL;
}

static struct vector *tables(struct recorder *self, size_t index)
{
    struct vector *const all[] = {
        &self->text,       &self->blocks,    &self->drops,     &self->drop_text, &self->values,
        &self->value_text, &self->links,     &self->notes,     &self->lists,     &self->block_rows,
        &self->drop_rows,  &self->link_rows, &self->rule_rows, &self->markdown};
    return index < sizeof all / sizeof *all ? all[index] : NULL;
}

void recorder_begin(struct recorder *recorder, struct document *document,
                    const struct job_want *want, const struct job_watch *watch)
{
    struct vector *table;
    for (size_t i = 0; (table = tables(recorder, i)); i++) {
        vector_clear(table, KEEP_BYTES);
    }
    recorder->sink.event = on_event;
    recorder->document = document;
    recorder->want = want;
    recorder->watch = watch;
    recorder->record = (struct record){0};
    recorder->content = NULL;
    recorder->relaxed_bytes = 0;
    recorder->keeps_text = want->columns[COLUMN_text] || want->columns[COLUMN_blocks] ||
                           want->columns[COLUMN_title_match] || want->columns[COLUMN_language] ||
                           want->columns[COLUMN_markdown];
    recorder->text_len = 0;
    recorder->drop_text_len = 0;
    recorder->in_block = false;
    recorder->overflowed = false;
    recorder->seen_text = false;
}

void recorder_release(struct recorder *recorder)
{
    struct vector *table;
    for (size_t i = 0; (table = tables(recorder, i)); i++) {
        vector_release(table);
    }
}

static enum status say_rights(struct recorder *self, struct str_list rights)
{
    const struct span nowhere = {.start = SIZE_MAX, .end = SIZE_MAX};
    for (size_t i = 0; i < rights.count; i++) {
        TRY(sink_value(&self->sink, COLUMN_rights, rights.items[i], nowhere));
    }
    return STATUS_OK;
}

enum status recorder_finish(struct recorder *recorder, const struct provenance *provenance,
                            const struct outcome *outcome, const struct record **out)
{
    on_close(recorder);
    TRY(say_rights(recorder, provenance->rights));
    TRY(row_make(recorder, provenance, outcome));
    *out = &recorder->record;
    return STATUS_OK;
}
