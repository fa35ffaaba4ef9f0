/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the row: what the events said, what was left out, and what a limit does. */
#include "harness/test.h"
#include "job/normaliser.h"
#include "job/recorder.h"

static struct arena arena;
static struct document document;
static struct recorder recorder;
static struct normaliser normaliser;
static struct job_want want;
static const struct provenance nowhere = {
    .id = STR_INIT("id"), .fetched_at_us = INT64_MIN, .content_bytes = -1};
static const struct outcome converted = {.verdict = VERDICT_CONVERTED};

static struct sink *begin(size_t text_bytes_max)
{
    arena_init(&arena, 1 << 24);
    document = (struct document){.arena = &arena,
                                 .text_bytes_max = text_bytes_max,
                                 .converter = STR("test/1"),
                                 .fault = {.offset = -1}};
    for (enum column column = 0; column < COLUMN_COUNT; column++) {
        want.columns[column] = true;
    }
    recorder_begin(&recorder, &document, &want, NULL);
    normaliser_begin(&normaliser, &recorder.sink, &document,
                     (struct normal_rules){.form = NORMAL_FORM_NFC});
    return &normaliser.sink;
}

static const struct record *finish(const struct outcome *outcome)
{
    const struct record *record = NULL;
    normaliser_finish(&normaliser);
    CHECK(recorder_finish(&recorder, &nowhere, outcome, &record) == STATUS_OK);
    return record;
}

static void end(void)
{
    recorder_release(&recorder);
    normaliser_release(&normaliser);
    arena_release(&arena);
}

static enum status say_block(struct sink *sink, enum block_kind kind, str text, size_t start)
{
    TRY(sink_open(sink, kind, 0));
    TRY(sink_text(sink, text, (struct span){.start = start, .end = start + text.len}));
    return sink_close(sink);
}

static str text_of(const struct record *record, enum column column)
{
    return record->cells[column].known ? record->cells[column].as.text : STR("(null)");
}

TEST(blocks_are_joined_by_newlines_and_point_into_the_text)
{
    struct sink *sink = begin(1000);
    CHECK(say_block(sink, BLOCK_heading, STR("一"), 10) == STATUS_OK);
    CHECK(sink_open(sink, BLOCK_paragraph, 0) == STATUS_OK);
    CHECK(sink_close(sink) == STATUS_OK); /* an empty block is none */
    CHECK(say_block(sink, BLOCK_paragraph, STR("two"), 20) == STATUS_OK);
    CHECK(sink_value(sink, COLUMN_title, STR("一"), (struct span){0}) == STATUS_OK);
    CHECK(sink_value(sink, COLUMN_title, STR("later"), (struct span){0}) == STATUS_OK);
    CHECK(sink_value(sink, COLUMN_rights, STR("a"), (struct span){0}) == STATUS_OK);
    CHECK(sink_value(sink, COLUMN_rights, STR("b"), (struct span){0}) == STATUS_OK);
    CHECK(sink_number(sink, COLUMN_page_count, 4) == STATUS_OK);
    CHECK(sink_drop_into(sink, COLUMN_title, STR("一"), (struct span){.start = 1, .end = 4}) ==
          STATUS_OK);
    const struct record *record = finish(&converted);
    CHECK_STR(text_of(record, COLUMN_text), STR("一\ntwo"));
    CHECK_STR(text_of(record, COLUMN_title), STR("一"));
    CHECK_INT(record->cells[COLUMN_rights].as.texts.count, 2);
    CHECK_INT(record->cells[COLUMN_page_count].as.number, 4);
    CHECK(!record->cells[COLUMN_tags].known);
    CHECK_INT(record->block_count, 2);
    CHECK_STR(record->blocks[1].text, STR("two"));
    CHECK_INT(record->blocks[1].src_start, 20);
    CHECK_INT(record->blocks[1].src_end, 23);
    CHECK_INT(record->drop_count, 1);
    CHECK(record->drops[0].column == COLUMN_title);
    end();
}

TEST(text_beyond_its_limit_is_one_dropped_entry_with_its_range)
{
    struct sink *sink = begin(7);
    CHECK(say_block(sink, BLOCK_paragraph, STR("abc"), 0) == STATUS_OK);
    CHECK(say_block(sink, BLOCK_paragraph, STR("文字"), 5) == STATUS_LIMIT);
    CHECK(sink_drop(sink, DROP_limit, (str){0}, (struct span){.start = 5, .end = 99}) == STATUS_OK);
    const struct record *record =
        finish(&(struct outcome){.verdict = VERDICT_PARTIAL, .incomplete_reason = STR("limit")});
    CHECK_STR(text_of(record, COLUMN_text), STR("abc\n文"));
    CHECK_STR(text_of(record, COLUMN_status), STR("partial"));
    CHECK_STR(text_of(record, COLUMN_error_code), STR("limit"));
    CHECK_STR(text_of(record, COLUMN_incomplete_reason), STR("limit"));
    CHECK(record->cells[COLUMN_complete].known && !record->cells[COLUMN_complete].as.number);
    CHECK_INT(record->drop_count, 1);
    CHECK(record->drops[0].text.ptr == NULL);
    CHECK_INT(record->drops[0].src_start, 8);
    CHECK_INT(record->drops[0].src_end, 99);
    end();
}

