/*
 * manual-event.pml - manual-reset event.
 *
 * Protocol.  One futex word: SET, WAITERS, and a generation, which a Reset of a
 * set event raises.  Set: nothing if SET stands; without WAITERS a CAS;
 * otherwise one FUTEX_WAKE_OP that ORs SET into whatever the word is by then
 * and wakes all.  Reset: a CAS that takes SET and WAITERS away.  A waiter
 * passes if SET stands or the generation is not that of its first look;
 * otherwise it marks WAITERS and sleeps on the word, generation included.  The
 * wait is the same for one object and for several.  Nobody needs a pending
 * entry: no step leaves a wake to be made.
 *
 * Step -> function
 *   set, reset .......... FutexManualEvent.Set, Reset
 *   wait ................ FutexManualEvent.WaitForSet, TryMark; AnyWait
 *   the unless branch ... the kernel: a death leaves the queue, nothing else
 *
 * Checked
 *   - in every state: nobody sleeps beside SET or without WAITERS;
 *   - who had looked when a Set set the event passes, whatever Reset follows
 *     and whoever dies: when nothing moves it does not sleep, nor does it end
 *     with a timeout;
 *   - every execution ends.
 *
 * Bounds: WAITERS_N (2) wait once each, the first twice, and may give up at any
 * time; SETTERS
 * (2) and RESETTERS (2) do so once each.  At most DEATHS (1) threads die,
 * anywhere.  The generation does not wrap.
 *
 * ONLY_AT_REST leaves out what is checked in every state, so that a mutation is
 * refuted by what comes of it.
 *
 * Abstracted: read and CAS of the word are one step.
 */
#ifndef WAITERS_N
#define WAITERS_N 2
#endif
#ifndef SETTERS
#define SETTERS 2
#endif
#ifndef RESETTERS
#define RESETTERS 2
#endif
#ifndef DEATHS
#define DEATHS 1
#endif
#define N (WAITERS_N + SETTERS + RESETTERS)

#define SET    1
#define W      2
#define GEN(w) (w >> 2)

byte word;
byte looked, owed;                  /* ghosts: who has looked and not passed; */
                                    /* whom a Set owes its pass               */
#ifndef ONLY_AT_REST
#define INVARIANT assert(asleep == 0 || (word & (SET | W)) == W)
#else
#define INVARIANT skip
#endif
#define AT_REST   ((asleep & owed) == 0)
#define FORGET    g = 0; n = 0; first = 0; ops = 0; passed(me)

#include "futex.pml"

inline passed(me) {
  looked = looked & ~BIT(me);
  owed = owed & ~BIT(me)
}

/* To be used inside atomic. */
inline put_set() {
  owed = owed | (word & SET -> 0 : looked);
  word = word | SET
}

inline set(me) {
  if
  :: word & SET
  :: atomic { !(word & (SET | W)) -> put_set(); INVARIANT }
  :: (word & (SET | W)) == W;
#ifdef STORE_THEN_WAKE
     atomic { put_set() };
     futex_wake_all()
#else
     atomic {
       put_set();
#ifdef WAKE_ONE
       dequeue_one(n); n = 0;
#else
       futex_wake_all();
#endif
       INVARIANT
     }
#endif
  fi
}

#ifndef NO_GENERATION
#define RESET_WORD ((word & ~(SET | W)) + 4)
#else
#define RESET_WORD (word & ~(SET | W))
#endif

inline reset(me) {
  atomic {
    if
    :: word & SET -> word = RESET_WORD; INVARIANT
    :: else
    fi
  }
}

#define PASS ((word & SET) || GEN(word) != first)

#ifndef SLEEP_ON_BITS
#define UNCHANGED (word == g)
#else
#define UNCHANGED ((word & (SET | W)) == (g & (SET | W)))
#endif

inline wait(me) {
  atomic { first = GEN(word); looked = looked | BIT(me) };
end:
  do
  :: atomic { AWAKE && PASS -> passed(me); break }
#ifndef MARK_BLINDLY
  :: atomic { AWAKE && !PASS -> word = word | W; g = word };
#else
  :: atomic { AWAKE && !PASS -> g = word | W }; word = g;
#endif
     atomic {
       if
       :: UNCHANGED -> asleep = asleep | BIT(me); INVARIANT
       :: !UNCHANGED                                  /* EAGAIN             */
       fi;
       g = 0
     }
  :: asleep = asleep & ~BIT(me);                      /* gives up           */
     atomic { assert(PASS || !IS(owed, me)); passed(me); break }
  od;
  first = 0
}

proctype Thread(byte me) {
  byte g, first, ops = (me == 0 -> 2 : 1);
  bit n;
  {
    if
    :: me < WAITERS_N ->
       do
       :: ops > 0 -> ops--; wait(me)
       :: ops == 0 -> break
       od
    :: atomic { me >= WAITERS_N && me < WAITERS_N + SETTERS -> ops = 0 }; set(me)
    :: atomic { me >= WAITERS_N + SETTERS -> ops = 0 }; reset(me)
    fi;
    finish(me)
  } unless { exit_pending(me) }
}

init {
  byte i;
  atomic {
    do
    :: i < N -> run Thread(i); i++
    :: i == N -> break
    od
  }
}
