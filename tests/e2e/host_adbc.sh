#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# ADBC as a host: the driver manager of PyPI loads plugin.toml and reads with the driver it names.
#
#   tests/e2e/host_adbc.sh [BUILD]      BUILD: a build folder, build/release unless named
#
# Its own virtual environment is build/e2e/adbc. Answers 77 when packages cannot be downloaded.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${1:-build/release}
venv=$PWD/build/e2e/adbc
pinned=(adbc-driver-manager==1.13.0 pyarrow==26.0.1 pandas==3.1.1 polars==2.1.0)

if [ ! -f "$build/CMakeCache.txt" ]; then
    cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
fi
cmake --build "$build" --target quern quern_cli quern_adbc quern_sqlite build_manifest \
    >"$build/adbc.log" || {
    cat "$build/adbc.log"
    exit 1
}
# Debian's Python, whose sqlite3 loads extensions: two adapters in one process.
python=/usr/bin/python3
"$python" -c 'import ensurepip, venv' 2>/dev/null || python=python3
[ -x "$venv/bin/pip" ] || "$python" -m venv "$venv"
if ! "$venv/bin/pip" install --quiet "${pinned[@]}"; then
    echo "SKIPPED: ${pinned[*]} cannot be downloaded; THE ADBC DRIVER WAS NOT TESTED" >&2
    exit 77
fi
work=$build/host_adbc
mkdir -p "$work"
flags=(-std=c17 -Wall -Wextra -Werror -D_GNU_SOURCE -I include)
cc "${flags[@]}" -fPIC -shared tests/e2e/spy_plugin.c -o "$work/libspy.so"

# Our declaration of ADBC's binary interface against the header that the driver manager ships.
real=$(find "$venv" -path '*adbc_driver_manager/arrow-adbc/adbc.h')
cc "${flags[@]}" -DADBC_HEADER="\"$PWD/samples/hosts/adbc/adbc.h\"" tests/e2e/adbc_layout.c \
    -o "$work/layout_ours"
cc "${flags[@]}" -DADBC_HEADER="\"$real\"" tests/e2e/adbc_layout.c -o "$work/layout_theirs"
"$work/layout_ours" >"$work/layout_ours.txt"
"$work/layout_theirs" >"$work/layout_theirs.txt"
diff "$work/layout_ours.txt" "$work/layout_theirs.txt"
echo "adbc.h: $(wc -l <"$work/layout_ours.txt") sizes, offsets and numbers as in the real header"

"$venv/bin/python" tests/e2e/host_adbc.py "$build" "$work"
