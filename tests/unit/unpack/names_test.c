/* SPDX-License-Identifier: Apache-2.0 */
/* Names as archives of Chinese, Taiwanese and Japanese Windows, of Macs and of careless programs
 * carry them. In each archive of these a member's content is its own name in UTF-8. */
#include "listing.h"

static void check_names(const char *file, bool is_guessed, size_t count)
{
    struct listing *listing = list_file(file);
    CHECK_INT(listing->count, count);
    for (size_t i = 0; i < listing->count; i++) {
        const struct listed *item = &listing->items[i];
        CHECK_STR(item->member.name, content_str(item));
        CHECK_INT(item->member.notes[NOTE_name_undecodable], 0);
        CHECK_INT(item->member.notes[NOTE_name_charset_guessed], is_guessed);
    }
    listing_close(listing);
}

TEST(names_of_one_archive_are_judged_together)
{
    make_archives("zip tar rar");
    check_names("gbk.zip", true, 3);
    check_names("big5.zip", true, 3);
    check_names("shift_jis.zip", true, 3);
    check_names("utf8_unflagged.zip", false, 4);
    check_names("utf8_flagged.zip", false, 3);
    check_names("gbk.tar", true, 3);
    check_names("four.rar", true, 3);
}

TEST(a_flag_that_lies_is_not_believed)
{
    make_archives("zip tar rar");
    check_names("gbk_flagged.zip", true, 3);
}

/* The zip flags them as UTF-8, which they are; what they say is 中文 read as CP437 or Latin-1. */
TEST(names_that_were_misread_before_they_were_packed_are_put_right)
{
    make_archives("zip tar rar");
    struct listing *listing = list_file("misread.zip");
    CHECK_INT(listing->count, 9);
    for (size_t i = 0; i < listing->count; i++) {
        const struct member *member = &listing->items[i].member;
        const bool is_repaired = i + 1 < listing->count;
        CHECK_STR(member->name, content_str(&listing->items[i]));
        CHECK((member->notes[NOTE_name_repaired] > 0) == is_repaired);
        CHECK(
            str_equal((str){.ptr = (const char *)member->raw_name.ptr, .len = member->raw_name.len},
                      member->name) == !is_repaired);
    }
    listing_close(listing);
}

TEST(misread_names_stay_where_repair_is_off)
{
    struct settings settings = settings_default();
    make_archives("zip tar rar");
    settings.repair = STR("off");
    const bytes content = load("misread.zip");
    struct listing *listing = list(content, &settings);
    CHECK_INT(listing->count, 9);
    CHECK_STR(listing->items[0].member.name, STR("╡┌╥╗╒┬ ╫▄╘≥.txt"));
    CHECK_INT(listing->items[0].member.notes[NOTE_name_repaired], 0);
    free_bytes(content);
    listing_close(listing);
}

TEST(names_in_two_encodings_are_each_read_right)
{
    make_archives("zip tar rar");
    struct listing *listing = list_file("mixed.zip");
    CHECK_INT(listing->count, 5);
    for (size_t i = 0; i < listing->count; i++) {
        CHECK_STR(listing->items[i].member.name, content_str(&listing->items[i]));
    }
    CHECK_INT(listing->items[0].member.notes[NOTE_name_charset_guessed], 1);
    CHECK_INT(listing->items[3].member.notes[NOTE_name_charset_guessed], 0);
    CHECK_INT(listing->items[4].member.notes[NOTE_name_charset_guessed], 0);
    listing_close(listing);
}

TEST(the_unicode_extra_field_counts_while_it_belongs_to_the_name)
{
    make_archives("zip tar rar");
    struct listing *listing = list_file("unicode_extra.zip");
    CHECK_STR(content_str(find_member(listing, "公告·真.txt")), STR("good"));
    CHECK_STR(content_str(find_member(listing, "公告.txt")), STR("stale"));
    listing_close(listing);
}

TEST(names_are_labels_and_stay_as_they_are)
{
    make_archives("zip tar rar");
    struct listing *listing = list_file("odd_names.zip");
    CHECK_STR(content_str(find_member(listing, "/etc/passwd")), STR("1"));
    CHECK_STR(content_str(find_member(listing, "../../up.txt")), STR("2"));
    CHECK_STR(content_str(find_member(listing, "C:/x/y.txt")), STR("3"));
    CHECK_STR(content_str(find_member(listing, "")), STR("6"));
    CHECK(access("/tmp/up.txt", F_OK) != 0);
    listing_close(listing);
}

TEST(raw_names_are_kept_and_counted)
{
    make_archives("zip tar rar");
    struct listing *listing = list_file("odd_names.zip");
    CHECK_STR(listing->items[3].member.name, STR("same.txt"));
    CHECK_INT(listing->items[3].member.occurrence, 0);
    CHECK_STR(listing->items[4].member.name, STR("same.txt"));
    CHECK_INT(listing->items[4].member.occurrence, 1);
    CHECK(bytes_equal(listing->items[2].member.raw_name, str_bytes(STR("C:\\x\\y.txt"))));
    CHECK(bytes_equal(listing->items[6].member.raw_name, str_bytes(STR("\x81\xff\0.txt"))));
    CHECK(listing->items[6].member.notes[NOTE_name_undecodable] > 0);
    listing_close(listing);
}

TEST(a_long_name_is_cut_and_says_so)
{
    make_archives("zip tar rar");
    struct listing *listing = list_file("odd_names.zip");
    const struct member *member = &listing->items[8].member;
    CHECK_INT(member->raw_name.len, 5004);
    CHECK_INT(member->name.len, 4096 + STR("…").len);
    CHECK(str_ends(member->name, STR("n…")));
    listing_close(listing);
}

/* 表 is 95 5C in Shift_JIS: its second byte is no separator. */
TEST(a_backslash_inside_a_character_is_no_separator)
{
    make_archives("zip tar rar");
    struct listing *listing = list_file("shift_jis.zip");
    CHECK_INT(find_member(listing, "ファイルの一覧表.txt")->member.raw_name.len, 20);
    listing_close(listing);
}

TEST_MAIN()
