/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the reading of document-library pages, and above all the near twins that must stay whole:
 * a profile that eats a page which is none is worse than no profile. */
#include "unit/page/page_log.h"

#include "harness/refuse.h"
#include "text/utf8.h"

#define HEAD                                                                                            \
    "纸的来历\n\n纸的来历\n\nID:90817\n\n大小:3.5 KB\n\n页数:2页\n\n时间:2020-02-29\n\n" \
    "纸的来历_第1页\n纸的来历_第2页\n资源描述:\n\n"                                     \
    "《纸的来历》由会员上传分享,免费在线阅读,更多相关内容在手工-技艺-青石文库\n\n"
#define BODY                                                                                                                              \
    "1、纸是从水里捞出来的。竹子泡上一百天，捶成泥，放进槽里搅匀，抄纸的人端着帘子往水里一\n\n" \
    "2、荡，帘子上就有了一层薄薄的浆。一、竹料要嫩，当年的最好，过了夏天就老了，泡多久都不\n\n" \
    "3、烂。二、水要清，水里有铁，纸就发红\n\n"
#define GATE "当前文档最多预览五页,下载文档查看全文\n\n"
#define TAIL                                                                                       \
    "此文档下载收益归作者所有\n\n" GATE "温馨提示:\n1. 预览可能错位。\n2. "             \
    "本文档由用户上传,版权归属用户。\n3. 下载前请看清。\n"

static str capture_say(struct page_log *page, str text, bool *said)
{
    page_log_begin(page, text);
    page->status = page_say_capture(&page->document, text, &page->log.sink, said);
    return buf_str(&page->log.lines);
}

static bool is_capture(const char *text)
{
    struct page_log page;
    bool said = false;
    (void)capture_say(&page, str_of(text), &said);
    CHECK_INT(page.status, STATUS_OK);
    CHECK(said || page.log.event_count == 0);
    page_log_end(&page);
    return said;
}

TEST(a_capture_becomes_a_record)
{
    struct page_log page;
    bool said = false;
    const str lines = capture_say(&page, STR(HEAD BODY GATE TAIL), &said);
    CHECK(said);
    CHECK_STR(page.document.page_type, STR("library"));
    CHECK_STR(lines, STR("title = 纸的来历\n"
                         "doc_id = 90817\n"
                         "category = 手工-技艺\n"
                         "site = 青石文库\n"
                         "published = 18321\n"
                         "page_count = 2\n"
                         "declared_bytes = 3584\n"
                         "complete = 0\n"
                         "incomplete_reason = preview_gate\n"
                         "preview_pages = 2\n"
                         "seams = 2\n"
                         "drop metadata title | 纸的来历\n"
                         "drop duplicate_title | 纸的来历\n"
                         "drop label | ID:\n"
                         "drop metadata doc_id | 90817\n"
                         "drop label | 大小:\n"
                         "drop metadata declared_bytes | 3.5 KB\n"
                         "drop label | 页数:\n"
                         "drop metadata page_count | 2页\n"
                         "drop label | 时间:\n"
                         "drop metadata published | 2020-02-29\n"
                         "drop thumbnail | 纸的来历_第1页\n"
                         "drop thumbnail | 纸的来历_第2页\n"
                         "drop label | 资源描述:\n"
                         "drop sharing | 《纸的来历》由会员上传分享,免费在线阅读,更多相关内容在\n"
                         "drop metadata category | 手工-技艺\n"
                         "drop sharing | -\n"
                         "drop metadata site | 青石文库\n"
                         "drop fragment_mark | 1、\n"
                         "drop fragment_mark | 2、\n"
                         "drop fragment_mark | 3、\n"
                         "paragraph | 纸是从水里捞出来的。竹子泡上一百天，捶成泥，放进槽里搅匀，"
                         "抄纸的人端着帘子往水里一荡，帘子上就有了一层薄薄的浆。一、竹料要嫩，"
                         "当年的最好，过了夏天就老了，泡多久都不烂。二、水要清，水里有铁，"
                         "纸就发红\n"
                         "drop preview_gate | 当前文档最多预览五页,下载文档查看全文\n"
                         "rights = 此文档下载收益归作者所有\n"
                         "drop rights | 此文档下载收益归作者所有\n"
                         "drop preview_gate | 当前文档最多预览五页,下载文档查看全文\n"
                         "drop tip | 温馨提示:\n"
                         "drop tip | 1. 预览可能错位。\n"
                         "rights = 2. 本文档由用户上传,版权归属用户。\n"
                         "drop rights | 2. 本文档由用户上传,版权归属用户。\n"
                         "drop tip | 3. 下载前请看清。\n"));
    page_log_end(&page);
}

