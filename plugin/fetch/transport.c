/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/transport.h"

#include "base/memory.h"
#include "fetch/clock.h"
#include "fetch/manners.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

enum {
    /* Connections that stay open between two requests, at the least. */
    IDLE_CONNECTIONS_MIN = 16,
    /* The host may run slow code to answer: asked no more often than this while bytes pour in. */
    PULSE_MS = 5,
    /* How often the clocks of all open requests are looked at. */
    SWEEP_MS = 25
};

/* One request, or the place for one. Its handle stays for the next. */
struct line {
    struct line *next; /* free, or over */
    struct transport *transport;
    CURL *easy;
    void *owner;
    struct exchange exchange;
    size_t index;               /* among the open ones */
    struct curl_slist *headers; /* of this request alone; NULL: those of all */
    char error[CURL_ERROR_SIZE];
};

struct transport {
    const struct settings *settings;
    const struct address_policy *policy;
    struct fetch_watch watch;
    struct manners manners;
    CURLM *multi;
    struct line **open; /* `room` places */
    size_t open_count;
    size_t room;
    struct line *free;
    struct line *over; /* whose clock ran out: still open, to be taken */
    bool has_tls;      /* something was asked over it */
    int64_t pulse_ms;  /* when the host was last asked */
    int64_t sweep_ms;  /* when the clocks were last looked at */
    int64_t left_ms;   /* when somebody last listened */
};

/* --- SIGPIPE: the TLS library writes to connections without asking that a closed one raise no
 * signal. A plugin installs no handler, so the signal is held back on this thread while libcurl
 * works, once there is TLS. --- */

struct quiet {
    sigset_t before;
    bool was_pending;
};

static void quiet_begin(const struct transport *transport, struct quiet *quiet)
{
    if (!transport->has_tls) {
        return;
    }
    sigset_t pipe_only;
    sigset_t pending;
    (void)sigemptyset(&pipe_only);
    (void)sigaddset(&pipe_only, SIGPIPE);
    (void)sigemptyset(&pending);
    (void)sigpending(&pending);
    quiet->was_pending = sigismember(&pending, SIGPIPE) == 1;
    (void)pthread_sigmask(SIG_BLOCK, &pipe_only, &quiet->before);
}

static void quiet_end(const struct transport *transport, const struct quiet *quiet)
{
    if (!transport->has_tls) {
        return;
    }
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

/* Half of the files this process may open: the other half is the host's, and for content that lies
 * in a file. */
static size_t find_room(const struct settings *settings)
{
    struct rlimit files = {.rlim_cur = 0};
    const size_t wanted = (size_t)settings->connections_max;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur / 2 >= wanted) {
        return wanted;
    }
    return files.rlim_cur / 2 ? files.rlim_cur / 2 : 1;
}

static bool open_curl(struct transport *transport)
{
    const struct settings *settings = transport->settings;
    const long idle =
        (long)(transport->room > IDLE_CONNECTIONS_MIN ? transport->room : IDLE_CONNECTIONS_MIN);
    transport->multi = curl_multi_init();
    transport->open = memory_allocate(transport->room * sizeof(struct line *));
    return transport->multi && transport->open &&
           curl_multi_setopt(transport->multi, CURLMOPT_MAXCONNECTS, idle) == CURLM_OK &&
           curl_multi_setopt(transport->multi, CURLMOPT_MAX_CONCURRENT_STREAMS,
                             (long)settings->connections_per_host) == CURLM_OK;
}

struct transport *transport_open(const struct settings *settings, str authorization,
                                 const struct address_policy *policy,
                                 const struct fetch_watch *watch, struct fault *fault)
{
    struct manners manners;
    if (pthread_once(&curl_once, begin_curl) != 0 || curl_began != CURLE_OK) {
        fault_tell(fault, FAULT_internal, -1, "libcurl could not be set up");
        return NULL;
    }
    if (!manners_open(&manners, settings, authorization, fault)) {
        return NULL;
    }
    struct transport *transport = memory_allocate(sizeof *transport);
    if (!transport) {
        manners_close(&manners);
        fault_tell(fault, FAULT_no_memory, -1, "no memory for a connection");
        return NULL;
    }
    transport->settings = settings;
    transport->policy = policy;
    transport->watch = watch ? *watch : (struct fetch_watch){.context = NULL};
    transport->manners = manners;
    transport->room = find_room(settings);
    transport->left_ms = clock_ms();
    if (!open_curl(transport)) {
        fault_tell(fault, FAULT_no_memory, -1, "libcurl refused an option, or has no memory");
        transport_close(transport);
        return NULL;
    }
    return transport;
}

