/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the XML tokenizer: what well-formed documents say, where others stop, and that entities of
 * a DOCTYPE stay what is written. */
#include "markup/xml.h"
#include "harness/test.h"

static struct arena arena;
static struct buf said;

static void add_attributes(const struct xml *xml)
{
    struct xml_attribute attribute;
    size_t at = 0;
    while (xml_next_attribute(xml, &at, &attribute)) {
        buf_add(&said, STR(" "));
        buf_add(&said, attribute.name);
        buf_add(&said, STR("="));
        buf_add(&said, xml_value(&arena, attribute.raw, XML_IN_ATTRIBUTE));
    }
}

/* One character a token: <name attributes> (text) /name END. */
static str tokens(str text)
{
    struct xml xml;
    arena_reset(&arena);
    buf_init(&said, &arena, 1 << 20);
    xml_init(&xml, text, &arena);
    for (;;) {
        switch (xml_next(&xml)) {
        case XML_OPEN:
            buf_add(&said, STR("<"));
            buf_add(&said, xml.name);
            add_attributes(&xml);
            buf_add(&said, STR(">"));
            break;
        case XML_CLOSE:
            buf_add(&said, STR("/"));
            buf_add(&said, xml.name);
            buf_add(&said, STR(" "));
            break;
        case XML_TEXT:
            buf_add(&said, STR("("));
            buf_add(&said, xml_value(&arena, xml.raw, xml.place));
            buf_add(&said, STR(")"));
            break;
        case XML_END:
            buf_add(&said, STR("END"));
            return buf_str(&said);
        case XML_CUT:
            buf_add(&said, STR("CUT"));
            return buf_str(&said);
        case XML_BAD:
            buf_add(&said, STR("BAD "));
            buf_add_integer(&said, (int64_t)xml.at);
            return buf_str(&said);
        }
    }
}

TEST(elements_attributes_and_text_come_in_order)
{
    arena_init(&arena, 64 << 20);
    CHECK_STR(tokens(STR("<a/>")), STR("<a>/a END"));
    CHECK_STR(tokens(STR("<?xml version='1.0'?>\n<!-- <x> --><p:a  x = \"1\" "
                         "y='\"'>one<b/>two</p:a >\n<!---->")),
              STR("<p:a x=1 y=\">(one)<b>/b (two)/p:a END"));
    CHECK_STR(tokens(STR("<a><![CDATA[<b>\r\n&amp;]]]]><![CDATA[>]]></a>")),
              STR("<a>(<b>\n&amp;]])(>)/a END"));
    CHECK_STR(tokens(STR("<权力 名='值'>任</权力>")), STR("<权力 名=值>(任)/权力 END"));
}

TEST(references_become_characters_and_strays_stay)
{
    CHECK_STR(tokens(STR("<a b='&lt;&#x6743;&#10;&quot;'>&amp;amp;&#26435;&gt;&apos;</a>")),
              STR("<a b=<权\n\">(&amp;权>')/a END"));
    CHECK_STR(tokens(STR("<a>R&D &copy; &#; &#x; &#xZ; &; &amp</a>")),
              STR("<a>(R&D &copy; &#; &#x; &#xZ; &; &amp)/a END"));
    CHECK_STR(tokens(STR("<a>&#0;&#xD800;&#x110000;&#99999999999;&#xFFFF;</a>")),
              STR("<a>(\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD)/a END"));
    CHECK_STR(tokens(STR("<a b='1\r\n2\t3\n4'>1\r\n2\r3</a>")),
              STR("<a b=1 2 3 4>(1\n2\n3)/a END"));
}

TEST(a_doctype_is_passed_over_and_its_entities_are_not_expanded)
{
    CHECK_STR(
        tokens(STR("<!DOCTYPE a SYSTEM \"http://x/>\" [<!ENTITY l '>lol'><!-- ]> ' --><?p ]> ?>"
                   "<!ENTITY m \"&l;&l;\">]><a>&m;</a>")),
        STR("<a>(&m;)/a END"));
    CHECK_STR(tokens(STR("<a><!DOCTYPE a></a>")), STR("<a>BAD 3"));
}

TEST(what_is_no_xml_stops_at_its_first_byte)
{
    CHECK_STR(tokens(STR("x<a/>")), STR("BAD 0"));
    CHECK_STR(tokens(STR("<a/>x")), STR("<a>/a BAD 4"));
    CHECK_STR(tokens(STR("<a/><b/>")), STR("<a>/a BAD 4"));
    CHECK_STR(tokens(STR("<a><b></a></b>")), STR("<a><b>BAD 6"));
    CHECK_STR(tokens(STR("<a x=1/>")), STR("BAD 3"));
    CHECK_STR(tokens(STR("<a x>")), STR("BAD 3"));
    CHECK_STR(tokens(STR("<a x='1'y='2'/>")), STR("BAD 8"));
    CHECK_STR(tokens(STR("<a x='<'/>")), STR("BAD 3"));
    CHECK_STR(tokens(STR("<a>1 < 2</a>")), STR("<a>(1 )BAD 5"));
    CHECK_STR(tokens(STR("</a>")), STR("BAD 0"));
    CHECK_STR(tokens(STR("<![CDATA[x]]><a/>")), STR("BAD 0"));
}

