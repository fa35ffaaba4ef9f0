/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/project_lease.h"

#include "common/file_read.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROC_BYTES_MAX = 4096, FIELDS_BEFORE_START = 19 /* behind the state: proc(5), field 22 */ };

static void read_boot(char *boot)
{
    struct text content = {0};
    boot[0] = '\0';
    if (file_read("/proc/sys/kernel/random/boot_id", PROC_BYTES_MAX, &content)) {
        const size_t len = strcspn(text_string(&content), "\n");
        if (len < PROJECT_BOOT_LEN_MAX) {
            memcpy(boot, text_string(&content), len);
            boot[len] = '\0';
        }
    }
    text_release(&content);
}

/* The name in brackets may hold anything, so what counts stands behind the last bracket. */
static bool read_start(pid_t pid, int64_t *start)
{
    char path[64];
    struct text content = {0};
    (void)snprintf(path, sizeof path, "/proc/%" PRIdMAX "/stat", (intmax_t)pid);
    const char *at =
        file_read(path, PROC_BYTES_MAX, &content) ? strrchr(text_string(&content), ')') : NULL;
    const bool is_dead = !at || at[1] != ' ' || at[2] == 'Z' || at[2] == 'X';
    at = is_dead ? NULL : at + 2;
    for (int i = 0; at && i < FIELDS_BEFORE_START; i++) {
        at = strchr(at, ' ');
        at = at ? at + 1 : NULL;
    }
    *start = at ? strtoll(at, NULL, 10) : 0;
    text_release(&content);
    return at != NULL;
}

bool project_process_read(struct project_process *process, pid_t pid)
{
    *process = (struct project_process){.pid = pid};
    read_boot(process->boot);
    return read_start(pid, &process->start);
}

bool project_process_lives(const struct project_process *process)
{
    struct project_process now;
    return process->pid > 0 && project_process_read(&now, process->pid) &&
           now.start == process->start && strcmp(now.boot, process->boot) == 0;
}

bool project_lease_take(struct project *project, const char *name, int64_t run, const char *owner,
                        const struct project_process *process, int64_t expires,
                        struct trouble *trouble)
{
    return project_do(project, trouble,
                      "INSERT OR REPLACE INTO lease VALUES (?, nullif(?, 0), ?, ?, ?, ?, "
                      "nullif(?, 0))",
                      "tittiii", name, run, owner, process->boot, (int64_t)process->pid,
                      process->start, expires);
}

bool project_lease_drop(struct project *project, const char *name, struct trouble *trouble)
{
    return project_do(project, trouble, "DELETE FROM lease WHERE name = ?", "t", name);
}

bool project_lease_read(struct project *project, const char *name, struct project_process *process,
                        int64_t *run, struct trouble *trouble)
{
    sqlite3_stmt *row = project_query(
        project, trouble, "SELECT boot, pid, pid_start, run FROM lease WHERE name = ?", "t", name);
    const bool is_there = project_next(project, row, trouble);
    if (is_there) {
        *process = (struct project_process){.pid = (pid_t)sqlite3_column_int(row, 1),
                                            .start = sqlite3_column_int64(row, 2)};
        const char *boot = (const char *)sqlite3_column_text(row, 0);
        (void)snprintf(process->boot, sizeof process->boot, "%s", boot ? boot : "");
        if (run) {
            *run = sqlite3_column_int64(row, 3);
        }
    }
    (void)sqlite3_finalize(row);
    return is_there;
}
