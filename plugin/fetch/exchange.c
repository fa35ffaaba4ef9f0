/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/exchange.h"

#include "base/buf.h"
#include "fetch/chunked.h"
#include "fetch/clock.h"

#include <sys/socket.h>
#include <unistd.h>

enum {
    /* The rest of a short error page is read so that the connection can be used again; beyond
     * either of these a new connection is the cheaper way. */
    DISCARD_BYTES_MAX = 16384,
    DISCARD_MS_MAX = 250,
    /* Servers give up on a reader that is away for longer; the next try may find it at home. */
    AWAY_MS_MAX = 5000
};

static bool is_success(const struct response *response)
{
    return response->complete && response->http_status >= 200 && response->http_status < 300;
}

/* --- what libcurl calls --- */

static curl_socket_t open_socket(void *context, curlsocktype purpose,
                                 struct curl_sockaddr *candidate)
{
    struct exchange *exchange = context;
    struct address address;
    if (purpose != CURLSOCKTYPE_IPCXN || !address_of_socket(&candidate->addr, &address)) {
        return CURL_SOCKET_BAD;
    }
    /* Through a proxy this is the proxy's address: see address.h. */
    const enum address_verdict verdict =
        exchange->policy->has_proxy ? ADDRESS_ALLOWED : address_judge(exchange->policy, &address);
    if (verdict != ADDRESS_ALLOWED) {
        exchange->refused = verdict;
        exchange->refused_address = address;
        return CURL_SOCKET_BAD; /* libcurl goes on with the name's next address */
    }
    exchange->connected = true;
    return socket(candidate->family, candidate->socktype | SOCK_CLOEXEC, candidate->protocol);
}

/* Also called for a connection that is used again: judged once more, as of now. */
static int before_request(void *context, char *remote_ip, char *local_ip, int remote_port,
                          int local_port)
{
    struct exchange *exchange = context;
    struct address address;
    (void)local_ip;
    (void)local_port;
    exchange->heard_ms = clock_ms();
    if (exchange->policy->has_proxy) {
        return CURL_PREREQFUNC_OK;
    }
    if (exchange->tap) {
        exchange->tap->address = arena_copy(exchange->arena, str_of(remote_ip));
    }
    if (!address_of_host(str_of(remote_ip), (uint16_t)remote_port, &address)) {
        exchange->stop = STOP_INTERNAL;
        return CURL_PREREQFUNC_ABORT;
    }
    const enum address_verdict verdict = address_judge(exchange->policy, &address);
    if (verdict != ADDRESS_ALLOWED) {
        exchange->refused = verdict;
        exchange->refused_address = address;
        exchange->connected = false;
        return CURL_PREREQFUNC_ABORT;
    }
    return CURL_PREREQFUNC_OK;
}

static size_t take_header(char *ptr, size_t size, size_t count, void *context)
{
    struct exchange *exchange = context;
    const bytes line = {.ptr = (const uint8_t *)ptr, .len = size * count};
    exchange->heard_ms = clock_ms();
    if (!response_add_line(&exchange->response, exchange->arena, line)) {
        exchange->stop = exchange->response.no_memory ? STOP_NO_MEMORY : STOP_HEADERS;
        return CURL_WRITEFUNC_ERROR;
    }
    if (exchange->response.complete && exchange->complete_ms == 0) {
        exchange->complete_ms = exchange->heard_ms;
    }
    return line.len;
}

/* A small piece from the wire may decode to a long one. */
static bool goes_on(void *context)
{
    struct exchange *exchange = context;
    if (exchange_is_late(exchange, clock_ms())) {
        return false;
    }
    if (exchange->is_cancelled(exchange->context, exchange)) {
        exchange->stop = STOP_CANCELLED;
        return false;
    }
    return true;
}

static enum exchange_stop begin_body(struct exchange *exchange)
{
    const enum response_coding coding = response_coding(&exchange->response);
    if (coding == RESPONSE_FOREIGN || !response_is_plainly_transferred(&exchange->response)) {
        return STOP_FOREIGN_CODING;
    }
    exchange->has_body = body_open(&exchange->body, exchange->settings, coding) == STATUS_OK;
    exchange->body.context = exchange;
    exchange->body.goes_on = goes_on;
    return exchange->has_body ? STOP_NONE : STOP_NO_MEMORY;
}

static enum exchange_stop write_body(struct exchange *exchange, bytes part)
{
    switch (body_write(&exchange->body, part)) {
    case STATUS_OK:
        return STOP_NONE;
    case STATUS_LIMIT:
        return exchange->body.is_bomb ? STOP_BOMB : STOP_LIMIT;
    case STATUS_FAILED:
        exchange->file_errno = blob_errno(exchange->body.blob);
        return exchange->file_errno ? STOP_FILE : STOP_CODING;
    case STATUS_NO_MEMORY:
        return STOP_NO_MEMORY;
    case STATUS_CANCELLED:
        return exchange->stop;
    case STATUS_INTERNAL:
        break;
    }
    return STOP_INTERNAL;
}

