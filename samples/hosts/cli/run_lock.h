/* SPDX-License-Identifier: Apache-2.0 */
/* One process at a time for one job: two would write the same state.
 *
 * The lock file lies beside the state, named after the job: the job file may be replaced meanwhile, and
 * another one may say the same. PostgreSQL's lock is the server's, and standard output has no state:
 * there the job file itself is locked. It ends with the process.
 */
#ifndef CLI_RUN_LOCK_H
#define CLI_RUN_LOCK_H

#include "cli/trouble.h"

#include "common/job_file.h"

struct run_lock {
    int descriptor;
    struct text path; /* empty: the job file itself is locked */
};

/* False: another process has it, TROUBLE_BUSY. run_lock_release is due in any case; a lock that was
 * never taken is {.descriptor = -1}. */
bool run_lock_take(struct run_lock *lock, const struct job_file *job, const char *job_path,
                   struct trouble *trouble);
void run_lock_release(struct run_lock *lock);

#endif
