/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/turns.h"

#include "base/memory.h"
#include "fetch/clock.h"

enum {
    BUCKETS = 1024, /* a power of two */
    FIRST_CAPACITY = 16
};

/* One web host. */
struct turn {
    struct turn *next_in_bucket;
    struct waiter *first; /* the queue */
    struct waiter *last;
    int64_t next_ms;   /* not before this */
    int64_t delay_ms;  /* its own; shorter than everybody's is none */
    int64_t due_ms;    /* its key in the heap */
    uint64_t sequence; /* among equals: who came first */
    size_t heap_index; /* SIZE_MAX: not in the heap */
    int64_t open_count;
    struct pace pace;
    bool is_remembered; /* the memo has something of it */
    size_t len;
    char name[];
};

struct turns {
    struct turns_rules rules;
    struct turn *buckets[BUCKETS];
    size_t count;
    struct turn **heap; /* hosts that somebody waits for and that have a connection to give */
    size_t heap_count;
    size_t heap_capacity; /* at least `count`: entering the heap needs no memory */
    uint64_t sequence;
};

struct turns *turns_open(struct turns_rules rules)
{
    struct turns *turns = memory_allocate(sizeof *turns);
    if (turns) {
        turns->rules = rules;
    }
    return turns;
}

void turns_close(struct turns *turns)
{
    for (size_t i = 0; turns && i < BUCKETS; i++) {
        struct turn *turn = turns->buckets[i];
        while (turn) {
            struct turn *next = turn->next_in_bucket;
            memory_release(turn);
            turn = next;
        }
    }
    if (turns) {
        memory_release(turns->heap);
        memory_release(turns);
    }
}

/* --- the table: FNV-1a; names that were made to collide cost a walk of TURNS_HOSTS_MAX steps,
 * which is little beside a request --- */

static size_t bucket_of(str web_host)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < web_host.len; i++) {
        hash = (hash ^ (uint8_t)web_host.ptr[i]) * 16777619U;
    }
    return hash & (BUCKETS - 1);
}

static struct turn *find(const struct turns *turns, str web_host)
{
    struct turn *turn = turns->buckets[bucket_of(web_host)];
    while (turn &&
           !(turn->len == web_host.len && memcmp(turn->name, web_host.ptr, web_host.len) == 0)) {
        turn = turn->next_in_bucket;
    }
    return turn;
}

static bool is_forgettable(const struct turn *turn, int64_t now_ms)
{
    return !turn->first && turn->open_count == 0 && turn->next_ms <= now_ms;
}

static void forget_passed(struct turns *turns, int64_t now_ms)
{
    for (size_t i = 0; i < BUCKETS; i++) {
        struct turn **at = &turns->buckets[i];
        while (*at) {
            struct turn *turn = *at;
            if (!is_forgettable(turn, now_ms)) {
                at = &turn->next_in_bucket;
                continue;
            }
            *at = turn->next_in_bucket;
            memory_release(turn);
            turns->count--;
        }
    }
}

static bool grow_heap(struct turns *turns)
{
    const size_t capacity = turns->heap_capacity ? turns->heap_capacity * 2 : FIRST_CAPACITY;
    struct turn **larger = memory_resize(turns->heap, capacity * sizeof(struct turn *));
    if (!larger) {
        return false;
    }
    turns->heap = larger;
    turns->heap_capacity = capacity;
    return true;
}

