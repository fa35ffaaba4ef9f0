/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/daemon.h"

#include "cli/civil.h"
#include "cli/signals.h"

#include "common/heap.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

/* How long it sleeps at most: a clock that is set is seen after that. */
enum { TICK_MS = 1000 };

int64_t daemon_now(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_REALTIME, &now); /* time() may lag behind by a tick of the kernel */
    return (int64_t)now.tv_sec;
}

int64_t daemon_monotonic(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec;
}

void daemon_say(const struct daemon *daemon, const char *format, ...)
{
    struct text line = {0};
    char message[1024];
    va_list values;
    va_start(values, format);
    (void)vsnprintf(message, sizeof message, format, values);
    va_end(values);
    text_add_format(&line, "quern: %s\n", message);
    if (!daemon->is_quiet) {
        (void)!write(STDERR_FILENO, text_string(&line), line.len);
    }
    text_release(&line);
}

/* --- jobs --- */

void daemon_jobs_release(struct daemon_job *jobs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        daemon_job_release(&jobs[i]);
    }
    heap_release(jobs);
}

static bool check_names(const struct daemon_job *jobs, size_t count, struct trouble *trouble)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (strcmp(jobs[i].file.name, jobs[k].file.name) == 0) {
                return trouble_set(trouble, TROUBLE_JOB,
                                   "%s and %s both name their job %s; give one another name",
                                   jobs[k].path, jobs[i].path, jobs[i].file.name);
            }
        }
    }
    return true;
}

/* All files, or none of them counts. */
struct daemon_job *daemon_jobs_read(const char *const *paths, size_t count, struct trouble *trouble)
{
    struct daemon_job *jobs =
        count <= DAEMON_JOBS_MAX ? heap_allocate((count + 1) * sizeof *jobs) : NULL;
    if (!jobs) {
        (void)trouble_set(trouble, TROUBLE_USAGE, "there may be %d jobs", DAEMON_JOBS_MAX);
        return NULL;
    }
    bool good = true;
    size_t read = 0;
    while (good && read < count) {
        good = daemon_job_read(&jobs[read], paths[read], trouble);
        read++;
    }
    if (!good || !check_names(jobs, count, trouble)) {
        daemon_jobs_release(jobs, read);
        return NULL;
    }
    return jobs;
}

/* What is at work goes on under the new file of its job. */
static void take_over(struct daemon_job *jobs, size_t count, const struct daemon *daemon)
{
    for (size_t i = 0; i < daemon->job_count; i++) {
        for (size_t k = 0; daemon->jobs[i].run.id != 0 && k < count; k++) {
            if (strcmp(daemon->jobs[i].file.name, jobs[k].file.name) == 0) {
                jobs[k].run = daemon->jobs[i].run;
            }
        }
    }
}

static bool register_jobs(struct daemon *daemon, struct trouble *trouble)
{
    const int64_t now = daemon_now();
    if (daemon->is_draining) {
        return daemon_run_recover(daemon, &daemon->jobs[0], now, trouble);
    }
    /* 2: was active; what is not registered below is so no longer. */
    bool good = project_do(&daemon->project, trouble,
                           "UPDATE schedule SET active = 2 WHERE active = 1", "");
    for (size_t i = 0; good && i < daemon->job_count; i++) {
        good = daemon_job_register(daemon, &daemon->jobs[i], now, trouble);
    }
    return good && project_do(&daemon->project, trouble,
                              "UPDATE schedule SET active = 0 WHERE active = 2", "");
}

/* A job whose name went away while it was at work keeps the old files: it would have no parent. */
static bool all_at_work_stay(const struct daemon *daemon, const struct daemon_job *jobs,
                             size_t count)
{
    for (size_t i = 0; i < daemon->job_count; i++) {
        bool stays = daemon->jobs[i].run.id == 0;
        for (size_t k = 0; !stays && k < count; k++) {
            stays = strcmp(daemon->jobs[i].file.name, jobs[k].file.name) == 0;
        }
        if (!stays) {
            return false;
        }
    }
    return true;
}

