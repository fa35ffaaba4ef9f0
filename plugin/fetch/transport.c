/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/transport.h"

#include "base/buf.h"
#include "base/memory.h"
#include "fetch/clock.h"

#include <pthread.h>
#include <signal.h>

enum {
    /* One split names at most 256 web hosts and asks them in turn; idle connections beyond these
     * would mostly be closed by the other side. */
    IDLE_CONNECTIONS_MAX = 16,
    /* A connection does not outlive a change of addresses for long. */
    CONNECTION_LIFE_S = 600,
    /* The host may run slow code to answer: asked no more often than this while bytes pour in. */
    PULSE_MS = 5,
    OPTION_TEXT_MAX = 65536
};

struct transport {
    const struct settings *settings;
    const struct address_policy *policy;
    struct fetch_watch watch;
    CURLM *multi;
    CURL *easy;
    struct curl_slist *headers;
    struct curl_slist *authorised_headers;
    struct curl_slist *conditional_headers; /* of the request under way; NULL: none */
    int64_t pulse_ms;                       /* when the host was last asked */
    struct exchange exchange;               /* the request under way */
    bool is_asking;                         /* there is one */
    int64_t left_ms;                        /* when it was last listened to */
    char error[CURL_ERROR_SIZE];
};

/* --- SIGPIPE: a library under us may write to a connection that the other side closed. A plugin
 * installs no handler, so the signal is held back on this thread while libcurl works. --- */

struct quiet {
    sigset_t before;
    bool was_pending;
};

static void quiet_begin(struct quiet *quiet)
{
    sigset_t pipe_only;
    sigset_t pending;
    (void)sigemptyset(&pipe_only);
    (void)sigaddset(&pipe_only, SIGPIPE);
    (void)sigemptyset(&pending);
    (void)sigpending(&pending);
    quiet->was_pending = sigismember(&pending, SIGPIPE) == 1;
    (void)pthread_sigmask(SIG_BLOCK, &pipe_only, &quiet->before);
}

static void quiet_end(const struct quiet *quiet)
{
    sigset_t pipe_only;
    const struct timespec at_once = {.tv_sec = 0};
    (void)sigemptyset(&pipe_only);
    (void)sigaddset(&pipe_only, SIGPIPE);
    if (!quiet->was_pending) {
        (void)sigtimedwait(&pipe_only, NULL, &at_once);
    }
    (void)pthread_sigmask(SIG_SETMASK, &quiet->before, NULL);
}

/* --- opening --- */

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;
static CURLcode curl_began;

static void begin_curl(void)
{
    curl_began = curl_global_init(CURL_GLOBAL_DEFAULT);
}

/* A line break in an option would become a header of its own. */
static bool is_header_text(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        const uint8_t c = (uint8_t)text.ptr[i];
        if (c < 0x20 || c == 0x7F) {
            return false;
        }
    }
    return text.len < OPTION_TEXT_MAX;
}

/* RFC 9110 10.1.2: From is a mail address; contact may be a URL instead. */
static bool is_mail_address(str contact)
{
    const size_t at = str_find_byte(contact, '@', 0);
    return at != SIZE_MAX && at > 0 && str_find(contact, STR("://"), 0) == SIZE_MAX &&
           str_find_byte(contact, ' ', 0) == SIZE_MAX;
}

static bool add_header(struct curl_slist **list, struct arena *scratch, str name, str value)
{
    struct buf line;
    buf_init(&line, scratch, 2 * OPTION_TEXT_MAX);
    buf_add(&line, name);
    buf_add(&line, value);
    buf_add_byte(&line, '\0');
    struct curl_slist *longer =
        buf_failed(&line) ? NULL : curl_slist_append(*list, buf_str(&line).ptr);
    *list = longer ? longer : *list;
    return longer != NULL;
}

static bool add_headers(struct transport *transport, struct curl_slist **list,
                        struct arena *scratch, str authorization)
{
    const str contact = transport->settings->contact;
    return add_header(list, scratch, STR("Accept-Encoding: "), STR("gzip, deflate")) &&
           (!is_mail_address(contact) || add_header(list, scratch, STR("From: "), contact)) &&
           (!authorization.len || add_header(list, scratch, STR("Authorization: "), authorization));
}

