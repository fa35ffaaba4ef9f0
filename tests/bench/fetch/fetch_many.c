/* SPDX-License-Identifier: Apache-2.0 */
/* What fetching costs the client, beside a bare libcurl multi loop in the same program:
 *
 *   bench_fetch_many ours|bare PORT REQUESTS CONNECTIONS PATH     all answers, keep-alive
 *   bench_fetch_many ours-open|bare-open PORT CONNECTIONS CONNECTIONS PATH
 *                                                                  so many answers that are slow to
 *                                                                  come: memory while they are open
 *
 * The web hosts are 127.0.0.1, 127.0.0.2 …, as many as there are connections, or with 64 each.
 * Prints JSON: requests, seconds of CPU and of the clock, kilobytes resident. */
#include "base/memory.h"
#include "fetch/clock.h"
#include "fetch/fetch.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { CONNECTIONS_MAX = 2048, HOST_CONNECTIONS_MAX = 64, OPEN_FOR_MS = 8000, URL_MAX = 128 };

struct task {
    const char *how;
    long port;
    long requests;
    long connections;
    const char *path;
    long hosts;
    bool stays_open;
    long done;
    long failed;
};

static void write_url(const struct task *task, long i, char out[URL_MAX])
{
    const long host = i % task->hosts;
    snprintf(out, URL_MAX, "http://127.0.%ld.%ld:%ld%s", host / 250, 1 + host % 250, task->port,
             task->path);
}

/* --- ours --- */

struct slot {
    struct arena arena;
    struct url url;
};

static bool begin(const struct task *task, struct fetcher *fetcher, struct slot *slot, long i)
{
    char text[URL_MAX];
    write_url(task, i, text);
    arena_reset(&slot->arena);
    const struct fetch_order order = {.url = &slot->url, .arena = &slot->arena, .owner = slot};
    return url_parse(&slot->arena, str_of(text), NULL, &slot->url) == URL_OK &&
           fetch_begin(fetcher, &order) == STATUS_OK;
}

static bool fetch_all(struct task *task, struct fetcher *fetcher, struct slot *slots)
{
    const int64_t deadline_ms = task->stays_open ? clock_ms() + OPEN_FOR_MS : INT64_MAX;
    long begun = 0;
    for (; begun < task->connections; begun++) {
        arena_init(&slots[begun].arena, 1 << 20);
        if (!begin(task, fetcher, &slots[begun], begun)) {
            return false;
        }
    }
    for (;;) {
        struct fetched out;
        bool done = false;
        if (fetch_continue(fetcher, deadline_ms, &done, &out) != STATUS_OK) {
            return false;
        }
        if (!done) {
            return true;
        }
        task->done++;
        task->failed += out.status != STATUS_OK || out.fault.code != FAULT_none;
        blob_close(out.content);
        /* The same host again: its connection is idle now. */
        struct slot *slot = out.owner;
        if (begun < task->requests) {
            if (!begin(task, fetcher, slot, begun++ % task->connections)) {
                return false;
            }
        }
    }
}

static bool run_ours(struct task *task)
{
    static const str loopback[] = {STR_INIT("127.0.0.0/8")};
    struct fault fault;
    struct settings settings = settings_default();
    settings.allow_addresses = (struct str_list){.items = loopback, .count = 1};
    settings.delay_ms = 0;
    settings.connections_max = task->connections;
    settings.connections_per_host = task->connections / task->hosts;
    struct slot *slots = memory_allocate((size_t)task->connections * sizeof *slots);
    struct fetcher *fetcher = fetch_open(&settings, STR(""), NULL, &fault, NULL);
    return slots && fetcher && fetch_all(task, fetcher, slots);
}

/* --- bare --- */

static size_t count_bytes(char *ptr, size_t size, size_t count, void *context)
{
    (void)ptr;
    (void)context;
    return size * count;
}

static bool add(const struct task *task, CURLM *multi, CURL *easy, long i)
{
    char url[URL_MAX];
    write_url(task, i, url);
    return curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK &&
           curl_multi_add_handle(multi, easy) == CURLM_OK;
}

static bool take_done(struct task *task, CURLM *multi, long *begun)
{
    int left = 0;
    const CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        CURL *easy = message->easy_handle;
        task->done++;
        task->failed += message->data.result != CURLE_OK;
        curl_multi_remove_handle(multi, easy);
        if (*begun < task->requests && !add(task, multi, easy, (*begun)++ % task->connections)) {
            return false;
        }
    }
    return true;
}

static bool run_bare(struct task *task)
{
    CURLM *multi = curl_multi_init();
    long begun = 0;
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, task->connections);
    for (; begun < task->connections; begun++) {
        CURL *easy = curl_easy_init();
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, count_bytes);
        if (!easy || !add(task, multi, easy, begun)) {
            return false;
        }
    }
    const int64_t until_ms = clock_ms() + OPEN_FOR_MS;
    while (task->stays_open ? clock_ms() < until_ms : task->done < task->requests) {
        int running = 0;
        if (curl_multi_perform(multi, &running) != CURLM_OK || !take_done(task, multi, &begun) ||
            curl_multi_poll(multi, NULL, 0, 50, NULL) != CURLM_OK) {
            return false;
        }
    }
    return true;
}

/* --- what it came to --- */

static long resident_kb(void)
{
    char line[128];
    long kb = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status)) {
        if (strncmp(line, "VmRSS:", 6) == 0) {
            kb = strtol(line + 6, NULL, 10);
        }
    }
    if (status) {
        fclose(status);
    }
    return kb;
}

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fprintf(stderr, "usage: %s ours|bare|ours-open|bare-open PORT REQUESTS CONNECTIONS PATH\n",
                argv[0]);
        return 64;
    }
    struct task task = {.how = argv[1],
                        .port = strtol(argv[2], NULL, 10),
                        .requests = strtol(argv[3], NULL, 10),
                        .connections = strtol(argv[4], NULL, 10),
                        .path = argv[5]};
    if (task.connections < 1 || task.connections > CONNECTIONS_MAX) {
        fprintf(stderr, "1 to %d connections\n", CONNECTIONS_MAX);
        return 64;
    }
    task.stays_open = strstr(task.how, "open") != NULL;
    task.hosts = task.stays_open
                     ? (task.connections + HOST_CONNECTIONS_MAX - 1) / HOST_CONNECTIONS_MAX
                     : task.connections;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const int64_t before_ms = clock_ms();
    const bool ran = task.how[0] == 'o' ? run_ours(&task) : run_bare(&task);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf(
        "{\"how\": \"%s\", \"done\": %ld, \"failed\": %ld, \"user_s\": %.3f, \"system_s\": %.3f, "
        "\"wall_s\": %.3f, \"resident_kb\": %ld}\n",
        task.how, task.done, task.failed, seconds_of(usage.ru_utime), seconds_of(usage.ru_stime),
        (double)(clock_ms() - before_ms) / 1000, resident_kb());
    return ran ? 0 : 1;
}
