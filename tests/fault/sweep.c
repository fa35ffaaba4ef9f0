/* SPDX-License-Identifier: Apache-2.0 */
/* What can go wrong around a document, tried at every place of every golden input:
 *
 *   memory   the n-th allocation is refused: a clean error, or rows that say so; never rows that
 *            look whole and are not
 *   cut      the content ends after n bytes: always a record
 *   chunks   the content arrives in one-byte pieces, in memory and in a file: the same rows
 *   cancel   the answer to the n-th question is stop: cancelled, or the whole answer
 *
 *   sweep [--all] FOLDER…
 *
 * Every place of inputs up to 4 KiB, 500 drawn with a fixed seed above that. Without --all each
 * sweep of an input stops after half a second of CPU time, in an order drawn with the same seed,
 * and says how far it came. A sweep in which nothing was refused or cancelled fails: it swept
 * nothing.
 */
#include "base/blob.h"
#include "harness/inputs.h"
#include "harness/refuse.h"
#include "harness/rows.h"
#include "job/job.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

enum { EXHAUSTIVE_BYTES = 4096, DRAWN_POSITIONS = 500 };

struct outcome {
    int32_t status; /* of the open calls */
    int error;      /* of the stream */
    long row_count;
    long problem_count;
    uint64_t digest; /* of ids, verdicts and texts */
    bool says_so;    /* a row is not converted */
};

struct sweep {
    bool all;
    const struct input *input;
    struct outcome whole; /* without any fault */
    long failure_count;
    long input_count;
    clock_t started;
};

static void digest(struct outcome *outcome, str s)
{
    for (size_t i = 0; i < s.len; i++) {
        outcome->digest = (outcome->digest ^ (uint8_t)s.ptr[i]) * UINT64_C(0x100000001b3);
    }
    outcome->digest = (outcome->digest ^ 0xFF) * UINT64_C(0x100000001b3);
}

static void take_row(void *context, const struct row *row)
{
    static const char *const columns[] = {"id", "member", "status", "error_code", "title", "text"};
    struct outcome *outcome = context;
    str value;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        digest(outcome, row_text(row, columns[i], &value) ? value : STR("\1null"));
    }
    if (row_text(row, "status", &value) && !str_equal(value, STR("converted"))) {
        outcome->says_so = true;
    }
}

static struct outcome convert(const struct input *input, const uint8_t *data, size_t len)
{
    struct outcome outcome = {.digest = UINT64_C(0xcbf29ce484222325)};
    struct rows rows = {.each = take_row, .context = &outcome};
    outcome.status = input_convert(input, data, len, NULL, &rows);
    outcome.error = rows.error;
    outcome.row_count = rows.row_count;
    outcome.problem_count = rows.problem_count;
    return outcome;
}

static bool is_same(const struct outcome *a, const struct outcome *b)
{
    return a->status == QUERN_OK && a->error == 0 && a->row_count == b->row_count &&
           a->digest == b->digest;
}

static bool holds(struct sweep *sweep, bool condition, const char *kind, size_t place,
                  const struct outcome *outcome)
{
    if (!condition) {
        sweep->failure_count++;
        fprintf(stderr,
                "%s: %s at %zu: status %d, errno %d, %ld rows, %ld rules broken, %s as whole\n",
                sweep->input->path, kind, place, (int)outcome->status, outcome->error,
                outcome->row_count, outcome->problem_count,
                is_same(outcome, &sweep->whole) ? "same" : "not the same");
    }
    return condition;
}

/* xorshift64*: the same draw on every machine. */
static uint64_t draw(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(0x2545F4914F6CDD1D);
}

struct places {
    size_t *items;
    size_t count;
    size_t total;
    size_t done;
};

/* 0 … total - 1 in a drawn order, all of them or the first 500. */
static struct places places_draw(size_t total, bool exhaustive)
{
    struct places places = {.items = calloc(total + 1, sizeof *places.items), .total = total};
    uint64_t state = UINT64_C(20260101);
    for (size_t i = 0; i < total; i++) {
        const size_t with = draw(&state) % (i + 1);
        places.items[i] = places.items[with];
        places.items[with] = i;
    }
    places.count = exhaustive || total < DRAWN_POSITIONS ? total : DRAWN_POSITIONS;
    return places;
}

/* The next place, as long as this sweep's time lasts; at least one. */
static bool places_next(struct sweep *sweep, struct places *places, size_t *out)
{
    const bool late = clock() - sweep->started > CLOCKS_PER_SEC / 2;
    if (places->done == places->count || (late && places->done && !sweep->all)) {
        return false;
    }
    *out = places->items[places->done++];
    return true;
}

static void begin(struct sweep *sweep)
{
    sweep->started = clock();
}

static void end(struct places *places, const char *kind)
{
    printf(", %s %zu of %zu", kind, places->done, places->total);
    free(places->items);
}

static void sweep_memory(struct sweep *sweep)
{
    const struct input *input = sweep->input;
    size_t n = 0;
    long refused = 0;
    begin(sweep);
    refuse_from(0, false);
    (void)convert(input, input->data, input->len);
    const long asked = refuse_asked();
    struct places places = places_draw((size_t)asked, asked <= EXHAUSTIVE_BYTES);
    while (places_next(sweep, &places, &n)) {
        for (int all_after = 0; all_after < 2; all_after++) {
            refuse_from((long)n + 1, all_after);
            const struct outcome outcome = convert(input, input->data, input->len);
            refused += refuse_refused();
            refuse_stop();
            const bool clean = outcome.status == QUERN_NO_MEMORY || outcome.error == ENOMEM;
            const bool told = outcome.status == QUERN_OK && outcome.error == 0 &&
                              outcome.row_count > 0 && outcome.says_so;
            holds(sweep,
                  outcome.problem_count == 0 && (clean || told || is_same(&outcome, &sweep->whole)),
                  "memory refused", n + 1, &outcome);
        }
    }
    refuse_stop();
    holds(sweep, refused > 0, "memory was never refused", 0, &sweep->whole);
    end(&places, "allocations");
}

