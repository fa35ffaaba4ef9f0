/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the answer to "which encoding?": evidence, declarations that lie, and "not text". */
#include "text/detect.h"

#include "base/memory.h"
#include "harness/test.h"

#define RAW(literal) ((bytes){.ptr = (const uint8_t *)("" literal), .len = sizeof(literal) - 1})

/* 责任与权力的关系，我们都是… in each encoding. */
#define GBK_TEXT                                                                                   \
    "\xD4\xF0\xC8\xCE\xD3\xEB\xC8\xA8\xC1\xA6\xB5\xC4\xB9\xD8\xCF\xB5\xA3\xAC\xCE\xD2\xC3\xC7"
#define BIG5_TEXT                                                                                  \
    "\xB3\x64\xA5\xF4\xBB\x50\xC5\x76\xA4\x4F\xAA\xBA\xC3\xF6\xAB\x59\xA1\x41\xA7\xDA\xAD\xCC"
#define SJIS_TEXT                                                                                  \
    "\x90\xD3\x94\x43\x82\xC6\x8C\xA0\x97\xCD\x82\xCC\x8A\xD6\x8C\x57\x82\xC9\x82\xC2\x82\xA2"     \
    "\x82\xC4"
#define EUC_KR_TEXT                                                                                \
    "\xC3\xA5\xC0\xD3\xB0\xFA \xB1\xC7\xB7\xC2\xC0\xC7 \xB0\xFC\xB0\xE8\xB8\xA6 \xB8\xBB\xC7\xD1"  \
    "\xB4\xD9"
#define KOI8_TEXT                                                                                  \
    "\xFC\xD4\xCF \xD2\xD5\xD3\xD3\xCB\xC9\xCA \xD4\xC5\xCB\xD3\xD4 \xD7 \xCB\xCF\xC4\xC9\xD2\xCF" \
    "\xD7\xCB\xC5, \xC4\xCC\xC9\xCE\xCE\xD9\xCA"

static struct detection detected(bytes content, struct detect_hints hints)
{
    struct detection out;
    detect(content, &hints, &out);
    return out;
}

static void check_found(bytes content, const struct charset *charset, str source)
{
    const struct detection out = detected(content, (struct detect_hints){0});
    CHECK_STR(out.charset ? charset_name(out.charset) : STR("none"),
              charset ? charset_name(charset) : STR("none"));
    CHECK_STR(out.source, source);
    CHECK(out.confidence >= 0 && out.confidence <= 1);
}

TEST(bytes_alone_tell_the_encoding)
{
    check_found(RAW("plain"), charset_utf_8, STR("detected"));
    check_found(RAW(""), charset_utf_8, STR("detected"));
    check_found(RAW("责任与权力"), charset_utf_8, STR("detected"));
    check_found(RAW(GBK_TEXT), charset_gb18030, STR("detected"));
    check_found(RAW(BIG5_TEXT), charset_big5, STR("detected"));
    check_found(RAW(SJIS_TEXT), charset_shift_jis, STR("detected"));
    check_found(RAW(EUC_KR_TEXT), charset_euc_kr, STR("detected"));
    check_found(RAW("Un caf\xE9 tr\xE8s \xE9l\xE9gant, d\xE9j\xE0 vu"), charset_windows_1252,
                STR("detected"));
    check_found(RAW("a\x1B$B\x46\x7C\x4B\x5C\x1B(Bb"), charset_find(RAW("iso-2022-jp")),
                STR("detected"));
}

TEST(a_byte_order_mark_decides)
{
    check_found(RAW("\xEF\xBB\xBF" GBK_TEXT), charset_utf_8, STR("bom"));
    check_found(RAW("\xFF\xFE\x2D\x4E"), charset_utf_16le, STR("bom"));
    check_found(RAW("\xFE\xFF\x4E\x2D"), charset_utf_16be, STR("bom"));
    const struct detection out =
        detected(RAW("\xEF\xBB\xBFx"), (struct detect_hints){.http = RAW("gbk")});
    CHECK(out.charset == charset_utf_8);
}

