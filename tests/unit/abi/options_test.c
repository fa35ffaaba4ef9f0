/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the door of the options: what is wrong is named, what is allowed is said, and no error
 * repeats a value, because it may be a secret in the wrong place. */
#include "abi/option_table.h"
#include "abi/options.h"
#include "harness/refuse.h"
#include "harness/test.h"

static struct arena arena;
static struct settings settings;
static struct quern_error error;

static int32_t read_many(const struct quern_option *options, size_t count)
{
    arena_release(&arena);
    arena_init(&arena, OPTION_MEMORY_BYTES_MAX);
    error = (struct quern_error){.struct_size = sizeof error};
    return options_read(options, count, &arena, &settings, &error);
}

static int32_t read_one(const char *key, const char *value)
{
    const struct quern_option option = {.key = key, .value = value};
    return read_many(&option, 1);
}

static bool says(const char *part)
{
    return strstr(error.message, part) != NULL;
}

static void check_refused(const char *key, const char *value)
{
    if (!CHECK(read_one(key, value) == QUERN_INVALID_ARGUMENT)) {
        fprintf(stderr, "    taken: %s=%s\n", key, value);
    }
    CHECK_STR(str_of(error.where), str_of(key));
    CHECK(error.status == QUERN_INVALID_ARGUMENT);
    CHECK(strlen(error.message) > 10);
}

TEST(options_not_given_are_at_their_defaults)
{
    CHECK(read_many(NULL, 0) == QUERN_OK);
    CHECK_INT(settings.delay_ms, 1000);
    CHECK_INT(settings.content_bytes_max, 536870912);
    CHECK_STR(settings.normalise, STR("nfc"));
    CHECK_INT(settings.input.count, 0);
}

TEST(options_take_every_default_as_its_value)
{
    size_t count = 0;
    size_t tried = 0;
    const struct option_row *rows = option_rows(&count);
    for (size_t i = 0; i < count; i++) {
        if (rows[i].kind != OPTION_LIST && !rows[i].is_secret) {
            CHECK(read_one(rows[i].key.ptr, rows[i].default_text.ptr) == QUERN_OK);
            tried++;
        }
    }
    CHECK(tried > 20);
}

TEST(options_keep_every_number_within_its_range)
{
    size_t count = 0;
    size_t tried = 0;
    char text[32];
    const struct option_row *rows = option_rows(&count);
    for (size_t i = 0; i < count; i++) {
        if (rows[i].kind != OPTION_NUMBER) {
            continue;
        }
        const char *key = rows[i].key.ptr;
        snprintf(text, sizeof text, "%" PRId64, rows[i].min);
        CHECK(read_one(key, text) == QUERN_OK);
        snprintf(text, sizeof text, "%" PRId64, rows[i].max);
        CHECK(read_one(key, text) == QUERN_OK);
        CHECK_INT(*(const int64_t *)(const void *)((const char *)&settings + rows[i].offset),
                  rows[i].max);
        snprintf(text, sizeof text, "%" PRId64, rows[i].max + 1);
        check_refused(key, text);
        snprintf(text, sizeof text, "%" PRId64, rows[i].max);
        CHECK(says(text));
        snprintf(text, sizeof text, "%" PRId64, rows[i].min - 1);
        check_refused(key, text);
        tried++;
    }
    CHECK(tried > 10);
}

TEST(options_refuse_what_is_no_whole_number)
{
    static const char *const bad[] = {
        "", " 1", "1 ", "1.0", "1e3", "0x10", "ten", "+10", "1_0", "１０", "9223372036854775808"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        check_refused("delay_ms", bad[i]);
    }
    CHECK(says("0 to 86400000 (ms)"));
}

