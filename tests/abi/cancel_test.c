/* SPDX-License-Identifier: Apache-2.0 */
/* Guards that a host gets its thread back while a server says nothing for a minute. The goal is
 * 100 ms, which a benchmark measures; here the bound is generous, for slow machines. */
#include "harness/test.h"
#include "loaded.h"
#include "server.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

enum { BOUND_MS = 5000, HEAD_START_MS = 500 };

static struct loaded loaded;
static const struct quern_plugin *plugin;
static struct server server;

static void nap_ms(int ms)
{
    const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
    (void)nanosleep(&time, NULL);
}

struct blocked {
    struct quern_source *source;
    struct quern_bytes split;
    struct quern_reader *reader;
    struct ArrowArrayStream stream;
    int error;
};

static bool block_on(struct blocked *blocked, const struct quern_host *host, const char *page)
{
    char url[128];
    struct quern_error error = {.struct_size = sizeof error};
    snprintf(url, sizeof url, "http://127.0.0.1:%d/%s", server.port, page);
    *blocked = (struct blocked){0};
    blocked->source = open_source(plugin, host, url, "stall_timeout_ms", "600000", &error);
    blocked->split = first_split(plugin, blocked->source);
    blocked->reader = open_reader(plugin, blocked->source, blocked->split, &error);
    return CHECK(blocked->reader) &&
           CHECK(plugin->reader_stream(blocked->reader, &blocked->stream, &error) == QUERN_OK);
}

static void let_go(struct blocked *blocked)
{
    if (blocked->stream.release) {
        blocked->stream.release(&blocked->stream);
    }
    plugin->reader_close(blocked->reader);
    plugin->source_close(blocked->source);
    free((void *)(uintptr_t)blocked->split.data);
}

static void *pull(void *context)
{
    struct blocked *blocked = context;
    struct ArrowArray array;
    blocked->error = blocked->stream.get_next(&blocked->stream, &array);
    if (!blocked->error && array.release) {
        array.release(&array);
    }
    return NULL;
}

TEST(begin)
{
    loaded = loaded_open();
    plugin = loaded.plugin;
    server = server_open();
    CHECK(server.port > 0);
}

static void check_cancel_while(const char *page)
{
    struct blocked blocked;
    pthread_t thread;
    if (!block_on(&blocked, NULL, page)) {
        return;
    }
    CHECK(pthread_create(&thread, NULL, pull, &blocked) == 0);
    nap_ms(HEAD_START_MS);
    const int64_t start = now_ms();
    plugin->reader_cancel(blocked.reader);
    pthread_join(thread, NULL);
    printf("     %s: cancelled after %" PRId64 " ms\n", page, now_ms() - start);
    CHECK(now_ms() - start < BOUND_MS);
    CHECK_INT(blocked.error, ECANCELED);
    struct quern_error error = {.struct_size = sizeof error};
    CHECK(plugin->reader_error(blocked.reader, &error) == QUERN_CANCELLED);
    CHECK_INT(error.status, QUERN_CANCELLED);
    let_go(&blocked);
    CHECK(now_ms() - start < BOUND_MS);
}

TEST(cancel_wakes_a_reader_while_the_server_stalls_in_the_body)
{
    check_cancel_while("stall?100");
}

TEST(cancel_wakes_a_reader_while_the_server_stalls_before_the_head)
{
    check_cancel_while("stall-head");
}

static bool after_half_a_second(void *context)
{
    const int64_t *start = context;
    return now_ms() - *start > HEAD_START_MS;
}

TEST(the_host_is_asked_while_the_server_stalls)
{
    struct blocked blocked;
    int64_t start = now_ms();
    const struct quern_host host = {
        .struct_size = sizeof host, .context = &start, .is_cancelled = after_half_a_second};
    if (block_on(&blocked, &host, "stall?100")) {
        start = now_ms();
        (void)pull(&blocked);
        const int64_t took = now_ms() - start;
        printf("     asked and stopped after %" PRId64 " ms\n", took);
        CHECK(took >= HEAD_START_MS && took < HEAD_START_MS + BOUND_MS);
        CHECK_INT(blocked.error, ECANCELED);
        let_go(&blocked);
    }
}

TEST(end)
{
    server_close(&server);
    loaded_close(&loaded);
    CHECK(loaded.plugin == NULL);
}

TEST_MAIN()
