/*
 * event.pml - auto-reset event (default) and manual-reset event (-DMANUAL).
 *
 * Protocol.  A 64-bit state: the futex word (SIGNALED, WAITERS; the low 30
 * bits are always 0) and a generation.  All changes are 64-bit CAS.  Set and
 * Wait have list_op_pending at the word from start to end, so that the kernel
 * wakes one more sleeper when a thread dies inside: a dead waker's wake and a
 * wake spent on a dead waiter are made up for.  Reset, which wakes nobody, can
 * do without.
 *
 * Auto-reset: Set clears WAITERS, which leaves the thread it wakes in charge:
 * whoever has slept sets WAITERS again when it takes the signal or gives up.
 * Manual-reset: Set keeps WAITERS, wakes all and then clears WAITERS unless
 * the generation has moved on; if the setter died before waking all, the one
 * the kernel woke does that for it.  A waiter passes also if the generation is
 * not that of its first look: a Set that is reset at once releases those who
 * slept.  Reset wakes all first if WAITERS stands beside SIGNALED: afterwards
 * newcomers may sleep beside those whom the setter has not woken yet, and what
 * a dead setter's wake, which is one, hits might be a newcomer.
 *
 * Step -> function
 *   set ................. FutexEvent.Set
 *   reset ............... FutexEvent.Reset
 *   wait, leave ......... FutexEvent.TryTake, TryPass, SignalWait.WaitAsleep
 *   the unless branches . the kernel's exit_robust_list
 *
 * Checked
 *   - whenever nothing moves: nobody sleeps while the event is signaled, and
 *     if anybody sleeps WAITERS is set (the next Set will wake);
 *   - auto-reset: signals set = signals taken + the one that is there: none is
 *     lost and none is taken twice (a Set of a set event is no new signal);
 *   - auto-reset: SIGNALED and WAITERS are never set at once;
 *   - manual-reset: who was asleep at a Set (at its CAS) passes, whatever Reset
 *     follows and whoever dies: it does not sleep when nothing moves, nor does
 *     it end with a timeout;
 *   - every execution ends.
 *
 * Bounds: SETTERS (2) set once each, WAITERS_N (3) wait once each.  For the
 * manual-reset event setters set at most once, and RESETTERS (1) more threads
 * reset at most once.  The first LEAVERS (1) waiters may give up, on a timeout
 * or on a cancellation that coincides with a wake.  At most DEATHS (2) threads
 * die, anywhere.
 *
 * Abstracted: read and CAS of the whole state are one step (a CAS that fails
 * changes nothing and is tried again on what it found).  The generation is
 * left out of the auto-reset event, which does not need it: each of its CAS
 * depends only on the bits.
 */
#ifndef SETTERS
#define SETTERS 2
#endif
#ifndef WAITERS_N
#define WAITERS_N 3
#endif
#ifndef DEATHS
#define DEATHS 2
#endif
#ifndef MANUAL
#define RESETTERS 0
#endif
#ifndef RESETTERS
#define RESETTERS 1
#endif
#define N (SETTERS + WAITERS_N + RESETTERS)

#define S 1                         /* SIGNALED                               */
#define W 2                         /* WAITERS                                */

byte word, gen;
byte sets, taken;                   /* ghosts of the auto-reset event         */

byte owed;                          /* ghost of the manual-reset event: who   */
                                    /* slept at a Set and has not passed yet  */
#ifdef MANUAL
#define AT_REST ((asleep == 0 || word == W) && (asleep & owed) == 0)
#else
#define AT_REST ((asleep == 0 || word == W) && sets == taken + (word & S))
#endif

#define FORGET g = 0; n = 0; slept = false; first = 0; owed = owed & ~BIT(me)

/* What a Set owes. SINCE_LOOK: also to those who have not fallen asleep yet. */
#ifndef SINCE_LOOK
#define OWED asleep
#else
byte looked;
#define OWED looked
#endif

#include "futex.pml"

#ifndef MANUAL

inline set(me) {
  if
  :: atomic { !(word & W) -> sets = sets + 1 - (word & S); word = S }
  :: atomic { word & W -> assert(word == W); sets++; word = S };
     futex_wake_one()
  fi
}

