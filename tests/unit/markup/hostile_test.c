/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the tree against pages made to hurt: linear work, bounded depth, no byte read beyond the
 * end, no memory lost track of. */
#include "harness/refuse.h"
#include "harness/test.h"
#include "markup/html.h"
#include "markup/tokenizer.h"

enum { DEPTH_MAX = 64 };

/* A small page with one of everything that is ugly. */
static const char ugly[] =
    "\xEF\xBB\xBF<!DOCTYPE html PUBLIC \"-//x\" 'y'><!-- a -- b --!><?pi?><html lang=zh a='&amp;'>"
    "<title>T&lt;\r\n</title><style>p{}</style><script><!-- <script> x </script> --> y</script>"
    "<body><p>Tom &amp; Al &#x4E2D;&nosuch; 中文<b><i>x<p>y</b>z</i><a href=1><a href=2>q"
    "<table>foster<tr><td>1<th>2<caption>c</caption>\r\n &#32;</table><ul><li>a<li>b</ul>"
    "<svg viewbox=1><title>s</title><![CDATA[x]]y]]><foreignObject><p>f</svg><math><mi>m</mi>"
    "<annotation-xml encoding=text/html><div>d</math><select><option>1<optgroup><hr></select>"
    "<template><td>t</template><pre>\ncode</pre><textarea>\r\nta</textarea><ruby>r<rt>t</ruby>"
    "<form><input type=hidden></form></nosuch></br></p><button><nobr><nobr></html>tail<!-- open";

/* What the slice says, read as text by the tokenizer: for comparing with what the tree has. */
static bool slice_reads_as(struct arena *arena, str slice, enum tokenizer_state state, str text)
{
    struct tokenizer tokenizer;
    struct token token = {0};
    size_t at = 0;
    CHECK(tokenizer_init(&tokenizer, arena, slice));
    tokenizer.state = state;
    while (tokenizer_next(&tokenizer, &token) == STATUS_OK && token.kind == TOKEN_TEXT) {
        if (!str_equal(str_slice(text, at, at + token.text.len), token.text)) {
            return false;
        }
        at += token.text.len;
    }
    return token.kind == TOKEN_END && at == text.len;
}

static enum tokenizer_state state_in(const struct node *parent)
{
    switch ((int)parent->tag) {
    case TAG_script:
    case TAG_style:
        return TOKENIZER_rawtext;
    case TAG_title:
    case TAG_textarea:
        return parent->name_space == NAME_SPACE_HTML ? TOKENIZER_rcdata : TOKENIZER_data;
    default:
        return TOKENIZER_data;
    }
}

/* Every text stands where it says, links go both ways, depths are bounded. The number of texts. */
static int check_tree(struct arena *arena, const struct dom *dom, size_t depth_max)
{
    int texts = 0;
    for (struct node *node = dom->document; node; node = node_next(node, dom->document)) {
        CHECK(node->src_start <= node->src_end && node->src_end <= dom->source.len);
        CHECK(node->kind != NODE_ELEMENT || node->depth <= depth_max);
        CHECK(!node->parent || node->depth == node->parent->depth + 1);
        CHECK(!node->next || node_previous(node->next) == node);
        CHECK(!node->next || node->next->parent == node->parent);
        CHECK(!node->first || (node->first->parent == node && !node_previous(node->first)));
        CHECK(!node_last(node) || (node_last(node)->parent == node && !node_last(node)->next));
        const str slice = str_slice(dom->source, node->src_start, node->src_end);
        if (node->kind == NODE_TEXT) {
            texts++;
            CHECK(slice_reads_as(arena, slice, state_in(node->parent), node->text));
        }
    }
    return texts;
}

TEST(a_page_cut_after_every_byte_gives_a_sound_tree)
{
    const size_t whole = sizeof ugly - 1;
    int most = 0;
    for (size_t len = 0; len <= whole; len++) {
        /* A copy of just that length, so that a read beyond the end is seen. */
        char *copy = malloc(len ? len : 1);
        struct arena arena;
        struct dom dom;
        memcpy(copy, ugly, len);
        arena_init(&arena, 1 << 24);
        CHECK(html_parse(&arena, (str){.ptr = copy, .len = len}, DEPTH_MAX, NULL, &dom) ==
              STATUS_OK);
        const int texts = check_tree(&arena, &dom, DEPTH_MAX);
        most = texts > most ? texts : most;
        arena_release(&arena);
        free(copy);
    }
    CHECK(most >= 25);
}

