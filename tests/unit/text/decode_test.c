/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the door by which bytes become text: the standard's error rules, what is lent and what is
 * copied, the byte offsets behind every character, and memory that runs out. */
#include "text/decode.h"

#include "base/memory.h"
#include "harness/test.h"
#include "text/charset_table.h"
#include "text/utf8.h"

static const struct charset *find(const char *label)
{
    return charset_find((bytes){.ptr = (const uint8_t *)label, .len = strlen(label)});
}

static bytes raw(const char *text, size_t len)
{
    return (bytes){.ptr = (const uint8_t *)text, .len = len};
}

#define RAW(literal) raw("" literal, sizeof(literal) - 1)

static void check_decodes(const char *label, bytes content, str expected, int64_t replaced,
                          int64_t replaced_first)
{
    struct arena arena;
    struct decoded out;
    arena_init(&arena, 1 << 20);
    CHECK(decode(&arena, content, find(label), &out) == STATUS_OK);
    CHECK_STR(out.text, expected);
    CHECK_INT(out.replaced, replaced);
    CHECK_INT(out.replaced_first, replaced_first);
    arena_release(&arena);
}

TEST(valid_utf8_is_lent_and_not_copied)
{
    struct arena arena;
    struct decoded out;
    const bytes content = RAW("\xE4\xB8\xAD text");
    arena_init(&arena, 0);
    CHECK(decode(&arena, content, charset_utf_8, &out) == STATUS_OK);
    CHECK((const uint8_t *)out.text.ptr == content.ptr);
    CHECK_INT(out.text.len, content.len);
    CHECK(out.origin == NULL);
    CHECK_INT(origin_content_offset(out.origin, 3), 3);
    arena_release(&arena);
}

TEST(a_byte_order_mark_is_taken_off_and_counted)
{
    struct arena arena;
    struct decoded out;
    const bytes content = RAW("\xEF\xBB\xBFtext");
    arena_init(&arena, 1 << 20);
    CHECK(decode(&arena, content, charset_utf_8, &out) == STATUS_OK);
    CHECK((const uint8_t *)out.text.ptr == content.ptr + 3);
    CHECK_INT(out.bom_len, 3);
    CHECK_INT(origin_content_offset(out.origin, 0), 3);
    CHECK_INT(origin_content_offset(out.origin, 4), 7);
    CHECK(decode(&arena, RAW("\xFF\xFE\x2D\x4E"), charset_utf_16le, &out) == STATUS_OK);
    CHECK_STR(out.text, STR("中"));
    CHECK_INT(out.bom_len, 2);
    CHECK_INT(origin_content_offset(out.origin, 0), 2);
    CHECK(decode(&arena, RAW("\xFE\xFF\x4E\x2D"), charset_utf_16be, &out) == STATUS_OK);
    CHECK_STR(out.text, STR("中"));
    arena_release(&arena);
}

TEST(no_content_is_an_empty_text)
{
    static const char *const labels[] = {"utf-8", "gbk", "utf-16le", "iso-2022-jp", "hz-gb-2312"};
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        struct arena arena;
        struct decoded out;
        arena_init(&arena, 1 << 20);
        CHECK(decode(&arena, (bytes){0}, find(labels[i]), &out) == STATUS_OK);
        CHECK(out.text.ptr != NULL);
        CHECK_INT(out.text.len, 0);
        CHECK_INT(origin_content_offset(out.origin, 0), 0);
        arena_release(&arena);
    }
}

TEST(utf8_errors_are_maximal_subparts)
{
    check_decodes("utf-8", RAW("a\xFFz"), STR("a�z"), 1, 1);
    check_decodes("utf-8", RAW("\xE4\xB8z"), STR("�z"), 1, 0);
    check_decodes("utf-8", RAW("\xF0\x9F\x98"), STR("�"), 1, 0);
    check_decodes("utf-8", RAW("\xED\xA0\x80"), STR("���"), 3, 0);
    check_decodes("utf-8", RAW("\xC0\x80\xE4\xB8\xAD"), STR("��中"), 2, 0);
}

