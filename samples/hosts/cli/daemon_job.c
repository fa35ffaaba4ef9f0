/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/daemon.h"

#include "common/file_read.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

static bool hash_file(const char *path, char *hex)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    struct text content = {0};
    const bool good =
        file_read(path, TOML_BYTES_MAX, &content) &&
        EVP_Digest(text_string(&content), content.len, digest, NULL, EVP_sha256(), NULL) == 1;
    for (int i = 0; good && i < DAEMON_HASH_LEN / 2; i++) {
        (void)snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    }
    text_release(&content);
    return good;
}

/* The parts of [schedule] that only this floor can judge. */
static bool read_times(struct daemon_job *job, struct trouble *trouble)
{
    const struct job_schedule *schedule = &job->file.schedule;
    struct text error = {0};
    bool good = true;
    if (!schedule->cron) {
        good = trouble_set(trouble, TROUBLE_JOB, "%s: has no [schedule]", job->path);
    } else if (!cron_read(&job->cron, span_of(schedule->cron), span_of(job->file.name), &error)) {
        good = trouble_set(trouble, TROUBLE_JOB, "%s:%u: cron: %s", job->path, schedule->cron_line,
                           text_string(&error));
    } else if (!zone_open(&job->zone, schedule->zone, &error)) {
        good = trouble_set(trouble, TROUBLE_JOB, "%s:%u: zone: %s", job->path, schedule->zone_line,
                           text_string(&error));
    }
    text_release(&error);
    job->delay = (int64_t)cron_hash(span_of(job->file.name ? job->file.name : ""), SPAN("jitter"),
                                    (uint64_t)schedule->jitter_s + 1);
    return good;
}

bool daemon_job_read(struct daemon_job *job, const char *path, struct trouble *trouble)
{
    *job = (struct daemon_job){.path = path};
    struct text error = {0};
    bool good = job_file_read(&job->file, path, &error);
    if (!good) {
        (void)trouble_set(trouble, errno ? TROUBLE_NO_INPUT : TROUBLE_JOB, "%s",
                          text_string(&error));
    } else {
        good = read_times(job, trouble) &&
               (hash_file(path, job->config_hash) ||
                trouble_set(trouble, TROUBLE_NO_INPUT, "%s: cannot be read", path));
    }
    text_release(&error);
    return good;
}

void daemon_job_release(struct daemon_job *job)
{
    zone_release(&job->zone);
    job_file_release(&job->file);
}

/* The project knows the job: what is accounted for stays so, unless it is asked for other times now. */
static bool read_row(struct daemon *daemon, struct daemon_job *job, int64_t now,
                     struct trouble *trouble)
{
    sqlite3_stmt *row =
        project_query(&daemon->project, trouble,
                      "SELECT fired_through FROM schedule "
                      "WHERE job = ? AND cron = ? AND zone = ? AND active",
                      "ttt", job->file.name, job->file.schedule.cron, job->file.schedule.zone);
    job->fired_through = project_next(&daemon->project, row, trouble) ? sqlite3_column_int64(row, 0)
                                                                      : now - job->delay;
    (void)sqlite3_finalize(row);
    return trouble->code == TROUBLE_NONE;
}

bool daemon_job_register(struct daemon *daemon, struct daemon_job *job, int64_t now,
                         struct trouble *trouble)
{
    const struct job_schedule *schedule = &job->file.schedule;
    bool good = project_begin(&daemon->project, trouble) && read_row(daemon, job, now, trouble);
    good = good && project_do(&daemon->project, trouble,
                              "INSERT INTO schedule VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7, ?8) "
                              "ON CONFLICT (job) DO UPDATE SET path = ?2, cron = ?3, zone = ?4, "
                              "deadman_s = ?5, jitter_s = ?6, active = 1, fired_through = ?8",
                              "ttttiiii", job->file.name, job->path, schedule->cron, schedule->zone,
                              schedule->deadman_s, job->delay, now, job->fired_through);
    good = project_end(&daemon->project, good, trouble);
    return good && (job->run.id != 0 || daemon_run_recover(daemon, job, now, trouble));
}
