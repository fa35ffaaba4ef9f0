/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the record's columns: order and types are the contract with every host. */
#include "base/column.h"

#include "base/settings.h"
#include "harness/test.h"

TEST(columns_are_found_by_their_names)
{
    for (enum column column = 0; column < COLUMN_COUNT; column++) {
        CHECK(column_find(column_name(column)) == column);
        CHECK(column_sentence(column).len > 10);
    }
    CHECK(column_find(STR("")) == COLUMN_NONE);
    CHECK(column_find(STR("ID")) == COLUMN_NONE);
    CHECK(column_find(STR("i")) == COLUMN_NONE);
}

/* Later columns come at the end: a host's table made from an older version stays true. */
TEST(the_order_begins_and_ends_as_it_was_published)
{
    CHECK_STR(column_name(0), STR("id"));
    CHECK_STR(column_name(1), STR("parent_id"));
    CHECK_INT(COLUMN_status, 13);
    CHECK_INT(COLUMN_text, 47);
    CHECK_INT(COLUMN_notes, 50);
    CHECK(COLUMN_COUNT >= 51);
}

TEST(types_are_those_of_the_list)
{
    CHECK(column_type(COLUMN_id) == COLUMN_TYPE_ID);
    CHECK(column_type(COLUMN_status) == COLUMN_TYPE_STATUS);
    CHECK(column_type(COLUMN_published) == COLUMN_TYPE_DATE);
    CHECK(column_type(COLUMN_title_match) == COLUMN_TYPE_REAL);
    CHECK(column_type(COLUMN_rights) == COLUMN_TYPE_TEXTS);
    CHECK(column_type(COLUMN_dropped) == COLUMN_TYPE_DROPPED);
}

TEST(settings_start_at_the_published_defaults)
{
    const struct settings settings = settings_default();
    CHECK_INT(settings.delay_ms, 1000);
    CHECK_STR(settings.normalise, STR("nfc"));
    CHECK_INT(settings.text_bytes_max, 64 << 20);
    CHECK_INT(settings.input.count, 0);
    CHECK_INT(settings.contact.len, 0);
}

TEST_MAIN()
