/* SPDX-License-Identifier: Apache-2.0 */
#include "page/title.h"

#include "base/buf.h"
#include "text/utf8.h"

enum {
    KEY_MAX = 200, /* letters and digits of a title that are compared */
    KEY_BITS = 2048,
    HEADINGS_MAX = 64, /* of a page that are looked at */
    RIVALS_MORE = 4,   /* room is made for */
    RIVALS_MAX = 24,   /* stated titles and their parts */
    CLAIMS_OF_TITLE_MAX = 6,
    SEGMENTS_MAX = 8,
    TITLE_BYTES_MAX = 1024,
    SITE_BYTES_MAX = 60,     /* of a part of the title element that names the site */
    HEADING_BYTES_MAX = 400, /* a longer one is a paragraph in large type */
    /* Scores, in hundredths of a stated title's full agreement. */
    SCORE_AGREES = 100,
    SCORE_H1 = 45,
    SCORE_H2 = 15,
    SCORE_ALONE = 15,    /* the only h1 */
    SCORE_DROPPED = -35, /* its line is not the document's */
    SCORE_LINK = -20,    /* it leads elsewhere: a teaser, or the site's name */
    SCORE_SITE = -90,
    SCORE_STRAY = -60, /* it shares little with all that is stated */
    SCORE_SHORT = -30, /* it is a small part of a stated title: the section, a tag */
    AGREES_LITTLE = 30,
    AGREES_SOME = 60,
    SHORT_OF_WHOLE = 3, /* times shorter */
    SCORE_PART = 10,    /* taken from one line of a heading: a kicker may stand in the other */
    SCORE_ENOUGH = 45,
    SCORE_ENOUGH_SHOP = 105 /* of pages whose headings are slogans: products, listings, services */
};

/* What of a text is compared: letters and digits in lower case, and their pairs as bits. */
struct key {
    uint16_t points[KEY_MAX]; /* folded: planes fall together */
    size_t count;
    size_t pairs; /* bits set */
    uint64_t bits[KEY_BITS / 64];
};

struct rival {
    struct stated stated;
    struct key key;
    bool whole; /* as stated, not a part of it */
};

struct chooser {
    const struct lines *lines;
    const struct metadata *metadata;
    struct rival *rivals;
    size_t rival_count;
    size_t rival_capacity;
    bool failed;
    struct key *scratch;
    size_t h1_count;
};

static uint32_t lower(uint32_t c)
{
    if (c < 0x80) {
        return (uint32_t)ascii_lower((char)c);
    }
    return (c >= 0xC0 && c <= 0xDE) || (c >= 0x410 && c <= 0x42F) ? c + 0x20 : c;
}

/* Signs that are spelled one way here and another way there. */
static bool is_compared(uint32_t c)
{
    if (c < 0xC0) {
        return ascii_is_letter(c) || ascii_is_digit(c);
    }
    return !(c >= 0x2000 && c <= 0x206F) && !(c >= 0x3000 && c <= 0x303F) && c < 0xFF00;
}

static void key_of(str text, struct key *key)
{
    *key = (struct key){.count = 0};
    for (size_t at = 0; at < text.len && key->count < KEY_MAX;) {
        const uint32_t c = lower(code_point_fold_width(utf8_next(text, &at)));
        if (!is_compared(c)) {
            continue;
        }
        if (key->count) {
            const uint32_t pair = key->points[key->count - 1] * 31U + c;
            const uint32_t bit = (pair * 2654435761U) >> 21;
            const uint64_t mask = UINT64_C(1) << (bit % 64);
            key->pairs += !(key->bits[bit / 64] & mask);
            key->bits[bit / 64] |= mask;
        }
        key->points[key->count++] = (uint16_t)(c ^ c >> 16);
    }
}

static bool keys_equal(const struct key *a, const struct key *b)
{
    return a->count && a->count == b->count &&
           memcmp(a->points, b->points, a->count * sizeof *a->points) == 0;
}

/* Dice's coefficient of the pairs, in hundredths; one that cannot be more than `least` is 0. */
static int agreement(const struct key *a, const struct key *b, int least)
{
    size_t common = 0;
    const size_t all = a->pairs + b->pairs;
    const size_t most = a->pairs < b->pairs ? a->pairs : b->pairs;
    if (keys_equal(a, b)) {
        return SCORE_AGREES;
    }
    if ((int)(most * 2 * SCORE_AGREES) <= least * (int)all) {
        return 0;
    }
    for (size_t i = 0; i < sizeof a->bits / sizeof a->bits[0]; i++) {
        const uint64_t both = a->bits[i] & b->bits[i]; /* mostly nothing */
        common += both ? (size_t)__builtin_popcountll(both) : 0;
    }
    return all ? (int)(common * 2 * SCORE_AGREES / all) : 0;
}

/* ---- stated titles ---- */