TEST(a_list_on_a_library_page_keeps_its_numbers)
{
    struct page_log page;
    bool said = false;
    (void)capture_say(&page,
                      STR(HEAD "1、竹子一捆。\n2、石灰一桶，要新烧的。\n3、帘子一张。\n" GATE TAIL),
                      &said);
    CHECK(said);
    CHECK_STR(buf_str(&page.log.body),
              STR("1、竹子一捆。\n2、石灰一桶，要新烧的。\n3、帘子一张。\n"));
    page_log_end(&page);
}

TEST(the_sharing_sentence_may_stand_behind_the_anchor)
{
    struct page_log page;
    bool said = false;
    (void)capture_say(&page,
                      STR("纸\n纸\nID:1\n大小:1 KB\n页数:1页\n资源描述:《纸》由会员上传分享,免费"
                          "在线阅读,更多相关内容在手工-青石文库\n正文一行。\n" GATE),
                      &said);
    CHECK(said);
    CHECK_STR(buf_str(&page.log.body), STR("正文一行。\n"));
    CHECK(str_find(buf_str(&page.log.lines), STR("category = 手工\nsite = 青石文库\n"), 0) !=
          SIZE_MAX);
    CHECK(str_find(buf_str(&page.log.lines), STR("drop label | 资源描述:\ndrop sharing | 《纸》"),
                   0) != SIZE_MAX);
    page_log_end(&page);
}

TEST(text_may_stand_behind_the_anchor)
{
    struct page_log page;
    bool said = false;
    (void)capture_say(
        &page, STR("纸\n纸\nID:1\n大小:1 KB\n页数:1页\n资源描述:正文一行。\n二行。\n" GATE), &said);
    CHECK(said);
    CHECK_STR(buf_str(&page.log.body), STR("正文一行。\n二行。\n"));
    page_log_end(&page);
}

TEST(all_three_anchors_must_stand_and_in_their_order)
{
    CHECK(is_capture(HEAD BODY GATE));
    CHECK(!is_capture(HEAD BODY));                                         /* no gate */
    CHECK(!is_capture("纸的来历\n纸的来历\n" BODY GATE TAIL));             /* no labels */
    CHECK(!is_capture("纸的来历\nID:90817\n大小:3 KB\n页数:2页\n" GATE));  /* title once */
    CHECK(!is_capture("前言\n" HEAD BODY GATE));                           /* not at the top */
    CHECK(!is_capture("纸\n纸\n正文\nID:1\n大小:3 KB\n页数:2页\n" GATE));  /* text between */
    CHECK(!is_capture("纸\n纸\n" GATE "ID:1\n大小:3 KB\n页数:2页\n正文")); /* gate first */
    CHECK(!is_capture("纸\n纸\nID:1\n大小:很大\n页数:2页\n正文\n" GATE));  /* no value */
    CHECK(!is_capture("纸\n纸\nID:1\n大小:3 KB\n页数:2页\n他说“" GATE));   /* quoted */
    CHECK(!is_capture(""));
}

TEST(twins_of_library_pages_stay_whole)
{
    static const char *const twins[] = {
        "tests/golden/library/twin_quoted_gate.txt",  "tests/golden/library/twin_numbered_list.txt",
        "tests/golden/library/twin_double_title.txt", "tests/golden/library/twin_labels.txt",
        "tests/golden/library/twin_gate_first.txt",
    };
    for (size_t i = 0; i < sizeof twins / sizeof twins[0]; i++) {
        struct page_log page;
        bool said = false;
        const str text = page_log_file(twins[i]);
        (void)capture_say(&page, text, &said);
        CHECK(text.len > 0 && !said);
        page_log_end(&page);
        free((void *)(uintptr_t)text.ptr);
    }
}

TEST(an_article_that_quotes_a_gate_stays_whole)
{
    struct page_log page;
    const str html = page_log_file("tests/golden/library/twin_quoted_gate.html");
    (void)page_log_read(&page, html);
    CHECK(!str_equal(page.document.page_type, STR("library")));
    CHECK_STR(buf_str(&page.log.dropped),
              STR("文库网站的预览为什么总在半句话停下\n文库网站的预览为什么总在半句话停下\n"));
    page_log_end(&page);
    free((void *)(uintptr_t)html.ptr);
}

