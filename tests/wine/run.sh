#!/usr/bin/env bash
# Publishes a test project self-contained for Windows and runs it under Wine: the same tests, on the other system.
#   tests/wine/run.sh tests/Samepage.Conformance [CLASS…]
# Needs the packages wine, wine64 and gcc-mingw-w64-x86-64. Everything it makes lies under artifacts/wine.
# Ends with the line "N passed, N failed, N skipped under Wine"; the exit code is 0 when none failed.
set -uo pipefail
cd "$(dirname "$0")/../.."

. tests/wine/prefix.sh

project=${1:?which test project?}
shift
name=$(basename "$project")
out=artifacts/wine/$name
# Far beyond what any class takes: past it something hangs.
patience=300

dotnet publish "$project" -r win-x64 --self-contained -v q --nologo -o "$out" -p:PublishReadyToRun=false || exit 1
if [ "$name" = Samepage.Interop ]; then
    bash tests/interop/build.sh "$out/programs" || exit 1
fi
wine_begin || exit 1
trap wine_end EXIT

classes=("$@")
if [ ${#classes[@]} = 0 ]; then
    mapfile -t classes < <(cd "$project" && ls *Tests.cs | sed 's/\.cs$//')
fi

passed=0 failed=0 skipped=0
# A process a class. See prefix.sh: under Wine 8 the runtime does not always survive the hundreds of threads that all classes together
# start and end, and a class that brought it down must not take the others along.
for class in "${classes[@]}"; do
    log="artifacts/wine/$name.$class.log"
    timeout -k 5 $patience "$WINE" "$out/$name.exe" -noColor -class "$name.$class" >"$log" 2>&1
    status=$?
    total=$(sed -nE 's/.*Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+).*/\1 \2 \3 \4/p' "$log")
    if [ -z "$total" ]; then
        cat "$log"
        echo "FAILED: $class ended with $status before its tests did"
        failed=$((failed + 1))
        continue
    fi
    read -r all errors wrong left <<<"$total"
    [ "$status" -eq 0 ] || cat "$log"
    grep -A1 -F '[SKIP]' "$log" | sed -E 's/^ +//; /^--$/d' | paste -d' ' - - | sed 's/^/skipped: /'
    passed=$((passed + all - wrong - left))
    failed=$((failed + wrong + errors))
    skipped=$((skipped + left))
done
echo "$passed passed, $failed failed, $skipped skipped under Wine"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
