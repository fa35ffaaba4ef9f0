/* SPDX-License-Identifier: Apache-2.0 */
/* Guards what the plugin reads back from hosts as JSON: options, splits and states may have been
 * cut, changed or made up, and each of these must end in JSON_ERROR, never behind the input. */
#include "base/json.h"
#include "base/memory.h"
#include "harness/test.h"

static struct arena arena;

static const char *const letters[] = {"$", "!", "{", "}", "[", "]", "k", "s", "n", "t", "f", "0"};

/* One letter a token, then the END or ERROR. */
static str tokens(str text)
{
    static char out[256];
    size_t len = 0;
    struct json json;
    json_init(&json, str_bytes(text), &arena);
    for (;;) {
        const enum json_kind kind = json_next(&json);
        out[len++] = letters[kind][0];
        if (kind == JSON_END || kind == JSON_ERROR || len == sizeof out) {
            return (str){.ptr = out, .len = len};
        }
    }
}

TEST(json_reads_every_kind_of_value_in_order)
{
    arena_init(&arena, 1 << 20);
    CHECK_STR(tokens(STR(" {\"a\" : [1, -2.5e+3,true,false,null,{}],\"b\":\"x\"}\r\n")),
              STR("{k[nntf0{}]ks}$"));
    CHECK_STR(tokens(STR("[]")), STR("[]$"));
    CHECK_STR(tokens(STR("\"\"")), STR("s$"));
    CHECK_STR(tokens(STR("0")), STR("n$"));
    arena_release(&arena);
}

TEST(json_refuses_what_the_grammar_does_not_say)
{
    static const str bad[] = {STR_INIT(""),
                              STR_INIT(" "),
                              STR_INIT("{"),
                              STR_INIT("[1,]"),
                              STR_INIT("[1 2]"),
                              STR_INIT("{\"a\"}"),
                              STR_INIT("{\"a\":}"),
                              STR_INIT("{\"a\":1,}"),
                              STR_INIT("{a:1}"),
                              STR_INIT("01"),
                              STR_INIT("+1"),
                              STR_INIT("1."),
                              STR_INIT(".5"),
                              STR_INIT("1e"),
                              STR_INIT("-"),
                              STR_INIT("tru"),
                              STR_INIT("nul"),
                              STR_INIT("[1}"),
                              STR_INIT("]"),
                              STR_INIT("1 1"),
                              STR_INIT("\"a"),
                              STR_INIT("\"\\x\""),
                              STR_INIT("\"\\u12\""),
                              STR_INIT("\"a\nb\""),
                              STR_INIT("\"\\"),
                              STR_INIT("\"\\\""),
                              STR_INIT("'a'"),
                              STR_INIT("// a\n1"),
                              STR_INIT("\"\\uD800\""),
                              STR_INIT("\"\\uDC00\""),
                              STR_INIT("\"\\uD800\\u0041\""),
                              STR_INIT("NaN"),
                              STR_INIT("\"\xFF\""),
                              STR_INIT("\"\xED\xA0\x80\""),
                              STR_INIT("\"\xC0\x80\""),
                              STR_INIT("\"\xE6\x96\""),
                              STR_INIT("\xEF\xBB\xBF"
                                       "1")};
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const str seen = tokens(bad[i]);
        if (!CHECK(seen.ptr[seen.len - 1] == '!')) {
            printf("    taken: %.*s\n", (int)bad[i].len, bad[i].ptr);
        }
    }
    arena_release(&arena);
}

TEST(json_stays_dead_after_an_error)
{
    arena_init(&arena, 1 << 20);
    struct json json;
    json_init(&json, str_bytes(STR("[x]")), &arena);
    CHECK(json_next(&json) == JSON_ARRAY_BEGIN);
    CHECK(json_next(&json) == JSON_ERROR);
    CHECK(json_next(&json) == JSON_ERROR);
    CHECK(!json_skip(&json));
    arena_release(&arena);
}

TEST(json_unescapes_strings_and_lends_plain_ones)
{
    arena_init(&arena, 1 << 20);
    const str text = STR("[\"文库\",\"\\u6587\\\"\\\\\\/\\b\\f\\n\\r\\t\\uD840\\uDC0B\\u0000\"]");
    struct json json;
    json_init(&json, str_bytes(text), &arena);
    (void)json_next(&json);
    CHECK(json_next(&json) == JSON_STRING);
    CHECK_STR(json.text, STR("文库"));
    CHECK(json.text.ptr == text.ptr + 2);
    CHECK(json_next(&json) == JSON_STRING);
    CHECK_STR(json.text, STR("文\"\\/\b\f\n\r\t\xF0\xA0\x80\x8B\0"));
    arena_release(&arena);
}