TEST(a_page_begun_at_every_byte_gives_a_sound_tree)
{
    const size_t whole = sizeof ugly - 1;
    int texts = 0;
    for (size_t start = 0; start < whole; start++) {
        struct arena arena;
        struct dom dom;
        arena_init(&arena, 1 << 24);
        const str text = {.ptr = ugly + start, .len = whole - start};
        CHECK(html_parse(&arena, text, DEPTH_MAX, NULL, &dom) == STATUS_OK);
        texts += check_tree(&arena, &dom, DEPTH_MAX);
        arena_release(&arena);
    }
    CHECK(texts > (int)whole);
}

TEST(the_nth_allocation_that_fails_is_no_memory_and_a_sound_tree)
{
    const str text = {.ptr = ugly, .len = sizeof ugly - 1};
    long rounds = 0;
    for (long n = 1; refuse_try(n, true); n++) {
        struct arena arena;
        struct dom dom;
        arena_init(&arena, 1 << 24);
        const enum status status = html_parse(&arena, text, DEPTH_MAX, NULL, &dom);
        const bool was_refused = refuse_refused() > 0;
        CHECK(status == (was_refused ? STATUS_NO_MEMORY : STATUS_OK));
        refuse_stop();
        for (struct node *node = dom.document; node; node = node_next(node, dom.document)) {
            CHECK(node->src_end <= text.len);
        }
        arena_release(&arena);
        rounds += was_refused;
    }
    refuse_stop();
    CHECK(rounds >= 3);
}

/* Finer than the allocator's chunks: every size of arena up to the one that is enough. */
TEST(an_arena_too_small_anywhere_is_no_memory_and_a_sound_tree)
{
    const str text = {.ptr = ugly, .len = sizeof ugly - 1};
    enum status status = STATUS_NO_MEMORY;
    int refused = 0;
    for (size_t limit = 64; status == STATUS_NO_MEMORY && limit < 1 << 20; limit += 64) {
        struct arena arena;
        struct dom dom;
        arena_init(&arena, limit);
        status = html_parse(&arena, text, DEPTH_MAX, NULL, &dom);
        CHECK(status == STATUS_OK || (status == STATUS_NO_MEMORY && arena.refused));
        for (struct node *node = dom.document; node; node = node_next(node, dom.document)) {
            CHECK(node->src_end <= text.len);
        }
        refused += status == STATUS_NO_MEMORY;
        arena_release(&arena);
    }
    CHECK(status == STATUS_OK);
    CHECK(refused > 100);
}

struct result {
    uint64_t steps;
    size_t len;
    size_t depth;
    bool depth_limited;
};

/* A page of `head` and then `unit` again and again; a '#' in it becomes a number that counts up,
 * a '~' a NUL. */
static struct result parse_repeated(const char *head, const char *unit, size_t wish)
{
    char *page = malloc(wish + 8192);
    size_t len = strlen(head);
    memcpy(page, head, len);
    for (int64_t round = 0; len < wish; round++) {
        for (const char *c = unit; *c; c++) {
            if (*c == '#') {
                len += (size_t)snprintf(page + len, 24, "%" PRId64, round);
            } else {
                page[len++] = *c == '~' ? '\0' : *c;
            }
        }
    }
    struct arena arena;
    struct dom dom;
    arena_init(&arena, (size_t)1 << 30);
    CHECK(html_parse(&arena, (str){.ptr = page, .len = len}, 512, NULL, &dom) == STATUS_OK);
    struct result result = {.steps = dom.steps, .len = len, .depth_limited = dom.depth_limited};
    for (struct node *node = dom.document; node; node = node_next(node, dom.document)) {
        result.depth = node->depth > result.depth ? node->depth : result.depth;
    }
    arena_release(&arena);
    free(page);
    return result;
}

/* Twice the page is twice the work, and the work stays within `steps_max` for a byte. */
static void check_linear(const char *head, const char *unit, uint64_t steps_max)
{
    enum { WISH = 16000 };
    const struct result one = parse_repeated(head, unit, WISH);
    const struct result four = parse_repeated(head, unit, 4 * WISH);
    const bool is_linear = CHECK(four.steps <= 6 * one.steps + 100000);
    const bool is_bounded = CHECK(four.steps <= steps_max * four.len);
    CHECK(four.depth <= 513);
    if (!is_linear || !is_bounded) {
        fprintf(stderr, "  %s… : %" PRIu64 " steps for %zu bytes, %" PRIu64 " for %zu\n", unit,
                one.steps, one.len, four.steps, four.len);
    }
}

