#!/bin/bash
# Installs what the tests need, runs every test and counts them. The last line is `N passed, N failed`; the exit status is
# 0 only when all passed. A part that ran nothing, or that ended without saying how many it ran, counts as one failure.
set -u
cd "$(dirname "$0")/.."
deploy/setup.sh test || exit 1

results=.build/test-results
passed=0
failed=0
mkdir -p "$results"
rm -f "$results"/*

# add NAME PASSED FAILED STATUS: counts a part that is done.
add() {
    local name=$1 ok=$2 bad=$3 status=$4
    if [ "$bad" -eq 0 ] && { [ "$ok" -eq 0 ] || [ "$status" -ne 0 ]; }; then
        echo "$name: ended with status $status after $ok tests" >&2
        bad=1
    fi
    echo "== $name: $ok passed, $bad failed"
    summary+="$name: $ok passed, $bad failed"$'\n'
    passed=$((passed + ok))
    failed=$((failed + bad))
}

# swift_tests NAME OPTIONS...: a run of swift test, counted from its XML report.
swift_tests() {
    local name=$1 report=$results/${1// /-}
    shift
    echo "== $name"
    # A test that waits for ever is a failure, not the end of the count.
    timeout --kill-after=10 "$swift_minutes"m swift test --disable-xctest --xunit-output "$report.xml" "$@" 2>&1 \
        | sed -E '/^\[[0-9]+\/[0-9]+\]/d; s/◇ [^◇]*started\.//; / passed after [0-9.]+ seconds\.$/d; /^$/d'
    local status=${PIPESTATUS[0]}
    # Some versions of Swift write the report of Swift Testing beside the name given.
    local counts ok bad skipped
    counts=$(cat "$report.xml" "$report-swift-testing.xml" 2>/dev/null | awk '
        /<testcase/ { tests++; counted = 0 }
        /<skipped/ { skipped++ }
        /<failure/ && !counted { failures++; counted = 1 }
        END { print tests - failures - skipped, failures + 0, skipped + 0 }')
    read -r ok bad skipped <<<"$counts"
    [ "$skipped" -eq 0 ] || echo "$name: $skipped skipped"
    add "$name" "$ok" "$bad" "$status"
}

# kernel_tests: the C tests of the kernels; each processor that they ran as counts as one test.
kernel_tests() {
    local name=kernels log=$results/kernels.log
    echo "== $name"
    Tests/run-kernel-tests.sh 2>&1 | tee "$log"
    local status=${PIPESTATUS[0]}
    add "$name" "$(grep -c ' checks passed, 0 failed' "$log")" 0 "$status"
}

# corpus_tests: the tests of the included model's corpus, with Python's own unittest.
corpus_tests() {
    local name=corpus log=$results/corpus.log
    echo "== $name"
    (cd deploy/model && python3 -B -m unittest test_corpus) 2>&1 | tee "$log"
    local status=${PIPESTATUS[0]} ran bad
    ran=$(sed -n 's/^Ran \([0-9]*\) tests\{0,1\} in .*/\1/p' "$log")
    bad=$(sed -n 's/^FAILED (\(.*\))$/\1/p' "$log" | tr -c '0-9' '\n' | awk '{ sum += $1 } END { print sum + 0 }')
    add "$name" $((${ran:-0} - bad)) "$bad" "$status"
}

summary=
# Minutes that a part may take, building included; on two cores it takes five.
swift_minutes=25
swift_tests "Swift tests"
kernel_tests
corpus_tests
# Once more with every read and write checked: the tests that feed damaged files to the reader. Leaks are not
# looked for: the Swift runtime keeps what it allocates.
ASAN_OPTIONS=detect_leaks=0 swift_tests "damaged files under AddressSanitizer" \
    --sanitize=address --scratch-path .build-asan -Xswiftc -use-ld=lld --filter "GGUFTests|Damaged|Hostile"

echo
echo "$summary"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
