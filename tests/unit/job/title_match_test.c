/* SPDX-License-Identifier: Apache-2.0 */
/* Guards title_match: a share of words or of pairs of ideographs, blind to width, case and spaces. */
#include "harness/test.h"
#include "job/title_match.h"

static bool near(double a, double b)
{
    return a - b < 1e-9 && b - a < 1e-9;
}

TEST(a_title_whose_words_stand_in_the_text_matches_wholly)
{
    CHECK(near(title_match(STR("权力与责任"), STR("论 权力 与 责任 之间")), 1.0));
    CHECK(near(title_match(STR("Grain Mills"), STR("The mills ground grain.")), 1.0));
    CHECK(near(title_match(STR("ＡＢＣ"), STR("an abc book")), 1.0));
    CHECK(near(title_match(STR("ÉTÉ"), STR("un été chaud")), 1.0));
    CHECK(near(title_match(STR("春 2024"), STR("2024, 春.")), 1.0));
}

TEST(endings_do_not_matter_and_long_words_tell_more)
{
    CHECK(near(title_match(STR("solar modules"), STR("a module in a solarium")), 49.0 / 74.0));
    CHECK(near(title_match(STR("privatisation"), STR("les privatisations")), 1.0));
    CHECK(near(title_match(STR("of windmill"), STR("out of here")), 4.0 / 68.0));
}

TEST(a_foreign_title_does_not_match)
{
    CHECK(near(title_match(STR("春天的故事"), STR("quarterly report")), 0.0));
    CHECK(near(title_match(STR("春天的故事"), STR("秋天的书")), 1.0 / 4.0));
    CHECK(near(title_match(STR("abcd"), STR("abxcd")), 0.0));
}

TEST(the_title_again_is_no_evidence)
{
    CHECK(near(title_match(STR("Grain: Mills"), STR("GRAIN MILLS\nBread and water.")), 0.0));
    CHECK(near(title_match(STR("Grain: Mills"), STR("GRAIN MILLS\nOf grain.")), 0.5));
}

TEST(a_title_without_words_says_nothing)
{
    CHECK(title_match(STR(""), STR("abc")) < 0);
    CHECK(title_match(STR("— !"), STR("— !")) < 0);
}

TEST_MAIN()
