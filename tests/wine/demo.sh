#!/usr/bin/env bash
# The tool and its samples as Windows programs under Wine: the whole demo, then the verbs against objects that another process holds.
#   tests/wine/demo.sh
# Needs what run.sh needs. Ends with the line "N passed, N failed"; the exit code is 0 when none failed.
set -uo pipefail
cd "$(dirname "$0")/../.."

. tests/wine/prefix.sh

out=artifacts/wine/demo
dotnet publish src/Samepage.Cli -r win-x64 --self-contained -v q --nologo -o "$out" || exit 1
wine_begin || exit 1
trap wine_end EXIT

passed=0 failed=0

samepage() { timeout -k 5 120 "$WINE" "$out/Samepage.Cli.exe" "$@"; }

# expect STATUS PATTERN VERB…: the verb ends with that exit code, and its output has a line like the pattern, if there is one.
expect() {
    local wanted=$1 pattern=$2 log=$out/last.log status
    shift 2
    samepage "$@" >"$log" 2>&1
    status=$?
    if [ "$status" -eq "$wanted" ] && { [ -z "$pattern" ] || grep -qE -- "$pattern" "$log"; }; then
        passed=$((passed + 1))
    else
        cat "$log"
        echo "FAILED: $* ended with $status, wanted $wanted and \"$pattern\""
        failed=$((failed + 1))
    fi
}

expect 0 '^  ok: nothing: the last to leave' demo </dev/null
cp "$out/last.log" "$out/demo.log"
cat "$out/demo.log"
for example in Relay SharedText Bitmap Frames; do
    told=$(awk -v title="== $example:" '/^== / { mine = index($0, title) == 1 } mine' "$out/demo.log")
    if grep -q '^  ok: ' <<<"$told" && ! grep -q '^  FAILED: ' <<<"$told"; then
        passed=$((passed + 1))
    else
        echo "FAILED: the example $example"
        failed=$((failed + 1))
    fi
done

expect 0 '^no problems' doctor
expect 1 'no object named "demo-section"' info demo-section
coproc HOLDER { samepage create section demo-section --size 4096 --until-eof 2>&1; }
holder=$HOLDER_PID
read -r -t 30 line <&"${HOLDER[0]}" && echo "$line"
printf 'what one process wrote' >"$out/written"
expect 0 'demo-section' ls
expect 0 '4,?096' info demo-section
expect 1 'demo-section' create section demo-section --size 4096
expect 0 'wrote 22 bytes' write demo-section --offset 256 <"$out/written"
expect 0 '^what one process wrote$' read demo-section --offset 256 --length 22
expect 0 'what one proces' dump demo-section --offset 256 --length 32
expect 0 '"demo-section"' ls --json
exec {HOLDER[1]}>&-
wait "$holder"
expect 1 'no object named "demo-section"' info demo-section

expect 5 '' lock demo-mutex -- cmd /c 'exit 5'
coproc HOLDER {
    samepage create semaphore demo-slots --initial 2 --max 2 --until-eof 2>&1 <&0 &
    samepage create event demo-event --until-eof 2>&1
    wait
}
holder=$HOLDER_PID
for _ in demo-event demo-slots; do
    read -r -t 30 line <&"${HOLDER[0]}" && echo "$line"
done
expect 3 'was not set' wait demo-event --timeout 100ms
expect 0 '^demo-slots.?$' wait --any demo-event demo-slots --timeout 10s
expect 0 '' set demo-event
expect 0 '' wait demo-event --timeout 10s
expect 0 '' set demo-event
expect 0 '' wait --all demo-event demo-slots --timeout 10s
exec {HOLDER[1]}>&-
wait "$holder"

coproc HOLDER {
    samepage create topic demo-topic --until-eof 2>&1 <&0 &
    samepage create queue demo-queue --until-eof 2>&1
    wait
}
holder=$HOLDER_PID
for _ in demo-topic demo-queue; do
    read -r -t 30 line <&"${HOLDER[0]}" && echo "$line"
done
expect 0 'published 2 messages' pub demo-topic one two
expect 0 '^two$' sub demo-topic --history all --count 2
expect 0 '0.0.0.3.one$' peek demo-topic
expect 0 'demo-topic.topic' top --once --every 100ms
expect 0 'sent 2 messages' send demo-queue first second
expect 0 '^first$' receive demo-queue --count 1
expect 0 'second$' peek demo-queue
expect 0 '2 written, 1 waiting' info demo-queue
exec {HOLDER[1]}>&-
wait "$holder"

coproc HOLDER { samepage cell set demo-cell first --until-eof 2>&1; }
holder=$HOLDER_PID
read -r -t 30 line <&"${HOLDER[0]}" && echo "$line"
expect 0 '^first$' cell get demo-cell
expect 0 'wrote 6 bytes' cell set demo-cell second
expect 0 '^second$' cell watch demo-cell --count 1
expect 0 '6 bytes, change 2 by' info demo-cell
exec {HOLDER[1]}>&-
wait "$holder"

coproc HOLDER { samepage serve demo-service --count 1 -- cmd /c 'echo answer& exit 5' 2>&1; }
holder=$HOLDER_PID
read -r -t 30 line <&"${HOLDER[0]}" && echo "$line"
expect 0 '1 server, 0 clients' ls --kind service
expect 1 'the server could not answer: exit code 5' call demo-service request
wait "$holder"

samepage cat --listen demo-pipe --no-input >"$out/piped" 2>&1 &
listener=$!
expect 0 '' cat demo-pipe <"$out/written"
wait "$listener"
if cmp -s "$out/written" "$out/piped"; then
    passed=$((passed + 1))
else
    echo "FAILED: cat"
    failed=$((failed + 1))
fi

expect 0 '^Samepage topic ' bench --seconds 0.1

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
