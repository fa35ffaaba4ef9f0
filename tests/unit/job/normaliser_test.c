/* SPDX-License-Identifier: Apache-2.0 */
/* Guards what the normaliser does to the pieces that blocks come in: however a text is cut, the
 * record holds the same, each piece that leaves has a range around all it was made of, and a note
 * names the byte of the content where the first change was. */
#include "job/normaliser.h"

#include "base/buf.h"
#include "harness/test.h"
#include "text/utf8.h"

enum { PIECES_MAX = 4096, HEARD_BYTES_MAX = 1 << 22 };

struct listener {
    struct sink sink;
    struct buf text;
    size_t piece_count;
    struct span last;
    struct span all;
    bool is_in_order;
};

static struct arena arena;
static struct arena scratch;
static struct document document;
static struct normaliser normaliser;
static struct listener listener;

static enum status listen(struct sink *sink, const struct event *event)
{
    struct listener *self = (struct listener *)sink;
    if (event->kind == EVENT_TEXT) {
        self->is_in_order &=
            event->span.start >= self->last.start && event->span.end >= self->last.end;
        self->last = event->span;
        self->all.end = event->span.end;
        self->all.start = self->piece_count++ ? self->all.start : event->span.start;
        buf_add(&self->text, event->text);
    }
    return STATUS_OK;
}

static struct sink *begin(struct normal_rules rules)
{
    arena_init(&arena, 1 << 26);
    arena_init(&scratch, 1 << 26);
    document = (struct document){.arena = &scratch, .fault = {.offset = -1}};
    listener = (struct listener){.sink = {.event = listen}, .is_in_order = true};
    buf_init(&listener.text, &arena, HEARD_BYTES_MAX);
    normaliser_begin(&normaliser, &listener.sink, &document, rules);
    return &normaliser.sink;
}

static void end(void)
{
    normaliser_release(&normaliser);
    arena_release(&scratch);
    arena_release(&arena);
}

/* One block of pieces of `step` bytes or up to the next character; ranges begin at `start`. */
static void say_in_pieces(struct sink *sink, str text, size_t step, size_t start)
{
    CHECK(sink_open(sink, BLOCK_paragraph, 0) == STATUS_OK);
    for (size_t at = 0; at < text.len;) {
        size_t next = at;
        while (next < text.len && next - at < step) {
            (void)utf8_next(text, &next);
        }
        CHECK(sink_text(sink, str_slice(text, at, next),
                        (struct span){.start = start + at, .end = start + next}) == STATUS_OK);
        at = next;
    }
    CHECK(sink_close(sink) == STATUS_OK);
}

static const str reaching = STR_INIT(
    "cafe\u0301\r\n\uF0B7 x \u1112\u1161\u11AB \u0645\u200C\u062E\u0E01\u200B\u0E01 soft\u00AD\n"
    "\U0001F469\u200D\U0001F4BB \U0001F3F4\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067"
    "\U000E007F \u304B\u3099 \x61\x01\u0301 \uFF21\u0323 end");

TEST(however_a_block_is_cut_it_says_the_same)
{
    static const enum normal_form forms[] = {NORMAL_FORM_NFC, NORMAL_FORM_NFC_KEEP_COMPAT,
                                             NORMAL_FORM_NFKC, NORMAL_FORM_NONE};
    for (size_t form = 0; form < sizeof forms / sizeof *forms; form++) {
        for (size_t step = 1; step <= reaching.len; step++) {
            const struct normal_rules rules = {.form = forms[form], .fold_width = true};
            struct normal_changes changes = {0};
            str expected = {0};
            say_in_pieces(begin(rules), reaching, step, 100);
            CHECK(normalise(&arena, reaching, rules, &expected, &changes) == STATUS_OK);
            CHECK_STR(buf_str(&listener.text), expected);
            CHECK_INT(listener.all.start, 100);
            CHECK_INT(listener.all.end, 100 + reaching.len);
            end();
        }
    }
}