static void take_piece(struct exchange *exchange, bytes part)
{
    exchange->heard_ms = clock_ms();
    exchange->received_bytes += (int64_t)part.len;
    if (!is_success(&exchange->response)) {
        exchange->stop = exchange->received_bytes > DISCARD_BYTES_MAX ? STOP_ENOUGH : STOP_NONE;
    } else {
        exchange->stop = exchange->has_body ? STOP_NONE : begin_body(exchange);
        if (exchange->stop == STOP_NONE) {
            exchange->stop = write_body(exchange, part);
        }
    }
}

static size_t take_body(char *ptr, size_t size, size_t count, void *context)
{
    struct exchange *exchange = context;
    const bytes part = {.ptr = (const uint8_t *)ptr, .len = size * count};
    take_piece(exchange, part);
    return exchange->stop == STOP_NONE ? part.len : CURL_WRITEFUNC_ERROR;
}

static int listen_along(CURL *easy, curl_infotype type, char *ptr, size_t len, void *context)
{
    const struct exchange *exchange = context;
    if (exchange->tap) {
        tap_hear(exchange->tap, type, (bytes){.ptr = (const uint8_t *)ptr, .len = len});
    }
    (void)easy;
    return 0;
}

bool exchange_attach(struct exchange *exchange, CURL *easy)
{
    return curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, listen_along) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_DEBUGDATA, exchange) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, exchange) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_request) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PREREQDATA, exchange) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange) == CURLE_OK;
}

void exchange_resume(struct exchange *exchange, int64_t away_ms)
{
    exchange->away_ms += away_ms;
    exchange->started_ms += away_ms;
    exchange->heard_ms += exchange->heard_ms ? away_ms : 0;
    exchange->complete_ms += exchange->complete_ms ? away_ms : 0;
}

bool exchange_is_late(struct exchange *exchange, int64_t now_ms)
{
    if (exchange->stop != STOP_NONE) {
        return true;
    }
    if (exchange->complete_ms && !is_success(&exchange->response) &&
        now_ms - exchange->complete_ms > DISCARD_MS_MAX) {
        exchange->stop = STOP_ENOUGH;
    } else if (now_ms - exchange->started_ms > exchange->settings->timeout_ms) {
        exchange->stop = STOP_TIMEOUT;
    } else if (exchange->heard_ms &&
               now_ms - exchange->heard_ms > exchange->settings->stall_timeout_ms) {
        exchange->stop = STOP_STALL;
    }
    return exchange->stop != STOP_NONE;
}

/* --- the judgement --- */

/* libcurl ended it before the headers were complete. */
static void tell_no_answer(const struct exchange *exchange, CURLcode code, const char *error,
                           struct answer *out)
{
    const str host = exchange->url->web_host;
    const int len = (int)(host.len < 100 ? host.len : 100);
    const char *why = *error ? error : curl_easy_strerror(code);
    if (exchange->refused != ADDRESS_ALLOWED && !exchange->connected) {
        address_tell(exchange->refused, &exchange->refused_address, host, &out->fault);
        return;
    }
    switch ((int)code) {
    case CURLE_OPERATION_TIMEDOUT:
        out->transient = true;
        fault_tell(&out->fault, FAULT_timeout, -1, "%.*s: %s", len, host.ptr, why);
        return;
    case CURLE_OUT_OF_MEMORY: /* 7.88.1 says so of a single header line above 100 KiB */
        fault_tell(&out->fault, FAULT_limit, -1, "%.*s: a line of the answer's headers is too long",
                   len, host.ptr);
        return;
    case CURLE_URL_MALFORMAT:
        fault_tell(&out->fault, FAULT_bad_url, -1, "%.*s: %s", len, host.ptr, why);
        return;
    case CURLE_UNSUPPORTED_PROTOCOL: /* an answer without a status line */
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ENGINE_NOTFOUND:
        break;
    default:
        out->transient = true;
        break;
    }
    fault_tell(&out->fault, FAULT_connect, -1, "%.*s: %s", len, host.ptr, why);
}

