#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One night under cron, which has no retries of its own. Prints nothing when all is well, so that
# cron's mail means something.
#   quern-nightly.sh [QUERN-RUN-OPTION]...
tries=4
cd /var/lib/quern || exit 73
while true; do
    quern run --quiet "$@" /etc/quern/nightly.toml
    code=$?
    tries=$((tries - 1))
    # 69: no web host answered. 75 and 76 are no reason to try again here: whoever stopped the run, or
    # runs the job already, knows; the next night goes on where it stopped.
    if [ "$code" -ne 69 ] || [ "$tries" -eq 0 ]; then
        exit "$code"
    fi
    sleep "${RETRY_SECONDS:-900}"
done
