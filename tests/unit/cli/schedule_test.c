/* SPDX-License-Identifier: Apache-2.0 */
/* The reading loop over a plugin made for the test: its batches, its errors, its misbehaviour. */
#include "cli/schedule.h"
#include "cli/sink_ndjson.h"
#include "common/heap.h"
#include "harness/test.h"
#include "rows_fixture.h"

#include <errno.h>
#include <unistd.h>

static const struct rows_texts rows[3] = {
    {{"aa", "converted", "http://e/1", NULL, NULL, "text"}},
    {{"bb", "failed", "http://e/2", "timeout", "no answer", NULL}},
    {{"cc", "refused", "http://e/3", "address_refused", "private", NULL}}};

/* What the plugin does next. */
static struct {
    int batches;    /* that get_next gives before it ends */
    int code;       /* errno value it ends with; 0: the stream's end */
    bool bad_shape; /* a column is shorter than its batch */
    bool has_error; /* reader_error tells more */
    char state[32]; /* that reader_open was given */
    int open_readers;
} plugin;

static void release_nothing(struct ArrowArray *array)
{
    array->release = NULL;
}

static void release_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    (void)stream;
    *out = *rows_make(rows, 3).schema;
    out->release = release_schema;
    return 0;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    (void)stream;
    if (plugin.batches-- <= 0) {
        return plugin.code;
    }
    *out = *rows_make(rows, 3).array;
    out->children[ROWS_BYTES]->length = plugin.bad_shape ? 1 : 3;
    out->release = release_nothing;
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return "the stream's own words";
}

static void release_stream(struct ArrowArrayStream *stream)
{
    stream->release = NULL;
}

static int32_t reader_open(struct quern_source *source, const struct quern_read *read,
                           struct quern_reader **out, struct quern_error *error)
{
    (void)source;
    (void)error;
    (void)snprintf(plugin.state, sizeof plugin.state, "%.*s", (int)read->state.len,
                   read->state.len ? (const char *)read->state.data : "");
    *out = (struct quern_reader *)(void *)&plugin;
    plugin.open_readers++;
    return QUERN_OK;
}

static int32_t reader_stream(struct quern_reader *reader, struct ArrowArrayStream *out,
                             struct quern_error *error)
{
    (void)reader;
    (void)error;
    *out = (struct ArrowArrayStream){.get_schema = get_schema,
                                     .get_next = get_next,
                                     .get_last_error = get_last_error,
                                     .release = release_stream};
    return QUERN_OK;
}

static int32_t reader_state(struct quern_reader *reader, struct quern_bytes *out,
                            struct quern_error *error)
{
    static const char state[] = "{\"at\":3}";
    (void)reader;
    (void)error;
    *out = (struct quern_bytes){(const uint8_t *)state, sizeof state - 1};
    return QUERN_OK;
}

static int32_t reader_error(struct quern_reader *reader, struct quern_error *error)
{
    (void)reader;
    if (plugin.has_error) {
        error->status = QUERN_CORRUPT;
        (void)snprintf(error->message, sizeof error->message, "the split is damaged");
    }
    return plugin.has_error ? QUERN_CORRUPT : QUERN_OK;
}

static void reader_close(struct quern_reader *reader)
{
    (void)reader;
    plugin.open_readers--;
}

static const struct quern_plugin table = {.struct_size = sizeof table,
                                          .reader_open = reader_open,
                                          .reader_stream = reader_stream,
                                          .reader_state = reader_state,
                                          .reader_error = reader_error,
                                          .reader_close = reader_close};

/* A store that remembers what it was told. */
static struct {
    int commits;
    int64_t split;
    char state[32];
} kept;

static bool remember(struct store *store, const struct store_position *position,
                     struct trouble *trouble)
{
    (void)store;
    (void)trouble;
    kept.commits++;
    kept.split = position->split;
    (void)snprintf(kept.state, sizeof kept.state, "%.*s", (int)position->state.len,
                   position->state.len ? position->state.ptr : "");
    return true;
}

static const struct store_type store_type = {.commit = remember};

static bool read_one(struct store_tally *tally, struct trouble *trouble)
{
    struct session session = {.plugin = &table};
    struct store store = {.type = &store_type};
    struct schedule schedule;
    struct record_sink *sink = sink_ndjson_append("/dev/null", trouble);
    progress_open(&session.progress, PROGRESS_QUIET);
    memset(&kept, 0, sizeof kept);
    bool good = sink && schedule_open(&schedule, &session, sink, &store, (const char *[]){"id"}, 1,
                                      trouble);
    if (good) {
        good = schedule_read_split(&schedule, SPAN("split"), 3, trouble);
        *tally = schedule.position.tally;
        schedule_close(&schedule);
    }
    record_sink_close(sink);
    return good;
}

