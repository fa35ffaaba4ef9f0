#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What fetching costs the client, beside a bare libcurl loop and curl --parallel: speed.py. Needs
# nginx and curl; ends with 77 without them.
#
#   tests/bench/fetch/speed.sh [BUILD] [OPTION…]     BUILD: build/release unless named
set -euo pipefail
cd "$(dirname "$0")/../../.."
build=build/release
if [ $# -gt 0 ] && [ "${1#--}" = "$1" ]; then
    build=$1
    shift
fi
if [ ! -f "$build/CMakeCache.txt" ]; then
    cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
fi
cmake --build "$build" --target bench_fetch_many >/dev/null
exec python3 tests/bench/fetch/speed.py "$build/bin/bench_fetch_many" "$@"
