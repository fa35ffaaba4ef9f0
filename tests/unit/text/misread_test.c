/* SPDX-License-Identifier: Apache-2.0 */
/* Guards what is done with a content that was misread as a whole: it is put right with offsets that
 * stay exact, or it stays as it is. */
#include "text/misread.h"

#include "base/buf.h"
#include "harness/test.h"
#include "text/charset.h"
#include "text/coder.h"
#include "text/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { LINES = 300, ARENA_BYTES = 1 << 24 };

/* <p>权力与责任的关系：群众关注的热点问题，不给好处不办事。第1页</p> in GBK */
static const str line_in_gbk =
    STR_INIT("<p>"
             "\xC8\xA8\xC1\xA6\xD3\xEB\xD4\xF0\xC8\xCE\xB5\xC4\xB9\xD8\xCF\xB5\xA3\xBA\xC8\xBA\xD6"
             "\xDA\xB9\xD8\xD7\xA2\xB5\xC4\xC8\xC8\xB5\xE3\xCE\xCA\xCC\xE2\xA3\xAC\xB2\xBB\xB8\xF8"
             "\xBA\xC3\xB4\xA6\xB2\xBB\xB0\xEC\xCA\xC2\xA1\xA3\xB5\xDA"
             "1\xD2\xB3</p>\n");

static str many(struct arena *arena, str line)
{
    struct buf text;
    buf_init(&text, arena, ARENA_BYTES);
    for (int i = 0; i < LINES; i++) {
        buf_add(&text, line);
    }
    CHECK(!buf_failed(&text));
    return buf_str(&text);
}

static struct decoded read_as(struct arena *arena, str raw, const char *label)
{
    struct decoded out;
    CHECK(decode(arena, str_bytes(raw), charset_find(str_bytes(str_of(label))), &out) == STATUS_OK);
    return out;
}

static struct misread undo(struct arena *arena, str text, const struct origin *origin)
{
    struct misread out;
    CHECK(misread_undo(arena, text, origin, NULL, &out) == STATUS_OK);
    return out;
}

/* The offset in `misread` of each of its characters. */
static size_t *places_of(struct arena *arena, str misread)
{
    size_t *const places = ARENA_ARRAY(arena, misread.len + 1, size_t);
    size_t count = 0;
    CHECK(places != NULL);
    for (size_t at = 0; at < misread.len; (void)utf8_next(misread, &at)) {
        places[count++] = at;
    }
    places[count] = misread.len;
    return places;
}

static void check_offsets(struct arena *arena, const struct misread *out,
                          const struct decoded *right, str misread)
{
    const size_t *const places = places_of(arena, misread);
    size_t wrong = 0;
    for (size_t at = 0; at <= out->text.len; at++) {
        const size_t byte = origin_content_offset(right->origin, at);
        wrong += origin_content_offset(out->origin, at) != places[byte];
    }
    for (size_t at = out->text.len; at > 37; at -= 37) {
        const size_t byte = origin_content_offset(right->origin, at);
        wrong += origin_content_offset(out->origin, at) != places[byte];
    }
    CHECK_INT(wrong, 0);
}

TEST(a_content_that_was_misread_is_put_right_with_exact_offsets)
{
    static const char *const sets[] = {"windows-1252", "windows-1251", "ibm437"};
    for (size_t i = 0; i < COUNT(sets); i++) {
        struct arena arena;
        arena_init(&arena, ARENA_BYTES);
        const str raw = many(&arena, line_in_gbk);
        const struct decoded right = read_as(&arena, raw, "gbk");
        const struct decoded misread = read_as(&arena, raw, sets[i]);
        const struct misread out = undo(&arena, misread.text, NULL);
        CHECK_STR(out.text, right.text);
        CHECK_INT(out.repaired, LINES * 29 * 2);
        CHECK_INT(out.first, 3);
        check_offsets(&arena, &out, &right, misread.text);
        arena_release(&arena);
    }
}