static void line_close(struct line *line)
{
    curl_easy_cleanup(line->easy);
    memory_release(line);
}

static void hang_up(struct line *line);

void transport_close(struct transport *transport)
{
    struct quiet quiet;
    if (!transport) {
        return;
    }
    while (transport->open_count) {
        struct line *line = transport->open[transport->open_count - 1];
        hang_up(line);
        body_close(&line->exchange.body);
    }
    quiet_begin(transport, &quiet);
    while (transport->free) {
        struct line *line = transport->free;
        transport->free = line->next;
        line_close(line);
    }
    if (transport->multi) {
        (void)curl_multi_cleanup(transport->multi);
    }
    quiet_end(transport, &quiet);
    manners_close(&transport->manners);
    memory_release(transport->open);
    memory_release(transport);
}

void transport_wake(struct transport *transport)
{
    (void)curl_multi_wakeup(transport->multi);
}

size_t transport_room(const struct transport *transport)
{
    return transport->room;
}

size_t transport_open_count(const struct transport *transport)
{
    return transport->open_count;
}

/* --- the host --- */

static int64_t receiving(const struct transport *transport)
{
    int64_t sum = 0;
    for (size_t i = 0; i < transport->open_count; i++) {
        sum += transport->open[i]->exchange.received_bytes;
    }
    return sum;
}

bool transport_pulse(struct transport *transport, str web_host, int64_t wait_ms)
{
    const int64_t now_ms = clock_ms();
    const struct fetch_watch *watch = &transport->watch;
    if (now_ms - transport->pulse_ms < PULSE_MS) {
        return true;
    }
    transport->pulse_ms = now_ms;
    if (transport->open_count) {
        web_host = transport->open[0]->exchange.url->web_host;
    }
    if (watch->waiting) {
        watch->waiting(watch->context, web_host, wait_ms, receiving(transport));
    }
    return !watch->is_cancelled || !watch->is_cancelled(watch->context);
}

static bool is_cancelled(void *context, const struct exchange *exchange)
{
    return !transport_pulse(context, exchange->url->web_host, 0);
}

/* --- asking --- */

#define SET(option, value) (curl_easy_setopt(easy, (option), (value)) == CURLE_OK)

static struct line *take_free(struct transport *transport)
{
    struct line *line = transport->free;
    if (line) {
        transport->free = line->next;
        return line;
    }
    line = memory_allocate(sizeof *line);
    CURL *easy = line ? curl_easy_init() : NULL;
    if (!easy) {
        memory_release(line);
        return NULL;
    }
    line->transport = transport;
    line->easy = easy;
    if (!manners_apply(&transport->manners, easy) || !exchange_attach(&line->exchange, easy) ||
        !SET(CURLOPT_ERRORBUFFER, line->error) || !SET(CURLOPT_PRIVATE, (void *)line)) {
        line_close(line);
        return NULL;
    }
    return line;
}

static void drop_headers(struct line *line)
{
    curl_slist_free_all(line->headers);
    line->headers = NULL;
}

/* The headers of all requests and those of this one. NULL: no memory. */
static const struct curl_slist *make_headers(struct line *line, const struct request *request)
{
    const struct manners *manners = &line->transport->manners;
    const struct curl_slist *common =
        request->authorised ? manners->authorised_headers : manners->headers;
    if (request->header_count == 0) {
        return common;
    }
    for (; common; common = common->next) {
        struct curl_slist *longer = curl_slist_append(line->headers, common->data);
        if (!longer) {
            return NULL;
        }
        line->headers = longer;
    }
    for (size_t i = 0; i < request->header_count; i++) {
        if (!manners_add_header(&line->headers, request->arena, request->headers[i].name,
                                request->headers[i].value)) {
            return NULL;
        }
    }
    return line->headers;
}

static bool prepare(struct line *line, const struct request *request)
{
    CURL *easy = line->easy;
    const struct curl_slist *headers = make_headers(line, request);
    const str url = arena_terminated(request->arena, request->url->request);
    line->error[0] = '\0';
    return url.ptr && headers && SET(CURLOPT_URL, url.ptr) && SET(CURLOPT_HTTPHEADER, headers) &&
           SET(CURLOPT_VERBOSE, request->tap ? 1L : 0L) &&
           curl_multi_add_handle(line->transport->multi, easy) == CURLM_OK;
}

