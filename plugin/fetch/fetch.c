/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/fetch.h"

#include "base/media_type.h"
#include "base/memory.h"
#include "fetch/clock.h"
#include "fetch/transport.h"
#include "fetch/turns.h"

#include <unistd.h>

enum {
    RETRIES_MAX = 2,               /* for one document, all its hops together */
    RETRY_FIRST_MS = 250,          /* then four times as long */
    RETRY_WAIT_MAX_MS = 60000,     /* a longer Retry-After is the job's affair, not this fetch's */
    RETRY_AFTER_MAX_MS = 86400000, /* more than a day is a typing error */
    HOPS_MAX = 51                  /* redirects_max goes up to 50 */
};

struct journey;

struct fetcher {
    const struct settings *settings;
    const struct memo *memo; /* NULL: none */
    struct address_policy policy;
    struct transport *transport;
    struct turns *turns;
    struct journey *journey; /* in its document's arena; NULL: none is under way */
    bool has_authorization;
    pid_t pid; /* that opened it: after a fork the connections belong to the parent */
};

/*            ┌──────────── redirect ───────────┐
 *            ▼                                  │
 *   start ─► judge ─► turn ─► answer ─► end     each may yield at the deadline
 *                      ▲         │
 *                      └ backoff ┘ */
enum leg { LEG_JUDGE, LEG_TURN, LEG_ANSWER, LEG_BACKOFF, LEG_END };

/* One document under way. */
struct journey {
    struct fetcher *fetcher;
    struct arena *arena;
    struct fetch_known known; /* empty: nothing */
    bool is_conditional;      /* this hop was asked with what is known */
    enum leg leg;             /* what comes next */
    int64_t backoff_until_ms; /* LEG_BACKOFF */
    struct fetched out;
    struct url url; /* of this hop */
    struct url hops[HOPS_MAX];
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
    fetcher->settings = settings;
    fetcher->memo = memo;
    fetcher->has_authorization = authorization.len > 0;
    fetcher->pid = getpid();
    if (!address_policy_read(&fetcher->policy, settings, fault)) {
        fetch_close(fetcher);
        return NULL;
    }
    fetcher->turns = turns_open(settings->delay_ms);
    fetcher->transport = transport_open(settings, authorization, &fetcher->policy, watch, fault);
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
    /* In a child after a fork the sockets are the parent's too: a farewell sent from here would end
     * the parent's connections. They are left alone. */
    if (fetcher->pid == getpid()) {
        transport_close(fetcher->transport);
    }
    turns_close(fetcher->turns);
    memory_release(fetcher);
}

void fetch_wake(struct fetcher *fetcher)
{
    transport_wake(fetcher->transport);
}

/* By a Retry-After that nobody sits out. */
static bool is_parked(const struct fetcher *fetcher, int64_t wait_ms)
{
    return wait_ms > fetcher->settings->delay_ms + RETRY_WAIT_MAX_MS;
}

int64_t fetch_wait_ms(struct fetcher *fetcher, str web_host)
{
    const int64_t wait_ms = turns_wait_ms(fetcher->turns, web_host, clock_ms());
    return is_parked(fetcher, wait_ms) ? 0 : wait_ms;
}

/* --- one hop --- */

/* `name` means the scheme's default port, `name:port` that one. */
static bool names_host(str entry, const struct url *url)
{
    int64_t port;
    const str head = str_slice(entry, 0, url->host.len);
    const str tail = str_slice(entry, url->host.len + 1, entry.len);
    return str_equal_ignoring_ascii_case(entry, url->web_host) ||
           (str_equal_ignoring_ascii_case(head, url->host) && entry.len > head.len &&
            entry.ptr[head.len] == ':' && str_read_integer(tail, &port) && port == url->port);
}

static bool is_authorised(const struct fetcher *fetcher, const struct url *url)
{
    const struct str_list hosts = fetcher->settings->authorization_hosts;
    for (size_t i = 0; fetcher->has_authorization && i < hosts.count; i++) {
        if (names_host(hosts.items[i], url)) {
            return true;
        }
    }
    return false;
}

static bool is_retryable_status(int64_t http_status)
{
    return http_status == 408 || http_status == 429 || http_status == 500 || http_status == 502 ||
           http_status == 503 || http_status == 504;
}

/* Is this host to be asked at all? */
static void judge(struct journey *journey)
{
    const struct url *url = &journey->url;
    const enum address_verdict verdict =
        address_judge_host(&journey->fetcher->policy, url->host, url->port);
    journey->out.final_url = url->request;
    journey->out.http_status = 0;
    journey->leg = LEG_TURN;
    if (verdict != ADDRESS_ALLOWED) {
        struct address address;
        const bool literal = address_of_host(url->host, url->port, &address);
        address_tell(verdict, literal ? &address : NULL, url->web_host, &journey->out.fault);
        journey->leg = LEG_END;
    }
}

