#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What leaves the library is one symbol, and its code stays mapped after dlclose.
# usage: library.sh LIBQUERN.SO
set -eu
symbols=$(nm -D --defined-only "$1" | awk '{ print $3 }')
if [ "$symbols" != "quern_plugin_entry" ]; then
    printf 'exported, beside or instead of quern_plugin_entry:\n%s\n' "$symbols"
    exit 1
fi
for expected in 'FLAGS_1.*NODELETE' 'SONAME.*\[libquern.so.0\]'; do
    if ! readelf -d "$1" | grep -q "$expected"; then
        printf 'readelf -d does not say %s\n' "$expected"
        exit 1
    fi
done
echo "one symbol, nodelete, soname"