TEST(options_name_an_unknown_key_and_suggest_the_nearest)
{
    check_refused("delay", "1");
    check_refused("delay_sm", "1");
    CHECK(says("did you mean delay_ms?"));
    check_refused("Charset", "gbk");
    CHECK(says("did you mean charset?"));
    check_refused("tiemout_ms", "1");
    CHECK(says("did you mean timeout_ms?"));
    check_refused("colour", "red");
    CHECK(!says("did you mean"));
    CHECK(says("plugin.toml"));
}

TEST(options_do_not_repeat_a_key_that_looks_like_a_value)
{
    CHECK(read_one("https://me:hunter2@example.org/", "x") == QUERN_INVALID_ARGUMENT);
    CHECK(!strstr(error.where, "hunter2") && !says("hunter2"));
    CHECK(read_one("", "x") == QUERN_INVALID_ARGUMENT);
}

TEST(options_take_only_the_words_of_a_choice)
{
    CHECK(read_one("normalise", "none") == QUERN_OK);
    CHECK_STR(settings.normalise, STR("none"));
    check_refused("normalise", "NFC");
    CHECK(says("nfc|nfc-keep-compat|nfkc|none"));
    check_refused("normalise", "");
    check_refused("normalise", "nfc|none");
}

TEST(options_say_that_a_helper_process_is_not_supported_yet)
{
    CHECK(read_one("isolation", "process") == QUERN_UNSUPPORTED);
    CHECK_STR(str_of(error.where), STR("isolation"));
    CHECK(read_one("isolation", "none") == QUERN_OK);
    check_refused("isolation", "thread");
}

TEST(options_append_to_lists_and_let_the_last_of_others_count)
{
    const struct quern_option options[] = {{"input", "a.txt"},
                                           {"delay_ms", "1"},
                                           {"input", " [\"b\\u002Etxt\" , \"[c]\"] "},
                                           {"input", "[]"},
                                           {"delay_ms", "2"},
                                           {"input", "d e"},
                                           {"allow_ports", "[\"8080\"]"}};
    CHECK(read_many(options, sizeof options / sizeof *options) == QUERN_OK);
    CHECK_INT(settings.delay_ms, 2);
    CHECK_INT(settings.input.count, 4);
    CHECK_STR(settings.input.items[0], STR("a.txt"));
    CHECK_STR(settings.input.items[1], STR("b.txt"));
    CHECK_STR(settings.input.items[2], STR("[c]"));
    CHECK_STR(settings.input.items[3], STR("d e"));
    CHECK_INT(settings.allow_ports.count, 1);
}

TEST(options_hold_lists_of_thousands)
{
    enum { COUNT = 5000 };
    static struct quern_option options[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        options[i] = (struct quern_option){.key = "input", .value = i % 2 ? "odd" : "even"};
    }
    CHECK(read_many(options, COUNT) == QUERN_OK);
    CHECK_INT(settings.input.count, COUNT);
    CHECK_STR(settings.input.items[COUNT - 1], STR("odd"));
    CHECK_STR(settings.input.items[COUNT - 2], STR("even"));
}

TEST(options_refuse_lists_that_are_no_array_of_strings)
{
    static const char *const bad[] = {"[",      "[a]",           "[\"a\",]",  "[1]",
                                      "[null]", "[\"a\" \"b\"]", "[[\"a\"]]", "[\"a\"] x",
                                      "",       "[\"\"]",        "[\"a\"",    "[\"\\u0000\"]"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        check_refused("input", bad[i]);
    }
}

TEST(options_take_secrets_by_reference_only_and_never_repeat_them)
{
    static const char *const bad[] = {"Bearer hunter2", "env:",        "env:A=hunter2", "file:",
                                      "env:1hunter2",   "ENV:hunter2", "env:hunter2 ",  "hunter2"};
    CHECK(read_one("authorization", "env:TOKEN_1") == QUERN_OK);
    CHECK_STR(settings.authorization, STR("env:TOKEN_1"));
    CHECK(read_one("authorization", "file:/run/secrets/a b") == QUERN_OK);
    CHECK(read_one("authorization", "") == QUERN_OK);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        check_refused("authorization", bad[i]);
        CHECK(!says("hunter2"));
        CHECK(says("env:NAME"));
    }
}

