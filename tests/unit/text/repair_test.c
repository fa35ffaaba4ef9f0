/* SPDX-License-Identifier: Apache-2.0 */
/* Guards what repair promises: misread text is put right, clean text is never touched, and every
 * change is counted. */
#include "text/repair.h"

#include "harness/test.h"
#include "text/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct pair {
    str misread;
    str right;
};
#define PAIR(misread_, right_)                                                                     \
    {                                                                                              \
        .misread = STR_INIT(misread_), .right = STR_INIT(right_)                                   \
    }

static void check_all(const struct pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct arena arena;
        struct repair_changes changes = {0};
        str out;
        arena_init(&arena, 1 << 22);
        CHECK(repair(&arena, pairs[i].misread, &out, &changes) == STATUS_OK);
        CHECK_STR(out, pairs[i].right);
        CHECK((changes.repaired > 0) == !str_equal(pairs[i].misread, pairs[i].right));
        arena_release(&arena);
    }
}

TEST(repair_reads_two_byte_characters_that_were_taken_for_letters)
{
    static const struct pair pairs[] = {
        PAIR("ÖÐÎÄµÄ±êÌâ", "中文的标题"),
        PAIR("¤¤¤å¼ÐÃD¸ê®Æ", "中文標題資料"),
        PAIR("“ú–{Œê‚Ì•¶", "日本語の文"),
        PAIR("ÇÑ±¹¾î ¾È³çÇÏ¼¼¿ä", "한국어 안녕하세요"),
        PAIR("╓╨╬─╬─╡╡╫╩┴╧.txt", "中文文档资料.txt"),
    };
    check_all(pairs, COUNT(pairs));
}

TEST(repair_reads_utf_8_that_was_taken_for_a_single_byte_set)
{
    static const struct pair pairs[] = {
        PAIR("cafÃ© crÃ¨me", "café crème"),
        PAIR("LiĂ¨ge Avenue de l'HĂ´pital", "Liège Avenue de l'Hôpital"),
        PAIR("РїСЂРёРІРµС‚", "привет"),
        PAIR("un r√©gime √©quilibr√©", "un régime équilibré"),
        PAIR("─îe┼ítina", "Čeština"),
        PAIR("æ—¥æœ¬èªž", "日本語"),
        PAIR("doesn’t, doesnâ€™t", "doesn’t, doesn’t"), /* half of it was right */
        PAIR("Hi \xC3\xAD\xC2\xA0\xC2\xBD\xC3\xAD\xC2\xB8\xC2\x8D", "Hi 😍"), /* CESU-8 */
    };
    check_all(pairs, COUNT(pairs));
}

TEST(repair_undoes_a_mistake_that_was_made_several_times)
{
    static const struct pair pairs[] = {
        PAIR("nÃƒÂ© Jim Osterberg", "né Jim Osterberg"),
        PAIR("The Mona Lisa doesnÃƒÂ¢Ã¢â€šÂ¬Ã¢â€žÂ¢t have eyebrows.",
             "The Mona Lisa doesn’t have eyebrows."),
    };
    check_all(pairs, COUNT(pairs));
}

TEST(repair_reads_utf_8_that_was_taken_for_gbk)
{
    static const struct pair pairs[] = {
        PAIR("浣犲ソ", "你好"), PAIR("don鈥檛 know", "don’t know"),
        PAIR("浣犲ソ锛屼笘鐣\xEF\xBF\xBD", "你好，世\xEF\xBF\xBD"), /* its last byte was lost */
    };
    check_all(pairs, COUNT(pairs));
}

TEST(repair_reads_utf_8_that_was_taken_for_shift_jis)
{
    static const struct pair pairs[] = {
        PAIR("縺薙ｓ縺ｫ縺｡縺ｯ荳也阜", "こんにちは世界"),
        PAIR("荳ｭ蝗ｽ 譌･譛ｬ 譚ｱ莠ｬ驛ｽ", "中国 日本 東京都"),
        PAIR("隨ｬ荳\xC2\x80蟄｣蠎ｦ", "第一季度"),
    };
    check_all(pairs, COUNT(pairs));
}

TEST(repair_leaves_clean_text_alone)
{
    static const str clean[] = {
        STR_INIT("L’été où le cœur « naïf » s’éprit à Noël, ça coûta 5 € ; ÉTÉ, ÇÀ ET LÀ"),
        STR_INIT("Straße, Übergröße, Öl: „Ähnlich“ – so heißt’s"),
        STR_INIT("Tiếng Việt có dấu: Đường, người, trường, ước mơ"),
        STR_INIT("Það er góður dagur; Ísafjörður, Þórður, Æðey"),
        STR_INIT("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ"),
        STR_INIT("°±²³´µ¶·¸¹º»¼½¾¿ ¡¢£¤¥¦§¨©ª«¬®¯"),
        STR_INIT("À Á Â Ã Ä Å Æ Ç È É Ê Ë Ì Í Î Ï"),
        STR_INIT("Съешь ещё этих мягких французских булок, «Её» ВІКІ"),
        STR_INIT("Η ανατροφή δυστυχώς ¨από¨ τους προπονητές"),
        STR_INIT("┌──┬──┐ │ab│cd│ ├──┼──┤ └──┴──┘ ╔═╦═╗ ╚═╩═╝"),
        STR_INIT("COÕ… MARQUÉ… SÓ… NESTLÉ® 5×£35 4288×… 10 Å—"),
        STR_INIT("纸有四种：竹纸、皮纸、麻纸、混料纸。浣熊与茅台，屯里烫手。"),
        STR_INIT("(-1/2)! = √π, ∆x ≈ 0, ∑ ≤ ∞"),
        STR_INIT("半角ｶﾅの株式会社ﾃｽﾄ、機械ｺｰﾄﾞ表、譜面ﾃﾞｰﾀ、験ｹｱ 顧客ﾘｽﾄ"),
    };
    for (size_t i = 0; i < COUNT(clean); i++) {
        const struct pair same = {.misread = clean[i], .right = clean[i]};
        check_all(&same, 1);
    }
}

