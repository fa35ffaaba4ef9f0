/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/fetch.h"

#include "base/memory.h"
#include "fetch/clock.h"
#include "fetch/inquiries.h"
#include "fetch/journey.h"

#include <unistd.h>

struct fetcher {
    struct journey_rules rules;
    struct inquiries inquiries;
    struct transport *transport;
    struct turns *turns;
    struct journey *journeys; /* all, each in its document's arena */
    size_t journey_count;
    struct journey *first_ready; /* to go on now: see advance */
    struct journey *last_ready;
    struct journey *first_done; /* through, in the order in which they came to their end */
    struct journey *last_done;
    bool is_held;
    int64_t request_count; /* of this run */
    int64_t retry_count;
    uint32_t dice;
    pid_t pid; /* that opened it: after a fork the connections belong to the parent */
};

struct fetcher *fetch_open(const struct settings *settings, str authorization,
                           const struct fetch_watch *watch, struct fault *fault,
                           const struct memo *memo)
{
    struct fetcher *fetcher = memory_allocate(sizeof *fetcher);
    *fault = (struct fault){.offset = -1};
    if (!fetcher) {
        fault_tell(fault, FAULT_no_memory, -1, "no memory for a fetcher");
        return NULL;
    }
    fetcher->rules.settings = settings;
    fetcher->rules.has_authorization = authorization.len > 0;
    fetcher->pid = getpid();
    fetcher->dice = (uint32_t)clock_wall_us() ^ (uint32_t)fetcher->pid;
    if (!address_policy_read(&fetcher->rules.policy, settings, fault) ||
        !inquiries_open(&fetcher->inquiries, &fetcher->rules, memo, fault)) {
        fetch_close(fetcher);
        return NULL;
    }
    fetcher->rules.archive = settings->warc.len ? archive_open(settings, fault) : NULL;
    if (settings->warc.len && !fetcher->rules.archive) {
        fetch_close(fetcher);
        return NULL;
    }
    fetcher->turns =
        turns_open((struct turns_rules){.delay_ms = settings->delay_ms,
                                        .connections_per_host = settings->connections_per_host,
                                        .memo = memo});
    fetcher->transport =
        transport_open(settings, authorization, &fetcher->rules.policy, watch, fault);
    if (!fetcher->turns || !fetcher->transport) {
        fault_tell(fault, FAULT_no_memory, -1, "no memory for a fetcher");
        fetch_close(fetcher);
        return NULL;
    }
    return fetcher;
}

void fetch_close(struct fetcher *fetcher)
{
    if (!fetcher) {
        return;
    }
    for (struct journey *journey = fetcher->journeys; journey; journey = journey->next) {
        blob_close(journey->out.content);
        taps_close(&journey->taps);
    }
    /* In a child after a fork the sockets are the parent's too: a farewell sent from here would end
     * the parent's connections. They are left alone. */
    if (fetcher->pid == getpid()) {
        transport_close(fetcher->transport);
        archive_close(fetcher->rules.archive);
    }
    inquiries_close(&fetcher->inquiries);
    turns_close(fetcher->turns);
    memory_release(fetcher);
}

void fetch_wake(struct fetcher *fetcher)
{
    transport_wake(fetcher->transport);
}

void fetch_hold(struct fetcher *fetcher, bool held)
{
    fetcher->is_held = held;
}

size_t fetch_count(const struct fetcher *fetcher)
{
    return fetcher->journey_count;
}

/* --- the list of all --- */

static void add(struct fetcher *fetcher, struct journey *journey)
{
    journey->next = fetcher->journeys;
    if (journey->next) {
        journey->next->before = journey;
    }
    fetcher->journeys = journey;
    fetcher->journey_count++;
}

static void forget(struct fetcher *fetcher, struct journey *journey)
{
    if (journey->next) {
        journey->next->before = journey->before;
    }
    if (journey->before) {
        journey->before->next = journey->next;
    } else {
        fetcher->journeys = journey->next;
    }
    fetcher->journey_count--;
}

