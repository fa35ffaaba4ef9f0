#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a second run costs over pages that have not changed: again.py. Needs nginx; ends with 77
# without it.
#
#   tests/bench/fetch/again.sh [BUILD] [OPTION…]     BUILD: build/release unless named
set -euo pipefail
cd "$(dirname "$0")/../../.."
if ! command -v nginx >/dev/null; then
    echo "SKIPPED: no nginx here"
    exit 77
fi
build=build/release
if [ $# -gt 0 ] && [ "${1#--}" = "$1" ]; then
    build=$1
    shift
fi
if [ ! -f "$build/CMakeCache.txt" ]; then
    cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
fi
cmake --build "$build" --target quern_cli quern >/dev/null
exec python3 tests/bench/fetch/again.py "$build/bin/quern" "$@"
