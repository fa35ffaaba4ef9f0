/* SPDX-License-Identifier: Apache-2.0 */
/* One try of a fire: begun, watched, ended. */
#include "cli/daemon.h"

#include "cli/civil.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOG_TAIL_BYTES = 16384, ARGUMENTS_MAX = 64 };

/* How a run ended, as far as can be known. */
struct ending {
    const char *outcome;
    bool has_summary;
    int64_t exit_code; /* -1: unknown; 128 + n: by signal n */
    int64_t inputs;
    int64_t records;
    int64_t failed;
};

static void log_path(const struct daemon *daemon, int64_t id, struct text *to)
{
    text_add_format(to, "%s.runs/%" PRId64 ".ndjson", daemon->project.path, id);
}

static int open_log(struct daemon *daemon, int64_t id, struct trouble *trouble)
{
    struct text path = {0};
    text_add_format(&path, "%s.runs", daemon->project.path);
    (void)mkdir(text_string(&path), 0777);
    text_clear(&path);
    if (id > DAEMON_LOGS_KEPT) {
        log_path(daemon, id - DAEMON_LOGS_KEPT, &path);
        (void)unlink(text_string(&path));
        text_clear(&path);
    }
    log_path(daemon, id, &path);
    const int log = open(text_string(&path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (log < 0) {
        (void)trouble_set(trouble, TROUBLE_CANNOT_CREATE, "%s: %s", text_string(&path),
                          strerror(errno));
    }
    text_release(&path);
    return log;
}

/* --- begin --- */

static bool fill_arguments(const struct daemon *daemon, const struct daemon_job *job,
                           const char **arguments)
{
    size_t count = 0;
    arguments[count++] = text_string(&daemon->program);
    arguments[count++] = "run";
    arguments[count++] = "--progress=json";
    for (size_t i = 0; i < daemon->args->given_count; i++) {
        const struct args_given *given = &daemon->args->given[i];
        const bool is_set = strcmp(given->option->name, "set") == 0;
        if (is_set || strcmp(given->option->name, "plugin") == 0) {
            if (count + 5 > ARGUMENTS_MAX) {
                return false;
            }
            arguments[count++] = is_set ? "--set" : "--plugin";
            arguments[count++] = given->value;
        }
    }
    arguments[count++] = "--";
    arguments[count++] = job->path;
    arguments[count] = NULL;
    return true;
}

/* The child waits until its lease is on the disk, so that no run is ever at work that no row knows. A
 * parent that dies before that closes the gate without a word. */
static _Noreturn void become_run(const char *const *arguments, int gate, int log)
{
    char word = 0;
    sigset_t none;
    (void)sigemptyset(&none);
    ssize_t len = 0;
    do {
        len = read(gate, &word, 1);
    } while (len < 0 && errno == EINTR);
    if (len == 1 && dup2(log, STDERR_FILENO) == STDERR_FILENO &&
        sigprocmask(SIG_SETMASK, &none, NULL) == 0) {
        (void)execv(arguments[0], (char *const *)(uintptr_t)arguments);
    }
    _exit(126);
}

static pid_t fork_run(const char *const *arguments, int log, int *gate, struct trouble *trouble)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        (void)trouble_set(trouble, TROUBLE_INTERNAL, "a run cannot be started: %s",
                          strerror(errno));
        return -1;
    }
    const pid_t pid = fork();
    if (pid == 0) {
        (void)close(ends[1]);
        become_run(arguments, ends[0], log);
    }
    if (pid < 0) {
        (void)trouble_set(trouble, TROUBLE_INTERNAL, "a run cannot be started: %s",
                          strerror(errno));
        (void)close(ends[1]);
    }
    (void)close(ends[0]);
    *gate = pid < 0 ? -1 : ends[1];
    return pid;
}

