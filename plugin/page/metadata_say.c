/* SPDX-License-Identifier: Apache-2.0 */
/* What a page states of itself becomes columns: of each kind the claim that holds best. */
#include "page/metadata.h"

#include "base/buf.h"
#include "page/date.h"
#include "page/lines.h"
#include "page/person.h"
#include "text/utf8.h"

enum {
    KEYWORDS_MAX = 256,
    LANGUAGE_MAX = 35, /* BCP 47, 4.4.1 */
    AUTHORS_MAX = 16,
    AUTHORS_BYTES_MAX = 512,
    DAYS_MAX = 8 /* different days that a page claims for one column */
};

static enum status say(struct sink *sink, enum column column, const struct stated *stated)
{
    return stated->text.len ? sink_value(sink, column, stated->text, stated->span) : STATUS_OK;
}

static enum status say_best(const struct metadata *metadata, struct sink *sink, enum column column,
                            enum claim_kind kind)
{
    const struct claim *claim = claims_next(&metadata->claims, kind, NULL);
    return claim ? say(sink, column, &claim->stated) : STATUS_OK;
}

static size_t separator_len(str text, size_t at, bool spaces)
{
    static const str separators[] = {STR_INIT(","), STR_INIT(";"), STR_INIT("，"), STR_INIT("、"),
                                     STR_INIT("；")};
    for (size_t i = 0; i < sizeof separators / sizeof separators[0]; i++) {
        if (str_starts(str_slice(text, at, text.len), separators[i])) {
            return separators[i].len;
        }
    }
    if (spaces && at < text.len) {
        const size_t from = blank_skip(text, at, text.len);
        return from - at;
    }
    return 0;
}

static enum status say_list(const struct stated *stated, enum column column, bool spaces,
                            struct sink *sink)
{
    const str text = stated->text;
    size_t from = 0;
    size_t said = 0;
    for (size_t at = 0; at <= text.len && said < KEYWORDS_MAX;) {
        const size_t len = at < text.len ? separator_len(text, at, spaces) : 1;
        if (!len) {
            (void)utf8_next(text, &at); /* a later byte of a character may look like a space */
            continue;
        }
        const size_t start = blank_skip(text, from, at);
        const size_t end = blank_trim(text, start, at);
        if (start < end) {
            TRY(sink_value(sink, column, str_slice(text, start, end), stated->span));
            said++;
        }
        at += len;
        from = at;
    }
    return STATUS_OK;
}

enum status keywords_say(const struct stated *stated, bool spaces, struct sink *sink)
{
    return say_list(stated, COLUMN_keywords, spaces, sink);
}

/* All claims of the best rank and group, one after the other. */
static enum status say_lists(const struct metadata *metadata, struct sink *sink, enum column column,
                             enum claim_kind kind)
{
    const struct claim *first = claims_next(&metadata->claims, kind, NULL);
    const struct claim *claim = first;
    while (claim && claim->rank == first->rank) {
        if (claim->group == first->group) {
            TRY(say_list(&claim->stated, column, false, sink));
        }
        claim = claims_next(&metadata->claims, kind, claim);
    }
    return STATUS_OK;
}

/* "zh", "zh-Hans-CN", "en_US": letters and digits between hyphens. Anything else says nothing. */
static bool is_language(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        const unsigned char c = (unsigned char)text.ptr[i];
        if (!ascii_is_letter(c) && (i < 2 || (!ascii_is_digit(c) && c != '-' && c != '_'))) {
            return false;
        }
    }
    return text.len >= 2 && text.len <= LANGUAGE_MAX;
}

/* With hyphens, as BCP 47 wants them. */
static enum status say_tag(const struct metadata *metadata, const struct stated *stated,
                           struct sink *sink)
{
    struct buf buf;
    if (str_find_byte(stated->text, '_', 0) == SIZE_MAX) {
        return say(sink, COLUMN_language, stated);
    }
    buf_init(&buf, metadata->arena, LANGUAGE_MAX);
    for (size_t i = 0; i < stated->text.len; i++) {
        buf_add_byte(&buf, stated->text.ptr[i] == '_' ? '-' : (uint8_t)stated->text.ptr[i]);
    }
    return buf_failed(&buf) ? STATUS_NO_MEMORY
                            : sink_value(sink, COLUMN_language, buf_str(&buf), stated->span);
}

static const struct stated *language_of(const struct metadata *metadata)
{
    if (is_language(metadata->language.text)) {
        return &metadata->language;
    }
    const struct claim *claim = claims_next(&metadata->claims, CLAIM_language, NULL);
    while (claim && !is_language(claim->stated.text)) {
        claim = claims_next(&metadata->claims, CLAIM_language, claim);
    }
    return claim ? &claim->stated : NULL;
}