static const char *make_user_agent(const struct settings *settings, struct arena *scratch)
{
    struct buf out;
    buf_init(&out, scratch, 2 * OPTION_TEXT_MAX);
    buf_add(&out, settings->user_agent);
    buf_add(&out, STR("/" QUERN_VERSION));
    if (settings->contact.len) {
        buf_add(&out, STR(" (+"));
        buf_add(&out, settings->contact);
        buf_add(&out, STR(")"));
    }
    buf_add_byte(&out, '\0');
    return buf_failed(&out) ? NULL : buf_str(&out).ptr;
}

#define SET(option, value) (curl_easy_setopt(easy, (option), (value)) == CURLE_OK)

/* Everything that libcurl would otherwise decide from the environment or on its own. */
static bool set_manners(CURL *easy)
{
    return SET(CURLOPT_PROTOCOLS_STR, "http,https") && SET(CURLOPT_FOLLOWLOCATION, 0L) &&
           SET(CURLOPT_NOSIGNAL, 1L) && SET(CURLOPT_QUICK_EXIT, 1L) &&
           SET(CURLOPT_PATH_AS_IS, 1L) && SET(CURLOPT_HTTP_CONTENT_DECODING, 0L) &&
           SET(CURLOPT_HTTP09_ALLOWED, 0L) && SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) &&
           SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L) &&
           SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) &&
           SET(CURLOPT_MAXLIFETIME_CONN, (long)CONNECTION_LIFE_S) &&
           SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) &&
           SET(CURLOPT_SSL_VERIFYPEER, 1L) && SET(CURLOPT_SSL_VERIFYHOST, 2L);
}

static bool set_options(struct transport *transport, struct arena *scratch)
{
    CURL *easy = transport->easy;
    const struct settings *settings = transport->settings;
    const str proxy = arena_terminated(scratch, settings->proxy);
    const str ca_file = arena_terminated(scratch, settings->ca_file);
    const char *user_agent = make_user_agent(settings, scratch);
    if (!proxy.ptr || !ca_file.ptr || !user_agent) {
        return false;
    }
    /* Set to something, neither is read from the environment: "" is no proxy, "*" exempts all. */
    return set_manners(easy) && SET(CURLOPT_PROXY, proxy.ptr) &&
           SET(CURLOPT_NOPROXY, proxy.len ? "" : "*") &&
           (!ca_file.len ||
            (SET(CURLOPT_CAINFO, ca_file.ptr) && SET(CURLOPT_PROXY_CAINFO, ca_file.ptr))) &&
           SET(CURLOPT_USERAGENT, user_agent) &&
           SET(CURLOPT_CONNECTTIMEOUT_MS, (long)settings->connect_timeout_ms) &&
           SET(CURLOPT_ERRORBUFFER, transport->error);
}

static bool open_curl(struct transport *transport, str authorization)
{
    struct arena scratch;
    arena_init(&scratch, (size_t)16 * OPTION_TEXT_MAX);
    transport->multi = curl_multi_init();
    transport->easy = curl_easy_init();
    const bool opened =
        transport->multi && transport->easy && set_options(transport, &scratch) &&
        add_headers(transport, &transport->headers, &scratch, STR("")) &&
        add_headers(transport, &transport->authorised_headers, &scratch, authorization) &&
        curl_multi_setopt(transport->multi, CURLMOPT_MAXCONNECTS, (long)IDLE_CONNECTIONS_MAX) ==
            CURLM_OK;
    arena_release(&scratch);
    return opened;
}

static bool options_are_sound(const struct settings *settings, str authorization,
                              struct fault *fault)
{
    const struct {
        const char *name;
        str value;
    } texts[] = {
        {"contact", settings->contact},   {"user_agent", settings->user_agent},
        {"proxy", settings->proxy},       {"ca_file", settings->ca_file},
        {"authorization", authorization},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (!is_header_text(texts[i].value)) {
            fault_tell(fault, FAULT_internal, -1, "%s: holds a control character, or is too long",
                       texts[i].name);
            return false;
        }
    }
    return true;
}

