/* SPDX-License-Identifier: Apache-2.0 */
#include "job/row.h"

#include "job/markdown.h"
#include "job/title_match.h"
#include "text/decode.h"
#include "text/language.h"

#include <stdio.h>

static bool wants(const struct recorder *self, enum column column)
{
    return self->want->columns[column];
}

static str kept(const struct vector *where, struct place place)
{
    return (str){.ptr = place.len ? (const char *)where->items + place.start : "",
                 .len = place.len};
}

static void say_text(struct record *record, enum column column, str text)
{
    if (text.ptr) {
        record->cells[column] = (struct cell){.known = true, .as.text = text};
    }
}

/* A value that was not found is an empty text in the document and null in the record. */
static void say_found(struct record *record, enum column column, str text)
{
    if (text.len) {
        say_text(record, column, text);
    }
}

static void say_number(struct record *record, enum column column, int64_t number)
{
    record->cells[column] = (struct cell){.known = true, .as.number = number};
}

static enum status finish_lists(struct recorder *self)
{
    const size_t value_count = self->values.count;
    if (value_count && !vector_extend(&self->lists, sizeof(str), value_count)) {
        return STATUS_NO_MEMORY;
    }
    size_t used = 0;
    for (enum column column = 0; column < COLUMN_COUNT; column++) {
        const bool is_list = column_type(column) == COLUMN_TYPE_TEXTS;
        const size_t first = used;
        for (size_t i = 0; i < value_count; i++) {
            const struct value_entry *value = &VECTOR_AT(&self->values, struct value_entry, i);
            if (value->column != column) {
                continue;
            }
            const str text = kept(&self->value_text, value->text);
            if (!is_list) {
                say_text(&self->record, column, text);
                break;
            }
            VECTOR_AT(&self->lists, str, used++) = text;
        }
        if (used > first) {
            self->record.cells[column] = (struct cell){
                .known = true,
                .as.texts = {.items = &VECTOR_AT(&self->lists, str, first), .count = used - first}};
        }
    }
    return STATUS_OK;
}

static int64_t content_offset(const struct recorder *self, size_t text_offset)
{
    return (int64_t)origin_content_offset(self->document->origin, text_offset);
}

static enum status finish_blocks(struct recorder *self)
{
    const size_t count = self->blocks.count;
    const bool placed = wants(self, COLUMN_blocks);
    if (count && !vector_extend(&self->block_rows, sizeof(struct record_block), count)) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        const struct block_entry *block = &VECTOR_AT(&self->blocks, struct block_entry, i);
        VECTOR_AT(&self->block_rows, struct record_block, i) = (struct record_block){
            .kind = block->kind,
            .level = block->level,
            .page_number = block->page_number,
            .ordinal = block->ordinal,
            .header = block->header,
            .continued = block->continued,
            .text = kept(&self->text, block->text),
            .src_start = placed ? content_offset(self, block->span.start) : -1,
            .src_end = placed ? content_offset(self, block->span.end) : -1,
        };
    }
    self->record.blocks = self->block_rows.items;
    self->record.block_count = count;
    self->record.cells[COLUMN_blocks].known = true;
    return STATUS_OK;
}

static enum status finish_markdown(struct recorder *self)
{
    if (!markdown_write(self->record.blocks, self->record.block_count, &self->markdown)) {
        return STATUS_NO_MEMORY;
    }
    say_text(&self->record, COLUMN_markdown,
             (str){.ptr = self->markdown.count ? self->markdown.items : "",
                   .len = self->markdown.count});
    return STATUS_OK;
}

/* What goes beyond a limit has no rule but that. */
static enum status finish_rules(struct recorder *self)
{
    const size_t count = self->drops.count + (self->overflowed ? 1 : 0);
    if (count && !vector_extend(&self->rule_rows, sizeof(str), count)) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        const str rule =
            i < self->drops.count ? VECTOR_AT(&self->drops, struct drop_entry, i).rule : (str){0};
        VECTOR_AT(&self->rule_rows, str, i) = rule.ptr ? rule : STR("");
    }
    self->record.cells[COLUMN_dropped_rules] =
        (struct cell){.known = true, .as.texts = {.items = self->rule_rows.items, .count = count}};
    return STATUS_OK;
}

