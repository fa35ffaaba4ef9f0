/* SPDX-License-Identifier: Apache-2.0 */
/* tests/e2e/server.py as a child of a test program, and one fetch from it in a line:
 *
 *   struct fetch_case c = fetch_case_open();
 *   fetch_path(&c, "/ok");      look at c.out and c.text
 *   fetch_case_close(&c);
 *
 * The child is ended by its id when the program ends, and ends by itself when we die first.
 */
#ifndef UNIT_FETCH_SERVER_H
#define UNIT_FETCH_SERVER_H

#include "fetch/clock.h"
#include "fetch/fetch.h"
#include "harness/test.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

struct fetch_case {
    struct fetch_known known; /* its url empty: nothing is */
    struct settings settings;
    struct fetch_watch watch;
    str authorization;
    struct fetcher *fetcher; /* opened by the first fetch */
    struct fault open_fault;
    struct arena arena;
    struct fetched out; /* of the last fetch */
    enum status status;
    str text; /* its content; empty without one */
    int64_t took_ms;
};

struct server {
    pid_t pid;
    int input; /* its standard input: closed when we end */
    int port;  /* 0: it could not be started */
};

enum { SERVERS_MAX = 3 };
static struct server servers[SERVERS_MAX];

static inline void servers_end(void)
{
    for (int i = 0; i < SERVERS_MAX; i++) {
        if (servers[i].pid > 0) {
            close(servers[i].input);
            kill(servers[i].pid, SIGKILL);
            waitpid(servers[i].pid, NULL, 0);
        }
    }
}

static inline int read_port(int from)
{
    int port = 0;
    FILE *answer = fdopen(from, "r");
    if (answer && fscanf(answer, "port %d", &port) != 1) {
        port = 0;
    }
    if (answer) {
        fclose(answer);
    }
    return port;
}

/* `arguments` as of execv, with "python3", "tests/e2e/server.py" at its head. */
static inline void server_start(struct server *server, const char *const *arguments)
{
    int in[2];
    int out[2];
    if (pipe(in) != 0 || pipe(out) != 0 || (server->pid = fork()) < 0) {
        return;
    }
    if (server->pid == 0) {
        union {
            const char *const *lent;
            char *const *taken;
        } argv = {.lent = arguments};
        dup2(in[0], 0);
        dup2(out[1], 1);
        close(in[1]);
        close(out[0]);
        execvp("python3", argv.taken);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    server->input = in[1];
    server->port = read_port(out[0]);
    atexit(servers_end);
}

/* 0: it cannot be started, and every test that needs it fails. */
static inline int server_port(void)
{
    static const char *const arguments[] = {"python3", "tests/e2e/server.py", NULL};
    if (!servers[0].pid) {
        server_start(&servers[0], arguments);
    }
    return servers[0].port;
}

/* The same over TLS. */
static inline int tls_server_port(const char *certificate, const char *key)
{
    const char *const arguments[] = {"python3", "tests/e2e/server.py", "--tls", certificate, key,
                                     NULL};
    if (!servers[1].pid) {
        server_start(&servers[1], arguments);
    }
    return servers[1].port;
}

/* Loopback allowed, nothing to wait for, short clocks. */
static inline struct fetch_case fetch_case_open(void)
{
    static const str loopback[] = {STR_INIT("127.0.0.0/8"), STR_INIT("::1")};
    struct fetch_case fetch = {.settings = settings_default()};
    fetch.settings.allow_addresses = (struct str_list){.items = loopback, .count = 2};
    fetch.settings.delay_ms = 0;
    arena_init(&fetch.arena, 64 << 20);
    return fetch;
}

static inline void fetch_case_reset(struct fetch_case *fetch)
{
    blob_close(fetch->out.content);
    arena_reset(&fetch->arena);
    fetch->out = (struct fetched){.content = NULL};
    fetch->text = STR("");
}

/* From beginning to end, without a deadline. */
static inline enum status fetch_whole(struct fetcher *fetcher, const struct url *url,
                                      const struct fetch_known *known, struct arena *arena,
                                      struct fetched *out)
{
    bool done = false;
    const struct fetch_order order = {.url = url, .known = known, .arena = arena, .owner = arena};
    TRY(fetch_begin(fetcher, &order));
    const enum status status = fetch_continue(fetcher, INT64_MAX, &done, out);
    if (status != STATUS_OK || !CHECK(done && out->owner == arena)) {
        fetch_abandon(fetcher, arena);
        return status;
    }
    return out->status;
}

static inline void fetch_url(struct fetch_case *fetch, const char *text)
{
    struct url url;
    fetch_case_reset(fetch);
    fetch->status = STATUS_INTERNAL;
    if (!fetch->fetcher) {
        fetch->fetcher = fetch_open(&fetch->settings, fetch->authorization, &fetch->watch,
                                    &fetch->open_fault, NULL);
    }
    if (!CHECK(fetch->fetcher != NULL) ||
        !CHECK_INT(url_parse(&fetch->arena, str_of(text), NULL, &url), URL_OK)) {
        return;
    }
    const int64_t before_ms = clock_ms();
    fetch->status = fetch_whole(fetch->fetcher, &url, fetch->known.url.len ? &fetch->known : NULL,
                                &fetch->arena, &fetch->out);
    fetch->took_ms = clock_ms() - before_ms;
    if (fetch->out.content) {
        const bytes content = blob_content(fetch->out.content);
        fetch->text = (str){.ptr = (const char *)content.ptr, .len = content.len};
    }
}

static inline void fetch_path(struct fetch_case *fetch, const char *path)
{
    char url[4096];
    snprintf(url, sizeof url, "http://127.0.0.1:%d%s", server_port(), path);
    fetch_url(fetch, url);
}

static inline void fetch_case_close(struct fetch_case *fetch)
{
    fetch_case_reset(fetch);
    fetch_close(fetch->fetcher);
    arena_release(&fetch->arena);
}

/* What tests expect of the fault, with the message shown when it is another one. */
static inline bool check_fault(const struct fetch_case *fetch, enum fault_code code)
{
    const bool holds = CHECK_STR(fault_code_name(fetch->out.fault.code), fault_code_name(code));
    if (!holds) {
        fprintf(stderr, "  the fault says: %s\n", fetch->out.fault.message);
    }
    return holds;
}

#endif
