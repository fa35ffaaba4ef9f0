#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# toml-test, the suite of the TOML project, against our reader.
# toml_test.sh DECODER CACHE      exit 77: the suite cannot be had here
set -eu

decoder=$1
cache=$2
version=v2.2.0
module=github.com/toml-lang/toml-test/v2/cmd/toml-test
suite=$cache/toml-test-$version

if [ ! -x "$suite" ]; then
    mkdir -p "$cache"
    if ! command -v go >/dev/null; then
        echo "NOT TESTED: no Go here to build $module@$version; install golang-go" >&2
        exit 77
    fi
    if ! GOBIN="$cache/bin" GOFLAGS=-mod=mod go install "$module@$version"; then
        echo "NOT TESTED: $module@$version cannot be had from the Go proxy" >&2
        exit 77
    fi
    mv "$cache/bin/toml-test" "$suite"
fi

output=$("$suite" test -toml 1.0 -color never -decoder "$decoder" 2>&1) || {
    echo "$output"
    exit 1
}
echo "$output" | tail -n 5
# A suite that ran next to nothing proves nothing.
for kind in valid invalid; do
    passed=$(echo "$output" | sed -n "s/^ *$kind tests: *\([0-9]*\) passed.*/\1/p")
    [ "${passed:-0}" -ge 200 ] || {
        echo "only ${passed:-0} $kind tests ran" >&2
        exit 1
    }
done
