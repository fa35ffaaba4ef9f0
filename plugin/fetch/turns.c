/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/turns.h"

#include "base/host.h"
#include "base/memory.h"

enum { FIRST_CAPACITY = 16, NAME_BYTES_MAX = HOST_BYTES_MAX + sizeof ":65535" };

struct turn {
    int64_t next_ms;
    size_t len;
    char name[NAME_BYTES_MAX];
};

struct turns {
    int64_t delay_ms;
    struct turn *turns;
    size_t count;
    size_t capacity;
};

struct turns *turns_open(int64_t delay_ms)
{
    struct turns *turns = memory_allocate(sizeof *turns);
    if (turns) {
        turns->delay_ms = delay_ms;
    }
    return turns;
}

void turns_close(struct turns *turns)
{
    if (turns) {
        memory_release(turns->turns);
        memory_release(turns);
    }
}

/* SIZE_MAX: not known. Few hosts and a request each: a walk through all of them costs nothing
 * beside the request. */
static size_t find(const struct turns *turns, str web_host)
{
    for (size_t i = 0; i < turns->count; i++) {
        const struct turn *turn = &turns->turns[i];
        if (turn->len == web_host.len && memcmp(turn->name, web_host.ptr, turn->len) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

static size_t find_soonest(const struct turns *turns)
{
    size_t soonest = 0;
    for (size_t i = 1; i < turns->count; i++) {
        soonest = turns->turns[i].next_ms < turns->turns[soonest].next_ms ? i : soonest;
    }
    return soonest;
}

static int64_t until(int64_t next_ms, int64_t now_ms)
{
    return next_ms > now_ms ? next_ms - now_ms : 0;
}

int64_t turns_wait_ms(const struct turns *turns, str web_host, int64_t now_ms)
{
    const size_t at = find(turns, web_host);
    if (at != SIZE_MAX) {
        return until(turns->turns[at].next_ms, now_ms);
    }
    return turns->count < TURNS_HOSTS_MAX
               ? 0
               : until(turns->turns[find_soonest(turns)].next_ms, now_ms);
}

static bool grow(struct turns *turns)
{
    size_t capacity = turns->capacity ? turns->capacity * 2 : FIRST_CAPACITY;
    capacity = capacity > TURNS_HOSTS_MAX ? TURNS_HOSTS_MAX : capacity;
    struct turn *larger = memory_resize(turns->turns, capacity * sizeof *larger);
    if (!larger) {
        return false;
    }
    turns->turns = larger;
    turns->capacity = capacity;
    return true;
}

static struct turn *place_for(struct turns *turns, str web_host, int64_t now_ms)
{
    size_t at = find(turns, web_host);
    if (at != SIZE_MAX) {
        return &turns->turns[at];
    }
    if (web_host.len > NAME_BYTES_MAX) {
        return NULL;
    }
    at = turns->count ? find_soonest(turns) : 0;
    const bool passed = turns->count && turns->turns[at].next_ms <= now_ms;
    if (!passed && turns->count < TURNS_HOSTS_MAX) {
        if (turns->count == turns->capacity && !grow(turns)) {
            return NULL;
        }
        at = turns->count++;
    }
    turns->turns[at] = (struct turn){.len = web_host.len};
    memcpy(turns->turns[at].name, web_host.ptr, web_host.len);
    return &turns->turns[at];
}

bool turns_park(struct turns *turns, str web_host, int64_t until_ms, int64_t now_ms)
{
    struct turn *turn = place_for(turns, web_host, now_ms);
    if (turn && until_ms > turn->next_ms) {
        turn->next_ms = until_ms;
    }
    return turn != NULL;
}

bool turns_end(struct turns *turns, str web_host, int64_t now_ms)
{
    return turns_park(turns, web_host, now_ms + turns->delay_ms, now_ms);
}
