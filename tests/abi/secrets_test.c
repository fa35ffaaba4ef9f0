/* SPDX-License-Identifier: Apache-2.0 */
/* Plants secrets and looks for them in everything that leaves the library: errors, logs, progress,
 * splits, summaries, states and every text of every record. A control shows that the secret was
 * really used: the server that may have it received it. */
#include "harness/test.h"
#include "loaded.h"
#include "server.h"

#include <unistd.h>

#define PLANTED "hunter2" /* part of every secret below */

static struct loaded loaded;
static const struct quern_plugin *plugin;
static struct server server;

/* --- everything that came out --- */

static char *seen;
static size_t seen_len;
static FILE *out;

static void note(const void *data, size_t len)
{
    fwrite(data, 1, len, out);
    fputc('\n', out);
}

static void note_bytes(struct quern_bytes b)
{
    note(b.len ? (const void *)b.data : "", b.len);
}

static void note_error(const struct quern_error *error)
{
    note(error->where, strlen(error->where));
    note(error->message, strlen(error->message));
}

static void on_log(void *context, int32_t level, const char *message, size_t len)
{
    (void)context;
    (void)level;
    note(message, len);
}

static void on_progress(void *context, const struct quern_progress *progress)
{
    (void)context;
    note(progress->current, strlen(progress->current));
}

static const struct quern_host host = {
    .struct_size = sizeof host, .log = on_log, .progress = on_progress};

/* Every text buffer, whatever column it belongs to: three buffers mean text. */
static void note_array(const struct ArrowArray *array)
{
    if (array->n_buffers == 3) {
        const int32_t *offsets = array->buffers[1];
        note(array->buffers[2], (size_t)offsets[array->length]);
    }
    for (int64_t i = 0; i < array->n_children; i++) {
        note_array(array->children[i]);
    }
}

static bool was_seen(const char *what)
{
    fflush(out);
    return memmem(seen, seen_len, what, strlen(what)) != NULL;
}

static void forget(void)
{
    if (out) {
        fclose(out);
    }
    free(seen);
    seen = NULL;
    out = open_memstream(&seen, &seen_len);
}

/* --- one run, from options to the last state --- */

static long read_split(struct quern_source *source, struct quern_bytes split)
{
    struct quern_error error = {.struct_size = sizeof error};
    struct ArrowArrayStream stream;
    struct quern_bytes state;
    long rows = 0;
    struct quern_reader *reader = open_reader(plugin, source, split, &error);
    note_error(&error);
    if (!reader || plugin->reader_stream(reader, &stream, &error) != QUERN_OK) {
        return -1;
    }
    for (;;) {
        struct ArrowArray array;
        if (stream.get_next(&stream, &array) != 0 || !array.release) {
            break;
        }
        rows += array.length;
        note_array(&array);
        array.release(&array);
        CHECK(plugin->reader_state(reader, &state, &error) == QUERN_OK);
        note_bytes(state);
    }
    CHECK(plugin->reader_error(reader, &error) == QUERN_OK);
    const char *last = stream.get_last_error(&stream);
    note(last ? last : "", last ? strlen(last) : 0);
    stream.release(&stream);
    plugin->reader_close(reader);
    return rows;
}

/* Rows, or -1 when something was refused. */
static long run(const struct quern_option *options, size_t count)
{
    struct quern_error error = {.struct_size = sizeof error};
    struct quern_source *source = NULL;
    struct quern_plan *plan = NULL;
    long rows = 0;
    forget();
    if (plugin->source_open(&host, options, count, &source, &error) != QUERN_OK ||
        plugin->source_plan(source, &plan, &error) != QUERN_OK) {
        note_error(&error);
        plugin->source_close(source);
        return -1;
    }
    for (;;) {
        struct quern_split split = {.struct_size = sizeof split};
        if (plugin->plan_next(plan, &split, &error) != QUERN_OK) {
            note_error(&error);
            rows = -1;
            break;
        }
        if (!split.bytes.data) {
            break;
        }
        note_bytes(split.bytes);
        note_bytes(split.summary);
        const long more = read_split(source, split.bytes);
        rows = more < 0 ? -1 : rows + more;
    }
    plugin->plan_close(plan);
    plugin->source_close(source);
    return rows;
}

static char urls[8][160];

static const char *at_server(int slot, const char *before_host, const char *path)
{
    snprintf(urls[slot], sizeof urls[slot], "http://%s127.0.0.1:%d/%s", before_host, server.port,
             path);
    return urls[slot];
}

static const char *server_host(void)
{
    static char text[32];
    snprintf(text, sizeof text, "127.0.0.1:%d", server.port);
    return text;
}

TEST(begin)
{
    loaded = loaded_open();
    plugin = loaded.plugin;
    server = server_open();
    setenv("QUERN_TEST_TOKEN", "Bearer " PLANTED "-from-env", 1);
    CHECK(server.port > 0);
}

static long run_with_secret(const char *reference, const char *allowed, const char *path)
{
    const struct quern_option options[] = {{"input", at_server(0, "", path)},
                                           {"authorization", reference},
                                           {"authorization_hosts", allowed},
                                           {"allow_addresses", "127.0.0.0/8"},
                                           {"delay_ms", "0"}};
    return run(options, sizeof options / sizeof *options);
}