TEST(megabytes_of_one_thing_cost_what_they_weigh)
{
    static const char *const units[] = {
        "<b>",
        "<div>",
        "<table>",
        "<a>",
        "<p>",
        "<a><div>",
        "<b><i><p>",
        "<font color=#>",
        "<p><font color=#></p>",
        "<p><b a=#></p>x",
        "<table><tr><td>",
        "<table>x",
        "<table> &",
        "<table> </>",
        "&",
        "&a",
        "&#1",
        "&amp;",
        "<",
        "</",
        "<!",
        "<!--",
        "~",
        "\r",
        "<svg>",
        "<math><mi>",
        "<select><option>",
        "<li>",
        "<dd>",
        "<button>",
        "<nobr>",
        "<template>",
        "<template><tr>",
        "</p>",
        "</b>",
        "</br>",
        "<ruby><rt>",
        "<script><!--<script>",
        "<svg><![CDATA[x]]>",
        "<svg><title>",
        "<a href='&'>",
        "<body a#=1>",
        "<html a#=1>",
        "<b><div></b>",
        "<div><b>",
        "<i><b><div></b>x</i>",
        "<x>",
        "<x#>",
        "</x>",
        "<div></p>",
        "<applet>",
        "<b><applet>",
        "<table><caption>",
        "<table><b>x",
        "<frameset>",
        "<plaintext>",
        "<em><strong><b><i><u><s><div>",
        "<b><object></b>",
        "<u><a #><p>",
        "<a b=c ",
        "<math><annotation-xml>",
        "<div><table><template>",
        "<b a#><table>x",
        "<s #><nobr>",
    };
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        check_linear("", units[i], 40);
    }
}

TEST(a_deep_stack_is_searched_no_deeper_than_its_limit)
{
    static const char *const units[] = {
        "</x>",     "<p>",
        "</p>",     "<li>",
        "</li>",    "<dd>",
        "</b>",     "<a>",
        "<nobr>",   "</nobr>",
        "<option>", "<hr>",
        "</form>",  "<table>x</table>",
        "</h1>",    "<select></select>",
        "</svg>",
    };
    char head[4096] = "<form><ul><li><p><b><x>";
    for (int i = 0; i < 480; i++) {
        memcpy(head + strlen(head), i % 2 ? "<div>" : "<i>", i % 2 ? 6 : 4);
    }
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        check_linear(head, units[i], 1024);
    }
}

TEST(elements_too_deep_become_siblings_and_none_is_lost)
{
    const struct result shallow = parse_repeated("", "<div>", 2000);
    CHECK(!shallow.depth_limited);
    CHECK_INT(shallow.depth, 402);
    const struct result deep = parse_repeated("", "<div>", 50000);
    CHECK(deep.depth_limited);
    CHECK_INT(deep.depth, 512);

    struct arena arena;
    struct dom dom;
    char page[8192];
    size_t len = 0;
    for (int i = 0; i < 100; i++) {
        len += (size_t)snprintf(page + len, 64, "<table><tr><td>%d", i);
    }
    arena_init(&arena, 1 << 24);
    CHECK(html_parse(&arena, (str){.ptr = page, .len = len}, 16, NULL, &dom) == STATUS_OK);
    CHECK(dom.depth_limited);
    CHECK_INT(check_tree(&arena, &dom, 16), 100);
    arena_release(&arena);
}

TEST(a_tag_of_nothing_but_attributes_is_read_in_its_length)
{
    enum { COUNT = 100000 };
    char *page = malloc(COUNT * 10 + 64);
    size_t len = (size_t)snprintf(page, 64, "<p first=1 ");
    for (int i = 0; i < COUNT; i++) {
        len += (size_t)snprintf(page + len, 32, "a%d ", i);
    }
    len += (size_t)snprintf(page + len, 32, "first=2>text");
    struct arena arena;
    struct dom dom;
    arena_init(&arena, 1 << 28);
    CHECK(html_parse(&arena, (str){.ptr = page, .len = len}, 64, NULL, &dom) == STATUS_OK);
    CHECK(dom.attributes_limited);
    CHECK(dom.steps < (uint64_t)len * HTML_ATTRIBUTE_COUNT_MAX);
    const struct node *p = node_last(node_last(dom.document))->first;
    CHECK_STR(node_attribute_value(p, STR("first")), STR("1"));
    CHECK_STR(p->first->text, STR("text"));
    int64_t count = 0;
    for (const struct attribute *each = p->attributes; each; each = each->next) {
        count++;
    }
    CHECK_INT(count, HTML_ATTRIBUTE_COUNT_MAX);
    arena_release(&arena);
    free(page);
}

TEST_MAIN()
