/* SPDX-License-Identifier: Apache-2.0 */
/* Guards title_match: a share of bigrams, blind to width, case and spaces. */
#include "harness/test.h"
#include "job/title_match.h"

static bool near(double a, double b)
{
    return a - b < 1e-9 && b - a < 1e-9;
}

TEST(a_title_that_stands_in_the_text_matches_wholly)
{
    CHECK(near(title_match(STR("权力与责任"), STR("论 权力 与 责任 之间")), 1.0));
    CHECK(near(title_match(STR("ABC"), STR("xxabcxx")), 1.0));
    CHECK(near(title_match(STR("ＡＢＣ"), STR("abc")), 1.0));
}

TEST(a_foreign_title_does_not_match)
{
    CHECK(near(title_match(STR("春天的故事"), STR("quarterly report")), 0.0));
    CHECK(near(title_match(STR("abcd"), STR("abxcd")), 2.0 / 3.0));
}

TEST(a_title_without_bigrams_says_nothing)
{
    CHECK(title_match(STR(""), STR("abc")) < 0);
    CHECK(title_match(STR("x"), STR("x")) < 0);
}

TEST_MAIN()