/* SIGHUP: a file that is wrong is told, and the daemon goes on with what it had. */
static bool reload(struct daemon *daemon, struct trouble *trouble)
{
    struct trouble wrong = {0};
    const size_t count = daemon->job_count;
    daemon_notify("RELOADING=1");
    struct daemon_job *jobs = daemon_jobs_read(daemon->paths, count, &wrong);
    if (jobs && !all_at_work_stay(daemon, jobs, count)) {
        (void)trouble_set(&wrong, TROUBLE_LATER, "a job that is at work has another name now");
        daemon_jobs_release(jobs, count);
        jobs = NULL;
    }
    bool good = true;
    if (jobs) {
        take_over(jobs, count, daemon);
        daemon_jobs_release(daemon->jobs, daemon->job_count);
        daemon->jobs = jobs;
        good = register_jobs(daemon, trouble);
        daemon_say(daemon, "the job files were read again");
    } else {
        daemon_say(daemon, "%s; going on with what was read before", text_string(&wrong.message));
    }
    trouble_release(&wrong);
    daemon_notify("READY=1");
    return good;
}

/* --- the loop --- */

static bool tick_job(struct daemon *daemon, struct daemon_job *job, struct trouble *trouble)
{
    const int64_t now = daemon_now();
    bool cancels = false;
    bool good = daemon_run_watch(daemon, job, now, trouble);
    if (good && !daemon->is_stopping && !daemon->is_draining) {
        good = daemon_fires_account(daemon, job, now, &cancels, trouble);
    }
    if (cancels) {
        daemon_run_stop(job, DAEMON_STOP_CANCEL);
    }
    return good && daemon_run_start(daemon, job, now, trouble);
}

static bool is_at_work(const struct daemon *daemon)
{
    for (size_t i = 0; i < daemon->job_count; i++) {
        if (daemon->jobs[i].run.id != 0) {
            return true;
        }
    }
    return false;
}

static bool is_drained(struct daemon *daemon, struct trouble *trouble)
{
    return !is_at_work(daemon) &&
           project_integer(&daemon->project, trouble, 0,
                           "SELECT count(*) FROM fire WHERE job = ? AND outcome = 'queued'", "t",
                           daemon->jobs[0].file.name) == 0;
}

/* Until something comes, or it is time to look at the clock: right behind the next full second. */
static int sleep_ms(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return TICK_MS - (int)(now.tv_nsec / 1000000) + 1;
}

static void stop_runs(struct daemon *daemon)
{
    daemon_notify("STOPPING=1");
    daemon->is_stopping = true;
    for (size_t i = 0; i < daemon->job_count; i++) {
        daemon_run_stop(&daemon->jobs[i], DAEMON_STOP_DAEMON);
    }
}

static bool take_signals(struct daemon *daemon, int signals, struct trouble *trouble)
{
    struct signalfd_siginfo info;
    while (read(signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGHUP && !daemon->is_stopping && !daemon->is_draining) {
            if (!reload(daemon, trouble)) {
                return false;
            }
        } else if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT) {
            stop_runs(daemon);
        }
    }
    return true;
}

/* A full disk passes: nothing is fired or begun meanwhile, and nothing is lost. */
static bool endure(struct daemon *daemon, struct trouble *trouble)
{
    const bool may_pass =
        trouble->code == TROUBLE_CANNOT_WRITE || trouble->code == TROUBLE_CANNOT_CREATE;
    if (may_pass) {
        if (!daemon->is_enduring) {
            daemon_say(daemon, "%s; trying again", text_string(&trouble->message));
        }
        daemon->is_enduring = true;
        trouble_release(trouble);
        *trouble = (struct trouble){0};
    }
    return may_pass;
}

/* Every few seconds, and when it ends. */
static bool measure(struct daemon *daemon, bool is_end, struct trouble *trouble)
{
    const char *path = args_value(daemon->args, "metrics-file");
    const int64_t now = daemon_monotonic();
    const bool is_due =
        is_end || daemon->measured_at == 0 || now - daemon->measured_at >= DAEMON_METRICS_SECONDS;
    if (!path || !is_due) {
        return true;
    }
    daemon->measured_at = now;
    return daemon_metrics_write(daemon, path, daemon_now(), trouble);
}

static bool loop(struct daemon *daemon, int signals, struct trouble *trouble)
{
    struct pollfd ready = {.fd = signals, .events = POLLIN};
    bool good = true;
    if (signals_stop_asked()) { /* before they went to `signals` */
        stop_runs(daemon);
    }
    while (good) {
        bool is_well = true;
        for (size_t i = 0; good && i < daemon->job_count; i++) {
            const bool is_done = tick_job(daemon, &daemon->jobs[i], trouble);
            is_well = is_well && is_done;
            good = is_done || endure(daemon, trouble);
        }
        daemon->is_enduring = daemon->is_enduring && !is_well;
        if (!good || (daemon->is_stopping && !is_at_work(daemon)) ||
            (daemon->is_draining && is_drained(daemon, trouble))) {
            break;
        }
        good = measure(daemon, false, trouble) || endure(daemon, trouble);
        daemon_notify("WATCHDOG=1");
        (void)poll(&ready, 1, sleep_ms());
        good = good && take_signals(daemon, signals, trouble);
    }
    return good && measure(daemon, true, trouble);
}

