/* SPDX-License-Identifier: Apache-2.0 */
/* Guards plain text: lines are paragraphs, nothing is dropped, limits stop it cleanly, and what is
 * no text says so. */
#include "convert/format.h"
#include "harness/event_log.h"
#include "harness/refuse.h"
#include "harness/test.h"

extern const struct format format_text;
extern const struct format format_html;

struct run {
    struct event_log log;
    struct arena arena;
    struct document document;
    enum status status;
};

static str convert_bytes(struct run *run, bytes content, size_t text_bytes_max)
{
    *run = (struct run){0};
    event_log_init(&run->log);
    arena_init(&run->arena, 1 << 28);
    run->log.text_bytes_max = text_bytes_max;
    run->document = (struct document){
        .arena = &run->arena, .content = content, .text_bytes_max = 1 << 26, .depth_max = 512};
    run->status = convert_run(&run->document, &format_text, &run->log.sink);
    return buf_str(&run->log.lines);
}

static void run_end(struct run *run)
{
    arena_release(&run->arena);
    event_log_release(&run->log);
}

static unsigned bid_of(const char *content, const char *name)
{
    const struct document document = {.content = str_bytes(str_of(content)),
                                      .hints = {.name = str_of(name)}};
    return format_text.bid(&document);
}

TEST(every_line_is_a_paragraph_with_its_blanks_and_nothing_is_dropped)
{
    struct run run;
    const str said =
        convert_bytes(&run, str_bytes(STR("第一行\r\n\r\n　　第二行  \n\t\n1、三\r四\f五")), 0);
    CHECK_INT(run.status, STATUS_OK);
    CHECK_STR(said, STR("paragraph | 第一行\nparagraph | 　　第二行  \nparagraph | 1、三\n"
                        "paragraph | 四\nparagraph | 五\n"));
    CHECK_STR(run.document.charset, STR("UTF-8"));
    CHECK_STR(run.document.format, STR("text"));
    CHECK(run.document.page_type.len == 0);
    run_end(&run);
}

TEST(a_text_without_a_visible_character_has_no_block)
{
    struct run run;
    CHECK_STR(convert_bytes(&run, str_bytes(STR(" \n\t\r\n　\n")), 0), STR(""));
    CHECK_INT(run.status, STATUS_OK);
    run_end(&run);
}

TEST(no_byte_at_all_is_empty)
{
    struct run run;
    (void)convert_bytes(&run, (bytes){.ptr = (const uint8_t *)"", .len = 0}, 0);
    CHECK_INT(run.status, STATUS_FAILED);
    CHECK_INT(run.document.fault.code, FAULT_empty);
    run_end(&run);
}

TEST(binary_content_is_not_text)
{
    struct run run;
    uint8_t noise[512];
    uint32_t state = 1;
    for (size_t i = 0; i < sizeof noise; i++) {
        state = state * 1664525 + 1013904223;
        noise[i] = (uint8_t)(state >> 24);
    }
    const bytes content = {.ptr = noise, .len = sizeof noise};
    (void)convert_bytes(&run, content, 0);
    CHECK_INT(run.status, STATUS_FAILED);
    CHECK_INT(run.document.fault.code, FAULT_not_text);
    CHECK_INT(format_text.bid(&run.document), 0);
    CHECK_INT(run.log.event_count, 0);
    run_end(&run);
}

TEST(text_bids_less_than_any_format_that_knows_its_bytes)
{
    CHECK_INT(bid_of("plain words", "a.txt"), 2);
    CHECK_INT(bid_of("plain words", "a"), 1);
    CHECK_INT(bid_of("", ""), 1);
}

