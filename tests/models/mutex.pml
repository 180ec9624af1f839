/*
 * mutex.pml - robust mutex.
 *
 * Protocol.  A futex word (thread id of the owner, 0 = free; WAITERS;
 * OWNER_DIED) and next to it a generation; both can be CASed as one.  Locking
 * a word that has bits but no owner raises the generation.  Unlocking with
 * WAITERS leaves WAITERS in the free word, so that whoever locks next keeps
 * it; if the wake found nobody the bit is taken back, unless the generation
 * shows that the word has had another owner since.
 *
 * Who waits for several, or is a sentinel of such a wait, is a waiter like any
 * other who may go away without a last look: if it has slept and the word has
 * WAITERS and no owner, it wakes one in its stead (passes on), and only then
 * drops its pending entry.
 *
 * Step -> function
 *   lock ................ FutexMutex.Wait, WaitContended, WaitAsleep
 *   leave ............... the same, on a timeout or a cancellation
 *   pass_on ............. FutexMutex.PassOn, called by AnyWait and Sentinel
 *   unlock .............. FutexMutex.Release, ReleaseContended
 *   the unless branch ... the kernel: exit_robust_list, handle_futex_death
 *
 * Checked
 *   - mutual exclusion;
 *   - an owner's death, and nothing else, is told to the next owner, once: the
 *     kernel marks the word exactly if the thread died between the CAS that
 *     took the mutex and the one that gave it back;
 *   - somebody sleeps => WAITERS is set, in every state;
 *   - whenever nothing moves nobody sleeps: no wake is lost;
 *   - every execution ends.
 *
 * Bounds: N threads (4) lock and unlock once each, thread 0 OPS (1) times; the
 * first LEAVERS (1) may give up waiting, on a timeout or on a cancellation that
 * coincides with a wake; the last SEVERAL_N (0) wait for several and may go away
 * at any time.  At most DEATHS (1) threads die, anywhere.
 *
 * Abstracted: read and CAS of what was read are one step (a CAS that fails
 * changes nothing and is tried again on what it found).  The CAS that takes
 * WAITERS back is not: it uses the generation read before the unlock.  The
 * robust list holds this one mutex.  The generation does not wrap.
 */
#ifndef N
#define N 4
#endif
#ifndef OPS
#define OPS 1
#endif
#ifndef DEATHS
#define DEATHS 1
#endif

#ifndef SEVERAL_N
#define SEVERAL_N 0
#endif
#define SEVERAL (me >= N - SEVERAL_N)

#define TID  7                      /* the thread's number + 1                */
#define DIED 8
#define W    16

byte word, gen;
byte linked;                        /* set of threads: entry on the robust list */
byte owner;                         /* ghost: number + 1                      */
bool orphaned;                      /* ghost: the last owner died             */

#define AT_REST  (asleep == 0)
#define FORGET   g = 0; n = 0; slept = false
#define FREE     ((word & TID) == 0)
#define INVARIANT assert(asleep == 0 || (word & W))

#include "futex.pml"

/* To be used inside atomic, if FREE. */
inline acquire(me) {
  assert(owner == 0);
  assert(orphaned == ((word & DIED) != 0));
  orphaned = false;
  owner = me + 1;
  if
  :: word == 0 -> word = me + 1
  :: else ->
     gen++;
#ifndef ACQUIRE_FORGETS_WAITERS
     word = (word & W) | (me + 1)
#else
     word = me + 1
#endif
  fi;
  INVARIANT
}

inline lock(me) {
#ifndef LOCK_NOT_PENDING
  pending = pending | BIT(me);
#endif
  do
  :: atomic { AWAKE && FREE -> acquire(me); break }
  :: atomic { AWAKE && !FREE -> word = word | W; g = word };
     atomic { futex_wait(me, g); g = 0; slept = SEVERAL && (slept || !AWAKE); INVARIANT }
  :: MAY_LEAVE -> leave(me); break
#if SEVERAL_N > 0
  :: SEVERAL -> pass_on(me); break
#endif
  od;
  slept = false
}

/* The next owner has WAITERS, or nobody sleeps: nothing to do then. */
inline pass_on(me) {
  asleep = asleep & ~BIT(me);
#ifdef PASS_ON_NOT_PENDING
  pending = pending & ~BIT(me);
#endif
#ifndef NO_PASS_ON
  if
  :: slept && FREE && (word & W) -> futex_wake_one()
  :: !(slept && FREE && (word & W))
  fi
#else
  skip
#endif
}

/* A wake that was spent on a thread that leaves is made up for: the word had
   WAITERS then, and whoever has locked it since has kept the bit. */
inline leave(me) {
  asleep = asleep & ~BIT(me);
#ifndef LEAVE_BLINDLY
  atomic {
    if
    :: FREE -> acquire(me)
    :: else
    fi
  }
#endif
}

inline unlock(me) {
  pending = pending | BIT(me);
  linked = linked & ~BIT(me);
  if
  :: atomic { word == me + 1 -> word = 0; owner = 0; INVARIANT }
  :: atomic { word != me + 1 -> g = gen };
     atomic {                                         /* FUTEX_WAKE_OP      */
       assert(word == (W | (me + 1)));
       owner = 0;
       dequeue_one(n);
#ifndef UNLOCK_TO_ZERO
       word = W;
#else
       word = 0;
#endif
       INVARIANT
     };
     if
     :: n == 0 ->
        atomic {
          if
#ifndef CLEAR_IGNORES_GENERATION
          :: word == W && gen == g -> word = 0
#else
          :: word == W -> word = 0
#endif
          :: else
          fi;
          INVARIANT
        }
     :: n > 0
     fi
  fi;
  atomic { pending = pending & ~BIT(me); FORGET }
}

/* An entry that is on the list and pending as well is handled once. */
inline exit_robust_list(me) {
  atomic { IS(killed, me) -> asleep = asleep & ~BIT(me); FORGET };
  atomic {
    if
    :: (IS(linked, me) || IS(pending, me)) && (word & TID) == me + 1 ->
       assert(owner == me + 1);
       owner = 0;
       orphaned = true;
       n = ((word & W) != 0);
       word = (word & W) | DIED
#ifndef NO_DEATH_WAKE
    :: IS(pending, me) && FREE -> n = 1
#endif
    :: else
    fi
  };
  atomic {
    if
    :: n == 1 -> dequeue_one(n)
    :: else
    fi;
    n = 0; ops = 0;
    assert(owner != me + 1);
    linked = linked & ~BIT(me);
    pending = pending & ~BIT(me);
    done = done | BIT(me)
  }
}

proctype Thread(byte me) {
  byte g, ops = (me == 0 -> OPS : 1);
  bit n;
  bool slept;
  {
    do
    :: ops > 0 ->
       ops--;
       lock(me);
       if
       :: owner == me + 1 ->
          linked = linked | BIT(me);
          pending = pending & ~BIT(me);
          unlock(me)
       :: atomic { owner != me + 1 -> pending = pending & ~BIT(me); FORGET }
       fi
    :: atomic { ops == 0 -> done = done | BIT(me); break }
    od
  } unless { exit_robust_list(me) }
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