TEST(wide_units_are_seen_without_a_mark)
{
    check_found(RAW("a\0b\0 \0c\0d\0\r\0\n\0e\0f\0g\0"), charset_utf_16le, STR("detected"));
    check_found(RAW("\0a\0b\0 \0c\0d\0\r\0\n\0e\0f\0g"), charset_utf_16be, STR("detected"));
    /* 责任与权力的关系。 and a line end, twice */
    check_found(
        RAW("\x23\x8D\xFB\x4E\x0E\x4E\x43\x67\x9B\x52\x84\x76\x73\x51\xFB\x7C\x02\x30\r\0\n\0"
            "\x23\x8D\xFB\x4E\x0E\x4E\x43\x67\x9B\x52\x84\x76\x73\x51\xFB\x7C\x02\x30\r\0\n\0"),
        charset_utf_16le, STR("detected"));
    check_found(
        RAW("\x8D\x23\x4E\xFB\x4E\x0E\x67\x43\x52\x9B\x76\x84\x51\x73\x7C\xFB\x30\x02\0\r\0\n"
            "\x8D\x23\x4E\xFB\x4E\x0E\x67\x43\x52\x9B\x76\x84\x51\x73\x7C\xFB\x30\x02\0\r\0\n"),
        charset_utf_16be, STR("detected"));
    CHECK_STR(charset_name(detected(RAW("a\0\0\0b\0\0\0c\0\0\0d\0\0\0e\0\0\0f\0\0\0"),
                                    (struct detect_hints){0})
                               .charset),
              STR("UTF-32LE"));
}

TEST(tables_of_small_numbers_are_no_wide_text)
{
    uint8_t table[2048] = {0};
    for (size_t i = 0; i < sizeof table / 2; i++) {
        table[2 * i] = (uint8_t)i;
        table[2 * i + 1] = (uint8_t)(i >> 8);
    }
    check_found((bytes){.ptr = table, .len = sizeof table}, NULL, STR(""));
    memset(table, 0, sizeof table);
    for (size_t i = 0; i < sizeof table / 4; i++) {
        table[4 * i] = (uint8_t)(i * 37);
    }
    check_found((bytes){.ptr = table, .len = sizeof table}, NULL, STR(""));
}

TEST(what_is_not_text_or_has_no_evidence_is_said)
{
    uint8_t noise[4096];
    uint32_t random = 3;
    for (size_t i = 0; i < sizeof noise; i++) {
        random = random * 1664525 + 1013904223;
        noise[i] = (uint8_t)(random >> 24);
    }
    check_found((bytes){.ptr = noise, .len = sizeof noise}, NULL, STR(""));
    for (size_t i = 0; i < sizeof noise; i++) {
        noise[i] |= 0x80;
    }
    check_found((bytes){.ptr = noise, .len = sizeof noise}, NULL, STR(""));
    memset(noise, 0, sizeof noise);
    check_found((bytes){.ptr = noise, .len = sizeof noise}, NULL, STR(""));
    check_found(RAW("\x7F"
                    "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0\x01\0\0\0"),
                NULL, STR(""));
}

static void check_read(bytes content, const char *label, const char *language)
{
    const struct detection out = detected(content, (struct detect_hints){0});
    CHECK_STR(out.charset ? charset_name(out.charset) : STR("none"), str_of(label));
    CHECK_STR(out.language, str_of(language));
    CHECK(out.confidence > 0.3);
}

