/* SPDX-License-Identifier: Apache-2.0 */
/* The conformance suite says what is TOML (tests/e2e/toml_test.sh); this says where errors stand,
 * what the tree offers, and that limits and refused memory are survived.
 */
#include "common/heap.h"
#include "common/toml.h"
#include "harness/test.h"

static const char *error_of(const char *text, unsigned *line, unsigned *column)
{
    static char message[160];
    struct toml toml = {0};
    message[0] = 0;
    if (!toml_read(&toml, span_of(text))) {
        (void)snprintf(message, sizeof message, "%s", toml.error.message);
        *line = toml.error.line;
        *column = toml.error.column;
        CHECK(toml.root == NULL);
    }
    toml_release(&toml);
    return message;
}

static str str_of_span(span s)
{
    return (str){.ptr = s.ptr, .len = s.len};
}

TEST(a_value_knows_its_line_and_column)
{
    struct toml toml = {0};
    CHECK(toml_read(&toml, SPAN("# first\n\n[source]\n  input = [\n 'a',\n 'b' ]\n")));
    const struct toml_value *input = toml_find(toml_find(toml.root, "source"), "input");
    if (CHECK(input && input->type == TOML_ARRAY && input->as.list.count == 2)) {
        CHECK_INT(input->line, 4);
        CHECK_INT(input->column, 3);
        CHECK_INT(input->as.list.first->line, 5);
        CHECK_INT(input->as.list.last->line, 6);
        CHECK_STR(str_of_span(input->as.list.last->as.string), STR("b"));
    }
    toml_release(&toml);
}

TEST(an_error_names_the_place_in_code_points)
{
    unsigned line = 0;
    unsigned column = 0;
    CHECK(*error_of("a = 1\n\"文件\" = nonsense\n", &line, &column));
    CHECK_INT(line, 2);
    CHECK_INT(column, 8);
    CHECK(strstr(error_of("a = 1\na = 2\n", &line, &column), "defined twice"));
    CHECK_INT(line, 2);
    CHECK(strstr(error_of("a = 1\nb = \"\xC3\x28\"\n", &line, &column), "not UTF-8"));
    CHECK_INT(line, 2);
    CHECK_INT(column, 6);
}

TEST(dates_keep_their_type_and_offset)
{
    struct toml toml = {0};
    CHECK(toml_read(&toml, SPAN("a = 2019-11-23\nb = 07:32:00.123456789999\n"
                                "c = 2026-05-27 07:32:00-08:30\n")));
    const struct toml_value *a = toml_find(toml.root, "a");
    const struct toml_value *b = toml_find(toml.root, "b");
    const struct toml_value *c = toml_find(toml.root, "c");
    CHECK(a && a->type == TOML_LOCAL_DATE && a->as.datetime.day == 23);
    CHECK(b && b->type == TOML_LOCAL_TIME && b->as.datetime.nanosecond == 123456789);
    CHECK(c && c->type == TOML_OFFSET_DATETIME && c->as.datetime.offset_minutes == -510);
    toml_release(&toml);
}

TEST(nesting_ends_at_its_limit_without_recursion)
{
    char text[2 * TOML_DEPTH_MAX + 16] = "a = ";
    size_t at = 4;
    for (int i = 0; i < TOML_DEPTH_MAX; i++) {
        text[at++] = '[';
    }
    memset(text + at, ']', TOML_DEPTH_MAX);
    struct toml toml = {0};
    CHECK(toml_read(&toml, (span){text, at + TOML_DEPTH_MAX}));
    toml_release(&toml);
    text[at] = '[';
    CHECK(!toml_read(&toml, (span){text, at + 1}));
    CHECK(strstr(toml.error.message, "nested deeper"));
    toml_release(&toml);
}

TEST(a_hundred_thousand_keys_and_elements_take_linear_time)
{
    struct text text = {0};
    for (int i = 0; i < 100000; i++) {
        text_add_format(&text, "key%d = %d\n", i, i);
    }
    text_add_string(&text, "list = [");
    for (int i = 0; i < 100000; i++) {
        text_add_string(&text, "'文',");
    }
    text_add_string(&text, "]\n");
    struct toml toml = {0};
    CHECK(toml_read(&toml, text_span(&text)));
    CHECK_INT(toml.root->as.list.count, 100001);
    CHECK_INT(toml_find(toml.root, "list")->as.list.count, 100000);
    CHECK_INT(toml_find(toml.root, "list")->as.list.last->column, 9 + 4 * 99999);
    toml_release(&toml);
    text_release(&text);
}

static const char rich[] = "a.b = [1, {c = 'x', d = \"\\u00E9\"}, 2.5e3, [[]]]\n"
                           "[t.u]\ns = '''\nx''y'''''\nm = \"\"\"a \\\n   b\"\"\"\n"
                           "[[list]]\nd = 1979-05-27T07:32:00Z\n[[list]]\ne = -inf # end\r\n";

TEST(a_text_cut_anywhere_is_read_or_refused)
{
    int refused = 0;
    for (size_t len = 0; len <= sizeof rich - 1; len++) {
        char *exact = malloc(len + 1); /* so that a sanitizer sees a byte too far */
        memcpy(exact, rich, len);
        struct toml toml = {0};
        refused += !toml_read(&toml, (span){exact, len});
        CHECK(toml.root || toml.error.message[0]);
        toml_release(&toml);
        free(exact);
    }
    CHECK(refused > 20);
}

static int allocations_left;

static bool refuse_later(size_t size_bytes)
{
    (void)size_bytes;
    return allocations_left-- <= 0;
}

TEST(every_refused_allocation_is_an_error_and_leaks_nothing)
{
    int refused = 0;
    heap_refuse = refuse_later;
    for (int n = 0; n < 1000; n++) {
        struct toml toml = {0};
        allocations_left = n;
        const bool good = toml_read(&toml, span_of(rich));
        CHECK(good || strstr(toml.error.message, "memory"));
        toml_release(&toml);
        if (good) {
            break;
        }
        refused++;
    }
    heap_refuse = NULL;
    CHECK(refused >= 2);
}

TEST_MAIN()