TEST(options_never_repeat_a_value_whatever_is_wrong_with_it)
{
    static const char *const values[] = {"http://me:hunter2@x\n", "hunter2", "[hunter2",
                                         "ftp://hunter2@x/", "\xFFhunter2"};
    size_t count = 0;
    long refused = 0;
    const struct option_row *rows = option_rows(&count);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < sizeof values / sizeof *values; j++) {
            if (read_one(rows[i].key.ptr, values[j]) != QUERN_OK) {
                CHECK(!says("hunter2") && !strstr(error.where, "hunter2"));
                refused++;
            }
        }
    }
    CHECK(refused > 50);
}

TEST(options_check_what_single_ones_mean)
{
    check_refused("allow_ports", "0");
    check_refused("allow_ports", "65536");
    check_refused("allow_ports", "[\"80\",\"http\"]");
    check_refused("allow_addresses", "localhost");
    check_refused("allow_addresses", "[\"10.0.0.0/8\",\"10.0.0.0/33\"]");
    CHECK(says("10.0.0.0/8 or fd00::/8"));
    CHECK(read_one("allow_addresses", "[\"127.0.0.0/8\",\"::1/128\"]") == QUERN_OK);
    check_refused("charset", "utf-9");
    CHECK(read_one("charset", "GB2312") == QUERN_OK);
    CHECK(read_one("charset", "") == QUERN_OK);
    check_refused("proxy", "http://me:hunter2@proxy.example:3128");
    CHECK(!says("hunter2"));
    check_refused("proxy", "proxy.example:3128");
    CHECK(read_one("proxy", "http://proxy.example:3128") == QUERN_OK);
    check_refused("contact", "a@example.org\r\nX: y");
    CHECK(read_one("input", "a\nb") == QUERN_OK);
}

TEST(options_refuse_bytes_that_are_no_text)
{
    check_refused("contact", "\xFF");
    check_refused("contact", "\xED\xA0\x80");
    check_refused("input", "\xC0\x80");
    CHECK(says("UTF-8"));
}

TEST(options_stop_at_their_limits)
{
    char *text = malloc(OPTION_VALUE_BYTES_MAX + 2);
    memset(text, 'a', OPTION_VALUE_BYTES_MAX + 1);
    text[OPTION_VALUE_BYTES_MAX + 1] = '\0';
    CHECK(read_one("contact", text) == QUERN_LIMIT);
    CHECK_STR(str_of(error.where), STR("contact"));
    check_refused("input", text);
    CHECK(read_one(text, "1") == QUERN_INVALID_ARGUMENT);
    text[OPTION_VALUE_BYTES_MAX] = '\0';
    CHECK(read_one("contact", text) == QUERN_OK);
    free(text);
}

TEST(options_bear_null_everywhere)
{
    CHECK(read_one(NULL, "x") == QUERN_INVALID_ARGUMENT);
    CHECK(read_one("contact", NULL) == QUERN_INVALID_ARGUMENT);
    CHECK(read_many(NULL, 1) == QUERN_INVALID_ARGUMENT);
    const struct quern_option wrong = {.key = "colour", .value = "red"};
    CHECK(options_read(&wrong, 1, &arena, &settings, NULL) == QUERN_INVALID_ARGUMENT);
}

TEST(options_without_memory_say_so)
{
    const struct quern_option options[] = {
        {"input", "[\"a\\n\",\"b\"]"}, {"contact", "x@example.org"}, {"proxy", "http://p.example"}};
    long failed = 0;
    for (long n = 1; refuse_try(n, true); n++) {
        const int32_t status = read_many(options, 3);
        CHECK(status == QUERN_OK || status == QUERN_NO_MEMORY);
        failed += status != QUERN_OK;
    }
    refuse_stop();
    CHECK(failed >= 1);
    arena_release(&arena);
}

TEST_MAIN()
