/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/robots_cache.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/memory.h"

enum {
    ORIGIN_BYTES_MAX = sizeof "https://" + 255 + sizeof ":65535",
    RULES_BYTES_MAX = 32 * 1024 * 1024, /* 500 KiB of the shortest rules take half of it */
    SCRATCH_BYTES_MAX = 4 * 1024 * 1024,
    CLOCK_SKEW_S = 300, /* what was kept may be so much younger than now */
    QUOTED_MAX = 80
};

struct entry {
    size_t origin_len;
    char origin[ORIGIN_BYTES_MAX];
    struct arena arena; /* body and rules */
    bytes body;
    struct robots robots; /* of the body; without one no rules */
    int64_t heard_s;      /* when an answer came that says what holds; 0: never */
    int64_t failing_s;    /* since when none comes; 0: one came */
    int64_t tried_s;
    int64_t http_status;  /* of the failure; 0: no answer */
    struct fault failure; /* its message is of this run alone */
    bool is_lasting;      /* a failure that asking again does not mend; of this run alone */
    uint64_t used;        /* when it was last used, in uses */
};

struct robots_cache {
    const struct memo *memo;
    str token;
    int64_t delay_max_ms;
    struct arena scratch;
    struct entry **entries; /* room for ROBOTS_ORIGINS_MAX */
    size_t count;
    uint64_t uses;
};

struct robots_cache *robots_cache_open(str token, int64_t delay_max_ms, const struct memo *memo)
{
    struct robots_cache *cache = memory_allocate(sizeof *cache);
    struct entry **entries = memory_allocate(ROBOTS_ORIGINS_MAX * sizeof *entries);
    if (!cache || !entries) {
        memory_release(cache);
        memory_release(entries);
        return NULL;
    }
    cache->token = token;
    cache->delay_max_ms = delay_max_ms;
    cache->memo = memo;
    cache->entries = entries;
    arena_init(&cache->scratch, SCRATCH_BYTES_MAX);
    return cache;
}

static void release_entry(struct entry *entry)
{
    arena_release(&entry->arena);
    memory_release(entry);
}

void robots_cache_close(struct robots_cache *cache)
{
    if (!cache) {
        return;
    }
    for (size_t i = 0; i < cache->count; i++) {
        release_entry(cache->entries[i]);
    }
    arena_release(&cache->scratch);
    memory_release(cache->entries);
    memory_release(cache);
}

/* --- entries --- */

static str write_origin(char *out, const struct url *url)
{
    size_t len = 0;
    const str parts[] = {url->scheme, STR("://"), url->web_host};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const size_t room = ORIGIN_BYTES_MAX - len;
        const size_t part = parts[i].len < room ? parts[i].len : room;
        memcpy(out + len, parts[i].ptr, part);
        len += part;
    }
    return (str){.ptr = out, .len = len};
}

static str entry_origin(const struct entry *entry)
{
    return (str){.ptr = entry->origin, .len = entry->origin_len};
}

static struct entry *find_entry(const struct robots_cache *cache, str origin)
{
    for (size_t i = 0; i < cache->count; i++) {
        if (str_equal(entry_origin(cache->entries[i]), origin)) {
            return cache->entries[i];
        }
    }
    return NULL;
}

/* Lets go what was not used for longest, until all fits: with `stays`, or else with one more. */
static void make_room(struct robots_cache *cache, const struct entry *stays)
{
    for (;;) {
        size_t held_bytes = 0;
        size_t oldest = SIZE_MAX;
        for (size_t i = 0; i < cache->count; i++) {
            const struct entry *entry = cache->entries[i];
            held_bytes += entry->arena.held_bytes;
            if (entry != stays &&
                (oldest == SIZE_MAX || entry->used < cache->entries[oldest]->used)) {
                oldest = i;
            }
        }
        if (oldest == SIZE_MAX ||
            (held_bytes <= ROBOTS_CACHE_BYTES_MAX && cache->count + !stays <= ROBOTS_ORIGINS_MAX)) {
            return;
        }
        release_entry(cache->entries[oldest]);
        cache->entries[oldest] = cache->entries[--cache->count];
    }
}

