/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/journey.h"

#include "base/media_type.h"
#include "fetch/clock.h"
#include "fetch/manners.h"

#include <errno.h>

enum {
    RETRIES_MAX = 2,              /* for one document, all its hops together */
    RETRY_FIRST_MS = 250,         /* then four times as long */
    RETRY_WAIT_MAX_MS = 60000,    /* a longer Retry-After is the job's affair, not this fetch's */
    RETRY_AFTER_MAX_MS = 86400000 /* more than a day is a typing error */
};

struct journey *journey_begin(const struct journey_rules *rules, const struct fetch_order *order)
{
    struct journey *journey = ARENA_NEW(order->arena, struct journey);
    if (!journey) {
        return NULL;
    }
    journey->rules = rules;
    journey->arena = order->arena;
    journey->waiter.owner = journey;
    journey->known = order->known ? *order->known : (struct fetch_known){.etag = STR("")};
    journey->url = *order->url;
    journey->hops[0] = order->url->request;
    journey->out = (struct fetched){
        .owner = order->owner,
        .final_url = order->url->request,
        .etag = STR(""),
        .last_modified = STR(""),
        .media_type = STR(""),
        .charset = STR(""),
        .file_name = STR(""),
        .fault = {.offset = -1},
    };
    return journey;
}

static int quoted_len(str text)
{
    return (int)(text.len < 120 ? text.len : 120);
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

static bool is_authorised(const struct journey_rules *rules, const struct url *url)
{
    const struct str_list hosts = rules->settings->authorization_hosts;
    for (size_t i = 0; rules->has_authorization && i < hosts.count; i++) {
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

void journey_judge(struct journey *journey)
{
    const struct url *url = &journey->url;
    const enum address_verdict verdict =
        address_judge_host(&journey->rules->policy, url->host, url->port);
    journey->out.final_url = url->request;
    journey->out.http_status = 0;
    journey->out.rights = (struct str_list){.items = journey->rights};
    journey->out.delay_capped = false;
    journey->delay_ms = 0;
    journey->leg = LEG_ROBOTS;
    if (verdict != ADDRESS_ALLOWED) {
        struct address address;
        const bool literal = address_of_host(url->host, url->port, &address);
        address_tell(verdict, literal ? &address : NULL, url->web_host, &journey->out.fault);
        journey->leg = LEG_END;
    }
}

/* What came back from the host's store may hold anything: what could break out of its line is not
 * sent. */
static size_t add_header(struct journey *journey, size_t count, str name, str value)
{
    if (value.len == 0 || !manners_are_header_text(value)) {
        return count;
    }
    journey->headers[count] = (struct header){.name = name, .value = value};
    return count + 1;
}

static size_t add_conditions(struct journey *journey)
{
    const struct fetch_known *known = &journey->known;
    size_t count = 0;
    if (str_equal(journey->url.request, known->url)) {
        count = add_header(journey, count, STR("If-None-Match: "), known->etag);
        count = add_header(journey, count, STR("If-Modified-Since: "), known->last_modified);
    }
    journey->is_conditional = count > 0;
    return count;
}

enum status journey_request(struct journey *journey, struct request *out)
{
    struct tap *tap = NULL;
    journey->leg = LEG_ANSWER;
    journey->is_under_way = true;
    const size_t header_count = add_conditions(journey);
    if (journey->rules->archive) {
        tap = tap_open(&journey->taps, journey->arena, journey->rules->settings,
                       journey->url.request);
        if (!tap) {
            return STATUS_NO_MEMORY;
        }
        tap->is_conditional = journey->is_conditional;
    }
    *out = (struct request){
        .settings = journey->rules->settings,
        .url = &journey->url,
        .headers = journey->headers,
        .header_count = header_count,
        .authorised = is_authorised(journey->rules, &journey->url),
        .arena = journey->arena,
        .tap = tap,
        .owner = journey,
    };
    return STATUS_OK;
}

void journey_keep(struct journey *journey)
{
    const struct journey_rules *rules = journey->rules;
    if (rules->archive && journey->out.status == STATUS_OK &&
        !archive_add(rules->archive, journey->taps.first)) {
        const str folder = rules->settings->warc;
        fault_tell(&journey->out.fault, FAULT_unreadable, -1,
                   "%.*s: what was received could not be archived in this folder: %s",
                   quoted_len(folder), folder.ptr, strerrordesc_np(errno));
    }
    taps_close(&journey->taps);
}

static enum pace_verdict judge_pace(const struct answer *answer)
{
    const int64_t http_status = answer->response.http_status;
    if (http_status == 429 || http_status == 503 || answer->fault.code == FAULT_timeout) {
        return PACE_STRAINED;
    }
    if (answer->transient || is_retryable_status(http_status)) {
        return PACE_FAILED;
    }
    return answer->response.complete ? PACE_WELL : PACE_UNKNOWN;
}

/* A Retry-After counts for 429 and 503. Without one the wait is a random part of what doubles twice
 * with each try: many that failed together do not come back together. */
struct journey_pause journey_pause(const struct journey *journey, const struct answer *answer,
                                   bool may_retry, uint32_t dice)
{
    const int64_t http_status = answer->response.http_status;
    const bool again = answer->transient || is_retryable_status(http_status);
    struct journey_pause pause = {.verdict = judge_pace(answer), .again_ms = -1, .park_ms = -1};
    if (http_status == 429 || http_status == 503) {
        const int64_t asked_ms =
            response_retry_after_ms(&answer->response, clock_wall_us() / 1000000);
        pause.park_ms = asked_ms < RETRY_AFTER_MAX_MS ? asked_ms : RETRY_AFTER_MAX_MS;
    }
    const int64_t longest_ms = RETRY_FIRST_MS << (2 * journey->out.retry_count);
    const int64_t backoff_ms = pause.park_ms >= 0 ? pause.park_ms : dice % (longest_ms + 1);
    if (again && may_retry && journey->out.retry_count < RETRIES_MAX &&
        backoff_ms <= RETRY_WAIT_MAX_MS) {
        pause.again_ms = backoff_ms;
    }
    return pause;
}

bool journey_is_parked(int64_t delay_ms, int64_t wait_ms)
{
    return wait_ms > delay_ms + RETRY_WAIT_MAX_MS;
}

void journey_end_parked(struct journey *journey, int64_t wait_ms)
{
    const str host = journey->url.web_host;
    journey->leg = LEG_END;
    journey->out.retryable = true;
    fault_tell(&journey->out.fault, FAULT_http_status, -1,
               "%.*s wants not to be asked for another %lld s (Retry-After)",
               (int)(host.len < 100 ? host.len : 100), host.ptr, (long long)(wait_ms + 999) / 1000);
}

void journey_end_broken(struct journey *journey, int64_t wait_ms)
{
    const str host = journey->url.web_host;
    journey->leg = LEG_END;
    journey->out.retryable = true;
    fault_tell(&journey->out.fault, FAULT_connect, -1,
               "%.*s failed %d times in a row and is left alone for another %lld s",
               (int)(host.len < 100 ? host.len : 100), host.ptr, PACE_FAILURES_MAX,
               (long long)(wait_ms + 999) / 1000);
}

void journey_end_failed(struct journey *journey, enum status status)
{
    journey->leg = LEG_END;
    journey->out.status = status;
    blob_close(journey->out.content);
    journey->out.content = NULL;
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
        if (str_equal(journey->hops[i], request)) {
            return true;
        }
    }
    return false;
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
    if (journey->out.redirect_count >= journey->rules->settings->redirects_max ||
        journey->out.redirect_count + 1 >= JOURNEY_HOPS_MAX) {
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
        journey->hops[journey->out.redirect_count] = next.request;
        journey->url = next;
        journey->leg = LEG_JUDGE;
    }
    return STATUS_OK;
}

/* --- the end --- */

/* "content-signal: ai-train=no", each line once. */
enum status journey_add_right(struct journey *journey, bytes name, bytes value)
{
    struct str_list *rights = &journey->out.rights;
    const str text = response_text(journey->arena, bytes_slice(value, 0, JOURNEY_RIGHT_BYTES_MAX));
    struct buf line;
    buf_init(&line, journey->arena, name.len + text.len + 2);
    for (size_t i = 0; i < name.len; i++) {
        buf_add_byte(&line, (uint8_t)ascii_lower((char)name.ptr[i]));
    }
    buf_add(&line, STR(": "));
    for (size_t i = 0; i < text.len; i++) {
        const uint8_t c = (uint8_t)text.ptr[i];
        buf_add_byte(&line, c < 0x20 || c == 0x7F ? ' ' : c);
    }
    if (!text.ptr || buf_failed(&line)) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < rights->count; i++) {
        if (str_equal(rights->items[i], buf_str(&line))) {
            return STATUS_OK;
        }
    }
    if (rights->count < JOURNEY_RIGHTS_MAX) {
        journey->rights[rights->count++] = buf_str(&line);
    }
    return STATUS_OK;
}

static enum status take_headers(struct journey *journey, const struct response *response)
{
    struct fetched *out = &journey->out;
    struct arena *arena = journey->arena;
    if (!response->complete) {
        return STATUS_OK; /* no answer came */
    }
    for (size_t i = 0; i < response->signal_count; i++) {
        TRY(journey_add_right(journey, str_bytes(response->signals[i].name),
                              response->signals[i].value));
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
    out->fetched_at_us = answer->answered_us;
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

enum status journey_take(struct journey *journey, const struct answer *answer,
                         struct journey_pause pause)
{
    journey->out.received_bytes += answer->received_bytes;
    if (pause.again_ms >= 0) {
        blob_close(answer->content);
        journey->out.retry_count++;
        journey->leg = LEG_TURN;
        return STATUS_OK;
    }
    journey->leg = LEG_END;
    if (is_redirect(&answer->response)) {
        TRY(follow(journey, &answer->response));
    }
    return journey->leg == LEG_END ? finish(journey, answer) : STATUS_OK;
}