/* The row, the fire's outcome, the child behind its gate, its lease. */
static bool enter(struct daemon *daemon, struct daemon_job *job, int64_t due, int64_t now,
                  int *gate, struct trouble *trouble)
{
    struct project *project = &daemon->project;
    const char *arguments[ARGUMENTS_MAX];
    struct daemon_run *run = &job->run;
    run->attempt = 1 + project_integer(project, trouble, 0,
                                       "SELECT max(attempt) FROM run WHERE job = ? AND logical = ?",
                                       "ti", job->file.name, run->logical);
    bool good =
        trouble->code == TROUBLE_NONE &&
        project_do(project, trouble,
                   "INSERT INTO run (job, logical, attempt, due, started, config_hash, version) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?)",
                   "tiiiitt", job->file.name, run->logical, run->attempt, due, now,
                   job->config_hash, QUERN_VERSION) &&
        project_do(project, trouble,
                   "UPDATE fire SET outcome = 'run' WHERE job = ? AND logical = ?", "ti",
                   job->file.name, run->logical);
    run->id = sqlite3_last_insert_rowid(project->handle);
    if (good && !fill_arguments(daemon, job, arguments)) {
        good = trouble_set(trouble, TROUBLE_USAGE, "too many --set");
    }
    const int log = good ? open_log(daemon, run->id, trouble) : -1;
    run->process = (struct project_process){.pid = 0};
    if (log >= 0) {
        const pid_t pid = fork_run(arguments, log, gate, trouble);
        good = pid > 0 && (project_process_read(&run->process, pid) ||
                           trouble_set(trouble, TROUBLE_INTERNAL, "/proc cannot be read"));
        run->process.pid = pid;
        (void)close(log);
    }
    const int64_t timeout = job->file.schedule.timeout_s;
    return log >= 0 && good &&
           project_lease_take(project, job->file.name, run->id, "run", &run->process,
                              timeout ? now + timeout : 0, trouble);
}

static bool begin(struct daemon *daemon, struct daemon_job *job, int64_t logical, int64_t due,
                  int64_t now, struct trouble *trouble)
{
    int gate = -1;
    job->run = (struct daemon_run){
        .logical = logical, .is_child = true, .started = now, .started_at = daemon_monotonic()};
    const bool entered =
        project_begin(&daemon->project, trouble) && enter(daemon, job, due, now, &gate, trouble);
    const bool good = project_end(&daemon->project, entered, trouble);
    if (good) {
        (void)!write(gate, "g",
                     1); /* a child that was killed meanwhile is seen when it is reaped */
    }
    if (gate >= 0) {
        (void)close(gate);
    }
    if (!good) {
        if (job->run.process.pid > 0) {
            (void)waitpid(job->run.process.pid, NULL, 0);
        }
        job->run = (struct daemon_run){0};
    }
    return good;
}

bool daemon_run_start(struct daemon *daemon, struct daemon_job *job, int64_t now,
                      struct trouble *trouble)
{
    if (job->run.id != 0 || daemon->is_stopping) {
        return true;
    }
    sqlite3_stmt *row =
        project_query(&daemon->project, trouble,
                      "SELECT logical, due FROM fire WHERE job = ? AND outcome = 'queued' AND "
                      "due <= ? ORDER BY logical LIMIT 1",
                      "ti", job->file.name, now);
    const bool is_there = project_next(&daemon->project, row, trouble);
    const int64_t logical = is_there ? sqlite3_column_int64(row, 0) : 0;
    const int64_t due = is_there ? sqlite3_column_int64(row, 1) : 0;
    (void)sqlite3_finalize(row);
    return is_there ? begin(daemon, job, logical, due, now, trouble)
                    : trouble->code == TROUBLE_NONE;
}

/* --- end --- */

/* The end of what the run said, as text; it may begin inside a line. */
static bool read_tail(const struct daemon *daemon, int64_t id, char *tail)
{
    struct text path = {0};
    log_path(daemon, id, &path);
    const int log = open(text_string(&path), O_RDONLY | O_CLOEXEC);
    text_release(&path);
    struct stat stat = {0};
    ssize_t len = -1;
    if (log >= 0 && fstat(log, &stat) == 0) {
        const off_t from = stat.st_size > LOG_TAIL_BYTES ? stat.st_size - LOG_TAIL_BYTES : 0;
        len = pread(log, tail, LOG_TAIL_BYTES, from);
    }
    if (log >= 0) {
        (void)close(log);
    }
    tail[len > 0 ? len : 0] = '\0';
    return len > 0;
}

/* The last line that is a summary; behind it may stand why the run ended. NULL: there is none. */
static const char *find_summary(char *tail)
{
    static const char head[] = "{\"event\":\"summary\"";
    const char *found = NULL;
    for (char *line = tail; line && *line;) {
        char *end = strchr(line, '\n');
        if (end && strncmp(line, head, sizeof head - 1) == 0) {
            *end = '\0'; /* a line without its end was cut off */
            found = line;
        }
        line = end ? end + 1 : NULL;
    }
    return found;
}