TEST(a_document_cut_anywhere_says_so)
{
    const str whole = STR("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a b='1'>t<!-- c -->"
                          "<![CDATA[d]]><e f=\"2\" /></a>");
    for (size_t len = 0; len < whole.len; len++) {
        CHECK(str_ends(tokens(str_slice(whole, 0, len)), STR("CUT")));
    }
    CHECK(str_ends(tokens(whole), STR("/a END")));
}

TEST(namespaces_hold_inside_their_element)
{
    struct xml xml;
    const str text = STR("<a xmlns='one' xmlns:p='two'><p:b xmlns='' xmlns:p='three'/><c/></a>");
    arena_reset(&arena);
    xml_init(&xml, text, &arena);
    CHECK(xml_next(&xml) == XML_OPEN);
    CHECK_STR(xml_namespace(&xml, STR("")), STR("one"));
    CHECK(xml_next(&xml) == XML_OPEN);
    CHECK_STR(xml_local(xml.name), STR("b"));
    CHECK_STR(xml_namespace(&xml, xml_prefix(xml.name)), STR("three"));
    CHECK_STR(xml_namespace(&xml, STR("")), STR(""));
    CHECK(xml_next(&xml) == XML_CLOSE);
    CHECK_STR(xml_namespace(&xml, xml_prefix(xml.name)), STR("three"));
    CHECK(xml_next(&xml) == XML_OPEN);
    CHECK_STR(xml_namespace(&xml, STR("p")), STR("two"));
    CHECK_STR(xml_namespace(&xml, STR("q")), STR(""));
    CHECK_STR(xml_local(STR("a")), STR("a"));
}

TEST(text_is_gathered_through_what_stands_inside)
{
    struct xml xml;
    struct buf out;
    arena_reset(&arena);
    buf_init(&out, &arena, 100);
    xml_init(&xml, STR("<a>1<b>2&amp;<c/></b><![CDATA[&amp;]]></a>"), &arena);
    CHECK(xml_next(&xml) == XML_OPEN);
    CHECK(xml_gather(&xml, &out));
    CHECK_STR(buf_str(&out), STR("12&&amp;"));
    CHECK(xml_next(&xml) == XML_END);
    CHECK(xml_next(&xml) == XML_END);
}

TEST(nesting_has_a_limit)
{
    struct buf deep;
    struct arena text_arena;
    arena_init(&text_arena, 1 << 20);
    buf_init(&deep, &text_arena, 1 << 20);
    for (int i = 0; i <= XML_DEPTH_MAX; i++) {
        buf_add(&deep, STR("<a>"));
    }
    const str all = tokens(buf_str(&deep));
    CHECK(str_ends(all, STR("BAD 12288")));
    arena_release(&text_arena);
}

static bool decodes(str raw, str declared, str expected)
{
    struct decoded out;
    arena_reset(&arena);
    return xml_decode(&arena, str_bytes(raw), declared, &out) == STATUS_OK &&
           str_equal(out.text, expected);
}

#define RAW(literal) ((str){.ptr = (literal), .len = sizeof(literal) - 1})

TEST(bytes_are_read_by_mark_then_by_transport_then_by_declaration)
{
    CHECK(decodes(RAW("<?xml version='1.0' encoding='GBK'?><a>\xC8\xA8</a>"), STR(""),
                  STR("<?xml version='1.0' encoding='GBK'?><a>权</a>")));
    CHECK(decodes(RAW("<?xml encoding = \"ISO-8859-1\"?>\xE9"), STR(""),
                  STR("<?xml encoding = \"ISO-8859-1\"?>é")));
    CHECK(decodes(RAW("<?xml encoding='ISO-8859-1'?>\xC8\xA8"), STR("gbk"),
                  STR("<?xml encoding='ISO-8859-1'?>权")));
    CHECK(decodes(RAW("\xEF\xBB\xBF<a>权</a>"), STR("gbk"), STR("<a>权</a>")));
    CHECK(decodes(RAW("\xFF\xFE<\0a\0/\0>\0"), STR(""), STR("<a/>")));
    CHECK(decodes(RAW("\0<\0?\0x\0?\0>"), STR(""), STR("<?x?>")));
    CHECK(decodes(RAW("<?xml encoding='utf-16'?>权"), STR(""), STR("<?xml encoding='utf-16'?>权")));
    CHECK(decodes(RAW("<a>权</a><!-- encoding='gbk'?> -->"), STR(""),
                  STR("<a>权</a><!-- encoding='gbk'?> -->")));
    arena_release(&arena);
}

TEST_MAIN()
