#!/usr/bin/env bash
# One disk file, a Linux process and a Windows process under Wine that have it mapped at the same time: what the one writes the other sees,
# without a flush, since both have the same pages.
#   tests/wine/shared-file.sh
# Needs what run.sh needs. Ends with the line "N passed, N failed"; the exit code is 0 when none failed.
set -uo pipefail
cd "$(dirname "$0")/../.."

. tests/wine/prefix.sh

out=artifacts/wine/shared-file
file=$out/mapped.bin
size=65536
rounds=25
dotnet publish tests/Samepage.Peer -r win-x64 --self-contained -v q --nologo -o "$out/windows" || exit 1
dotnet publish tests/Samepage.Peer -v q --nologo -o "$out/linux" || exit 1
wine_begin || exit 1
trap wine_end EXIT
rm -f "$file"
truncate -s $size "$file"

passed=0 failed=0

coproc LINUX { timeout -k 5 120 dotnet exec "$out/linux/Samepage.Peer.dll"; }
linux=$LINUX_PID linux_in=${LINUX[1]} linux_out=${LINUX[0]}
# Bash warns of a second coprocess; it can be had nevertheless.
{ coproc WINDOWS { timeout -k 5 120 "$WINE" "$out/windows/Samepage.Peer.exe"; }; } 2>/dev/null
windows=$WINDOWS_PID windows_in=${WINDOWS[1]} windows_out=${WINDOWS[0]}

# ask linux|windows WANTED COMMAND…: the peer's answer has to be just this.
ask() {
    local in="${1}_in" from="${1}_out" wanted=$2 answer=nothing
    local command=("${@:3}")
    echo "${command[*]}" >&"${!in}"
    read -r -t 30 answer <&"${!from}"
    answer=${answer%$'\r'}
    if [ "$answer" = "$wanted" ]; then
        passed=$((passed + 1))
    else
        echo "FAILED: $1: ${command[*]}: $answer, wanted $wanted"
        failed=$((failed + 1))
    fi
}

ask linux ok file mapped "$file"
ask windows ok file mapped "$file"
for ((round = 0; round < rounds; round++)); do
    # A counter that both raise in turns, and a byte of each one's own that wanders over the pages.
    mine=$((round * 2531 + 1)) theirs=$((round * 2531 + 2)) pattern=$((round * 37 % 255 + 1))
    ask linux ok put mapped 0 $((2 * round + 1))
    ask windows "ok $((2 * round + 1))" get mapped 0
    ask windows ok put mapped 0 $((2 * round + 2))
    ask linux "ok $((2 * round + 2))" get mapped 0
    ask linux ok put mapped $mine $pattern
    ask windows ok put mapped $theirs $((256 - pattern))
    ask windows "ok $pattern" get mapped $mine
    ask linux "ok $((256 - pattern))" get mapped $theirs
done

exec {linux_in}>&- {windows_in}>&-
wait "$linux" "$windows"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
