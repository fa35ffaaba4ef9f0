/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/inquiries.h"

#include "base/memory.h"
#include "fetch/clock.h"

enum {
    REDIRECTS_MIN = 5,                 /* RFC 9309 2.3.1.2: at least five are followed */
    ARENA_BYTES_MAX = 32 * 1024 * 1024 /* 256 KiB of headers for each of 51 hops, twice */
};

struct inquiry {
    struct inquiry *next;
    struct arena arena;
    struct url url; /* of robots.txt */
    struct journey *first_waiting;
    struct journey *last_waiting;
};

static int64_t now_s(void)
{
    return clock_wall_us() / 1000000;
}

bool inquiries_open(struct inquiries *inquiries, const struct journey_rules *rules,
                    const struct memo *memo, struct fault *fault)
{
    const struct settings *settings = rules->settings;
    const str agent = settings->robots_agent;
    if (str_equal(settings->robots, STR("ignore"))) {
        return true;
    }
    if (!str_equal(robots_token(agent), agent)) {
        fault_tell(fault, FAULT_internal, -1,
                   "robots_agent: only letters, digits, - and _, at most %d",
                   ROBOTS_TOKEN_BYTES_MAX);
        return false;
    }
    inquiries->settings = *settings;
    inquiries->settings.content_bytes_max =
        ROBOTS_BYTES_MAX + 1; /* one more shows that it is cut */
    if (settings->redirects_max < REDIRECTS_MIN) {
        inquiries->settings.redirects_max = REDIRECTS_MIN;
    }
    inquiries->rules = *rules;
    inquiries->rules.settings = &inquiries->settings;
    inquiries->rules.archive = NULL; /* robots.txt is no document */
    inquiries->cache = robots_cache_open(agent.len ? agent : robots_token(settings->user_agent),
                                         settings->crawl_delay_max_s * 1000, memo);
    if (!inquiries->cache) {
        fault_tell(fault, FAULT_no_memory, -1, "no memory for a fetcher");
    }
    return inquiries->cache != NULL;
}

static void release(struct inquiry *inquiry)
{
    arena_release(&inquiry->arena);
    memory_release(inquiry);
}

void inquiries_close(struct inquiries *inquiries)
{
    while (inquiries->first) {
        struct inquiry *inquiry = inquiries->first;
        inquiries->first = inquiry->next;
        release(inquiry);
    }
    robots_cache_close(inquiries->cache);
    inquiries->cache = NULL;
}

/* --- asking --- */

static struct inquiry *find(const struct inquiries *inquiries, const struct url *url)
{
    struct inquiry *inquiry = inquiries->first;
    while (inquiry && !(str_equal(inquiry->url.scheme, url->scheme) &&
                        str_equal(inquiry->url.web_host, url->web_host))) {
        inquiry = inquiry->next;
    }
    return inquiry;
}

/* NULL: no memory. */
static struct journey *begin(struct inquiries *inquiries, const struct url *url)
{
    struct inquiry *inquiry = memory_allocate(sizeof *inquiry);
    if (!inquiry) {
        return NULL;
    }
    arena_init(&inquiry->arena, ARENA_BYTES_MAX);
    inquiry->url = robots_url(&inquiry->arena, url);
    const struct fetch_order order = {.url = &inquiry->url, .arena = &inquiry->arena};
    struct journey *journey =
        inquiry->url.request.ptr ? journey_begin(&inquiries->rules, &order) : NULL;
    if (!journey) {
        release(inquiry);
        return NULL;
    }
    journey->inquiry = inquiry;
    inquiry->next = inquiries->first;
    inquiries->first = inquiry;
    return journey;
}

static void wait_for(struct inquiry *inquiry, struct journey *journey)
{
    journey->next_ready = NULL;
    if (inquiry->last_waiting) {
        inquiry->last_waiting->next_ready = journey;
    } else {
        inquiry->first_waiting = journey;
    }
    inquiry->last_waiting = journey;
}

/* The document waits for the inquiry of its origin, a new one if there is none. */
static struct journey *inquire(struct inquiries *inquiries, struct journey *journey)
{
    struct journey *asks = NULL;
    struct inquiry *inquiry = find(inquiries, &journey->url);
    if (!inquiry) {
        asks = begin(inquiries, &journey->url);
        if (!asks) {
            journey_end_failed(journey, STATUS_NO_MEMORY);
            return NULL;
        }
        inquiry = asks->inquiry;
    }
    wait_for(inquiry, journey);
    return asks;
}

static enum status take_signals(struct journey *journey, const struct robots_line *line)
{
    for (; line; line = line->next) {
        TRY(journey_add_right(journey, line->name, line->value));
    }
    return STATUS_OK;
}

struct journey *inquiries_consult(struct inquiries *inquiries, struct journey *journey)
{
    struct robots_said said;
    if (!inquiries->cache || journey->inquiry) {
        journey->leg = LEG_TURN;
        return NULL;
    }
    enum status status = robots_cache_ask(inquiries->cache, &journey->url, now_s(), &said);
    if (status == STATUS_OK && said.answer == ROBOTS_UNKNOWN) {
        return inquire(inquiries, journey);
    }
    if (status == STATUS_OK) {
        status = take_signals(journey, said.signals);
    }
    if (status != STATUS_OK) {
        journey_end_failed(journey, status);
        return NULL;
    }
    journey->delay_ms = said.delay_ms;
    journey->out.delay_capped = said.delay_capped;
    journey->out.retryable = said.retryable;
    if (said.answer == ROBOTS_REFUSED) {
        journey->out.fault = said.fault;
    }
    journey->leg = said.answer == ROBOTS_REFUSED ? LEG_END : LEG_TURN;
    return NULL;
}

/* --- the answer --- */

static enum status learn(struct inquiries *inquiries, const struct inquiry *inquiry,
                         const struct fetched *fetched)
{
    const struct robots_received received = {
        .http_status = fetched->http_status,
        .body = fetched->content ? blob_content(fetched->content) : (bytes){.ptr = NULL},
        .fault = fetched->fault,
        .retryable = fetched->retryable,
    };
    TRY(fetched->status);
    return robots_cache_learn(inquiries->cache, &inquiry->url, &received, now_s());
}

struct journey *inquiries_close_one(struct inquiries *inquiries, struct journey *journey)
{
    struct inquiry *inquiry = journey->inquiry;
    struct journey *waiting = inquiry->first_waiting;
    struct inquiry **at = &inquiries->first;
    const enum status status = learn(inquiries, inquiry, &journey->out);
    for (struct journey *each = waiting; each && status != STATUS_OK; each = each->next_ready) {
        journey_end_failed(each, status);
    }
    blob_close(journey->out.content);
    while (*at != inquiry) {
        at = &(*at)->next;
    }
    *at = inquiry->next;
    release(inquiry);
    return waiting;
}

void inquiries_leave(struct inquiries *inquiries, const struct journey *journey)
{
    struct inquiry *inquiry = find(inquiries, &journey->url);
    struct journey *before = NULL;
    struct journey *at = inquiry ? inquiry->first_waiting : NULL;
    while (at && at != journey) {
        before = at;
        at = at->next_ready;
    }
    if (!at) {
        return;
    }
    if (before) {
        before->next_ready = at->next_ready;
    } else {
        inquiry->first_waiting = at->next_ready;
    }
    if (inquiry->last_waiting == at) {
        inquiry->last_waiting = before;
    }
}