static void read_summary(struct daemon *daemon, int64_t id, struct ending *ending,
                         struct trouble *trouble)
{
    char tail[LOG_TAIL_BYTES + 1];
    const char *line = read_tail(daemon, id, tail) ? find_summary(tail) : NULL;
    if (!line) {
        return;
    }
    sqlite3_stmt *row =
        project_query(&daemon->project, trouble,
                      "SELECT ?1 ->> 'exit', ?1 ->> 'inputs', ?1 ->> 'records', ?1 ->> 'failed' "
                      "WHERE json_valid(?1)",
                      "t", line);
    ending->has_summary = project_next(&daemon->project, row, trouble);
    if (ending->has_summary) {
        ending->exit_code = sqlite3_column_int64(row, 0);
        ending->inputs = sqlite3_column_int64(row, 1);
        ending->records = sqlite3_column_int64(row, 2);
        ending->failed = sqlite3_column_int64(row, 3);
    }
    (void)sqlite3_finalize(row);
}

static const char *judge(const struct daemon_run *run, int64_t exit_code)
{
    if (exit_code == TROUBLE_NONE) {
        return "succeeded";
    }
    switch (run->stop) {
    case DAEMON_STOP_DAEMON:
        return "stopped";
    case DAEMON_STOP_CANCEL:
        return "cancelled";
    case DAEMON_STOP_TIMEOUT:
        return "timed_out";
    case DAEMON_STOP_NONE:
        break;
    }
    return exit_code < 0 || exit_code >= 128 ? "died"
           : exit_code == TROUBLE_LATER || exit_code == TROUBLE_BUSY
               ? "held" /* by somebody else, or stopped by hand */
               : "failed";
}

/* Whether the same fire is tried again, and when: 0 is never. What a daemon leaves is gone on with. */
static int64_t retry_at(const struct daemon_job *job, const struct ending *ending, int64_t now)
{
    const struct job_schedule *schedule = &job->file.schedule;
    if (strcmp(ending->outcome, "stopped") == 0) {
        return now;
    }
    const bool may_help =
        strcmp(ending->outcome, "died") == 0 || strcmp(ending->outcome, "held") == 0 ||
        (strcmp(ending->outcome, "failed") == 0 &&
         (ending->exit_code == TROUBLE_UNAVAILABLE || ending->exit_code == TROUBLE_CANNOT_WRITE));
    if (!may_help || job->run.attempt > schedule->retries) {
        return 0;
    }
    return job->run.is_child ? now + schedule->retry_after_s : now;
}

static bool write_ending(struct daemon *daemon, struct daemon_job *job, const struct ending *ending,
                         int64_t now, struct trouble *trouble)
{
    struct project *project = &daemon->project;
    const int64_t again = retry_at(job, ending, now);
    bool good = project_begin(project, trouble) &&
                project_do(project, trouble,
                           "UPDATE run SET ended = ?, outcome = ?, exit_code = nullif(?, -1), "
                           "inputs = iif(?4, ?5, NULL), records = iif(?4, ?6, NULL), "
                           "failed = iif(?4, ?7, NULL) WHERE id = ?",
                           "itiiiiii", now, ending->outcome, ending->exit_code,
                           (int64_t)ending->has_summary, ending->inputs, ending->records,
                           ending->failed, job->run.id) &&
                project_lease_drop(project, job->file.name, trouble);
    if (good && again != 0) {
        good = project_do(project, trouble,
                          "UPDATE fire SET outcome = 'queued', due = ?, reason = 'tried again' "
                          "WHERE job = ? AND logical = ?",
                          "iti", again, job->file.name, job->run.logical);
    }
    return project_end(project, good, trouble);
}

static void tell_ending(const struct daemon *daemon, const struct daemon_job *job,
                        const struct ending *ending)
{
    struct text line = {0};
    text_add_format(&line, "%s: ", job->file.name);
    civil_write_time(&line, job->run.logical);
    text_add_format(&line, ": %s after %" PRId64 " s", ending->outcome,
                    daemon_monotonic() - job->run.started_at);
    if (ending->has_summary) {
        text_add_format(&line, ", %" PRId64 " inputs, %" PRId64 " records, %" PRId64 " failed",
                        ending->inputs, ending->records, ending->failed);
    }
    if (strcmp(ending->outcome, "succeeded") != 0) {
        text_add_format(&line, "; exit %" PRId64 ", see ", ending->exit_code);
        log_path(daemon, job->run.id, &line);
    }
    daemon_say(daemon, "%s", text_string(&line));
    text_release(&line);
}

