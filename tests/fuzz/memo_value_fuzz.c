/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what a host's store gives back for a document: reading ends, what is taken up keeps
 * its limits, and what is put afterwards can be read again, whatever becomes of the document. */
#include "fuzz.h"

#include "job/found.h"
#include "job/outcome.h"
#include "job/recall.h"
#include "text/utf8.h"

#define ID "0123456789abcdef0123456789abcdef"

struct shelf {
    bytes value;
    struct arena *arena;
    size_t put_count;
};

static bool get(void *context, str key, struct arena *arena, bytes *value)
{
    const struct shelf *shelf = context;
    MUST(str_equal(key, STR("doc/" ID)));
    *value = arena_copy_bytes(arena, shelf->value);
    return value->ptr != NULL;
}

static bool put(void *context, str key, bytes value)
{
    struct shelf *shelf = context;
    struct recalled again;
    shelf->put_count++;
    MUST(key.len <= MEMO_KEY_BYTES_MAX && value.len <= MEMO_VALUE_BYTES_MAX);
    if (str_starts(key, STR("doc/")) && value.len) {
        MUST(utf8_is_valid(value));
        MUST(recall_read(value, shelf->arena, &again));
        MUST(again.is_known && again.due_s >= 0 && again.interval_s >= 0);
    }
    return true;
}

static void check_limits(const struct recalled *recalled)
{
    const str texts[] = {recalled->validators.url, recalled->validators.etag,
                         recalled->validators.last_modified, recalled->sha256};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        MUST(utf8_is_valid(str_bytes(texts[i])) && texts[i].len <= 8 * 1024);
    }
    MUST(recalled->sha256.len == 0 || recalled->sha256.len == 64);
    MUST(recalled->asked_count >= 0 && recalled->changed_count >= 0 && recalled->due_s >= 0);
}

/* What the page is this time, by a byte of the input. */
static struct found found_of(uint8_t how, const struct recalled *last)
{
    struct found found = {.recalled = *last,
                          .is_recalled = true,
                          .fault = {.offset = -1},
                          .is_unchanged = how & 1,
                          .has_content = !(how & 2),
                          .truncated = how & 4};
    found.provenance.id = STR(ID);
    found.provenance.url = STR("http://a.example/");
    found.provenance.final_url = STR("http://a.example/b");
    found.provenance.etag = how & 8 ? STR("\"v\"") : STR("");
    found.provenance.last_modified = STR("Sun, 06 Nov 1994 08:49:37 GMT");
    found.provenance.content_sha256 =
        how & 16 && last->sha256.len
            ? last->sha256
            : STR("00000000000000000000000000000000000000000000000000000000000000ff");
    return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct recall recall;
    struct recalled last;
    struct settings settings = settings_default();
    const struct job_want want = {.columns = {true}};
    const uint8_t how = size ? data[0] : 0;
    arena_init(&arena, 16 << 20);
    struct shelf shelf = {.value = {.ptr = data + (size > 0), .len = size - (size > 0)},
                          .arena = &arena};
    const struct memo memo = {.context = &shelf, .get = get, .put = put};
    settings.revisit = how & 32 ? STR("due") : settings.revisit;
    MUST(recall_open(&recall, &memo, &settings, &want));
    if (how & 64) {
        memcpy(recall.made, "0000000000000000", RECALL_MADE_LEN); /* so that a seed can name it */
    }
    recall_find(&recall, STR(ID), &arena, &last);
    check_limits(&last);
    (void)recall_is_early(&recall, &last);
    (void)recall_conditions(&recall, &last);
    const struct found found = found_of(how, &last);
    if (recall_begin(&recall, &found) == RECALL_TELL) {
        const struct outcome outcome = {.verdict = how & 128 ? VERDICT_FAILED : VERDICT_CONVERTED};
        if (recall_judge(&recall, &outcome, &found.fault) == RECALL_TELL) {
            recall_commit(&recall);
        }
    }
    MUST(shelf.put_count >= 1);
    recall_release(&recall);
    arena_release(&arena);
    return 0;
}
