/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the decoders that the Encoding Standard has not (their rule for errors stands in
 * text/coder.h), and against a fast loop that says something else than its step. */
#include "text/charset_table.h"
#include "text/coder.h"
#include "text/decode.h"
#include "text/utf8.h"

#include "harness/test.h"

#define RAW(literal) ((bytes){.ptr = (const uint8_t *)(literal), .len = sizeof(literal) - 1})

static const struct charset *find(const char *label)
{
    return charset_find((bytes){.ptr = (const uint8_t *)label, .len = strlen(label)});
}

/* `first` is where the first U+FFFD stands, -1: there is none. */
static void check_decodes(const char *label, bytes content, str text, int64_t replaced,
                          int64_t first)
{
    struct arena arena;
    struct decoded out;
    arena_init(&arena, 1 << 20);
    CHECK(decode(&arena, content, find(label), &out) == STATUS_OK);
    CHECK_STR(out.text, text);
    CHECK_INT(out.replaced, replaced);
    CHECK_INT(out.replaced_first, first);
    arena_release(&arena);
}

TEST(hz_shifts_with_tildes)
{
    check_decodes("hz", RAW("Hi ~{<:Ky2;~}."), STR("Hi 己所不."), 0, -1);
    check_decodes("hz-gb-2312", RAW("a~~b~\nc"), STR("a~bc"), 0, -1);
    check_decodes("hz", RAW("~{VPND\nplain"), STR("中文\nplain"), 0, -1);
    check_decodes("hz", RAW("~{VP ND~}"), STR("中 文"), 0, -1);
}

TEST(hz_errors_give_back_what_may_mean_something)
{
    check_decodes("hz", RAW("a~xb"), STR("a�xb"), 1, 1);
    check_decodes("hz", RAW("a~"), STR("a�"), 1, 1);
    check_decodes("hz", RAW("~{V ~}x"), STR("� x"), 1, 2);
    check_decodes("hz", RAW("~{V\nx"), STR("�\nx"), 1, 2);
    check_decodes("hz", RAW("~{VP\xD6\xD0~}"), STR("中��"), 2, 4);
    check_decodes("hz", RAW("~{VPN"), STR("中�"), 1, 4);
}

TEST(iso_2022_kr_shifts_between_ascii_and_ks_x_1001)
{
    check_decodes("iso-2022-kr", RAW("\x1b$)Ca\x0e\x47\x51\x31\x5b\x0f b"), STR("a한글 b"), 0, -1);
    check_decodes("iso-2022-kr", RAW("\x0e\x47\x51\x31\x5b"), STR("한글"), 0, -1);
    check_decodes("iso-2022-kr", RAW("\x0e\x22\x68"), STR("㉾"), 0, -1);
    check_decodes("iso-2022-kr", RAW("\x1b$)C\x0e\x47\x51\nab"), STR("한\nab"), 0, -1);
    check_decodes("iso-2022-kr", RAW("\x1b$)Aab"), STR("�$)Aab"), 1, 0);
    check_decodes("iso-2022-kr", RAW("\x0e\x47\x0f z"), STR("� z"), 1, 1);
    check_decodes("iso-2022-kr", RAW("a\x1b$)"), STR("a�$)"), 1, 1);
}

TEST(iso_2022_cn_reads_each_set_that_was_named)
{
    check_decodes("iso-2022-cn", RAW("\x1b$)A\x0e=;;;\x0f."), STR("交换."), 0, -1);
    check_decodes("iso-2022-cn", RAW("\x1b$)A\x0e=;;;\x1b$)GG(_P\x0f."), STR("交换交換."), 0, -1);
    check_decodes("iso-2022-cn", RAW("\x1b$*H\x1bN\x21\x21x"), STR("乂x"), 0, -1);
    check_decodes("iso-2022-cn-ext", RAW("\x1b$+I\x1bO\x21\x21x"), STR("丨x"), 0, -1);
    check_decodes("iso-2022-cn-ext", RAW("\x1b$)E\x0e\x30\x21"), STR("啊"), 0, -1);
    check_decodes("iso-2022-cn", RAW("\x0e=;"), STR("�=;"), 1, 0);
    check_decodes("iso-2022-cn", RAW("\x1bN\x21\x21"), STR("�!!"), 1, 0);
    check_decodes("iso-2022-cn", RAW("\x1b$)Bx"), STR("�$)Bx"), 1, 0);
    check_decodes("iso-2022-cn", RAW("\x1b$*H\x1bN\x21"), STR("�!"), 1, 4);
    check_decodes("iso-2022-cn", RAW("\x1b$)A\x0e=;\n=;\x0e=;"), STR("交\n=;交"), 0, -1);
}