static struct entry *add_entry(struct robots_cache *cache, str origin)
{
    struct entry *entry = memory_allocate(sizeof *entry);
    if (entry) {
        entry->origin_len = origin.len;
        memcpy(entry->origin, origin.ptr, origin.len);
        arena_init(&entry->arena, RULES_BYTES_MAX);
        entry->robots.delay_ms = -1;
        make_room(cache, NULL);
        cache->entries[cache->count++] = entry;
    }
    return entry;
}

/* The rules of a body, which is copied; what the entry had is gone. */
static enum status take_body(const struct robots_cache *cache, struct entry *entry, bytes body)
{
    const bytes readable = bytes_slice(body, 0, ROBOTS_BYTES_MAX + 1);
    arena_reset(&entry->arena);
    entry->robots = (struct robots){.delay_ms = -1};
    entry->body = arena_copy_bytes(&entry->arena, readable);
    return entry->body.ptr ? robots_parse(&entry->arena, entry->body, cache->token, &entry->robots)
                           : STATUS_NO_MEMORY;
}

/* --- the memo --- */

static str memo_key(struct robots_cache *cache, str origin)
{
    struct buf key;
    buf_init(&key, &cache->scratch, MEMO_KEY_BYTES_MAX);
    buf_add(&key, STR("robots/"));
    buf_add(&key, origin);
    return buf_failed(&key) ? STR("") : buf_str(&key);
}

static void add_member(struct buf *buf, const char *name, int64_t value)
{
    buf_add(buf, STR(",\""));
    buf_add(buf, str_of(name));
    buf_add(buf, STR("\":"));
    buf_add_integer(buf, value);
}

/* {"v":1,"heard":…,"failing":…,"tried":…,"status":…,"fault":"…"} and the body. What is not kept is
 * asked for again by the next run, and nothing else is lost. */
static void remember(struct robots_cache *cache, const struct entry *entry)
{
    if (!cache->memo) {
        return;
    }
    const struct arena_position mark = arena_mark(&cache->scratch);
    const str key = memo_key(cache, entry_origin(entry));
    struct buf value;
    buf_init(&value, &cache->scratch, MEMO_VALUE_BYTES_MAX);
    buf_reserve(&value, entry->body.len + 256);
    buf_add(&value, STR("{\"v\":1"));
    add_member(&value, "heard", entry->heard_s);
    add_member(&value, "failing", entry->failing_s);
    add_member(&value, "tried", entry->tried_s);
    add_member(&value, "status", entry->http_status);
    buf_add(&value, STR(",\"fault\":"));
    json_add_string(&value, fault_code_name(entry->failure.code));
    buf_add(&value, STR("}\n"));
    buf_add_bytes(&value, entry->body);
    if (key.len && !buf_failed(&value)) {
        (void)memo_keep(cache->memo, key, buf_bytes(&value));
    }
    arena_rewind(&cache->scratch, mark);
}

/* Only what a request for robots.txt may end in. */
static enum fault_code failure_named(str name)
{
    static const enum fault_code codes[] = {FAULT_none,       FAULT_connect,
                                            FAULT_timeout,    FAULT_truncated,
                                            FAULT_bad_coding, FAULT_address_refused};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (str_equal(name, fault_code_name(codes[i]))) {
            return codes[i];
        }
    }
    return FAULT_http_status;
}

static bool read_member(struct json *json, struct entry *entry, int64_t *version)
{
    const struct {
        str name;
        int64_t *value;
    } numbers[] = {{STR("v"), version},
                   {STR("heard"), &entry->heard_s},
                   {STR("failing"), &entry->failing_s},
                   {STR("tried"), &entry->tried_s},
                   {STR("status"), &entry->http_status}};
    const str name = json->text;
    const enum json_kind kind = json_next(json);
    if (str_equal(name, STR("fault")) && kind == JSON_STRING) {
        entry->failure.code = failure_named(json->text);
        return true;
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (str_equal(name, numbers[i].name)) {
            *numbers[i].value = json->number;
            return kind == JSON_NUMBER && json->is_integer && json->number >= 0;
        }
    }
    return json_skip(json);
}