static enum status finish_drops(struct recorder *self)
{
    const size_t count = self->drops.count + (self->overflowed ? 1 : 0);
    if (count && !vector_extend(&self->drop_rows, sizeof(struct record_drop), count)) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < self->drops.count; i++) {
        const struct drop_entry *drop = &VECTOR_AT(&self->drops, struct drop_entry, i);
        VECTOR_AT(&self->drop_rows, struct record_drop, i) = (struct record_drop){
            .reason = drop->reason,
            .column = drop->column,
            .text = drop->has_text ? kept(&self->drop_text, drop->text) : (str){0},
            .src_start = content_offset(self, drop->span.start),
            .src_end = content_offset(self, drop->span.end),
        };
    }
    if (self->overflowed) {
        VECTOR_AT(&self->drop_rows, struct record_drop, count - 1) = (struct record_drop){
            .reason = DROP_limit,
            .column = COLUMN_NONE,
            .src_start = content_offset(self, self->overflow_start),
            .src_end = content_offset(self, self->overflow_end),
        };
    }
    self->record.drops = self->drop_rows.items;
    self->record.drop_count = count;
    self->record.cells[COLUMN_dropped].known = true;
    return STATUS_OK;
}

static enum status finish_links(struct recorder *self)
{
    const size_t count = self->links.count;
    if (count && !vector_extend(&self->link_rows, sizeof(struct record_link), count)) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        const struct link_entry *link = &VECTOR_AT(&self->links, struct link_entry, i);
        VECTOR_AT(&self->link_rows, struct record_link, i) =
            (struct record_link){.rel = kept(&self->value_text, link->rel),
                                 .url = kept(&self->value_text, link->url),
                                 .text = kept(&self->value_text, link->text)};
    }
    self->record.links = self->link_rows.items;
    self->record.link_count = count;
    self->record.cells[COLUMN_links].known = count > 0;
    return STATUS_OK;
}

static enum status finish_notes(struct recorder *self)
{
    for (enum note_code code = 0; code < NOTE_COUNT; code++) {
        const struct note *note = &self->document->notes[code];
        if (note->count == 0) {
            continue;
        }
        struct record_note *row = VECTOR_ADD(&self->notes, struct record_note);
        if (!row) {
            return STATUS_NO_MEMORY;
        }
        *row = (struct record_note){
            .code = note_code_name(code), .offset = note->offset, .count = note->count};
    }
    self->record.notes = self->notes.items;
    self->record.note_count = self->notes.count;
    self->record.cells[COLUMN_notes].known = true;
    return STATUS_OK;
}

static void say_provenance(struct record *record, const struct provenance *from)
{
    say_text(record, COLUMN_id, from->id);
    say_text(record, COLUMN_parent_id, from->parent_id);
    say_text(record, COLUMN_url, from->url);
    say_text(record, COLUMN_final_url, from->final_url);
    say_text(record, COLUMN_member, from->member);
    say_found(record, COLUMN_etag, from->etag);
    say_found(record, COLUMN_last_modified, from->last_modified);
    say_text(record, COLUMN_content_sha256, from->content_sha256);
    if (from->fetched_at_us != INT64_MIN) {
        say_number(record, COLUMN_fetched_at, from->fetched_at_us);
    }
    if (from->http_status) {
        say_number(record, COLUMN_http_status, from->http_status);
    }
    if (from->content_bytes >= 0) {
        say_number(record, COLUMN_content_bytes, from->content_bytes);
    }
}

static void say_verdict(struct recorder *self, enum verdict verdict)
{
    static const str names[] = {
        [VERDICT_CONVERTED] = STR_INIT("converted"),
        [VERDICT_PARTIAL] = STR_INIT("partial"),
        [VERDICT_FAILED] = STR_INIT("failed"),
        [VERDICT_REFUSED] = STR_INIT("refused"),
    };
    struct record *record = &self->record;
    const struct fault *fault = &self->document->fault;
    say_text(record, COLUMN_status, names[verdict]);
    if (fault->code == FAULT_none) {
        return;
    }
    say_text(record, COLUMN_error_code, fault_code_name(fault->code));
    say_text(record, COLUMN_error_message, str_of(fault->message));
    if (fault->offset >= 0) {
        say_number(record, COLUMN_error_offset, fault->offset);
    }
}

