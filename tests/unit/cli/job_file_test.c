/* SPDX-License-Identifier: Apache-2.0 */
#include "common/heap.h"
#include "common/job_file.h"
#include "harness/test.h"

static const char whole[] = "name = 'news'\n"
                            "[source]\n"
                            "input = ['http://127.0.0.1/a', \"b \\\" c\"]\n"
                            "[options]\n"
                            "delay_ms = 250\n"
                            "normalise = 'none'\n"
                            "[sink]\n"
                            "kind = 'ndjson'\n"
                            "path = 'out.ndjson'\n"
                            "columns = ['id', 'text']\n"
                            "[run]\n"
                            "fail_above = 0.25\n";

static bool has_option(const struct job_file *job, const char *key, const char *value)
{
    for (size_t i = 0; i < job->option_count; i++) {
        if (strcmp(job->options[i].key, key) == 0 && strcmp(job->options[i].value, value) == 0) {
            return true;
        }
    }
    return false;
}

TEST(a_whole_job_is_read)
{
    struct job_file job;
    struct text error = {0};
    CHECK(job_file_parse(&job, span_of(whole), "jobs/x.toml", &error));
    CHECK_STR(str_of(job.name), STR("news"));
    CHECK_INT(job.option_count, 3);
    CHECK(has_option(&job, "input", "[\"http://127.0.0.1/a\",\"b \\\" c\"]"));
    CHECK(has_option(&job, "delay_ms", "250"));
    CHECK(has_option(&job, "normalise", "none"));
    CHECK(job.sink == JOB_SINK_NDJSON);
    CHECK_STR(str_of(job.sink_path), STR("out.ndjson"));
    CHECK_INT(job.column_count, 2);
    CHECK(job.fail_above > 0.249 && job.fail_above < 0.251);
    CHECK_INT(job_file_line(&job, "delay_ms"), 5);
    CHECK_INT(job_file_line(&job, "input"), 3);
    CHECK_INT(job_file_line(&job, "contact"), 0);
    job_file_release(&job);
    text_release(&error);
}

TEST(the_file_names_the_job)
{
    struct job_file job;
    struct text error = {0};
    CHECK(job_file_parse(&job, SPAN("[source]\ninput='a'\n[sink]\nkind='stdout'\n"),
                         "some/where/notices.toml", &error));
    CHECK_STR(str_of(job.name), STR("notices"));
    CHECK(job.columns == NULL);
    CHECK(job.fail_above > 0.999);
    job_file_release(&job);
    text_release(&error);
}