static void add_done(struct fetcher *fetcher, struct journey *journey)
{
    journey->next_done = NULL;
    if (fetcher->last_done) {
        fetcher->last_done->next_done = journey;
    } else {
        fetcher->first_done = journey;
    }
    fetcher->last_done = journey;
}

static void drop_done(struct fetcher *fetcher, const struct journey *journey)
{
    struct journey *before = NULL;
    struct journey *at = fetcher->first_done;
    while (at && at != journey) {
        before = at;
        at = at->next_done;
    }
    if (!at) {
        return;
    }
    if (before) {
        before->next_done = at->next_done;
    } else {
        fetcher->first_done = at->next_done;
    }
    if (fetcher->last_done == at) {
        fetcher->last_done = before;
    }
}

/* --- on the way --- */

/* Is the host left alone for longer than anybody waits? */
static bool is_left_alone(struct fetcher *fetcher, struct journey *journey, int64_t now_ms)
{
    const str host = journey->url.web_host;
    const struct pace *pace = turns_pace(fetcher->turns, host);
    const int64_t wait_ms = turns_wait_ms(fetcher->turns, host, now_ms);
    const int64_t broken_ms = pace ? pace_broken_ms(pace, now_ms) : 0;
    if (journey_is_parked(turns_delay_ms(fetcher->turns, host), wait_ms)) {
        journey_end_parked(journey, wait_ms);
        return true;
    }
    if (broken_ms > 0) {
        journey_end_broken(journey, broken_ms);
        return true;
    }
    return false;
}

static void line_up(struct fetcher *fetcher, struct journey *journey)
{
    const int64_t now_ms = clock_ms();
    const str host = journey->url.web_host;
    enum turns_verdict verdict = turns_meet(fetcher->turns, host, now_ms);
    turns_slow(fetcher->turns, host, journey->delay_ms);
    if (verdict == TURNS_OK && is_left_alone(fetcher, journey, now_ms)) {
        return;
    }
    if (verdict == TURNS_OK) {
        verdict = turns_join(fetcher->turns, host, &journey->waiter, journey->is_under_way, now_ms);
    }
    switch (verdict) {
    case TURNS_OK:
        return;
    case TURNS_NO_MEMORY:
        journey_end_failed(journey, STATUS_NO_MEMORY);
        return;
    case TURNS_FULL:
        journey->leg = LEG_END;
        journey->out.retryable = true;
        fault_tell(&journey->out.fault, FAULT_limit, -1,
                   "more than %d web hosts wait for their turn", TURNS_HOSTS_MAX);
        return;
    }
}

/* One or, by `next_ready`, several; NULL is none. */
static void add_ready(struct fetcher *fetcher, struct journey *journey)
{
    if (!journey) {
        return;
    }
    if (fetcher->last_ready) {
        fetcher->last_ready->next_ready = journey;
    } else {
        fetcher->first_ready = journey;
    }
    while (journey->next_ready) {
        journey = journey->next_ready;
    }
    fetcher->last_ready = journey;
}

static struct journey *take_ready(struct fetcher *fetcher)
{
    struct journey *journey = fetcher->first_ready;
    if (journey) {
        fetcher->first_ready = journey->next_ready;
        fetcher->last_ready = fetcher->first_ready ? fetcher->last_ready : NULL;
        journey->next_ready = NULL;
    }
    return journey;
}

/* Until it has to wait for something, or is through. An inquiry is gone then. */
static void go_on(struct fetcher *fetcher, struct journey *journey)
{
    if (journey->leg == LEG_JUDGE) {
        journey_judge(journey);
    }
    if (journey->leg == LEG_ROBOTS) {
        add_ready(fetcher, inquiries_consult(&fetcher->inquiries, journey));
    }
    if (journey->leg == LEG_TURN) {
        line_up(fetcher, journey);
    }
    if (journey->leg == LEG_END && journey->inquiry) {
        add_ready(fetcher, inquiries_close_one(&fetcher->inquiries, journey));
    } else if (journey->leg == LEG_END) {
        add_done(fetcher, journey);
    }
}

