#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# DuckDB as a host: one extension, built once, loaded by DuckDB of several versions from PyPI.
#
#   tests/e2e/host_duckdb.sh [BUILD] [VERSION…]     BUILD: build/release unless named
#   tests/e2e/host_duckdb.sh BUILD newest           only the newest version
#
# Each version has a virtual environment of its own in build/cache; Node, whose own zlib and OpenSSL
# are in everybody's way, is tried once. Ends with 77 when nothing can be downloaded.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${1:-build/release}
shift || true
newest=2.0.0
versions=("$@")
if [ ${#versions[@]} -eq 0 ]; then
    versions=(1.2.2 1.3.2 1.4.5 1.5.6 "$newest")
elif [ "${versions[0]}" = newest ]; then
    versions=("$newest")
fi

# Debian's Python loads extensions into SQLite, too, so that two adapters can meet in one process.
python=/usr/bin/python3
"$python" -c 'import ensurepip, venv' 2>/dev/null || python=python3

samples/hosts/duckdb/build.sh "$build"
cmake --build "$build" --target quern_cli quern_sqlite >"$build/duckdb.log" || {
    cat "$build/duckdb.log"
    exit 1
}
work=$build/host_duckdb
mkdir -p "$work"
cc -std=c17 -Wall -Wextra -Werror -D_GNU_SOURCE -fPIC -shared -I include \
    tests/e2e/spy_plugin.c -o "$work/libspy.so"

node=$PWD/build/cache/node-duckdb
if [ ! -d "$node/node_modules/@duckdb/node-api" ]; then
    mkdir -p "$node"
    npm install --silent --no-audit --no-fund --prefix "$node" @duckdb/node-api@1.5.6-r.1 || {
        echo "DUCKDB IN NODE WAS NOT TESTED: npm cannot install it here"
        node=
    }
fi

tried=0
failed=0
for version in "${versions[@]}"; do
    environment=build/cache/venv-duckdb-$version
    if ! "$environment/bin/python" -c 'import duckdb, pytz' 2>/dev/null; then
        "$python" -m venv "$environment"
        if ! "$environment/bin/pip" install --quiet --disable-pip-version-check \
            "duckdb==$version" pytz==2026.6; then
            echo "DUCKDB $version WAS NOT TESTED: pip cannot install it here"
            continue
        fi
    fi
    tried=$((tried + 1))
    QUERN_NODE=$node "$environment/bin/python" tests/e2e/host_duckdb.py "$build" "$work" ||
        failed=$((failed + 1))
    node= # once
done
echo "host_duckdb: $tried of ${#versions[@]} versions tested, $failed failed"
[ "$tried" -gt 0 ] || exit 77
[ "$failed" -eq 0 ]