/* `exit_code` -1: only its log can tell. */
static bool finish(struct daemon *daemon, struct daemon_job *job, int64_t exit_code, int64_t now,
                   struct trouble *trouble)
{
    struct ending ending = {.exit_code = exit_code};
    read_summary(daemon, job->run.id, &ending, trouble);
    if (exit_code >= 0) {
        ending.exit_code = exit_code; /* the kernel knows best */
    }
    ending.outcome = judge(&job->run, ending.exit_code);
    const bool good =
        trouble->code == TROUBLE_NONE && write_ending(daemon, job, &ending, now, trouble);
    if (good) {
        tell_ending(daemon, job, &ending);
        job->run = (struct daemon_run){0};
    }
    return good;
}

/* --- watch --- */

void daemon_run_stop(struct daemon_job *job, enum daemon_stop why)
{
    struct daemon_run *run = &job->run;
    if (run->id != 0 && run->stop == DAEMON_STOP_NONE) {
        run->stop = why;
        run->stop_at = daemon_monotonic();
        if (run->is_child || project_process_lives(&run->process)) {
            (void)kill(run->process.pid, SIGTERM);
        }
    }
}

/* An adopted one is nobody's child here: it is gone when it is gone. */
static bool has_ended(struct daemon_run *run, int64_t *exit_code)
{
    int status = 0;
    if (!run->is_child) {
        *exit_code = -1;
        return !project_process_lives(&run->process);
    }
    const pid_t answer = waitpid(run->process.pid, &status, WNOHANG);
    *exit_code = answer < 0            ? -1
                 : WIFEXITED(status)   ? WEXITSTATUS(status)
                 : WIFSIGNALED(status) ? 128 + WTERMSIG(status)
                                       : -1;
    return answer != 0;
}

bool daemon_run_watch(struct daemon *daemon, struct daemon_job *job, int64_t now,
                      struct trouble *trouble)
{
    struct daemon_run *run = &job->run;
    int64_t exit_code = -1;
    if (run->id == 0) {
        return true;
    }
    if (has_ended(run, &exit_code)) {
        return finish(daemon, job, exit_code, now, trouble);
    }
    const int64_t timeout = job->file.schedule.timeout_s;
    if (timeout > 0 && daemon_monotonic() - run->started_at >= timeout) {
        daemon_run_stop(job, DAEMON_STOP_TIMEOUT);
    }
    if (run->stop != DAEMON_STOP_NONE && daemon_monotonic() - run->stop_at >= DAEMON_KILL_SECONDS) {
        (void)kill(run->process.pid, SIGKILL);
    }
    return true;
}

bool daemon_run_recover(struct daemon *daemon, struct daemon_job *job, int64_t now,
                        struct trouble *trouble)
{
    sqlite3_stmt *row = project_query(
        &daemon->project, trouble,
        "SELECT id, logical, attempt, started FROM run WHERE job = ? AND ended IS NULL", "t",
        job->file.name);
    const bool is_there = project_next(&daemon->project, row, trouble);
    if (is_there) {
        job->run = (struct daemon_run){.id = sqlite3_column_int64(row, 0),
                                       .logical = sqlite3_column_int64(row, 1),
                                       .attempt = sqlite3_column_int64(row, 2),
                                       .started = sqlite3_column_int64(row, 3)};
        job->run.started_at = daemon_monotonic() - (now - job->run.started);
    }
    (void)sqlite3_finalize(row);
    int64_t holds = 0;
    if (!is_there) {
        return trouble->code == TROUBLE_NONE;
    }
    if (project_lease_read(&daemon->project, job->file.name, &job->run.process, &holds, trouble) &&
        holds == job->run.id && project_process_lives(&job->run.process)) {
        daemon_say(daemon, "%s: process %" PRIdMAX " is still at work and is taken up again",
                   job->file.name, (intmax_t)job->run.process.pid);
        return true;
    }
    return trouble->code == TROUBLE_NONE && finish(daemon, job, -1, now, trouble);
}
