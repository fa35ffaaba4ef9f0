/* SPDX-License-Identifier: Apache-2.0 */
#include "markup/xml.h"

enum { FIRST_CAPACITY = 32 };

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* XML 1.0, NameStartChar: of ASCII as it says, of what lies beyond everything. */
static bool begins_name(char c)
{
    return ascii_is_letter((uint8_t)c) || c == '_' || c == ':' || (uint8_t)c >= 0x80;
}

static bool continues_name(char c)
{
    return begins_name(c) || ascii_is_digit((uint8_t)c) || c == '-' || c == '.';
}

void xml_init(struct xml *xml, str text, struct arena *arena)
{
    *xml = (struct xml){.text = text, .arena = arena, .kind = XML_TEXT};
}

static enum xml_kind stop(struct xml *xml, enum xml_kind kind, const char *fault)
{
    xml->kind = kind;
    xml->fault = fault;
    xml->name = (str){.ptr = "", .len = 0};
    xml->raw = xml->name;
    return kind;
}

static enum xml_kind bad(struct xml *xml, size_t at, const char *fault)
{
    xml->at = at;
    return stop(xml, XML_BAD, fault);
}

static enum xml_kind cut(struct xml *xml)
{
    xml->at = xml->text.len;
    return stop(xml, XML_CUT, "it ends early");
}

/* ---- what is open ---- */

/* Room for one more of `size` in a list with a maximum; false: no room, no memory. */
static bool make_room(struct arena *arena, void **items, size_t *capacity, size_t count,
                      size_t size, size_t max)
{
    if (count < *capacity) {
        return true;
    }
    const size_t larger = *capacity ? *capacity * 2 : FIRST_CAPACITY;
    void *moved = count < max ? arena_array(arena, larger, size) : NULL;
    if (!moved) {
        return false;
    }
    if (count) {
        memcpy(moved, *items, count * size);
    }
    *items = moved;
    *capacity = larger;
    return true;
}

static bool push_open(struct xml *xml, str name)
{
    void *items = xml->open;
    if (xml->depth >= XML_DEPTH_MAX || !make_room(xml->arena, &items, &xml->open_capacity,
                                                  xml->depth, sizeof(str), XML_DEPTH_MAX)) {
        return false;
    }
    xml->open = items;
    xml->open[xml->depth++] = name;
    return true;
}

static bool push_binding(struct xml *xml, str prefix, str uri)
{
    void *items = xml->bindings;
    if (!make_room(xml->arena, &items, &xml->binding_capacity, xml->binding_count,
                   sizeof(struct xml_binding), XML_BINDINGS_MAX)) {
        return false;
    }
    xml->bindings = items;
    xml->bindings[xml->binding_count++] =
        (struct xml_binding){.prefix = prefix, .uri = uri, .depth = xml->depth};
    return true;
}

static void leave_element(struct xml *xml)
{
    while (xml->binding_count && xml->bindings[xml->binding_count - 1].depth >= xml->depth) {
        xml->binding_count--;
    }
    xml->depth--;
    xml->has_closed = false;
}

/* ---- tags ---- */

static size_t skip_space(str text, size_t at)
{
    while (at < text.len && is_space(text.ptr[at])) {
        at++;
    }
    return at;
}

static str name_at(str text, size_t at)
{
    size_t end = at;
    if (end < text.len && begins_name(text.ptr[end])) {
        do {
            end++;
        } while (end < text.len && continues_name(text.ptr[end]));
    }
    return str_slice(text, at, end);
}

enum attribute_step { ATTRIBUTE_READ, ATTRIBUTE_NONE, ATTRIBUTE_CUT, ATTRIBUTE_BAD };

/* name = "value" at *at, which moves behind it; NONE where no name stands. */
static enum attribute_step read_attribute(str text, size_t *at, struct xml_attribute *out)
{
    size_t i = *at;
    out->name = name_at(text, i);
    if (out->name.len == 0) {
        return ATTRIBUTE_NONE;
    }
    i = skip_space(text, i + out->name.len);
    if (i < text.len && text.ptr[i] != '=') {
        return ATTRIBUTE_BAD;
    }
    i = skip_space(text, i + 1);
    if (i >= text.len) {
        return ATTRIBUTE_CUT;
    }
    const char quote = text.ptr[i];
    if (quote != '"' && quote != '\'') {
        return ATTRIBUTE_BAD;
    }
    const size_t from = ++i;
    while (i < text.len && text.ptr[i] != quote && text.ptr[i] != '<') {
        i++;
    }
    if (i >= text.len) {
        return ATTRIBUTE_CUT;
    }
    if (text.ptr[i] == '<') {
        return ATTRIBUTE_BAD;
    }
    out->raw = str_slice(text, from, i);
    *at = i + 1;
    return ATTRIBUTE_READ;
}

static bool note_binding(struct xml *xml, const struct xml_attribute *attribute)
{
    const str name = attribute->name;
    if (!str_starts(name, STR("xmlns")) || (name.len > 5 && name.ptr[5] != ':')) {
        return true;
    }
    return push_binding(xml, str_slice(name, 6, name.len), attribute->raw);
}