/* Two hundred thousand bytes leave in several pieces, which must not change what they say. */
TEST(a_long_block_leaves_in_pieces_that_nothing_reaches_across)
{
    struct buf text;
    struct arena own;
    arena_init(&own, 1 << 24);
    buf_init(&text, &own, 1 << 20);
    while (text.len < 200000) {
        buf_add(&text, reaching);
    }
    for (size_t step = 7; step < 100000; step *= 6) {
        struct normal_changes changes = {0};
        str expected = {0};
        const struct normal_rules rules = {.form = NORMAL_FORM_NFC};
        say_in_pieces(begin(rules), buf_str(&text), step, 0);
        CHECK(normalise(&arena, buf_str(&text), rules, &expected, &changes) == STATUS_OK);
        CHECK(str_equal(buf_str(&listener.text), expected));
        CHECK(listener.piece_count > 1 && listener.is_in_order);
        CHECK_INT(listener.all.start, 0);
        CHECK_INT(listener.all.end, text.len);
        CHECK_INT(document.notes[NOTE_normalised].count, changes.count[NORMAL_normalised]);
        end();
    }
    arena_release(&own);
}

/* White space alone offers no place to cut: it is gathered up to a limit, in time. */
TEST(a_block_without_a_place_to_cut_still_leaves)
{
    enum { SPACES = 3 << 20 };
    struct sink *const sink = begin((struct normal_rules){.form = NORMAL_FORM_NFC});
    CHECK(sink_open(sink, BLOCK_code, 0) == STATUS_OK);
    for (size_t i = 0; i < SPACES; i++) {
        CHECK(sink_text(sink, STR(" "), (struct span){.start = i, .end = i + 1}) == STATUS_OK);
    }
    CHECK(sink_close(sink) == STATUS_OK);
    CHECK_INT(listener.text.len, SPACES);
    CHECK(listener.piece_count >= 2 && listener.is_in_order);
    CHECK_INT(listener.all.end, SPACES);
    end();
}

TEST(a_note_names_the_byte_of_the_first_change)
{
    struct sink *const sink = begin((struct normal_rules){.form = NORMAL_FORM_NFC});
    CHECK(sink_open(sink, BLOCK_paragraph, 0) == STATUS_OK);
    CHECK(sink_text(sink, STR("plain "), (struct span){.start = 10, .end = 16}) == STATUS_OK);
    CHECK(sink_text(sink, STR("a\u200Bb\x01"), (struct span){.start = 40, .end = 46}) == STATUS_OK);
    /* a character reference: its text is shorter than its range */
    CHECK(sink_text(sink, STR("\u2028"), (struct span){.start = 50, .end = 57}) == STATUS_OK);
    CHECK(sink_close(sink) == STATUS_OK);
    CHECK(sink_drop(sink, DROP_tip, STR("x\u00ADy\u200B"), (struct span){.start = 70, .end = 77}) ==
          STATUS_OK);
    CHECK_INT(document.notes[NOTE_invisible_removed].offset, 41);
    CHECK_INT(document.notes[NOTE_invisible_removed].count, 2);
    CHECK_INT(document.notes[NOTE_control_removed].offset, 45);
    CHECK_INT(document.notes[NOTE_line_end_changed].offset, 50);
    CHECK_INT(document.notes[NOTE_soft_hyphen_removed].offset, 71);
    end();
}

TEST(what_decoding_put_in_is_not_counted_again)
{
    struct sink *const sink = begin((struct normal_rules){.form = NORMAL_FORM_NFC});
    document.replaced = 2;
    say_in_pieces(sink, STR("\uFFFD \uFFFD \uFFFD"), 1, 0);
    normaliser_finish(&normaliser);
    CHECK_INT(document.notes[NOTE_replacement_kept].count, 1);
    end();
}

TEST_MAIN()
