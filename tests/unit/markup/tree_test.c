/* SPDX-License-Identifier: Apache-2.0 */
/* Guards what other floors build on: where every text stands in the source, which runs are one
 * node, what is marked as implied. The shape of trees is held to the html5lib suites
 * (tests/oracle/html5lib.py). */
#include "harness/test.h"
#include "markup/html.h"

static struct arena arena;
static struct dom dom;

static void parse(str page)
{
    arena_reset(&arena);
    arena.limit_bytes = 1 << 26;
    CHECK(html_parse(&arena, page, 512, NULL, &dom) == STATUS_OK);
}

static const struct node *find(enum tag tag)
{
    for (struct node *node = dom.document; node; node = node_next(node, dom.document)) {
        if (node->kind == NODE_ELEMENT && node->tag == tag) {
            return node;
        }
    }
    return NULL;
}

/* The n-th text node of the page, from 0. */
static const struct node *text_node(int index)
{
    for (struct node *node = dom.document; node; node = node_next(node, dom.document)) {
        if (node->kind == NODE_TEXT && index-- == 0) {
            return node;
        }
    }
    return NULL;
}

static void check_text(int index, str text, str spelling)
{
    const struct node *node = text_node(index);
    CHECK(node != NULL);
    if (node) {
        CHECK_STR(node->text, text);
        CHECK_STR(str_slice(dom.source, node->src_start, node->src_end), spelling);
    }
}

TEST(a_text_knows_its_raw_spelling)
{
    parse(STR("<title>A &lt; B</title><p>Tom &amp; Al&hellip;<b>中&#25991;\r\nx</b> y"));
    check_text(0, STR("A < B"), STR("A &lt; B"));
    check_text(1, STR("Tom & Al…"), STR("Tom &amp; Al&hellip;"));
    check_text(2, STR("中文\nx"), STR("中&#25991;\r\nx"));
    check_text(3, STR(" y"), STR(" y"));
    CHECK(text_node(4) == NULL);
}

TEST(text_spelt_as_it_is_points_into_the_source)
{
    const str page = STR("<p title=plain>one & two</p>");
    parse(page);
    CHECK(text_node(0)->text.ptr == page.ptr + 15);
    CHECK(find(TAG_p)->attributes->value.ptr == page.ptr + 9);
}

TEST(runs_that_do_not_stand_side_by_side_stay_two_nodes)
{
    parse(STR("<p>one<table>two</table>three</p>"));
    check_text(0, STR("one"), STR("one"));
    check_text(1, STR("two"), STR("two"));
    check_text(2, STR("three"), STR("three"));
    CHECK(text_node(0)->next == text_node(1));
    parse(STR("<p>a</nosuch>b"));
    check_text(0, STR("a"), STR("a"));
    check_text(1, STR("b"), STR("b"));
}

TEST(odd_bytes_keep_the_places_of_what_is_around_them)
{
    parse((str){.ptr = "<p>a\0b\rc<svg><text>x\0y", .len = 22});
    check_text(0, STR("a"), STR("a"));
    check_text(1, STR("b\nc"), STR("b\rc"));
    check_text(2, STR("x\xEF\xBF\xBDy"), (str){.ptr = "x\0y", .len = 3});
}

TEST(a_first_line_end_in_pre_is_dropped_from_text_and_place)
{
    parse(STR("<pre>\r\ncode</pre><textarea>\n\nx</textarea>"));
    check_text(0, STR("code"), STR("code"));
    check_text(1, STR("\nx"), STR("\nx"));
}

TEST(table_text_is_fostered_only_if_some_of_its_run_is_no_space)
{
    parse(STR("<table> \n<tr> &#32;\r\n </tr></table>"));
    CHECK(text_node(0)->parent->tag == TAG_table);
    CHECK(text_node(1)->parent->tag == TAG_tr);
    check_text(1, STR("  \n "), STR(" &#32;\r\n "));
    parse(STR("<table> &#32;\r\n x</table>"));
    CHECK(text_node(0)->parent->tag == TAG_body);
    check_text(0, STR("  \n x"), STR(" &#32;\r\n x"));
}

TEST(attributes_keep_the_place_of_their_values)
{
    parse(STR("<img alt=\"a &amp; b\" src=x.png?a=1&copy=2 ALT=second title = '' checked>"));
    const struct node *img = find(TAG_img);
    const struct attribute *alt = node_attribute(img, STR("alt"));
    CHECK_STR(alt->value, STR("a & b"));
    CHECK_STR(str_slice(dom.source, alt->src_start, alt->src_end), STR("a &amp; b"));
    CHECK_STR(node_attribute_value(img, STR("src")), STR("x.png?a=1&copy=2"));
    CHECK_STR(node_attribute_value(img, STR("title")), STR(""));
    CHECK(node_attribute(img, STR("checked")) != NULL);
    CHECK(node_attribute(img, STR("ALT")) == NULL);
    CHECK_STR(str_slice(dom.source, img->src_start, img->src_end), dom.source);
}