/* `<` and a name: the element and its attributes up to `>`. */
static enum xml_kind open_tag(struct xml *xml)
{
    const str text = xml->text;
    const str name = name_at(text, xml->at + 1);
    const size_t from = xml->at + 1 + name.len;
    size_t at = from;
    if (xml->depth == 0 && xml->has_root) {
        return bad(xml, xml->at, "a second root element");
    }
    if (!push_open(xml, name)) {
        return bad(xml, xml->at, "elements are nested too deep");
    }
    for (;;) {
        const size_t behind = skip_space(text, at);
        struct xml_attribute attribute = {.name = {.ptr = "", .len = 0}};
        if (behind >= text.len) {
            return cut(xml);
        }
        const bool is_empty = text.ptr[behind] == '/';
        if (is_empty && behind + 1 >= text.len) {
            return cut(xml);
        }
        if (text.ptr[behind + is_empty] == '>') {
            xml->is_empty = is_empty;
            xml->raw = str_slice(text, from, at);
            xml->at = behind + is_empty + 1;
            break;
        }
        const bool is_apart = behind > at;
        at = behind;
        const enum attribute_step step =
            is_apart ? read_attribute(text, &at, &attribute) : ATTRIBUTE_BAD;
        if (step == ATTRIBUTE_CUT) {
            return cut(xml);
        }
        if (step != ATTRIBUTE_READ) {
            return bad(xml, behind, "no attribute can be read here");
        }
        if (!note_binding(xml, &attribute)) {
            return bad(xml, behind, "too many namespaces");
        }
    }
    xml->has_root = true;
    xml->name = name;
    return xml->kind = XML_OPEN;
}

static enum xml_kind close_element(struct xml *xml)
{
    xml->has_closed = true;
    xml->name = xml->open[xml->depth - 1];
    xml->raw = (str){.ptr = "", .len = 0};
    return xml->kind = XML_CLOSE;
}

static enum xml_kind close_tag(struct xml *xml)
{
    const str name = name_at(xml->text, xml->at + 2);
    const size_t behind = skip_space(xml->text, xml->at + 2 + name.len);
    if (behind >= xml->text.len) {
        return cut(xml);
    }
    if (xml->text.ptr[behind] != '>' || xml->depth == 0 ||
        !str_equal(name, xml->open[xml->depth - 1])) {
        return bad(xml, xml->at, "this tag closes no open element");
    }
    xml->at = behind + 1;
    return close_element(xml);
}

/* ---- what is passed over ---- */

/* Behind the first `end` at or after `from`; SIZE_MAX when there is none. */
static size_t behind(str text, str end, size_t from)
{
    const size_t at = str_find(text, end, from);
    return at == SIZE_MAX ? SIZE_MAX : at + end.len;
}

static bool stands(str text, size_t at, str word)
{
    return str_starts(str_slice(text, at, text.len), word);
}

/* Comments and instructions; `at` when there is none here, SIZE_MAX when it does not end. */
static size_t skip_remark(str text, size_t at)
{
    if (stands(text, at, STR("<!--"))) {
        return behind(text, STR("-->"), at + 4);
    }
    return stands(text, at, STR("<?")) ? behind(text, STR("?>"), at + 2) : at;
}

/* <!DOCTYPE name "…" [ <!ENTITY a "…"> <!-- ' --> ]>: what its declarations say is not read. */
static size_t skip_doctype(str text, size_t at)
{
    size_t depth = 0;
    bool inside = false; /* the brackets */
    while (at < text.len) {
        const size_t after = skip_remark(text, at);
        if (after == SIZE_MAX) {
            return SIZE_MAX;
        }
        if (after > at) {
            at = after;
            continue;
        }
        const char c = text.ptr[at++];
        if (c == '"' || c == '\'') {
            const size_t quote = str_find_byte(text, c, at);
            if (quote == SIZE_MAX) {
                return SIZE_MAX;
            }
            at = quote + 1;
        } else if (c == '[') {
            inside = true;
        } else if (c == ']') {
            inside = false;
        } else if (c == '<') {
            depth++;
        } else if (c == '>' && --depth == 0 && !inside) {
            return at;
        }
    }
    return SIZE_MAX;
}

/* ---- text ---- */

static enum xml_kind text_until(struct xml *xml, size_t from, size_t to, size_t next)
{
    xml->name = (str){.ptr = "", .len = 0};
    xml->raw = str_slice(xml->text, from, to);
    xml->at = next;
    return xml->kind = XML_TEXT;
}

static bool is_blank(str s)
{
    return skip_space(s, 0) == s.len;
}

static enum xml_kind cdata(struct xml *xml)
{
    const size_t from = xml->at + 9; /* <![CDATA[ */
    const size_t end = str_find(xml->text, STR("]]>"), from);
    if (xml->depth == 0) {
        return bad(xml, xml->at, "text outside the root element");
    }
    if (end == SIZE_MAX) {
        return cut(xml);
    }
    xml->place = XML_IN_CDATA;
    return text_until(xml, from, end, end + 3);
}