TEST(gb18030_reads_two_and_four_bytes_of_the_edition_of_2022)
{
    check_decodes("gb18030", RAW("\xD6\xD0\xCE\xC4"), STR("中文"), 0, -1);
    check_decodes("gb2312", RAW("\x80\xA3\xA0"), STR("€\xE3\x80\x80"), 0, -1);
    check_decodes("gb18030", RAW("\xA6\xD9\xFE\x59"), STR("\xEF\xB8\x90\xE9\xBE\xB4"), 0, -1);
    check_decodes("gb18030", RAW("\x81\x30\x81\x30\x95\x32\x82\x36"),
                  STR("\xC2\x80\xF0\xA0\x80\x80"), 0, -1);
    check_decodes("gb18030", RAW("\x81\x35\xF4\x37"), STR("\xEE\x9F\x87"), 0, -1);
    check_decodes("gb18030", RAW("\xE3\x32\x9A\x35"), STR("\xF4\x8F\xBF\xBF"), 0, -1);
}

TEST(gb18030_gives_back_what_was_not_part_of_an_error)
{
    check_decodes("gb18030", RAW("\x82\x22"), STR("�\""), 1, 0);
    check_decodes("gb18030", RAW("\x81\x30zz"), STR("�0zz"), 1, 0);
    check_decodes("gb18030", RAW("\x81\x30\xD6\xD0"), STR("�0中"), 1, 0);
    check_decodes("gb18030", RAW("\x81\x30\x81"), STR("�"), 1, 0);
    check_decodes("gb18030", RAW("\x84\x31\xA5\x30"), STR("�"), 1, 0);
    check_decodes("gb18030", RAW("a\xFF\xFF"), STR("a��"), 2, 1);
}

TEST(ascii_behind_a_bad_lead_stays)
{
    check_decodes("big5", RAW("\x87<p>"), STR("�<p>"), 1, 0);
    check_decodes("shift_jis", RAW("\x81<p>"), STR("�<p>"), 1, 0);
    check_decodes("euc-jp", RAW("\x8F\xA1<p>"), STR("�<p>"), 1, 0);
    check_decodes("euc-kr", RAW("\x81<p>"), STR("�<p>"), 1, 0);
    check_decodes("big5", RAW("\xA4\xA4\xA4"), STR("中�"), 1, 2);
}

TEST(big5_has_pairs_and_plane_two)
{
    check_decodes("big5", RAW("\x88\x62\x88\xA5"), STR("\xC3\x8A\xCC\x84\xC3\xAA\xCC\x8C"), 0, -1);
    check_decodes("big5", RAW("\x87\x45"), STR("\xF0\xA7\x89\xA7"), 0, -1);
}

TEST(iso_2022_jp_switches_sets)
{
    check_decodes("iso-2022-jp", RAW("a\x1B$B\x46\x7C\x4B\x5C\x1B(Bb"), STR("a日本b"), 0, -1);
    check_decodes("iso-2022-jp", RAW("\x1B(J\\~\x1B(I\x31\x1B(B"), STR("¥‾ｱ"), 0, -1);
    check_decodes("iso-2022-jp", RAW("\x1B$B\x1B(Bx"), STR("�x"), 1, 3);
    check_decodes("iso-2022-jp", RAW("\x1B$Zx"), STR("�$Zx"), 1, 0);
}

TEST(utf16_errors_are_lone_surrogates_and_half_units)
{
    check_decodes("utf-16le", RAW("\x3D\xD8\x00\xDE"), STR("😀"), 0, -1);
    check_decodes("utf-16le", RAW("\x3D\xD8z\0"), STR("�z"), 1, 0);
    check_decodes("utf-16be", RAW("\xDC\x00\0z\x4E"), STR("�z�"), 2, 0);
    check_decodes("utf-16be", RAW("\xD8\x3D\xDE"), STR("�"), 1, 0);
}

