#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Everything that is tested, in one command.
#
#   tests/run.sh          installs what is missing, builds, tests: under 15 minutes on two cores
#   tests/run.sh --all    adds every host and version, the exhaustive sweeps, long fuzzing, the limits
#                         of large inputs and conservation over QUERN_DATA: under 45 minutes
#
# QUERN_DATA names the folder of corpora; what needs it is skipped without it, and said so. Ends with
# "N passed, N failed, N skipped", which counts ctest's tests and the steps beside them.
set -uo pipefail
cd "$(dirname "$0")/.."
. samples/packages.sh

all=false
case "${1:-}" in
--all) all=true ;;
'') ;;
*)
    sed -n '3,11s/^# \{0,1\}//p' "$0"
    exit 64
    ;;
esac

passed=0
failed=0
skipped=0
failures=()
skips=()
started=$SECONDS

say() {
    printf '\n== %s (%d s)\n' "$*" $((SECONDS - started))
}

# step NAME COMMAND…: one thing that passes or fails; 77 means that it could not be tried.
step() {
    local name=$1 answer=0
    shift
    say "$name"
    "$@" || answer=$?
    case $answer in
    0) passed=$((passed + 1)) ;;
    77)
        skipped=$((skipped + 1))
        skips+=("$name")
        ;;
    *)
        failed=$((failed + 1))
        failures+=("$name")
        ;;
    esac
    return 0
}

# ctest_all PRESET [OPTION…]: every test of one build, counted one by one.
ctest_all() {
    local preset=$1 report=$PWD/build/$1/tests.xml
    shift
    say "tests of the $preset build"
    rm -f "$report"
    ctest --test-dir "build/$preset" -j2 --output-on-failure --output-junit "$report" "$@" |
        grep -vE ' +Passed +[0-9.]+ sec$|^ +Start +[0-9]+:'
    count_tests "$preset" "$report"
}

count_tests() {
    local preset=$1 report=$2 line
    if ! line=$(python3 - "$report" <<'EOT'
import sys
import xml.etree.ElementTree as tree
suite = tree.parse(sys.argv[1]).getroot()
named = {"run": [], "fail": [], "skip": []}
for case in suite.iter("testcase"):
    kind = case.get("status")
    if kind not in named:  # a test that asked to be skipped, or one that could not be started
        skipped = case.find("skipped")
        asked = skipped is not None and skipped.get("message", "").startswith("SKIP_")
        kind = "skip" if asked else "fail"
    named[kind].append(case.get("name"))
print(*(len(names) for names in named.values()))
print(*named["fail"])
print(*named["skip"])
EOT
    ); then
        failed=$((failed + 1))
        failures+=("$preset: ctest left no report")
        return
    fi
    local counts names
    mapfile -t lines <<<"$line"
    read -r -a counts <<<"${lines[0]}"
    passed=$((passed + counts[0]))
    failed=$((failed + counts[1]))
    skipped=$((skipped + counts[2]))
    for names in ${lines[1]:-}; do failures+=("$preset: $names"); done
    for names in ${lines[2]:-}; do skips+=("$preset: $names"); done
    if [ "${counts[0]}" -eq 0 ]; then
        failed=$((failed + 1))
        failures+=("$preset: not one test passed")
    fi
}

build() {
    cmake --preset "$1" >/dev/null && cmake --build --preset "$@" -- -k 0 | tail -n 3
}

# fuzz SECONDS NAME: one target, seeded with the golden inputs; prints executions and coverage.
fuzz() {
    local seconds=$1 name=$2 executions
    local work=build/fuzz/work/$name log=build/fuzz/work/$name.log
    mkdir -p "$work"
    local seeds=(build/fuzz/seeds)
    [ -d "tests/fuzz/seeds/$name" ] && seeds+=("tests/fuzz/seeds/$name")
    if ! build/fuzz/bin/"fuzz_$name" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3072 \
        -max_len=65536 -print_final_stats=1 -artifact_prefix="build/fuzz/work/$name-" \
        "$work" "${seeds[@]}" >"$log" 2>&1; then
        tail -n 60 "$log"
        return 1
    fi
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    printf 'fuzz %-14s %9s executions in %s s, coverage %s\n' "$name" "$executions" "$seconds" \
        "$(grep -oE 'cov: [0-9]+ ft: [0-9]+' "$log" | tail -n 1)"
    [ "${executions:-0}" -gt 0 ]
}

