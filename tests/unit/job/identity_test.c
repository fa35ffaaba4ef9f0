/* SPDX-License-Identifier: Apache-2.0 */
/* Guards ids: they must never change between versions, and never meet by accident. */
#include "harness/test.h"
#include "job/identity.h"

static str id_of(enum identity_kind kind, str value, const struct identity_step *step, char *room)
{
    CHECK(identity_write(kind, str_bytes(value), step, room));
    return (str){.ptr = room, .len = IDENTITY_LEN};
}

TEST(an_id_is_the_same_for_ever)
{
    char room[IDENTITY_LEN];
    /* printf '\0\0\0\0\0\0\0\3url\0\0\0\0\0\0\0\24http://example.org/x' | sha256sum */
    CHECK_STR(id_of(IDENTITY_URL, STR("http://example.org/x"), NULL, room),
              STR("9675a70e73eeb3c18ab5511e8f39c570"));
}

TEST(kind_member_and_occurrence_tell_ids_apart)
{
    char a[IDENTITY_LEN];
    char b[IDENTITY_LEN];
    const struct identity_step first = {.raw_name = str_bytes(STR("a.txt")), .occurrence = 0};
    const struct identity_step second = {.raw_name = str_bytes(STR("a.txt")), .occurrence = 1};
    const struct identity_step nested = {.raw_name = str_bytes(STR("a.txt")), .outer = &first};
    const str plain = id_of(IDENTITY_FILE, STR("x"), NULL, a);
    CHECK(!str_equal(plain, id_of(IDENTITY_NAME, STR("x"), NULL, b)));
    CHECK(!str_equal(plain, id_of(IDENTITY_FILE, STR("x"), &first, b)));
    const str member = id_of(IDENTITY_FILE, STR("x"), &first, a);
    CHECK(!str_equal(member, id_of(IDENTITY_FILE, STR("x"), &second, b)));
    CHECK(!str_equal(member, id_of(IDENTITY_FILE, STR("x"), &nested, b)));
    CHECK_STR(member, id_of(IDENTITY_FILE, STR("x"), &first, b));
}

TEST_MAIN()
