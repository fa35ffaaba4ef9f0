/* SPDX-License-Identifier: Apache-2.0 */
/* Guards what profiles ask of markup: selectors, and variables in scripts, however they are spelt. */
#include "harness/test.h"
#include "markup/html.h"
#include "page/markings.h"
#include "page/script_value.h"
#include "page/selector.h"

static struct arena arena;
static struct dom dom;

static const struct node *page(const char *html)
{
    arena_release(&arena);
    arena_init(&arena, 1 << 24);
    CHECK_INT(html_parse(&arena, str_of(html), 512, NULL, &dom), STATUS_OK);
    return dom.document;
}

/* How many elements of the page the selector names. */
static int count(const char *selector, const char *html)
{
    struct selector parsed;
    const struct node *root = page(html);
    int found = 0;
    if (!CHECK(selector_parse(str_of(selector), &parsed))) {
        return -1;
    }
    for (const struct node *node = node_next(root, root); node; node = node_next(node, root)) {
        found += node->kind == NODE_ELEMENT && selector_matches(&parsed, node);
    }
    return found;
}

TEST(a_selector_names_elements_by_tag_id_class_and_attribute)
{
    const char *html = "<div id=box class='a b-c'><h5><a href=/u-7.html>x</a></h5>"
                       "<a href=/p-7.html>y</a><img data-src=1><img></div>";
    CHECK_INT(count("a", html), 2);
    CHECK_INT(count("#box a", html), 2);
    CHECK_INT(count(".a.b-c h5 a", html), 1);
    CHECK_INT(count("div.b", html), 0);
    CHECK_INT(count("a[href*=/u-]", html), 1);
    CHECK_INT(count("a[href^=/p]", html), 1);
    CHECK_INT(count("[data-src]", html), 1);
    CHECK_INT(count("[data-src=2]", html), 0);
    CHECK_INT(count("h5 #box", html), 0);
    CHECK_INT(count("div div", html), 0);
}

TEST(what_is_no_selector_is_refused)
{
    static const char *const wrong[] = {"",  "#",   "a >b", "[x",        "[]",    "[x~=y]",
                                        ".", "a:b", "a  b", "a b c d e", ".a.b.c"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct selector selector;
        CHECK(!selector_parse(str_of(wrong[i]), &selector));
    }
}

TEST(a_selector_looks_at_so_many_elements_above_and_no_more)
{
    char html[4096] = "<div id=top>";
    size_t len = strlen(html);
    for (int i = 0; i < ANCESTORS_MAX + 5; i++) {
        len += (size_t)snprintf(html + len, sizeof html - len, "<div>");
    }
    (void)snprintf(html + len, sizeof html - len, "<b>x</b>");
    CHECK_INT(count("#top b", html), 0);
    CHECK_INT(count("#top div", html), ANCESTORS_MAX);
}

static struct stated variable(const char *path, const char *script, bool *found)
{
    const struct node text = {.kind = NODE_TEXT, .text = str_of(script)};
    struct stated out = {0};
    arena_release(&arena);
    arena_init(&arena, 1 << 20);
    CHECK_INT(script_find(&arena, &text, str_of(path), found, &out), STATUS_OK);
    return out;
}

static void check_variable(const char *path, const char *script, const char *value)
{
    bool found = false;
    const struct stated out = variable(path, script, &found);
    CHECK(found);
    CHECK_STR(out.text, str_of(value));
}

TEST(a_variable_is_found_however_the_script_spells_it)
{
    check_variable("page.access.title", "var page = {access: {\"title\": 'x'}}", "x");
    check_variable("page.access.title", "page.access.title='x y'", "x y");
    check_variable("actual_page", "a={'actual_page' : 12, b: 3}", "12");
    check_variable("senddate", "senddate=\"2021-07-19\";", "2021-07-19");
    check_variable("title", "subtitle='no';title='yes'", "yes");
    check_variable("title", "title == 'no' ? 1 : 2; title = 'yes'", "yes");
    check_variable("t", "t='\\u65e7\\u4e95\\/\\x41\\'\\ud83d\\ude00'", "旧井/A'\xF0\x9F\x98\x80");
    check_variable("t", "t='\\权'", "权");
    check_variable("t", "t={a:1}", "");
    check_variable("t", "t='no end", "");
    check_variable("t", "t='\\", "");
    check_variable("t", "t=\"line\nend\"", "");
}

TEST(a_variable_that_is_not_there_is_not_found)
{
    static const char *const scripts[] = {"", "title", "title:", "a.title2=1", "xtitle='a'"};
    bool found = true;
    (void)variable("page.title", "title='x';page=1", &found);
    CHECK(!found);
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
        const struct stated out = variable("title", scripts[i], &found);
        CHECK(!out.text.len);
    }
}

TEST(marks_belong_to_their_family)
{
    struct markings markings;
    const struct node *root =
        page("<div id=continue_page>x</div><script>var c={allPage:3}</script>");
    CHECK_INT(markings_read(&arena, root, &markings), STATUS_OK);
    CHECK_INT(markings_marks(&markings, FAMILY_doc88), 1);
    CHECK_INT(markings_marks(&markings, FAMILY_docin), 1);
    CHECK_INT(markings_marks(&markings, FAMILY_shared), 0);
    CHECK_INT(markings_marks(&markings, FAMILY_any), 0);
}

TEST_MAIN()