# fuzz_pairs SECONDS NAME…: two at a time.
fuzz_pairs() {
    local seconds=$1
    shift
    while [ $# -gt 0 ]; do
        local first=$1 second=${2:-} answer_first=0 answer_second=0
        shift
        fuzz "$seconds" "$first" &
        local first_id=$!
        if [ -n "$second" ]; then
            shift
            fuzz "$seconds" "$second" || answer_second=$?
        fi
        wait "$first_id" || answer_first=$?
        fuzz_step "$first" "$seconds" "$answer_first"
        [ -z "$second" ] || fuzz_step "$second" "$seconds" "$answer_second"
    done
}

# fuzz_step NAME SECONDS ANSWER: what broke a target is printed again at the end, to be tried anywhere.
fuzz_step() {
    step "fuzz $1, $2 s" test "$3" -eq 0
    [ "$3" -eq 0 ] ||
        failures+=("fuzz $1 ended with: $(grep -aE '^(SUMMARY|Base64):' "build/fuzz/work/$1.log" | tr '\n' ' ')")
}

fuzz_all() {
    local named=(tokenizer text archive_names library_page) others=() file name
    for file in tests/fuzz/*_fuzz.c; do
        name=$(basename "$file" _fuzz.c)
        [[ " ${named[*]} " == *" $name "* ]] || others+=("$name")
    done
    rm -rf build/fuzz/seeds build/fuzz/work
    mkdir -p build/fuzz/seeds
    step "seeds of the fuzzers" build/release/bin/golden --seeds build/fuzz/seeds tests/golden/*/
    fuzz_pairs "$1" "${named[@]}"
    fuzz_pairs "$2" "${others[@]}"
}

exhaustive_sweep() {
    printf '%s\0' tests/golden/*/ | xargs -0 -n 1 -P 2 build/debug/bin/sweep --all
}

conservation_over_data() {
    local work=build/corpus part
    rm -rf "$work"
    for part in articles segments; do
        mkdir -p "$work/$part"
        tar -xJf "$QUERN_DATA/html/$part.tar.xz" -C "$work/$part" || return 1
    done
    mkdir -p "$work/texts"
    tar -xJf "$QUERN_DATA/charset-files.tar.xz" -C "$work/texts" || return 1
    python3 tests/oracle/conservation.py --quern build/release/bin/quern "$work"
}

say "packages"
needed=("${packages_for_build[@]}" clang-14 llvm-14 libclang-rt-14-dev g++ python3 python3-venv
    libexpat1-dev nginx sqlite3 openssl python3-dev bzip2 tzdata xz-utils unicode-data abigail-tools
    valgrind libfaketime strace systemd postgresql-15)
command -v go >/dev/null || needed+=(golang-go)
packages_install "${needed[@]}" || exit 1

for preset in release debug; do
    step "build: $preset" build "$preset"
done
step "build: tsan" build tsan --target quern abi_threads_test abi_cancel_test
step "build: fuzz" build fuzz --target fuzzers

ctest_all release
ctest_all debug
ctest_all tsan -R '^abi/(threads|cancel)$'
if [ -z "${QUERN_DATA:-}" ]; then
    say "QUERN_DATA IS NOT SET: the seed's record, decoding and HTML conformance were NOT TESTED"
fi

step "host: SQLite" tests/e2e/host_sqlite.sh build/release
step "host: Python" tests/e2e/host_python.sh build/release/lib/libquern.so
if $all; then
    step "host: DuckDB, every version" tests/e2e/host_duckdb.sh build/release
    step "host: ADBC" tests/e2e/host_adbc.sh build/release
    step "hosts: what is done to them" tests/e2e/host_hostile.sh build/release
    step "quern explain in a browser" tests/e2e/explain.sh build/release
    step "host: Singer" tests/e2e/host_singer.sh build/release
    step "sink: PostgreSQL" python3 tests/e2e/cli_sink.py build/release/bin/quern
    step "host: Airbyte" tests/e2e/host_airbyte.sh build/release
    step "host: cron, systemd, Airflow" tests/e2e/host_schedule.sh build/release
    step "host: Spark" tests/e2e/host_spark.sh build/release/lib/libquern.so
else
    step "host: DuckDB, the newest" tests/e2e/host_duckdb.sh build/release newest
fi

if $all; then
    fuzz_all 200 20
    step "linear time, every shape" python3 tests/linear/linear.py build/release/bin/quern
    step "every place of every golden input" exhaustive_sweep
    step "cron in every zone, minute by minute" python3 tests/oracle/cron_scan.py build/release/bin/oracle_cron_scan --all
    step "limits of large inputs" python3 tests/e2e/large.py build/release/bin/quern
    if [ -n "${QUERN_DATA:-}" ]; then
        step "conservation over QUERN_DATA" conservation_over_data
    else
        step "conservation over QUERN_DATA" sh -c 'exit 77'
    fi
else
    fuzz_all 60 10
fi

printf '\n'
$all || echo "LEFT TO tests/run.sh --all: DuckDB's other versions, ADBC, Singer, Airbyte, PostgreSQL, cron, systemd," \
    "Airflow, Spark, what is done to hosts, quern explain in a browser, exhaustive sweeps, linear time of every" \
    "shape, cron in every zone, large inputs, long fuzzing"
[ ${#skips[@]} -eq 0 ] || printf 'SKIPPED %s\n' "${skips[@]}"
[ ${#failures[@]} -eq 0 ] || printf 'FAILED  %s\n' "${failures[@]}"
printf '%d passed, %d failed, %d skipped in %d s\n' "$passed" "$failed" "$skipped" \
    $((SECONDS - started))
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
