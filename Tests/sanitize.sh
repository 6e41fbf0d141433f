#!/usr/bin/env bash
# Runs the tests under a sanitizer, which sees data races (thread) or bad accesses to memory (address):
#
#     Tests/sanitize.sh thread [FILTER [TEST TARGET...]]
#     Tests/sanitize.sh address [FILTER [TEST TARGET...]]
#
# FILTER is a regular expression of test names, as `swift test --filter` takes it; without it all tests run, which are
# several times as slow as they are otherwise. Where the test targets that have them are named too, no others are built,
# nor what only others need. A report ends the run with a code other than 0.
set -euo pipefail
cd "$(dirname "$0")/.."
sanitizer="${1:-}"
case "$sanitizer" in
thread) export TSAN_OPTIONS="exitcode=66" ;;
# What the Swift runtime keeps for the life of the program is no leak.
address) export ASAN_OPTIONS="detect_leaks=0" ;;
*)
    echo "usage: Tests/sanitize.sh thread|address [FILTER [TEST TARGET...]]" >&2
    exit 64
    ;;
esac
filter=()
if [[ -n "${2:-}" ]]; then filter=(--filter "$2"); fi
if (($# > 2)); then export JOURNAL_TEST_TARGETS="${*:3}"; fi
swift test --sanitize="$sanitizer" --scratch-path ".build-$sanitizer" "${filter[@]}"
