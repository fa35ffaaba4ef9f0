#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# quern explain, in the terminal and as a page that a real browser shows.
#
#   tests/e2e/explain.sh BUILD     BUILD: its bin/quern is explained with
#
# Chromium comes from Debian; its own virtual environment is build/e2e/explain. Answers 77 when
# packages cannot be downloaded.
set -euo pipefail
cd "$(dirname "$0")/../.."
. samples/packages.sh
build=$1
venv=$PWD/build/e2e/explain
pinned=(playwright==1.55.0)

packages_install chromium || exit 77
[ -x "$venv/bin/pip" ] || python3 -m venv "$venv"
if ! "$venv/bin/pip" install --quiet "${pinned[@]}"; then
    echo "SKIPPED: ${pinned[*]} cannot be downloaded; THE PAGE OF quern explain WAS NOT TESTED" >&2
    exit 77
fi
exec "$venv/bin/python" tests/e2e/explain.py "$build/bin/quern"