/* False: it is not what remember wrote, or from the future. */
static bool read_head(struct robots_cache *cache, bytes line, struct entry *entry, int64_t now_s)
{
    struct json json;
    int64_t version = 0;
    enum json_kind kind;
    json_init(&json, line, &cache->scratch);
    if (json_next(&json) != JSON_OBJECT_BEGIN) {
        return false;
    }
    while ((kind = json_next(&json)) == JSON_KEY) {
        if (!read_member(&json, entry, &version)) {
            return false;
        }
    }
    const int64_t latest_s = now_s + CLOCK_SKEW_S;
    return kind == JSON_OBJECT_END && json_next(&json) == JSON_END && version == 1 &&
           entry->heard_s <= latest_s && entry->failing_s <= latest_s && entry->tried_s <= latest_s;
}

static bool is_given_up(const struct entry *entry, int64_t now_s)
{
    return entry->failing_s && now_s - entry->failing_s >= ROBOTS_GIVEN_UP_S;
}

/* What an earlier run was told; nothing when it was told nothing. */
static enum status recall(struct robots_cache *cache, struct entry *entry, int64_t now_s)
{
    const struct arena_position mark = arena_mark(&cache->scratch);
    struct entry read = {.heard_s = 0};
    bytes value = {.ptr = NULL};
    enum status status = STATUS_OK;
    if (!cache->memo) {
        return STATUS_OK;
    }
    const str key = memo_key(cache, entry_origin(entry));
    (void)memo_find(cache->memo, key, &cache->scratch, &value);
    const uint8_t *end = value.len ? memchr(value.ptr, '\n', value.len) : NULL;
    const size_t head = end ? (size_t)(end - value.ptr) : 0;
    if (end && read_head(cache, bytes_slice(value, 0, head), &read, now_s)) {
        entry->heard_s = read.heard_s;
        entry->failing_s = read.failing_s;
        /* A new run tries a failing origin at once: somebody may have mended it meanwhile. */
        entry->tried_s = read.failing_s && !is_given_up(&read, now_s) ? 0 : read.tried_s;
        entry->http_status = read.http_status;
        entry->failure.code = read.failure.code;
        status = take_body(cache, entry, bytes_slice(value, head + 1, value.len));
    }
    arena_rewind(&cache->scratch, mark);
    return status;
}

static enum status take_entry(struct robots_cache *cache, const struct url *url, int64_t now_s,
                              struct entry **out)
{
    char text[ORIGIN_BYTES_MAX];
    const str origin = write_origin(text, url);
    struct entry *entry = find_entry(cache, origin);
    if (!entry) {
        entry = add_entry(cache, origin);
        if (!entry) {
            return STATUS_NO_MEMORY;
        }
        TRY(recall(cache, entry, now_s));
    }
    entry->used = ++cache->uses;
    *out = entry;
    return STATUS_OK;
}

/* --- what holds --- */

static bool is_to_be_asked(const struct entry *entry, int64_t now_s)
{
    if (entry->failing_s) {
        const int64_t wait_s = is_given_up(entry, now_s) ? ROBOTS_VALID_S : ROBOTS_RETRY_S;
        return now_s - entry->tried_s >= wait_s;
    }
    return !entry->heard_s || now_s - entry->heard_s >= ROBOTS_VALID_S;
}

static int quoted_len(size_t len)
{
    return (int)(len < QUOTED_MAX ? len : QUOTED_MAX);
}

/* A failure of the network is told as the document's: that would not have come either. */
static void tell_failure(const struct entry *entry, struct robots_said *out)
{
    out->answer = ROBOTS_REFUSED;
    out->retryable = !entry->is_lasting;
    const enum fault_code code = entry->failure.code;
    const str name = fault_code_name(code);
    if (entry->http_status && (code == FAULT_none || code == FAULT_http_status)) {
        fault_tell(&out->fault, FAULT_robots, -1,
                   "%.*s/robots.txt was answered with %lld, so nothing may be asked for "
                   "(RFC 9309 2.3.1.4)",
                   quoted_len(entry->origin_len), entry->origin, (long long)entry->http_status);
    } else if (entry->failure.message[0]) {
        fault_tell(&out->fault, code, -1, "robots.txt: %s", entry->failure.message);
    } else {
        fault_tell(&out->fault, code, -1, "%.*s/robots.txt could not be read a moment ago (%.*s)",
                   quoted_len(entry->origin_len), entry->origin, (int)name.len, name.ptr);
    }
}

