#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SQLite as a host: Debian's shell and Debian's Python load the extension and read with it.
#
#   tests/e2e/host_sqlite.sh [BUILD]      BUILD: a build folder, build/release unless named
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${1:-build/release}

if [ ! -f "$build/CMakeCache.txt" ]; then
    cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
fi
cmake --build "$build" --target quern quern_cli quern_sqlite build_manifest >"$build/sqlite.log" || {
    cat "$build/sqlite.log"
    exit 1
}
for needed in /usr/bin/sqlite3 /usr/bin/python3; do
    if [ ! -x "$needed" ]; then
        echo "host_sqlite: NOT TESTED: $needed is missing (apt-get install sqlite3 python3)"
        exit 77
    fi
done
if ! /usr/bin/python3 -c 'import sqlite3; sqlite3.connect(":memory:").enable_load_extension(True)'; then
    echo "host_sqlite: NOT TESTED: this Python's sqlite3 loads no extensions"
    exit 77
fi
work=$build/host_sqlite
mkdir -p "$work"
cc -std=c17 -Wall -Wextra -Werror -D_GNU_SOURCE -fPIC -shared -I include \
    tests/e2e/spy_plugin.c -o "$work/libspy.so"
/usr/bin/python3 tests/e2e/host_sqlite.py "$build" "$work"