/* Why a success has not its whole content; code none when it has. */
static void tell_success(struct exchange *exchange, CURLcode code, const char *error,
                         struct answer *out)
{
    const struct settings *settings = exchange->settings;
    const long long got = (long long)exchange->received_bytes;
    switch (exchange->stop) {
    case STOP_LIMIT:
        out->limited = true;
        fault_tell(&out->fault, FAULT_limit, -1,
                   "the content is larger than content_bytes_max (%lld)",
                   (long long)settings->content_bytes_max);
        return;
    case STOP_BOMB:
        out->limited = true;
        fault_tell(&out->fault, FAULT_limit, -1,
                   "the content grows more than archive_ratio_max (%lld) times when decoded",
                   (long long)settings->archive_ratio_max);
        return;
    case STOP_CODING:
        fault_tell(&out->fault, FAULT_bad_coding, -1,
                   "the content coding does not decode (after %lld bytes received)", got);
        return;
    case STOP_FOREIGN_CODING:
        fault_tell(&out->fault, FAULT_bad_coding, -1,
                   "the content is coded in a way that was not offered (only gzip or deflate)");
        return;
    case STOP_FILE:
        fault_tell(&out->fault, FAULT_internal, -1, "the temporary file could not be written: %s",
                   strerrordesc_np(exchange->file_errno));
        return;
    case STOP_TIMEOUT:
    case STOP_STALL:
        out->truncated = true;
        fault_tell(&out->fault, got ? FAULT_truncated : FAULT_timeout, -1,
                   "the answer %s after %lld bytes",
                   exchange->stop == STOP_STALL ? "stood still" : "was not finished in timeout_ms",
                   got);
        return;
    case STOP_NONE:
    case STOP_ENOUGH:
    case STOP_HEADERS:
    case STOP_NO_MEMORY:
    case STOP_INTERNAL:
    case STOP_CANCELLED:
        break;
    }
    if (code != CURLE_OK) {
        out->truncated = true;
        fault_tell(&out->fault, FAULT_truncated, -1, "the answer ended early, after %lld bytes: %s",
                   got, *error ? error : curl_easy_strerror(code));
    } else if (got && !body_is_whole(&exchange->body)) {
        out->truncated = true;
        fault_tell(&out->fault, FAULT_truncated, -1,
                   "the content coding ended early, after %lld bytes", got);
    } else if (exchange->response.http_status == 206) {
        out->truncated = true; /* a part, though the whole was asked for */
        fault_tell(&out->fault, FAULT_truncated, -1, "the server sent only a part (206)");
    }
}

static void tell_stopped_before_answer(const struct exchange *exchange, struct answer *out)
{
    const str host = exchange->url->web_host;
    const int len = (int)(host.len < 100 ? host.len : 100);
    if (exchange->stop == STOP_HEADERS) {
        fault_tell(&out->fault, FAULT_limit, -1,
                   "%.*s: the answer's headers are longer than %d bytes", len, host.ptr,
                   RESPONSE_HEADER_BYTES_MAX);
        return;
    }
    out->transient = true;
    fault_tell(&out->fault, FAULT_timeout, -1, "%.*s: no answer in %s", len, host.ptr,
               exchange->stop == STOP_STALL ? "stall_timeout_ms" : "timeout_ms");
}

/* What came of a success, even if it is nothing. */
static enum status take_content(struct exchange *exchange, struct answer *out)
{
    enum status status = STATUS_OK;
    if (!exchange->has_body && out->fault.code == FAULT_none) {
        TRY(body_open(&exchange->body, exchange->settings, RESPONSE_PLAIN));
        exchange->has_body = true;
    }
    if (!exchange->has_body || exchange->stop == STOP_FILE) {
        return STATUS_OK;
    }
    out->content = body_take(&exchange->body, &status);
    if (status == STATUS_FAILED) {
        fault_tell(&out->fault, FAULT_internal, -1, "the temporary file could not be read");
        return STATUS_OK;
    }
    if (status == STATUS_OK && out->fault.code != FAULT_none &&
        blob_content(out->content).len == 0) {
        blob_close(out->content); /* nothing of it came */
        out->content = NULL;
    }
    return status;
}

static enum status conclude(struct exchange *exchange, CURLcode code, const char *error,
                            struct answer *out)
{
    if (exchange->stop == STOP_CANCELLED) {
        return STATUS_CANCELLED;
    }
    if (exchange->stop == STOP_NO_MEMORY) {
        return STATUS_NO_MEMORY;
    }
    if (exchange->stop == STOP_INTERNAL) {
        return STATUS_INTERNAL;
    }
    if (!exchange->response.complete) {
        if (exchange->stop != STOP_NONE) {
            tell_stopped_before_answer(exchange, out);
        } else {
            tell_no_answer(exchange, code, error, out);
        }
        return STATUS_OK;
    }
    if (!is_success(&exchange->response)) {
        return STATUS_OK;
    }
    tell_success(exchange, code, error, out);
    const bool hung_up = exchange->stop == STOP_NONE && exchange->away_ms > AWAY_MS_MAX;
    out->transient = out->truncated && (exchange->received_bytes == 0 || hung_up);
    return take_content(exchange, out);
}

