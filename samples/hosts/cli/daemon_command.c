/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include "cli/daemon.h"
#include "cli/sink_stream.h"

#include <inttypes.h>

enum { NEXT_SHOWN = 5 };

static void print_next(const struct daemon_job *jobs, size_t count, struct trouble *trouble)
{
    struct text output = {0};
    for (size_t i = 0; i < count; i++) {
        int64_t at = daemon_now();
        text_add_format(&output, "%s:", jobs[i].file.name);
        for (int k = 0; k < NEXT_SHOWN; k++) {
            at = cron_next(&jobs[i].cron, &jobs[i].zone, at);
            text_add_string(&output, " ");
            zone_write_time(&output, &jobs[i].zone, at);
        }
        text_add_format(&output, "; each %" PRId64 " s later\n", jobs[i].delay);
    }
    (void)sink_stream_print(&output, trouble);
    text_release(&output);
}

/* No file is named: those that the project knows. */
static bool find_paths(struct daemon *daemon, size_t *count, struct trouble *trouble)
{
    const char **paths = pool_allocate(&daemon->pool, (size_t)DAEMON_JOBS_MAX * sizeof *paths);
    sqlite3_stmt *row = project_query(&daemon->project, trouble,
                                      "SELECT path FROM schedule WHERE active ORDER BY job", "");
    while (paths && *count < DAEMON_JOBS_MAX && project_next(&daemon->project, row, trouble)) {
        const char *path = (const char *)sqlite3_column_text(row, 0);
        paths[*count] = pool_copy(&daemon->pool, span_of(path)).ptr;
        *count += paths[*count] != NULL;
    }
    (void)sqlite3_finalize(row);
    daemon->paths = paths;
    return trouble->code == TROUBLE_NONE &&
           (*count > 0 ||
            trouble_set(trouble, TROUBLE_USAGE, "%s knows no schedule; name job files",
                        daemon->project.path));
}

void schedule_command(const struct args *args, struct trouble *trouble)
{
    struct daemon daemon = {.args = args, .paths = args->operands};
    size_t count = args->operand_count;
    const bool is_dry = args_has(args, "dry-run");
    daemon_notify_open();
    /* Files that are wrong are told before a project is made. */
    struct daemon_job *jobs = count > 0 ? daemon_jobs_read(args->operands, count, trouble) : NULL;
    bool good = count == 0 || jobs;
    if (good && (count == 0 || !is_dry)) {
        good = daemon_open(&daemon, args, daemon_project_path(args), count > 0, trouble);
        daemon.paths = args->operands;
        good = good && (count > 0 || find_paths(&daemon, &count, trouble));
        jobs = good && !jobs ? daemon_jobs_read(daemon.paths, count, trouble) : jobs;
    }
    daemon.jobs = jobs;
    daemon.job_count = jobs ? count : 0;
    if (good && jobs && is_dry) {
        print_next(jobs, count, trouble);
    } else if (good && jobs) {
        daemon_work(&daemon, trouble);
    }
    daemon_close(&daemon);
}