struct transport *transport_open(const struct settings *settings, str authorization,
                                 const struct address_policy *policy,
                                 const struct fetch_watch *watch, struct fault *fault)
{
    if (!options_are_sound(settings, authorization, fault)) {
        return NULL;
    }
    if (pthread_once(&curl_once, begin_curl) != 0 || curl_began != CURLE_OK) {
        fault_tell(fault, FAULT_internal, -1, "libcurl could not be set up");
        return NULL;
    }
    struct transport *transport = memory_allocate(sizeof *transport);
    if (!transport) {
        fault_tell(fault, FAULT_no_memory, -1, "no memory for a connection");
        return NULL;
    }
    transport->settings = settings;
    transport->policy = policy;
    transport->watch = watch ? *watch : (struct fetch_watch){.context = NULL};
    if (!open_curl(transport, authorization)) {
        fault_tell(fault, FAULT_no_memory, -1, "libcurl refused an option, or has no memory");
        transport_close(transport);
        return NULL;
    }
    return transport;
}

static void drop_conditions(struct transport *transport)
{
    curl_slist_free_all(transport->conditional_headers);
    transport->conditional_headers = NULL;
}

void transport_close(struct transport *transport)
{
    struct quiet quiet;
    if (!transport) {
        return;
    }
    transport_abandon(transport);
    quiet_begin(&quiet);
    curl_easy_cleanup(transport->easy);
    if (transport->multi) {
        (void)curl_multi_cleanup(transport->multi);
    }
    quiet_end(&quiet);
    drop_conditions(transport);
    curl_slist_free_all(transport->headers);
    curl_slist_free_all(transport->authorised_headers);
    memory_release(transport);
}

void transport_wake(struct transport *transport)
{
    (void)curl_multi_wakeup(transport->multi);
}

/* --- the loop --- */

/* Tells the host how things stand; false: it wants to stop. */
static bool pulse(struct transport *transport, str web_host, int64_t wait_ms,
                  int64_t received_bytes)
{
    const int64_t now_ms = clock_ms();
    const struct fetch_watch *watch = &transport->watch;
    if (now_ms - transport->pulse_ms < PULSE_MS) {
        return true;
    }
    transport->pulse_ms = now_ms;
    if (watch->waiting) {
        watch->waiting(watch->context, web_host, wait_ms, received_bytes);
    }
    return !watch->is_cancelled || !watch->is_cancelled(watch->context);
}

/* No longer than the deadline, and never longer than the host may wait to be asked. */
static bool poll_line(struct transport *transport, int64_t left_ms)
{
    const int64_t slice_ms = left_ms < TRANSPORT_SLICE_MS ? left_ms : TRANSPORT_SLICE_MS;
    return curl_multi_poll(transport->multi, NULL, 0, (int)slice_ms, NULL) == CURLM_OK;
}

enum status transport_wait(struct transport *transport, str web_host, int64_t until_ms,
                           int64_t deadline_ms, bool *done)
{
    const int64_t stop_ms = until_ms < deadline_ms ? until_ms : deadline_ms;
    int64_t now_ms;
    while ((now_ms = clock_ms()) < stop_ms) {
        if (!pulse(transport, web_host, until_ms - now_ms, 0)) {
            return STATUS_CANCELLED;
        }
        if (!poll_line(transport, stop_ms - now_ms)) {
            return STATUS_INTERNAL;
        }
    }
    *done = now_ms >= until_ms;
    return STATUS_OK;
}

static bool is_cancelled(void *context, const struct exchange *exchange)
{
    return !pulse(context, exchange->url->web_host, 0, exchange->received_bytes);
}

static bool is_done(struct transport *transport, CURLcode *code)
{
    int left = 0;
    const CURLMsg *message = curl_multi_info_read(transport->multi, &left);
    if (message && message->msg == CURLMSG_DONE) {
        *code = message->data.result;
        return true;
    }
    return false;
}

static CURLMcode perform(struct transport *transport)
{
    struct quiet quiet;
    int running = 0;
    quiet_begin(&quiet);
    const CURLMcode code = curl_multi_perform(transport->multi, &running);
    quiet_end(&quiet);
    return code;
}