TEST(pieces_compose_across_their_seam_and_controls_go_with_a_note)
{
    struct sink *sink = begin(1000);
    CHECK(sink_open(sink, BLOCK_paragraph, 0) == STATUS_OK);
    CHECK(sink_text(sink,
                    STR("caf\x01"
                        "e"),
                    (struct span){.start = 0, .end = 5}) == STATUS_OK);
    CHECK(sink_text(sink, STR("\xCC\x81!"), (struct span){.start = 9, .end = 12}) == STATUS_OK);
    CHECK(sink_close(sink) == STATUS_OK);
    const struct record *record = finish(&converted);
    CHECK_STR(text_of(record, COLUMN_text), STR("café!"));
    CHECK_INT(record->blocks[0].src_start, 0);
    CHECK_INT(record->blocks[0].src_end, 12);
    CHECK_INT(record->note_count, 2);
    CHECK_STR(record->notes[0].code, STR("control_removed"));
    CHECK_STR(record->notes[1].code, STR("normalised"));
    end();
}

TEST(a_long_block_passes_in_pieces_and_stays_whole)
{
    struct sink *sink = begin(1 << 22);
    static char piece[5001];
    for (size_t i = 0; i < sizeof piece - 1; i += 4) {
        memcpy(piece + i, "文e", 4);
    }
    CHECK(sink_open(sink, BLOCK_paragraph, 0) == STATUS_OK);
    for (size_t i = 0; i < 100; i++) {
        CHECK(sink_text(sink, (str){.ptr = piece, .len = 5000},
                        (struct span){.start = i * 5000, .end = (i + 1) * 5000}) == STATUS_OK);
    }
    CHECK(sink_close(sink) == STATUS_OK);
    const struct record *record = finish(&converted);
    CHECK_INT(record->block_count, 1);
    CHECK_INT(record->blocks[0].text.len, 500000);
    CHECK_INT(record->blocks[0].src_end, 500000);
    CHECK(memcmp(record->blocks[0].text.ptr + 495000, piece, 5000) == 0);
    end();
}

TEST(columns_nobody_wants_cost_nothing)
{
    struct sink *sink = begin(1000);
    want.columns[COLUMN_dropped] = false;
    want.columns[COLUMN_text] = false;
    want.columns[COLUMN_blocks] = false;
    want.columns[COLUMN_title_match] = false;
    want.columns[COLUMN_language] = false;
    want.columns[COLUMN_markdown] = false;
    want.columns[COLUMN_dropped_rules] = false;
    recorder_begin(&recorder, &document, &want, NULL);
    CHECK(say_block(sink, BLOCK_paragraph, STR("abc"), 0) == STATUS_OK);
    CHECK(sink_drop(sink, DROP_tip, STR("x"), (struct span){0}) == STATUS_OK);
    const struct record *record = finish(&converted);
    CHECK_INT(recorder.text.capacity + recorder.drops.capacity, 0);
    CHECK_INT(record->block_count + record->drop_count, 0);
    CHECK(recorder.seen_text);
    end();
}

static bool stop(void *context)
{
    return --*(int *)context < 0;
}

TEST(a_cancelled_host_stops_it_at_the_next_event)
{
    int left = 2;
    const struct job_watch watch = {.context = &left, .is_cancelled = stop};
    (void)begin(1000);
    recorder_begin(&recorder, &document, &want, &watch);
    CHECK(say_block(&recorder.sink, BLOCK_paragraph, STR("abc"), 0) == STATUS_CANCELLED);
    end();
}

TEST(what_a_document_says_of_its_completeness_becomes_a_note_when_its_content_is_cut)
{
    struct sink *sink = begin(1000);
    CHECK(sink_value(sink, COLUMN_incomplete_reason, STR("text_cap"), (struct span){0}) ==
          STATUS_OK);
    CHECK(sink_number(sink, COLUMN_complete, 0) == STATUS_OK);
    const struct record *record = finish(&(struct outcome){
        .verdict = VERDICT_PARTIAL, .incomplete_reason = STR("download_truncated")});
    CHECK_STR(text_of(record, COLUMN_incomplete_reason), STR("download_truncated"));
    CHECK_INT(record->note_count, 1);
    CHECK_STR(record->notes[0].code, STR("text_cap"));
    end();
}

TEST_MAIN()
