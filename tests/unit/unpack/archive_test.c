/* SPDX-License-Identifier: Apache-2.0 */
/* tar, 7z and RAR through libarchive, with the files that make it loop. */
#include "listing.h"

static const char *const groups = "tar seven rar";

static void check_whole(const struct listing *listing, size_t count)
{
    CHECK(listing->is_open);
    CHECK_INT(listing->count, count);
    CHECK_STR(fault_name(&listing->end), STR("none"));
    for (size_t i = 0; i < listing->count; i++) {
        CHECK_STR(fault_name(&listing->items[i].member.fault), STR("none"));
        CHECK(listing->items[i].content.ptr != NULL);
    }
}

TEST(every_kind_of_tar_gives_its_files)
{
    make_archives(groups);
    static const char *const files[] = {"ustar.tar", "gnu.tar", "pax.tar"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct listing *listing = list_file(files[i]);
        check_whole(listing, i == 0 ? 3 : 4);
        CHECK_STR(content_str(find_member(listing, "a.txt")), STR("alpha\nalpha\nalpha\n"));
        CHECK_INT(find_member(listing, "b/c.txt")->content.len, 320);
        CHECK_INT(listing->items[0].member.modified_us, 1574504430000000);
        listing_close(listing);
    }
    struct listing *listing = list_file("v7.tar");
    check_whole(listing, 1);
    CHECK_STR(content_str(find_member(listing, "old.txt")), STR("seventh edition"));
    listing_close(listing);

    listing = list_file("pax.tar");
    CHECK_STR(content_str(find_member(listing, "第一章 总则.txt")), STR("pax"));
    listing_close(listing);
}

TEST(what_stands_behind_the_end_of_a_tar_is_read_too)
{
    make_archives(groups);
    struct listing *listing = list_file("joined.tar");
    check_whole(listing, 2);
    CHECK_STR(content_str(find_member(listing, "d.txt")), STR("delta"));
    listing_close(listing);
}

TEST(only_regular_files_of_a_tar_are_members)
{
    make_archives(groups);
    struct listing *listing = list_file("kinds.tar");
    check_whole(listing, 1);
    CHECK_STR(listing->items[0].member.name, STR("a.txt"));
    listing_close(listing);
}

TEST(holes_are_told_and_not_filled)
{
    make_archives(groups);
    struct listing *listing = list_file("sparse.tar");
    const struct listed *sparse = find_member(listing, "sparse.bin");
    CHECK(sparse->content.len < 65536);
    CHECK_STR(fault_name(&sparse->member.fault), STR("bad_format"));
    listing_close(listing);
}

TEST(seven_zip_gives_its_files_with_their_unicode_names)
{
    static const char *const files[] = {"lzma2.7z", "bzip2.7z", "ppmd.7z", "copy.7z"};
    make_archives(groups);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct listing *listing = list_file(files[i]);
        check_whole(listing, 5);
        CHECK_INT(find_member(listing, "seven/第一章 总则.txt")->content.len, 400);
        CHECK_INT(find_member(listing, "seven/资料/通知公告.txt")->content.len, 400);
        CHECK_INT(find_member(listing, "seven/empty.txt")->content.len, 0);
        listing_close(listing);
    }
}

TEST(seven_zip_with_a_wrong_checksum_keeps_its_data)
{
    make_archives(groups);
    struct listing *listing = list_file("bad_checksum.7z");
    const struct listed *damaged = find_member(listing, "seven/权力与责任的关系.txt");
    check_whole(listing, 5);
    CHECK_INT(damaged->content.len, 400);
    CHECK_INT(damaged->member.notes[NOTE_bad_checksum], 1);
    listing_close(listing);
}

TEST(passwords_are_told_for_each_member_or_for_the_archive)
{
    make_archives(groups);
    struct listing *listing = list_file("encrypted.7z");
    CHECK_INT(listing->count, 5);
    CHECK_STR(fault_name(&find_member(listing, "seven/a.txt")->member.fault), STR("encrypted"));
    listing_close(listing);

    listing = list_file("five_encrypted.rar");
    CHECK_STR(fault_name(&find_member(listing, "a.txt")->member.fault), STR("encrypted"));
    CHECK(find_member(listing, "a.txt")->content.ptr == NULL);
    CHECK_STR(content_str(find_member(listing, "b.txt")), STR("bravo"));
    listing_close(listing);

    listing = list_file("four_encrypted.rar");
    CHECK_STR(fault_name(&find_member(listing, "a.txt")->member.fault), STR("encrypted"));
    CHECK_STR(content_str(find_member(listing, "b.txt")), STR("bravo"));
    listing_close(listing);

    static const char *const hidden[] = {"hidden.7z", "four_hidden.rar", "five_hidden.rar"};
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++) {
        listing = list_file(hidden[i]);
        CHECK_INT(listing->count, 0);
        CHECK_STR(fault_name(&listing->end), STR("encrypted"));
        listing_close(listing);
    }
}

TEST(both_generations_of_rar_give_their_files)
{
    make_archives(groups);
    struct listing *listing = list_file("five.rar");
    check_whole(listing, 2);
    CHECK_STR(content_str(find_member(listing, "一.txt")), STR("first text"));
    CHECK_STR(content_str(find_member(listing, "two.txt")), STR("second text"));
    listing_close(listing);

    listing = list_file("four.rar");
    check_whole(listing, 3);
    CHECK_STR(content_str(find_member(listing, "资料/通知公告.txt")), STR("资料/通知公告.txt"));
    listing_close(listing);
}

TEST(a_rar_entry_that_states_no_kind_is_read)
{
    make_archives(groups);
    struct listing *listing = list_file("no_kind.rar");
    check_whole(listing, 1);
    CHECK_STR(content_str(&listing->items[0]), STR("second text"));
    listing_close(listing);
}

TEST(one_volume_of_several_says_so)
{
    make_archives(groups);
    struct listing *listing = list_file("five_part2.rar");
    CHECK_STR(fault_name(&listing->end), STR("truncated"));
    CHECK(strstr(listing->end.message, "volume 2") != NULL);
    listing_close(listing);

    listing = list_file("four_part2.rar");
    CHECK_STR(fault_name(&find_member(listing, "long.txt")->member.fault), STR("truncated"));
    CHECK_STR(content_str(find_member(listing, "long.txt")), STR("middle"));
    CHECK_STR(fault_name(&listing->end), STR("truncated"));
    listing_close(listing);

    listing = list_file("volumes.7z.001");
    CHECK(!listing->is_open);
    CHECK_STR(fault_name(&listing->end), STR("truncated"));
    listing_close(listing);
}

/* A folder with data in a solid RAR 5: archive_read_next_header fails for ever. */
TEST(an_error_that_repeats_for_ever_ends_the_archive)
{
    make_archives(groups);
    struct listing *listing = list_file("loop_folder.rar");
    CHECK_STR(content_str(find_member(listing, "two.txt")), STR("second text"));
    CHECK_INT(listing->count, 1);
    CHECK_STR(fault_name(&listing->end), STR("bad_format"));
    listing_close(listing);
}

/* A hard link with data: archive_read_data_into_fd would write for ever. */
TEST(data_of_a_hard_link_are_not_read)
{
    make_archives(groups);
    struct listing *listing = list_file("loop_link.rar");
    CHECK_INT(listing->count, 1);
    CHECK_STR(content_str(find_member(listing, "two.txt")), STR("second text"));
    CHECK(listing->budget.unpacked_bytes < 1000);
    listing_close(listing);
}

TEST_MAIN()
