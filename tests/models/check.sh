#!/usr/bin/env bash
# Verifies the models exhaustively, and then shows that the verification is
# able to fail: each model with one thing left out must be refuted.
#
#   check.sh          about eight minutes, at most 1.6 GB
#   check.sh full     larger bounds as well, fifteen minutes more
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
    part) compile=-DSAFETY ;;            # as safety; not all parts of the model take part
    cycles) compile=-DNP search=-l ;;    # no progress labels: any cycle at all
    retries) compile= search=-a ;;       # any cycle through an accept label
  esac
  states=0
  spin -a "$@" "$here/$model.pml" >out 2>&1 || return 1
  gcc -O1 -w -DNOREDUCE -DMEMLIM=3500 $compile -o pan pan.c >out 2>&1 || return 1
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
verify safety mutex -DSEVERAL_N=1
verify safety mutex -DN=3 -DOPS=2 -DDEATHS=2
verify safety mutex -DN=3 -DSEVERAL_N=2 -DDEATHS=2
verify cycles mutex -DN=3 -DOPS=2 -DDEATHS=2 -DSEVERAL_N=1
verify safety event
verify safety event -DWAITERS_N=1 -DRESETTERS=1
verify cycles event -DDEATHS=1
verify safety manual-event
verify safety manual-event -DRESETTERS=1 -DDEATHS=2
verify cycles manual-event -DRESETTERS=1
verify safety semaphore
verify cycles semaphore -DMARKS=1 -DDEATHS=1
verify safety all -DSCENE=1
verify safety all -DSCENE=3 -DSEMAPHORE
verify part all -DSCENE=1 -DMANUAL
verify part all -DSCENE=2
verify part all -DSCENE=2 -DSEMAPHORE
verify part all -DSCENE=4
verify part all -DSCENE=4 -DSEMAPHORE
verify part all -DSCENE=4 -DMANUAL
verify part all -DSCENE=4 -DDEATHS=2
verify part all -DSCENE=1 -DDEATHS=0
verify part all -DSCENE=5 -DDEATHS=0
verify safety all -DSCENE=5
verify cycles all -DSCENE=2
verify cycles all -DSCENE=4
verify safety tether
verify cycles tether
verify part all-mutex
verify part all-mutex -DDEATHS=0
verify safety all-mutex -DALL_N=2 -DLOCKERS=1
verify safety flow-lock
verify safety flow-lock -DPLACES=3 -DDEATHS=1 -DLEAVERS=4
verify cycles flow-lock -DDEATHS=1
verify safety reader-writer
verify safety reader-writer -DDEATHS=2
verify safety reader-writer -DOPS=2
verify cycles reader-writer
verify safety sleeping
verify safety sleeping -DSLOTS=2 -DDEATHS=0
verify safety sleeping -DWRITERS=2 -DSLEEPERS=1 -DDEATHS=1
verify safety sleeping -DWRITERS=2 -DLANES=2 -DSLEEPERS=1 -DDEATHS=0 -DUNREACHABLE=2
verify safety sleeping -DSPLIT -DSLEEPERS=1 -DMESSAGES=2
verify cycles sleeping -DSLEEPERS=1 -DMESSAGES=2
verify safety service
verify safety service -DCLIENTS=1 -DSERVERS=2 -DCALLS=2 -DDEATHS=1
verify safety lane
verify safety lane -DHISTORY=0 -DDEATHS=0
verify safety lane -DHISTORY=1 -DDEATHS=0 -DDROP
verify safety lane -DRECORDS=4 -DBATCH
verify safety lane -DRECORDS=4 -DDROP
verify cycles lane -DRECORDS=4
verify part queue -DPLACES=1 -DSTAY
verify part queue -DPLACES=1 -DSTAY -DRECORDS=3 -DCAPACITY=3 -DRETURNS=0
verify part queue -DSENT -DRECEIVERS=3 -DDEATHS=2 -DRECORDS=1
verify part queue -DRECEIVERS=1 -DPLACES=1 -DRECORDS=3 -DCAPACITY=3
verify part queue -DRECEIVERS=1 -DPLACES=1 -DDROP
verify cycles queue -DRECEIVERS=1 -DPLACES=1 -DSTAY
verify part rendezvous -DDEATHS=0
verify part rendezvous -DLISTENERS=1 -DCONNECTS=2
verify part rendezvous -DCLIENTS=1 -DCONNECTS=2 -DTIMEOUTS=1
verify cycles rendezvous -DCLIENTS=1
verify safety cell -DVALUES=3
verify safety cell -DWRITERS=1 -DFREE_LOOKS=2 -DVALUES=5
verify part cell -DWRITERS=1 -DREADERS=2 -DFREE_LOOKS=0 -DVALUES=3 -DDEATHS=0
verify cycles cell -DVALUES=2
verify safety cell-map -DROWS=1 -DKEYS=1
verify safety cell-map -DOPS=1
verify safety cell-map -DWRITERS=1 -DOPS=3
verify cycles cell-map -DOPS=1

