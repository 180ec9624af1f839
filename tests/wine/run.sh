#!/usr/bin/env bash
# Publishes a test project self-contained for Windows and runs it under Wine: the same tests, on the other system.
#   tests/wine/run.sh tests/Samepage.Conformance [arguments of the test program, such as -class NAME]
# Needs the packages wine and wine64. Everything it makes lies under artifacts/wine; the exit code is the test program's (0: all passed).
set -uo pipefail
cd "$(dirname "$0")/../.."

. tests/wine/prefix.sh

project=${1:?which test project?}
shift
name=$(basename "$project")
out=artifacts/wine/$name

dotnet publish "$project" -r win-x64 --self-contained -v q --nologo -o "$out" -p:PublishReadyToRun=false || exit 1
wine_begin || exit 1
trap wine_end EXIT
"$WINE" "$out/$name.exe" -noColor "$@"
