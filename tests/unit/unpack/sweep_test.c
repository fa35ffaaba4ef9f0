/* SPDX-License-Identifier: Apache-2.0 */
/* Archives cut after every byte, changed in every byte, and unpacked with every n-th allocation
 * failing. Contents lie in memory of exactly their size, so that a sanitizer sees each step
 * outside. */
#include "listing.h"

static const char *const groups = "zip tar seven rar";

/* Everything a cut archive gives is the beginning of what the whole one gives; members that are
 * shorter have a fault; what is missing at the end is told. Counts the members that are whole. */
static size_t check_beginning(const struct listing *whole, const struct listing *cut)
{
    size_t sound = 0;
    CHECK(cut->count <= whole->count);
    for (size_t i = 0; i < cut->count && i < whole->count; i++) {
        const struct listed *a = &whole->items[i];
        const struct listed *b = &cut->items[i];
        const bool is_whole = b->content.ptr && b->content.len == a->content.len;
        CHECK_STR(b->member.name, a->member.name);
        CHECK(!b->content.ptr || bytes_start(a->content, b->content));
        CHECK(is_whole || b->member.fault.code != FAULT_none);
        sound += is_whole;
    }
    return sound;
}

/* `mute_bytes`: so many at the end say nothing, and may be missing without a word. */
static void sweep_cuts(const char *file, size_t step, size_t mute_bytes)
{
    const struct settings settings = settings_default();
    const bytes content = load(file);
    struct listing *whole = list(content, &settings);
    size_t before = 0;
    size_t growth = 0;
    CHECK(whole->count > 0);
    for (size_t len = 0; len < content.len; len += step) {
        const bytes part = copy_exactly(bytes_slice(content, 0, len));
        struct listing *cut = list(part, &settings);
        const size_t sound = check_beginning(whole, cut);
        CHECK(sound >= before);
        growth += sound > before;
        before = sound;
        CHECK(!cut->is_open || len + mute_bytes >= content.len ||
              cut->end.code == FAULT_truncated || cut->end.code == FAULT_bad_format);
        listing_close(cut);
        free_bytes(part);
    }
    CHECK(growth > 0); /* else the sweep swept nothing */
    CHECK_INT(before, whole->count);
    listing_close(whole);
    free_bytes(content);
}

TEST(a_zip_cut_anywhere_gives_the_members_before_the_cut)
{
    make_archives(groups);
    sweep_cuts("plain.zip", 1, 0);
    sweep_cuts("stored.zip", 1, 0);
    sweep_cuts("streamed.zip", 1, 0);
    sweep_cuts("commented.zip", 1, 0);
    sweep_cuts("zip64.zip", 1, 0);
    sweep_cuts("gbk.zip", 1, 0);
}

TEST(a_tar_cut_anywhere_gives_the_members_before_the_cut)
{
    make_archives(groups);
    sweep_cuts("ustar.tar", 37, 8192);
    sweep_cuts("v7.tar", 1, 512);
}

TEST(a_rar_cut_anywhere_gives_the_members_before_the_cut)
{
    make_archives(groups);
    sweep_cuts("five.rar", 1, 0);
}

/* RAR 4 needs no mark at its end: a cut between two entries cannot be seen. */
TEST(a_rar_4_cut_anywhere_stays_within_bounds)
{
    const struct settings settings = settings_default();
    size_t members = 0;
    make_archives(groups);
    const bytes content = load("four.rar");
    struct listing *whole = list(content, &settings);
    for (size_t len = 0; len < content.len; len++) {
        const bytes part = copy_exactly(bytes_slice(content, 0, len));
        struct listing *cut = list(part, &settings);
        members += check_beginning(whole, cut);
        listing_close(cut);
        free_bytes(part);
    }
    CHECK(members > 0);
    listing_close(whole);
    free_bytes(content);
}

TEST(a_cut_seven_zip_is_truncated_wherever_it_was_cut)
{
    const struct settings settings = settings_default();
    make_archives(groups);
    const bytes content = load("lzma2.7z");
    for (size_t len = 6; len < content.len; len++) {
        const bytes part = copy_exactly(bytes_slice(content, 0, len));
        struct listing *cut = list(part, &settings);
        CHECK_INT(cut->count, 0);
        CHECK_STR(fault_name(&cut->end), STR("truncated"));
        listing_close(cut);
        free_bytes(part);
    }
    free_bytes(content);
}

TEST(a_byte_changed_anywhere_does_no_harm)
{
    static const char *const files[] = {"plain.zip", "streamed.zip", "zip64.zip", "lzma.zip",
                                        "lzma2.7z",  "ppmd.7z",      "copy.7z",   "five.rar",
                                        "four.rar",  "v7.tar"};
    const struct settings settings = settings_default();
    size_t changed = 0;
    size_t noticed = 0;
    make_archives(groups);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        const bytes content = load(files[i]);
        uint8_t *memory = (uint8_t *)(uintptr_t)content.ptr;
        for (size_t at = 0; at < content.len; at++) {
            static const uint8_t masks[] = {0x01, 0x80, 0xFF};
            const uint8_t mask = masks[at % sizeof masks];
            memory[at] ^= mask;
            struct listing *listing = list(content, &settings);
            bool is_noticed = listing->end.code != FAULT_none || !listing->is_open;
            for (size_t k = 0; k < listing->count; k++) {
                is_noticed = is_noticed || listing->items[k].member.fault.code != FAULT_none ||
                             listing->items[k].member.notes[NOTE_bad_checksum] > 0;
            }
            changed++;
            noticed += is_noticed;
            CHECK_INT(listing->status, STATUS_OK);
            listing_close(listing);
            memory[at] ^= mask;
        }
        free_bytes(content);
    }
    CHECK(changed > 3000);
    CHECK(noticed > changed / 4);
}

static long allocations_left;

static bool refuse(size_t size_bytes)
{
    (void)size_bytes;
    return --allocations_left < 0;
}

TEST(the_nth_allocation_may_fail)
{
    static const char *const files[] = {"plain.zip", "lzma.zip", "gbk.zip",  "ustar.tar",
                                        "gbk.tar",   "lzma2.7z", "five.rar", "four.rar"};
    const struct settings settings = settings_default();
    make_archives(groups);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        const bytes content = load(files[i]);
        struct listing *whole = list(content, &settings);
        long failures = 0;
        for (long n = 0; n < 2000; n++) {
            allocations_left = n;
            memory_refuse = refuse;
            struct listing *listing = list(content, &settings);
            memory_refuse = NULL;
            const bool has_failed = allocations_left < 0;
            failures += has_failed;
            CHECK(!has_failed || listing->status == STATUS_NO_MEMORY ||
                  listing->end.code == FAULT_no_memory);
            CHECK(has_failed || listing->count == whole->count);
            listing_close(listing);
            if (!has_failed) {
                break;
            }
        }
        CHECK(failures > 5);
        CHECK(failures < 2000);
        listing_close(whole);
        free_bytes(content);
    }
}

TEST_MAIN()
