#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Speed of making text NFC beside ICU and utf8proc: makes the texts, builds, prints one table.
# Needs QUERN_DATA, python3, g++ and libicu-dev.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
work=${QUERN_BENCH_WORK:-$root/build/bench-text-normal}
build=${QUERN_BENCH_BUILD:-$work/quern}

lack() {
    echo "NOT MEASURED: $1" >&2
    exit 77
}
[ -n "${QUERN_DATA:-}" ] || lack "QUERN_DATA is not set"
[ -e "$QUERN_DATA/charset-files.tar.xz" ] || lack "QUERN_DATA has no charset-files.tar.xz"
[ -e /usr/include/unicode/normalizer2.h ] || lack "libicu-dev is missing"

mkdir -p "$work"
if [ ! -e "$work/texts.done" ]; then
    tar xJf "$QUERN_DATA/charset-files.tar.xz" -C "$work"
    python3 "$here/normal/corpora.py" "$work" "$work/texts"
    touch "$work/texts.done"
fi
cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo >"$work/cmake.log"
ninja -C "$build" quern_text >"$work/ninja.log"
g++ -std=c++17 -O2 -Wall -Wextra -c "$here/normal/icu.cpp" -o "$work/icu.o"
cc -std=c17 -D_GNU_SOURCE -O2 -Wall -Wextra -I"$root/plugin" -c "$here/normal/normal.c" \
    -o "$work/normal.o"
g++ "$work"/{normal,icu}.o "$build/libquern_text.a" "$build/libquern_base.a" -licuuc -lutf8proc \
    -lcrypto -lz -lm -o "$work/normal"
echo "load before: $(cut -d' ' -f1-3 /proc/loadavg)"
"$work/normal" "$work"/texts/*.txt