if [ "${1-}" = full ]; then
  verify safety lifetime -DDEATHS=1
  verify retries lifetime -DOPS=1
  verify safety mutex -DOPS=2
  verify safety mutex -DDEATHS=2
  verify safety mutex -DSEVERAL_N=2 -DDEATHS=2
  verify cycles mutex
  verify safety event -DSEVERAL_N=2
  verify cycles event
  verify safety semaphore -DLEAVERS=2
  verify cycles semaphore -DMARKS=2 -DDEATHS=1
  for variant in "" -DSEMAPHORE -DMANUAL; do
    verify part all -DSCENE=1 -DDEATHS=2 $variant
    verify part all -DSCENE=2 -DDEATHS=2 $variant
    verify part all -DSCENE=3 -DDEATHS=2 $variant
    verify part all -DSCENE=4 -DDEATHS=2 $variant
  done
  verify part all -DSCENE=3 -DOPS=2
  verify cycles all -DSCENE=1
  verify cycles all -DSCENE=3
  verify part all-mutex -DDEATHS=2
  verify part all-mutex -DMARK_32
  verify cycles all-mutex
  verify part flow-lock -DPLACES=3 -DLEAVERS=0
  verify safety flow-lock -DPLACES=3 -DDEATHS=1
  verify cycles flow-lock
  verify safety reader-writer -DF=4
  verify cycles reader-writer -DOPS=2
  verify safety sleeping -DSLOTS=2 -DDEATHS=1
  verify safety lane -DDROP
  verify safety cell-map
fi

for mutation in WAIT_ON_LIFE OPEN_ASKS_BOTH OPEN_NO_GETLK OPEN_NO_RECHECK \
                UNLINK_NO_RECHECK LOCK_AFTER_LINK CLOSE_NO_REAP; do
  refute safety lifetime -D$mutation -DOPS=1
done
refute safety lifetime -DWAITER_LEAVES -DOPS=1 -DDEATHS=0
for mutation in DO_NOT_WAIT REMOVE_LIFE_ONLY; do
  refute retries lifetime -D$mutation -DOPS=1
done
for mutation in NO_RECHECK NO_MARK MARK_AFTER_CLOSE SWEEP_BLINDLY WATCH_NO_LOCK WATCH_NO_RECHECK \
                CLOSE_BEFORE_TAKING TAKE_UNLOCKED; do
  refute safety tether -D$mutation
done
for mutation in CLEAR_IGNORES_GENERATION UNLOCK_TO_ZERO ACQUIRE_FORGETS_WAITERS \
                LOCK_NOT_PENDING LEAVE_BLINDLY NO_DEATH_WAKE; do
  refute safety mutex -D$mutation
done
for mutation in NO_PASS_ON PASS_ON_NOT_PENDING; do
  refute safety mutex -D$mutation -DN=3 -DSEVERAL_N=1
done
for mutation in TAKE_FORGETS_WAITERS LEAVE_FORGETS_WAITERS NO_DEATH_WAKE \
                SEVERAL_MARKS_AS_SIMPLE MARK_OVER_SEVERAL WAKE_ONE_OF_SEVERAL STORE_THEN_WAKE; do
  refute safety event -D$mutation -DONLY_AT_REST
done
for mutation in NO_GENERATION SLEEP_ON_BITS MARK_BLINDLY WAKE_ONE STORE_THEN_WAKE; do
  refute safety manual-event -D$mutation -DONLY_AT_REST
done
for mutation in NO_CHAIN TAKE_FORGETS_WAITERS LEAVE_FORGETS_WAITERS NO_DEATH_WAKE \
                SEVERAL_MARKS_AS_SIMPLE MARK_OVER_SEVERAL WAKE_ONE_OF_SEVERAL STORE_THEN_WAKE \
                RELEASE_IGNORES_SEVERAL; do
  refute safety semaphore -D$mutation -DONLY_AT_REST
done
refute cycles semaphore -DDEATHS=0    # no bound of marks: the one cycle, see semaphore.pml
for mutation in ROLL_BACK_ALWAYS ROLL_FORWARD_ALWAYS DECIDE_LATE RECORD_LATE \
                CLAIM_RELEASED_EARLY; do
  refute safety all -D$mutation -DSCENE=1
done
refute safety all -DREUSE_NUMBERS -DSCENE=1 -DOPS=2
refute safety all -DNO_ORDER -DSCENE=1 -DDEATHS=0
refute safety all -DNO_ORDER -DSCENE=5 -DDEATHS=0
refute safety all -DNO_WAKE_OF_NEXT -DSCENE=2
refute safety all -DWAITERS_IGNORE_BIT -DSCENE=4
refute safety all -DWAKE_ONE_OF_SEVERAL -DSCENE=4
refute safety all -DPOLLERS_IGNORE_BIT -DSCENE=3
refute safety all -DPOLLERS_IGNORE_BIT -DSCENE=4 -DMANUAL -DDEATHS=0
for mutation in FORGETS_WHETHER_ABANDONED NO_WAKE_AT_GIVING_BACK NO_PASS_ON; do
  refute safety all-mutex -D$mutation