TEST(every_mistake_names_its_key_and_line)
{
    static const struct {
        const char *text;
        const char *error;
    } cases[] = {
        {"[source]\ninputs = ['a']\n", "j:2: inputs: "},
        {"[source]\ninput = ['a']\n[sink]\nkind = 'parquet'\n", "j:4: kind: "},
        {"[source]\ninput = 5\n[sink]\nkind = 'stdout'\n", "j:2: input: must be a list"},
        {"[source]\ninput_file = ['a']\n[sink]\nkind = 'stdout'\n", "j:2: input_file: must be"},
        {"[source]\ninput = ['a', 1]\n[sink]\nkind = 'stdout'\n", "j:2: every element"},
        {"[source]\ninput = ['a']\n[sink]\nkind = 'sqlite'\n", "j:3: sink: needs path"},
        {"[source]\ninput = ['a']\n[sink]\nkind = 'stdout'\npath = 'x'\n", "j:5: path: "},
        {"[source]\ninput = ['a']\n", "j: names no sink"},
        {"[sink]\nkind = 'stdout'\n", "j: has no input"},
        {"[source]\ninput = ['a']\n[sink]\nkind = 'stdout'\n[run]\nfail_above = 2\n",
         "j:6: fail_above: "},
        {"[source]\ninput = ['a']\n[sink]\nkind = 'stdout'\n[run]\nfail_above = nan\n",
         "j:6: fail_above: "},
        {"[source]\ninput = ['a']\n[sink]\nkind = 'stdout'\n[run]\nstate = 's'\n", "j:6: state: "},
        {"[source]\ninput = ['a']\n[sink]\nkind = 'stdout'\ncolumns = []\n", "j:5: columns: "},
        {"[source]\ninput='a'\n[sink]\nkind='text'\npath='p'\ncolumns=['id']\n", "j:6: columns: "},
        {"[options]\ndelay_ms = 1.5\n[source]\ninput=['a']\n[sink]\nkind='stdout'\n",
         "j:2: delay_ms: "},
        {"[Source]\n", "j:1: Source: is not known"},
        {"source = 1\n", "j:1: source: must be a table"},
        {"name = ''\n", "j:1: name: is empty"},
        {"[source\n", "j:1:8: "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct job_file job;
        struct text error = {0};
        CHECK(!job_file_parse(&job, span_of(cases[i].text), "j", &error));
        if (!CHECK(span_starts(text_span(&error), span_of(cases[i].error)))) {
            (void)fprintf(stderr, "got %s, expected %s\n", text_string(&error), cases[i].error);
        }
        job_file_release(&job);
        text_release(&error);
    }
}

static int allocations_left;

static bool refuse_later(size_t size_bytes)
{
    (void)size_bytes;
    return allocations_left-- <= 0;
}

TEST(every_refused_allocation_is_an_error_and_leaks_nothing)
{
    int refused = 0;
    for (int n = 0; n < 1000; n++) {
        struct job_file job;
        struct text error = {0};
        heap_refuse = refuse_later;
        allocations_left = n;
        const bool good = job_file_parse(&job, span_of(whole), "jobs/x.toml", &error);
        job_file_release(&job);
        text_release(&error);
        heap_refuse = NULL;
        if (good) {
            break;
        }
        refused++;
    }
    CHECK(refused >= 4);
    CHECK(refused < 1000);
}

static void check_schedule_refused(const char *lines, const char *part)
{
    struct job_file job;
    struct text content = {0};
    struct text error = {0};
    text_add_format(
        &content, "[source]\ninput = [\"a\"]\n[sink]\nkind = \"stdout\"\n[schedule]\n%s\n", lines);
    CHECK(!job_file_parse(&job, text_span(&content), "job.toml", &error));
    if (!CHECK(strstr(text_string(&error), part))) {
        (void)fprintf(stderr, "%s: got %s\n", lines, text_string(&error));
    }
    job_file_release(&job);
    text_release(&content);
    text_release(&error);
}

TEST(a_schedule_says_when_and_what_becomes_of_times_that_do_not_fit)
{
    struct job_file job;
    struct text error = {0};
    CHECK(job_file_parse(
        &job,
        SPAN("[source]\ninput = [\"a\"]\n[sink]\nkind = \"stdout\"\n[schedule]\n"
             "cron = \"30 2 * * *\"\nzone = \"Asia/Shanghai\"\noverlap = \"cancel_running\"\n"
             "missed = \"none\"\nwindow = \"2h\"\njitter = \"10m\"\ntimeout = \"1w\"\n"
             "deadman = \"26h\"\nretries = 0\nretry_after = \"90s\"\n"),
        "job.toml", &error));
    CHECK_STR(str_of(job.schedule.cron), STR("30 2 * * *"));
    CHECK_STR(str_of(job.schedule.zone), STR("Asia/Shanghai"));
    CHECK_INT(job.schedule.cron_line, 6);
    CHECK_INT(job.schedule.overlap, JOB_OVERLAP_CANCEL_RUNNING);
    CHECK_INT(job.schedule.missed, JOB_MISSED_NONE);
    CHECK_INT(job.schedule.window_s, 7200);
    CHECK_INT(job.schedule.jitter_s, 600);
    CHECK_INT(job.schedule.timeout_s, 604800);
    CHECK_INT(job.schedule.deadman_s, 93600);
    CHECK_INT(job.schedule.retries, 0);
    CHECK_INT(job.schedule.retry_after_s, 90);
    job_file_release(&job);
    text_release(&error);
}

TEST(a_schedule_that_is_wrong_is_named_with_its_line)
{
    check_schedule_refused("zone = \"UTC\"", "job.toml:5: schedule: needs cron");
    check_schedule_refused("cron = 5", "job.toml:6: cron: must be a cron expression");
    check_schedule_refused("cron = \"@daily\"\nwindow = 5",
                           "job.toml:7: window: must be a duration");
    check_schedule_refused("cron = \"@daily\"\nwindow = \"5\"", "must be a duration");
    check_schedule_refused("cron = \"@daily\"\nwindow = \"5y\"", "must be a duration");
    check_schedule_refused("cron = \"@daily\"\nwindow = \"-5m\"", "must be a duration");
    check_schedule_refused("cron = \"@daily\"\nwindow = \"367d\"", "must be a duration");
    check_schedule_refused("cron = \"@daily\"\nwindow = \"99999999999999999999s\"", "duration");
    check_schedule_refused("cron = \"@daily\"\noverlap = \"both\"", "must be \"skip\"");
    check_schedule_refused("cron = \"@daily\"\nmissed = \"some\"", "must be \"last\"");
    check_schedule_refused("cron = \"@daily\"\nretries = -1", "from 0 to 100");
    check_schedule_refused("cron = \"@daily\"\nat = \"noon\"", "[schedule] takes cron");
}

TEST_MAIN()
