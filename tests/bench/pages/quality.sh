#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How good the text and the metadata of real pages are, beside trafilatura, rs-trafilatura,
# resiliparse, Readability.js, readability-lxml, magic-html and newspaper4k: builds, makes an
# environment of pinned packages under build/, and prints the tables of quality.py.
#
#   tests/bench/pages/quality.sh [BUILD] [OPTION…]     OPTION: those of quality.py
#
# QUERN_DATA names the corpora. magic-html wants Python 3.12, Readability.js node and npm; without
# them they are left out, loudly. Ends with 77 when packages cannot be fetched.
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
cmake --build "$build" --target quern quern_cli >/dev/null
. tests/bench/pages/environment.sh
"$python" -B tests/bench/pages/quality.py "$build" "$@"
