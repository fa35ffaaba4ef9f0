#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Spark: a standalone cluster on this machine out of the pip package, and host_spark.py on it.
#
#   tests/e2e/host_spark.sh [LIBRARY [DOCUMENTS [VERSION…]]]
#
# LIBRARY: pack this libquern.so, build none; "" builds. DOCUMENTS: 20000 unless told. VERSION: 4.3.0
# unless told; 4.1.4, 4.0.5 or `all`, one after the other. Its own virtual environments are
# build/e2e/spark-VERSION. Answers 77 when packages cannot be downloaded.
set -euo pipefail
cd "$(dirname "$0")/../.."
. samples/packages.sh
library=${1:+$(realpath "$1")}
documents=${2:-20000}
versions=("${@:3}")
[ ${#versions[@]} -gt 0 ] || versions=(4.3.0)
[ "${versions[0]}" != all ] || versions=(4.3.0 4.1.4 4.0.5)

# What each version of Spark was written for.
declare -A pyarrow=([4.3.0]=26.0.1 [4.1.4]=22.0.0 [4.0.5]=18.1.0)

command -v java >/dev/null || packages_install openjdk-17-jre-headless || exit 77
settings=(--config-settings "build-dir=$PWD/build/e2e/python-plugin")
[ -z "$library" ] || settings=(--config-settings "library=$library")

# prepare VERSION: its environment, with the packages of this working tree.
prepare() {
    local venv=build/e2e/spark-$1
    local pinned=("pyspark==$1" "pyarrow==${pyarrow[$1]}" pandas==2.3.3 setuptools==80.9.0)
    [ -x "$venv/bin/pip" ] || python3 -m venv "$venv"
    if ! "$venv/bin/pip" install --quiet "${pinned[@]}"; then
        echo "SKIPPED: ${pinned[*]} cannot be downloaded; SPARK $1 WAS NOT TESTED" >&2
        return 77
    fi
    "$venv/bin/pip" install --quiet --no-deps --force-reinstall ./samples/hosts/python \
        "${settings[@]}"
}

answer=0
for version in "${versions[@]}"; do
    if [ -z "${pyarrow[$version]:-}" ]; then
        echo "no packages are pinned for Spark $version; there are ${!pyarrow[*]}" >&2
        exit 64
    fi
    prepare "$version" || exit $?
    "build/e2e/spark-$version/bin/python" tests/e2e/host_spark.py --documents "$documents" ||
        answer=1
done
exit $answer