/* Does one of the separators below begin with this byte? */
static bool may_separate(unsigned char c)
{
    return c == '|' || c == '-' || c == '/' || c == '<' || c == '>' || c == ':' || c == '_' ||
           c == 0xC2 || c == 0xE2 || c == 0xEF;
}

/* A separator that begins at `at`, between blanks or between ideographs; its length. */
static size_t separator_at(str text, size_t at)
{
    static const str spaced[] = {STR_INIT("|"),  STR_INIT("-"),  STR_INIT("–"),  STR_INIT("—"),
                                 STR_INIT("·"),  STR_INIT("•"),  STR_INIT("»"),  STR_INIT("«"),
                                 STR_INIT("::"), STR_INIT("//"), STR_INIT("/"),  STR_INIT("<"),
                                 STR_INIT(">"),  STR_INIT("›"),  STR_INIT("‹"),  STR_INIT(":"),
                                 STR_INIT("｜"), STR_INIT("－"), STR_INIT("__"), STR_INIT("_")};
    if (!may_separate((unsigned char)text.ptr[at])) {
        return 0;
    }
    const str rest = str_slice(text, at, text.len);
    const bool blank = at > 0 && text.ptr[at - 1] == ' ';
    const bool wide = at > 0 && ((unsigned char)text.ptr[at - 1] & 0x80) != 0;
    for (size_t i = 0; i < sizeof spaced / sizeof spaced[0]; i++) {
        const size_t len = spaced[i].len;
        if (!str_starts(rest, spaced[i]) || at == 0 || at + len >= text.len) {
            continue;
        }
        const bool behind = text.ptr[at + len] == ' ';
        const bool tight = wide && ((unsigned char)text.ptr[at + len] & 0x80) != 0 &&
                           text.ptr[at] != ':' && text.ptr[at] != '/';
        if ((blank && behind) || tight || (text.ptr[at] == '|') ||
            (behind && len > 1 && (unsigned char)text.ptr[at] == 0xC2)) {
            return len;
        }
    }
    return 0;
}

/* They are large, and most pages have a few. */
static bool more_rivals(struct chooser *self)
{
    const size_t size = self->rival_capacity * sizeof *self->rivals;
    struct rival *rivals = arena_resize(self->lines->arena, self->rivals, size,
                                        size + RIVALS_MORE * sizeof *self->rivals);
    if (!rivals) {
        self->failed = true;
        return false;
    }
    self->rivals = rivals;
    self->rival_capacity += RIVALS_MORE;
    return true;
}

static void add_rival(struct chooser *self, struct stated stated, bool whole)
{
    stated.text = str_trim_ascii(stated.text);
    if (self->rival_count < RIVALS_MAX && stated.text.len && stated.text.len <= TITLE_BYTES_MAX) {
        if (self->rival_count == self->rival_capacity && !more_rivals(self)) {
            return;
        }
        struct rival *rival = &self->rivals[self->rival_count++];
        rival->stated = stated;
        rival->whole = whole;
        key_of(stated.text, &rival->key);
    }
}

/* The whole, what stands before its last separators, behind its first, and each part. */
static void add_stated(struct chooser *self, const struct stated *stated)
{
    const str text = stated->text;
    size_t from = 0;
    size_t parts = 0;
    add_rival(self, *stated, true);
    if (text.len > TITLE_BYTES_MAX) {
        return;
    }
    for (size_t at = 1; at < text.len && parts < SEGMENTS_MAX;) {
        const size_t len = separator_at(text, at);
        if (!len) {
            (void)utf8_next(text, &at);
            continue;
        }
        if (from > 0) {
            add_rival(self,
                      (struct stated){.text = str_slice(text, from, at), .span = stated->span},
                      false);
        }
        add_rival(self, (struct stated){.text = str_slice(text, 0, at), .span = stated->span},
                  false);
        at += len;
        from = at;
        parts++;
    }
    if (parts) {
        add_rival(self,
                  (struct stated){.text = str_slice(text, from, text.len), .span = stated->span},
                  false);
    }
}

static const struct line *title_line(const struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        const struct verdict verdict = lines->items[i].verdict;
        if (verdict.dropped && verdict.reason == DROP_metadata && verdict.column == COLUMN_title) {
            return &lines->items[i];
        }
    }
    return NULL;
}

static void add_all_stated(struct chooser *self)
{
    const struct line *line = title_line(self->lines);
    const struct claims *claims = &self->metadata->claims;
    const struct claim *claim = claims_next(claims, CLAIM_title, NULL);
    add_stated(self, &self->metadata->og_title);
    for (size_t i = 0; claim && i < CLAIMS_OF_TITLE_MAX; i++) {
        if (claim->rank < RANK_META || claim->rank >= RANK_MARKED || i < 2) {
            add_rival(self, claim->stated, true);
        }
        claim = claims_next(claims, CLAIM_title, claim);
    }
    if (line) {
        add_stated(self, &(struct stated){.text = line_text(self->lines, line),
                                          .span = lines_span(self->lines, line->from, line->to)});
    }
}

