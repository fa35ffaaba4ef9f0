/* SPDX-License-Identifier: Apache-2.0 */
/* Guards when a batch leaves and what its state counts, over a job that plays a script: the state
 * after a batch must count the rows that left and not the one that did not fit. */
#include "abi/stream.h"
#include "base/memory.h"
#include "harness/refuse.h"
#include "harness/test.h"

#include <errno.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* --- a job that plays a script --- */

struct step {
    enum job_step step;
    enum status status;
    size_t text_len; /* of the row */
    int sleep_ms;    /* before it is there; a deadline may come first */
    int work_ms;     /* before it is there, and no deadline is looked at */
};

struct job {
    const struct step *script;
    size_t at;
    long row_count;
    bool closed;
    long woken;
    const struct job_watch *watch;
    struct record record;
    char state[32];
};

static char letters[4096];

static void nap(int64_t ms)
{
    const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = (ms % 1000) * 1000000};
    (void)nanosleep(&time, NULL);
}

enum status job_next(struct job *job, int64_t deadline_ms, enum job_step *step,
                     const struct record **out)
{
    const struct step *next = &job->script[job->at];
    if (job->watch->is_cancelled(job->watch->context)) {
        return STATUS_CANCELLED;
    }
    const int64_t left_ms = deadline_ms - monotonic_ms();
    if (next->sleep_ms && left_ms < next->sleep_ms) {
        nap(left_ms > 0 ? left_ms : 0);
        *step = JOB_LATER;
        return STATUS_OK;
    }
    nap(next->sleep_ms + next->work_ms);
    *step = next->step;
    if (next->status != STATUS_OK) {
        job->at++;
        return next->status;
    }
    if (next->step == JOB_RECORD) {
        job->row_count++;
        job->record.cells[COLUMN_text].known = true;
        job->record.cells[COLUMN_text].as.text = (str){.ptr = letters, .len = next->text_len};
        *out = &job->record;
    }
    job->at += next->step != JOB_END;
    return STATUS_OK;
}

str job_state(struct job *job)
{
    snprintf(job->state, sizeof job->state, "%ld%s", job->row_count,
             job->script[job->at].step == JOB_END && !job->script[job->at].sleep_ms ? "." : "");
    return str_of(job->state);
}

void job_wake(struct job *job)
{
    job->woken++;
}

void job_close(struct job *job)
{
    job->closed = true;
}

/* --- the stream over it --- */

static struct job job;
static struct stream stream;
static struct layout layout;
static struct settings settings;
static struct ArrowArrayStream arrow;
static bool let_go_called;

static void let_go(struct stream *self)
{
    let_go_called = true;
    stream_close(self);
}

static void open_stream(const struct step *script, const struct quern_host *host)
{
    static const char *const names[] = {"text"};
    static const struct quern_host nobody = {.struct_size = sizeof nobody};
    CHECK(layout_choose(&layout, names, 1, NULL) == QUERN_OK);
    settings = settings_default();
    let_go_called = false;
    stream_init(&stream, host ? host : &nobody, &settings, &layout, let_go);
    job = (struct job){.script = script, .watch = &stream.job_watch};
    stream.job = &job;
    CHECK(stream_keep_state(&stream, NULL) == QUERN_OK);
    stream_export(&stream, &arrow);
}

static str state(void)
{
    return (str){.ptr = stream.state->text, .len = stream.state->len};
}

/* Rows of the next batch; -1: the end; -2: an error. */
static int64_t next_batch(void)
{
    struct ArrowArray array;
    if (arrow.get_next(&arrow, &array) != 0) {
        CHECK(array.release == NULL);
        return -2;
    }
    if (!array.release) {
        return -1;
    }
    const int64_t length = array.length;
    array.release(&array);
    return length;
}

static void close_stream(void)
{
    arrow.release(&arrow);
    CHECK(arrow.release == NULL && let_go_called && job.closed);
}

