/* SPDX-License-Identifier: Apache-2.0 */
/* cron, Airflow and Kubernetes: one text each. */
#include "cli/export.h"

#include <inttypes.h>
#include <string.h>

/* In single quotes for sh. */
static void quote_shell(struct text *to, const char *what)
{
    text_add_byte(to, '\'');
    for (const char *at = what; *at; at++) {
        if (*at == '\'') {
            text_add_string(to, "'\\''");
        } else {
            text_add_byte(to, *at);
        }
    }
    text_add_byte(to, '\'');
}

static bool refuse_line_ends(const struct export *export, struct trouble *trouble)
{
    return (!strpbrk(text_string(&export->path), "\n\r") &&
            !strpbrk(text_string(&export->folder), "\n\r")) ||
           trouble_set(trouble, TROUBLE_JOB, "a path with a line end cannot be exported");
}

bool export_crontab(struct export *export, struct trouble *trouble)
{
    const struct job_schedule *schedule = &export->job.file.schedule;
    struct text *to = &export->output;
    struct text command = {0};
    if (schedule->overlap != JOB_OVERLAP_SKIP) {
        return trouble_set(trouble, TROUBLE_JOB,
                           "under cron a second run of a job ends at once: overlap can be \"skip\" "
                           "only");
    }
    if (schedule->missed == JOB_MISSED_ALL) {
        return trouble_set(trouble, TROUBLE_JOB,
                           "cron makes up for nothing: missed can be \"none\", "
                           "or \"last\" where losing it is no harm");
    }
    text_add_format(to,
                    "# %s. The machine's time zone must be %s: cron has no other.\n"
                    "# What is missed while the machine is off is lost; cron's own rules hold when "
                    "summer time begins and ends.\n",
                    text_string(&export->unit), schedule->zone);
    if (!refuse_line_ends(export, trouble) ||
        !export_cron_fields(&export->job.cron, to, "cron", trouble)) {
        return false;
    }
    text_add_string(&command, "cd ");
    quote_shell(&command, text_string(&export->folder));
    text_add_string(&command, " && ");
    if (schedule->jitter_s > 0) {
        text_add_format(&command, "sleep %" PRId64 " && ", export->job.delay);
    }
    if (schedule->timeout_s > 0) {
        text_add_format(&command, "timeout -k 90 %" PRId64 " ", schedule->timeout_s);
    }
    quote_shell(&command, text_string(&export->program));
    text_add_string(&command, " run --quiet ");
    quote_shell(&command, text_string(&export->path));
    text_add_byte(to, ' ');
    for (const char *at = text_string(&command); *at; at++) {
        text_add_string(to, *at == '%' ? "\\" : ""); /* a bare one is a line end there */
        text_add_byte(to, *at);
    }
    text_add_byte(to, '\n');
    to->failed = to->failed || command.failed;
    text_release(&command);
    return true;
}

bool export_airflow(struct export *export, struct trouble *trouble)
{
    const struct job_schedule *schedule = &export->job.file.schedule;
    struct text *to = &export->output;
    if (schedule->overlap == JOB_OVERLAP_CANCEL_RUNNING) {
        return trouble_set(trouble, TROUBLE_JOB,
                           "Airflow cancels no run for the next one: overlap can be \"skip\" or "
                           "\"queue\"");
    }
    text_add_string(
        to, "\"\"\"An Airflow 3 DAG. 69, no web host answered; 74, nothing can be written; 75, "
            "stopped:\n"
            "these are tried again. Of any other code the task fails at once.\"\"\"\n"
            "from datetime import datetime, timedelta, timezone\n\n"
            "from airflow.providers.standard.operators.bash import BashOperator\n"
            "from airflow.sdk import DAG, CronTriggerTimetable\n"
            "from airflow.sdk.exceptions import AirflowException, AirflowFailException\n\n\n"
            "class QuernRunOperator(BashOperator):\n"
            "    def __init__(self, *, command, **kwargs):\n"
            "        super().__init__(bash_command=\"\", append_env=True, **kwargs)\n"
            "        self.command = command\n\n"
            "    def execute(self, context):\n"
            "        done = self.subprocess_hook.run_command(\n"
            "            self.command, env=self.get_env(context), cwd=self.cwd)\n"
            "        if done.exit_code in (69, 74, 75, 76) or done.exit_code < 0:\n"
            "            raise AirflowException(f\"quern run ended with {done.exit_code}\")\n"
            "        if done.exit_code != 0:\n"
            "            raise AirflowFailException(f\"quern run ended with {done.exit_code}: "
            "{done.output}\")\n"
            "        return done.output\n\n\n"
            "with DAG(\n    dag_id=");
    text_add_json_string(to, text_span(&export->unit));
    text_add_string(to, ",\n    schedule=CronTriggerTimetable(\"");
    if (!export_cron_fields(&export->job.cron, to, "Airflow", trouble)) {
        return false;
    }
    text_add_string(to, "\", timezone=");
    text_add_json_string(to, span_of(schedule->zone));
    text_add_format(to,
                    "),\n    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),\n"
                    "    catchup=%s,\n    max_active_runs=1,\n    tags=[\"quern\"],\n):\n"
                    "    QuernRunOperator(\n        task_id=\"run\",\n        command=[",
                    schedule->missed == JOB_MISSED_ALL ? "True" : "False");
    text_add_json_string(to, text_span(&export->program));
    text_add_string(to, ", \"run\", \"--progress=json\", ");
    text_add_json_string(to, text_span(&export->path));
    text_add_string(to, "],\n        cwd=");
    text_add_json_string(to, text_span(&export->folder));
    text_add_format(to,
                    ",\n        retries=%" PRId64
                    ",\n        retry_delay=timedelta(seconds=%" PRId64 "),\n",
                    schedule->retries, schedule->retry_after_s);
    if (schedule->timeout_s > 0) {
        text_add_format(to, "        execution_timeout=timedelta(seconds=%" PRId64 "),\n",
                        schedule->timeout_s);
    }
    text_add_string(to, "    )\n");
    return true;
}

