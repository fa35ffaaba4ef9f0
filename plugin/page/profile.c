/* SPDX-License-Identifier: Apache-2.0 */
#include "page/profile.h"

enum { NOTICE_MAX = 160 /* code points: a longer line only quotes a notice */ };

/* The words of profile.def, for this file only. */
enum {
    TITLE = EVIDENCE_TITLE,
    LABELS = EVIDENCE_LABELS,
    GATE = EVIDENCE_GATE,
    ANCHOR = EVIDENCE_ANCHOR,
    DECLARED = EVIDENCE_DECLARED,
    NEVER = EVIDENCE_NEVER
};

static const struct {
    unsigned text;
    unsigned page;
} families[] = {
#define FAMILY(name_, text_, page_) {.text = (text_), .page = (page_)},
#include "page/profile.def"
};

static const struct label labels[] = {
#define LABEL(family_, pattern_, column_, kind_)                                                   \
    {.family = FAMILY_##family_,                                                                   \
     .pattern = STR_INIT(pattern_),                                                                \
     .column = COLUMN_##column_,                                                                   \
     .kind = VALUE_##kind_},
#include "page/profile.def"
};

struct anchor {
    enum family family;
    str pattern;
};

static const struct anchor anchors[] = {
#define ANCHOR(family_, pattern_) {.family = FAMILY_##family_, .pattern = STR_INIT(pattern_)},
#include "page/profile.def"
};

static const struct phrase phrases[] = {
#define PHRASE(family_, reason_, place_, pattern_)                                                 \
    {.family = FAMILY_##family_,                                                                   \
     .reason = DROP_##reason_,                                                                     \
     .place = PLACE_##place_,                                                                      \
     .pattern = STR_INIT(pattern_)},
#include "page/profile.def"
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

unsigned family_evidence(enum family family, bool plain_text)
{
    return plain_text ? families[family].text : families[family].page;
}

bool family_has(enum family family, enum family row)
{
    return row == FAMILY_any || row == family;
}

const struct label *label_find(enum family family, const struct folded *folded, int from, int *end)
{
    const struct label *best = NULL;
    int best_end = from;
    for (size_t i = 0; i < COUNT(labels); i++) {
        if (!family_has(family, labels[i].family)) {
            continue;
        }
        const int label_end = pattern_match(labels[i].pattern, folded, from);
        if (label_end > best_end && label_end < folded->count && folded->points[label_end] == ':') {
            best = &labels[i];
            best_end = label_end;
        }
    }
    *end = best_end + 1;
    return best;
}

int anchor_match(enum family family, const struct folded *folded)
{
    for (size_t i = 0; i < COUNT(anchors); i++) {
        const int end = family_has(family, anchors[i].family)
                            ? pattern_match(anchors[i].pattern, folded, 0)
                            : NO_MATCH;
        if (end == NO_MATCH) {
            continue;
        }
        if (end < folded->count && folded->points[end] == ':') {
            return end + 1;
        }
        if (end == folded->count && folded->whole) {
            return end;
        }
    }
    return NO_MATCH;
}

static bool phrase_holds(const struct phrase *phrase, const struct folded *folded)
{
    int end = NO_MATCH;
    int start = 0;
    switch (phrase->place) {
    case PLACE_START:
        return pattern_match(phrase->pattern, folded, 0) != NO_MATCH;
    case PLACE_WHOLE:
        return pattern_match(phrase->pattern, folded, 0) == folded->count;
    case PLACE_SOMEWHERE:
        return pattern_find(phrase->pattern, folded, 0, &end) != NO_MATCH;
    case PLACE_END:
        while (start != NO_MATCH && end != folded->count) {
            start = pattern_find(phrase->pattern, folded, start, &end);
            start = start == NO_MATCH ? start : start + 1;
        }
        return start != NO_MATCH;
    }
    return false;
}

const struct phrase *phrase_find(enum family family, const struct folded *folded)
{
    if (!folded->whole || folded->count > NOTICE_MAX) {
        return NULL;
    }
    for (size_t i = 0; i < COUNT(phrases); i++) {
        if (family_has(family, phrases[i].family) && phrase_holds(&phrases[i], folded)) {
            return &phrases[i];
        }
    }
    return NULL;
}