static enum status say_language(const struct metadata *metadata, struct sink *sink)
{
    const struct stated *language = language_of(metadata);
    return language ? say_tag(metadata, language, sink) : STATUS_OK;
}

/* ---- authors ---- */

struct authors {
    str names[AUTHORS_MAX];
    size_t count;
};

static void add_author(struct authors *authors, str name)
{
    for (size_t i = 0; i < authors->count; i++) {
        if (str_equal_ignoring_ascii_case(authors->names[i], name)) {
            return;
        }
    }
    if (authors->count < AUTHORS_MAX) {
        authors->names[authors->count++] = name;
    }
}

/* "… GmbH", "… e.V.", "stern.de": who stands behind the site, as long as anybody else is named. */
static bool is_company(str name)
{
    static const str endings[] = {STR_INIT("GmbH"),      STR_INIT("e.V."),    STR_INIT("e. V."),
                                  STR_INIT(" AG"),       STR_INIT(" KG"),     STR_INIT(" Inc."),
                                  STR_INIT(" Inc"),      STR_INIT(" Ltd"),    STR_INIT(" Ltd."),
                                  STR_INIT(" LLC"),      STR_INIT("-Team"),   STR_INIT(" Team"),
                                  STR_INIT("Redaktion"), STR_INIT("Stiftung")};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (str_ends(name, endings[i]) || (i == 0 && str_find(name, endings[i], 0) != SIZE_MAX)) {
            return true;
        }
    }
    const bool one_word = str_find_byte(name, ' ', 0) == SIZE_MAX;
    return one_word && name.len > 4 &&
           (name.ptr[name.len - 3] == '.' || name.ptr[name.len - 4] == '.');
}

/* The page's site is not who wrote it either. */
static bool is_site(const struct metadata *metadata, str name)
{
    if (is_company(name) || str_equal_ignoring_ascii_case(name, metadata->og_site_name.text)) {
        return true;
    }
    const struct claim *claim = claims_next(&metadata->claims, CLAIM_site, NULL);
    for (; claim; claim = claims_next(&metadata->claims, CLAIM_site, claim)) {
        if (str_equal_ignoring_ascii_case(name, claim->stated.text)) {
            return true;
        }
    }
    return false;
}

/* A company in full, as imprints have it, never wrote the page: nobody else is named, and that is it. */
static bool is_legal_form(str name)
{
    static const str endings[] = {STR_INIT(" AG"),  STR_INIT(" KG"),  STR_INIT(" Inc."),
                                  STR_INIT(" Inc"), STR_INIT(" Ltd"), STR_INIT(" Ltd."),
                                  STR_INIT(" LLC")};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (str_ends(name, endings[i])) {
            return true;
        }
    }
    return str_find(name, STR("GmbH"), 0) != SIZE_MAX;
}

static const struct claim *best_author(const struct metadata *metadata, bool site_too)
{
    const struct claim *claim = claims_next(&metadata->claims, CLAIM_author, NULL);
    for (; claim; claim = claims_next(&metadata->claims, CLAIM_author, claim)) {
        const str name = person_read(claim->stated.text);
        if (name.len && !is_legal_form(name) && (site_too || !is_site(metadata, name))) {
            return claim;
        }
    }
    return NULL;
}

static enum status say_authors(const struct metadata *metadata, struct sink *sink)
{
    struct authors authors = {.count = 0};
    struct buf buf;
    const struct claim *best = best_author(metadata, false);
    best = best ? best : best_author(metadata, true);
    for (const struct claim *claim = best; claim && claim->rank == best->rank;
         claim = claims_next(&metadata->claims, CLAIM_author, claim)) {
        const str name = person_read(claim->stated.text);
        if (name.len && claim->group == best->group) {
            add_author(&authors, name);
        }
    }
    if (authors.count <= 1) {
        return authors.count ? sink_value(sink, COLUMN_author, authors.names[0], best->stated.span)
                             : STATUS_OK;
    }
    buf_init(&buf, metadata->arena, AUTHORS_BYTES_MAX * 4);
    for (size_t i = 0; i < authors.count && buf_str(&buf).len < AUTHORS_BYTES_MAX; i++) {
        buf_add(&buf, i ? STR("; ") : STR(""));
        buf_add(&buf, authors.names[i]);
    }
    return buf_failed(&buf) ? STATUS_NO_MEMORY
                            : sink_value(sink, COLUMN_author, buf_str(&buf), best->stated.span);
}

/* ---- the rest ---- */

enum date_order metadata_date_order(const struct metadata *metadata)
{
    const struct stated *language = language_of(metadata);
    return date_order_of(language ? language->text : (str){0});
}

