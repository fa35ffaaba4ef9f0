/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the reading of Content-Type and of header parameters, as servers really write them. */
#include "base/media_type.h"
#include "harness/test.h"

static bytes of(const char *text)
{
    return str_bytes(str_of(text));
}

TEST(a_media_type_and_its_charset_are_read)
{
    static const struct {
        const char *header, *type, *charset;
    } rows[] = {
        {"text/html", "text/html", ""},
        {"Text/HTML; Charset=UTF-8", "text/html", "utf-8"},
        {"text/html;charset=\"gb2312\"", "text/html", "gb2312"},
        {"text/html;charset='gbk'", "text/html", "gbk"},
        {"text/html ; charset = GBK ; x=y", "text/html", "gbk"},
        {"text/html;charset=", "text/html", ""},
        {"text/html;charset", "text/html", ""},
        {"text/html;charset=a b", "text/html", ""},
        {"text/html;charset=utf-8;charset=gbk", "text/html", "utf-8"},
        {"text/html;x=\"a;charset=b\";charset=c", "text/html", "c"},
        {"text/html;x=\"a\\\";charset=b\";charset=c", "text/html", "c"},
        {"text/html;;;charset=c", "text/html", "c"},
        {"text/html;charset=\"unclosed", "text/html", "unclosed"},
        {"application/vnd.ms-excel", "application/vnd.ms-excel", ""},
        {"text", "", ""},
        {"text/", "", ""},
        {"/html", "", ""},
        {"text/html/x", "", ""},
        {"te xt/html", "", ""},
        {";charset=big5", "", "big5"},
        {"", "", ""},
        {"text/html;charset=\xC8\xA8", "text/html", ""},
    };
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct media_type media = media_type_parse(&arena, of(rows[i].header));
        if (!CHECK_STR(media.type, str_of(rows[i].type)) ||
            !CHECK_STR(media.charset, str_of(rows[i].charset))) {
            fprintf(stderr, "  %s\n", rows[i].header);
        }
    }
    arena_release(&arena);
}

TEST(parameters_come_one_by_one_with_quotes_taken_off)
{
    const bytes header = of("attachment; filename=\"a\\\"b;c.txt\"; x; y = z ; filename*=UTF-8''d");
    static const char *const expected[][2] = {
        {"filename", "a\"b;c.txt"}, {"y", "z"}, {"filename*", "UTF-8''d"}};
    struct arena arena;
    size_t at = 0;
    size_t count = 0;
    bytes name;
    bytes value;
    arena_init(&arena, 1 << 20);
    while (media_type_next_parameter(&arena, header, &at, &name, &value) && count < 3) {
        CHECK(bytes_equal(name, of(expected[count][0])));
        CHECK(bytes_equal(value, of(expected[count][1])));
        count++;
    }
    CHECK_INT(count, 3);
    arena_release(&arena);
}

TEST(any_part_of_a_header_can_be_read_and_no_memory_is_no_crash)
{
    static const char header[] = "text/html; charset=\"gb\\2312\"; x=\"y\"; a=b";
    for (size_t len = 0; len < sizeof header; len++) {
        for (size_t limit = 0; limit < 8192; limit += 4096) {
            struct arena arena;
            /* A copy of its own, so that reading past the end is seen. */
            char *copy = malloc(len + 1);
            memcpy(copy, header, len);
            arena_init(&arena, limit);
            const struct media_type media =
                media_type_parse(&arena, (bytes){.ptr = (const uint8_t *)copy, .len = len});
            CHECK(media.type.len <= len && media.charset.len <= len);
            CHECK(limit > 0 || len < sizeof "text/h" - 1 || arena.refused);
            arena_release(&arena);
            free(copy);
        }
    }
}

TEST_MAIN()