static void set_plugin(int batches, int code)
{
    memset(&plugin, 0, sizeof plugin);
    plugin.batches = batches;
    plugin.code = code;
}

TEST(each_batch_is_committed_with_its_state_and_the_split_with_none)
{
    struct trouble trouble = {0};
    struct store_tally tally = {0};
    set_plugin(2, 0);
    CHECK(read_one(&tally, &trouble));
    CHECK_INT(kept.commits, 3);
    CHECK_INT(kept.split, 1);
    CHECK_STR(str_of(kept.state), STR(""));
    CHECK_INT(plugin.open_readers, 0);
    CHECK_INT(tally.records, 6);
    CHECK_INT(tally.inputs, 6);
    CHECK_INT(tally.failed, 4);
    CHECK_INT(tally.asked, 4);
    CHECK_INT(tally.unanswered, 2);
    trouble_release(&trouble);
}

TEST(a_stop_keeps_what_was_committed)
{
    struct trouble trouble = {0};
    struct store_tally tally = {0};
    set_plugin(1, ECANCELED);
    CHECK(!read_one(&tally, &trouble));
    CHECK_INT(trouble.code, TROUBLE_LATER);
    CHECK_INT(kept.commits, 1);
    CHECK_INT(kept.split, 0);
    CHECK_STR(str_of(kept.state), STR("{\"at\":3}"));
    CHECK_INT(plugin.open_readers, 0);
    trouble_release(&trouble);
}

TEST(an_error_of_the_stream_is_told_in_the_readers_words_or_its_own)
{
    struct trouble trouble = {0};
    struct store_tally tally = {0};
    set_plugin(0, EIO);
    CHECK(!read_one(&tally, &trouble));
    CHECK(strstr(text_string(&trouble.message), "the stream's own words") != NULL);
    trouble_release(&trouble);
    set_plugin(0, EIO);
    plugin.has_error = true;
    CHECK(!read_one(&tally, &trouble));
    CHECK(strstr(text_string(&trouble.message), "the split is damaged") != NULL);
    CHECK_INT(kept.commits, 0);
    trouble_release(&trouble);
}

TEST(a_batch_of_the_wrong_shape_is_not_written)
{
    struct trouble trouble = {0};
    struct store_tally tally = {0};
    set_plugin(1, 0);
    plugin.bad_shape = true;
    CHECK(!read_one(&tally, &trouble));
    CHECK_INT(trouble.code, TROUBLE_INTERNAL);
    CHECK_INT(kept.commits, 0);
    CHECK_INT(plugin.open_readers, 0);
    trouble_release(&trouble);
}

TEST(the_verdict_knows_failed_shares_and_silent_hosts)
{
    const struct store_tally quiet = {.inputs = 4, .failed = 4, .asked = 3, .unanswered = 3};
    const struct store_tally half = {.inputs = 4, .failed = 2, .asked = 4, .unanswered = 2};
    const struct store_tally none = {0};
    CHECK_INT(schedule_verdict(&quiet, 1.0), TROUBLE_UNAVAILABLE);
    CHECK_INT(schedule_verdict(&half, 1.0), TROUBLE_NONE);
    CHECK_INT(schedule_verdict(&half, 0.5), TROUBLE_NONE);
    CHECK_INT(schedule_verdict(&half, 0.49), TROUBLE_DATA);
    CHECK_INT(schedule_verdict(&none, 0.0), TROUBLE_NONE);
}

static int allocations_left;

static bool refuse_later(size_t size_bytes)
{
    (void)size_bytes;
    return allocations_left-- <= 0;
}

TEST(every_refused_allocation_is_trouble_and_closes_the_reader)
{
    int refused = 0;
    for (int n = 0; n < 200; n++) {
        struct trouble trouble = {0};
        struct store_tally tally = {0};
        set_plugin(2, 0);
        heap_refuse = refuse_later;
        allocations_left = n;
        const bool good = read_one(&tally, &trouble);
        heap_refuse = NULL;
        CHECK(good || trouble.code == TROUBLE_INTERNAL);
        CHECK_INT(plugin.open_readers, 0);
        trouble_release(&trouble);
        if (good) {
            break;
        }
        refused++;
    }
    CHECK(refused >= 3 && refused < 200);
}

TEST_MAIN()