TEST(the_secret_reaches_the_host_it_is_for_and_no_other)
{
    CHECK_INT(run_with_secret("env:QUERN_TEST_TOKEN", server_host(), "echo"), 1);
    CHECK(was_seen("Bearer " PLANTED "-from-env"));
    CHECK_INT(run_with_secret("env:QUERN_TEST_TOKEN", "example.org", "echo"), 1);
    CHECK(was_seen("User-Agent") && !was_seen(PLANTED));
}

TEST(the_secret_of_a_file_reaches_its_host)
{
    char path[] = "/tmp/quern_token_XXXXXX";
    char reference[64];
    const int file = mkstemp(path);
    CHECK(file >= 0 && write(file, "Bearer " PLANTED "-from-file\n", 25) == 25);
    close(file);
    snprintf(reference, sizeof reference, "file:%s", path);
    CHECK_INT(run_with_secret(reference, server_host(), "echo"), 1);
    CHECK(was_seen(PLANTED "-from-file"));
    CHECK_INT(run_with_secret(reference, server_host(), "ok"), 1);
    CHECK(was_seen("grinds on") && !was_seen(PLANTED));
    unlink(path);
    CHECK_INT(run_with_secret(reference, server_host(), "ok"), -1);
    CHECK(was_seen(path) && !was_seen(PLANTED));
}

TEST(nothing_that_leaves_the_library_holds_the_secret)
{
    static const char *const pages[] = {"ok",    "status/500", "status/401", "redirect/3", "loop",
                                        "short", "gzip-bad",   "reset",      "not-http",   "empty"};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        CHECK_INT(run_with_secret("env:QUERN_TEST_TOKEN", server_host(), pages[i]), 1);
        CHECK(was_seen(pages[i]));
        CHECK(!was_seen(PLANTED));
    }
}

TEST(userinfo_is_cut_from_every_url)
{
    static const char *const broken[] = {
        "http://user:" PLANTED "@127.0.0.1:99999/", "http://user:" PLANTED "@/",
        "ftp://user:" PLANTED "@example.org/a",     "http://user:" PLANTED "@[::1/",
        "https://user:" PLANTED "@exa mple.org/",   "http://user:" PLANTED "@127.0.0.1:1/"};
    const struct quern_option options[] = {
        {"input", at_server(1, "user:" PLANTED "@", "ok")},
        {"input", at_server(2, PLANTED "@", "status/404")},
        {"input", at_server(3, "a%40b:" PLANTED "%2F@", "redirect/2")},
        {"allow_addresses", "127.0.0.0/8"},
        {"delay_ms", "0"}};
    CHECK_INT(run(options, sizeof options / sizeof *options), 3);
    CHECK(was_seen("status/404"));
    CHECK(!was_seen(PLANTED));
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        const struct quern_option one[] = {{"input", broken[i]},
                                           {"contact", "tests@example.org"},
                                           {"allow_addresses", "127.0.0.0/8"}};
        (void)run(one, 3);
        if (!CHECK(!was_seen(PLANTED))) {
            fprintf(stderr, "    by: %s\n", broken[i]);
        }
    }
}

TEST(options_in_error_do_not_show_what_was_given)
{
    static const struct quern_option wrong[] = {{"authorization", "Bearer " PLANTED},
                                                {"authorization", "env:" PLANTED "="},
                                                {"proxy", "http://me:" PLANTED "@proxy.example"},
                                                {"delay_ms", PLANTED},
                                                {"allow_addresses", PLANTED},
                                                {"https://me:" PLANTED "@x/", "1"},
                                                {"charset", PLANTED}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const struct quern_option options[] = {{"input", at_server(4, "", "ok")}, wrong[i]};
        (void)run(options, 2);
        if (!CHECK(!was_seen(PLANTED))) {
            fprintf(stderr, "    by: %s\n", wrong[i].key);
        }
    }
}

TEST(bytes_with_a_url_lose_its_userinfo)
{
    struct quern_convert *convert = NULL;
    struct ArrowArrayStream stream;
    struct ArrowArray array;
    const struct quern_input input = {.struct_size = sizeof input,
                                      .data = (const uint8_t *)"some text",
                                      .len = 9,
                                      .url = "http://user:" PLANTED "@example.org/a.txt"};
    forget();
    CHECK(plugin->convert_open(&host, NULL, 0, NULL, 0, &convert, NULL) == QUERN_OK);
    CHECK(plugin->convert_stream(convert, &input, &stream, NULL) == QUERN_OK);
    CHECK_INT(stream.get_next(&stream, &array), 0);
    note_array(&array);
    CHECK(was_seen("example.org/a.txt") && !was_seen(PLANTED));
    array.release(&array);
    stream.release(&stream);
    plugin->convert_close(convert);
}

TEST(end)
{
    fclose(out);
    free(seen);
    server_close(&server);
    loaded_close(&loaded);
    CHECK(loaded.plugin == NULL);
}

TEST_MAIN()
