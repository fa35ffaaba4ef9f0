/* SPDX-License-Identifier: Apache-2.0 */
/* Who is at work, so that it can be asked later whether it still is: a process is its boot, its id and
 * when it started. An id alone comes again; after a reboot and after a kill nobody holds anything.
 */
#ifndef CLI_PROJECT_LEASE_H
#define CLI_PROJECT_LEASE_H

#include "cli/project.h"

#include <sys/types.h>

enum { PROJECT_BOOT_LEN_MAX = 64 };

struct project_process {
    char boot[PROJECT_BOOT_LEN_MAX];
    pid_t pid;
    int64_t start; /* clock ticks since the boot */
};

/* False: there is no such process. */
bool project_process_read(struct project_process *process, pid_t pid);
bool project_process_lives(const struct project_process *process);

/* `name` is a job's name, or "" for the scheduler itself; `run` 0: none. Inside a transaction. */
bool project_lease_take(struct project *project, const char *name, int64_t run, const char *owner,
                        const struct project_process *process, int64_t expires,
                        struct trouble *trouble);
bool project_lease_drop(struct project *project, const char *name, struct trouble *trouble);

/* Who holds it; false: nobody, or trouble tells. `run` may be NULL. */
bool project_lease_read(struct project *project, const char *name, struct project_process *process,
                        int64_t *run, struct trouble *trouble);

#endif
