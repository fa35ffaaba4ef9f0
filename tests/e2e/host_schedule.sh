#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# cron, systemd and Airflow run samples/schedule/ as it stands: installed where the samples say, in a
# root of its own that keeps nothing. host_schedule.py says what is expected.
#
#   tests/e2e/host_schedule.sh [BUILD [PART...]]      BUILD: a build folder, build/release unless named
#                                                     PART: units, cron, systemd, airflow; all
#
# Needs root (or sudo) and Linux namespaces. Airflow's virtual environment is build/e2e/airflow.
# Answers 77 when something could not be tried, and says what.
set -euo pipefail
cd "$(dirname "$0")/../.."
. samples/packages.sh
build=${1:-build/release}
[ $# -eq 0 ] || shift
parts=${*:-units cron systemd airflow}
venv=$PWD/build/e2e/airflow
skipped=()

skip() {
    echo "SKIPPED: $1; $2 WAS NOT TESTED" >&2
    skipped+=("$2")
    parts=$(tr ' ' '\n' <<<"$parts" | grep -vx "$2" | xargs)
}

has() {
    grep -qw "$1" <<<"$parts"
}

if [ ! -f "$build/CMakeCache.txt" ]; then
    cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
fi
cmake --build "$build" --target quern quern_cli quern_sqlite quern_adbc \
    build_manifest >"$build/schedule.log" || {
    cat "$build/schedule.log"
    exit 1
}

if ! packages_install iproute2 util-linux systemd; then
    echo "SKIPPED: iproute2, util-linux or systemd cannot be installed; NOTHING WAS TESTED" >&2
    exit 77
fi
if has cron && ! packages_install cron libfaketime; then
    skip "cron or libfaketime cannot be installed" cron
fi
if has airflow; then
    started=$SECONDS
    [ -x "$venv/bin/pip" ] || python3 -m venv "$venv"
    if "$venv/bin/pip" install --quiet -r tests/e2e/schedule_airflow.txt; then
        echo "airflow: its virtual environment took $((SECONDS - started)) s"
    else
        skip "apache-airflow cannot be downloaded" airflow
    fi
fi

# A root that is this machine's, copied on write into memory; a network that is only loopback; and
# everything gone when the last process in it is.
root=()
[ "$(id -u)" -eq 0 ] || root=(sudo)
if ! "${root[@]}" unshare --mount --net --pid --fork true; then
    echo "SKIPPED: no namespaces on this machine; NOTHING WAS TESTED" >&2
    exit 77
fi
answer=0
"${root[@]}" unshare --mount --net --pid --fork --kill-child --propagation private \
    bash tests/e2e/schedule_root.sh "$build" "$venv" $parts || answer=$?
[ "$answer" -eq 0 ] || exit "$answer"
[ ${#skipped[@]} -eq 0 ] || exit 77
