#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Spark: a standalone cluster on this machine out of the pip package, and host_spark.py on it.
#
#   tests/e2e/host_spark.sh [LIBRARY [DOCUMENTS]]     LIBRARY: pack this libquern.so, build none
#
# Its own virtual environment is build/e2e/spark. Answers 77 when packages cannot be downloaded.
set -euo pipefail
cd "$(dirname "$0")/../.."
. samples/packages.sh
library=${1:+$(realpath "$1")}
venv=$PWD/build/e2e/spark
pinned=(pyspark==4.3.0 pyarrow==26.0.1 pandas==2.3.3 setuptools==80.9.0)

command -v java >/dev/null || packages_install openjdk-17-jre-headless || exit 77
[ -x "$venv/bin/pip" ] || python3 -m venv "$venv"
if ! "$venv/bin/pip" install --quiet "${pinned[@]}"; then
    echo "SKIPPED: ${pinned[*]} cannot be downloaded; SPARK WAS NOT TESTED" >&2
    exit 77
fi
settings=(--config-settings "build-dir=$PWD/build/e2e/python-plugin")
[ -z "$library" ] || settings=(--config-settings "library=$library")
"$venv/bin/pip" install --quiet --no-deps --force-reinstall ./samples/hosts/python "${settings[@]}"
exec "$venv/bin/python" tests/e2e/host_spark.py --documents "${2:-20000}"
