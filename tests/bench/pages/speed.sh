#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What pages cost in time and memory, beside resiliparse, rs-trafilatura, trafilatura and lexbor:
# builds, makes an environment of pinned packages under build/, and prints the tables of speed.py.
#
#   tests/bench/pages/speed.sh [BUILD] [OPTION…]       OPTION: those of speed.py
#
# QUERN_DATA names the corpora. Ends with 77 when packages cannot be fetched.
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
cmake --build "$build" --target quern quern_cli bench_convert_pages bench_parse_pages >/dev/null
. tests/bench/pages/environment.sh
"$python" -B tests/bench/pages/speed.py "$build" "$@"