/* True: libcurl is done, or the exchange is over for another reason, which its `stop` says. False:
 * the deadline came first. */
static bool drive(struct transport *transport, int64_t deadline_ms, CURLcode *code)
{
    struct exchange *exchange = &transport->exchange;
    for (;;) {
        const CURLMcode performed = perform(transport);
        const int64_t now_ms = clock_ms();
        if (is_done(transport, code) || exchange_is_over(exchange, now_ms)) {
            return true;
        }
        if (performed == CURLM_OK && now_ms >= deadline_ms) {
            return false;
        }
        if (performed != CURLM_OK || !poll_line(transport, deadline_ms - now_ms)) {
            exchange->stop = STOP_INTERNAL;
            return true;
        }
    }
}

/* What is known came back from the host's store: what could break out of its line is not sent. */
static bool is_condition(str value)
{
    return value.len > 0 && is_header_text(value);
}

bool transport_can_compare(const struct fetch_known *known)
{
    return is_condition(known->etag) || is_condition(known->last_modified);
}

static bool add_condition(struct curl_slist **list, struct arena *scratch, str name, str value)
{
    return !is_condition(value) || add_header(list, scratch, name, value);
}

static bool add_conditions(struct transport *transport, const struct curl_slist *plain,
                           const struct fetch_known *known, struct arena *scratch)
{
    struct curl_slist **list = &transport->conditional_headers;
    for (; plain; plain = plain->next) {
        struct curl_slist *longer = curl_slist_append(*list, plain->data);
        if (!longer) {
            return false;
        }
        *list = longer;
    }
    return add_condition(list, scratch, STR("If-None-Match: "), known->etag) &&
           add_condition(list, scratch, STR("If-Modified-Since: "), known->last_modified);
}

static bool prepare(struct transport *transport, struct exchange *exchange, bool authorised,
                    const struct fetch_known *known)
{
    CURL *easy = transport->easy;
    struct curl_slist *headers = authorised ? transport->authorised_headers : transport->headers;
    if (known && !add_conditions(transport, headers, known, exchange->arena)) {
        return false;
    }
    const str request = arena_terminated(exchange->arena, exchange->url->request);
    transport->error[0] = '\0';
    return request.ptr && SET(CURLOPT_URL, request.ptr) &&
           SET(CURLOPT_HTTPHEADER, known ? transport->conditional_headers : headers) &&
           exchange_attach(exchange, easy) &&
           curl_multi_add_handle(transport->multi, easy) == CURLM_OK;
}

enum status transport_ask(struct transport *transport, const struct url *url, bool authorised,
                          const struct fetch_known *known, struct arena *arena)
{
    transport_abandon(transport);
    drop_conditions(transport);
    transport->exchange = (struct exchange){
        .settings = transport->settings,
        .policy = transport->policy,
        .url = url,
        .context = transport,
        .is_cancelled = is_cancelled,
        .arena = arena,
    };
    transport->is_asking = prepare(transport, &transport->exchange, authorised, known);
    transport->left_ms = clock_ms();
    return transport->is_asking ? STATUS_OK : STATUS_NO_MEMORY;
}

static void hang_up(struct transport *transport)
{
    struct quiet quiet;
    quiet_begin(&quiet);
    (void)curl_multi_remove_handle(transport->multi, transport->easy);
    quiet_end(&quiet);
    transport->is_asking = false;
}

void transport_abandon(struct transport *transport)
{
    if (transport->is_asking) {
        hang_up(transport);
        body_close(&transport->exchange.body);
    }
}

enum status transport_listen(struct transport *transport, int64_t deadline_ms, bool *done,
                             struct answer *out)
{
    CURLcode code = CURLE_OK;
    *out = (struct answer){.fault = {.offset = -1}};
    exchange_resume(&transport->exchange, clock_ms() - transport->left_ms);
    *done = drive(transport, deadline_ms, &code);
    transport->left_ms = clock_ms();
    if (!*done) {
        return STATUS_OK;
    }
    hang_up(transport);
    return exchange_conclude(&transport->exchange, code, transport->error, out);
}
