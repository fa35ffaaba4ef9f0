/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/listing_entry.h"

#include "formats/date_time.h"

static const str atom_space = STR_INIT("http://www.w3.org/2005/Atom");
static const str dublin_core_space = STR_INIT("http://purl.org/dc/elements/1.1/");

void listing_entry_clear(struct listing *listing)
{
    struct listing_entry *entry = listing->entry;
    entry->count = 0;
    entry->next = 0;
    entry->modified = (str){.ptr = "", .len = 0};
    entry->change_frequency = entry->modified;
    entry->priority_milli = -1;
    entry->has_page = false;
}

void listing_entry_add(struct listing *listing, str text, enum listing_rel rel,
                       const struct url *base)
{
    struct listing_entry *entry = listing->entry;
    struct url url;
    if (text.len == 0 || entry->count == LISTING_ENTRY_LINKS_MAX) {
        return;
    }
    if (text.len > LISTING_VALUE_BYTES_MAX ||
        url_parse(&listing->scratch, text, base, &url) != URL_OK) {
        listing->bad_count++;
        return;
    }
    entry->has_page = entry->has_page || rel == LISTING_PAGE;
    entry->links[entry->count++] = (struct listing_link){
        .url = url.request,
        .rel = rel,
        .other_host = listing->web_host.len && !str_equal(url.web_host, listing->web_host)};
}

bool listing_entry_next(struct listing *listing, struct listing_link *out)
{
    struct listing_entry *entry = listing->entry;
    if (entry->next == entry->count) {
        return false;
    }
    *out = entry->links[entry->next++];
    out->modified = entry->modified;
    out->modified_us = INT64_MIN;
    if (!date_time_of_w3c(entry->modified, &out->modified_us) &&
        !date_time_of_mail(entry->modified, &out->modified_us)) {
        out->modified_us = INT64_MIN;
    }
    out->change_frequency = entry->change_frequency;
    out->priority_milli = entry->priority_milli;
    return true;
}

/* ---- values ---- */

/* Trimmed; empty when it was too long, for then it is no address and no date. */
static str value_of(const struct buf *buf)
{
    return buf_failed(buf) ? (str){.ptr = "", .len = 0} : str_trim_ascii(buf_str(buf));
}

/* All text up to the close of the element that was just opened. */
static str text_inside(struct listing *listing)
{
    struct buf buf;
    buf_init(&buf, &listing->scratch, LISTING_VALUE_BYTES_MAX);
    (void)xml_gather(&listing->xml, &buf);
    return value_of(&buf);
}

/* Empty when it is missing. */
static str attribute(struct listing *listing, str name)
{
    struct xml_attribute found;
    size_t at = 0;
    while (xml_next_attribute(&listing->xml, &at, &found)) {
        if (str_equal(found.name, name)) {
            struct buf buf;
            buf_init(&buf, &listing->scratch, LISTING_VALUE_BYTES_MAX);
            xml_add_value(&buf, found.raw, XML_IN_ATTRIBUTE);
            return value_of(&buf);
        }
    }
    return (str){.ptr = "", .len = 0};
}

const struct url *listing_entry_base(struct listing *listing, struct arena *arena,
                                     const struct url *base)
{
    const str text = attribute(listing, STR("xml:base"));
    if (text.len == 0) {
        return base;
    }
    struct url *own = ARENA_NEW(arena, struct url);
    return own && url_parse(arena, text, base, own) == URL_OK ? own : base;
}

/* 0.8 as 800; -1: not a number between 0 and 1. */
static int64_t read_priority(str text)
{
    int64_t value = 0;
    int64_t unit = 1000;
    size_t at = 0;
    if (text.len == 0 || (text.ptr[0] != '0' && text.ptr[0] != '1' && text.ptr[0] != '.')) {
        return -1;
    }
    if (text.ptr[0] != '.') {
        value = (text.ptr[at++] - '0') * unit;
    }
    if (at < text.len && text.ptr[at++] != '.') {
        return -1;
    }
    for (; at < text.len; at++) {
        if (!ascii_is_digit((uint8_t)text.ptr[at])) {
            return -1;
        }
        unit /= 10;
        value += (text.ptr[at] - '0') * unit;
    }
    return value <= 1000 ? value : -1;
}

