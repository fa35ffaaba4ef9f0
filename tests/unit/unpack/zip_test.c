/* SPDX-License-Identifier: Apache-2.0 */
#include "listing.h"

static void check_plain(const struct listing *listing)
{
    CHECK(listing->is_open);
    CHECK_INT(listing->count, 3);
    CHECK_STR(content_str(find_member(listing, "a.txt")), STR("alpha\nalpha\nalpha\n"));
    CHECK_INT(find_member(listing, "b/c.txt")->content.len, 320);
    CHECK_STR(content_str(find_member(listing, "d.txt")), STR("delta"));
    for (size_t i = 0; i < listing->count; i++) {
        CHECK_STR(fault_name(&listing->items[i].member.fault), STR("none"));
        CHECK_INT(listing->items[i].member.notes[NOTE_bad_checksum], 0);
    }
    CHECK_STR(fault_name(&listing->end), STR("none"));
}

TEST(every_method_and_layout_gives_the_same_members)
{
    static const char *const files[] = {"plain.zip",    "stored.zip", "bzip2.zip",    "lzma.zip",
                                        "streamed.zip", "zip64.zip",  "commented.zip"};
    make_archives("zip");
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct listing *listing = list_file(files[i]);
        check_plain(listing);
        listing_close(listing);
    }
}

TEST(members_carry_time_and_hash)
{
    make_archives("zip");
    struct listing *listing = list_file("plain.zip");
    const struct listed *delta = find_member(listing, "d.txt");
    /* 2019-11-23 10:20:30, as the archive states it without a zone. */
    CHECK_INT(delta->member.modified_us, 1574504430000000);
    CHECK_STR(blob_sha256(delta->member.content),
              STR("4f4a9410ffcdf895c4adb880659e9b5c0dd1f23a30790684340b3eaacb045398"));
    listing_close(listing);
}

TEST(an_empty_archive_has_no_members_and_no_fault)
{
    make_archives("zip");
    struct listing *listing = list_file("empty.zip");
    CHECK(listing->is_open);
    CHECK_INT(listing->count, 0);
    CHECK_STR(fault_name(&listing->end), STR("none"));
    listing_close(listing);
}

TEST(rare_methods_are_read_or_named)
{
    make_archives("zip");
    struct listing *listing = list_file("ppmd.zip");
    CHECK_INT(find_member(listing, "b/c.txt")->content.len, 320);
    listing_close(listing);

    listing = list_file("deflate64.zip");
    const struct member *member = &find_member(listing, "b/c.txt")->member;
    CHECK_STR(fault_name(&member->fault), STR("unsupported_format"));
    CHECK(member->content == NULL);
    listing_close(listing);
}

TEST(encrypted_members_are_told_and_the_others_go_on)
{
    static const char *const files[] = {"zipcrypto.zip", "aes.zip"};
    make_archives("zip");
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct listing *listing = list_file(files[i]);
        CHECK_INT(listing->count, 1);
        CHECK_STR(fault_name(&listing->items[0].member.fault), STR("encrypted"));
        CHECK(listing->items[0].member.content == NULL);
        listing_close(listing);
    }
    struct listing *listing = list_file("half_encrypted.zip");
    CHECK_INT(listing->count, 2);
    CHECK_STR(content_str(&listing->items[0]), STR("alpha\nalpha\nalpha\n"));
    CHECK_STR(fault_name(&listing->items[1].member.fault), STR("encrypted"));
    listing_close(listing);
}

TEST(a_wrong_checksum_is_a_note_and_the_data_stay)
{
    make_archives("zip");
    struct listing *listing = list_file("bad_checksum.zip");
    const struct listed *damaged = find_member(listing, "b/c.txt");
    CHECK_INT(damaged->content.len, 320);
    CHECK_INT(damaged->member.notes[NOTE_bad_checksum], 1);
    CHECK_STR(fault_name(&damaged->member.fault), STR("none"));
    CHECK_INT(find_member(listing, "a.txt")->member.notes[NOTE_bad_checksum], 0);
    listing_close(listing);
}

TEST(a_damaged_member_fails_alone)
{
    make_archives("zip");
    struct listing *listing = list_file("damaged.zip");
    CHECK_INT(listing->count, 3);
    CHECK_STR(fault_name(&find_member(listing, "b/c.txt")->member.fault), STR("bad_format"));
    CHECK_STR(content_str(find_member(listing, "d.txt")), STR("delta"));
    listing_close(listing);
}

TEST(links_and_folders_are_passed_over)
{
    make_archives("zip");
    struct listing *listing = list_file("link.zip");
    CHECK_INT(listing->count, 1);
    CHECK_STR(listing->items[0].member.name, STR("a.txt"));
    CHECK_INT(listing->budget.entries, 2);
    listing_close(listing);
}

TEST(an_archive_inside_an_archive_opens_ten_levels_down)
{
    const struct settings settings = settings_default();
    struct listing *levels[11];
    int depth = 0;
    make_archives("zip");
    const bytes content = load("nested10.zip");
    levels[0] = list(content, &settings);
    while (depth < 10 && levels[depth]->count == 1) {
        const bytes inner = levels[depth]->items[0].content;
        levels[++depth] = list(inner, &settings);
    }
    CHECK_INT(depth, 10);
    check_plain(levels[depth]);
    while (depth >= 0) {
        listing_close(levels[depth--]);
    }
    free_bytes(content);
}

/* A member that is a stored ZIP brings a directory of its own: when the outer one is cut off, that
 * one must not be taken for it. */
TEST(the_directory_of_a_stored_inner_zip_is_not_taken_for_a_cut_outer_one)
{
    const struct settings settings = settings_default();
    make_archives("zip");
    const bytes content = load("in_zip.zip");
    size_t outer = content.len;
    while (outer > 0 && memcmp(content.ptr + outer - 4, "PK\1\2", 4) != 0) {
        outer--;
    }
    const bytes cut = copy_exactly(bytes_slice(content, 0, outer - 4));
    struct listing *listing = list(cut, &settings);
    CHECK_INT(listing->count, 1);
    CHECK_STR(listing->items[0].member.name, STR("inner.zip"));
    CHECK_STR(fault_name(&listing->end), STR("truncated"));
    listing_close(listing);
    free_bytes(cut);
    free_bytes(content);
}

TEST_MAIN()