TEST(single_byte_encodings_are_told_by_the_language_their_letters_make)
{
    check_read(RAW(KOI8_TEXT), "KOI8-R", "ru");
    check_read(RAW("Za\xBF\xF3\xB3\xE6 g\xEA\xB6l\xB1 ja\xBC\xF1"), "ISO-8859-2", "pl");
    check_read(RAW("Za\xBF\xF3\xB3\xE6 g\xEA\x9Cl\xB9 ja\x9F\xF1"), "windows-1250", "pl");
    /* Русский язык и его история */
    check_read(RAW("\x90\xE3\xE1\xE1\xAA\xA8\xA9 \xEF\xA7\xEB\xAA \xA8 \xA5\xA3\xAE "
                   "\xA8\xE1\xE2\xAE\xE0\xA8\xEF"),
               "IBM866", "ru");
    check_read(RAW("\xD0\xF3\xF1\xF1\xEA\xE8\xE9 \xFF\xE7\xFB\xEA \xE8 \xE5\xE3\xEE "
                   "\xE8\xF1\xF2\xEE\xF0\xE8\xFF"),
               "windows-1251", "ru");
    /* Η ελληνική γλώσσα και η ιστορία της */
    check_read(RAW("\xC7 \xE5\xEB\xEB\xE7\xED\xE9\xEA\xDE \xE3\xEB\xFE\xF3\xF3\xE1 "
                   "\xEA\xE1\xE9 \xE7 \xE9\xF3\xF4\xEF\xF1\xDF\xE1 \xF4\xE7\xF2"),
               "windows-1253", "el");
    /* Çok güzel bir şehir, değil mi? Işıklar */
    check_read(RAW("\xC7ok g\xFCzel bir \xFE"
                   "ehir, de\xF0il mi? I\xFE\xFDklar"),
               "windows-1254", "tr");
    /* השפה העברית */
    check_read(RAW("\xE4\xF9\xF4\xE4 \xE4\xF2\xE1\xF8\xE9\xFA \xF9\xEC\xE5\xED"), "windows-1255",
               "he");
}

static void check_evidence(bytes content, struct detect_hints hints, str evidence, double least,
                           double most)
{
    const struct detection out = detected(content, hints);
    CHECK_STR(out.evidence, evidence);
    CHECK(out.confidence >= least && out.confidence <= most);
}

TEST(what_decided_is_kept)
{
    check_evidence(RAW("plain"), (struct detect_hints){0}, STR("ascii"), 1, 1);
    check_evidence(RAW("责任与权力"), (struct detect_hints){0}, STR("utf-8"), 0.9, 1);
    check_evidence(RAW(GBK_TEXT), (struct detect_hints){0}, STR("words"), 0.95, 1);
    check_evidence(RAW(KOI8_TEXT), (struct detect_hints){0}, STR("words"), 0.95, 1);
    check_evidence(RAW("a~{VPND~}b"), (struct detect_hints){0}, STR("escapes"), 1, 1);
    check_evidence(RAW("the price is about \xA3 at all places"), (struct detect_hints){0},
                   STR("few"), 0.3, 0.8);
    check_evidence(RAW(KOI8_TEXT), (struct detect_hints){.http = RAW("koi8-r")}, STR(""), 0.9, 1);
    CHECK(detected(RAW(KOI8_TEXT), (struct detect_hints){0}).margin > 3);
    CHECK(detected(RAW(KOI8_TEXT), (struct detect_hints){.http = RAW("big5")}).label_wrong);
}

/* Bytes that were lost or overwritten, in few of many words: no other encoding explains the rest. */
TEST(utf_8_that_was_damaged_stays_utf_8)
{
    static const char good[] = "Widersprüche für möglich, größer über Höhe und schöne Äpfel. ";
    char text[2048];
    size_t len = 0;
    for (int i = 0; i < 20; i++) {
        memcpy(text + len, good, sizeof good - 1);
        len += sizeof good - 1;
    }
    text[200] = (char)0x88;
    text[700] = (char)0xC6;
    const bytes damaged = {.ptr = (const uint8_t *)text, .len = len};
    check_found(damaged, charset_utf_8, STR("detected"));
    struct detection out = detected(
        damaged, (struct detect_hints){.declared = RAW("utf-8"), .declared_source = STR("meta")});
    CHECK(out.charset == charset_utf_8 && !out.label_wrong);
    CHECK_STR(out.source, STR("meta"));
    CHECK(!detect_again(damaged, 2, &out));
    out = detected(damaged, (struct detect_hints){.declared = RAW("windows-1252"),
                                                  .declared_source = STR("meta")});
    CHECK(out.charset == charset_utf_8 && out.label_wrong);
}

TEST(escapes_tell_encodings_whose_bytes_are_ascii)
{
    check_read(RAW("a~{VPND~}b"), "HZ-GB-2312", "");
    check_read(RAW("\x1B$)C\x0E\x30\x21\x33\x2A\x0F ok"), "ISO-2022-KR", "");
    check_found(RAW("a ~{ b ~} c"), charset_utf_8, STR("detected"));
}