static enum turns_verdict need(struct turns *turns, str web_host, int64_t now_ms, struct turn **out)
{
    *out = find(turns, web_host);
    if (*out) {
        return TURNS_OK;
    }
    if (turns->count == TURNS_HOSTS_MAX) {
        forget_passed(turns, now_ms);
    }
    if (turns->count == TURNS_HOSTS_MAX || web_host.len > TURNS_NAME_BYTES_MAX) {
        return TURNS_FULL;
    }
    if (turns->count == turns->heap_capacity && !grow_heap(turns)) {
        return TURNS_NO_MEMORY;
    }
    struct turn *turn = memory_allocate(sizeof *turn + web_host.len);
    if (!turn) {
        return TURNS_NO_MEMORY;
    }
    const size_t bucket = bucket_of(web_host);
    turn->next_in_bucket = turns->buckets[bucket];
    const struct pace_memory memory =
        pace_recall(turns->rules.memo, web_host, clock_wall_us() / 1000);
    turn->next_ms = memory.wait_ms ? now_ms + memory.wait_ms : INT64_MIN;
    turn->pace.extra_ms = memory.extra_ms;
    turn->is_remembered = memory.extra_ms || memory.wait_ms;
    turn->heap_index = SIZE_MAX;
    turn->len = web_host.len;
    memcpy(turn->name, web_host.ptr, web_host.len);
    turns->buckets[bucket] = turn;
    turns->count++;
    *out = turn;
    return TURNS_OK;
}

/* --- the heap --- */

static bool is_sooner(const struct turn *a, const struct turn *b)
{
    return a->due_ms < b->due_ms || (a->due_ms == b->due_ms && a->sequence < b->sequence);
}

static void put(struct turns *turns, size_t at, struct turn *turn)
{
    turns->heap[at] = turn;
    turn->heap_index = at;
}

static void rise(struct turns *turns, struct turn *turn, size_t at)
{
    while (at > 0 && is_sooner(turn, turns->heap[(at - 1) / 2])) {
        put(turns, at, turns->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    put(turns, at, turn);
}

static void sink(struct turns *turns, struct turn *turn, size_t at)
{
    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < turns->heap_count &&
            is_sooner(turns->heap[child + 1], turns->heap[child])) {
            child++;
        }
        if (child >= turns->heap_count || !is_sooner(turns->heap[child], turn)) {
            break;
        }
        put(turns, at, turns->heap[child]);
        at = child;
    }
    put(turns, at, turn);
}

static void leave_heap(struct turns *turns, struct turn *turn)
{
    const size_t at = turn->heap_index;
    struct turn *last = turns->heap[--turns->heap_count];
    turn->heap_index = SIZE_MAX;
    if (last != turn) {
        sink(turns, last, at);
        rise(turns, last, last->heap_index);
    }
}

/* In the heap, with its time, exactly when somebody can have a turn there. */
static void settle(struct turns *turns, struct turn *turn, int64_t now_ms)
{
    if (turn->heap_index != SIZE_MAX) {
        leave_heap(turns, turn);
    }
    if (!turn->first || turn->open_count >= turns->rules.connections_per_host) {
        return;
    }
    turn->due_ms = turn->next_ms > now_ms ? turn->next_ms : now_ms;
    turn->sequence = ++turns->sequence;
    rise(turns, turn, turns->heap_count++);
}

/* --- the queues --- */

enum turns_verdict turns_meet(struct turns *turns, str web_host, int64_t now_ms)
{
    struct turn *turn;
    return need(turns, web_host, now_ms, &turn);
}

enum turns_verdict turns_join(struct turns *turns, str web_host, struct waiter *waiter, bool head,
                              int64_t now_ms)
{
    struct turn *turn;
    const enum turns_verdict verdict = need(turns, web_host, now_ms, &turn);
    if (verdict != TURNS_OK) {
        return verdict;
    }
    const bool was_empty = !turn->first;
    waiter->next = head ? turn->first : NULL;
    if (head || was_empty) {
        turn->first = waiter;
    } else {
        turn->last->next = waiter;
    }
    if (!waiter->next) {
        turn->last = waiter;
    }
    if (was_empty) {
        settle(turns, turn, now_ms);
    }
    return TURNS_OK;
}

void turns_slow(struct turns *turns, str web_host, int64_t delay_ms)
{
    struct turn *turn = find(turns, web_host);
    if (turn) {
        turn->delay_ms = delay_ms;
    }
}

/* Without what its pace adds. */
static int64_t meant_delay_ms(const struct turns *turns, const struct turn *turn)
{
    return turn && turn->delay_ms > turns->rules.delay_ms ? turn->delay_ms : turns->rules.delay_ms;
}

