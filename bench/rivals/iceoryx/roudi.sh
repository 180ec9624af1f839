#!/usr/bin/env bash
# roudi.sh CONFIG: the daemon of iceoryx as a peer. Says "ready" when it is, and ends it, by its id, when the standard input ends.
# There is one for a machine: where another runs already, or /dev/shm is too small, it dies, and its last words go to standard error.

start() { # until it is ready, or has died
    local line
    words=""
    coproc roudi { exec iox-roudi --config-file "$1" --monitoring-mode off 2>&1; }
    id=$roudi_PID
    exec 3<&"${roudi[0]}"
    while read -r line <&3; do
        words+=$line$'\n'
        case $line in *"ready for clients"*)
            cat <&3 >/dev/null &
            return 0
            ;;
        esac
    done
    return 1
}

stop() {
    kill -TERM "$id" && wait "$id"
} 2>/dev/null

# An interrupt from the terminal goes to everyone: the standard input ends then, too.
trap '' INT HUP
if ! start "$1"; then
    printf %s "$words" >&2
    exit 1
fi
echo ready
cat >/dev/null
# A peer that was killed is registered still. The daemon dies of that, and its memory stays; the next one takes it over, and away.
stop || { start "$1" && stop; }