/* The same, and then those who can go on because of it. */
static void advance(struct fetcher *fetcher, struct journey *journey)
{
    add_ready(fetcher, journey);
    while ((journey = take_ready(fetcher)) != NULL) {
        go_on(fetcher, journey);
    }
}

enum status fetch_begin(struct fetcher *fetcher, const struct fetch_order *order)
{
    struct journey *journey = journey_begin(&fetcher->rules, order);
    if (!journey) {
        return STATUS_NO_MEMORY;
    }
    add(fetcher, journey);
    advance(fetcher, journey);
    return STATUS_OK;
}

/* Whose turn it is asks, as long as there is room. */
static void ask_all(struct fetcher *fetcher)
{
    const int64_t now_ms = clock_ms();
    const size_t room = transport_room(fetcher->transport);
    while (!fetcher->is_held && transport_open_count(fetcher->transport) < room) {
        struct journey *journey = turns_next(fetcher->turns, now_ms);
        if (!journey) {
            return;
        }
        struct request request;
        enum status status = journey_request(journey, &request);
        if (status == STATUS_OK) {
            status = transport_ask(fetcher->transport, &request);
        }
        if (status != STATUS_OK) {
            turns_end(fetcher->turns, journey->url.web_host, now_ms);
            journey_end_failed(journey, status);
            advance(fetcher, journey);
        }
    }
}

/* Those who wait for the host go and see whether that has a point. */
static void look_up(struct fetcher *fetcher, str web_host, int64_t now_ms)
{
    struct journey *journey;
    const struct pace *pace = turns_pace(fetcher->turns, web_host);
    const int64_t wait_ms = turns_wait_ms(fetcher->turns, web_host, now_ms);
    if (!journey_is_parked(turns_delay_ms(fetcher->turns, web_host), wait_ms) &&
        !(pace && pace_broken_ms(pace, now_ms))) {
        return;
    }
    while ((journey = turns_dismiss(fetcher->turns, web_host)) != NULL) {
        advance(fetcher, journey);
    }
}

/* xorshift: no secret depends on it. */
static uint32_t throw_dice(struct fetcher *fetcher)
{
    uint32_t dice = fetcher->dice ? fetcher->dice : 1;
    dice ^= dice << 13;
    dice ^= dice >> 17;
    dice ^= dice << 5;
    fetcher->dice = dice;
    return dice;
}

/* What the host's answer says of the host; whether, and when, it is asked for the same again. */
static struct journey_pause learn(struct fetcher *fetcher, const struct journey *journey,
                                  const struct answer *answer, int64_t now_ms)
{
    const str host = journey->url.web_host;
    struct pace *pace = turns_pace(fetcher->turns, host);
    const struct pace run = {.request_count = ++fetcher->request_count,
                             .retry_count = fetcher->retry_count};
    const bool may_retry =
        pace && pace_may_retry(pace, PACE_RETRIES_HOST) && pace_may_retry(&run, PACE_RETRIES_RUN);
    struct journey_pause pause = journey_pause(journey, answer, may_retry, throw_dice(fetcher));
    if (pace) {
        pace_note(pace, pause.verdict, fetcher->rules.settings->delay_ms, now_ms);
        pause.again_ms = pace_broken_ms(pace, now_ms) ? -1 : pause.again_ms;
        pace->retry_count += pause.again_ms >= 0;
    }
    fetcher->retry_count += pause.again_ms >= 0;
    return pause;
}

static void take(struct fetcher *fetcher, struct journey *journey, enum status status,
                 const struct answer *answer)
{
    const int64_t now_ms = clock_ms();
    char name[TURNS_NAME_BYTES_MAX]; /* an inquiry does not outlive its end */
    const str web_host = str_slice(journey->url.web_host, 0, sizeof name);
    memcpy(name, web_host.ptr, web_host.len);
    if (status == STATUS_OK) {
        const struct journey_pause pause = learn(fetcher, journey, answer, now_ms);
        const int64_t pause_ms = pause.park_ms > pause.again_ms ? pause.park_ms : pause.again_ms;
        turns_end(fetcher->turns, web_host, now_ms);
        if (pause_ms >= 0) {
            turns_park(fetcher->turns, web_host, now_ms + pause_ms);
        }
        turns_remember(fetcher->turns, web_host, now_ms);
        status = journey_take(journey, answer, pause);
    } else {
        turns_end(fetcher->turns, web_host, now_ms);
    }
    if (status != STATUS_OK) {
        journey_end_failed(journey, status);
    }
    advance(fetcher, journey);
    look_up(fetcher, (str){.ptr = name, .len = web_host.len}, now_ms);
}

