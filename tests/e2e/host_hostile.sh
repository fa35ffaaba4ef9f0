#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What spans hosts: the same bad input, broken plugins and hard ends for the DuckDB and SQLite extensions,
# the Python package, the quern command and the smallest host; and adapters together in one process.
#
#   tests/e2e/host_hostile.sh [BUILD [TEST…]]      BUILD: a build folder, build/release unless named
#
# Its own virtual environment is build/e2e/hostile, of Debian's Python, whose sqlite3 loads extensions.
# Answers 77 when that or the packages cannot be had.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$(realpath -m "${1:-build/release}")
shift || true
venv=$PWD/build/e2e/hostile
pinned=(duckdb==2.0.0 pyarrow==26.0.1 pytz==2026.6)

if ! /usr/bin/python3 -c 'import ensurepip, sqlite3; sqlite3.connect("").enable_load_extension(True)'; then
    echo "SKIPPED: /usr/bin/python3 has no venv or loads no extensions; HOSTILE INPUT WAS NOT TESTED" >&2
    exit 77
fi
[ -x "$venv/bin/pip" ] || /usr/bin/python3 -m venv "$venv"
if ! "$venv/bin/pip" install --quiet --disable-pip-version-check "${pinned[@]}"; then
    echo "SKIPPED: ${pinned[*]} cannot be downloaded; HOSTILE INPUT WAS NOT TESTED" >&2
    exit 77
fi
samples/hosts/duckdb/build.sh "$build" >/dev/null
work=$build/host_hostile
mkdir -p "$work"
cmake --build "$build" --target quern_cli quern_sqlite minimal_host >"$work/build.log" || {
    cat "$work/build.log"
    exit 1
}
"$venv/bin/pip" install --quiet --no-deps --force-reinstall ./samples/hosts/python \
    --config-settings "library=$build/lib/libquern.so"
cc -std=c17 -Wall -Wextra -Werror -D_GNU_SOURCE -fPIC -shared -I include \
    tests/e2e/spy_plugin.c -o "$work/libspy.so"
exec "$venv/bin/python" tests/e2e/host_hostile.py "$build" "$work" "$@"
