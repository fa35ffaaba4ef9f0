/* SPDX-License-Identifier: Apache-2.0 */
#include "harness/test.h"

struct test *test_first;
static struct test **test_end = &test_first;
long test_check_count;
long test_failure_count;

void test_add(struct test *test)
{
    *test_end = test;
    test_end = &test->next;
}

bool test_check(bool holds, const char *file, int line, const char *what)
{
    test_check_count++;
    if (!holds) {
        test_failure_count++;
        fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    }
    return holds;
}

bool test_check_str(str actual, str expected, const char *file, int line)
{
    const bool holds = str_equal(actual, expected);
    test_check_count++;
    if (!holds) {
        test_failure_count++;
        fprintf(stderr, "%s:%d: got      «%.*s»\n%s:%d: expected «%.*s»\n", file, line,
                (int)actual.len, actual.ptr, file, line, (int)expected.len, expected.ptr);
    }
    return holds;
}

bool test_check_integer(int64_t actual, int64_t expected, const char *file, int line,
                        const char *what)
{
    test_check_count++;
    if (actual != expected) {
        test_failure_count++;
        fprintf(stderr, "%s:%d: %s is %" PRId64 ", expected %" PRId64 "\n", file, line, what,
                actual, expected);
    }
    return actual == expected;
}

/* With an argument, only tests whose name contains it. */
int test_main(int argc, char **argv)
{
    int count = 0;
    for (struct test *test = test_first; test; test = test->next) {
        if (argc > 1 && !strstr(test->sentence, argv[1])) {
            continue;
        }
        const long before = test_failure_count;
        test->run();
        count++;
        printf("%s %s\n", test_failure_count == before ? "ok  " : "FAIL", test->sentence);
    }
    printf("%d tests, %ld checks, %ld failed\n", count, test_check_count, test_failure_count);
    return test_failure_count || test_check_count == 0;
}