TEST(single_bytes_without_a_character_are_errors)
{
    check_decodes("windows-1252", RAW("\x80\x81\xE9"), STR("€\xC2\x81é"), 0, -1);
    check_decodes("windows-1253", RAW("\xE1\xD2"), STR("α�"), 1, 1);
    check_decodes("replacement", RAW("anything"), STR("�"), 1, 0);
    check_decodes("x-user-defined", RAW("a\xFF"), STR("a\xEF\x9F\xBF"), 0, -1);
}

/* Pieces of one character or one error each, so that offsets are known without decoding. */
struct pieces {
    const char *label;
    bytes piece[6];
};

static const struct pieces mixed[] = {
    {"utf-8",
     {{(const uint8_t *)"a", 1},
      {(const uint8_t *)"\xC3\xA9", 2},
      {(const uint8_t *)"\xE4\xB8\xAD", 3},
      {(const uint8_t *)"\xF0\x9F\x98\x80", 4},
      {(const uint8_t *)"\xFF", 1},
      {(const uint8_t *)"\xE4\xB8", 2}}},
    {"gb18030",
     {{(const uint8_t *)"a", 1},
      {(const uint8_t *)"\xD6\xD0", 2},
      {(const uint8_t *)"\x81\x30\x81\x30", 4},
      {(const uint8_t *)"\x95\x32\x82\x36", 4},
      {(const uint8_t *)"\xFF", 1},
      {(const uint8_t *)"\x84\x31\xA5\x30", 4}}},
    {"big5",
     {{(const uint8_t *)"a", 1},
      {(const uint8_t *)"\xA4\xA4", 2},
      {(const uint8_t *)"\x87\x45", 2},
      {(const uint8_t *)"\xA4\x40", 2},
      {(const uint8_t *)"\xFF", 1},
      {(const uint8_t *)"\x81\xFF", 2}}},
    {"shift_jis",
     {{(const uint8_t *)"a", 1},
      {(const uint8_t *)"\x93\xFA", 2},
      {(const uint8_t *)"\xB1", 1},
      {(const uint8_t *)"\x83\x41", 2},
      {(const uint8_t *)"\xA0", 1},
      {(const uint8_t *)"\x85\xFF", 2}}},
    {"euc-jp",
     {{(const uint8_t *)"a", 1},
      {(const uint8_t *)"\xC6\xFC", 2},
      {(const uint8_t *)"\x8E\xB1", 2},
      {(const uint8_t *)"\x8F\xB0\xA1", 3},
      {(const uint8_t *)"\xFF", 1},
      {(const uint8_t *)"\x8F\xA1\xFF", 3}}},
    {"euc-kr",
     {{(const uint8_t *)"a", 1},
      {(const uint8_t *)"\xC7\xD1", 2},
      {(const uint8_t *)"\x81\x41", 2},
      {(const uint8_t *)"\xB1\xDB", 2},
      {(const uint8_t *)"\xFF", 1},
      {(const uint8_t *)"\xC9\xFF", 2}}},
    {"utf-16le",
     {{(const uint8_t *)"a\0", 2},
      {(const uint8_t *)"\x2D\x4E", 2},
      {(const uint8_t *)"\x3D\xD8\x00\xDE", 4},
      {(const uint8_t *)"\xE9\0", 2},
      {(const uint8_t *)"\x00\xDC", 2},
      {(const uint8_t *)"\0\0", 2}}},
    {"utf-16be",
     {{(const uint8_t *)"\0a", 2},
      {(const uint8_t *)"\x4E\x2D", 2},
      {(const uint8_t *)"\xD8\x3D\xDE\x00", 4},
      {(const uint8_t *)"\0\xE9", 2},
      {(const uint8_t *)"\xDC\x00", 2},
      {(const uint8_t *)"\0\0", 2}}},
    {"iso-2022-jp",
     {{(const uint8_t *)"a", 1},
      {(const uint8_t *)"b", 1},
      {(const uint8_t *)"\x80", 1},
      {(const uint8_t *)"\x0E", 1},
      {(const uint8_t *)"\n", 1},
      {(const uint8_t *)"\\", 1}}},
};