TEST(what_no_tag_spells_is_implied)
{
    parse(STR("<table><tr><td>x</table><b>1<p>2</b>3"));
    CHECK(find(TAG_html)->implied && find(TAG_head)->implied && find(TAG_tbody)->implied);
    CHECK(!find(TAG_tr)->implied && !find(TAG_b)->implied);
    CHECK(find(TAG_p)->first->tag == TAG_b && find(TAG_p)->first->implied);
    CHECK_INT(find(TAG_html)->depth, 1);
    CHECK_INT(find(TAG_td)->depth, 6);
}

TEST(bytes_behind_the_end_of_the_page_are_read)
{
    parse(STR("<body><p>a</body></html></html><p>b</body></html>c"));
    check_text(0, STR("a"), STR("a"));
    check_text(1, STR("b"), STR("b"));
    check_text(2, STR("c"), STR("c"));
    CHECK(text_node(1)->parent->parent->tag == TAG_body);
}

TEST(noscript_is_read_as_markup)
{
    parse(STR("<body><noscript><p>without scripts</p></noscript>"));
    CHECK(text_node(0)->parent->tag == TAG_p);
}

TEST(a_template_keeps_its_content_to_itself)
{
    parse(STR("<template><tr><td>x</template>y"));
    const struct node *template = find(TAG_template);
    CHECK(node_content(template) != NULL && template->first == NULL);
    CHECK(node_content(template)->parent == template);
    CHECK(node_content(template)->first->tag == TAG_tr);
    check_text(0, STR("y"), STR("y"));
}

TEST(a_doctype_says_its_identifiers_and_decides_on_quirks)
{
    parse(STR("<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 3.2//EN\"><p>x"));
    CHECK(dom.quirks);
    CHECK_STR(node_attribute_value(dom.document->first, STR("public")),
              STR("-//W3C//DTD HTML 3.2//EN"));
    CHECK(node_attribute(dom.document->first, STR("system")) == NULL);
    parse(STR("<!doctype html><p>x"));
    CHECK(!dom.quirks);
}

TEST(wrong_references_are_counted)
{
    parse(STR("<p title='&#0;&nosuch;'>&amp &copy; &nosuch; & &#150; &lt"));
    CHECK_INT(dom.bad_references, 6);
    parse(STR("<table>&nosuch;<tr> &nosuch;</table>"));
    CHECK_INT(dom.bad_references, 2);
}

TEST(walking_visits_each_node_once_in_the_order_of_the_source)
{
    parse(STR("<ul><li>a<b>b</b><li>c</ul><p>d"));
    size_t last = 0;
    int count = 0;
    for (struct node *node = dom.document; node; node = node_next(node, dom.document)) {
        CHECK(node->src_start >= last || node->implied);
        last = node->implied ? last : node->src_start;
        count++;
    }
    CHECK_INT(count, 13);
    const struct node *ul = find(TAG_ul);
    CHECK(node_next_outside(ul, dom.document)->tag == TAG_p);
    CHECK(node_next_outside(ul, ul) == NULL);
}

struct counting_sink {
    struct sink sink;
    int64_t last;
    int left;
};

static enum status count_pulse(struct sink *sink, const struct event *event)
{
    struct counting_sink *counting = (struct counting_sink *)sink;
    CHECK(event->kind == EVENT_PULSE);
    CHECK(event->number > counting->last && event->number - counting->last <= 2 * 65536);
    counting->last = event->number;
    return counting->left-- > 0 ? STATUS_OK : STATUS_CANCELLED;
}

TEST(a_pulse_is_felt_in_long_text_and_can_stop_the_reading)
{
    enum { LEN = 3 << 18 }; /* no piece of 64 KiB ends with a whole character of three bytes */
    char *page = malloc(LEN);
    for (size_t i = 0; i < LEN; i++) {
        page[i] = STR("文").ptr[i % 3];
    }
    struct counting_sink counting = {.sink = {.event = count_pulse}, .left = 100};
    arena_reset(&arena);
    const str text = {.ptr = page, .len = LEN};
    CHECK(html_parse(&arena, text, 512, &counting.sink, &dom) == STATUS_OK);
    CHECK(counting.left <= 100 - 8);
    CHECK_INT(text_node(0)->text.len, LEN);
    counting = (struct counting_sink){.sink = {.event = count_pulse}, .left = 3};
    CHECK(html_parse(&arena, text, 512, &counting.sink, &dom) == STATUS_CANCELLED);
    CHECK(text_node(0)->text.len < LEN && text_node(0)->text.len >= 3 * 65536);
    CHECK(text_node(0)->text.len % 3 == 0);
    arena_release(&arena);
    free(page);
}

int main(int argc, char **argv)
{
    arena_init(&arena, 1 << 26);
    const int code = test_main(argc, argv);
    arena_release(&arena);
    return code;
}