TEST(stream_gathers_rows_into_one_batch_and_ends)
{
    static const struct step script[] = {
        {.text_len = 1}, {.text_len = 2}, {.text_len = 3}, {.step = JOB_END}};
    open_stream(script, NULL);
    CHECK_STR(state(), STR("0"));
    CHECK_INT(next_batch(), 3);
    CHECK_STR(state(), STR("3."));
    CHECK_INT(next_batch(), -1);
    CHECK_INT(next_batch(), -1);
    CHECK(arrow.get_last_error(&arrow) == NULL);
    close_stream();
}

TEST(stream_ends_at_once_when_there_are_no_rows)
{
    static const struct step script[] = {{.step = JOB_END}};
    open_stream(script, NULL);
    CHECK_INT(next_batch(), -1);
    close_stream();
}

TEST(stream_lets_a_batch_leave_at_its_rows)
{
    static const struct step script[] = {{.text_len = 1}, {.text_len = 1}, {.text_len = 1},
                                         {.text_len = 1}, {.text_len = 1}, {.step = JOB_END}};
    open_stream(script, NULL);
    settings.batch_rows_max = 2;
    CHECK_INT(next_batch(), 2);
    CHECK_STR(state(), STR("2"));
    CHECK_INT(next_batch(), 2);
    CHECK_STR(state(), STR("4"));
    CHECK_INT(next_batch(), 1);
    CHECK_INT(next_batch(), -1);
    close_stream();
}

TEST(stream_does_not_count_the_row_that_did_not_fit)
{
    static const struct step script[] = {{.text_len = 400}, {.text_len = 500}, {.text_len = 200},
                                         {.text_len = 824}, {.text_len = 1},   {.step = JOB_END}};
    open_stream(script, NULL);
    settings.batch_bytes_max = 1024;
    CHECK_INT(next_batch(), 2);
    CHECK_STR(state(), STR("2"));
    CHECK_INT(job.row_count, 3); /* it was pulled, and waits */
    CHECK_INT(next_batch(), 2);  /* 200 + 824: exactly full */
    CHECK_STR(state(), STR("4"));
    CHECK_INT(next_batch(), 1);
    CHECK_STR(state(), STR("5."));
    close_stream();
}

TEST(stream_lets_a_larger_document_stand_alone)
{
    static const struct step script[] = {{.text_len = 10}, {.text_len = 2000}, {.text_len = 3000},
                                         {.text_len = 10}, {.text_len = 10},   {.step = JOB_END}};
    open_stream(script, NULL);
    settings.batch_bytes_max = 1024;
    CHECK_INT(next_batch(), 1);
    CHECK_STR(state(), STR("1"));
    CHECK_INT(next_batch(), 1);
    CHECK_STR(state(), STR("2"));
    CHECK_INT(next_batch(), 1);
    CHECK_STR(state(), STR("3"));
    CHECK_INT(next_batch(), 2);
    CHECK_STR(state(), STR("5."));
    close_stream();
}

TEST(stream_lets_a_batch_leave_when_it_waited_long_enough)
{
    static const struct step script[] = {
        {.text_len = 1}, {.text_len = 1}, {.text_len = 1, .sleep_ms = 300}, {.step = JOB_END}};
    open_stream(script, NULL);
    settings.batch_wait_ms = 50;
    const int64_t start = monotonic_ms();
    CHECK_INT(next_batch(), 2);
    const int64_t waited = monotonic_ms() - start;
    CHECK(waited >= 50 && waited < 290);
    CHECK_STR(state(), STR("2"));
    CHECK_INT(next_batch(), 1); /* an empty batch waits for its first row however long */
    CHECK(monotonic_ms() - start >= 300);
    CHECK_STR(state(), STR("3."));
    close_stream();
}

TEST(stream_looks_at_the_clock_although_the_job_does_not)
{
    static const struct step script[] = {
        {.text_len = 1, .work_ms = 30}, {.text_len = 1, .work_ms = 30},
        {.text_len = 1, .work_ms = 30}, {.text_len = 1, .work_ms = 30},
        {.text_len = 1, .work_ms = 30}, {.step = JOB_END}};
    open_stream(script, NULL);
    settings.batch_wait_ms = 50;
    const int64_t rows = next_batch();
    CHECK(rows >= 2 && rows <= 3);
    close_stream();
}