static void say_kind(struct recorder *self)
{
    struct record *record = &self->record;
    const struct document *document = self->document;
    say_found(record, COLUMN_format, document->format);
    say_found(record, COLUMN_media_type, document->media_type);
    say_found(record, COLUMN_charset, document->charset);
    say_found(record, COLUMN_charset_source, document->charset_source);
    say_found(record, COLUMN_page_type, document->page_type);
    if (document->charset.len) {
        say_number(record, COLUMN_replaced, document->replaced);
        if (document->repaired >= 0) {
            say_number(record, COLUMN_repaired, document->repaired);
        }
    }
    const int len =
        snprintf(self->converter, sizeof self->converter, "quern " QUERN_VERSION "%s%.*s",
                 document->converter.len ? " " : "", (int)document->converter.len,
                 document->converter.ptr ? document->converter.ptr : "");
    if (len > 0 && (size_t)len < sizeof self->converter) {
        say_text(record, COLUMN_converter, str_of(self->converter));
    }
}

static void say_incomplete(struct recorder *self, str reason)
{
    static const struct {
        str reason;
        enum note_code note;
    } notes[] = {{STR_INIT("page_missing"), NOTE_page_missing},
                 {STR_INIT("body_absent"), NOTE_body_absent},
                 {STR_INIT("text_cap"), NOTE_text_cap},
                 {STR_INIT("preview_gate"), NOTE_preview_gate},
                 {STR_INIT("cut_mid_sentence"), NOTE_cut_mid_sentence}};
    struct cell *cell = &self->record.cells[COLUMN_incomplete_reason];
    if (reason.len == 0) {
        return;
    }
    for (size_t i = 0; cell->known && i < sizeof notes / sizeof *notes; i++) {
        if (str_equal(cell->as.text, notes[i].reason)) {
            document_note(self->document, notes[i].note, -1);
        }
    }
    *cell = (struct cell){.known = true, .as.text = reason};
    say_number(&self->record, COLUMN_complete, 0);
}

/* Containers have no text, documents that failed show none; a page without a word has an empty one. */
static void say_body(struct recorder *self)
{
    struct record *record = &self->record;
    const struct cell *title = &record->cells[COLUMN_title];
    const str text = {.ptr = self->text.count ? self->text.items : "", .len = self->text.count};
    if (self->document->converter.len == 0 || !self->keeps_text) {
        return;
    }
    say_text(record, COLUMN_text, text);
    if (wants(self, COLUMN_language) && !record->cells[COLUMN_language].known) {
        const str language = language_detect(text);
        if (language.len) {
            say_text(record, COLUMN_language, language);
        }
    }
    if (wants(self, COLUMN_title_match) && title->known && text.len) {
        const double share = title_match(title->as.text, text);
        record->cells[COLUMN_title_match] = (struct cell){.known = share >= 0, .as.real = share};
    }
}

enum status row_make(struct recorder *recorder, const struct provenance *provenance,
                     const struct outcome *outcome)
{
    const bool has_body =
        outcome->verdict == VERDICT_CONVERTED || outcome->verdict == VERDICT_PARTIAL;
    TRY(finish_lists(recorder));
    TRY(finish_links(recorder));
    say_incomplete(recorder, outcome->incomplete_reason);
    TRY(finish_notes(recorder));
    if (has_body && (wants(recorder, COLUMN_blocks) || wants(recorder, COLUMN_markdown))) {
        TRY(finish_blocks(recorder));
    }
    if (has_body && wants(recorder, COLUMN_markdown) && recorder->document->converter.len) {
        TRY(finish_markdown(recorder));
    }
    if (has_body && wants(recorder, COLUMN_dropped)) {
        TRY(finish_drops(recorder));
    }
    if (has_body && wants(recorder, COLUMN_dropped_rules)) {
        TRY(finish_rules(recorder));
    }
    say_provenance(&recorder->record, provenance);
    say_verdict(recorder, outcome->verdict);
    say_kind(recorder);
    if (has_body) {
        say_body(recorder);
    }
    return STATUS_OK;
}
