/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/listing.h"

#include "formats/listing_entry.h"

str listing_kind_name(enum listing_kind kind)
{
    static const str names[] = {STR_INIT("foreign"), STR_INIT("urlset"), STR_INIT("sitemapindex"),
                                STR_INIT("text"),    STR_INIT("rss"),    STR_INIT("rdf"),
                                STR_INIT("atom")};
    return names[kind];
}

str listing_rel_name(enum listing_rel rel)
{
    static const str names[] = {STR_INIT("page"), STR_INIT("sitemap"), STR_INIT("enclosure"),
                                STR_INIT("next")};
    return names[rel];
}

str listing_end_name(enum listing_end end)
{
    static const str names[] = {STR_INIT("open"),   STR_INIT("whole"), STR_INIT("cut"),
                                STR_INIT("broken"), STR_INIT("limit"), STR_INIT("no_memory")};
    return names[end];
}

/* ---- what it is ---- */

static enum listing_kind kind_of_root(str name)
{
    static const struct {
        str name;
        enum listing_kind kind;
    } roots[] = {{STR_INIT("urlset"), LISTING_URLSET},
                 {STR_INIT("sitemapindex"), LISTING_INDEX},
                 {STR_INIT("rss"), LISTING_RSS},
                 {STR_INIT("RDF"), LISTING_RDF},
                 {STR_INIT("feed"), LISTING_ATOM}};
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        if (str_equal(xml_local(name), roots[i].name)) {
            return roots[i].kind;
        }
    }
    return LISTING_FOREIGN;
}

static void end_as_xml(struct listing *listing)
{
    if (listing->arena->refused || listing->scratch.refused) {
        listing->end = LISTING_NO_MEMORY;
    } else if (listing->xml.kind == XML_END) {
        listing->end = LISTING_WHOLE;
    } else if (listing->xml.kind == XML_CUT) {
        listing->end = listing->is_clipped ? LISTING_LIMIT : LISTING_CUT;
    } else {
        listing->end = LISTING_BROKEN;
    }
}

static void recognise_xml(struct listing *listing, str text)
{
    xml_init(&listing->xml, text, listing->arena);
    if (xml_next(&listing->xml) != XML_OPEN) {
        end_as_xml(listing);
        return;
    }
    listing->kind = kind_of_root(listing->xml.name);
    if (listing->kind == LISTING_FOREIGN) {
        listing->end = LISTING_WHOLE;
    } else {
        listing->base = listing_entry_base(listing, listing->arena, listing->base);
    }
}

/* The next line that is neither empty nor a remark; false at the end. */
static bool next_line(struct listing *listing, str *out)
{
    while (listing->lines.len) {
        const size_t end = str_find_byte(listing->lines, '\n', 0);
        if (end == SIZE_MAX && listing->is_clipped) {
            break; /* half a line is another address */
        }
        *out = str_trim_ascii(str_slice(listing->lines, 0, end));
        listing->lines = end == SIZE_MAX ? (str){.ptr = "", .len = 0}
                                         : str_slice(listing->lines, end + 1, listing->lines.len);
        if (out->len && out->ptr[0] != '#') {
            return true;
        }
    }
    return false;
}

static void recognise_text(struct listing *listing, str text)
{
    struct url url;
    str first;
    listing->lines = text;
    if (next_line(listing, &first) && first.len <= LISTING_VALUE_BYTES_MAX &&
        url_parse(&listing->scratch, first, NULL, &url) == URL_OK) {
        listing->kind = LISTING_TEXT;
        listing->lines = text;
    } else {
        listing->end = LISTING_WHOLE;
    }
}

bool listing_open(struct listing *listing, struct arena *arena, bytes content, str charset,
                  const struct url *base)
{
    struct decoded decoded;
    *listing = (struct listing){.arena = arena, .base = base};
    listing->web_host = base ? base->web_host : (str){.ptr = "", .len = 0};
    arena_init(&listing->scratch, LISTING_SCRATCH_BYTES_MAX);
    listing->is_clipped = content.len > LISTING_BYTES_MAX;
    content = bytes_slice(content, 0, LISTING_BYTES_MAX);
    listing->entry = ARENA_NEW(arena, struct listing_entry);
    if (!listing->entry || !arena_text(&listing->scratch, 1) ||
        xml_decode(arena, content, charset, &decoded) != STATUS_OK) {
        listing->end = LISTING_NO_MEMORY;
        return false;
    }
    listing->scratch_start = arena_mark(&listing->scratch);
    const str text = str_trim_ascii(decoded.text);
    if (text.len && text.ptr[0] == '<') {
        recognise_xml(listing, decoded.text);
    } else {
        recognise_text(listing, decoded.text);
    }
    return listing->end != LISTING_NO_MEMORY;
}

/* ---- one link after the other ---- */

static bool is_entry(const struct listing *listing)
{
    const str name = xml_local(listing->xml.name);
    switch (listing->kind) {
    case LISTING_URLSET:
        return listing->xml.depth == 2 && str_equal(name, STR("url"));
    case LISTING_INDEX:
        return listing->xml.depth == 2 && str_equal(name, STR("sitemap"));
    case LISTING_RSS:
        return listing->xml.depth <= 3 && str_equal(name, STR("item"));
    case LISTING_RDF:
        return listing->xml.depth == 2 && str_equal(name, STR("item"));
    case LISTING_ATOM:
        return listing->xml.depth == 2 && str_equal(name, STR("entry"));
    case LISTING_FOREIGN:
    case LISTING_TEXT:
        break;
    }
    return false;
}

static bool is_channel(const struct listing *listing)
{
    return listing->kind == LISTING_RSS && listing->xml.depth == 2 &&
           str_equal(xml_local(listing->xml.name), STR("channel"));
}

static void step_xml(struct listing *listing)
{
    switch (xml_next(&listing->xml)) {
    case XML_OPEN:
        if (is_entry(listing)) {
            listing_entry_read(listing);
        } else if (!is_channel(listing)) {
            listing_entry_read_outside(listing);
        }
        break;
    case XML_CLOSE:
    case XML_TEXT:
        break;
    case XML_END:
    case XML_CUT:
    case XML_BAD:
        end_as_xml(listing);
        break;
    }
}

static void step_text(struct listing *listing)
{
    str line;
    if (next_line(listing, &line)) {
        listing_entry_add(listing, line, LISTING_PAGE, listing->base);
    } else {
        listing->end = listing->is_clipped ? LISTING_LIMIT : LISTING_WHOLE;
    }
}

bool listing_next(struct listing *listing, struct listing_link *out)
{
    while (!listing_entry_next(listing, out)) {
        if (listing->end != LISTING_OPEN) {
            return false;
        }
        arena_rewind(&listing->scratch, listing->scratch_start);
        listing_entry_clear(listing);
        if (listing->kind == LISTING_TEXT) {
            step_text(listing);
        } else {
            step_xml(listing);
        }
        if (listing->scratch.refused || listing->arena->refused) {
            listing->end = LISTING_NO_MEMORY;
            return false;
        }
    }
    if (listing->link_count == LISTING_LINKS_MAX) {
        listing->end = LISTING_LIMIT;
        return false;
    }
    listing->link_count++;
    return true;
}

void listing_close(struct listing *listing)
{
    arena_release(&listing->scratch);
}