TEST(text_that_a_format_vouches_for_is_read_somehow)
{
    const bytes noise = RAW("\xFF\xD7\x81\xF7 \xFF\xD7\x81\xF7 \xFF\xD7\x81\xF7 \xFF\x8D\x81\xF7");
    const struct detection out = detected(noise, (struct detect_hints){.is_text = true});
    CHECK(out.charset == charset_windows_1252);
    CHECK_STR(out.source, STR("default"));
    CHECK(out.confidence == 0);
}

TEST(the_option_overrules_everything)
{
    const struct detection out =
        detected(RAW("\xEF\xBB\xBFx"), (struct detect_hints){.option = RAW("big5")});
    CHECK(out.charset == charset_big5);
    CHECK_STR(out.source, STR("option"));
}

TEST(declarations_are_believed_where_the_bytes_allow)
{
    struct detection out = detected(RAW(KOI8_TEXT), (struct detect_hints){.http = RAW("koi8-r")});
    CHECK_STR(charset_name(out.charset), STR("KOI8-R"));
    CHECK_STR(out.source, STR("http"));
    CHECK(!out.label_wrong);
    out = detected(RAW(GBK_TEXT), (struct detect_hints){.declared = RAW("gb2312"),
                                                        .declared_source = STR("meta")});
    CHECK_STR(charset_name(out.charset), STR("GBK"));
    CHECK_STR(out.source, STR("meta"));
    out = detected(RAW("plain"), (struct detect_hints){.http = RAW("big5")});
    CHECK(out.charset == charset_big5);
    out = detected(RAW("plain"), (struct detect_hints){.declared = RAW("utf-16"),
                                                       .declared_source = STR("meta")});
    CHECK(out.charset == charset_utf_8);
}

TEST(declarations_that_the_bytes_contradict_are_not)
{
    static const char *const wrong[] = {"gbk", "big5", "iso-8859-1", "shift_jis", "utf-16le"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const bytes label = {.ptr = (const uint8_t *)wrong[i], .len = strlen(wrong[i])};
        const struct detection out =
            detected(RAW("责任与权力的关系"), (struct detect_hints){.http = label});
        CHECK(out.charset == charset_utf_8);
        CHECK(out.label_wrong);
    }
    struct detection out =
        detected(RAW(GBK_TEXT), (struct detect_hints){.http = RAW("utf-8"), .is_text = true});
    CHECK(out.charset == charset_gb18030);
    CHECK(out.label_wrong);
    CHECK_STR(out.source, STR("detected"));
    out = detected(RAW(GBK_TEXT GBK_TEXT GBK_TEXT GBK_TEXT),
                   (struct detect_hints){.http = RAW("iso-8859-1")});
    CHECK(out.charset == charset_gb18030);
    out = detected(RAW(GBK_TEXT), (struct detect_hints){.http = RAW("utf-8"),
                                                        .declared = RAW("gbk"),
                                                        .declared_source = STR("meta")});
    CHECK_STR(charset_name(out.charset), STR("GBK"));
    CHECK_STR(out.source, STR("meta"));
    CHECK(out.label_wrong);
}

/* Text in EBCDIC 037: "the name of the thing is on the page" */
#define EBCDIC_TEXT                                                                                \
    "\xA3\x88\x85\x40\x95\x81\x94\x85\x40\x96\x86\x40\xA3\x88\x85\x40\xA3\x88\x89\x95"             \
    "\x87\x40\x89\xA2\x40\x96\x95\x40\xA3\x88\x85\x40\x97\x81\x87\x85"

static void check_declared(bytes content, const char *http, const char *meta, const char *label)
{
    const struct detection out =
        detected(content, (struct detect_hints){.http = str_bytes(str_of(http)),
                                                .declared = str_bytes(str_of(meta)),
                                                .declared_source = STR("meta"),
                                                .is_text = true});
    CHECK_STR(out.charset ? charset_name(out.charset) : STR("none"), str_of(label));
    CHECK(str_equal(out.source, STR("http")) == (strcmp(http, label) == 0));
}

