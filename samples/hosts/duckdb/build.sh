#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the DuckDB extension: fetches DuckDB's two C headers (MIT) out of its npm package into the
# build folder, checks what came, builds.
#
#   samples/hosts/duckdb/build.sh [BUILD]      BUILD: a build folder, build/release unless named
#
# Leaves BUILD/lib/quern.duckdb_extension. Ends with 77 when the headers cannot be had.
set -euo pipefail
cd "$(dirname "$0")/../../.."
build=${1:-build/release}
version=1.4.4
headers=build/cache/duckdb-headers-$version
sums='cbe6a827284375c5a646b8f27dbd3a00808ce8738b5bbb49c190cb1e08540281  duckdb.h
514a5b639cd800e90f1556e8e039cff7f0b4a256e461754dd55caf79dc16db00  duckdb_extension.h'

headers_are_there() {
    [ -d "$headers" ] && (cd "$headers" && sha256sum --check --status <<<"$sums") 2>/dev/null
}

if ! headers_are_there; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    if ! (cd "$work" && npm pack --silent "duckdb@$version" >/dev/null); then
        echo "THE DUCKDB EXTENSION IS NOT BUILT: npm pack duckdb@$version does not work here" >&2
        exit 77
    fi
    mkdir -p "$headers"
    tar -xzf "$work"/duckdb-*.tgz -C "$headers" --strip-components=5 \
        package/src/duckdb/src/include/duckdb.h package/src/duckdb/src/include/duckdb_extension.h
    if ! headers_are_there; then
        echo "the headers of duckdb@$version are not those this was written for" >&2
        exit 1
    fi
fi

if [ -f "$build/CMakeCache.txt" ]; then
    cmake -S . -B "$build" -DQUERN_DUCKDB_HEADERS="$PWD/$headers" >/dev/null
else
    cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
        -DQUERN_DUCKDB_HEADERS="$PWD/$headers" >/dev/null
fi
cmake --build "$build" --target quern quern_duckdb build_manifest >"$build/duckdb.log" || {
    cat "$build/duckdb.log"
    exit 1
}
ls "$build"/lib/quern.duckdb_extension