TEST(euc_tw_reads_planes_and_gives_ascii_back)
{
    check_decodes("euc-tw", RAW("a\xC4\xE3\xC5\xC6z"), STR("a中文z"), 0, -1);
    check_decodes("euc-tw", RAW("\x8E\xA1\xC4\xE3\x8E\xA2\xA1\xA1"), STR("中乂"), 0, -1);
    check_decodes("euc-tw", RAW("\x8E\xA3\xA1\xA3"), STR("丿"), 0, -1);
    check_decodes("euc-tw",
                  RAW("\xC4"
                      "A\x8E"
                      "A\x8E\xA2"
                      "A\x8E\xA2\xA1"
                      "A"),
                  STR("�A�A�A�A"), 4, 0);
    check_decodes("euc-tw", RAW("\x8E\xB1\xA1\xA1"), STR("�\xE3\x80\x80"), 1, 0);
    check_decodes("euc-tw", RAW("\x8E\xA8\xA1\xA1x"), STR("�x"), 1, 0);
    check_decodes("euc-tw", RAW("x\x8E\xA2\xA1"), STR("x�"), 1, 1);
}

TEST(johab_builds_syllables_of_letters)
{
    check_decodes("johab", RAW("\xD0\x65\x8B\x69"), STR("한글"), 0, -1);
    check_decodes("johab", RAW("\x88\x41\x84\x61\x84\x42\x84\x41"), STR("ㄱㅏㄱ\xE3\x80\x80"), 0,
                  -1);
    check_decodes("johab", RAW("\xD9\x31\xE0\x31\xF7\xD3\\"), STR("\xE3\x80\x80伽漢\\"), 0, -1);
    check_decodes("johab", RAW("\x84\x20\xFFz\x88"), STR("� �z�"), 3, 0);
    check_decodes("johab", RAW("\x84\x62x"), STR("�bx"), 1, 0);
}

TEST(utf_7_reads_base64_between_plus_and_minus)
{
    check_decodes("utf-7", RAW("A+ImIDkQ."), STR("A≢Α."), 0, -1);
    check_decodes("utf-7", RAW("Hi Mom +Jjo-!"), STR("Hi Mom ☺!"), 0, -1);
    check_decodes("utf-7", RAW("+ZeVnLIqe"), STR("日本語"), 0, -1);
    check_decodes("utf-7", RAW("1 +- 1+AD0-2 \\~"), STR("1 + 1=2 \\~"), 0, -1);
    check_decodes("unicode-1-1-utf-7", RAW("+2D3eAA-x"), STR("😀x"), 0, -1);
    check_decodes("utf-7", RAW("+2D3eAG2D-"), STR("😀涃"), 0, -1);
}

TEST(utf_7_errors_are_counted)
{
    check_decodes("utf-7", RAW("a+ b"), STR("a� b"), 1, 1);
    check_decodes("utf-7", RAW("+2D0-x"), STR("�x"), 1, 1);
    check_decodes("utf-7", RAW("+3gA-x"), STR("�x"), 1, 1);
    check_decodes("utf-7", RAW("+2D0AQQ-x"), STR("�Ax"), 1, 1);
    check_decodes("utf-7", RAW("+AEE*\xE9"), STR("A*�"), 1, 5);
    check_decodes("utf-7", RAW("+AEEA-x"), STR("A�x"), 1, 4);
    check_decodes("utf-7", RAW("+AEE"), STR("A"), 0, -1);
    check_decodes("utf-7", RAW("a+"), STR("a�"), 1, 1);
}

TEST(utf_32_keeps_to_scalar_values)
{
    check_decodes("utf-32", RAW("A\0\0\0\0\xF6\x01\0"), STR("A😀"), 0, -1);
    check_decodes("utf-32be", RAW("\0\0\0A\0\x11\0\0\0\0\xD8\0\0"), STR("A���"), 3, 4);
}

TEST(ebcdic_reads_all_its_bytes_through_a_table)
{
    check_decodes("cp037", RAW("\xC8\x85\x93\x93\x96\x5A\x25"), STR("Hello!\n"), 0, -1);
    check_decodes("cp500", RAW("\xC8\x85\x93\x93\x96\x4F"), STR("Hello!"), 0, -1);
    check_decodes("ibm1047", RAW("\xAD\xBD\xC0\xD0"), STR("[]{}"), 0, -1);
    check_decodes("ibm424", RAW("\x41\x70"), STR("א�"), 1, 1);
}

