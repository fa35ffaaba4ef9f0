/* SPDX-License-Identifier: Apache-2.0 */
#include "base/table.h"

#include <time.h>

enum { CAPACITY_FIRST = 64 };

struct table_slot {
    str key; /* .ptr NULL: free */
    uint64_t hash;
    size_t value;
};

void table_init(struct table *table, struct arena *arena)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    /* The address and the clock together are nothing a document can know. */
    *table = (struct table){.arena = arena,
                            .seed = (uint64_t)(uintptr_t)table ^
                                    (uint64_t)now.tv_nsec * UINT64_C(0x9E3779B97F4A7C15)};
}

static uint64_t hash_of(const struct table *table, str key)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325) ^ table->seed;
    for (size_t i = 0; i < key.len; i++) {
        hash = (hash ^ (unsigned char)key.ptr[i]) * UINT64_C(0x100000001B3);
    }
    return hash ^ hash >> 29;
}

/* The key's slot, or the free one where it belongs. */
static struct table_slot *slot_of(struct table_slot *slots, size_t capacity, str key, uint64_t hash)
{
    size_t at = (size_t)hash & (capacity - 1);
    while (slots[at].key.ptr && (slots[at].hash != hash || !str_equal(slots[at].key, key))) {
        at = (at + 1) & (capacity - 1);
    }
    return &slots[at];
}

static bool grow(struct table *table)
{
    const size_t capacity = table->capacity ? table->capacity * 2 : CAPACITY_FIRST;
    struct table_slot *slots = ARENA_ARRAY(table->arena, capacity, struct table_slot);
    if (!slots) {
        return false;
    }
    for (size_t i = 0; i < table->capacity; i++) {
        if (table->slots[i].key.ptr) {
            *slot_of(slots, capacity, table->slots[i].key, table->slots[i].hash) = table->slots[i];
        }
    }
    table->slots = slots;
    table->capacity = capacity;
    return true;
}

size_t *table_put(struct table *table, str key, size_t fresh, bool *is_new)
{
    if (table->count >= table->capacity / 4 * 3 && !grow(table)) {
        return NULL;
    }
    const uint64_t hash = hash_of(table, key);
    struct table_slot *slot = slot_of(table->slots, table->capacity, key, hash);
    *is_new = slot->key.ptr == NULL;
    if (*is_new) {
        *slot = (struct table_slot){
            .key = {.ptr = key.ptr ? key.ptr : "", .len = key.len}, .hash = hash, .value = fresh};
        table->count++;
    }
    return &slot->value;
}

size_t table_find(const struct table *table, str key)
{
    if (table->capacity == 0) {
        return SIZE_MAX;
    }
    const struct table_slot *slot =
        slot_of(table->slots, table->capacity, key, hash_of(table, key));
    return slot->key.ptr ? slot->value : SIZE_MAX;
}