static str read_frequency(str text)
{
    static const str words[] = {STR_INIT("always"), STR_INIT("hourly"),  STR_INIT("daily"),
                                STR_INIT("weekly"), STR_INIT("monthly"), STR_INIT("yearly"),
                                STR_INIT("never")};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_equal_ignoring_ascii_case(text, words[i])) {
            return words[i];
        }
    }
    return (str){.ptr = "", .len = 0};
}

/* ---- elements inside an entry ---- */

/* Is the element of this namespace? A prefix that nobody declared counts as its usual meaning. */
static bool is_of(const struct xml *xml, str space, str usual_prefix)
{
    const str prefix = xml_prefix(xml->name);
    const str found = xml_namespace(xml, prefix);
    return found.len ? str_equal(found, space) : prefix.len && str_equal(prefix, usual_prefix);
}

static bool is_named(const struct xml *xml, str local)
{
    return str_equal(xml_local(xml->name), local);
}

static void set_modified(struct listing *listing, str text, bool overrules)
{
    if (text.len && (overrules || listing->entry->modified.len == 0)) {
        listing->entry->modified = text;
    }
}

/* <link rel="…" href="…"/> as Atom has it, in feeds of all kinds. `outside`: not in an entry. */
static void take_atom_link(struct listing *listing, const struct url *base, bool outside)
{
    const str rel = attribute(listing, STR("rel"));
    const str href = attribute(listing, STR("href"));
    const bool is_alternate = rel.len == 0 || str_equal(rel, STR("alternate"));
    if (outside) {
        if (str_equal(rel, STR("next"))) {
            listing_entry_add(listing, href, LISTING_NEXT, base);
        }
    } else if (str_equal(rel, STR("enclosure"))) {
        listing_entry_add(listing, href, LISTING_ENCLOSURE, base);
    } else if (is_alternate && !listing->entry->has_page) {
        listing_entry_add(listing, href, LISTING_PAGE, base);
    }
}

static void take_of_sitemap(struct listing *listing)
{
    const struct xml *xml = &listing->xml;
    struct listing_entry *entry = listing->entry;
    if (is_named(xml, STR("loc"))) {
        const enum listing_rel rel =
            listing->kind == LISTING_INDEX ? LISTING_SITEMAP : LISTING_PAGE;
        listing_entry_add(listing, text_inside(listing), rel, listing->base);
    } else if (is_named(xml, STR("lastmod"))) {
        set_modified(listing, text_inside(listing), false);
    } else if (is_named(xml, STR("changefreq"))) {
        entry->change_frequency = read_frequency(text_inside(listing));
    } else if (is_named(xml, STR("priority"))) {
        entry->priority_milli = read_priority(text_inside(listing));
    } else {
        (void)xml_gather(&listing->xml, NULL);
    }
}

/* *permanent: the guid, where it is an address. */
static void take_of_rss(struct listing *listing, str *permanent)
{
    const struct xml *xml = &listing->xml;
    if (is_named(xml, STR("link"))) {
        const str text = text_inside(listing);
        if (!listing->entry->has_page) {
            listing_entry_add(listing, text, LISTING_PAGE, listing->base);
        }
    } else if (is_named(xml, STR("enclosure"))) {
        listing_entry_add(listing, attribute(listing, STR("url")), LISTING_ENCLOSURE,
                          listing->base);
        (void)xml_gather(&listing->xml, NULL);
    } else if (is_named(xml, STR("guid"))) {
        const bool is_address = !str_equal(attribute(listing, STR("isPermaLink")), STR("false"));
        const str text = text_inside(listing);
        *permanent = is_address && url_is_absolute(text) ? text : *permanent;
    } else if (is_named(xml, STR("pubDate"))) {
        set_modified(listing, text_inside(listing), true);
    } else {
        (void)xml_gather(&listing->xml, NULL);
    }
}