static int open_signals(struct trouble *trouble)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGHUP);
    (void)sigaddset(&set, SIGCHLD);
    (void)sigprocmask(SIG_BLOCK, &set, NULL);
    const int signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (signals < 0) {
        (void)trouble_set(trouble, TROUBLE_INTERNAL, "signalfd: %s", strerror(errno));
    }
    return signals;
}

/* --- the whole --- */

/* One scheduler a project. */
static bool take_project(struct daemon *daemon, struct trouble *trouble)
{
    struct project_process holder;
    bool good = project_begin(&daemon->project, trouble);
    if (good && project_lease_read(&daemon->project, "", &holder, NULL, trouble) &&
        project_process_lives(&holder)) {
        good = trouble_set(trouble, TROUBLE_LATER, "%s: process %" PRIdMAX " schedules it already",
                           daemon->project.path, (intmax_t)holder.pid);
    }
    good = good && trouble->code == TROUBLE_NONE &&
           project_lease_take(&daemon->project, "", 0, "schedule", &daemon->self, 0, trouble) &&
           project_do(&daemon->project, trouble, "DELETE FROM fire WHERE at < ?", "i",
                      daemon_now() - DAEMON_HISTORY_DAYS * (int64_t)CIVIL_DAY_SECONDS) &&
           project_do(&daemon->project, trouble,
                      "DELETE FROM run WHERE ended < ? AND id NOT IN (SELECT max(id) FROM run "
                      "WHERE outcome = 'succeeded' GROUP BY job)",
                      "i", daemon_now() - DAEMON_HISTORY_DAYS * (int64_t)CIVIL_DAY_SECONDS);
    return project_end(&daemon->project, good, trouble);
}

static bool find_program(struct daemon *daemon, struct trouble *trouble)
{
    char path[PATH_MAX];
    const ssize_t len = readlink("/proc/self/exe", path, sizeof path);
    if (len <= 0 || !project_process_read(&daemon->self, getpid())) {
        return trouble_set(trouble, TROUBLE_INTERNAL, "/proc cannot be read");
    }
    text_add(&daemon->program, (span){path, (size_t)len});
    return true;
}

static void say_next(const struct daemon *daemon, const struct daemon_job *job)
{
    struct text line = {0};
    zone_write_time(&line, &job->zone,
                    cron_next(&job->cron, &job->zone, daemon_now() - job->delay));
    text_add_format(&line, ", %" PRId64 " s after it", job->delay);
    daemon_say(daemon, "%s: next at %s", job->file.name, text_string(&line));
    text_release(&line);
}

void daemon_work(struct daemon *daemon, struct trouble *trouble)
{
    const int signals = open_signals(trouble);
    if (signals < 0) {
        return;
    }
    if (take_project(daemon, trouble)) {
        if (register_jobs(daemon, trouble)) {
            for (size_t i = 0; i < daemon->job_count && !daemon->is_draining; i++) {
                say_next(daemon, &daemon->jobs[i]);
            }
            daemon_notify("READY=1");
            (void)loop(daemon, signals, trouble);
        }
        struct trouble ignored = {0};
        (void)project_lease_drop(&daemon->project, "", &ignored);
        trouble_release(&ignored);
    }
    (void)close(signals);
}

const char *daemon_project_path(const struct args *args)
{
    const char *path = args_value(args, "project");
    return path ? path : PROJECT_DEFAULT_PATH;
}

bool daemon_open(struct daemon *daemon, const struct args *args, const char *project, bool creates,
                 struct trouble *trouble)
{
    *daemon = (struct daemon){.args = args, .is_quiet = args_has(args, "quiet")};
    return find_program(daemon, trouble) &&
           project_open(&daemon->project, project, creates, trouble);
}

void daemon_close(struct daemon *daemon)
{
    daemon_jobs_release(daemon->jobs, daemon->job_count);
    project_close(&daemon->project);
    text_release(&daemon->program);
    pool_release(&daemon->pool);
}

void daemon_drain(struct daemon *daemon, struct daemon_job *job, struct trouble *trouble)
{
    daemon->jobs = job;
    daemon->job_count = 1;
    daemon->is_draining = true;
    daemon_work(daemon, trouble);
    daemon->jobs = NULL;
    daemon->job_count = 0;
}
