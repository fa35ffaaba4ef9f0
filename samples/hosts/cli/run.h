/* SPDX-License-Identifier: Apache-2.0 */
/* A job file done, whole or in part.
 */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "cli/args.h"

#include "common/job_file.h"

/* Called with the job read and locked; it may change its options and, for a state of its own, its name:
 * what the plugin keeps stays that of the job as it was. False: nothing is to be done, or trouble tells. */
typedef bool run_narrow(void *context, struct job_file *job, struct trouble *trouble);

/* `narrow` NULL: the whole job. */
void run_job(const struct args *args, run_narrow *narrow, void *context, struct trouble *trouble);

#endif
