/* SPDX-License-Identifier: Apache-2.0 */
/* Bombs, and honest archives that are too large: what was read up to the limit stays. */
#include "listing.h"

static struct settings small_limits(void)
{
    struct settings settings = settings_default();
    settings.memory_bytes_max = 65536;
    return settings;
}

static struct listing *list_limited(const char *file, const struct settings *settings)
{
    const bytes content = load(file);
    struct listing *listing = list(content, settings);
    free_bytes(content);
    return listing;
}

TEST(entries_that_share_bytes_are_refused)
{
    static const char *const files[] = {"quoted.zip", "quoted64.zip", "full_overlap.zip"};
    make_archives("bomb");
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct listing *listing = list_file(files[i]);
        CHECK(!listing->is_open);
        CHECK_STR(fault_name(&listing->end), STR("limit"));
        CHECK(strstr(listing->end.message, "overlap") != NULL);
        CHECK_INT(listing->budget.unpacked_bytes, 0);
        listing_close(listing);
    }
}

TEST(a_ratio_beyond_the_limit_ends_the_archive_and_keeps_what_was_read)
{
    make_archives("bomb");
    struct listing *listing = list_file("ratio.zip");
    CHECK_STR(content_str(find_member(listing, "before.txt")), STR("before"));
    const struct listed *zeros = find_member(listing, "zeros.txt");
    CHECK_STR(fault_name(&zeros->member.fault), STR("limit"));
    CHECK_INT(listing->budget.unpacked_bytes, 16 << 20);
    CHECK_INT(zeros->content.len, (16 << 20) - 6);
    CHECK_INT(listing->count, 2);
    CHECK_STR(fault_name(&listing->end), STR("limit"));
    listing_close(listing);
}

TEST(a_ratio_is_not_asked_before_sixteen_mebibytes)
{
    make_archives("bomb");
    struct listing *listing = list_file("lie.zip"); /* 8 MiB out of 8 KiB */
    CHECK_INT(find_member(listing, "lie.txt")->content.len, 8 << 20);
    CHECK_STR(fault_name(&listing->items[0].member.fault), STR("none"));
    listing_close(listing);
}

/* The header says 100 bytes: limits count what comes out. */
TEST(a_lying_size_does_not_pass_the_entrys_limit)
{
    struct settings settings = small_limits();
    settings.archive_entry_bytes_max = 1000000;
    make_archives("bomb");
    struct listing *listing = list_limited("lie.zip", &settings);
    CHECK_INT(listing->items[0].content.len, 1000000);
    CHECK_STR(fault_name(&listing->items[0].member.fault), STR("limit"));
    CHECK_INT(listing->budget.unpacked_bytes, 1000000);
    listing_close(listing);
}

TEST(a_member_cut_at_its_limit_lets_the_next_one_through)
{
    struct settings settings = small_limits();
    settings.archive_entry_bytes_max = 100000;
    make_archives("bomb");
    struct listing *listing = list_limited("big.tar", &settings);
    CHECK_INT(find_member(listing, "zeros.bin")->content.len, 100000);
    CHECK_STR(fault_name(&find_member(listing, "zeros.bin")->member.fault), STR("limit"));
    CHECK_STR(content_str(find_member(listing, "small.txt")), STR("small"));
    CHECK_STR(fault_name(&listing->end), STR("none"));
    listing_close(listing);

    settings.archive_ratio_max = 100000;
    listing = list_limited("ratio.zip", &settings);
    CHECK_STR(content_str(find_member(listing, "after.txt")), STR("after"));
    CHECK_INT(listing->budget.unpacked_bytes, 100000 + 6 + 5);
    listing_close(listing);
}

/* Getting past the rest of a solid member decodes it: that costs, too. */
TEST(bytes_that_are_only_passed_count)
{
    struct settings settings = small_limits();
    settings.archive_entry_bytes_max = 100000;
    make_archives("bomb");
    struct listing *listing = list_limited("solid.7z", &settings);
    CHECK_INT(find_member(listing, "zeros.bin")->content.len, 100000);
    CHECK_STR(fault_name(&find_member(listing, "zeros.bin")->member.fault), STR("limit"));
    CHECK_INT(listing->budget.unpacked_bytes, 16 << 20);
    CHECK_STR(fault_name(&listing->end), STR("limit"));
    listing_close(listing);
}

TEST(the_budget_of_bytes_is_shared_by_all_containers_of_an_input)
{
    struct settings settings = small_limits();
    settings.archive_bytes_max = 5 << 20;
    make_archives("bomb");
    const bytes content = load("big.tar");
    struct budget budget = {.settings = &settings};
    int64_t delivered = 0;
    for (int round = 0; round < 3; round++) {
        unsigned bits = 0;
        struct arena arena;
        struct fault fault;
        struct member member = {.occurrence = 0};
        arena_init(&arena, 1 << 20);
        struct unpack *unpack =
            unpack_open(content, container_bid(content, &bits), &budget, NULL, &fault);
        CHECK(unpack != NULL);
        while (unpack && unpack_next(unpack, &arena, &member) == STATUS_OK && member.name.ptr) {
            delivered += (int64_t)blob_content(member.content).len;
            blob_close(member.content);
        }
        CHECK_STR(fault_name(&member.fault), round == 0 ? STR("none") : STR("limit"));
        unpack_close(unpack);
        arena_release(&arena);
    }
    CHECK_INT(delivered, 5 << 20);
    CHECK_INT(budget.unpacked_bytes, 5 << 20);
    free_bytes(content);
}

TEST(more_entries_than_allowed_end_the_archive)
{
    struct settings settings = small_limits();
    settings.archive_entries_max = 100;
    make_archives("bomb");
    struct listing *listing = list_limited("many.zip", &settings);
    CHECK_INT(listing->count, 100);
    CHECK_STR(fault_name(&listing->end), STR("limit"));
    listing_close(listing);

    settings.archive_entries_max = 1;
    listing = list_limited("big.tar", &settings);
    CHECK_INT(listing->count, 1);
    CHECK_STR(fault_name(&listing->end), STR("limit"));
    listing_close(listing);
}

struct patience {
    int asked;
    int until;
};

static bool is_cancelled(void *context)
{
    struct patience *patience = context;
    return ++patience->asked > patience->until;
}

TEST(a_cancelled_host_is_heard_wherever_it_says_so)
{
    static const char *const files[] = {"lie.zip", "big.tar", "solid.7z"};
    make_archives("bomb");
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        const struct settings settings = settings_default();
        const bytes content = load(files[i]);
        int cancelled = 0;
        for (int until = 0; until < 40; until++) {
            struct patience patience = {.until = until};
            const struct unpack_watch watch = {.context = &patience, .is_cancelled = is_cancelled};
            struct listing *listing = list_watched(content, &settings, &watch);
            cancelled += listing->status == STATUS_CANCELLED;
            CHECK_INT(patience.asked, until + 1); /* heard at once, and not asked again */
            listing_close(listing);
        }
        CHECK_INT(cancelled, 40);
        free_bytes(content);
    }
}

TEST_MAIN()