static bool has_line(str lines, const char *line)
{
    return str_find(lines, str_of(line), 0) != SIZE_MAX;
}

TEST(the_layouts_of_the_shared_system_are_read)
{
    struct page_log page;
    str html = page_log_file("tests/golden/library/shared_mobile.html");
    str said = page_log_read(&page, html);
    CHECK(has_line(said, "doc_id = 8812093\n"));
    CHECK(has_line(said, "uploader = 老***铺\n"));
    CHECK(has_line(said, "site = 松果文库\n"));
    CHECK(has_line(said, "seams = 3\n"));
    CHECK(has_line(said, "drop related | 装订入门\n"));
    page_log_end(&page);
    free((void *)(uintptr_t)html.ptr);

    html = page_log_file("tests/golden/library/shared_desktop.html");
    said = page_log_read(&page, html);
    CHECK(has_line(said, "doc_id = 558310\n"));
    CHECK(has_line(said, "keywords = 糨糊\n"));
    CHECK(has_line(said, "drop trade | 8金币\n"));
    CHECK(has_line(said, "drop label | 资源描述：\nparagraph | 旧书坏了"));
    page_log_end(&page);
    free((void *)(uintptr_t)html.ptr);
}

TEST(a_page_without_its_document_says_so)
{
    struct page_log page;
    const str html = page_log_file("tests/golden/library/body_absent.html");
    const str said = page_log_read(&page, html);
    CHECK(has_line(said, "incomplete_reason = body_absent\n"));
    CHECK_INT(page.document.notes[NOTE_preview_gate].count, 1);
    CHECK_INT(page.log.body.len, 0);
    page_log_end(&page);
    free((void *)(uintptr_t)html.ptr);
}

static size_t count_shown(str text)
{
    size_t count = 0;
    for (size_t at = 0; at < text.len;) {
        count += !code_point_is_space(utf8_next(text, &at));
    }
    return count;
}

/* ---- hostile ---- */

/* A head like a library's, then `part` again and again. */
static void read_many(const char *head, const char *part, size_t count)
{
    struct page_log page;
    struct arena arena;
    struct buf buf;
    arena_init(&arena, 1 << 24);
    buf_init(&buf, &arena, 1 << 23);
    buf_add(&buf, str_of(head));
    for (size_t i = 0; i < count; i++) {
        buf_add(&buf, str_of(part));
    }
    const str html = buf_str(&buf);
    (void)page_log_read(&page, html);
    CHECK_INT(page.status, STATUS_OK);
    CHECK(page.log.event_count > 0);
    page_log_end(&page);
    arena_release(&arena);
}

TEST(pages_made_to_be_slow_are_read)
{
    static const char head[] =
        "<title>甲.doc - 某文库</title><meta property='og:type' content='document'>"
        "<h1>甲.doc</h1><p>格式:DOC 页数:3 大小:2KB</p><p>资源描述</p>";
    static const char *const parts[] = {
        "<p>格式:DOC 页数:3 大小:2KB</p>",
        "<p>资源描述</p>",
        "<p>资源描述</p><p>一句长话写在这里，足有二十个字的样子，不多不少。</p>",
        "<p>1、字</p>",
        "<p>12345678901234567890</p>",
        "<div>",
        "<p>温馨提示</p>",
        "<b id=dp class='fc2e webpreview-item'>",
        "<script>pageData docInfo asyncData title</script>",
        "首页>",
        "《由会员分享由会员分享在线阅读"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        read_many(head, parts[i], 4000);
    }
}

TEST(half_a_library_page_is_none)
{
    static const char *const halves[] = {
        "<title>甲</title><h1>甲</h1><p>格式:DOC 页数:3 大小:2KB</p><p>这里讲的是格式。</p>",
        "<title>甲</title><h1>甲</h1><p>资源描述</p><p>这里讲的是资源。</p>",
        "<title>甲</title><h1>甲</h1><p>还剩3页未读，他合上了书。</p>",
        "<title>文库里的一天</title><h1>文库里的一天</h1><p>管理员打开门。</p>",
        "<title>报告.doc</title><h1>报告.doc</h1><p>温馨提示</p><p>请保管好随身物品。</p>",
        "<title>甲</title><div id=dp></div><div id=viewer><canvas></canvas></div><p>图。</p>"};
    for (size_t i = 0; i < sizeof halves / sizeof halves[0]; i++) {
        struct page_log page;
        (void)page_log_read(&page, str_of(halves[i]));
        CHECK(!str_equal(page.document.page_type, STR("library")));
        page_log_end(&page);
    }
}