/* --- what is kept of it, and how that is played back --- */

enum { ENDED_BYTES_MAX = CURL_ERROR_SIZE + 16 };

/* "stall", "timeout", or the number and the words of libcurl. */
static void end_tap(struct exchange *exchange, CURLcode code, const char *error, int64_t now_us)
{
    enum tap_truncated truncated = TAP_WHOLE;
    struct buf ended;
    buf_init(&ended, exchange->arena, ENDED_BYTES_MAX);
    switch (exchange->stop) {
    case STOP_NONE:
        if (code != CURLE_OK) {
            truncated = TAP_DISCONNECT;
            buf_add_integer(&ended, (int64_t)code);
            buf_add_byte(&ended, ' ');
            buf_add(&ended, str_of(*error ? error : curl_easy_strerror(code)));
        }
        break;
    case STOP_TIMEOUT:
    case STOP_STALL:
        truncated = TAP_TIME;
        buf_add(&ended, exchange->stop == STOP_STALL ? STR("stall") : STR("timeout"));
        break;
    case STOP_ENOUGH:
    case STOP_LIMIT:
    case STOP_BOMB:
        truncated = TAP_LENGTH;
        break;
    case STOP_HEADERS:
    case STOP_CODING:
    case STOP_FOREIGN_CODING:
    case STOP_FILE:
    case STOP_NO_MEMORY:
    case STOP_INTERNAL:
    case STOP_CANCELLED:
        truncated = TAP_UNSPECIFIED;
        break;
    }
    tap_end(
        exchange->tap, exchange->arena,
        (struct tap_end){.truncated = truncated, .ended = buf_str(&ended), .answered_us = now_us});
}

/* As take_body, in pieces as small as they come from the wire. */
static void replay_piece(struct exchange *exchange, bytes piece)
{
    for (size_t at = 0; at < piece.len && exchange->stop == STOP_NONE;) {
        const size_t next =
            at + CURL_MAX_WRITE_SIZE < piece.len ? at + CURL_MAX_WRITE_SIZE : piece.len;
        take_piece(exchange, bytes_slice(piece, at, next));
        at = next;
    }
}

static void replay_body(struct exchange *exchange, bytes body)
{
    bytes piece;
    size_t at = 0;
    enum chunked_state state = CHUNKED_BAD;
    if (response_is_chunked(&exchange->response)) {
        state = chunked_next(body, &at, &piece);
    }
    if (state == CHUNKED_BAD) { /* not chunked, or whoever kept it has taken that off */
        replay_piece(exchange, body);
        return;
    }
    while (state == CHUNKED_DATA && exchange->stop == STOP_NONE) {
        replay_piece(exchange, piece);
        state = chunked_next(body, &at, &piece);
    }
}

enum status exchange_replay(struct exchange *exchange, bytes head, bytes body, str ended,
                            struct answer *out)
{
    const size_t space = str_find_byte(ended, ' ', 0);
    int64_t code = CURLE_OK;
    str error = str_slice(ended, space == SIZE_MAX ? ended.len : space + 1, ended.len);
    exchange->started_ms = clock_ms();
    exchange->heard_ms = exchange->started_ms;
    if (!response_add_head(&exchange->response, exchange->arena, head)) {
        exchange->stop = exchange->response.no_memory ? STOP_NO_MEMORY : STOP_HEADERS;
    }
    if (exchange->stop == STOP_NONE && body.len) {
        replay_body(exchange, body);
    }
    if (exchange->stop == STOP_NONE && str_equal(ended, STR("stall"))) {
        exchange->stop = STOP_STALL;
    } else if (exchange->stop == STOP_NONE && str_equal(ended, STR("timeout"))) {
        exchange->stop = STOP_TIMEOUT;
    } else if (exchange->stop == STOP_NONE) {
        (void)str_read_integer(str_slice(ended, 0, space), &code);
    }
    error = arena_terminated(exchange->arena, error);
    if (!error.ptr) {
        return STATUS_NO_MEMORY;
    }
    return exchange_conclude(exchange, (CURLcode)(code < CURL_LAST ? code : CURLE_RECV_ERROR),
                             error.ptr, out);
}

enum status exchange_conclude(struct exchange *exchange, CURLcode code, const char *error,
                              struct answer *out)
{

    *out = (struct answer){
        .response = exchange->response,
        .received_bytes = exchange->received_bytes,
        .answered_us = clock_wall_us(),
        .fault = {.offset = -1},
    };
    if (exchange->tap) {
        end_tap(exchange, code, error, out->answered_us);
    }
    const enum status status = conclude(exchange, code, error, out);
    exchange->tap = NULL;
    body_close(&exchange->body);
    return status;
}