enum { PIECES = 20000 };

/* Rising, every byte of the text, over many checkpoints; then falling in jumps. */
TEST(every_character_knows_its_first_byte)
{
    static uint8_t content[PIECES * 4];
    static size_t starts[PIECES + 1];
    for (size_t m = 0; m < sizeof mixed / sizeof mixed[0]; m++) {
        size_t len = 0;
        uint32_t random = 7;
        for (size_t i = 0; i < PIECES; i++) {
            random = random * 1664525 + 1013904223;
            const bytes piece = mixed[m].piece[(random >> 16) % 6];
            starts[i] = len;
            memcpy(content + len, piece.ptr, piece.len);
            len += piece.len;
        }
        starts[PIECES] = len;
        struct arena arena;
        struct decoded out;
        arena_init(&arena, 1 << 24);
        CHECK(decode(&arena, (bytes){.ptr = content, .len = len}, find(mixed[m].label), &out) ==
              STATUS_OK);
        CHECK_INT(utf8_count(out.text), PIECES);
        long wrong = 0;
        size_t at = 0;
        for (size_t i = 0; i < PIECES && at < out.text.len; i++) {
            size_t next = at;
            (void)utf8_next(out.text, &next);
            for (; at < next; at++) {
                wrong += origin_content_offset(out.origin, at) != starts[i];
            }
        }
        CHECK_INT(wrong, 0);
        CHECK_INT(origin_content_offset(out.origin, out.text.len), len);
        CHECK_INT(origin_content_offset(out.origin, SIZE_MAX), len);
        size_t piece = PIECES;
        for (size_t back = out.text.len; back && piece;) {
            (void)utf8_previous(out.text, &back);
            piece--;
            if (piece % 97 == 0) {
                wrong += origin_content_offset(out.origin, back) != starts[piece];
            }
        }
        CHECK_INT(wrong, 0);
        arena_release(&arena);
    }
}

TEST(a_character_behind_an_escape_sequence_begins_behind_it)
{
    struct arena arena;
    struct decoded out;
    arena_init(&arena, 1 << 20);
    CHECK(decode(&arena, RAW("a\x1B$B\x46\x7C\x1B(Bb"), find("iso-2022-jp"), &out) == STATUS_OK);
    CHECK_INT(origin_content_offset(out.origin, 0), 0);
    CHECK_INT(origin_content_offset(out.origin, 1), 4);
    CHECK_INT(origin_content_offset(out.origin, 2), 4);
    CHECK_INT(origin_content_offset(out.origin, 4), 9);
    arena_release(&arena);
}

/* ASCII in front, dense behind, errors last: every estimate from the beginning is too low. */
TEST(text_that_outgrows_its_estimate_is_whole)
{
    enum { PART = 600000 };
    static uint8_t content[3 * PART];
    memset(content, 'a', PART);
    for (size_t i = 0; i < PART; i += 2) {
        memcpy(content + PART + i, "\xD6\xD0", 2);
    }
    memset(content + 2 * PART, 0xFF, PART);
    struct arena arena;
    struct decoded out;
    arena_init(&arena, 1 << 24);
    CHECK(decode(&arena, (bytes){.ptr = content, .len = sizeof content}, charset_gb18030, &out) ==
          STATUS_OK);
    CHECK_INT(out.text.len, PART + PART / 2 * 3 + PART * 3);
    CHECK_INT(out.replaced, PART);
    CHECK_INT(out.replaced_first, 2 * PART);
    CHECK_STR(str_slice(out.text, PART - 1, PART + 3), STR("a中"));
    CHECK(utf8_is_valid(str_bytes(out.text)));
    CHECK(arena.peak_bytes < out.text.len / 4 * 9); /* one copy, no more */
    arena_release(&arena);
}

