/*
 * event.pml - auto-reset event.  (Manual-reset: manual-event.pml.)
 *
 * Protocol.  A futex word: 0, S (signaled), W (somebody sleeps), M (somebody
 * sleeps, and some of the sleepers wait for several objects).  The low 30 bits
 * are always 0.
 *
 * Set and a wait for this event alone (simple) have list_op_pending at the
 * word from start to end, so that the kernel wakes one more sleeper when a
 * thread dies inside: a dead waker's wake and a wake spent on a dead waiter are
 * made up for.  At W a Set stores S, which leaves the one that it wakes in
 * charge: whoever has slept leaves W when it takes the signal or gives up.
 *
 * Who waits for several has no pending entry, owes nothing and may go away at
 * any time.  It sleeps on M only, and the only way out of M is Set's
 * FUTEX_WAKE_OP: S and awake are all, in one step.  The word may have become
 * anything between Set's look, which saw M, and that step; it stores S
 * whatever it finds.  Simple waiters that find M sleep on it.
 *
 * Step -> function
 *   set ................. FutexAutoEvent.Set, TrySet
 *   reset ............... FutexAutoEvent.Reset
 *   wait, leave ......... FutexAutoEvent.TryTake, SignalWait.WaitAsleep
 *   wait_several ........ AnyWait.WaitOnWords, Sentinel.Watch: one of the words
 *   the unless branch ... the kernel's exit_robust_list
 *
 * Checked
 *   - in every state: who sleeps and waits for several, killed or not, sleeps
 *     beside M;
 *   - whenever nothing moves: nobody sleeps while the event is signaled, and
 *     if anybody sleeps the word is W or M (the next Set will wake);
 *   - signals set = signals taken or reset + the one that is there: none is
 *     lost and none is taken twice (a Set of a set event is no new signal);
 *   - every execution ends.
 *
 * Bounds: WAITERS_N (2) simple waits, the first LEAVERS (1) of which may give
 * up, on a timeout or on a cancellation that coincides with a wake; SEVERAL_N
 * (1) waits for several, all of which may give up; SETTERS (2) set once each;
 * RESETTERS (0) reset once each.  At most DEATHS (2) threads die, anywhere,
 * each by itself, so that a process that dies with two of them is included.
 *
 * ONLY_AT_REST leaves out what is checked in every state, so that a mutation is
 * refuted by what comes of it.
 *
 * Abstracted: read and CAS of the word are one step (a CAS that fails changes
 * nothing and is tried again on what it found).  Of the other objects of a wait
 * for several it matters here only that it may go away, or be woken by them
 * (LEAVERS and futile wakes), at any time.
 */
#ifndef SETTERS
#define SETTERS 2
#endif
#ifndef WAITERS_N
#define WAITERS_N 2
#endif
#ifndef SEVERAL_N
#define SEVERAL_N 1
#endif
#ifndef RESETTERS
#define RESETTERS 0
#endif
#ifndef DEATHS
#define DEATHS 2
#endif
#define AWAITERS (WAITERS_N + SEVERAL_N)
#define N        (AWAITERS + SETTERS + RESETTERS)

#define S 1                         /* signaled                               */
#define W 2                         /* waiters                                */
#define M 3                         /* waiters, some of them for several      */

byte word;
byte sets, taken;                   /* ghosts                                 */

#define SEVERAL   ((BIT(AWAITERS) - 1) & ~(BIT(WAITERS_N) - 1))
#ifndef ONLY_AT_REST
#define INVARIANT assert((asleep & SEVERAL) == 0 || word == M)
#else
#define INVARIANT skip
#endif
#define AT_REST   ((asleep == 0 || word == W || word == M) && sets == taken + (word == S))
#define FORGET    g = 0; n = 0; slept = false

#include "futex.pml"

inline set(me) {
  if
  :: atomic { word == S || word == 0 -> sets = sets + (word == 0); word = S }
  :: atomic { word == W -> sets++; word = S; INVARIANT };
     futex_wake_one()
  :: word == M;
#ifndef STORE_THEN_WAKE
     atomic {
       sets = sets + (word != S);
       word = S;
#ifndef WAKE_ONE_OF_SEVERAL
       futex_wake_all();
#else
       dequeue_one(n); n = 0;
#endif
       INVARIANT
     }
#else
     atomic { sets = sets + (word != S); word = S };
     futex_wake_all()
#endif
  fi
}

inline reset(me) {
  atomic {
    if
    :: word == S -> taken++; word = 0; INVARIANT
    :: else
    fi
  }
}

/* To be used inside atomic, if signaled. */
inline take() {
  taken++;
#ifndef TAKE_FORGETS_WAITERS
  word = (slept -> W : 0);          /* others may sleep: the wake that cleared */
#else                               /* the bit was spent on this thread        */
  word = 0;
#endif
  INVARIANT
}

#ifndef MARK_OVER_SEVERAL
#define MARKED (word == M -> M : W)
#else
#define MARKED W
#endif

inline wait(me) {
end:
  do
  :: atomic { AWAKE && word == S -> take(); break }
  :: atomic { AWAKE && word != S -> word = MARKED; g = word; INVARIANT };
     atomic { futex_wait(me, g); g = 0; slept = slept || !AWAKE }
  :: MAY_LEAVE -> leave(me); break
  od
}

/* ETIMEDOUT, or a cancellation that comes together with a wake. */
inline leave(me) {
  asleep = asleep & ~BIT(me);
  atomic {
    if
    :: word == S -> take()
    :: else ->
#ifndef LEAVE_FORGETS_WAITERS
       word = (slept -> MARKED : word);
       INVARIANT
#endif
    fi
  }
}

#ifndef SEVERAL_MARKS_AS_SIMPLE
#define MARK_SEVERAL M
#else
#define MARK_SEVERAL W
#endif

/* Who has slept leaves no mark when it takes: the Set that woke it woke all. */
inline wait_several(me) {
end_several:
  do
  :: atomic { AWAKE && word == S -> taken++; word = 0; INVARIANT; break }
  :: atomic { AWAKE && word != S -> word = MARK_SEVERAL };
     atomic { futex_wait(me, MARK_SEVERAL) }
  :: atomic { asleep = asleep & ~BIT(me); break }
  od
}

proctype Thread(byte me) {
  byte g;
  bit n;
  bool slept;
  {
    if
    :: atomic { me < WAITERS_N -> start(me) }; wait(me)
#if SEVERAL_N > 0
    :: atomic { me >= WAITERS_N && me < AWAITERS -> skip }; wait_several(me)
#endif
    :: atomic { me >= AWAITERS && me < AWAITERS + SETTERS -> start(me) }; set(me)
#if RESETTERS > 0
    :: atomic { me >= AWAITERS + SETTERS -> skip }; reset(me)
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
