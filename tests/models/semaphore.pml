/*
 * semaphore.pml - counting semaphore.
 *
 * Protocol.  A 64-bit state: the futex word (SIGNALED iff the count is above
 * 0, WAITERS; the low 30 bits are always 0) and the count.  All changes are
 * 64-bit CAS.  list_op_pending and the duty of whoever has slept are those of
 * the auto-reset event; in addition a woken thread that leaves a count behind
 * wakes the next one, because a Release wakes one thread whatever it adds and
 * none while WAITERS is clear.
 *
 * Step -> function
 *   release ............. FutexSemaphore.Release
 *   wait, leave ......... FutexSemaphore.Wait
 *   the unless branch ... the kernel's exit_robust_list
 *
 * Checked
 *   - whenever nothing moves: nobody sleeps while the count is above 0, and if
 *     anybody sleeps WAITERS is set (the next Release will wake);
 *   - count = initial + released - taken, SIGNALED iff the count is above 0,
 *     never SIGNALED and WAITERS at once, never above the maximum;
 *   - every execution ends.
 *
 * Bounds: RELEASERS (2) release once each, the first 2 and the other 1;
 * WAITERS_N (3) wait once each; the count starts at 0 or 1, its maximum is 3.
 * The first LEAVERS (1) waiters may give up, on a timeout or on a cancellation
 * that coincides with a wake.  At most DEATHS (2) threads die, anywhere.
 *
 * Abstracted: read and CAS of the whole state are one step (a CAS that fails
 * changes nothing and is tried again on what it found).
 */
#ifndef RELEASERS
#define RELEASERS 2
#endif
#ifndef WAITERS_N
#define WAITERS_N 3
#endif
#ifndef DEATHS
#define DEATHS 2
#endif
#define N (RELEASERS + WAITERS_N)
#define MAX 3

#define S 1                         /* SIGNALED                               */
#define W 2                         /* WAITERS                                */

byte word, count;
byte given, taken;                  /* ghosts; given includes the initial one */

#define AT_REST ((asleep == 0 || word == W) && count == given - taken)
#define SOUND   assert(word != (S | W) && (word & S) == (count > 0) && count <= MAX)

#define FORGET n = 0; slept = false; rest = 0

#include "futex.pml"

#define ADDED (me == N - 1 -> 2 : 1)

inline release(me) {
  if
  :: count + ADDED > MAX                              /* fails              */
  :: atomic {
       count + ADDED <= MAX && !(word & W) ->
       count = count + ADDED; given = given + ADDED; word = S; SOUND
     }
  :: atomic {
       count + ADDED <= MAX && (word & W) ->
       count = count + ADDED; given = given + ADDED; word = S; SOUND
     };
     futex_wake_one()
  fi
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

/* A thread that has slept and left a count behind wakes the next. */
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

inline wait(me) {
end:
  do
  :: atomic { AWAKE && count > 0 -> take() };
     chain();
     break
  :: atomic { AWAKE && count == 0 -> word = W };
     atomic { futex_wait(me, W); slept = slept || !AWAKE }
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
       word = (slept -> W : word)
#endif
    fi
  };
  chain()
}

proctype Thread(byte me) {
  byte rest;
  bit n;
  bool slept;
  {
    if
    :: atomic { me < WAITERS_N -> start(me) }; wait(me)
    :: atomic { me >= WAITERS_N -> start(me) }; release(me)
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