/* To be used inside atomic, if SIGNALED. */
inline take() {
  taken++;
#ifndef TAKE_FORGETS_WAITERS
  word = (slept -> W : 0)           /* others may sleep: the wake that cleared */
#else                               /* the bit was spent on this thread        */
  word = 0
#endif
}

inline wait(me) {
end:
  do
  :: atomic { AWAKE && (word & S) -> take(); break }
  :: atomic { AWAKE && !(word & S) -> word = W };
     atomic { futex_wait(me, W); slept = slept || !AWAKE }
  :: MAY_LEAVE -> leave(me); break
  od
}

/* ETIMEDOUT, or a cancellation that comes together with a wake. */
inline leave(me) {
  asleep = asleep & ~BIT(me);
  atomic {
    if
    :: word & S -> take()
    :: else ->
#ifndef LEAVE_FORGETS_WAITERS
       word = (slept -> W : word)
#endif
    fi
  }
}

#else /* MANUAL */

/* Nobody goes to sleep while SIGNALED stands, and only Set puts it up, with a
   new generation: in generation g whoever slept has been woken. */
inline clear_waiters() {
  atomic {
    if
#ifndef CLEAR_IGNORES_GENERATION
    :: word == (S | W) && gen == g -> word = S
#else
    :: word == (S | W) -> word = S
#endif
    :: else
    fi;
    g = 0
  }
}

inline set(me) {
  if
  :: atomic { !(word & W) -> owed = owed | OWED; gen++; word = S }
  :: atomic { word & W -> owed = owed | OWED; gen++; g = gen; word = S | W };
     futex_wake_all();
     clear_waiters()
  fi
}

inline reset(me) {
  do
  :: atomic { !(word & S) -> break }
#ifndef RESET_BLINDLY
  :: atomic { word == S -> word = 0; break }
  :: atomic { word == (S | W) -> g = gen };
     futex_wake_all();
     atomic {
       if
       :: word == (S | W) && gen == g -> word = W; break
       :: else -> g = 0
       fi
     }
#else
  :: atomic { word & S -> word = word & W; break }
#endif
  od
}

#ifndef NO_GENERATION
#define PASS ((word & S) || gen != first)
#else
#define PASS (word & S)
#endif

/* Who passes hands on if the bit says that the setter has not woken all. */
#ifndef NO_HAND_ON
#define HAND_ON (PASS && (word & W) && slept)
#else
#define HAND_ON false
#endif

inline look(me) {
  first = gen;
#ifdef SINCE_LOOK
  looked = looked | BIT(me)
#endif
}

inline wait(me) {
end:
  do
  :: atomic { AWAKE && PASS && !HAND_ON -> owed = owed & ~BIT(me); break }
  :: atomic { AWAKE && HAND_ON -> owed = owed & ~BIT(me); g = gen };
     futex_wake_all();
     clear_waiters();
     break
  :: atomic { AWAKE && !PASS -> word = W };
     atomic { futex_wait(me, W); slept = true }
  :: MAY_LEAVE -> leave(me); break
  od
}

/* A waiter that gives up needs to look once more, and if it may pass to succeed
   with all that a success does.  The bit that it leaves is of no use here. */
inline leave(me) {
  asleep = asleep & ~BIT(me);
#ifndef LEAVE_BLINDLY
  if
  :: atomic { PASS && !HAND_ON -> owed = owed & ~BIT(me) }
  :: atomic { HAND_ON -> owed = owed & ~BIT(me); g = gen };
     futex_wake_all();
     clear_waiters()
  :: atomic { !PASS -> assert(!IS(owed, me)); word = W }
  fi
#endif
}

#endif

proctype Thread(byte me) {
  byte g, first;
  bit n;
  bool slept;
  {
    if
    :: atomic { me < WAITERS_N -> start(me) };
#ifdef MANUAL
       atomic { look(me) };
#endif
       wait(me)
    :: atomic { me >= WAITERS_N && me < WAITERS_N + SETTERS -> start(me) }; set(me)
#ifdef MANUAL
    :: atomic { me >= WAITERS_N + SETTERS -> skip }; reset(me)
    :: me >= WAITERS_N              /* does nothing: the last Set wakes all   */
#endif
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