/* Is the text at `at` the beginning of `word`, cut off by the end? */
static bool is_cut_word(str text, size_t at, str word)
{
    const str rest = str_slice(text, at, text.len);
    return rest.len < word.len && str_starts(word, rest);
}

/* `<!` or `<?`; true: a token was found, false: something was passed over. */
static bool declaration(struct xml *xml)
{
    const str text = xml->text;
    const size_t at = xml->at;
    size_t after = skip_remark(text, at);
    if (after == at && stands(text, at, STR("<![CDATA["))) {
        (void)cdata(xml);
        return true;
    }
    if (after == at && stands(text, at, STR("<!DOCTYPE")) && !xml->has_root) {
        after = skip_doctype(text, at);
    }
    if (after == SIZE_MAX || is_cut_word(text, at, STR("<!--")) ||
        is_cut_word(text, at, STR("<![CDATA[")) || is_cut_word(text, at, STR("<!DOCTYPE"))) {
        (void)cut(xml);
        return true;
    }
    if (after == at) {
        (void)bad(xml, at, "no declaration can stand here");
        return true;
    }
    xml->at = after;
    return false;
}

/* At `<`; true: a token was found. */
static bool markup(struct xml *xml)
{
    const str text = xml->text;
    if (xml->at + 1 >= text.len) {
        (void)cut(xml);
        return true;
    }
    const char c = text.ptr[xml->at + 1];
    if (begins_name(c)) {
        (void)open_tag(xml);
        return true;
    }
    if (c == '/') {
        (void)close_tag(xml);
        return true;
    }
    if (c == '!' || c == '?') {
        return declaration(xml);
    }
    (void)bad(xml, xml->at, "this is no tag");
    return true;
}

enum xml_kind xml_next(struct xml *xml)
{
    if (xml->kind == XML_END || xml->kind == XML_CUT || xml->kind == XML_BAD) {
        return xml->kind;
    }
    if (xml->has_closed) {
        leave_element(xml);
    }
    xml->place = XML_IN_TEXT;
    xml->start = xml->at;
    if (xml->is_empty) {
        xml->is_empty = false;
        return close_element(xml);
    }
    for (;;) {
        const size_t found = str_find_byte(xml->text, '<', xml->at);
        const size_t end = found == SIZE_MAX ? xml->text.len : found;
        const str run = str_slice(xml->text, xml->at, end);
        xml->start = xml->at;
        if (xml->depth == 0 && !is_blank(run)) {
            return bad(xml, xml->at, "text outside the root element");
        }
        if (run.len && xml->depth) {
            return text_until(xml, xml->at, end, end);
        }
        xml->at = end;
        xml->start = end;
        if (found == SIZE_MAX) {
            return xml->depth == 0 && xml->has_root ? stop(xml, XML_END, NULL) : cut(xml);
        }
        if (markup(xml)) {
            return xml->kind;
        }
    }
}

/* ---- names ---- */

bool xml_next_attribute(const struct xml *xml, size_t *at, struct xml_attribute *out)
{
    *at = skip_space(xml->raw, *at);
    return xml->kind == XML_OPEN && read_attribute(xml->raw, at, out) == ATTRIBUTE_READ;
}

str xml_attribute(const struct xml *xml, struct arena *arena, str name)
{
    struct xml_attribute attribute;
    size_t at = 0;
    while (xml_next_attribute(xml, &at, &attribute)) {
        if (str_equal(attribute.name, name)) {
            return xml_value(arena, attribute.raw, XML_IN_ATTRIBUTE);
        }
    }
    return (str){.ptr = NULL, .len = 0};
}

str xml_namespace(const struct xml *xml, str prefix)
{
    for (size_t i = xml->binding_count; i > 0; i--) {
        if (str_equal(xml->bindings[i - 1].prefix, prefix)) {
            return xml->bindings[i - 1].uri;
        }
    }
    return (str){.ptr = "", .len = 0};
}

str xml_local(str name)
{
    const size_t colon = str_find_byte(name, ':', 0);
    return colon == SIZE_MAX ? name : str_slice(name, colon + 1, name.len);
}

str xml_prefix(str name)
{
    const size_t colon = str_find_byte(name, ':', 0);
    return colon == SIZE_MAX ? (str){.ptr = "", .len = 0} : str_slice(name, 0, colon);
}

bool xml_gather(struct xml *xml, struct buf *out)
{
    const size_t depth = xml->depth;
    for (;;) {
        switch (xml_next(xml)) {
        case XML_OPEN:
            break;
        case XML_CLOSE:
            if (xml->depth == depth) {
                return true;
            }
            break;
        case XML_TEXT:
            if (out) {
                xml_add_value(out, xml->raw, xml->place);
            }
            break;
        case XML_END:
        case XML_CUT:
        case XML_BAD:
            return false;
        }
    }
}
