/* SPDX-License-Identifier: Apache-2.0 */
#include "page/judge.h"

#include "page/model.h"
#include "page/sentence.h"

enum {
    LIMIT_START = 410,  /* of MODEL_ONE */
    LIMIT_PERCENT = 53, /* of F */
    LIMIT_MIN = 256,
    /* Nearer to the limit than that, the rules decide. */
    KEEP_MARGIN = 102,
    DROP_MARGIN = 51,
    ROUNDS = 4,
    LINKED_PERCENT = 75,
    SHORT_WEIGHT = 80,
    /* A result with less than this share of what the rules keep is not believed. */
    BELIEVED_PERCENT_MIN = 20
};

/* Weights of what is likelier than a limit. */
struct outcome {
    uint64_t kept;
    uint64_t likely; /* times the likelihoods */
};

static struct outcome outcome_of(const struct features *features, uint32_t limit)
{
    struct outcome outcome = {0};
    for (size_t n = 0; n < features->near_count; n++) {
        const struct block *block = features_block(features, n);
        if (block->likely > limit) {
            outcome.kept += block->weight;
            outcome.likely += (uint64_t)block->likely * block->weight;
        }
    }
    return outcome;
}

static uint32_t find_limit(const struct features *features)
{
    const struct outcome all = outcome_of(features, 0);
    uint32_t limit = LIMIT_START;
    for (int round = 0; round < ROUNDS; round++) {
        const struct outcome outcome = outcome_of(features, limit);
        const uint64_t sizes = outcome.kept * MODEL_ONE + all.likely;
        if (outcome.kept > 0) {
            limit = (uint32_t)(2 * outcome.likely * MODEL_ONE / sizes * LIMIT_PERCENT / 100);
        }
    }
    return limit > LIMIT_MIN ? limit : LIMIT_MIN;
}

static bool is_believed(const struct features *features, uint32_t limit)
{
    uint64_t ruled = 0;
    for (size_t n = 0; n < features->near_count; n++) {
        const struct block *block = features_block(features, n);
        ruled += block->kept ? block->weight : 0;
    }
    return outcome_of(features, limit).kept * 100 >= ruled * BELIEVED_PERCENT_MIN;
}

static struct verdict unlikely_verdict(const struct block *block)
{
    if (block_is_linked(block, LINKED_PERCENT)) {
        return VERDICT_DROP_BY(navigation, "reads like boilerplate: links");
    }
    return block->weight <= SHORT_WEIGHT
               ? VERDICT_DROP_BY(boilerplate, "reads like boilerplate: short")
               : VERDICT_DROP_BY(boilerplate, "reads like boilerplate");
}

/* However short an answer is: of a talk it is a part. */
static bool is_answer(const struct ruled_page *page, const struct block *block)
{
    const struct lines *lines = page->density->lines;
    return page->is_talk && block->kept &&
           sentence_ends(line_text(lines, &lines->items[block->end - 1]));
}

/* Rules that were found to be right more often than the model. */
static bool stands(const struct ruled_page *page, const struct block *block)
{
    const uint32_t firm = page->firm[block->region];
    const bool never = firm && (page->density->lines->regions[firm].marks & MARK_NEVER);
    return never || block == page->title || block->ruled == RULED_POSTS ||
           block->ruled == RULED_PHRASE || block->ruled == RULED_SECTION || is_answer(page, block);
}

static void decide(const struct ruled_page *page, struct block *block, uint32_t limit)
{
    if (stands(page, block)) {
        return;
    }
    if (!block->kept && block->likely > limit + KEEP_MARGIN) {
        block->kept = true;
        block->verdict = VERDICT_BODY;
    } else if (block->kept && (uint32_t)block->likely + DROP_MARGIN <= limit) {
        block->kept = false;
        block->verdict = unlikely_verdict(block);
    }
}

/* Those from `first` on, as many as are judged at once. */
static void judge_some(const struct features *features, size_t first,
                       const struct block_watch *watch, struct model_numbers *numbers)
{
    const size_t left = features->near_count - first;
    const size_t count = left < MODEL_BLOCKS ? left : MODEL_BLOCKS;
    int16_t read[FEATURE_COUNT];
    uint16_t likely[MODEL_BLOCKS];
    for (size_t i = 0; i < count; i++) {
        features_read(features, first + i, read);
        if (watch) {
            watch->see(watch->context, features->page->density->lines,
                       features_block(features, first + i), read);
        }
        for (size_t feature = 0; feature < FEATURE_COUNT; feature++) {
            numbers->of[feature][i] = read[feature];
        }
    }
    model_judge(numbers, likely);
    for (size_t i = 0; i < count; i++) {
        features_block(features, first + i)->likely = likely[i];
    }
}

static void judge_all(const struct ruled_page *page, const struct features *features,
                      const struct block_watch *watch)
{
    struct model_numbers numbers = {0};
    for (size_t first = 0; first < features->near_count; first += MODEL_BLOCKS) {
        judge_some(features, first, watch, &numbers);
    }
    const uint32_t limit = find_limit(features);
    const bool believed = is_believed(features, limit);
    for (size_t n = 0; n < features->near_count && believed; n++) {
        decide(page, features_block(features, n), limit);
    }
}

enum status judge_blocks(const struct ruled_page *page, const struct block_watch *watch)
{
    struct arena *arena = page->density->lines->arena;
    const struct arena_position mark = arena_mark(arena);
    struct features features;
    const enum status status = features_begin(page, &features);
    if (status == STATUS_OK) {
        judge_all(page, &features, watch);
    }
    arena_rewind(arena, mark);
    return status;
}