TEST(stream_lets_a_full_batch_leave_before_the_next_row_is_there)
{
    static const struct step script[] = {
        {.text_len = 1024}, {.text_len = 1, .sleep_ms = 300}, {.step = JOB_END}};
    open_stream(script, NULL);
    settings.batch_bytes_max = 1024;
    const int64_t start = monotonic_ms();
    CHECK_INT(next_batch(), 1);
    CHECK(monotonic_ms() - start < 250);
    close_stream();
}

TEST(stream_without_waiting_gives_each_row_at_once)
{
    static const struct step script[] = {{.text_len = 1}, {.text_len = 1}, {.step = JOB_END}};
    open_stream(script, NULL);
    settings.batch_wait_ms = 0;
    CHECK_INT(next_batch(), 1);
    CHECK_STR(state(), STR("1"));
    CHECK_INT(next_batch(), 1);
    CHECK_INT(next_batch(), -1);
    close_stream();
}

TEST(stream_moves_its_state_past_documents_without_rows)
{
    static const struct step script[] = {{.text_len = 1}, {.step = JOB_END, .sleep_ms = 1}};
    open_stream(script, NULL);
    settings.batch_rows_max = 1;
    CHECK_INT(next_batch(), 1);
    CHECK_STR(state(), STR("1"));
    job.row_count = 9;
    CHECK_INT(next_batch(), -1);
    CHECK_STR(state(), STR("9"));
    close_stream();
}

TEST(stream_that_was_cancelled_says_so_from_then_on)
{
    static const struct step script[] = {{.text_len = 1}, {.text_len = 1}, {.step = JOB_END}};
    struct ArrowArray array;
    open_stream(script, NULL);
    settings.batch_rows_max = 1;
    CHECK_INT(next_batch(), 1);
    stream_cancel(&stream);
    stream_cancel(&stream);
    CHECK_INT(job.woken, 2);
    CHECK_INT(arrow.get_next(&arrow, &array), ECANCELED);
    CHECK_INT(arrow.get_next(&arrow, &array), ECANCELED);
    CHECK_STR(str_of(arrow.get_last_error(&arrow)), STR("cancelled"));
    CHECK_INT(stream.error.status, QUERN_CANCELLED);
    CHECK_STR(state(), STR("1"));
    close_stream();
}

static long asked;

static bool cancel_at_third_question(void *context)
{
    CHECK(context == &asked);
    return ++asked >= 3;
}

TEST(stream_asks_the_host_whether_to_go_on)
{
    static const struct step script[] = {{.text_len = 1, .sleep_ms = 10},
                                         {.text_len = 1, .sleep_ms = 10},
                                         {.text_len = 1, .sleep_ms = 10},
                                         {.text_len = 1, .sleep_ms = 10},
                                         {.step = JOB_END}};
    const struct quern_host host = {
        .struct_size = sizeof host, .context = &asked, .is_cancelled = cancel_at_third_question};
    struct ArrowArray array;
    asked = 0;
    open_stream(script, &host);
    CHECK_INT(arrow.get_next(&arrow, &array), ECANCELED);
    CHECK_INT(asked, 3);
    CHECK_INT(arrow.get_next(&arrow, &array), ECANCELED);
    CHECK_INT(asked, 3); /* once yes, it is not asked again */
    CHECK_STR(state(), STR("0"));
    close_stream();
}

