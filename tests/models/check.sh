#!/usr/bin/env bash
# Verifies the models exhaustively, and then shows that the verification is
# able to fail: each model with one thing left out must be refuted.
#
#   check.sh          about three minutes, at most 1.6 GB
#   check.sh full     larger bounds as well, three minutes more
#
# Exit code: 0 all passed, 1 something failed, 77 a tool is missing.
set -u

for tool in spin gcc; do
  if ! command -v "$tool" >/dev/null; then
    echo "check.sh: $tool is not installed, the models were not checked"
    exit 77
  fi
done
if ! spin -V 2>&1 | grep -q '^Spin Version'; then
  echo "check.sh: 'spin' is not the model checker, the models were not checked"
  exit 77
fi

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 1
passed=0
failed=0

pass() { echo "$1: $states states, passed"; passed=$((passed + 1)); }

fail() {
  echo "$1: FAILED: $2"
  [ -f out ] && sed 's/^/    /' out | grep -v 'Depth=' | head -n 30
  failed=$((failed + 1))
}

# explore MODE MODEL [-D...]: leaves pan's report in "out".
# Partial order reduction is off: it saves next to nothing here, and without it
# nothing hangs on how it treats "unless".
explore() {
  local mode=$1 model=$2 compile search=
  shift 2
  rm -rf ./*
  case $mode in
    safety) compile=-DSAFETY ;;
    cycles) compile=-DNP search=-l ;;    # no progress labels: any cycle at all
    retries) compile= search=-a ;;       # any cycle through an accept label
  esac
  states=0
  spin -a "$@" "$here/$model.pml" >out 2>&1 || return 1
  gcc -O2 -w -DNOREDUCE -DMEMLIM=3500 $compile -o pan pan.c >out 2>&1 || return 1
  timeout 300 ./pan -m20000 $search >out 2>&1 || {
    echo "pan ended with exit code $? (124: took too long, 137: killed)" >>out
    return 1
  }
  states=$(awk '/states, stored/ { print $1 }' out)
}

# verify MODE MODEL [-D...]: no error, everything searched, each assert reached.
verify() {
  local name="$2${3+ ${*:3}} ($1)"
  if ! explore "$@"; then
    fail "$name" "did not run"
  elif ! grep -q 'errors: 0$' out; then
    fail "$name" "$(grep -m1 '^pan:' out)"
  elif grep -qiE 'not completed|depth too small|out of memory|truncated' out; then
    fail "$name" "the search is not exhaustive"
  elif [ "$1" = safety ] && grep -qE ', state [0-9]+, ".*assert\(' out; then
    fail "$name" "an assert was never reached"
  else
    pass "$name"
  fi
}

# refute MODE MODEL -DMUTATION [-D...]: an error of the model must be found.
refute() {
  local name="$2 ${*:3} ($1) is refuted"
  if ! explore "$@"; then
    fail "$name" "did not run"
  elif grep -qE '^pan:1: (assertion violated|invalid end state|(non-progress|acceptance) cycle)' out; then
    pass "$name"
  else
    fail "$name" "no error was found"
  fi
}

verify safety lifetime -DOPS=1
verify retries lifetime -DOPS=1 -DDEATHS=1
verify safety mutex -DDEATHS=2
verify safety mutex -DN=3 -DOPS=2 -DDEATHS=2
verify cycles mutex -DN=3 -DOPS=2 -DDEATHS=2
verify safety event -DLEAVERS=2
verify cycles event
verify safety event -DMANUAL -DWAITERS_N=2
verify safety event -DMANUAL -DSETTERS=1
verify safety event -DMANUAL -DWAITERS_N=2 -DSETTERS=1 -DRESETTERS=2 -DLEAVERS=2
verify cycles event -DMANUAL -DWAITERS_N=2 -DDEATHS=1
verify safety semaphore
verify cycles semaphore -DDEATHS=1

if [ "${1-}" = full ]; then
  verify safety lifetime -DDEATHS=1
  verify retries lifetime -DOPS=1
  verify safety mutex -DOPS=2
  verify cycles mutex
  verify safety event -DMANUAL -DWAITERS_N=2 -DLEAVERS=2
  verify safety semaphore -DLEAVERS=2
fi

for mutation in WAIT_ON_LIFE OPEN_ASKS_BOTH OPEN_NO_GETLK OPEN_NO_RECHECK \
                UNLINK_NO_RECHECK LOCK_AFTER_LINK CLOSE_NO_REAP; do
  refute safety lifetime -D$mutation -DOPS=1
done
refute safety lifetime -DWAITER_LEAVES -DOPS=1 -DDEATHS=0
for mutation in DO_NOT_WAIT REMOVE_LIFE_ONLY; do
  refute retries lifetime -D$mutation -DOPS=1
done
for mutation in CLEAR_IGNORES_GENERATION UNLOCK_TO_ZERO ACQUIRE_FORGETS_WAITERS \
                LOCK_NOT_PENDING LEAVE_BLINDLY NO_DEATH_WAKE; do
  refute safety mutex -D$mutation
done
for mutation in TAKE_FORGETS_WAITERS LEAVE_FORGETS_WAITERS NO_DEATH_WAKE; do
  refute safety event -D$mutation
done
for mutation in CLEAR_IGNORES_GENERATION NO_GENERATION RESET_BLINDLY NO_HAND_ON \
                LEAVE_BLINDLY NO_DEATH_WAKE; do
  refute safety event -D$mutation -DMANUAL -DWAITERS_N=2
done
refute safety event -DSINCE_LOOK -DMANUAL -DWAITERS_N=2 -DDEATHS=0    # a limit, see README.md
for mutation in NO_CHAIN TAKE_FORGETS_WAITERS LEAVE_FORGETS_WAITERS NO_DEATH_WAKE; do
  refute safety semaphore -D$mutation
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
