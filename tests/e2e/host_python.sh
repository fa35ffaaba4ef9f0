#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The Python package: pip builds it, then host_python.py uses it as a user would.
#
#   tests/e2e/host_python.sh [LIBRARY]     LIBRARY: pack this libquern.so instead of building one
#
# Its own virtual environment is build/e2e/python. Answers 77 when packages cannot be downloaded.
set -euo pipefail
cd "$(dirname "$0")/../.."
library=${1:+$(realpath "$1")}
venv=$PWD/build/e2e/python
pinned=(pyarrow==26.0.1 polars==2.1.0 pandas==3.1.1 duckdb==1.5.6 tqdm==4.70.1 mypy==1.18.2)

[ -x "$venv/bin/pip" ] || python3 -m venv "$venv"
if ! "$venv/bin/pip" install --quiet "${pinned[@]}"; then
    echo "SKIPPED: ${pinned[*]} cannot be downloaded; THE PYTHON PACKAGE WAS NOT TESTED" >&2
    exit 77
fi
settings=(--config-settings "build-dir=$PWD/build/e2e/python-plugin")
[ -z "$library" ] || settings=(--config-settings "library=$library")
"$venv/bin/pip" install --quiet --no-deps --force-reinstall ./samples/hosts/python "${settings[@]}"
exec "$venv/bin/python" tests/e2e/host_python.py