static void take_of_atom(struct listing *listing, const struct url *base, str *source)
{
    const struct xml *xml = &listing->xml;
    if (is_named(xml, STR("link"))) {
        take_atom_link(listing, listing_entry_base(listing, &listing->scratch, base), false);
    } else if (is_named(xml, STR("content"))) {
        *source = attribute(listing, STR("src"));
    } else if (is_named(xml, STR("updated")) || is_named(xml, STR("modified"))) {
        set_modified(listing, text_inside(listing), true);
        return;
    } else if (is_named(xml, STR("published")) || is_named(xml, STR("issued"))) {
        set_modified(listing, text_inside(listing), false);
        return;
    }
    (void)xml_gather(&listing->xml, NULL);
}

/* What feeds say in words of others: a date of Dublin Core, a link of Atom. */
static bool take_foreign(struct listing *listing, const struct url *base)
{
    const struct xml *xml = &listing->xml;
    if (is_named(xml, STR("date")) && is_of(xml, dublin_core_space, STR("dc"))) {
        set_modified(listing, text_inside(listing), false);
        return true;
    }
    if (listing->kind == LISTING_RSS && is_named(xml, STR("link")) &&
        is_of(xml, atom_space, STR("atom"))) {
        take_atom_link(listing, base, false);
        (void)xml_gather(&listing->xml, NULL);
        return true;
    }
    return false;
}

/* One element right inside the entry. `space`: the namespace of the entry. */
static void take_element(struct listing *listing, str space, const struct url *base, str *spare)
{
    const struct xml *xml = &listing->xml;
    if (take_foreign(listing, base)) {
        return;
    }
    if (!str_equal(xml_namespace(xml, xml_prefix(xml->name)), space)) {
        (void)xml_gather(&listing->xml, NULL);
        return;
    }
    switch (listing->kind) {
    case LISTING_URLSET:
    case LISTING_INDEX:
        take_of_sitemap(listing);
        break;
    case LISTING_RSS:
    case LISTING_RDF:
        take_of_rss(listing, spare);
        break;
    case LISTING_ATOM:
        take_of_atom(listing, base, spare);
        break;
    case LISTING_FOREIGN:
    case LISTING_TEXT:
        break;
    }
}

void listing_entry_read(struct listing *listing)
{
    struct xml *xml = &listing->xml;
    const size_t depth = xml->depth;
    const str space = xml_namespace(xml, xml_prefix(xml->name));
    const struct url *base = listing->base;
    str spare = {.ptr = "", .len = 0};
    if (listing->kind == LISTING_RDF) {
        spare = attribute(listing, STR("rdf:about"));
    }
    base = listing_entry_base(listing, &listing->scratch, base);
    for (;;) {
        const enum xml_kind kind = xml_next(xml);
        if (kind == XML_OPEN) {
            take_element(listing, space, base, &spare);
        } else if (kind == XML_CLOSE && xml->depth == depth) {
            break;
        } else if (kind != XML_TEXT && kind != XML_CLOSE) {
            listing_entry_clear(listing);
            return;
        }
    }
    if (!listing->entry->has_page) {
        listing_entry_add(listing, spare, LISTING_PAGE, base);
    }
}

void listing_entry_read_outside(struct listing *listing)
{
    const struct xml *xml = &listing->xml;
    const bool is_link = is_named(xml, STR("link")) &&
                         (listing->kind == LISTING_ATOM || is_of(xml, atom_space, STR("atom")));
    if (is_link) {
        take_atom_link(listing, listing->base, true);
    }
    (void)xml_gather(&listing->xml, NULL);
}