/* Each cut in memory of exactly its size, so that ASan sees a read behind the end. */
static void sweep_cuts(struct sweep *sweep)
{
    const struct input *input = sweep->input;
    size_t n = 0;
    begin(sweep);
    struct places places = places_draw(input->len, input->len <= EXHAUSTIVE_BYTES);
    while (places_next(sweep, &places, &n)) {
        uint8_t *cut = malloc(n ? n : 1);
        memcpy(cut, input->data, n);
        const struct outcome outcome = convert(input, cut, n);
        holds(sweep,
              outcome.status == QUERN_OK && outcome.error == 0 && outcome.row_count > 0 &&
                  outcome.problem_count == 0,
              "cut", n, &outcome);
        free(cut);
    }
    end(&places, "cuts");
}

static void sweep_chunks(struct sweep *sweep)
{
    const struct input *input = sweep->input;
    const size_t memory_max[] = {0, input->len / 2, input->len};
    for (size_t i = 0; i < sizeof memory_max / sizeof *memory_max; i++) {
        struct blob *blob = blob_open(memory_max[i], SIZE_MAX);
        enum status status = STATUS_OK;
        for (size_t at = 0; at < input->len && status == STATUS_OK; at++) {
            status = blob_write(blob, (bytes){.ptr = input->data + at, .len = 1});
        }
        status = status == STATUS_OK ? blob_seal(blob) : status;
        const bytes content = blob_content(blob);
        const struct outcome outcome = convert(input, content.ptr, content.len);
        holds(sweep,
              status == STATUS_OK && content.len == input->len && is_same(&outcome, &sweep->whole),
              "one byte at a time, in memory up to", memory_max[i], &outcome);
        blob_close(blob);
    }
}

struct asker {
    int64_t asked;
    int64_t stop_at; /* from this question on: stop; 0: never */
};

static bool is_cancelled(void *context)
{
    struct asker *asker = context;
    asker->asked++;
    return asker->stop_at && asker->asked >= asker->stop_at;
}

/* One floor below the ABI, which passes on a question every few milliseconds only: here each of
 * them counts. `*rows`: made before the end or the stop. */
static enum status read_job(const struct input *input, struct asker *asker, long *rows)
{
    const struct settings settings = settings_default();
    const struct job_input about = {.content = {.ptr = input->data, .len = input->len},
                                    .name = str_of(input->about.name),
                                    .media_type = str_of(input->about.media_type)};
    const struct job_watch watch = {.context = asker, .is_cancelled = is_cancelled};
    struct job_want want;
    struct fault fault = {0};
    enum job_step step = JOB_RECORD;
    enum status status = STATUS_OK;
    memset(want.columns, true, sizeof want.columns);
    *rows = 0;
    struct job *job = job_open_bytes(&settings, &about, &want, &watch, &fault);
    while (job && status == STATUS_OK && step != JOB_END) {
        const struct record *record;
        status = job_next(job, INT64_MAX, &step, &record);
        *rows += status == STATUS_OK && step == JOB_RECORD;
    }
    status = job ? status : STATUS_NO_MEMORY;
    job_close(job);
    return status;
}

static void sweep_cancel(struct sweep *sweep)
{
    struct asker asker = {0};
    struct outcome outcome = {0};
    long whole = 0;
    size_t n = 0;
    long cancelled = 0;
    begin(sweep);
    const enum status unasked = read_job(sweep->input, &asker, &whole);
    holds(sweep, unasked == STATUS_OK && whole > 0, "never cancelled", 0, &outcome);
    struct places places = places_draw((size_t)asker.asked, asker.asked <= EXHAUSTIVE_BYTES);
    while (places_next(sweep, &places, &n)) {
        asker = (struct asker){.stop_at = (int64_t)n + 1};
        const enum status status = read_job(sweep->input, &asker, &outcome.row_count);
        const bool stopped = status == STATUS_CANCELLED;
        cancelled += stopped;
        holds(sweep, stopped || (status == STATUS_OK && outcome.row_count == whole),
              "cancelled at question", n + 1, &outcome);
    }
    holds(sweep, cancelled > 0, "nothing was ever cancelled", places.total, &outcome);
    end(&places, "questions");
}

static void take(void *context, struct input *input)
{
    struct sweep *sweep = context;
    const long failures_before = sweep->failure_count;
    sweep->input = input;
    sweep->input_count++;
    sweep->whole = convert(input, input->data, input->len);
    printf("%s", input->path);
    if (holds(sweep,
              sweep->whole.status == QUERN_OK && sweep->whole.error == 0 &&
                  sweep->whole.row_count > 0 && sweep->whole.problem_count == 0,
              "without a fault", input->len, &sweep->whole)) {
        sweep_memory(sweep);
        sweep_cuts(sweep);
        sweep_chunks(sweep);
        sweep_cancel(sweep);
    }
    printf(": %s\n", sweep->failure_count == failures_before ? "ok" : "FAIL");
    fflush(stdout);
}

int main(int argc, char **argv)
{
    struct sweep sweep = {0};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--all") == 0) {
            sweep.all = true;
        } else if (!inputs_each(argv[i], take, &sweep)) {
            fprintf(stderr, "%s: no inputs, or one of them cannot be read\n", argv[i]);
            sweep.failure_count++;
        }
    }
    printf("%ld inputs swept, %ld failures\n", sweep.input_count, sweep.failure_count);
    return sweep.failure_count || !sweep.input_count;
}
