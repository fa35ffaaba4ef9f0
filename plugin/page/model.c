/* SPDX-License-Identifier: Apache-2.0 */
#include "page/model.h"

enum {
    STEPS = 3, /* from a tree's root to a leaf */
    NODES = (1 << STEPS) - 1,
    LEAVES = 1 << STEPS,
    LEAF_ONE = 512, /* leaves are log odds in as many parts */
    CURVE_STEP = LEAF_ONE / 4,
    CURVE_END = 32
};

/* Node n has its children at 2n + 1 and 2n + 2; a number over the limit goes to the second. */
struct tree {
    uint8_t features[NODES];
    int16_t limits[NODES];
    int16_t leaves[LEAVES];
};

static const struct tree trees[] = {
#define TREE(f0, l0, f1, l1, f2, l2, f3, l3, f4, l4, f5, l5, f6, l6, ...)                          \
    {.features = {FEATURE_##f0, FEATURE_##f1, FEATURE_##f2, FEATURE_##f3, FEATURE_##f4,            \
                  FEATURE_##f5, FEATURE_##f6},                                                     \
     .limits = {l0, l1, l2, l3, l4, l5, l6},                                                       \
     .leaves = {__VA_ARGS__}},
#include "page/model.def"
};

_Static_assert((int)FEATURE_COUNT <= UINT8_MAX, "a feature has room in a node");

/* The logistic function of 0, 1/4, … 8. */
static const uint16_t curve[CURVE_END + 1] = {
    512,  576,  637,  695,  749,  796,  837,  872,  902,  926,  946,
    962,  975,  986,  994,  1000, 1006, 1010, 1013, 1015, 1017, 1019,
    1020, 1021, 1021, 1022, 1022, 1023, 1023, 1023, 1023, 1024, 1024,
};

static uint32_t likelihood(int32_t odds)
{
    const uint32_t size = (uint32_t)(odds < 0 ? -odds : odds);
    const uint32_t at = size / CURVE_STEP;
    uint32_t answer = curve[CURVE_END];
    if (at < CURVE_END) {
        const uint32_t rise = (uint32_t)(curve[at + 1] - curve[at]);
        answer = curve[at] + rise * (size % CURVE_STEP) / CURVE_STEP;
    }
    return odds < 0 ? MODEL_ONE - answer : answer;
}

uint32_t model_judge(const int16_t *numbers)
{
    int32_t odds = 0;
    for (size_t i = 0; i < sizeof trees / sizeof trees[0]; i++) {
        const struct tree *tree = &trees[i];
        size_t at = 0;
        for (int step = 0; step < STEPS; step++) {
            at = 2 * at + 1 + (numbers[tree->features[at]] > tree->limits[at]);
        }
        odds += tree->leaves[at - NODES];
    }
    return likelihood(odds);
}
