/* SPDX-License-Identifier: Apache-2.0 */
#include "page/model.h"

enum {
    STEPS = 3, /* from a tree's root to a leaf */
    NODES = (1 << STEPS) - 1,
    LEAVES = 1 << STEPS,
    PAIRS = LEAVES / 2,
    LEAF_ONE = 512, /* leaves are log odds in as many parts */
    CURVE_STEP = LEAF_ONE / 4,
    CURVE_END = 32,
    LANES = 8,
    PARTS = MODEL_BLOCKS / LANES
};

/* As many numbers as processors take in one step; compilers make do where one cannot. */
typedef int16_t lanes __attribute__((vector_size(LANES * sizeof(int16_t))));

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

/* What all trees together can say at most. */
enum {
#define SIZE(leaf)          ((leaf) < 0 ? -(leaf) : (leaf))
#define LARGER(a, b)        ((a) > (b) ? (a) : (b))
#define LARGEST(a, b, c, d) LARGER(LARGER(SIZE(a), SIZE(b)), LARGER(SIZE(c), SIZE(d)))
#define TREE(f0, l0, f1, l1, f2, l2, f3, l3, f4, l4, f5, l5, f6, l6, a, b, c, d, e, f, g, h)       \
    +LARGER(LARGEST(a, b, c, d), LARGEST(e, f, g, h))
    ODDS_MAX =
#include "page/model.def"
#undef LARGEST
#undef LARGER
#undef SIZE
};

_Static_assert((int)ODDS_MAX <= INT16_MAX, "a sum of leaves has room in 16 bits");

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

/* Adds what the tree says of each block. All nodes are asked, and masks of all bits or none choose
 * among the answers, from the leaves up: no branch, and no step that waits for where another led. */
static void add_tree(const struct tree *tree, const struct model_numbers *numbers, lanes *odds)
{
    for (size_t part = 0; part < PARTS; part++) {
        lanes over[NODES];
        lanes said[PAIRS];
        for (size_t node = 0; node < NODES; node++) {
            memcpy(&over[node], numbers->of[tree->features[node]] + part * LANES, sizeof(lanes));
            over[node] = over[node] > tree->limits[node];
        }
        for (size_t pair = 0; pair < PAIRS; pair++) {
            const int16_t low = tree->leaves[2 * pair];
            const int16_t change = (int16_t)(low ^ tree->leaves[2 * pair + 1]);
            said[pair] = low ^ (change & over[NODES / 2 + pair]);
        }
        const lanes left = said[0] ^ ((said[0] ^ said[1]) & over[1]);
        const lanes right = said[2] ^ ((said[2] ^ said[3]) & over[2]);
        odds[part] += left ^ ((left ^ right) & over[0]);
    }
}

void model_judge(const struct model_numbers *numbers, uint16_t *likely)
{
    lanes odds[PARTS] = {0};
    for (size_t i = 0; i < sizeof trees / sizeof trees[0]; i++) {
        add_tree(&trees[i], numbers, odds);
    }
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        likely[i] = (uint16_t)likelihood(odds[i / LANES][i % LANES]);
    }
}
