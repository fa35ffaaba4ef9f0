/* SPDX-License-Identifier: Apache-2.0 */
#include "job/title_match.h"

#include "text/utf8.h"

enum {
    BIGRAMS_MAX = 256,
    SLOTS = 1024 /* a power of two, four times the bigrams: chains stay short */
};

struct bigrams {
    uint64_t key[SLOTS]; /* 0: free; two code points otherwise */
    bool found[SLOTS];
    int count;
    int found_count;
};

static uint32_t folded(uint32_t c)
{
    c = code_point_fold_width(c);
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

/* The slot of the key, or the free one where it would stand. */
static size_t slot_of(const struct bigrams *set, uint64_t key)
{
    size_t slot = (size_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 54);
    while (set->key[slot] && set->key[slot] != key) {
        slot = (slot + 1) % SLOTS;
    }
    return slot;
}

/* The next pair of code points that are not space; 0 at the end. `*last` carries the first half. */
static uint64_t next_bigram(str s, size_t *at, uint32_t *last)
{
    while (*at < s.len) {
        const uint32_t c = utf8_next(s, at);
        if (code_point_is_space(c)) {
            continue;
        }
        const uint32_t before = *last;
        *last = folded(c);
        if (before) {
            return (uint64_t)before << 32 | *last;
        }
    }
    return 0;
}

double title_match(str title, str text)
{
    struct bigrams set = {0};
    size_t at = 0;
    uint32_t last = 0;
    uint64_t key = 0;
    while (set.count < BIGRAMS_MAX && (key = next_bigram(title, &at, &last))) {
        const size_t slot = slot_of(&set, key);
        set.count += set.key[slot] == 0;
        set.key[slot] = key;
    }
    if (set.count == 0) {
        return -1.0;
    }
    at = 0;
    last = 0;
    while (set.found_count < set.count && (key = next_bigram(text, &at, &last))) {
        const size_t slot = slot_of(&set, key);
        if (set.key[slot] && !set.found[slot]) {
            set.found[slot] = true;
            set.found_count++;
        }
    }
    return (double)set.found_count / (double)set.count;
}