TEST(text_that_is_ascii_on_its_face_is_not_in_an_encoding_unlike_ascii)
{
    static const char *const unlike[] = {"IBM037",   "IBM500",   "UTF-32LE",
                                         "UTF-32BE", "UTF-16LE", "UTF-16BE"};
    for (size_t i = 0; i < sizeof unlike / sizeof unlike[0]; i++) {
        check_declared(RAW("<p>plain words of a page</p>\n"), unlike[i], "", "UTF-8");
        check_declared(RAW("<p>plain words of a page</p>\n"), "", unlike[i], "UTF-8");
        check_declared(RAW("<p>责任与权力的关系</p>\n"), unlike[i], "", "UTF-8");
        check_declared(RAW("<p>Un caf\xE9 tr\xE8s \xE9l\xE9gant, d\xE9j\xE0 vu</p>\n"), unlike[i],
                       "", "windows-1252");
        check_declared(RAW("<p>Un caf\xE9 tr\xE8s \xE9l\xE9gant, d\xE9j\xE0 vu</p>\n"), "",
                       unlike[i], "windows-1252");
    }
    check_declared(RAW(EBCDIC_TEXT), "IBM037", "", "IBM037");
    check_declared(RAW("a\0\0\0b\0\0\0c\0\0\0d\0\0\0e\0\0\0f\0\0\0"), "UTF-32LE", "", "UTF-32LE");
}

TEST(a_single_byte_declaration_is_believed_where_its_words_are_words)
{
    /* Русский язык и его история, árvíztűrő tükörfúrógép */
    const bytes russian = RAW("\xD0\xF3\xF1\xF1\xEA\xE8\xE9 \xFF\xE7\xFB\xEA \xE8 \xE5\xE3\xEE "
                              "\xE8\xF1\xF2\xEE\xF0\xE8\xFF");
    const bytes hungarian = RAW("\xE1rv\xEDzt\xFBr\xF5 t\xFCk\xF6rf\xFAr\xF3g\xE9p, el\xF5tte "
                                "n\xE9h\xE1ny sz\xF3 a ny\xE1rr\xF3l \xE9s az es\xF5r\xF5l");
    check_declared(russian, "windows-1251", "", "windows-1251");
    check_declared(russian, "KOI8-R", "", "windows-1251");
    check_declared(russian, "windows-1252", "", "windows-1251");
    check_declared(hungarian, "windows-1250", "", "windows-1250");
    check_declared(hungarian, "windows-1252", "", "windows-1250");
}

TEST(a_label_that_is_none_says_nothing)
{
    const struct detection out =
        detected(RAW(GBK_TEXT), (struct detect_hints){.http = RAW("x-none")});
    CHECK(out.charset == charset_gb18030);
    CHECK(!out.label_wrong);
}

/* A megabyte of ASCII with one run of Chinese far from every fixed place. */
TEST(a_few_high_bytes_in_a_large_content_are_found)
{
    enum { SIZE = 1000000 };
    static uint8_t content[SIZE];
    memset(content, 'a', SIZE);
    memcpy(content + 777777, "\n" GBK_TEXT "\n", sizeof GBK_TEXT + 1);
    check_found((bytes){.ptr = content, .len = SIZE}, charset_gb18030, STR("detected"));
}

/* In memory of its own, so that the sanitizer sees a read behind the end. */
TEST(any_cut_is_detected_without_reading_on)
{
    static const char text[] = "a\0b\0" GBK_TEXT SJIS_TEXT "\x1B$B\xEF\xBB\xBF\xFF\xFE" EUC_KR_TEXT;
    for (size_t len = 0; len < sizeof text; len++) {
        uint8_t *const cut = memory_allocate(len ? len : 1);
        memcpy(cut, text, len);
        const struct detection out =
            detected((bytes){.ptr = cut, .len = len}, (struct detect_hints){.http = RAW("euc-jp")});
        CHECK(out.confidence >= 0 && out.confidence <= 1);
        memory_release(cut);
    }
}

TEST_MAIN()
