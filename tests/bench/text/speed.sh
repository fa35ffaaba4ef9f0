#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Speed of decoders beside glibc's iconv, ICU, encoding_rs and simdutf: builds the peers (pinned in
# speed/peers/Cargo.lock) and ours, makes the texts and prints one table. Needs QUERN_DATA, cargo,
# g++ and libicu-dev. usage: speed.sh [ROW]   (a part of a row's name: only those)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
work=${QUERN_BENCH_WORK:-$root/build/bench-text-speed}
build=${QUERN_BENCH_BUILD:-$root/build/bench-text-speed/quern}

lack() {
    echo "NOT MEASURED: $1" >&2
    exit 77
}
[ -n "${QUERN_DATA:-}" ] || lack "QUERN_DATA is not set"
[ -d "$QUERN_DATA/charcounts" ] || lack "QUERN_DATA has no charcounts"
command -v cargo >/dev/null || lack "cargo is missing"
[ -e /usr/include/unicode/ucnv.h ] || lack "libicu-dev is missing"

mkdir -p "$work"
for set in segments articles; do
    if [ ! -e "$work/html/$set.done" ]; then
        mkdir -p "$work/html/$set"
        tar xJf "$QUERN_DATA/html/$set.tar.xz" -C "$work/html/$set"
        touch "$work/html/$set.done"
    fi
done
find "$work/html" -name '*.html' -size -512k | LC_ALL=C sort > "$work/pages.list"

peers=$here/speed/peers
CARGO_TARGET_DIR=$work/peers cargo build --quiet --release --locked --manifest-path "$peers/Cargo.toml"
simdutf=$(cargo metadata --locked --format-version 1 --manifest-path "$peers/Cargo.toml" |
    python3 -c 'import json, os, sys
for package in json.load(sys.stdin)["packages"]:
    if package["name"] == "simdutf":
        print(os.path.dirname(package["manifest_path"]) + "/cpp")')

cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo >"$work/cmake.log"
ninja -C "$build" quern_text >"$work/ninja.log"
g++ -std=c++17 -O2 -I"$simdutf" -c "$here/speed/simdutf.cpp" -o "$work/simdutf.o"
for source in speed corpus; do
    cc -std=c17 -D_GNU_SOURCE -O2 -Wall -Wextra -I"$root/plugin" -c "$here/speed/$source.c" \
        -o "$work/$source.o"
done
g++ "$work"/{speed,corpus,simdutf}.o "$build/libquern_text.a" "$build/libquern_base.a" \
    "$work/peers/release/libspeed_peers.a" -licuuc -lutf8proc -lcrypto -lz -lpthread -ldl -lm \
    -o "$work/speed"
"$work/speed" "$QUERN_DATA" "$work/pages.list" "$@"