TEST(other_encodings_are_decoded_and_told)
{
    struct run run;
    static const uint8_t wide[] = {0xFE, 0xFF, 0x4E, 0x2D, 0x65, 0x87, 0x00, 0x0A, 0x00, 0x61};
    CHECK_STR(convert_bytes(&run, (bytes){.ptr = wide, .len = sizeof wide}, 0),
              STR("paragraph | 中文\nparagraph | a\n"));
    CHECK_STR(run.document.charset, STR("UTF-16BE"));
    CHECK_STR(run.document.charset_source, STR("bom"));
    CHECK(run.document.origin != NULL);
    run_end(&run);
}

static bytes long_line(struct arena *arena, size_t len)
{
    char *text = arena_text(arena, len);
    for (size_t i = 0; text && i < len; i++) {
        text[i] = "abcdefghij "[i % 11];
    }
    return (bytes){.ptr = (const uint8_t *)text, .len = text ? len : 0};
}

TEST(a_full_sink_gets_the_rest_as_one_drop)
{
    struct run run;
    struct arena arena;
    arena_init(&arena, 1 << 24);
    const bytes content = long_line(&arena, 1 << 20);
    (void)convert_bytes(&run, content, 300000);
    CHECK_INT(run.status, STATUS_LIMIT);
    CHECK_INT(run.log.limit_count, 1);
    CHECK(run.log.text_bytes > 200000);
    CHECK_INT(run.log.limit_span.start, run.log.text_bytes);
    CHECK_INT(run.log.limit_span.end, content.len);
    run_end(&run);
    arena_release(&arena);
}

TEST(one_long_line_costs_no_memory_and_can_be_stopped)
{
    struct run run;
    struct arena arena;
    arena_init(&arena, 1 << 25);
    const bytes content = long_line(&arena, 1 << 24);
    (void)convert_bytes(&run, content, 0);
    CHECK_INT(run.status, STATUS_OK);
    CHECK(run.arena.peak_bytes < 1 << 20);
    CHECK(run.log.pulse_count >= (1 << 24) / 65536 - 1);
    CHECK_INT(run.log.text_bytes, content.len);
    run_end(&run);
    arena_release(&arena);
}

/* A head for the bid that ends inside a character would make the whole look like no text. */
TEST(a_large_text_without_an_ascii_byte_is_text_wherever_its_head_ends)
{
    static const char *const characters[] = {"\u1100\u1161\u11A8", "\u0D9A", "\U00010414"};
    struct arena arena;
    arena_init(&arena, 1 << 26);
    for (size_t i = 0; i < sizeof characters / sizeof *characters; i++) {
        for (size_t shift = 0; shift < 4; shift++) {
            struct buf content;
            buf_init(&content, &arena, 1 << 22);
            buf_add(&content, str_slice(STR("abc"), 0, shift));
            while (content.len < (1 << 20) + 4096) {
                buf_add(&content, str_of(characters[i]));
            }
            const struct document document = {.content = buf_bytes(&content)};
            CHECK(format_text.bid(&document) > 0);
        }
    }
    arena_release(&arena);
}

TEST(memory_that_runs_out_is_told)
{
    static const uint8_t wide[] = {0xFF, 0xFE, 0x2D, 0x4E, 0x87, 0x65};
    long refusals = 0;
    bool again = true;
    for (long n = 1; again; n++) {
        struct arena arena;
        struct event_log log;
        event_log_init(&log);
        buf_add(&log.lines, STR("room"));
        arena_init(&arena, 1 << 20);
        struct document document = {.arena = &arena,
                                    .content = {.ptr = wide, .len = sizeof wide},
                                    .text_bytes_max = 1 << 20};
        refuse_from(n, true);
        const enum status status = convert_run(&document, &format_text, &log.sink);
        again = refuse_refused() > 0;
        refuse_stop();
        refusals += again;
        CHECK_INT(status, again ? STATUS_NO_MEMORY : STATUS_OK);
        CHECK(!again || document.fault.code == FAULT_no_memory);
        arena_release(&arena);
        event_log_release(&log);
    }
    CHECK(refusals > 0);
}

TEST_MAIN()
