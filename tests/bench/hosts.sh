#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the hosts cost beyond pulling: builds, makes an environment of pinned packages, and prints
# the tables of hosts.py. On an idle machine with two cores it takes about six minutes.
#
#   tests/bench/hosts.sh [BUILD]                  BUILD: build/bench-hosts unless named
#   tests/bench/hosts.sh [BUILD] OPTION…          one table; OPTION: those of hosts.py
#
# Ends with 77 when packages cannot be downloaded. Spark has a script of its own, spark.py.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=build/bench-hosts
if [ $# -gt 0 ] && [ "${1#--}" = "$1" ]; then
    build=$1
    shift
fi
pinned=(duckdb==2.0.0 pyarrow==26.0.1 adbc-driver-manager==1.13.0)

mkdir -p build/bench
if [ ! -f "$build/CMakeCache.txt" ]; then
    cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
fi
samples/hosts/duckdb/build.sh "$build" >/dev/null
cmake --build "$build" --target quern quern_cli quern_sqlite quern_adbc bench_pull build_manifest \
    >"$build/hosts.log" || {
    cat "$build/hosts.log"
    exit 1
}

python=/usr/bin/python3
"$python" -c 'import ensurepip, venv' 2>/dev/null || python=python3
venv=$PWD/build/bench/venv-hosts
[ -x "$venv/bin/pip" ] || "$python" -m venv "$venv"
if ! "$venv/bin/pip" install --quiet --disable-pip-version-check "${pinned[@]}"; then
    echo "SKIPPED: ${pinned[*]} cannot be downloaded; THE HOSTS WERE NOT MEASURED" >&2
    exit 77
fi
"$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --force-reinstall \
    ./samples/hosts/python --config-settings "library=$PWD/$build/lib/libquern.so"

run() {
    "$venv/bin/python" tests/bench/hosts.py "$build" "$@"
}
if [ $# -gt 0 ]; then
    run "$@"
else
    run --hosts duckdb,sqlite,python --rounds 5
    run --hosts duckdb --threads 2 --rounds 5
    run --hosts duckdb,sqlite,python --columns all --count 5000 --rounds 5
    run --hosts adbc,command,tap,airbyte,parquet,table --count 5000 --rounds 2
fi