TEST(repair_needs_more_than_one_place_to_be_certain)
{
    static const struct pair pairs[] = {
        PAIR("Ã’s", "Ã’s"),               /* may be Ò, may be what is being talked about */
        PAIR("ÖÐ", "ÖÐ"),                 /* may be 中 */
        PAIR("NICIODATĂ™", "NICIODATĂ™"), /* may be Ù */
    };
    check_all(pairs, COUNT(pairs));
}

TEST(repair_takes_controls_of_latin_1_for_windows_1252)
{
    static const struct pair pairs[] = {
        PAIR("\xC2\x84Handwerk\xC2\x93: von der", "„Handwerk“: von der"),
        PAIR("line\xC2\x85\nline", "line\xC2\x85\nline"), /* it ends lines, too */
    };
    check_all(pairs, COUNT(pairs));
}

static struct repair_changes changes_of(str text)
{
    struct arena arena;
    struct repair_changes changes = {0};
    str out;
    arena_init(&arena, 1 << 22);
    CHECK(repair(&arena, text, &out, &changes) == STATUS_OK);
    arena_release(&arena);
    return changes;
}

TEST(repair_counts_what_it_changed_and_where)
{
    const struct repair_changes changes = changes_of(STR("plain\nthe cafÃ© crÃ¨me"));
    CHECK(changes.repaired == 4);
    CHECK(changes.repaired_first == 13);
    CHECK(changes.lost == 0);
}

TEST(repair_counts_two_characters_for_each_kun_jin_kao_and_leaves_it)
{
    const str text = STR("前锟斤拷锟斤拷后 烫烫烫烫 屯屯");
    const struct repair_changes changes = changes_of(text);
    CHECK(changes.lost == 4);
    CHECK(changes.lost_first == 3);
    CHECK(changes.filled == 4);
    CHECK(changes.repaired == 0);
    CHECK(changes_of(STR("before Ã¯Â¿Â½ after cafÃ©")).repaired > 0);
}

TEST(repair_finds_nothing_to_do_in_clean_chinese_and_ascii)
{
    const str text = STR("<p>社区夜市摊位安排小结，“每晚六点”开始……</p> plain text, café");
    CHECK(repair_find(text, 0) == text.len);
    CHECK(repair_find(STR("ab cafÃ©"), 0) == 6);
}

/* Long lines are looked at in pieces; no piece may cut a character. */
TEST(repair_goes_through_lines_of_any_length)
{
    enum { TIMES = 3000 };
    const str misread = STR("ÖÐÎÄµÄ±êÌâ 1 ");
    const str right = STR("中文的标题 1 ");
    struct arena arena;
    struct repair_changes changes = {0};
    str out;
    arena_init(&arena, 1 << 24);
    char *const in = arena_text(&arena, TIMES * misread.len);
    CHECK(in != NULL);
    for (size_t i = 0; in && i < TIMES; i++) {
        memcpy(in + i * misread.len, misread.ptr, misread.len);
    }
    const str text = {.ptr = in, .len = TIMES * misread.len};
    CHECK(repair(&arena, text, &out, &changes) == STATUS_OK);
    CHECK(out.len == TIMES * right.len);
    CHECK(changes.repaired == TIMES * 10);
    for (size_t i = 0; i < TIMES && out.len == TIMES * right.len; i++) {
        CHECK(memcmp(out.ptr + i * right.len, right.ptr, right.len) == 0);
    }
    arena_release(&arena);
}

/* Cut anywhere, at any byte that leaves whole characters: still text. */
TEST(repair_takes_text_cut_anywhere)
{
    const str text = STR("ÖÐÎÄµÄ Ã© â€™ 浣犲ソ锛屼笘鐣� ╓╨╬─ \xC2\x80\xC2\x85 í ½í¸ 锟斤拷");
    for (size_t from = 0; from < text.len; from++) {
        for (size_t to = from; to <= text.len; to++) {
            const str part = str_slice(text, from, to);
            struct arena arena;
            struct repair_changes changes = {0};
            str out;
            if (!utf8_is_valid(str_bytes(part))) {
                continue;
            }
            arena_init(&arena, 1 << 20);
            CHECK(repair(&arena, part, &out, &changes) == STATUS_OK);
            CHECK(utf8_is_valid(str_bytes(out)));
            arena_release(&arena);
        }
    }
}

TEST(repair_without_memory_says_so)
{
    struct arena arena;
    struct repair_changes changes = {0};
    str out;
    arena_init(&arena, 4096);
    CHECK(repair(&arena, STR("cafÃ©"), &out, &changes) == STATUS_NO_MEMORY);
    arena_release(&arena);
}

TEST_MAIN()