TEST(large_dense_text_takes_little_more_than_its_size)
{
    enum { SIZE = 4000000 };
    static uint8_t content[SIZE];
    for (size_t i = 0; i < SIZE; i += 2) {
        memcpy(content + i, i % 32 ? "\xD6\xD0" : "\r\n", 2);
    }
    struct arena arena;
    struct decoded out;
    arena_init(&arena, 1 << 24);
    CHECK(decode(&arena, (bytes){.ptr = content, .len = SIZE}, charset_gb18030, &out) == STATUS_OK);
    CHECK(arena.peak_bytes < out.text.len / 4 * 5);
    arena_release(&arena);
}

static const char sweep_text[] =
    "a\xD6\xD0\x81\x30\x81\x30\x95\x32\x82\x36\xFF\x82\x22\x80z\x1B$B"
    "\x46\x7C\x1B(B\xA4\xA4\x8E\xB1\x8F\xB0\xA1\xE4\xB8\xAD\xF0\x9F~{VP~}"
    "\x1B$)A\x0EVP\x1B$*H\x1BN!!\x0F\x8E\xA2\xA1\xA1+2D3eAA-";

/* The content is copied to its own memory, so that the sanitizer sees a read behind its end. */
TEST(a_cut_anywhere_gives_valid_text_and_ordered_offsets)
{
    long texts = 0;
    for (size_t n = 0; charset_at(n); n++) {
        for (size_t len = 0; len < sizeof sweep_text; len++) {
            struct arena arena;
            struct decoded out;
            uint8_t *const cut = memory_allocate(len ? len : 1);
            memcpy(cut, sweep_text, len);
            arena_init(&arena, 1 << 20);
            CHECK(decode(&arena, (bytes){.ptr = cut, .len = len}, charset_at(n), &out) ==
                  STATUS_OK);
            CHECK(utf8_is_valid(str_bytes(out.text)));
            size_t before = 0;
            for (size_t at = 0; at <= out.text.len; at++) {
                const size_t offset = origin_content_offset(out.origin, at);
                CHECK(offset >= before && offset <= len);
                before = offset;
            }
            texts += out.text.len > 0;
            arena_release(&arena);
            memory_release(cut);
        }
    }
    CHECK(texts > 4000);
}

static int64_t allocations_left;

static bool refuse_later(size_t size_bytes)
{
    (void)size_bytes;
    return allocations_left-- <= 0;
}

TEST(memory_that_runs_out_is_said)
{
    static uint8_t content[200000];
    memset(content, 0xFF, sizeof content);
    long refused = 0;
    bool done = false;
    for (int64_t n = 0; !done; n++) {
        struct arena arena;
        struct decoded out;
        arena_init(&arena, 1 << 24);
        allocations_left = n;
        memory_refuse = refuse_later;
        const enum status status =
            decode(&arena, (bytes){.ptr = content, .len = sizeof content}, charset_gb18030, &out);
        memory_refuse = NULL;
        CHECK(status == STATUS_OK || status == STATUS_NO_MEMORY);
        done = status == STATUS_OK;
        refused += !done;
        arena_release(&arena);
    }
    CHECK(refused >= 2);
}

TEST(the_arena_s_limit_is_kept)
{
    static uint8_t content[100000];
    memset(content, 0xFF, sizeof content);
    struct arena arena;
    struct decoded out;
    arena_init(&arena, 100000);
    CHECK(decode(&arena, (bytes){.ptr = content, .len = sizeof content}, charset_gb18030, &out) ==
          STATUS_NO_MEMORY);
    CHECK(arena.peak_bytes <= 100000);
    arena_release(&arena);
}

TEST_MAIN()
