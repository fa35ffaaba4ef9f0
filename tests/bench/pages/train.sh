#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Trains the trees that judge the blocks of a page and writes plugin/page/model.def: builds, makes an
# environment of pinned packages under build/, and runs train.py.
#
#   tests/bench/pages/train.sh [BUILD] [OPTION…]     OPTION: those of train.py
#
# QUERN_DATA names the corpora. Ends with 77 when packages cannot be fetched.
set -euo pipefail
cd "$(dirname "$0")/../../.."
build=build/release
if [ $# -gt 0 ] && [ "${1#--}" = "$1" ]; then
    build=$1
    shift
fi
pinned=(lightgbm==4.7.0 numpy==2.4.6 scipy==1.17.1)
place=$PWD/build/bench/pages/train
python=$place/bin/python
if [ ! -f "$place/whole" ] || [ "$(cat "$place/whole")" != "${pinned[*]}" ]; then
    rm -rf "$place"
    /usr/bin/python3 -m venv "$place"
    "$python" -m pip install --quiet --disable-pip-version-check "${pinned[@]}" || {
        echo "SKIPPED: ${pinned[*]} cannot be downloaded; NOTHING WAS TRAINED" >&2
        exit 77
    }
    echo "${pinned[*]}" >"$place/whole"
fi
if [ ! -f "$build/CMakeCache.txt" ]; then
    cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
fi
cmake --build "$build" --target quern quern_cli bench_page_features >/dev/null
"$python" -B tests/bench/pages/train.py "$build" "$@"
