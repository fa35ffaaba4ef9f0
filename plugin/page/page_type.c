/* SPDX-License-Identifier: Apache-2.0 */
#include "page/page_type.h"

#include "page/type_blocks.h"

enum {
    /* With less text, what stands on a page tells nothing: only what it states counts, and it has
     * to state as much. */
    PAGE_WEIGHT_MIN = 300,
    POINTS_MIN = 2,
    /* A page that states a type as clearly, and no other one, is believed whatever stands on it. */
    POINTS_CLEAR = 8,
    POINTS_OTHER_MAX = 4
};

/* What one level of a count is worth for each type. */
struct weights {
    int16_t of[PAGE_TYPE_COUNT];
};

static const struct weights weights[TYPE_COUNT_COUNT] = {
#define BIAS(article_, documentation_, forum_, product_, listing_, collection_, service_)
#define WEIGHTS(count_, article_, documentation_, forum_, product_, listing_, collection_,         \
                service_)                                                                          \
    [TYPE_##count_] = {.of = {[PAGE_TYPE_article] = article_,                                      \
                              [PAGE_TYPE_documentation] = documentation_,                          \
                              [PAGE_TYPE_forum] = forum_,                                          \
                              [PAGE_TYPE_product] = product_,                                      \
                              [PAGE_TYPE_listing] = listing_,                                      \
                              [PAGE_TYPE_collection] = collection_,                                \
                              [PAGE_TYPE_service] = service_}},
#include "page/type_model.inc"
#undef BIAS
#undef WEIGHTS
};

static const int32_t biases[PAGE_TYPE_COUNT] = {
#define WEIGHTS(count_, article_, documentation_, forum_, product_, listing_, collection_, service_)
#define BIAS(article_, documentation_, forum_, product_, listing_, collection_, service_)          \
    [PAGE_TYPE_article] = article_, [PAGE_TYPE_documentation] = documentation_,                    \
    [PAGE_TYPE_forum] = forum_, [PAGE_TYPE_product] = product_, [PAGE_TYPE_listing] = listing_,    \
    [PAGE_TYPE_collection] = collection_, [PAGE_TYPE_service] = service_,
#include "page/type_model.inc"
#undef BIAS
#undef WEIGHTS
};

enum status page_type_count(const struct density *density, struct page_evidence *evidence)
{
    static const enum type_count says[PAGE_TYPE_COUNT] = {
        [PAGE_TYPE_article] = TYPE_says_article,
        [PAGE_TYPE_documentation] = TYPE_says_documentation,
        [PAGE_TYPE_forum] = TYPE_says_forum,
        [PAGE_TYPE_product] = TYPE_says_product,
        [PAGE_TYPE_listing] = TYPE_says_listing,
        [PAGE_TYPE_collection] = TYPE_says_collection,
        [PAGE_TYPE_service] = TYPE_says_service,
    };
    for (enum page_type type = PAGE_TYPE_article; type < PAGE_TYPE_COUNT; type++) {
        evidence->counts.of[says[type]] = evidence->points[type];
    }
    return type_blocks_count(density, &evidence->words, &evidence->counts);
}

static enum page_type most_stated(const struct page_evidence *evidence)
{
    enum page_type best = PAGE_TYPE_unknown;
    for (enum page_type type = PAGE_TYPE_article; type < PAGE_TYPE_COUNT; type++) {
        best = evidence->points[type] > evidence->points[best] ? type : best;
    }
    return evidence->points[best] >= POINTS_MIN ? best : PAGE_TYPE_unknown;
}

static bool is_clear(const struct page_evidence *evidence, enum page_type stated)
{
    for (enum page_type type = PAGE_TYPE_article; type < PAGE_TYPE_COUNT; type++) {
        if (type != stated && evidence->points[type] > POINTS_OTHER_MAX) {
            return false;
        }
    }
    return evidence->points[stated] >= POINTS_CLEAR;
}

enum page_type page_type_decide(const struct page_evidence *evidence)
{
    const struct type_counts *counts = &evidence->counts;
    const enum page_type stated = most_stated(evidence);
    int32_t scores[PAGE_TYPE_COUNT];
    if (counts->of[TYPE_text] < PAGE_WEIGHT_MIN || is_clear(evidence, stated)) {
        return stated;
    }
    memcpy(scores, biases, sizeof scores);
    for (enum type_count i = 0; i < TYPE_COUNT_COUNT; i++) {
        const int32_t level = (int32_t)type_count_level(counts, i);
        for (enum page_type type = PAGE_TYPE_article; type < PAGE_TYPE_COUNT; type++) {
            scores[type] += weights[i].of[type] * level;
        }
    }
    enum page_type best = PAGE_TYPE_article;
    for (enum page_type type = PAGE_TYPE_article; type < PAGE_TYPE_COUNT; type++) {
        best = scores[type] > scores[best] ? type : best;
    }
    return best;
}

str page_type_name(enum page_type type)
{
    static const str names[PAGE_TYPE_COUNT] = {
#define X(name) STR_INIT(#name),
        PAGE_TYPE_LIST(X)
#undef X
    };
    return type == PAGE_TYPE_unknown ? STR("") : names[type];
}
