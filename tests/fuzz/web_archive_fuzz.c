/* SPDX-License-Identifier: Apache-2.0 */
/* A web archive of any bytes, as a job reads it: found through once, then each document by its spans.
 * Everything ends, and every document has an address or a fault. */
#include "fuzz.h"

#include "job/web_answer.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

enum { DOCUMENTS_SEEN_MAX = 32 };

static struct settings small_settings(void)
{
    struct settings settings = settings_default();
    settings.content_bytes_max = 1 << 20;
    settings.memory_bytes_max = 1 << 16;
    return settings;
}

static void read_document(const struct settings *settings, const char *path, str spans)
{
    struct arena arena;
    struct web_answer answer;
    arena_init(&arena, 64 << 20);
    const enum status status = web_answer_open(&arena, settings, NULL, path, spans, &answer);
    MUST(status == STATUS_OK || status == STATUS_NO_MEMORY);
    if (status == STATUS_OK) {
        MUST(answer.url.len || answer.fetched.fault.code != FAULT_none);
        blob_close(answer.fetched.content);
    }
    arena_release(&arena);
}

static void read_all(const struct settings *settings, const char *path, struct web_archive *archive)
{
    struct arena arena;
    arena_init(&arena, 16 << 20);
    for (int i = 0; i < DOCUMENTS_SEEN_MAX; i++) {
        const str spans = web_archive_next(archive, &arena);
        if (spans.len == 0) {
            break;
        }
        struct web_span read[WEB_SPANS_MAX];
        MUST(web_spans_read(spans, read) > 0);
        read_document(settings, path, spans);
    }
    arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct settings settings = small_settings();
    struct fault fault = {.offset = -1};
    struct web_archive *archive;
    char path[64];
    const int file = memfd_create("archive", MFD_CLOEXEC);
    MUST(file >= 0 && write(file, data, size) == (ssize_t)size);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    if (web_archive_open(path, &settings, &archive, &fault) == STATUS_OK) {
        read_all(&settings, path, archive);
        web_archive_close(archive);
    }
    (void)close(file);
    return 0;
}