int64_t turns_delay_ms(const struct turns *turns, str web_host)
{
    return meant_delay_ms(turns, find(turns, web_host));
}

static int64_t delay_of(const struct turns *turns, const struct turn *turn)
{
    return meant_delay_ms(turns, turn) + turn->pace.extra_ms;
}

static struct waiter *take_first(struct turn *turn)
{
    struct waiter *first = turn->first;
    turn->first = first->next;
    turn->last = first->next ? turn->last : NULL;
    return first;
}

void *turns_next(struct turns *turns, int64_t now_ms)
{
    struct turn *turn = turns->heap_count ? turns->heap[0] : NULL;
    if (!turn || turn->due_ms > now_ms) {
        return NULL;
    }
    struct waiter *waiter = take_first(turn);
    turn->open_count++;
    turn->next_ms = now_ms + delay_of(turns, turn);
    settle(turns, turn, now_ms);
    return waiter->owner;
}

int64_t turns_due_ms(const struct turns *turns, str *web_host)
{
    if (turns->heap_count == 0) {
        *web_host = STR("");
        return INT64_MAX;
    }
    *web_host = (str){.ptr = turns->heap[0]->name, .len = turns->heap[0]->len};
    return turns->heap[0]->due_ms;
}

void turns_end(struct turns *turns, str web_host, int64_t now_ms)
{
    struct turn *turn = find(turns, web_host);
    if (!turn) {
        return;
    }
    const int64_t next_ms = now_ms + delay_of(turns, turn);
    turn->open_count -= turn->open_count > 0;
    turn->next_ms = next_ms > turn->next_ms ? next_ms : turn->next_ms;
    settle(turns, turn, now_ms);
}

void turns_park(struct turns *turns, str web_host, int64_t until_ms)
{
    struct turn *turn = find(turns, web_host);
    if (turn && until_ms > turn->next_ms) {
        turn->next_ms = until_ms;
        settle(turns, turn, INT64_MIN);
    }
}

struct pace *turns_pace(struct turns *turns, str web_host)
{
    struct turn *turn = find(turns, web_host);
    return turn ? &turn->pace : NULL;
}

void turns_remember(const struct turns *turns, str web_host, int64_t now_ms)
{
    struct turn *turn = find(turns, web_host);
    if (!turns->rules.memo || !turn) {
        return;
    }
    const struct pace_memory memory = {
        .extra_ms = turn->pace.extra_ms,
        .wait_ms = turn->next_ms > now_ms ? turn->next_ms - now_ms : 0,
    };
    /* Of a host that may be asked at any time there is nothing to know. */
    const bool matters = memory.extra_ms || memory.wait_ms;
    if (matters || turn->is_remembered) {
        turn->is_remembered =
            pace_remember(turns->rules.memo, web_host, &memory, clock_wall_us() / 1000) && matters;
    }
}

int64_t turns_wait_ms(const struct turns *turns, str web_host, int64_t now_ms)
{
    const struct turn *turn = find(turns, web_host);
    return turn && turn->next_ms > now_ms ? turn->next_ms - now_ms : 0;
}

void *turns_dismiss(struct turns *turns, str web_host)
{
    struct turn *turn = find(turns, web_host);
    if (!turn || !turn->first) {
        return NULL;
    }
    struct waiter *waiter = take_first(turn);
    if (!turn->first) {
        settle(turns, turn, INT64_MIN);
    }
    return waiter->owner;
}

void turns_leave(struct turns *turns, str web_host, const struct waiter *waiter)
{
    struct turn *turn = find(turns, web_host);
    struct waiter *before = NULL;
    struct waiter *at = turn ? turn->first : NULL;
    while (at && at != waiter) {
        before = at;
        at = at->next;
    }
    if (!at) {
        return;
    }
    if (before) {
        before->next = at->next;
        turn->last = at->next ? turn->last : before;
        return;
    }
    (void)take_first(turn);
    if (!turn->first) {
        settle(turns, turn, INT64_MIN);
    }
}
