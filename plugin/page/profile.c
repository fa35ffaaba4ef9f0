/* SPDX-License-Identifier: Apache-2.0 */
#include "page/profile.h"

#include "text/utf8.h"

enum { NOTICE_MAX = 160 /* code points: a longer line only quotes a notice */ };

/* The words of profile.def, for this file only. */
enum {
    TITLE = EVIDENCE_TITLE,
    LABELS = EVIDENCE_LABELS,
    LABEL_PAIR = EVIDENCE_LABEL_PAIR,
    GATE = EVIDENCE_GATE,
    ANCHOR = EVIDENCE_ANCHOR,
    DECLARED = EVIDENCE_DECLARED,
    SCHEMA = EVIDENCE_SCHEMA,
    SHARING = EVIDENCE_SHARING,
    NOTICES = EVIDENCE_NOTICES,
    FILE = EVIDENCE_FILE,
    NAMED = EVIDENCE_NAMED,
    MARK = EVIDENCE_MARK,
    MARKS = EVIDENCE_MARKS,
    SHEET = EVIDENCE_SHEET
};
enum { PAGE = false, TEXT = true };

static const struct {
    enum family family;
    bool plain_text;
    unsigned evidence;
} known[] = {
#define KNOWN(family_, where_, evidence_)                                                          \
    {.family = FAMILY_##family_, .plain_text = (where_), .evidence = (evidence_)},
#include "page/profile.def"
};

static const struct wording wordings[] = {
#define LABEL(family_, pattern_, column_, kind_)                                                   \
    {.row = ROW_LABEL,                                                                             \
     .family = FAMILY_##family_,                                                                   \
     .pattern = PATTERN_INIT(pattern_),                                                            \
     .rule = "library lexicon, " #family_ ": label " pattern_,                                     \
     .column = COLUMN_##column_,                                                                   \
     .kind = VALUE_##kind_},
#define ANCHOR(family_, pattern_)                                                                  \
    {.row = ROW_ANCHOR,                                                                            \
     .family = FAMILY_##family_,                                                                   \
     .pattern = PATTERN_INIT(pattern_),                                                            \
     .rule = "library lexicon, " #family_ ": anchor " pattern_,                                    \
     .column = COLUMN_NONE},
#define PHRASE(family_, reason_, place_, pattern_)                                                 \
    {.row = ROW_PHRASE,                                                                            \
     .family = FAMILY_##family_,                                                                   \
     .pattern = PATTERN_INIT(pattern_),                                                            \
     .rule = "library lexicon, " #family_ ": " #reason_ " " pattern_,                              \
     .column = COLUMN_NONE,                                                                        \
     .reason = DROP_##reason_,                                                                     \
     .place = PLACE_##place_},
#include "page/profile.def"
};

static const struct pattern place_names[] = {
#define PLACE_NAME(pattern_) PATTERN_INIT(pattern_),
#include "page/profile.def"
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

_Static_assert(COUNT(wordings) <= LEXICON_MAX, "a lexicon's chains hold all rows");

bool family_is_known(enum family family, bool plain_text, unsigned evidence)
{
    for (size_t i = 0; i < COUNT(known); i++) {
        if (known[i].family == family && known[i].plain_text == plain_text &&
            (known[i].evidence & evidence) == known[i].evidence) {
            return true;
        }
    }
    return false;
}

bool family_serves_body(enum family family)
{
    enum { SERVED = true, ABSENT = false };
    static const bool served[] = {
#define FAMILY(name_, body_) (body_),
#include "page/profile.def"
    };
    return served[family];
}

/* All digits share a bucket, for a pattern may begin with a number. */
static size_t bucket(uint32_t c)
{
    c = ascii_is_digit(c) ? '#' : c;
    return (c ^ c >> 7) % LEXICON_BUCKETS;
}

static size_t pair_hash(uint32_t first, uint32_t second)
{
    return ((first * 31 + second) * 2654435761u >> 16) % LEXICON_PAIRS;
}

static void pair_add(struct lexicon *lexicon, const struct pattern *pattern)
{
    const uint32_t first = pattern->points[0];
    const uint32_t second = pattern->count > 1 ? pattern->points[1] : '*';
    const size_t pair = pair_hash(first, second);
    lexicon->pairs[pair / 64] |= UINT64_C(1) << pair % 64;
    if (first < 0x80) {
        lexicon->ascii[first / 64] |= UINT64_C(1) << first % 64;
    }
}

static bool pair_is_there(const struct lexicon *lexicon, uint32_t first, uint32_t second)
{
    const size_t pair = pair_hash(first, second);
    return lexicon->pairs[pair / 64] >> pair % 64 & 1;
}

void lexicon_init(struct lexicon *lexicon)
{
    *lexicon = (struct lexicon){0};
    /* Backwards: of a chain the table's first row comes first. */
    for (size_t i = COUNT(wordings); i-- > 0;) {
        const struct wording *row = &wordings[i];
        const bool begins =
            row->row != ROW_PHRASE || row->place == PLACE_START || row->place == PLACE_WHOLE;
        uint16_t *first =
            &(begins ? lexicon->start : lexicon->inside)[bucket(row->pattern.points[0])];
        lexicon->next[i] = *first;
        *first = (uint16_t)(i + 1);
        if (begins) {
            pair_add(lexicon, &row->pattern);
        }
    }
}

/* The next character, folded, white space left out; a number is one `#`. 0: the end. */
static uint32_t next_point(str text, size_t *at)
{
    *at = blank_skip(text, *at, text.len);
    const uint32_t c = point_fold(utf8_next(text, at));
    while (ascii_is_digit(c) && *at < text.len) {
        size_t next = *at;
        if (!ascii_is_digit(point_fold(utf8_next(text, &next)))) {
            break;
        }
        *at = next;
    }
    return ascii_is_digit(c) ? '#' : c;
}

bool lexicon_may_begin(const struct lexicon *lexicon, str text, size_t at)
{
    const unsigned char byte = at < text.len ? (unsigned char)text.ptr[at] : 0;
    const unsigned char ascii = ascii_is_digit(byte) ? '#' : (unsigned char)ascii_lower((char)byte);
    if (byte < 0x80 && !(lexicon->ascii[ascii / 64] >> ascii % 64 & 1)) {
        return false;
    }
    const uint32_t first = next_point(text, &at);
    const uint32_t second = next_point(text, &at);
    /* Behind an ideograph a bracket may hold its reading, which folding passes over. */
    return second == '(' || pair_is_there(lexicon, first, second) ||
           pair_is_there(lexicon, first, '*');
}

/* May the label that ends at `to` go without a colon? */
static bool goes_without_colon(const struct wording *row, const struct folded *folded, int to,
                               enum strictness strictness)
{
    if (strictness == LABEL_STRICT || row->column == COLUMN_NONE) {
        return false;
    }
    if (to >= folded->count) {
        return folded->whole;
    }
    if (row->kind < VALUE_FORMAT) {
        return ascii_is_digit(folded->points[to]);
    }
    return (row->column == COLUMN_declared_format && ascii_is_letter(folded->points[to])) ||
           (strictness == LABEL_APART && folded->behind_blank[to]);
}

const struct wording *label_find(const struct lexicon *lexicon, enum family family,
                                 const struct folded *folded, int from, enum strictness strictness,
                                 int *end)
{
    const struct wording *best = NULL;
    int best_end = from;
    uint16_t next = from < folded->count ? lexicon->start[bucket(folded->points[from])] : 0;
    for (; next; next = lexicon->next[next - 1]) {
        const struct wording *row = &wordings[next - 1];
        if (row->row != ROW_LABEL || !family_has(family, row->family)) {
            continue;
        }
        const int to = pattern_match(row->pattern, folded, from);
        if (to <= best_end) {
            continue;
        }
        const bool colon = to < folded->count && folded->points[to] == ':';
        if (colon || goes_without_colon(row, folded, to, strictness)) {
            best = row;
            best_end = to;
            *end = to + colon;
        }
    }
    return best;
}

const struct wording *anchor_find(const struct lexicon *lexicon, enum family family,
                                  const struct folded *folded, int *end)
{
    uint16_t next = folded->count ? lexicon->start[bucket(folded->points[0])] : 0;
    for (; next; next = lexicon->next[next - 1]) {
        const struct wording *row = &wordings[next - 1];
        if (row->row != ROW_ANCHOR || !family_has(family, row->family)) {
            continue;
        }
        const int to = pattern_match(row->pattern, folded, 0);
        const bool colon = to != NO_MATCH && to < folded->count && folded->points[to] == ':';
        if (colon || (to == folded->count && folded->whole)) {
            *end = to + colon;
            return row;
        }
    }
    return NULL;
}

static bool phrase_holds(const struct wording *row, const struct folded *folded, int from)
{
    const int end = pattern_match(row->pattern, folded, from);
    switch (row->place) {
    case PLACE_START:
    case PLACE_SOMEWHERE:
        return end != NO_MATCH;
    case PLACE_WHOLE:
    case PLACE_END:
        return end == folded->count;
    }
    return false;
}

/* The earliest row of the table among those of `best` and this chain's that hold at `from`. */
static size_t chain_find(const struct lexicon *lexicon, uint16_t next, enum family family,
                         const struct folded *folded, int from, size_t best)
{
    for (; next && next - 1u < best; next = lexicon->next[next - 1]) {
        const struct wording *row = &wordings[next - 1];
        if (row->row == ROW_PHRASE && family_has(family, row->family) &&
            phrase_holds(row, folded, from)) {
            return next - 1u;
        }
    }
    return best;
}

const struct wording *phrase_find(const struct lexicon *lexicon, enum family family,
                                  const struct folded *folded)
{
    if (!folded->whole || folded->count > NOTICE_MAX || folded->count == 0) {
        return NULL;
    }
    size_t best = chain_find(lexicon, lexicon->start[bucket(folded->points[0])], family, folded, 0,
                             COUNT(wordings));
    for (int i = 0; i < folded->count; i++) {
        best = chain_find(lexicon, lexicon->inside[bucket(folded->points[i])], family, folded, i,
                          best);
    }
    return best < COUNT(wordings) ? &wordings[best] : NULL;
}

const struct wording *phrase_survey(const struct lexicon *lexicon, const struct folded *folded,
                                    uint32_t *own)
{
    const struct wording *found = NULL;
    if (!folded->whole || folded->count > NOTICE_MAX || folded->count == 0) {
        return NULL;
    }
    uint16_t next = lexicon->start[bucket(folded->points[0])];
    for (; next; next = lexicon->next[next - 1]) {
        const struct wording *row = &wordings[next - 1];
        if (row->row == ROW_PHRASE && phrase_holds(row, folded, 0)) {
            found = found ? found : row;
            *own |= UINT32_C(1) << row->family;
        }
    }
    return found;
}

bool is_all(const struct folded *folded)
{
    static const struct pattern alls[] = {
#define ALL(pattern_) PATTERN_INIT(pattern_),
#include "page/profile.def"
    };
    for (size_t i = 0; i < COUNT(alls); i++) {
        if (pattern_match(alls[i], folded, 0) != NO_MATCH) {
            return true;
        }
    }
    return false;
}

bool is_way(const struct folded *folded)
{
    static const struct pattern ways[] = {
#define WAY(pattern_) PATTERN_INIT(pattern_),
#include "page/profile.def"
    };
    for (size_t i = 0; i < COUNT(ways); i++) {
        if (pattern_match(ways[i], folded, 0) != NO_MATCH) {
            return true;
        }
    }
    return false;
}

bool place_is_named(const struct folded *folded)
{
    int end = 0;
    for (size_t i = 0; i < COUNT(place_names); i++) {
        if (pattern_find(place_names[i], folded, 0, &end) != NO_MATCH) {
            return true;
        }
    }
    return false;
}

const struct wording *wording_at(size_t i)
{
    return i < COUNT(wordings) ? &wordings[i] : NULL;
}
