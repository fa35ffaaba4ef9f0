# SPDX-License-Identifier: Apache-2.0
"""An Airflow 3 DAG: fetch and convert every night. Lay it into the DAGs folder.

The connection quern_library holds as its password what the web host wants as Authorization.
"""
import json
from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG
from airflow.sdk.exceptions import AirflowException, AirflowFailException

TRY_AGAIN = {69: "no web host answered",
             74: "the database is held by another program, or the disk is full",
             75: "the run was stopped; it goes on where it stopped",
             76: "somebody else runs the job just now"}


class QuernRunOperator(BashOperator):
    """`quern run JOB`: its events are the task's log, its summary is the task's result.

    Only what time may mend is tried again: of all other exit codes the task fails at once. A task
    that is cleared or timed out ends the run with SIGTERM, and its next try goes on from there.
    """

    template_fields = ("job", "cwd", "env")

    def __init__(self, *, job, options=(), **kwargs):
        super().__init__(bash_command="", append_env=True, **kwargs)
        self.job = job
        self.options = list(options)

    def execute(self, context):
        command = ["quern", "run", "--progress=json", *self.options, self.job]
        done = self.subprocess_hook.run_command(command, env=self.get_env(context), cwd=self.cwd)
        if done.exit_code == 0:
            return json.loads(done.output)
        if done.exit_code in TRY_AGAIN or done.exit_code < 0:
            why = TRY_AGAIN.get(done.exit_code, "killed by a signal")
            raise AirflowException(f"quern run ended with {done.exit_code}: {why}")
        raise AirflowFailException(f"quern run ended with {done.exit_code}: {done.output}")


with DAG(
    dag_id="quern_nightly",
    schedule="30 2 * * *",
    start_date=datetime(2026, 11, 1),
    # A night is not a slice of the past: a run asks for everything as it is now. So no night is
    # made up for, and there is one run at a time.
    catchup=False,
    max_active_runs=1,
    tags=["quern"],
):
    QuernRunOperator(
        task_id="fetch_and_convert",
        job="/etc/quern/nightly.toml",
        cwd="/var/lib/quern",
        options=["--set", "authorization=env:QUERN_LIBRARY"],
        env={"QUERN_LIBRARY": "{{ conn.quern_library.password }}"},
        retries=3,
        retry_delay=timedelta(minutes=10),
        execution_timeout=timedelta(hours=8),
    )
