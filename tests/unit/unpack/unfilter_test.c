/* SPDX-License-Identifier: Apache-2.0 */
#include "listing.h"

struct unfiltered {
    struct arena arena;
    struct member member;
    struct budget budget;
    bytes content; /* .ptr NULL: none */
    enum status status;
};

static void take_off(bytes content, const struct settings *settings, struct unfiltered *out)
{
    unsigned bits = 0;
    *out = (struct unfiltered){.budget.settings = settings};
    arena_init(&out->arena, 1 << 20);
    out->status = unfilter(content, container_bid(content, &bits), &out->budget, NULL, &out->arena,
                           &out->member);
    if (out->member.content) {
        out->content = blob_content(out->member.content);
    }
}

static void take_off_file(const char *file, struct unfiltered *out)
{
    const struct settings settings = settings_default();
    const bytes content = load(file);
    take_off(content, &settings, out);
    free_bytes(content);
}

static void let_go(struct unfiltered *unfiltered)
{
    blob_close(unfiltered->member.content);
    arena_release(&unfiltered->arena);
}

TEST(every_filter_gives_the_whole_stream)
{
    static const char *const files[] = {"plain.gz", "double.gz", "plain.bz2", "double.bz2",
                                        "plain.xz", "double.xz", "plain.zst"};
    make_archives("filter bomb");
    const bytes text = load("text.txt");
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct unfiltered out;
        take_off_file(files[i], &out);
        CHECK_INT(out.status, STATUS_OK);
        CHECK_STR(fault_name(&out.member.fault), STR("none"));
        CHECK(bytes_equal(out.content, text));
        CHECK(out.member.name.ptr != NULL);
        let_go(&out);
    }
    free_bytes(text);
}

TEST(concatenated_zstandard_frames_are_one_stream)
{
    struct unfiltered out;
    make_archives("filter bomb");
    take_off_file("double.zst", &out);
    CHECK_INT(out.content.len, 2 * 108890);
    let_go(&out);
}

TEST(one_call_takes_one_filter_off)
{
    struct unfiltered out;
    unsigned bits = 0;
    make_archives("filter bomb");
    take_off_file("twice.xz", &out);
    const struct container *inner = container_bid(out.content, &bits);
    CHECK(inner != NULL);
    CHECK_STR(inner ? container_name(inner) : STR(""), STR("xz"));
    let_go(&out);

    take_off_file("text.tar.gz", &out);
    inner = container_bid(out.content, &bits);
    CHECK_STR(inner ? container_name(inner) : STR(""), STR("tar"));
    let_go(&out);
}

TEST(gzip_names_its_content_and_its_time)
{
    struct unfiltered out;
    make_archives("filter bomb");
    take_off_file("named.gz", &out);
    CHECK_STR(out.member.name, STR("大纲.txt"));
    CHECK_INT(out.member.raw_name.len, 8);
    CHECK_INT(out.member.notes[NOTE_name_charset_guessed], 1);
    CHECK_INT(out.member.modified_us, 1574504430000000);
    let_go(&out);

    take_off_file("plain.bz2", &out);
    CHECK_STR(out.member.name, STR(""));
    CHECK_INT(out.member.modified_us, INT64_MIN);
    let_go(&out);
}

TEST(an_empty_stream_is_empty_and_whole)
{
    static const char *const files[] = {"empty.gz", "empty.bz2"};
    make_archives("filter bomb");
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct unfiltered out;
        take_off_file(files[i], &out);
        CHECK_STR(fault_name(&out.member.fault), STR("none"));
        CHECK(out.content.ptr != NULL);
        CHECK_INT(out.content.len, 0);
        let_go(&out);
    }
}

TEST(damage_is_told_and_the_data_stay)
{
    struct unfiltered out;
    make_archives("filter bomb");
    take_off_file("bad_checksum.gz", &out);
    CHECK_INT(out.member.notes[NOTE_bad_checksum], 1);
    CHECK_STR(fault_name(&out.member.fault), STR("none"));
    CHECK_INT(out.content.len, 108890);
    let_go(&out);

    take_off_file("trailing.gz", &out);
    CHECK_STR(fault_name(&out.member.fault), STR("bad_format"));
    CHECK(strstr(out.member.fault.message, "7 bytes") != NULL);
    CHECK_INT(out.content.len, 108890);
    let_go(&out);
}

/* libarchive gives a block only when it is full: of a short bz2, xz or zst nothing comes out. */
TEST(a_cut_stream_says_so)
{
    static const char *const files[] = {"cut_plain.gz", "cut_plain.bz2", "cut_plain.xz",
                                        "cut_plain.zst"};
    make_archives("filter bomb");
    const bytes text = load("text.txt");
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct unfiltered out;
        take_off_file(files[i], &out);
        CHECK_INT(out.status, STATUS_OK);
        CHECK_STR(fault_name(&out.member.fault), STR("truncated"));
        CHECK(i > 0 || out.content.len > 40000);
        CHECK(!out.content.ptr || bytes_start(text, out.content));
        let_go(&out);
    }
    free_bytes(text);
}

TEST(gzip_that_is_cut_anywhere_gives_the_beginning)
{
    const struct settings settings = settings_default();
    size_t longest = 0;
    make_archives("filter bomb");
    const bytes text = load("text.txt");
    const bytes whole = load("named.gz");
    for (size_t len = 4; len < whole.len; len += len < 64 || len + 128 > whole.len ? 1 : 97) {
        struct unfiltered out;
        const bytes cut = copy_exactly(bytes_slice(whole, 0, len));
        take_off(cut, &settings, &out);
        CHECK_STR(fault_name(&out.member.fault), STR("truncated"));
        CHECK(!out.content.ptr || bytes_start(text, out.content));
        CHECK(!out.content.ptr || out.content.len >= longest);
        longest = out.content.ptr ? out.content.len : longest;
        let_go(&out);
        free_bytes(cut);
    }
    CHECK_INT(longest, text.len);
    free_bytes(text);
    free_bytes(whole);
}

TEST(bombs_end_at_the_ratio_and_keep_what_was_read)
{
    static const char *const files[] = {"zeros.gz", "zeros.xz"};
    make_archives("filter bomb");
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct unfiltered out;
        take_off_file(files[i], &out);
        CHECK_STR(fault_name(&out.member.fault), STR("limit"));
        CHECK_INT(out.content.len, 16 << 20);
        let_go(&out);
    }
}

static bool is_cancelled(void *context)
{
    (void)context;
    return true;
}

TEST(a_cancelled_host_is_heard)
{
    const struct settings settings = settings_default();
    const struct unpack_watch watch = {.is_cancelled = is_cancelled};
    struct budget budget = {.settings = &settings};
    struct arena arena;
    struct member member;
    unsigned bits = 0;
    make_archives("filter bomb");
    const bytes content = load("plain.gz");
    arena_init(&arena, 1 << 20);
    CHECK_INT(unfilter(content, container_bid(content, &bits), &budget, &watch, &arena, &member),
              STATUS_CANCELLED);
    CHECK(member.content == NULL);
    arena_release(&arena);
    free_bytes(content);
}

TEST_MAIN()
