/* SPDX-License-Identifier: Apache-2.0 */
#include "listing.h"

/* The format name of the container that wins, "" for none. */
static str name_of(bytes content, unsigned *bits)
{
    const struct container *container = container_bid(content, bits);
    return container ? container_name(container) : STR("");
}

static void check_file(const char *file, const char *format, bool is_filter)
{
    unsigned bits = 0;
    const bytes content = load(file);
    const struct container *container = container_bid(content, &bits);
    CHECK_STR(name_of(content, &bits), str_of(format));
    CHECK(bits >= 24);
    CHECK(container && container_is_filter(container) == is_filter);
    CHECK(container && container_media_type(container).len > 0);
    free_bytes(content);
}

TEST(containers_are_known_by_their_magic)
{
    make_archives("zip tar seven rar filter");
    check_file("plain.zip", "zip", false);
    check_file("empty.zip", "zip", false);
    check_file("lzma2.7z", "7z", false);
    check_file("four.rar", "rar", false);
    check_file("five.rar", "rar", false);
    check_file("ustar.tar", "tar", false);
    check_file("gnu.tar", "tar", false);
    check_file("pax.tar", "tar", false);
    check_file("v7.tar", "tar", false);
    check_file("plain.gz", "gz", true);
    check_file("plain.bz2", "bz2", true);
    check_file("empty.bz2", "bz2", true);
    check_file("plain.xz", "xz", true);
    check_file("plain.zst", "zst", true);
}

TEST(a_magic_that_is_cut_or_changed_is_no_container)
{
    static const char *const files[] = {"plain.zip", "lzma2.7z",  "four.rar",
                                        "five.rar",  "ustar.tar", "plain.gz",
                                        "plain.bz2", "plain.xz",  "plain.zst"};
    make_archives("zip tar seven rar filter");
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        unsigned bits = 1;
        const bytes content = load(files[i]);
        for (size_t len = 0; len < 4 && len < content.len; len++) {
            const bytes cut = copy_exactly(bytes_slice(content, 0, len));
            CHECK(container_bid(cut, &bits) == NULL);
            CHECK_INT(bits, 0);
            free_bytes(cut);
        }
        uint8_t *changed = (uint8_t *)(uintptr_t)content.ptr;
        changed[2] ^= 0x20;
        CHECK(container_bid(content, &bits) == NULL);
        free_bytes(content);
    }
}

TEST(text_is_no_container)
{
    static const char *const texts[] = {
        "", "PK", "BZh91 is a sentence", "Rar! she said", "7z is a program", "\x1f\x8b", "POST"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        unsigned bits = 1;
        CHECK_STR(name_of(str_bytes(str_of(texts[i])), &bits), STR(""));
        CHECK_INT(bits, 0);
    }
}

TEST(a_tar_header_with_a_wrong_sum_is_no_tar)
{
    unsigned bits = 0;
    make_archives("zip tar seven rar filter");
    const bytes content = load("v7.tar");
    uint8_t *changed = (uint8_t *)(uintptr_t)content.ptr;
    CHECK_STR(name_of(content, &bits), STR("tar"));
    changed[100]++;
    CHECK_STR(name_of(content, &bits), STR(""));
    free_bytes(content);
}

TEST_MAIN()
