/* SPDX-License-Identifier: Apache-2.0 */
/* xml_tokens: one document from stdin, or with --batch many (suite_case.h) → its tokens as JSON
 * lines: ["open",name,{attribute: value …}] ["close",name] ["text",text] ["end"|"cut"|"bad"]; texts
 * beside each other are one. */
#include "suite_case.h"

#include "base/json.h"
#include "markup/xml.h"

static void add_word(struct buf *out, const char *word)
{
    buf_add(out, STR("["));
    json_add_string(out, str_of(word));
}

static void add_attributes(struct arena *arena, const struct xml *xml, struct buf *out)
{
    struct xml_attribute attribute;
    size_t at = 0;
    bool first = true;
    buf_add(out, STR(",{"));
    while (xml_next_attribute(xml, &at, &attribute)) {
        buf_add(out, first ? STR("") : STR(","));
        first = false;
        json_add_string(out, attribute.name);
        buf_add(out, STR(":"));
        json_add_string(out, xml_value(arena, attribute.raw, XML_IN_ATTRIBUTE));
    }
    buf_add(out, STR("}"));
}

static void flush_text(struct buf *text, struct buf *out)
{
    if (text->len) {
        add_word(out, "text");
        buf_add(out, STR(","));
        json_add_string(out, buf_str(text));
        buf_add(out, STR("]\n"));
        buf_clear(text);
    }
}

static void add_tag(struct arena *arena, const struct xml *xml, struct buf *out)
{
    add_word(out, xml->kind == XML_OPEN ? "open" : "close");
    buf_add(out, STR(","));
    json_add_string(out, xml->name);
    if (xml->kind == XML_OPEN) {
        add_attributes(arena, xml, out);
    }
    buf_add(out, STR("]\n"));
}

static enum status run(struct arena *arena, const struct suite_case *input, struct buf *out)
{
    struct decoded decoded;
    struct xml xml;
    struct buf text;
    buf_init(&text, arena, SIZE_MAX);
    TRY(xml_decode(arena, str_bytes(input->text), STR(""), &decoded));
    xml_init(&xml, decoded.text, arena);
    for (;;) {
        const enum xml_kind kind = xml_next(&xml);
        if (kind == XML_TEXT) {
            xml_add_value(&text, xml.raw, xml.place);
            continue;
        }
        flush_text(&text, out);
        if (kind == XML_OPEN || kind == XML_CLOSE) {
            add_tag(arena, &xml, out);
            continue;
        }
        add_word(out, kind == XML_END ? "end" : kind == XML_CUT ? "cut" : "bad");
        buf_add(out, STR("]\n"));
        return buf_failed(out) ? STATUS_NO_MEMORY : STATUS_OK;
    }
}

int main(int argc, char **argv)
{
    return suite_case_main(argc, argv, run);
}
