/*
 * semaphore.pml - counting semaphore.
 *
 * Protocol.  A 64-bit state: the futex word (0, S, W or M as in event.pml) and
 * the count.  A count above 0 implies S; S with the count 0 is a release that is
 * announced.  All changes but the announcement are 64-bit CAS.
 * list_op_pending and the duty of who has slept are those of the auto-reset
 * event; in addition a woken simple waiter that leaves a count behind wakes the
 * next one, because a Release wakes one thread whatever it adds and none where
 * there is no mark.
 *
 * At M a Release first announces: FUTEX_WAKE_OP stores S, whatever the word has
 * become since the look that saw M, leaves the count alone and wakes all.  Then
 * it looks again.  Who looks meanwhile finds no count and may leave its mark
 * again, W or M.  Who waits for several has no pending entry, sleeps on M only,
 * and may go away at any time.
 *
 * Step -> function
 *   release ............. FutexSemaphore.Release
 *   wait, leave ......... FutexSemaphore.TryTake, SignalWait.WaitAsleep
 *   wait_several ........ AnyWait.WaitOnWords, Sentinel.Watch: one of the words
 *   the unless branch ... the kernel's exit_robust_list
 *
 * Checked
 *   - in every state: who sleeps and waits for several, killed or not, sleeps
 *     beside M;
 *   - whenever nothing moves: nobody sleeps while the count is above 0, and if
 *     anybody sleeps the word is W or M (the next Release will wake);
 *   - count = initial + released - taken, S if the count is above 0, never
 *     above the maximum;
 *   - every execution ends, if each that waits for several leaves its mark at
 *     most MARKS times and then goes away.  Without that bound there is a
 *     cycle, by design: announced, marked again before the count could be
 *     added, announced again.  Release is lock-free there, not wait-free.
 *
 * Bounds: RELEASERS (2) release once each, the first 2 and the other 1;
 * WAITERS_N (2) simple waits, the first LEAVERS (1) of which may give up, on a
 * timeout or on a cancellation that coincides with a wake; SEVERAL_N (1) waits
 * for several, all of which may give up; the count starts at 0 or 1, its
 * maximum is 3.  At most DEATHS (2) threads die, anywhere, each by itself.
 * MARKS: no bound, unless defined.
 *
 * ONLY_AT_REST leaves out what is checked in every state, so that a mutation is
 * refuted by what comes of it.
 *
 * Abstracted: read and CAS of the whole state are one step (a CAS that fails
 * changes nothing and is tried again on what it found).
 */
#ifndef RELEASERS
#define RELEASERS 2
#endif
#ifndef WAITERS_N
#define WAITERS_N 2
#endif
#ifndef SEVERAL_N
#define SEVERAL_N 1
#endif
#ifndef DEATHS
#define DEATHS 2
#endif
#define AWAITERS (WAITERS_N + SEVERAL_N)
#define N        (AWAITERS + RELEASERS)
#define MAX 3

#define S 1                         /* signaled, or announced                 */
#define W 2                         /* waiters                                */
#define M 3                         /* waiters, some of them for several      */

byte word, count;
byte given, taken;                  /* ghosts; given includes the initial one */

#define SEVERAL (ALL & ~(BIT(WAITERS_N) - 1))       /* releasers never sleep  */
#define AT_REST ((asleep == 0 || word == W || word == M) && count == given - taken)
#define SOUND   assert((count == 0 || word == S) && count <= MAX); \
                INVARIANT
#ifndef ONLY_AT_REST
#define INVARIANT assert((asleep & SEVERAL) == 0 || word == M)
#else
#define INVARIANT skip
#endif

#define FORGET n = 0; slept = false; rest = 0; g = 0; marks = 0

#include "futex.pml"

#define ADDED (me == N - 1 -> 2 : 1)
#define FITS  (count + ADDED <= MAX)

/* To be used inside atomic. */
inline add() {
  count = count + ADDED;
  given = given + ADDED;
  word = S;
  SOUND
}

