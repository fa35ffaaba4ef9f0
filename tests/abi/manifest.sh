#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The committed plugin.toml is what the lists in the code say today.
# usage: manifest.sh QUERN_MANIFEST PLUGIN.TOML
set -eu
made=$(mktemp)
trap 'rm -f "$made"' EXIT
"$1" "$made"
if ! diff -u "$2" "$made"; then
    echo "plugin.toml is not up to date: cmake --build … --target manifest, and commit it"
    exit 1
fi
echo "plugin.toml is up to date"
