/* SPDX-License-Identifier: Apache-2.0 */
/* A job's schedule in other schedulers' words. What one of them cannot say is an error, never left out.
 */
#ifndef CLI_EXPORT_H
#define CLI_EXPORT_H

#include "cli/daemon.h"

struct export
{
    struct daemon_job job;
    struct text unit;    /* "quern-" and the name, of letters that units and labels may have */
    struct text path;    /* of the job file, absolute */
    struct text folder;  /* where it runs */
    struct text program; /* this program */
    struct text output;
};

/* Five fields that cron, Kubernetes and Airflow read alike. `for_whom` is for the error. */
bool export_cron_fields(const struct cron *cron, struct text *to, const char *for_whom,
                        struct trouble *trouble);

/* The values of `bits`, a comma between two; "*" when all from `min` to `max` are there. */
void export_list(struct text *to, uint64_t bits, int min, int max);

/* A text in double quotes for systemd (systemd.syntax(7)); no % of it is a specifier. */
void export_quote_systemd(struct text *to, const char *what);

bool export_systemd_service(struct export *export, struct trouble *trouble);
bool export_systemd_timer(struct export *export, struct trouble *trouble);
bool export_crontab(struct export *export, struct trouble *trouble);
bool export_airflow(struct export *export, struct trouble *trouble);
bool export_kubernetes(struct export *export, struct trouble *trouble);

#endif