inline release(me) {
  do
  :: !FITS -> break                                   /* fails              */
#ifndef RELEASE_IGNORES_SEVERAL
  :: atomic { FITS && (word == S || word == 0) -> add(); break }
  :: atomic { FITS && word == W -> add() };
     futex_wake_one();
     break
  :: FITS && word == M;                               /* announces          */
#ifndef STORE_THEN_WAKE
     atomic {
       word = S;
#ifndef WAKE_ONE_OF_SEVERAL
       futex_wake_all();
#else
       dequeue_one(n); n = 0;
#endif
       SOUND
     }
#else
     atomic { word = S };
     futex_wake_all()
#endif
#else
  :: atomic { FITS && !(word & W) -> add(); break }
  :: atomic { FITS && (word & W) -> add() };
     futex_wake_all();
     break
#endif
  od
}

#ifndef TAKE_FORGETS_WAITERS
#define EMPTY (slept -> W : 0)
#else
#define EMPTY 0
#endif

/* To be used inside atomic, if the count is above 0. */
inline take() {
  count--;
  taken++;
  rest = count;
  word = (count > 0 -> S : EMPTY);
  SOUND
}

/* A simple waiter that has slept and left a count behind wakes the next. */
inline chain() {
#ifndef NO_CHAIN
  if
  :: slept && rest > 0 -> futex_wake_one()
  :: !(slept && rest > 0)
  fi
#else
  skip
#endif
}

#ifndef MARK_OVER_SEVERAL
#define MARKED (word == M -> M : W)
#else
#define MARKED W
#endif

inline wait(me) {
end:
  do
  :: atomic { AWAKE && count > 0 -> take() };
     chain();
     break
  :: atomic { AWAKE && count == 0 -> word = MARKED; g = word; SOUND };
     atomic { futex_wait(me, g); g = 0; slept = slept || !AWAKE }
  :: MAY_LEAVE -> leave(me); break
  od
}

/* ETIMEDOUT, or a cancellation that comes together with a wake. */
inline leave(me) {
  asleep = asleep & ~BIT(me);
  atomic {
    if
    :: count > 0 -> take()
    :: else ->
#ifndef LEAVE_FORGETS_WAITERS
       word = (slept -> MARKED : word);
       SOUND
#endif
    fi
  };
  chain()
}

#ifndef SEVERAL_MARKS_AS_SIMPLE
#define MARK_SEVERAL M
#else
#define MARK_SEVERAL W
#endif

#ifdef MARKS
#define MAY_MARK (word == M || marks < MARKS)
#define COUNT_MARK marks = marks + (word != M)
#else
#define MAY_MARK true
#define COUNT_MARK skip
#endif

inline wait_several(me) {
end_several:
  do
  :: atomic {
       AWAKE && count > 0 ->
       count--;
       taken++;
       word = (count > 0 -> S : 0);
       SOUND;
       break
     }
  :: atomic { AWAKE && count == 0 && MAY_MARK -> COUNT_MARK; word = MARK_SEVERAL };
     atomic { futex_wait(me, MARK_SEVERAL) }
  :: atomic { asleep = asleep & ~BIT(me); break }
  od
}

proctype Thread(byte me) {
  byte rest, g, marks;
  bit n;
  bool slept;
  {
    if
    :: atomic { me < WAITERS_N -> start(me) }; wait(me)
#if SEVERAL_N > 0
    :: atomic { me >= WAITERS_N && me < AWAITERS -> skip }; wait_several(me)
#endif
    :: atomic { me >= AWAITERS -> start(me) }; release(me)
    fi;
    finish(me)
  } unless { exit_pending(me) }
}

init {
  byte i;
  atomic {
    if
    :: count = 1; given = 1; word = S
    :: count = 0
    fi;
    do
    :: i < N -> run Thread(i); i++
    :: i == N -> break
    od
  }
}
