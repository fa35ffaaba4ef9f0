/* SPDX-License-Identifier: Apache-2.0 */
/* The unit tests' harness: a test is a sentence, a file is a program, ctest runs each file.
 *
 *   TEST(arena_keeps_its_limit)
 *   {
 *       CHECK(arena_allocate(&arena, 10) == NULL);
 *   }
 *   TEST_MAIN()
 *
 * A check that does not hold prints file, line and what stood there, and the test goes on; the
 * program ends non-zero. A program without a single executed CHECK fails: it tested nothing.
 */
#ifndef HARNESS_TEST_H
#define HARNESS_TEST_H

#include "base/str.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct test {
    const char *sentence;
    void (*run)(void);
    struct test *next;
};

extern struct test *test_first;
extern long test_check_count;
extern long test_failure_count;

void test_add(struct test *test);
int test_main(int argc, char **argv);
bool test_check(bool holds, const char *file, int line, const char *what);
bool test_check_str(str actual, str expected, const char *file, int line);
bool test_check_integer(int64_t actual, int64_t expected, const char *file, int line,
                        const char *what);

#define TEST(name_)                                                                                \
    static void test_##name_(void);                                                                \
    static struct test test_entry_##name_ = {.sentence = #name_, .run = test_##name_};             \
    __attribute__((constructor)) static void test_register_##name_(void)                           \
    {                                                                                              \
        test_add(&test_entry_##name_);                                                             \
    }                                                                                              \
    static void test_##name_(void)

#define CHECK(condition)            test_check((condition), __FILE__, __LINE__, #condition)
#define CHECK_STR(actual, expected) test_check_str((actual), (expected), __FILE__, __LINE__)
#define CHECK_INT(actual, expected)                                                                \
    test_check_integer((int64_t)(actual), (int64_t)(expected), __FILE__, __LINE__, #actual)

#define TEST_MAIN()                                                                                \
    int main(int argc, char **argv)                                                                \
    {                                                                                              \
        return test_main(argc, argv);                                                              \
    }

#endif
