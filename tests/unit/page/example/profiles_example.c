/* SPDX-License-Identifier: Apache-2.0 */
/* Guards plugin/page/PROFILES.md: its example is a family that works as the page says, row by row. */
#include "unit/page/page_log.h"

static bool has_line(str lines, const char *line)
{
    return str_find(lines, str_of(line), 0) != SIZE_MAX;
}

TEST(the_example_of_the_documentation_reads_its_page)
{
    struct page_log page;
    const str html = page_log_file("tests/unit/page/example/example_site.html");
    const str said = page_log_read(&page, html);
    CHECK_STR(page.document.page_type, STR("library"));
    CHECK(has_line(said, "title = 旧井的水脉\n"));
    CHECK(has_line(said, "uploader = 守井人\n"));
    CHECK(has_line(said, "declared_format = doc\n"));
    CHECK(has_line(said, "published = 18753\n"));
    CHECK(has_line(said, "page_count = 12\n"));
    CHECK(has_line(said, "complete = 0\nincomplete_reason = preview_gate\n"));
    CHECK(has_line(said, "drop preview_gate | 剩余内容登录后阅读\n"));
    CHECK(has_line(said, "drop label | 正文摘读\n"));
    CHECK(str_starts(buf_str(&page.log.body), STR("村口那口旧井")));
    CHECK(!has_line(buf_str(&page.log.body), "印石馆"));
    page_log_end(&page);
    free((void *)(uintptr_t)html.ptr);
}

/* The rows between ```c and ``` of the page, without their comments. */
TEST(every_row_the_documentation_shows_is_in_the_table_of_this_test)
{
    const str page = page_log_file("plugin/page/PROFILES.md");
    const str table = page_log_file("tests/unit/page/example/page/profile.def");
    size_t at = str_find(page, STR("```c\n"), 0) + 5;
    const size_t end = str_find(page, STR("```"), at);
    size_t rows = 0;
    while (CHECK(end != SIZE_MAX) && at < end) {
        const size_t next = str_find_byte(page, '\n', at);
        const str line = str_slice(page, at, next);
        const size_t comment = str_find(line, STR("/*"), 0);
        const str row = str_trim_ascii(str_slice(line, 0, comment));
        CHECK(row.len > 0 && str_find(table, row, 0) != SIZE_MAX);
        rows++;
        at = next + 1;
    }
    CHECK_INT(rows, 9);
    free((void *)(uintptr_t)page.ptr);
    free((void *)(uintptr_t)table.ptr);
}

TEST_MAIN()
