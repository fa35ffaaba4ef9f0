#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Airbyte: `quern airbyte` as a local source of PyAirbyte, and host_airbyte.py on it.
#
#   tests/e2e/host_airbyte.sh [BUILD [TEST…]]      BUILD: a build folder, build/release unless named
#
# Its own virtual environment is build/e2e/airbyte. Answers 77 when packages cannot be downloaded.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${1:-build/release}
venv=$PWD/build/e2e/airbyte
pinned=(airbyte==0.71.3 airbyte-protocol-models-pdv2==0.18.0 duckdb==1.4.3 duckdb-engine==0.17.0
    jsonschema==4.26.0)

if [ ! -f "$build/CMakeCache.txt" ]; then
    cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
fi
cmake --build "$build" --target quern quern_cli build_manifest >"$build/airbyte.log" || {
    cat "$build/airbyte.log"
    exit 1
}
[ -x "$venv/bin/pip" ] || python3 -m venv "$venv"
if [ "$(cat "$venv/installed" 2>/dev/null)" != "${pinned[*]}" ]; then
    if ! "$venv/bin/pip" install --quiet "${pinned[@]}"; then
        echo "SKIPPED: ${pinned[*]} cannot be downloaded; AIRBYTE WAS NOT TESTED" >&2
        exit 77
    fi
    echo "${pinned[*]}" >"$venv/installed"
fi
exec "$venv/bin/python" -W ignore::FutureWarning tests/e2e/host_airbyte.py "$build" "${@:2}"