/* Waits for this host's turn, then asks. With a fault told: it is parked for longer than we wait. */
static enum status take_turn(struct journey *journey, int64_t deadline_ms, bool *done)
{
    struct fetcher *fetcher = journey->fetcher;
    const str host = journey->url.web_host;
    const int64_t now_ms = clock_ms();
    const int64_t wait_ms = turns_wait_ms(fetcher->turns, host, now_ms);
    if (is_parked(fetcher, wait_ms)) {
        journey->out.retryable = true;
        journey->leg = LEG_END;
        fault_tell(&journey->out.fault, FAULT_http_status, -1,
                   "%.*s wants not to be asked for another %lld s (Retry-After)",
                   (int)(host.len < 100 ? host.len : 100), host.ptr,
                   (long long)(wait_ms + 999) / 1000);
        return STATUS_OK;
    }
    TRY(transport_wait(fetcher->transport, host, now_ms + wait_ms, deadline_ms, done));
    if (!*done) {
        return STATUS_OK;
    }
    journey->leg = LEG_ANSWER;
    journey->is_conditional = str_equal(journey->url.request, journey->known.url) &&
                              transport_can_compare(&journey->known);
    return transport_ask(fetcher->transport, &journey->url, is_authorised(fetcher, &journey->url),
                         journey->is_conditional ? &journey->known : NULL, journey->arena);
}

/* When the host may be asked again after this answer; a Retry-After counts for 429 and 503. */
static bool note_turn(struct journey *journey, const struct answer *answer, int64_t *backoff_ms)
{
    const int64_t now_ms = clock_ms();
    const int64_t http_status = answer->response.http_status;
    struct turns *turns = journey->fetcher->turns;
    int64_t asked_ms = -1;
    if (http_status == 429 || http_status == 503) {
        asked_ms = response_retry_after_ms(&answer->response, clock_wall_us() / 1000000);
        asked_ms = asked_ms < RETRY_AFTER_MAX_MS ? asked_ms : RETRY_AFTER_MAX_MS;
    }
    *backoff_ms = asked_ms >= 0 ? asked_ms : RETRY_FIRST_MS << (2 * journey->out.retry_count);
    return turns_end(turns, journey->url.web_host, now_ms) &&
           (asked_ms < 0 || turns_park(turns, journey->url.web_host, now_ms + asked_ms, now_ms));
}

/* --- redirects --- */

static bool is_redirect(const struct response *response)
{
    const int64_t status = response->http_status;
    return response->location.len &&
           (status == 301 || status == 302 || status == 303 || status == 307 || status == 308);
}

static bool was_here(const struct journey *journey, str request)
{
    for (int64_t i = 0; i <= journey->out.redirect_count; i++) {
        if (str_equal(journey->hops[i].request, request)) {
            return true;
        }
    }
    return false;
}

static int quoted_len(str text)
{
    return (int)(text.len < 120 ? text.len : 120);
}

/* Turns to where the answer points. With a fault told: we do not go there. What is no http URL is
 * named by its scheme alone, for nobody knows where in it a password ends. */
static enum status follow(struct journey *journey, const struct response *response)
{
    struct fault *fault = &journey->out.fault;
    struct url next = {.port = 0};
    const str text = response_text(journey->arena, response->location);
    const enum url_verdict verdict =
        text.ptr ? url_parse(journey->arena, text, &journey->url, &next) : URL_NO_MEMORY;
    if (verdict == URL_NO_MEMORY) {
        return STATUS_NO_MEMORY;
    }
    if (journey->out.redirect_count >= journey->fetcher->settings->redirects_max ||
        journey->out.redirect_count + 1 >= HOPS_MAX) {
        fault_tell(fault, FAULT_redirect, -1, "more than %lld redirects (redirects_max)",
                   (long long)journey->out.redirect_count);
    } else if (verdict != URL_OK) {
        const str scheme = str_slice(text, 0, str_find_byte(text, ':', 0));
        fault_tell(fault, FAULT_redirect, -1, "redirected to what is no http URL%s%.*s",
                   verdict == URL_NOT_HTTP ? ", its scheme is " : "",
                   verdict == URL_NOT_HTTP ? quoted_len(scheme) : 0, text.ptr);
    } else if (str_equal(journey->url.scheme, STR("https")) &&
               str_equal(next.scheme, STR("http"))) {
        fault_tell(fault, FAULT_redirect, -1, "redirected from https to http: %.*s",
                   quoted_len(next.request), next.request.ptr);
    } else if (was_here(journey, next.request)) {
        fault_tell(fault, FAULT_redirect, -1, "redirected in a circle, back to %.*s",
                   quoted_len(next.request), next.request.ptr);
    } else {
        journey->out.redirect_count++;
        journey->hops[journey->out.redirect_count] = next;
        journey->url = next;
        journey->leg = LEG_JUDGE;
    }
    return STATUS_OK;
}

/* --- the end --- */

