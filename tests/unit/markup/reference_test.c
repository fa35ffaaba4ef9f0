/* SPDX-License-Identifier: Apache-2.0 */
/* Guards character references: how far they reach, what they mean, which ones are just text; and
 * that the generated tables are those of their sources. */
#include "harness/test.h"
#include "markup/reference.h"
#include "markup/tags.h"

static void check_reference(str source, bool in_attribute, size_t len, str text, bool is_error)
{
    const struct reference found = reference_read(source, in_attribute);
    CHECK_INT(found.len, len);
    CHECK_STR(((str){.ptr = found.text, .len = found.text_len}), text);
    CHECK(found.is_error == is_error);
}

TEST(named_references_end_at_their_semicolon)
{
    check_reference(STR("&amp;x"), false, 5, STR("&"), false);
    check_reference(STR("&CounterClockwiseContourIntegral;"), false, 33, STR("∳"), false);
    check_reference(STR("&nGt;"), false, 5, STR("≫⃒"), false);
    check_reference(STR("&nosuch;"), false, 0, STR(""), true);
    check_reference(STR("&nosuch"), false, 0, STR(""), false);
    check_reference(STR("&"), false, 0, STR(""), false);
    check_reference(STR("& amp;"), false, 0, STR(""), false);
}

TEST(old_references_stand_without_a_semicolon_and_the_longest_wins)
{
    check_reference(STR("&ampx"), false, 4, STR("&"), true);
    check_reference(STR("&notit;"), false, 4, STR("¬"), true);
    check_reference(STR("&notin;"), false, 7, STR("∉"), false);
    check_reference(STR("&copy"), false, 5, STR("©"), true);
    check_reference(STR("&hellip"), false, 0, STR(""), false);
}

TEST(in_an_attribute_a_query_is_no_reference)
{
    check_reference(STR("&copy=1"), true, 0, STR(""), false);
    check_reference(STR("&copyx"), true, 0, STR(""), false);
    check_reference(STR("&copy&"), true, 5, STR("©"), true);
    check_reference(STR("&copy;=1"), true, 6, STR("©"), false);
}

TEST(numbers_are_code_points_except_where_the_standard_knows_better)
{
    check_reference(STR("&#20013;"), false, 8, STR("中"), false);
    check_reference(STR("&#x4E2d;"), false, 8, STR("中"), false);
    check_reference(STR("&#x1F600;"), false, 9, STR("\xF0\x9F\x98\x80"), false);
    check_reference(STR("&#150;"), false, 6, STR("–"), true);
    check_reference(STR("&#65"), false, 4, STR("A"), true);
    check_reference(STR("&#0;"), false, 4, STR("\xEF\xBF\xBD"), true);
    check_reference(STR("&#xD800;"), false, 8, STR("\xEF\xBF\xBD"), true);
    check_reference(STR("&#99999999999999999999;"), false, 23, STR("\xEF\xBF\xBD"), true);
    check_reference(STR("&#x;"), false, 0, STR(""), true);
    check_reference(STR("&#"), false, 0, STR(""), true);
}

TEST(every_tag_of_the_list_is_found_by_its_name_and_nothing_else_is)
{
    for (int tag = TAG_unknown + 1; tag < TAG_COUNT; tag++) {
        CHECK(tag_find(tag_name((enum tag)tag)) == (enum tag)tag);
    }
    CHECK(tag_find(STR("")) == TAG_unknown);
    CHECK(tag_find(STR("diw")) == TAG_unknown);
    CHECK(tag_find(STR("DIV")) == TAG_unknown);
    CHECK(tag_find(STR("averylongelementname")) == TAG_unknown);
}

TEST_MAIN()
