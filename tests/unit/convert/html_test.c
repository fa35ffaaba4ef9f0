/* SPDX-License-Identifier: Apache-2.0 */
/* Guards HTML as a format: what is taken for it, in which encoding it is read, what stops it. */
#include "convert/format.h"
#include "harness/event_log.h"
#include "harness/test.h"

extern const struct format format_html;
extern const struct format format_text;

struct run {
    struct event_log log;
    struct arena arena;
    struct document document;
    enum status status;
};

static str convert_bytes(struct run *run, bytes content, size_t event_max)
{
    *run = (struct run){0};
    event_log_init(&run->log);
    arena_init(&run->arena, 1 << 28);
    run->log.event_max = event_max;
    run->document = (struct document){
        .arena = &run->arena, .content = content, .text_bytes_max = 1 << 26, .depth_max = 512};
    run->status = convert_run(&run->document, &format_html, &run->log.sink);
    return buf_str(&run->log.lines);
}

static void run_end(struct run *run)
{
    arena_release(&run->arena);
    event_log_release(&run->log);
}

static unsigned bid_on(const char *content, const char *name, const char *media_type)
{
    const struct document document = {
        .content = str_bytes(str_of(content)),
        .hints = {.name = str_of(name), .media_type = str_of(media_type)}};
    return format_html.bid(&document);
}

TEST(a_doctype_or_a_tag_at_the_start_is_verified_in_bits)
{
    CHECK_INT(bid_on("<!DOCTYPE html><p>x", "", ""), 112);
    CHECK_INT(bid_on("\xEF\xBB\xBF \n<!-- c --><html lang=a>", "", ""), 40);
    CHECK_INT(bid_on("<?xml version='1.0'?>\n<html>", "", ""), 40);
    CHECK_INT(bid_on("<p>x", "", ""), 16);
    CHECK_INT(bid_on("<p>x", "a.HTM", ""), 17);
}

TEST(text_that_only_speaks_of_tags_is_not_a_page)
{
    CHECK_INT(bid_on("the <p> tag", "", ""), 0);
    CHECK_INT(bid_on("<rss version=2>", "", ""), 0);
    CHECK_INT(bid_on("<svg width=1>", "", ""), 0);
    CHECK_INT(bid_on("<pears are green>", "", ""), 0);
    CHECK_INT(bid_on("a < b", "", ""), 0);
    CHECK_INT(bid_on("", "", ""), 0);
    CHECK_INT(bid_on("<", "", ""), 0);
    CHECK_INT(bid_on("<!--", "", ""), 0);
}

TEST(a_declaration_alone_beats_plain_text_by_one_bit)
{
    CHECK_INT(bid_on("words without a tag", "", "text/html"), 2);
    CHECK_INT(bid_on("words, then <br>", "a.html", ""), 25);
    CHECK_INT(bid_on("", "a.html", "text/html"), 0);
    CHECK_INT(bid_on("\x01\x02\x03\x00\x7F\x03\x01", "a.html", ""), 0);
}

TEST(a_page_in_utf16_is_recognised_and_read)
{
    struct run run;
    static const uint8_t page[] = {0xFF, 0xFE, '<', 0, 'p', 0, '>', 0, 0x2D, 0x4E,
                                   0x87, 0x65, '<', 0, 'i', 0, '>', 0, 'x',  0};
    const bytes content = {.ptr = page, .len = sizeof page};
    CHECK_STR(convert_bytes(&run, content, 0), STR("paragraph | 中文x\n"));
    CHECK_INT(format_html.bid(&run.document), 16);
    CHECK_STR(run.document.charset, STR("UTF-16LE"));
    run_end(&run);
}

TEST(the_encoding_a_page_declares_is_the_one_it_is_read_in)
{
    struct run run;
    static const char page[] = "<meta charset=gbk><p>\xD6\xD0\xCE\xC4\xB5\xC4\xD2\xB3\xC3\xE6";
    CHECK_STR(convert_bytes(&run, str_bytes(str_of(page)), 0), STR("paragraph | 中文的页面\n"));
    CHECK_STR(run.document.charset, STR("GBK"));
    CHECK_STR(run.document.charset_source, STR("meta"));
    CHECK_STR(run.document.converter, STR("html/1"));
    run_end(&run);
}

TEST(damage_is_noted_and_read_past)
{
    struct run run;
    CHECK_STR(convert_bytes(&run, str_bytes(STR("<p>a&#0;b&notit;c</p")), 0),
              STR("paragraph | a\xEF\xBF\xBD"
                  "b¬it;c\n"));
    CHECK_INT(run.status, STATUS_OK);
    CHECK(run.document.notes[NOTE_bad_reference].count >= 1);
    run_end(&run);
}

TEST(elements_nested_without_end_cost_no_stack)
{
    struct run run;
    struct arena arena;
    struct buf buf;
    arena_init(&arena, 1 << 26);
    buf_init(&buf, &arena, 1 << 24);
    for (int i = 0; i < 100000; i++) {
        buf_add(&buf, i % 3 ? STR("<div>") : STR("<ul><li>"));
    }
    buf_add(&buf, STR("deep"));
    CHECK_STR(convert_bytes(&run, buf_bytes(&buf), 0), STR("list_item 99 | deep\n"));
    CHECK_INT(run.document.notes[NOTE_depth_limit].count, 1);
    run_end(&run);
    arena_release(&arena);
}

TEST(every_event_can_be_the_last)
{
    const str page = STR("<title>a</title><h1>b</h1><p>c<br>d<img alt=e><ul><li>f</ul>");
    enum status status = STATUS_CANCELLED;
    size_t cancelled = 0;
    for (size_t n = 1; status == STATUS_CANCELLED; n++) {
        struct run run;
        (void)convert_bytes(&run, str_bytes(page), n);
        status = run.status;
        CHECK(status == STATUS_OK || run.log.event_count == n);
        cancelled += status == STATUS_CANCELLED;
        run_end(&run);
    }
    CHECK_INT(status, STATUS_OK);
    CHECK(cancelled > 10);
}

TEST(a_full_sink_gets_the_rest_as_one_drop)
{
    struct run run;
    struct arena arena;
    struct buf buf;
    arena_init(&arena, 1 << 26);
    buf_init(&buf, &arena, 1 << 24);
    for (int i = 0; i < 2000; i++) {
        buf_add(&buf, STR("<p>some words of text</p>"));
    }
    run = (struct run){0};
    event_log_init(&run.log);
    arena_init(&run.arena, 1 << 28);
    run.log.text_bytes_max = 1000;
    run.document = (struct document){
        .arena = &run.arena, .content = buf_bytes(&buf), .text_bytes_max = 1000, .depth_max = 512};
    CHECK_INT(convert_run(&run.document, &format_html, &run.log.sink), STATUS_LIMIT);
    CHECK_INT(run.log.limit_count, 1);
    CHECK_INT(run.log.limit_span.end, buf.len);
    CHECK(run.log.limit_span.start > 1000 && run.log.limit_span.start < 2000);
    run_end(&run);
    arena_release(&arena);
}

TEST_MAIN()