TEST(pages_of_dos_and_the_mac_are_tables)
{
    check_decodes("cp437",
                  RAW("\x81"
                      "ber\xE1"),
                  STR("überß"), 0, -1);
    check_decodes("cp850", RAW("\xC7\xD5"), STR("Ãı"), 0, -1);
    check_decodes("cp852", RAW("\x88\xA6"), STR("łŽ"), 0, -1);
    check_decodes("cp855", RAW("\xE1\xE2"), STR("рР"), 0, -1);
    check_decodes("x-mac-ce", RAW("\xB8\xE7"), STR("łÁ"), 0, -1);
    check_decodes("viscii", RAW("Vi\xAEt"), STR("Việt"), 0, -1);
    check_decodes("x-mac-japanese", RAW("\x93\xFA\x5C\x80\xFD"), STR("日¥\\©"), 0, -1);
    check_decodes("x-mac-chinesesimp", RAW("\xD6\xD0\x80\xFF"), STR("中ü…"), 0, -1);
    check_decodes("x-mac-hebrew", RAW("\xE0\x81\xA1"), STR("א\xEF\xAC\x9F!"), 0, -1);
}

/* Bytes as random as the encodings are: some anywhere, some runs of one lead range, some ASCII. */
static void fill(uint8_t *out, size_t len, uint32_t *random)
{
    uint32_t kind = 0;
    for (size_t i = 0; i < len; i++) {
        *random = *random * 1664525 + 1013904223;
        const uint32_t r = *random >> 8;
        if (r % 29 == 0) {
            kind = r / 29 % 6;
        }
        static const uint8_t escapes[] = "\x1b\x0e\x0f~{}$)(*+AGEHINOBJC-";
        switch (kind) {
        case 0:
            out[i] = (uint8_t)(r >> 4);
            break;
        case 1:
            out[i] = (uint8_t)(0xA1 + (r >> 4) % 94);
            break;
        case 2:
            out[i] = (uint8_t)(0x20 + (r >> 4) % 95);
            break;
        case 3:
            out[i] = escapes[(r >> 4) % (sizeof escapes - 1)];
            break;
        case 4:
            out[i] = (uint8_t)(i % 2 ? 0x30 + (r >> 4) % 80 : 0x81 + (r >> 4) % 126);
            break;
        default:
            out[i] = (uint8_t)(0x81 + (r >> 4) % 30);
            break;
        }
    }
}

enum { LONG_LEN = 70000, ROUNDS = 4 };

/* Steps from a start of its own each time, so that the fast loop meets every alignment. */
static long differences(bytes content, const struct charset *charset, const struct decoded *decoded)
{
    struct coder_mode mode = {0};
    size_t text_at = 0;
    int64_t errors = 0;
    for (size_t at = decoded->bom_len; at < content.len;) {
        const struct step step = charset->coder->step(content, at, &mode, charset->upper_half);
        const uint32_t code_points[] = {step.first, step.second};
        for (uint8_t i = 0; i < step.count; i++) {
            if (text_at >= decoded->text.len ||
                utf8_next(decoded->text, &text_at) != code_points[i]) {
                return 1;
            }
        }
        errors += step.is_error;
        at += step.len;
    }
    return text_at != decoded->text.len || errors != decoded->replaced;
}

TEST(a_run_says_what_its_steps_say_in_every_encoding)
{
    static uint8_t content[LONG_LEN];
    uint32_t random = 11;
    long characters = 0;
    size_t count = 0;
    for (; charset_at(count); count++) {
        long different = 0;
        for (size_t round = 0; round < ROUNDS; round++) {
            struct arena arena;
            struct decoded out;
            fill(content, sizeof content, &random);
            const bytes all = bytes_slice((bytes){.ptr = content, .len = sizeof content}, round,
                                          sizeof content - round * 7);
            arena_init(&arena, 1 << 24);
            CHECK(decode(&arena, all, charset_at(count), &out) == STATUS_OK);
            CHECK(utf8_is_valid(str_bytes(out.text)));
            different += differences(all, charset_at(count), &out);
            characters += (long)utf8_count(out.text);
            arena_release(&arena);
        }
        CHECK_INT(different, 0);
    }
    CHECK(count > 90);
    CHECK(characters > 10000000);
}

TEST_MAIN()