static enum status take_headers(struct journey *journey, const struct response *response)
{
    struct fetched *out = &journey->out;
    struct arena *arena = journey->arena;
    if (!response->complete) {
        return STATUS_OK; /* no answer came */
    }
    const struct media_type type = media_type_parse(arena, response->content_type);
    out->http_status = response->http_status;
    out->etag = response_text(arena, response->etag);
    out->last_modified = response_text(arena, response->last_modified);
    out->file_name = response_file_name(arena, response);
    out->media_type = type.type;
    out->charset = type.charset;
    return arena->refused ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status finish(struct journey *journey, const struct answer *answer)
{
    struct fetched *out = &journey->out;
    const int64_t http_status = answer->response.http_status;
    out->fetched_at_us = clock_wall_us();
    out->truncated = answer->truncated;
    out->limited = answer->limited;
    out->content = answer->content;
    out->retryable = answer->transient || answer->truncated || is_retryable_status(http_status);
    if (out->fault.code == FAULT_none) {
        out->fault = answer->fault;
    }
    out->unchanged = http_status == 304 && journey->is_conditional;
    if (answer->response.complete && !out->unchanged && (http_status < 200 || http_status > 299)) {
        fault_tell(&out->fault, FAULT_http_status, -1, "the server answered %lld",
                   (long long)http_status);
    }
    return take_headers(journey, &answer->response);
}

/* Asks again where that may help, follows where it points, else this is the document. */
static enum status take_answer(struct journey *journey, int64_t deadline_ms, bool *done)
{
    struct fetched *out = &journey->out;
    struct answer answer;
    int64_t backoff_ms = 0;
    TRY(transport_listen(journey->fetcher->transport, deadline_ms, done, &answer));
    if (!*done) {
        return STATUS_OK;
    }
    out->received_bytes += answer.received_bytes;
    if (!note_turn(journey, &answer, &backoff_ms)) {
        blob_close(answer.content);
        return STATUS_NO_MEMORY;
    }
    const bool again = answer.transient || is_retryable_status(answer.response.http_status);
    if (again && out->retry_count < RETRIES_MAX && backoff_ms <= RETRY_WAIT_MAX_MS) {
        blob_close(answer.content);
        out->retry_count++;
        journey->backoff_until_ms = clock_ms() + backoff_ms;
        journey->leg = LEG_BACKOFF;
        return STATUS_OK;
    }
    journey->leg = LEG_END;
    if (is_redirect(&answer.response)) {
        TRY(follow(journey, &answer.response));
    }
    return journey->leg == LEG_END ? finish(journey, &answer) : STATUS_OK;
}

static enum status back_off(struct journey *journey, int64_t deadline_ms, bool *done)
{
    TRY(transport_wait(journey->fetcher->transport, journey->url.web_host,
                       journey->backoff_until_ms, deadline_ms, done));
    journey->leg = *done ? LEG_TURN : LEG_BACKOFF;
    return STATUS_OK;
}

static enum status travel(struct journey *journey, int64_t deadline_ms, bool *done)
{
    *done = true;
    while (*done && journey->leg != LEG_END) {
        switch (journey->leg) {
        case LEG_JUDGE:
            judge(journey);
            break;
        case LEG_TURN:
            TRY(take_turn(journey, deadline_ms, done));
            break;
        case LEG_ANSWER:
            TRY(take_answer(journey, deadline_ms, done));
            break;
        case LEG_BACKOFF:
            TRY(back_off(journey, deadline_ms, done));
            break;
        case LEG_END:
            break;
        }
    }
    return STATUS_OK;
}

enum status fetch_begin(struct fetcher *fetcher, const struct url *url,
                        const struct fetch_known *known, struct arena *arena)
{
    fetch_abandon(fetcher);
    struct journey *journey = ARENA_NEW(arena, struct journey);
    if (!journey) {
        return STATUS_NO_MEMORY;
    }
    journey->fetcher = fetcher;
    journey->arena = arena;
    journey->known = known ? *known : (struct fetch_known){.etag = STR("")};
    journey->url = *url;
    journey->hops[0] = *url;
    journey->out = (struct fetched){
        .final_url = url->request,
        .etag = STR(""),
        .last_modified = STR(""),
        .media_type = STR(""),
        .charset = STR(""),
        .file_name = STR(""),
        .fault = {.offset = -1},
    };
    fetcher->journey = journey;
    return STATUS_OK;
}

enum status fetch_continue(struct fetcher *fetcher, int64_t deadline_ms, bool *done,
                           struct fetched *out)
{
    struct journey *journey = fetcher->journey;
    enum status status = STATUS_OK;
    if (fetcher->pid != getpid()) {
        *done = true;
        fault_tell(&journey->out.fault, FAULT_internal, -1, "the fetcher was opened before a fork");
    } else {
        status = travel(journey, deadline_ms, done);
    }
    if (status != STATUS_OK) {
        blob_close(journey->out.content);
        fetch_abandon(fetcher);
    } else if (*done) {
        *out = journey->out;
        fetcher->journey = NULL;
    }
    return status;
}

void fetch_abandon(struct fetcher *fetcher)
{
    /* After a fork the connection is the parent's: see fetch_close. */
    if (fetcher->journey && fetcher->pid == getpid()) {
        transport_abandon(fetcher->transport);
    }
    fetcher->journey = NULL;
}
