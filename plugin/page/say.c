/* SPDX-License-Identifier: Apache-2.0 */
#include "page/say.h"

enum { PIECE_BYTES = 65536 /* between two pulses */ };

struct speaker {
    const struct lines *lines;
    struct sink *sink;
    bool open;         /* a block is */
    enum join pending; /* the strongest join since the last text */
    uint16_t tabs;
    size_t src_end; /* of what was said last */
    size_t pulsed;
};

/* As much of `text` from `at` as one event carries, cut between code points. */
static size_t piece_end(str text, size_t at)
{
    if (text.len - at <= PIECE_BYTES) {
        return text.len;
    }
    size_t end = at + PIECE_BYTES;
    while (end > at + 1 && ((unsigned char)text.ptr[end] & 0xC0) == 0x80) {
        end--;
    }
    return end;
}

enum status say_text(struct sink *sink, str text, struct span span, size_t *said)
{
    const bool exact = span.end - span.start == text.len;
    size_t at = 0;
    while (at < text.len) {
        const size_t end = piece_end(text, at);
        struct span part = span;
        if (exact) {
            part.start = span.start + at;
            part.end = span.start + end;
        }
        TRY(sink_text(sink, str_slice(text, at, end), part));
        *said = exact || end == text.len ? part.end : *said;
        if (end < text.len) {
            TRY(sink_pulse(sink, part.end));
        }
        at = end;
    }
    return STATUS_OK;
}

enum status say_rest(struct sink *sink, size_t from, size_t source_len)
{
    const struct span rest = {.start = from < source_len ? from : source_len, .end = source_len};
    const enum status status = sink_drop(sink, DROP_limit, (str){0}, rest);
    return status == STATUS_OK ? STATUS_LIMIT : status;
}

static enum status close_block(struct speaker *self)
{
    if (!self->open) {
        return STATUS_OK;
    }
    self->open = false;
    return sink_close(self->sink);
}

/* Cells of a row that are empty. */
static enum status say_tabs(struct speaker *self, uint16_t count, struct span here)
{
    for (uint16_t i = 0; i < count; i++) {
        TRY(sink_text(self->sink, STR("\t"), here));
    }
    return STATUS_OK;
}

/* What stands between the last text and the next, white space that the source does not spell. */
static enum status say_join(struct speaker *self, const struct line *line)
{
    const struct span here = {.start = self->src_end, .end = self->src_end};
    const enum join join = self->open ? self->pending : JOIN_BLOCK;
    self->pending = JOIN_NOTHING;
    const uint16_t tabs = self->tabs;
    self->tabs = 0;
    switch (join) {
    case JOIN_NOTHING:
        return STATUS_OK;
    case JOIN_SPACE:
        return sink_text(self->sink, STR(" "), here);
    case JOIN_TAB:
        return say_tabs(self, tabs, here);
    case JOIN_BREAK:
        return sink_text(self->sink, STR("\n"), here);
    case JOIN_BLOCK:
        TRY(close_block(self));
        self->open = true;
        TRY(self->sink->event(self->sink, &(struct event){.kind = EVENT_OPEN,
                                                          .block = line->kind,
                                                          .level = line->level,
                                                          .ordinal = line->ordinal,
                                                          .header = line->header,
                                                          .continued = line->continued}));
        return say_tabs(self, tabs, here);
    }
    return STATUS_INTERNAL;
}

static enum status say_dropped(struct speaker *self, str text, struct span span,
                               struct verdict verdict)
{
    if (verdict.reason == DROP_rights) {
        TRY(sink_value(self->sink, COLUMN_rights, text, span));
    }
    return self->sink->event(
        self->sink,
        &(struct event){.kind = EVENT_DROP,
                        .reason = verdict.reason,
                        .column = verdict.reason == DROP_metadata ? verdict.column : COLUMN_NONE,
                        .rule = verdict.rule ? str_of(verdict.rule) : STR(""),
                        .text = text,
                        .span = span});
}

static enum status say_part(struct speaker *self, const struct line *line, size_t from, size_t to,
                            struct verdict verdict)
{
    const str text = self->lines->text;
    const bool begins = !self->open || self->pending == JOIN_BLOCK;
    if (verdict.dropped || (begins && line->kind != BLOCK_code)) {
        from = blank_skip(text, from, to);
    }
    to = verdict.dropped ? blank_trim(text, from, to) : to;
    if (from >= to) {
        return STATUS_OK;
    }
    const struct span span = lines_span(self->lines, from, to);
    if (verdict.dropped) {
        TRY(say_dropped(self, str_slice(text, from, to), span, verdict));
    } else {
        TRY(say_join(self, line));
        TRY(say_text(self->sink, str_slice(text, from, to), span, &self->src_end));
    }
    self->src_end = span.end;
    return STATUS_OK;
}

static enum status say_line(struct speaker *self, const struct line *line)
{
    self->pending = line->join > self->pending ? line->join : self->pending;
    self->tabs = (uint16_t)((line->join == JOIN_BLOCK ? 0 : self->tabs) + line->tabs);
    if (line->join == JOIN_BLOCK) {
        TRY(close_block(self));
    }
    size_t from = line->from;
    for (const struct cut *cut = line->first_cut; cut; cut = cut->next) {
        TRY(say_part(self, line, from, cut->to, cut->verdict));
        from = cut->to;
    }
    if (!line->first_cut) {
        TRY(say_part(self, line, from, line->to, line->verdict));
    }
    const struct span here = {.start = self->src_end, .end = self->src_end};
    return self->open ? say_tabs(self, line->tabs_behind, here) : STATUS_OK;
}

static enum status say_alternatives(struct speaker *self)
{
    TRY(close_block(self));
    for (size_t i = 0; i < self->lines->alternative_count; i++) {
        const struct alternative *alternative = &self->lines->alternatives[i];
        TRY(say_dropped(self, alternative->text, alternative->span, alternative->verdict));
    }
    return STATUS_OK;
}

static enum status say_all(struct speaker *self)
{
    for (size_t i = 0; i < self->lines->count; i++) {
        TRY(say_line(self, &self->lines->items[i]));
        if (self->src_end >= self->pulsed + PIECE_BYTES) {
            self->pulsed = self->src_end;
            TRY(sink_pulse(self->sink, self->pulsed));
        }
    }
    return say_alternatives(self);
}

enum status lines_say(const struct lines *lines, struct sink *sink)
{
    struct speaker self = {.lines = lines, .sink = sink, .pending = JOIN_BLOCK};
    const enum status status = say_all(&self);
    return status == STATUS_LIMIT ? say_rest(sink, self.src_end, lines->source_len) : status;
}