/* ---- the site's name ---- */

static bool is_site(const struct chooser *self, const struct key *key)
{
    const struct claims *claims = &self->metadata->claims;
    key_of(self->metadata->og_site_name.text, self->scratch);
    if (keys_equal(self->scratch, key)) {
        return true;
    }
    const struct claim *claim = claims_next(claims, CLAIM_site, NULL);
    for (; claim; claim = claims_next(claims, CLAIM_site, claim)) {
        key_of(claim->stated.text, self->scratch);
        if (keys_equal(self->scratch, key)) {
            return true;
        }
    }
    return false;
}

/* Is it a part of a stated title, behind or before the rest of it, and no whole one? */
static bool is_only_suffix(const struct chooser *self, const struct key *key)
{
    for (size_t i = 0; i < self->rival_count; i++) {
        const struct rival *rival = &self->rivals[i];
        const size_t skip = rival->key.count - key->count;
        if (keys_equal(&rival->key, key) && rival->whole) {
            return false;
        }
        if (rival->whole && rival->key.count > key->count * 2 &&
            memcmp(rival->key.points + skip, key->points, key->count * sizeof *key->points) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- headings ---- */

struct heading {
    size_t first; /* lines */
    size_t last;
    int score;
};

static bool goes_on(const struct lines *lines, size_t i)
{
    return i + 1 < lines->count && lines->items[i + 1].join <= JOIN_BREAK &&
           lines->items[i + 1].kind == BLOCK_heading &&
           lines->items[i + 1].level == lines->items[i].level;
}

/* The heading's lines with spaces between them. */
static str heading_text(const struct lines *lines, const struct heading *heading)
{
    struct buf buf;
    if (heading->first == heading->last) {
        return line_text(lines, &lines->items[heading->first]);
    }
    buf_init(&buf, lines->arena, HEADING_BYTES_MAX * 2);
    for (size_t i = heading->first; i <= heading->last && !buf_failed(&buf); i++) {
        buf_add(&buf, i > heading->first ? STR(" ") : STR(""));
        buf_add(&buf, line_text(lines, &lines->items[i]));
    }
    return buf_failed(&buf) ? line_text(lines, &lines->items[heading->first]) : buf_str(&buf);
}

static int heading_score(struct chooser *self, const struct heading *heading, str text)
{
    struct key key;
    int best = 0;
    int whole = 0;
    size_t longest = 0; /* of the whole ones it is in */
    const struct line *line = &self->lines->items[heading->first];
    key_of(text, &key);
    for (size_t i = 0; i < self->rival_count; i++) {
        const struct rival *rival = &self->rivals[i];
        const int agrees =
            agreement(&key, &rival->key, rival->whole && whole < best ? whole : best);
        best = agrees > best ? agrees : best;
        whole = rival->whole && agrees > whole ? agrees : whole;
        longest = rival->whole && rival->key.count > longest ? rival->key.count : longest;
    }
    int score = best;
    const bool alone = line->level == 1 && self->h1_count == 1;
    if (!alone && self->rival_count && best < AGREES_SOME && whole < AGREES_LITTLE) {
        score += SCORE_STRAY;
    }
    if (!alone && whole < AGREES_SOME && longest > key.count * SHORT_OF_WHOLE) {
        score += SCORE_SHORT;
    }
    score += line->level == 1 ? SCORE_H1 : line->level == 2 ? SCORE_H2 : 0;
    score += alone ? SCORE_ALONE : 0;
    const bool other = line->verdict.dropped && line->verdict.reason != DROP_duplicate_title;
    score += other ? SCORE_DROPPED : 0;
    score += line->link_len * 2 > line->to - line->from ? SCORE_LINK : 0;
    if (key.count == 0 || is_site(self, &key) || is_only_suffix(self, &key)) {
        score += SCORE_SITE;
    }
    return score;
}

static bool is_hidden(const struct line *line)
{
    return line->verdict.dropped &&
           (line->verdict.reason == DROP_hidden || line->verdict.reason == DROP_metadata);
}

static struct heading best_heading(struct chooser *self)
{
    const struct lines *lines = self->lines;
    const enum page_type type = lines->page_type;
    const bool shop = type == PAGE_TYPE_product || type == PAGE_TYPE_listing ||
                      type == PAGE_TYPE_collection || type == PAGE_TYPE_service;
    const int enough = shop ? SCORE_ENOUGH_SHOP : SCORE_ENOUGH;
    struct heading best = {.first = lines->count, .score = enough - 1};
    size_t seen = 0;
    for (size_t i = 0; i < lines->count; i++) {
        self->h1_count += lines->items[i].kind == BLOCK_heading && lines->items[i].level == 1 &&
                          !is_hidden(&lines->items[i]);
        i += goes_on(lines, i) && lines->items[i].kind == BLOCK_heading;
    }
    for (size_t i = 0; i < lines->count && seen < HEADINGS_MAX; i++) {
        const struct line *line = &lines->items[i];
        if (line->kind != BLOCK_heading || line->level > 3 || is_hidden(line)) {
            continue;
        }
        struct heading heading = {.first = i, .last = i};
        while (heading.last - heading.first < SEGMENTS_MAX && goes_on(lines, heading.last)) {
            heading.last++;
        }
        i = heading.last;
        seen++;
        if (lines->items[heading.last].to - line->from > HEADING_BYTES_MAX) {
            continue;
        }
        heading.score = heading_score(self, &heading, heading_text(lines, &heading));
        best = heading.score > best.score ? heading : best;
        for (size_t part = heading.first; heading.first < heading.last && part <= heading.last;
             part++) {
            struct heading one = {.first = part, .last = part};
            one.score =
                heading_score(self, &one, line_text(lines, &lines->items[part])) - SCORE_PART;
            best = one.score > best.score ? one : best;
        }
    }
    return best;
}

/* ---- without a heading ---- */

/* What stands behind the first part and its separator. */
static str behind_part(str text, size_t part_len)
{
    size_t at = blank_skip(text, part_len, text.len);
    at += separator_at(text, at);
    return str_slice(text, blank_skip(text, at, text.len), text.len);
}

/* The first stated title, without a first or last part that is the site's name. */
static struct stated without_site(struct chooser *self)
{
    struct stated best = {0};
    size_t prefix = 0; /* the longest part at the start seen so far */
    for (size_t i = 0; i < self->rival_count; i++) {
        const struct rival *rival = &self->rivals[i];
        const str text = rival->stated.text;
        if (rival->whole && best.text.len) {
            break;
        }
        if (!best.text.len) {
            best = is_site(self, &rival->key) ? best : rival->stated;
            continue;
        }
        if (text.ptr == best.text.ptr) {
            if (prefix == 0 && is_site(self, &rival->key)) {
                best.text = behind_part(best.text, text.len);
                break;
            }
            prefix = text.len;
            continue;
        }
        const size_t end = (size_t)(text.ptr - best.text.ptr) + text.len;
        if (end == best.text.len && prefix && (is_site(self, &rival->key) || text.len < prefix)) {
            best.text = str_slice(best.text, 0, prefix);
            break;
        }
    }
    return best;
}

/* ---- the site, by what the title leaves of the title element ---- */

/* The last part of a stated title of which a part in front was chosen. */
static const struct rival *suffix_of(const struct chooser *self, const struct key *title)
{
    const struct rival *whole = NULL;
    bool chosen = false; /* a part in front is the title */
    for (size_t i = 0; i < self->rival_count; i++) {
        const struct rival *rival = &self->rivals[i];
        const str text = rival->stated.text;
        if (rival->whole) {
            whole = rival;
            chosen = false;
            continue;
        }
        if (!whole || !chosen || text.ptr == whole->stated.text.ptr) {
            chosen = chosen || keys_equal(&rival->key, title);
            continue;
        }
        if (text.len <= SITE_BYTES_MAX &&
            text.ptr + text.len == whole->stated.text.ptr + whole->stated.text.len) {
            return rival;
        }
    }
    return NULL;
}

static void claim_site(struct chooser *self, struct metadata *metadata, str title)
{
    if (metadata->og_site_name.text.len || claims_next(&metadata->claims, CLAIM_site, NULL)) {
        return;
    }
    key_of(title, self->scratch);
    const struct rival *suffix = suffix_of(self, self->scratch);
    if (suffix) {
        claims_add(&metadata->claims, CLAIM_site, RANK_VISIBLE, suffix->stated);
    }
}

enum status title_choose(const struct lines *lines, struct metadata *metadata, struct stated *out,
                         size_t *at)
{
    struct chooser self = {.lines = lines, .metadata = metadata};
    *out = (struct stated){0};
    *at = lines->count;
    self.scratch = ARENA_NEW(lines->arena, struct key);
    if (!self.scratch) {
        return STATUS_NO_MEMORY;
    }
    add_all_stated(&self);
    if (self.failed) {
        return STATUS_NO_MEMORY;
    }
    const struct heading heading = best_heading(&self);
    if (heading.first < lines->count) {
        *at = heading.first;
        out->text = heading_text(lines, &heading);
        out->span =
            lines_span(lines, lines->items[heading.first].from, lines->items[heading.last].to);
        claim_site(&self, metadata, out->text);
        return STATUS_OK;
    }
    *out = without_site(&self);
    return STATUS_OK;
}
