/* SPDX-License-Identifier: Apache-2.0 */
#include "unpack/occurrence.h"

#include "base/hash.h"
#include "base/memory.h"

enum { CAPACITY_FIRST = 64 };

static bool key_of(bytes name, uint64_t key[2])
{
    char hex[HASH_HEX_LEN];
    struct hash *hash = hash_open();
    const bool done = hash && hash_add(hash, name) && hash_finish(hash, hex);
    hash_close(hash);
    if (!done) {
        return false;
    }
    key[0] = key[1] = 0;
    for (size_t i = 0; i < 32; i++) {
        const unsigned digit = hex[i] <= '9' ? (unsigned)hex[i] - '0' : (unsigned)hex[i] - 'a' + 10;
        key[i / 16] = key[i / 16] << 4 | digit;
    }
    return true;
}

static struct occurrence *place_of(const struct occurrences *table, const uint64_t key[2])
{
    size_t at = (size_t)key[0] & (table->capacity - 1);
    while (table->places[at].count > 0 &&
           (table->places[at].key[0] != key[0] || table->places[at].key[1] != key[1])) {
        at = (at + 1) & (table->capacity - 1);
    }
    return &table->places[at];
}

/* Grown by the entries of one input, which archive_entries_max bounds. */
static bool grow(struct occurrences *table)
{
    struct occurrences larger = {.count = table->count};
    larger.capacity = table->capacity ? table->capacity * 2 : CAPACITY_FIRST;
    larger.places = memory_allocate(larger.capacity * sizeof *larger.places);
    if (!larger.places) {
        return false;
    }
    for (size_t i = 0; i < table->capacity; i++) {
        if (table->places[i].count > 0) {
            *place_of(&larger, table->places[i].key) = table->places[i];
        }
    }
    memory_release(table->places);
    *table = larger;
    return true;
}

enum status occurrence_count(struct occurrences *table, bytes name, int64_t *before)
{
    uint64_t key[2];
    if (!key_of(name, key) || (table->count * 2 >= table->capacity && !grow(table))) {
        return STATUS_NO_MEMORY;
    }
    struct occurrence *place = place_of(table, key);
    *before = place->count;
    if (place->count == 0) {
        place->key[0] = key[0];
        place->key[1] = key[1];
        table->count++;
    }
    place->count++;
    return STATUS_OK;
}

void occurrences_release(struct occurrences *table)
{
    memory_release(table->places);
    *table = (struct occurrences){.places = NULL};
}