TEST(stream_answers_errno_values_and_tells_why)
{
    static const struct {
        enum status status;
        int number;
        int32_t told;
    } cases[] = {{STATUS_NO_MEMORY, ENOMEM, QUERN_NO_MEMORY},
                 {STATUS_FAILED, EIO, QUERN_IO},
                 {STATUS_LIMIT, EIO, QUERN_LIMIT},
                 {STATUS_CANCELLED, ECANCELED, QUERN_CANCELLED},
                 {STATUS_INTERNAL, EINVAL, QUERN_INTERNAL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct step script[] = {
            {.text_len = 1}, {.status = cases[i].status}, {.text_len = 1}, {.step = JOB_END}};
        struct ArrowArray array;
        open_stream(script, NULL);
        CHECK_INT(arrow.get_next(&arrow, &array), cases[i].number);
        CHECK_INT(arrow.get_next(&arrow, &array), cases[i].number); /* there is no going on */
        CHECK_INT(stream.error.status, cases[i].told);
        CHECK(arrow.get_last_error(&arrow) != NULL);
        CHECK_STR(state(), STR("0"));
        close_stream();
    }
}

TEST(stream_opened_before_a_fork_refuses_in_the_child)
{
    static const struct step script[] = {{.text_len = 1}, {.step = JOB_END}};
    open_stream(script, NULL);
    const pid_t child = fork();
    if (child == 0) {
        struct ArrowArray array;
        const bool refused =
            arrow.get_next(&arrow, &array) == EINVAL && stream.error.status == QUERN_INVALID_STATE;
        arrow.release(&arrow);
        _exit(refused && !job.closed ? 0 : 1);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    CHECK_INT(next_batch(), 1);
    close_stream();
}

static long told_count;
static int64_t told_done;
static char told_current[WATCH_CURRENT_BYTES_MAX];

static void tell(void *context, const struct quern_progress *progress)
{
    (void)context;
    CHECK_INT(progress->struct_size, sizeof *progress);
    told_count++;
    told_done = progress->documents_done;
    snprintf(told_current, sizeof told_current, "%s", progress->current);
}

TEST(watch_tells_progress_ten_times_a_second_and_at_each_document)
{
    const struct quern_host host = {.struct_size = sizeof host, .progress = tell};
    static struct watch watch;
    struct job_progress progress = {.documents_total = 9, .current = STR("a/文")};
    watch_init(&watch, &host);
    told_count = 0;
    for (int i = 0; i < 1000; i++) {
        watch_progress(&watch, &progress);
    }
    CHECK_INT(told_count, 1);
    CHECK_STR(str_of(told_current), STR("a/文"));
    progress.documents_done = 1;
    watch_progress(&watch, &progress);
    CHECK_INT(told_count, 2);
    nap(110);
    watch_progress(&watch, &progress);
    watch_progress(&watch, &progress);
    CHECK_INT(told_count, 3);
    CHECK_INT(told_done, 1);
}

TEST(watch_cuts_what_it_tells_between_code_points)
{
    const struct quern_host host = {.struct_size = sizeof host, .progress = tell};
    static struct watch watch;
    static char name[WATCH_CURRENT_BYTES_MAX + 8];
    for (size_t i = 0; i + 3 <= sizeof name; i += 3) {
        memcpy(name + i, "文", 3);
    }
    watch_init(&watch, &host);
    watch_progress(&watch,
                   &(struct job_progress){.current = {.ptr = name, .len = sizeof name / 3 * 3}});
    CHECK(strlen(told_current) % 3 == 0);
    CHECK(strlen(told_current) > WATCH_CURRENT_BYTES_MAX - 4);
}

TEST(stream_without_memory_says_so_and_leaks_nothing)
{
    static const struct step script[] = {{.text_len = 100}, {.text_len = 4000}, {.step = JOB_END}};
    long failed = 0;
    memset(letters, 'a', sizeof letters);
    for (long n = 1;; n++) {
        struct ArrowArray array;
        open_stream(script, NULL);
        refuse_from(n, false);
        const int error = arrow.get_next(&arrow, &array);
        const long refused = refuse_refused();
        refuse_stop();
        CHECK(error == (refused ? ENOMEM : 0));
        failed += error != 0;
        if (array.release) {
            array.release(&array);
        }
        close_stream();
        if (!refused) {
            break;
        }
    }
    CHECK(failed > 2);
}

TEST_MAIN()