enum status transport_ask(struct transport *transport, const struct request *request)
{
    if (transport->open_count == transport->room) {
        return STATUS_INTERNAL;
    }
    struct line *line = take_free(transport);
    if (!line) {
        return STATUS_NO_MEMORY;
    }
    line->owner = request->owner;
    line->exchange = (struct exchange){
        .settings = request->settings,
        .policy = transport->policy,
        .url = request->url,
        .context = transport,
        .is_cancelled = is_cancelled,
        .arena = request->arena,
        .tap = request->tap,
        .started_ms = clock_ms(),
    };
    if (!prepare(line, request)) {
        drop_headers(line);
        line->next = transport->free;
        transport->free = line;
        return STATUS_NO_MEMORY;
    }
    transport->has_tls = transport->has_tls || str_equal(request->url->scheme, STR("https")) ||
                         str_starts(transport->settings->proxy, STR("https"));
    line->index = transport->open_count;
    transport->open[transport->open_count++] = line;
    return STATUS_OK;
}

/* The line is free again; its exchange stays as it is until the next request. */
static void hang_up(struct line *line)
{
    struct transport *transport = line->transport;
    struct line *last = transport->open[--transport->open_count];
    struct quiet quiet;
    quiet_begin(transport, &quiet);
    (void)curl_multi_remove_handle(transport->multi, line->easy);
    quiet_end(transport, &quiet);
    drop_headers(line);
    transport->open[line->index] = last;
    last->index = line->index;
    line->next = transport->free;
    transport->free = line;
}

static void leave_over(struct transport *transport, const struct line *line)
{
    struct line **at = &transport->over;
    while (*at && *at != line) {
        at = &(*at)->next;
    }
    *at = *at ? (*at)->next : NULL;
}

void transport_abandon(struct transport *transport, const void *owner)
{
    for (size_t i = 0; i < transport->open_count; i++) {
        struct line *line = transport->open[i];
        if (line->owner == owner) {
            leave_over(transport, line);
            hang_up(line);
            body_close(&line->exchange.body);
            return;
        }
    }
}

/* --- the loop --- */

static CURLMcode perform(struct transport *transport)
{
    struct quiet quiet;
    int running = 0;
    quiet_begin(transport, &quiet);
    const CURLMcode code = curl_multi_perform(transport->multi, &running);
    quiet_end(transport, &quiet);
    return code;
}

/* Nobody listened: the clocks of what is open stood still. */
static void come_back(struct transport *transport)
{
    const int64_t away_ms = clock_ms() - transport->left_ms;
    for (size_t i = 0; away_ms > 0 && i < transport->open_count; i++) {
        exchange_resume(&transport->open[i]->exchange, away_ms);
    }
}

static void sweep(struct transport *transport, int64_t now_ms)
{
    if (now_ms - transport->sweep_ms < SWEEP_MS) {
        return;
    }
    transport->sweep_ms = now_ms;
    for (size_t i = 0; i < transport->open_count; i++) {
        struct line *line = transport->open[i];
        const bool was_over = line->exchange.stop != STOP_NONE;
        if (!was_over && exchange_is_late(&line->exchange, now_ms)) {
            line->next = transport->over;
            transport->over = line;
        }
    }
}

enum status transport_run(struct transport *transport, int64_t wait_ms)
{
    come_back(transport);
    const int64_t slice_ms = wait_ms < TRANSPORT_SLICE_MS ? wait_ms : TRANSPORT_SLICE_MS;
    bool works = transport->over || slice_ms <= 0 ||
                 curl_multi_poll(transport->multi, NULL, 0, (int)slice_ms, NULL) == CURLM_OK;
    works = works && perform(transport) == CURLM_OK;
    transport->left_ms = clock_ms();
    sweep(transport, transport->left_ms);
    return works ? STATUS_OK : STATUS_INTERNAL;
}

/* NULL: none is over. What the clocks ended comes first, for its handle is still at work. */
static struct line *next_over(struct transport *transport, CURLcode *code)
{
    int left = 0;
    struct line *line = transport->over;
    *code = CURLE_OK;
    if (line) {
        transport->over = line->next;
        return line;
    }
    const CURLMsg *message = curl_multi_info_read(transport->multi, &left);
    if (!message || message->msg != CURLMSG_DONE) {
        return NULL;
    }
    *code = message->data.result;
    if (curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&line) != CURLE_OK) {
        return NULL;
    }
    return line;
}

enum status transport_take(struct transport *transport, void **owner, struct answer *out)
{
    CURLcode code;
    struct line *line = next_over(transport, &code);
    *owner = NULL;
    *out = (struct answer){.fault = {.offset = -1}};
    if (!line) {
        return STATUS_OK;
    }
    *owner = line->owner;
    hang_up(line);
    return exchange_conclude(&line->exchange, code, line->error, out);
}