/* UTF-8 with a byte order mark, read as windows-1252, and that once more. */
TEST(a_mistake_made_twice_is_undone_step_by_step)
{
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    const str right = many(&arena, STR("L’été à Noël, déjà vu, cœur naïf; "));
    struct buf marked;
    buf_init(&marked, &arena, ARENA_BYTES);
    buf_add(&marked, STR("\uFEFF"));
    buf_add(&marked, right);
    const struct decoded once = read_as(&arena, buf_str(&marked), "windows-1252");
    const struct decoded twice = read_as(&arena, once.text, "windows-1252");
    const struct misread first = undo(&arena, twice.text, NULL);
    CHECK_STR(first.text, once.text);
    const struct misread second = undo(&arena, first.text, first.origin);
    CHECK_STR(second.text, right);
    CHECK(undo(&arena, second.text, second.origin).repaired == 0);
    CHECK_INT(origin_content_offset(second.origin, 0), 12); /* Ã¯ Â» Â¿ */
    CHECK_INT(origin_content_offset(second.origin, 1), 13);
    CHECK_INT(origin_content_offset(second.origin, second.text.len), twice.text.len);
    arena_release(&arena);
}

static void check_stays(str text)
{
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    const str all = many(&arena, text);
    const struct misread out = undo(&arena, all, NULL);
    CHECK(out.text.ptr == all.ptr && out.text.len == all.len);
    CHECK(out.repaired == 0 && out.origin == NULL);
    arena_release(&arena);
}

TEST(clean_text_stays_as_it_is)
{
    static const str clean[] = {
        STR_INIT(""),
        STR_INIT("plain\n"),
        STR_INIT("L’été où le cœur « naïf » s’éprit à Noël, ça coûta 5 €.\n"),
        STR_INIT("für Öl Grüße: Straße, Übergröße, „Ähnlich“\n"),
        STR_INIT("Það er góður dagur; Ísafjörður, Þórður\n"),
        STR_INIT("Tiếng Việt có dấu: Đường, người, trường\n"),
        STR_INIT("Съешь ещё этих мягких французских булок\n"),
        STR_INIT("Η ανατροφή δυστυχώς από τους προπονητές\n"),
        STR_INIT("┌──┬──┐ │ab│cd│ └──┴──┘\n"),
        STR_INIT("© 2020 · Über uns » Impressum §§\n"),
        STR_INIT("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß\n"),
        STR_INIT("权力与责任的关系\n"),
    };
    for (size_t i = 0; i < COUNT(clean); i++) {
        check_stays(clean[i]);
    }
}

TEST(one_character_that_takes_no_part_leaves_the_whole_alone)
{
    static const str others[] = {STR_INIT("\u4E2D"), STR_INIT("\uFFFD"), STR_INIT("\u00D6 ")};
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    for (size_t i = 0; i < COUNT(others); i++) {
        struct buf text;
        arena_reset(&arena);
        const struct decoded misread = read_as(&arena, many(&arena, line_in_gbk), "windows-1252");
        buf_init(&text, &arena, ARENA_BYTES);
        buf_add(&text, misread.text);
        buf_add(&text, others[i]);
        buf_add(&text, STR("</body>"));
        CHECK_INT(undo(&arena, buf_str(&text), NULL).repaired, 0);
    }
    arena_release(&arena);
}

TEST(memory_that_runs_out_is_said)
{
    struct arena arena;
    struct arena small;
    struct misread out;
    arena_init(&arena, ARENA_BYTES);
    arena_init(&small, 1 << 16);
    const struct decoded misread = read_as(&arena, many(&arena, line_in_gbk), "windows-1252");
    CHECK(misread_undo(&small, misread.text, NULL, NULL, &out) == STATUS_NO_MEMORY);
    arena_release(&small);
    arena_release(&arena);
}

TEST_MAIN()
