/* SPDX-License-Identifier: Apache-2.0 */
/* XML of any bytes: reading ends, tags balance, tokens follow each other inside the text, and a
 * value read from it is valid UTF-8 that never grew. */
#include "fuzz.h"

#include "markup/xml.h"
#include "text/utf8.h"

static void check_value(struct arena *arena, str raw, enum xml_place place)
{
    const struct arena_position mark = arena_mark(arena);
    const str value = xml_value(arena, raw, place);
    MUST(value.ptr && value.len <= raw.len && utf8_is_valid(str_bytes(value)));
    arena_rewind(arena, mark);
}

static void check_attributes(struct arena *arena, const struct xml *xml)
{
    struct xml_attribute attribute;
    size_t at = 0;
    size_t before = 0;
    while (xml_next_attribute(xml, &at, &attribute)) {
        MUST(at > before && at <= xml->raw.len);
        check_value(arena, attribute.raw, XML_IN_ATTRIBUTE);
        (void)xml_namespace(xml, xml_prefix(attribute.name));
        before = at;
    }
    MUST(at == xml->raw.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct decoded decoded;
    struct xml xml;
    size_t open = 0;
    size_t before = 0;
    arena_init(&arena, 64 << 20);
    if (xml_decode(&arena, (bytes){.ptr = data, .len = size}, STR(""), &decoded) != STATUS_OK) {
        arena_release(&arena);
        return 0;
    }
    xml_init(&xml, decoded.text, &arena);
    for (;;) {
        const enum xml_kind kind = xml_next(&xml);
        MUST(xml.start >= before && xml.at <= decoded.text.len);
        if (kind == XML_END || kind == XML_CUT || kind == XML_BAD) {
            MUST(kind != XML_END || open == 0);
            MUST(xml_next(&xml) == kind);
            break;
        }
        before = xml.start;
        if (kind == XML_OPEN) {
            MUST(++open == xml.depth && xml.name.len);
            check_attributes(&arena, &xml);
        } else if (kind == XML_CLOSE) {
            MUST(open-- == xml.depth && xml.name.len);
        } else {
            MUST(open == xml.depth);
            check_value(&arena, xml.raw, xml.place);
        }
    }
    arena_release(&arena);
    return 0;
}
