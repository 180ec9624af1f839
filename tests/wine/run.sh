#!/usr/bin/env bash
# Publishes a test project self-contained for Windows and runs it under Wine: the same tests, on the other system.
#   tests/wine/run.sh tests/Samepage.Conformance [arguments of the test program, such as -class NAME]
# Needs the packages wine and wine64 (and gcc-mingw-w64-x86-64 for tests/Samepage.Interop). Everything it makes lies under artifacts/wine.
# Prints what was skipped and why, and ends with the line "N passed, N failed, N skipped under Wine"; the exit code is 0 when none failed.
set -uo pipefail
cd "$(dirname "$0")/../.."

. tests/wine/prefix.sh

project=${1:?which test project?}
shift
name=$(basename "$project")
out=artifacts/wine/$name
log=$out.log
# Far beyond what the tests take: past it something hangs.
patience=900

dotnet publish "$project" -r win-x64 --self-contained -v q --nologo -o "$out" || exit 1
if [ "$name" = Samepage.Interop ]; then
    bash tests/interop/build.sh "$out/programs" || exit 1
fi
wine_begin || exit 1
trap wine_end EXIT

# When the tests hang: what its threads wait for, as the kernel has it (a runtime that is stuck runs no timer that could tell).
threads() {
    local task pid
    for pid in $(pgrep -f "[^ ]*$name.exe"); do
        for task in /proc/"$pid"/task/*; do
            echo "thread ${task##*/} of $pid: $(cat "$task/comm"), $(sed -n 's/^State:\s*//p' "$task/status"), syscall $(cat "$task/syscall")"
        done
    done 2>/dev/null
}

SECONDS=0
"$WINE" "$out/$name.exe" -noColor -reporter verbose "$@" >"$log" 2>&1 &
tests=$!
while kill -0 $tests 2>/dev/null; do
    if [ $SECONDS -ge $patience ]; then
        stuck=$(threads)
        kill -9 $tests
    fi
    sleep 1
done
wait $tests
status=$?
total=$(sed -nE 's/.*Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+).*/\1 \2 \3 \4/p' "$log")
[ "$status" -eq 0 ] || grep -vE '\[(STARTING|FINISHED)\]' "$log"
if [ -z "$total" ]; then
    echo "${stuck:-}"
    sed -nE 's/^ *(.*) \[(STARTING|FINISHED)\].*/begun and not ended: \1/p' "$log" | sort | uniq -u
    echo "$name ended with $status after $SECONDS seconds, before its tests did"
    echo "0 passed, 1 failed, 0 skipped under Wine"
    exit 1
fi
read -r all errors failed skipped <<<"$total"
grep -A1 -F '[SKIP]' "$log" | sed -E 's/^ +//; /^--$/d' | paste -d' ' - - | sed -E 's/\([^)]*\) \[SKIP\]/ [SKIP]/' | sort | uniq -c
echo "$((all - failed - skipped)) passed, $((failed + errors)) failed, $skipped skipped under Wine"
[ "$status" -eq 0 ] && [ "$all" -gt 0 ]