/* What a claim weighs beside others that tell another day. */
static int weight_of(const struct claim *claim)
{
    const bool entity = claim->rank == RANK_MICRODATA || claim->rank == RANK_MICRODATA + 1;
    if (claim->rank < RANK_META + 5 || entity) {
        return 6;
    }
    if (claim->rank < RANK_MARKED) {
        return 4;
    }
    if (claim->rank < RANK_MARKED + 12) {
        return 5;
    }
    return claim->rank <= RANK_MARKED + 16 ? 2 : 1;
}

/* "…T23:11:59+00:00", "…Z": a time of day in UTC, which may be the next day where the page is. */
static bool is_utc(str text)
{
    return text.len > 10 && (str_ends(text, STR("Z")) || str_ends(text, STR("+00:00")) ||
                             str_ends(text, STR("+0000")) || str_ends(text, STR("UTC")) ||
                             str_ends(text, STR("GMT")));
}

struct day_vote {
    int64_t days;
    int weight;
    bool utc; /* all of its claims are times in UTC */
    bool visible;
};

struct day_votes {
    struct day_vote items[DAYS_MAX];
    size_t count;
};

static void vote(struct day_votes *votes, int64_t days, const struct claim *claim)
{
    const bool utc = is_utc(claim->stated.text);
    const bool visible = claim->rank >= RANK_MARKED && claim->rank < RANK_MARKED + 12;
    for (size_t i = 0; i < votes->count; i++) {
        if (votes->items[i].days == days) {
            votes->items[i].weight += weight_of(claim);
            votes->items[i].utc = votes->items[i].utc && utc;
            votes->items[i].visible = votes->items[i].visible || visible;
            return;
        }
    }
    if (votes->count < DAYS_MAX) {
        votes->items[votes->count++] = (struct day_vote){
            .days = days, .weight = weight_of(claim), .utc = utc, .visible = visible};
    }
}

/* The heaviest, of equals the first; a day that is only told in UTC gives way to its neighbour that
 * readers see. NULL: none. */
static const struct day_vote *best_day(const struct day_votes *votes)
{
    const struct day_vote *best = NULL;
    for (size_t i = 0; i < votes->count; i++) {
        const struct day_vote *item = &votes->items[i];
        best = !best || item->weight > best->weight ? item : best;
    }
    for (size_t i = 0; best && best->utc && i < votes->count; i++) {
        const int64_t apart = votes->items[i].days - best->days;
        if (votes->items[i].visible && (apart == 1 || apart == -1)) {
            return &votes->items[i];
        }
    }
    return best;
}

static enum status say_day(const struct metadata *metadata, struct sink *sink, enum column column,
                           enum claim_kind kind)
{
    struct day_votes votes = {.count = 0};
    const enum date_order order = metadata_date_order(metadata);
    const struct claim *claim = claims_next(&metadata->claims, kind, NULL);
    const struct claim *first = claim; /* of its rank: other things of that rank have no say */
    for (; claim; claim = claims_next(&metadata->claims, kind, claim)) {
        int64_t days = 0;
        first = claim->rank == first->rank ? first : claim;
        if (claim->group == first->group && date_read(claim->stated.text, order, &days)) {
            vote(&votes, days, claim);
        }
    }
    const struct day_vote *best = best_day(&votes);
    return best ? sink_number(sink, column, best->days) : STATUS_OK;
}

static enum status say_rights(const struct metadata *metadata, struct sink *sink)
{
    const struct claim *claim = claims_next(&metadata->claims, CLAIM_rights, NULL);
    for (; claim; claim = claims_next(&metadata->claims, CLAIM_rights, claim)) {
        TRY(say(sink, COLUMN_rights, &claim->stated));
    }
    return STATUS_OK;
}

enum status metadata_say(const struct metadata *metadata, struct sink *sink)
{
    if (metadata->claims.failed) {
        return STATUS_NO_MEMORY;
    }
    TRY(say_language(metadata, sink));
    TRY(say(sink, COLUMN_site, &metadata->og_site_name));
    TRY(say_best(metadata, sink, COLUMN_site, CLAIM_site));
    TRY(say_authors(metadata, sink));
    TRY(say_best(metadata, sink, COLUMN_category, CLAIM_category));
    TRY(say(sink, COLUMN_description, &metadata->description));
    TRY(say(sink, COLUMN_description, &metadata->og_description));
    TRY(say_best(metadata, sink, COLUMN_description, CLAIM_description));
    TRY(say_best(metadata, sink, COLUMN_licence, CLAIM_licence));
    TRY(say_rights(metadata, sink));
    TRY(keywords_say(&metadata->keywords, false, sink));
    if (!metadata->keywords.text.len) {
        TRY(say_lists(metadata, sink, COLUMN_keywords, CLAIM_keywords));
    }
    TRY(say_lists(metadata, sink, COLUMN_tags, CLAIM_tags));
    TRY(say_day(metadata, sink, COLUMN_published, CLAIM_published));
    return say_day(metadata, sink, COLUMN_modified, CLAIM_modified);
}