TEST(labels_without_values_and_bars_between_them_lose_nothing)
{
    static const char *const lines[] = {
        "格式:|DOC 页数:3 大小:2KB", "格式:DOC|页数:3|大小:", "格式:DOC 页数:3 大小:2KB |",
        "格式: | 页数:3 大小:2KB | 赠品一份", "前言 格式:DOC 页数:3 大小:2KB"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct page_log page;
        char html[1024];
        (void)snprintf(html, sizeof html,
                       "<title>甲</title><meta property='og:type' content='document'><h1>甲</h1>"
                       "<p>页数:3</p><p>格式:DOC</p><p>%s</p><p>资源描述</p><p>正文一行在此。</p>",
                       lines[i]);
        (void)page_log_read(&page, str_of(html));
        CHECK_STR(page.document.page_type, STR("library"));
        const size_t head = count_shown(STR("甲甲页数:3格式:DOC资源描述正文一行在此。"));
        CHECK_INT(count_shown(buf_str(&page.log.body)) + count_shown(buf_str(&page.log.dropped)),
                  head + count_shown(str_of(lines[i])));
        page_log_end(&page);
    }
}

/* ---- sweeps ---- */

TEST(a_capture_cut_off_anywhere_loses_nothing)
{
    const str text = STR(HEAD BODY GATE TAIL);
    size_t captures = 0;
    for (size_t len = 0; len <= text.len; len++) {
        if (len < text.len && ((unsigned char)text.ptr[len] & 0xC0) == 0x80) {
            continue;
        }
        struct page_log page;
        bool said = false;
        (void)capture_say(&page, str_slice(text, 0, len), &said);
        CHECK_INT(page.status, STATUS_OK);
        if (said) {
            captures++;
            CHECK_INT(count_shown(buf_str(&page.log.body)) +
                          count_shown(buf_str(&page.log.dropped)),
                      count_shown(str_slice(text, 0, len)));
        }
        page_log_end(&page);
    }
    CHECK(captures > 50);
}

TEST(every_event_can_be_the_last)
{
    const str text = STR(HEAD BODY GATE TAIL);
    enum status status = STATUS_CANCELLED;
    size_t cancelled = 0;
    for (size_t n = 1; status == STATUS_CANCELLED; n++) {
        struct page_log page;
        bool said = false;
        page_log_begin(&page, text);
        page.log.event_max = n;
        status = page_say_capture(&page.document, text, &page.log.sink, &said);
        CHECK(status == STATUS_OK || page.log.event_count == n);
        cancelled += status == STATUS_CANCELLED;
        page_log_end(&page);
    }
    CHECK_INT(status, STATUS_OK);
    CHECK(cancelled > 40);
}

static enum status ignore(struct sink *sink, const struct event *event)
{
    (void)sink;
    return event->kind > EVENT_PULSE ? STATUS_INTERNAL : STATUS_OK;
}

/* Long enough that reading it takes many allocations. */
static str long_page(struct buf *buf)
{
    const str html = page_log_file("tests/golden/library/wenku365_fragments.html");
    buf_add(buf, html);
    for (int i = 0; i < 8000; i++) {
        buf_add(buf, STR("<p>一段<b>话</b> <img alt=图><a class=nav href=x>链接</a>"));
    }
    free((void *)(uintptr_t)html.ptr);
    return buf_str(buf);
}

TEST(memory_that_runs_out_is_told)
{
    struct arena arena;
    struct buf buf;
    struct sink sink = {.event = ignore};
    arena_init(&arena, 1 << 26);
    buf_init(&buf, &arena, 1 << 24);
    const str html = long_page(&buf);
    long refusals = 0;
    bool again = true;
    for (long n = 1; again; n++) {
        struct page_log page;
        page_log_begin(&page, html);
        CHECK_INT(html_parse(&page.arena, html, 512, NULL, &page.dom), STATUS_OK);
        refuse_from(n, false);
        const enum status status = page_say(&page.document, &page.dom, &sink);
        again = refuse_refused() > 0;
        refuse_stop();
        refusals += again;
        CHECK_INT(status, again ? STATUS_NO_MEMORY : STATUS_OK);
        CHECK(!again || page.document.fault.code == FAULT_no_memory);
        page_log_end(&page);
    }
    CHECK(refusals > 3);
    arena_release(&arena);
}

TEST_MAIN()
