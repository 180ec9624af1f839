#!/usr/bin/env bash
# Runs the table of the error model on this Linux and under Wine, and lays the outcomes side by side: each fault must come to the same reason
# and code on both, or the table must declare the difference, with its reason. What Wine cannot show is listed, and not counted.
#   tests/wine/compare-errors.sh
# Needs what run.sh needs. The two lists lie under artifacts/wine. The last line is "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/../.."

. tests/wine/prefix.sh

project=tests/Samepage.Conformance
class=Samepage.Conformance.ErrorModelTests
windows=$PWD/artifacts/wine/errors.wine.txt
linux=$PWD/artifacts/wine/errors.linux.txt
mkdir -p artifacts/wine
rm -f "$windows" "$linux"
# Far beyond what the class takes: past it something hangs.
patience=300

dotnet build "$project" -v q --nologo || exit 1
dotnet publish "$project" -r win-x64 --self-contained -v q --nologo -o artifacts/wine/Samepage.Conformance || exit 1

failed=0
run() { # run SYSTEM COMMAND…: a system on which the class itself fails is a failure of its own
    local system=$1
    shift
    timeout -k 5 $patience "$@" -noColor -class $class >"artifacts/wine/errors.$system.log" 2>&1 && return
    cat "artifacts/wine/errors.$system.log"
    echo "FAILED: the error model on $system"
    failed=$((failed + 1))
}

SAMEPAGE_ERROR_LIST=$linux run linux dotnet run --no-build --project "$project" --
wine_begin || exit 1
trap wine_end EXIT
SAMEPAGE_ERROR_LIST="Z:${windows//\//\\}" run wine "$WINE" artifacts/wine/Samepage.Conformance/Samepage.Conformance.exe
touch "$linux" "$windows"

# A line is "samepage error model: CASE -> OUTCOME", and " [declared: WHY]" where the table says that the systems differ.
compare='
    function parse(line) {
        sub(/\r$/, "", line)
        sub(/^samepage error model: /, "", line)
        why = ""
        if (match(line, / \[declared: .*\]$/)) { why = substr(line, RSTART + 12, RLENGTH - 13); line = substr(line, 1, RSTART - 1) }
        at = index(line, " -> ")
        title = substr(line, 1, at - 1)
        outcome = substr(line, at + 4)
    }
    { parse($0) }
    FNR == NR { linux[title] = outcome; reason[title] = why; next }
    {
        wine[title] = outcome
        if (why != "") reason[title] = why
    }
    END {
        for (title in linux) if (!(title in wine)) { print "FAILED: " title ": not run under Wine"; failed++ }
        for (title in wine) {
            if (!(title in linux)) { print "FAILED: " title ": not run on Linux"; failed++ }
            else if (linux[title] == wine[title] && reason[title] == "") passed++
            else if (wine[title] == "unseen") print "unseen under Wine: " title ": " linux[title] " on Linux. " reason[title]
            else if (linux[title] == wine[title]) { print "FAILED: " title ": the same on both, and declared as different: " reason[title]; failed++ }
            else if (reason[title] != "") {
                print "declared difference: " title ": " linux[title] " on Linux, " wine[title] " under Wine. " reason[title]
                passed++
            }
            else { print "FAILED: " title ": " linux[title] " on Linux, " wine[title] " under Wine"; failed++ }
        }
        print passed + 0, failed + 0
    }'
result=$(awk "$compare" "$linux" "$windows")
sed '$d' <<<"$result" | LC_ALL=C sort
read -r passed different <<<"$(tail -n 1 <<<"$result")"
echo "$passed passed, $((failed + different)) failed"
[ $((failed + different)) -eq 0 ] && [ "$passed" -gt 0 ]
