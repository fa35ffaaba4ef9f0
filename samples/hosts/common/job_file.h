/* SPDX-License-Identifier: Apache-2.0 */
/* A job file: what to convert, how, and where the records go.
 *
 *   name = "notices"                      # names the job's state; default: the file's name
 *   [source]
 *   input = ["https://example.org/a", "folder"]
 *   input_file = "urls.txt"
 *   [options]                             # any option of the plugin
 *   contact = "me@example.org"
 *   [sink]
 *   kind = "sqlite"                       # sqlite, postgresql, ndjson, text, markdown or stdout
 *   path = "records.db"                   # paths are relative to where the command runs
 *   columns = ["id", "title", "text"]
 *   # in place of path, for postgresql:
 *   connection = "env:NAME"               # or file:PATH: where the connection string stands
 *   wait = "1m"                           # how long a server that is away is waited for
 *   [run]
 *   fail_above = 0.1                      # share of failed inputs above which the run fails
 *   state = "records.state"               # for ndjson and text; default: beside the sink
 *   [schedule]                            # when quern schedule runs it: common/job_schedule.h
 *   cron = "30 2 * * *"
 *
 * Options are not judged here: the plugin does that, and job_file_line finds the line to name.
 */
#ifndef COMMON_JOB_FILE_H
#define COMMON_JOB_FILE_H

#include "common/job_schedule.h"
#include "common/toml.h"

#include "quern/plugin.h"

enum job_sink {
    JOB_SINK_STDOUT,
    JOB_SINK_NDJSON,
    JOB_SINK_TEXT,
    JOB_SINK_MARKDOWN,
    JOB_SINK_SQLITE,
    JOB_SINK_POSTGRESQL
};

/* A folder with a file for each document: it takes no columns, and keeps a state file. */
static inline bool job_sink_is_folder(enum job_sink sink)
{
    return sink == JOB_SINK_TEXT || sink == JOB_SINK_MARKDOWN;
}

struct job_file {
    const char *name;
    const struct quern_option *options; /* [source] and [options] together; lists as JSON arrays */
    size_t option_count;
    enum job_sink sink;
    const char *sink_path;       /* NULL for stdout and postgresql */
    const char *sink_connection; /* env:NAME or file:PATH, of postgresql */
    int64_t sink_wait_s;         /* of postgresql */
    const char *state_path;      /* NULL: the default */
    const char *const *columns;  /* NULL: all */
    size_t column_count;
    double fail_above; /* 0 to 1 */
    struct job_schedule schedule;

    /* job_file.c's own: */
    struct toml toml;
    struct pool pool;
};

/* False: `error` holds "FILE:LINE: what is wrong and what to do"; errno is set when the file could
 * not be read, else 0. job_file_release is due in any case. */
bool job_file_read(struct job_file *job, const char *path, struct text *error);

/* The same for a host that takes the records itself: of [sink] only the columns count, so it may lack
 * anything, or be absent; of [run] nothing counts. */
bool job_file_read_source(struct job_file *job, const char *path, struct text *error);

/* What job_file_read does, from text; `path` serves messages and the default name. */
bool job_file_parse(struct job_file *job, span content, const char *path, struct text *error);

/* Line of an option's key in the file; 0: it does not stand there. */
unsigned job_file_line(const struct job_file *job, const char *option);

void job_file_release(struct job_file *job);

#endif