TEST(json_tells_whole_numbers_within_int64_from_the_others)
{
    static const struct {
        str text;
        bool whole;
        int64_t number;
    } cases[] = {{STR_INIT("9223372036854775807"), true, INT64_MAX},
                 {STR_INIT("-9223372036854775808"), true, INT64_MIN},
                 {STR_INIT("9223372036854775808"), false, 0},
                 {STR_INIT("-9223372036854775809"), false, 0},
                 {STR_INIT("-0"), true, 0},
                 {STR_INIT("-17"), true, -17},
                 {STR_INIT("1.0"), false, 0},
                 {STR_INIT("1e3"), false, 0}};
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct json json;
        json_init(&json, str_bytes(cases[i].text), &arena);
        CHECK(json_next(&json) == JSON_NUMBER);
        CHECK_STR(json.text, cases[i].text);
        CHECK(json.is_integer == cases[i].whole);
        if (cases[i].whole) {
            CHECK_INT(json.number, cases[i].number);
        }
    }
    arena_release(&arena);
}

TEST(json_skip_passes_over_a_value_however_it_is_made)
{
    arena_init(&arena, 1 << 20);
    struct json json;
    json_init(&json, str_bytes(STR("{\"a\":{\"x\":[1,{\"y\":\"\\n\"}]},\"b\":3,\"c\":[],\"d\":4}")),
              &arena);
    (void)json_next(&json);
    (void)json_next(&json);
    CHECK_STR(json.text, STR("a"));
    CHECK(json_skip(&json));
    CHECK(json_next(&json) == JSON_KEY);
    CHECK_STR(json.text, STR("b"));
    CHECK(json_next(&json) == JSON_NUMBER);
    CHECK(json_skip(&json));
    CHECK(json_next(&json) == JSON_KEY);
    CHECK(json_next(&json) == JSON_ARRAY_BEGIN);
    CHECK(json_skip(&json));
    CHECK(json_next(&json) == JSON_KEY);
    CHECK_STR(json.text, STR("d"));
    CHECK(json_skip(&json));
    CHECK(json_next(&json) == JSON_OBJECT_END);
    CHECK(json_next(&json) == JSON_END);
    CHECK(json_next(&json) == JSON_END);
    arena_release(&arena);
}

TEST(json_nests_to_its_limit_and_no_deeper)
{
    char text[2 * (JSON_DEPTH_MAX + 1)];
    arena_init(&arena, 1 << 20);
    for (size_t depth = JSON_DEPTH_MAX; depth <= JSON_DEPTH_MAX + 1; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        const str seen = tokens((str){.ptr = text, .len = 2 * depth});
        CHECK(seen.ptr[seen.len - 1] == (depth > JSON_DEPTH_MAX ? '!' : '$'));
    }
    arena_release(&arena);
}

TEST(json_cut_anywhere_is_an_error_and_reads_nothing_behind_the_cut)
{
    const str text =
        STR("{\"a\":[1,-2.5e+3,\"\\u6587\\uD840\\uDC0B文\",true,null],\"b\":{\"c\":\"\"}}");
    arena_init(&arena, 1 << 20);
    long cut_count = 0;
    for (size_t len = 0; len < text.len; len++) {
        char *cut = malloc(len ? len : 1); /* so that the sanitizer sees a read behind it */
        memcpy(cut, text.ptr, len);
        const str seen = tokens((str){.ptr = cut, .len = len});
        CHECK(seen.ptr[seen.len - 1] == '!');
        cut_count++;
        free(cut);
    }
    CHECK(cut_count > 50);
    arena_release(&arena);
}

TEST(json_written_strings_read_back_as_they_were)
{
    char all[256];
    size_t len = 0;
    for (char c = 0; c < 127; c++) {
        all[len++] = c;
    }
    memcpy(all + len, "文\xF0\xA0\x80\x8B", 7);
    len += 7;
    const str s = {.ptr = all, .len = len};
    struct buf buf;
    struct json json;
    arena_init(&arena, 1 << 20);
    buf_init(&buf, &arena, 4096);
    json_add_string(&buf, s);
    json_init(&json, buf_bytes(&buf), &arena);
    CHECK(json_next(&json) == JSON_STRING);
    CHECK_STR(json.text, s);
    CHECK(json_next(&json) == JSON_END);
    arena_release(&arena);
}

TEST(json_without_memory_for_an_escape_is_an_error)
{
    arena_init(&arena, 0);
    CHECK_STR(tokens(STR("\"a\\nb\"")), STR("!"));
    CHECK_STR(tokens(STR("\"ab\"")), STR("s$"));
    arena_release(&arena);
}

TEST_MAIN()