/* The controller gives up on a schedule that missed 100 fires unless this limits how far it looks. */
static int64_t starting_deadline(const struct job_schedule *schedule)
{
    return schedule->missed == JOB_MISSED_NONE        ? DAEMON_LATE_SECONDS
           : schedule->window_s > DAEMON_LATE_SECONDS ? schedule->window_s
                                                      : DAEMON_LATE_SECONDS;
}

bool export_kubernetes(struct export *export, struct trouble *trouble)
{
    const struct job_schedule *schedule = &export->job.file.schedule;
    struct text *to = &export->output;
    const char *unit = text_string(&export->unit);
    if (schedule->overlap == JOB_OVERLAP_QUEUE || schedule->missed == JOB_MISSED_ALL) {
        return trouble_set(
            trouble, TROUBLE_JOB,
            "a CronJob queues nothing: overlap = \"queue\" and missed = \"all\" cannot "
            "be said");
    }
    text_add_format(to,
                    "# The image holds quern; the config map %s the job file, as job.toml:\n"
                    "#   kubectl create configmap %s --from-file=job.toml=FILE\n"
                    "# The claim %s keeps records and state.\n"
                    "apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: %s\nspec:\n"
                    "  schedule: \"",
                    unit, unit, unit, unit);
    if (!export_cron_fields(&export->job.cron, to, "Kubernetes", trouble)) {
        return false;
    }
    text_add_string(to, "\"\n  timeZone: ");
    text_add_json_string(to, span_of(schedule->zone));
    text_add_format(to,
                    "\n  concurrencyPolicy: %s\n  startingDeadlineSeconds: %" PRId64
                    "\n  jobTemplate:\n    spec:\n      backoffLimit: %" PRId64 "\n",
                    schedule->overlap == JOB_OVERLAP_CANCEL_RUNNING ? "Replace" : "Forbid",
                    starting_deadline(schedule), schedule->retries);
    if (schedule->timeout_s > 0) {
        text_add_format(to, "      activeDeadlineSeconds: %" PRId64 "\n", schedule->timeout_s);
    }
    text_add_format(to,
                    "      podFailurePolicy:\n        rules:\n          - action: FailJob\n"
                    "            onExitCodes:\n              operator: In\n"
                    "              values: [64, 65, 66, 70, 73, 78]\n"
                    "      template:\n        spec:\n          restartPolicy: Never\n"
                    "          terminationGracePeriodSeconds: %d\n"
                    "          containers:\n            - name: quern\n"
                    "              image: quern:%s\n"
                    "              command: [\"quern\", \"run\", \"--progress=json\", "
                    "\"/etc/quern/job.toml\"]\n"
                    "              workingDir: /var/lib/quern\n"
                    "              volumeMounts:\n"
                    "                - {name: job, mountPath: /etc/quern}\n"
                    "                - {name: records, mountPath: /var/lib/quern}\n"
                    "          volumes:\n"
                    "            - {name: job, configMap: {name: %s}}\n"
                    "            - {name: records, persistentVolumeClaim: {claimName: %s}}\n",
                    DAEMON_KILL_SECONDS, QUERN_VERSION, unit, unit);
    return true;
}
