/* SPDX-License-Identifier: Apache-2.0 */
#include "harness/test.h"
#include "page/post_line.h"

TEST(what_stands_beside_a_contribution_is_known_by_its_day)
{
    CHECK(post_line_is(STR("楼主 发表于 2020-10-24 09:53 | 只看该作者")));
    CHECK(post_line_is(STR("来自手机客户端1楼2018-01-26 09:24回复")));
    CHECK(post_line_is(STR("沙發 發表於 2020年10月24日 10:34")));
    CHECK(post_line_is(STR("#3 Posted on 12 March 2019 at 10:22 PM · Reply")));
    CHECK(post_line_is(STR("2019-11-15")));
}

TEST(a_line_that_says_more_is_none)
{
    CHECK(!post_line_is(STR("楼主 发表于昨天 | 只看该作者")));
    CHECK(!post_line_is(STR("2020-10-24 那天我在场")));
    CHECK(!post_line_is(STR("Posted on 12 March 2019 by Ann")));
    CHECK(!post_line_is(STR("Reply")));
    CHECK(!post_line_is(STR("Liked on 12 March 2019")));
    CHECK(!post_line_is(STR("")));
}

TEST_MAIN()