static void take_all(struct fetcher *fetcher)
{
    for (;;) {
        void *owner;
        struct answer answer;
        const enum status status = transport_take(fetcher->transport, &owner, &answer);
        if (!owner) {
            return;
        }
        take(fetcher, owner, status, &answer);
    }
}

/* --- the loop --- */

static bool deliver(struct fetcher *fetcher, struct fetched *out)
{
    struct journey *journey = fetcher->first_done;
    if (!journey) {
        return false;
    }
    journey_keep(journey);
    *out = journey->out;
    drop_done(fetcher, journey);
    forget(fetcher, journey);
    return true;
}

static void deliver_orphan(struct fetcher *fetcher, struct fetched *out)
{
    struct journey *journey = fetcher->journeys;
    fault_tell(&journey->out.fault, FAULT_internal, -1, "the fetcher was opened before a fork");
    taps_close(&journey->taps);
    *out = journey->out;
    drop_done(fetcher, journey);
    forget(fetcher, journey);
}

/* Lets time pass until something moves, the next turn comes or the deadline. */
static enum status run(struct fetcher *fetcher, int64_t deadline_ms)
{
    str web_host = STR("");
    const int64_t now_ms = clock_ms();
    const bool is_full =
        transport_open_count(fetcher->transport) == transport_room(fetcher->transport);
    const int64_t due_ms =
        fetcher->is_held || is_full ? INT64_MAX : turns_due_ms(fetcher->turns, &web_host);
    const bool is_idle = transport_open_count(fetcher->transport) == 0 && due_ms != INT64_MAX;
    const int64_t until_ms = due_ms < deadline_ms ? due_ms : deadline_ms;
    if (!transport_pulse(fetcher->transport, web_host,
                         is_idle && due_ms > now_ms ? due_ms - now_ms : 0)) {
        return STATUS_CANCELLED;
    }
    return transport_run(fetcher->transport, until_ms > now_ms ? until_ms - now_ms : 0);
}

enum status fetch_continue(struct fetcher *fetcher, int64_t deadline_ms, bool *done,
                           struct fetched *out)
{
    *done = fetcher->journey_count > 0;
    if (!*done) {
        return STATUS_OK;
    }
    if (fetcher->pid != getpid()) {
        deliver_orphan(fetcher, out);
        return STATUS_OK;
    }
    ask_all(fetcher);
    while (!deliver(fetcher, out)) {
        TRY(run(fetcher, deadline_ms));
        take_all(fetcher);
        ask_all(fetcher);
        if (clock_ms() >= deadline_ms && !fetcher->first_done) {
            *done = false;
            return STATUS_OK;
        }
    }
    return STATUS_OK;
}

void fetch_abandon(struct fetcher *fetcher, const void *owner)
{
    struct journey *journey = fetcher->journeys;
    while (journey && journey->out.owner != owner) {
        journey = journey->next;
    }
    if (!journey) {
        return;
    }
    switch (journey->leg) {
    case LEG_JUDGE:
        break;
    case LEG_ROBOTS:
        inquiries_leave(&fetcher->inquiries, journey);
        break;
    case LEG_TURN:
        turns_leave(fetcher->turns, journey->url.web_host, &journey->waiter);
        break;
    case LEG_ANSWER:
        /* After a fork the connection is the parent's: see fetch_close. */
        if (fetcher->pid == getpid()) {
            transport_abandon(fetcher->transport, journey);
        }
        turns_end(fetcher->turns, journey->url.web_host, clock_ms());
        break;
    case LEG_END:
        drop_done(fetcher, journey);
        break;
    }
    blob_close(journey->out.content);
    taps_close(&journey->taps);
    forget(fetcher, journey);
}