done
refute safety all-mutex -DGIVE_BACK_AS_A_RELEASE -DDEATHS=0
for mutation in WATCH_BEFORE_MARK WAKE_ONE END_ONLY_WAKES HEAL_WORD_ALONE KILLED_IS_GONE REUSE_NAMED \
                SLEEP_ON_HOLDER MARK_KEEPS_GENERATION; do
  refute safety flow-lock -D$mutation
done
# What FlowLock does, see flow-lock.pml: with somebody who goes away, one death; without, two.
refute safety flow-lock -DSLEEP_ON_HOLDER -DMARK_KEEPS_GENERATION -DPLACES=3 -DDEATHS=1
refute safety flow-lock -DSLEEP_ON_HOLDER -DMARK_KEEPS_GENERATION -DPLACES=3 -DLEAVERS=0
for mutation in READ_WITHOUT_TURN SKIP_PLACE RAISE_LATE FLAG_BEFORE_DRAIN CLEAR_AFTER_RELEASE \
                TURN_ENDS_WITH_DRAIN KEEP_PLACE TIMEOUT_KEEPS_TURN NO_SHARING NO_GATE; do
  refute safety reader-writer -D$mutation
done
for mutation in NO_BARRIER BARRIER_FIRST NO_FENCE LOOK_FIRST RESET_LATE NO_WATCH JOIN_QUIETLY; do
  refute safety sleeping -D$mutation -DSLEEPERS=1
done
refute safety sleeping -DFORGET_AFTER_LEAVE
refute safety sleeping -DANNOUNCE_LATE -DSLEEPERS=1 -DUNREACHABLE=1
refute safety sleeping -DSKIP_IF_UNREACHABLE -DWRITERS=2 -DLANES=2 -DSLEEPERS=1 -DDEATHS=0 -DUNREACHABLE=2
for mutation in NO_CLEARING COMMIT_EARLY LAST_BEFORE_ROW ROW_OVER_OLDEST; do
  refute safety lane -D$mutation
done
for mutation in WRITER_LOOKS_FIRST READER_LOOKS_FIRST ROW_READ_AGAIN ROW_UNCHECKED; do
  refute safety lane -D$mutation -DDROP -DDEATHS=0 -DRECORDS=6
done
for mutation in FREE_WHAT_IS_TAKEN NO_SECOND_RING NO_BURIAL_OF_CLIENTS TAKE_ANY_PLACE KEEP_WHAT_WAS_CANCELLED; do
  refute safety service -D$mutation
done
refute safety lane -DBATCH_OVER_CHUNK -DBATCH -DHISTORY=0
for mutation in NEXT_FIRST STATE_FIRST ONCE_AGAIN BURY_WITHOUT_TURN LEAVE_UNBURIED NO_PASSING NEXT_ONCE; do
  refute safety queue -D$mutation -DPLACES=1 -DSTAY
done
refute safety queue -DBURY_BLINDLY -DPLACES=1 -DSTAY -DRECORDS=3 -DCAPACITY=3 -DRETURNS=0
refute safety queue -DNO_WATCH
refute safety queue -DWATCH_ONCE -DSENT -DRECEIVERS=3 -DDEATHS=2 -DRECORDS=1
refute safety queue -DTRY_BLINDLY -DDROP -DRECEIVERS=1 -DPLACES=1
for mutation in NO_WATCH LEAVE_QUIETLY; do
  refute safety rendezvous -D$mutation -DLISTENERS=1 -DCONNECTS=2 -DTIMEOUTS=1
done
refute safety rendezvous -DTAKE_ONCE -DLISTENERS=1 -DCONNECTS=2
for mutation in TAKE_BLINDLY REFUSE_BLINDLY LISTEN_QUIETLY NO_NEWS; do
  refute safety rendezvous -D$mutation -DCLIENTS=1 -DCONNECTS=2 -DTIMEOUTS=1
done
refute safety rendezvous -DARRIVE_FIRST -DCLIENTS=1 -DLISTENERS=1
refute safety rendezvous -DDROP_AT_LEAVING -DCLIENTS=1
for mutation in NO_ANSWER NO_SECOND_LOOK ASK_LATE NUMBER_STAYS PUBLISH_EARLY OVERWRITE_LATEST LOOK_EARLY \
                SLOTS=2 NO_FENCE; do
  refute safety cell -D$mutation -DWRITERS=1 -DDEATHS=0
done
refute safety cell-map -DNO_TURN -DOPS=1
refute safety cell-map -DSTATE_FIRST -DROWS=1 -DOPS=1 -DDEATHS=0
for mutation in KEEP_LATEST WRITE_BLINDLY NO_SECOND_LOOK; do
  refute safety cell-map -D$mutation -DROWS=1 -DKEYS=1
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