static void tell_refusal(const struct robots_cache *cache, const struct entry *entry,
                         const struct robots_verdict *verdict, struct robots_said *out)
{
    const str agent = entry->robots.is_named ? cache->token : STR("*");
    const struct robots_rule *rule = verdict->rule;
    out->answer = ROBOTS_REFUSED;
    if (verdict->is_costly) {
        fault_tell(&out->fault, FAULT_robots, -1,
                   "%.*s/robots.txt cannot be compared with this path in a reasonable time",
                   quoted_len(entry->origin_len), entry->origin);
        return;
    }
    fault_tell(&out->fault, FAULT_robots, -1,
               "%.*s/robots.txt refuses it to %.*s in line %zu: %.*s",
               quoted_len(entry->origin_len), entry->origin, (int)agent.len, agent.ptr, rule->line,
               quoted_len(rule->text.len), (const char *)rule->text.ptr);
}

static enum status judge(struct robots_cache *cache, const struct entry *entry, str path,
                         struct robots_said *out)
{
    struct robots_verdict verdict;
    const int64_t delay_ms = entry->robots.delay_ms > 0 ? entry->robots.delay_ms : 0;
    TRY(robots_judge(&entry->robots, &cache->scratch, path, &verdict));
    out->delay_capped = delay_ms > cache->delay_max_ms;
    out->delay_ms = out->delay_capped ? cache->delay_max_ms : delay_ms;
    out->signals = entry->robots.signals;
    out->answer = ROBOTS_ALLOWED;
    if (!verdict.allowed) {
        tell_refusal(cache, entry, &verdict, out);
    }
    return STATUS_OK;
}

enum status robots_cache_ask(struct robots_cache *cache, const struct url *url, int64_t now_s,
                             struct robots_said *out)
{
    struct entry *entry;
    *out = (struct robots_said){.answer = ROBOTS_UNKNOWN, .fault = {.offset = -1}};
    TRY(take_entry(cache, url, now_s, &entry));
    if (is_to_be_asked(entry, now_s)) {
        return STATUS_OK;
    }
    if (entry->failing_s && !is_given_up(entry, now_s)) {
        tell_failure(entry, out);
        return STATUS_OK;
    }
    return judge(cache, entry, url->path, out);
}

/* --- what was received --- */

enum meaning { MEANS_RULES, MEANS_NONE, MEANS_FAILURE };

static enum meaning meaning_of(const struct robots_received *received)
{
    const int64_t status = received->http_status;
    const enum fault_code code = received->fault.code;
    if (code == FAULT_redirect) {
        return MEANS_NONE;
    }
    if (status >= 200 && status <= 299 && (code == FAULT_none || code == FAULT_limit)) {
        return MEANS_RULES;
    }
    return status >= 400 && status <= 499 && status != 429 ? MEANS_NONE : MEANS_FAILURE;
}

enum status robots_cache_learn(struct robots_cache *cache, const struct url *url,
                               const struct robots_received *received, int64_t now_s)
{
    const enum meaning meaning = meaning_of(received);
    struct entry *entry;
    TRY(take_entry(cache, url, now_s, &entry));
    entry->tried_s = now_s;
    entry->http_status = received->http_status;
    if (meaning == MEANS_FAILURE) {
        entry->failing_s = entry->failing_s ? entry->failing_s : now_s;
        entry->failure = received->fault;
        entry->is_lasting = !received->retryable;
    } else {
        entry->failing_s = 0;
        entry->failure = (struct fault){.offset = -1};
        entry->heard_s = 0; /* until the rules are there */
        TRY(take_body(cache, entry,
                      meaning == MEANS_RULES ? received->body : (bytes){.ptr = NULL}));
        entry->heard_s = now_s;
        make_room(cache, entry);
    }
    remember(cache, entry);
    return STATUS_OK;
}

struct url robots_url(struct arena *arena, const struct url *url)
{
    const str parts[] = {url->scheme, STR("://"), url->web_host, STR("/robots.txt")};
    struct buf text;
    struct url out;
    buf_init(&text, arena, ORIGIN_BYTES_MAX + parts[3].len);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        buf_add(&text, parts[i]);
    }
    return !buf_failed(&text) && url_parse(arena, buf_str(&text), NULL, &out) == URL_OK
               ? out
               : (struct url){.port = 0};
}
