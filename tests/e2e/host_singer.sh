#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Singer: `quern tap` into two targets of others, and host_singer.py on both.
#
#   tests/e2e/host_singer.sh [BUILD [TEST…]]      BUILD: a build folder, build/release unless named
#
# Its own virtual environments are build/e2e/singer and build/e2e/singer-pipelinewise, for the two
# targets want different versions of the same packages. Answers 77 when packages cannot be downloaded.
set -euo pipefail
cd "$(dirname "$0")/../.."
. samples/packages.sh
build=${1:-build/release}
meltano=$PWD/build/e2e/singer
pipelinewise=$PWD/build/e2e/singer-pipelinewise

skip() {
    echo "SKIPPED: $1; SINGER WAS NOT TESTED" >&2
    exit 77
}
# venv_fill FOLDER PACKAGE…: once for these versions
venv_fill() {
    local venv=$1
    shift
    [ -x "$venv/bin/pip" ] || python3 -m venv "$venv"
    if [ "$(cat "$venv/installed" 2>/dev/null)" != "$*" ]; then
        "$venv/bin/pip" install --quiet "$@" || skip "$* cannot be downloaded"
        echo "$*" >"$venv/installed"
    fi
}
if [ ! -f "$build/CMakeCache.txt" ]; then
    cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
fi
cmake --build "$build" --target quern quern_cli build_manifest >"$build/singer.log" || {
    cat "$build/singer.log"
    exit 1
}
packages_install postgresql-15 || skip "postgresql-15 cannot be installed"
venv_fill "$meltano" meltanolabs-target-postgres==0.8.1 singer-sdk==0.54.9 sqlalchemy==2.1.9 \
    psycopg==3.3.6 psycopg-binary==3.3.6 jsonschema==4.26.0
venv_fill "$pipelinewise" pipelinewise-target-postgres==2.1.2 pipelinewise-singer-python==1.3.0 \
    psycopg2-binary==2.9.5
exec "$meltano/bin/python" tests/e2e/host_singer.py "$build" "${@:2}"
