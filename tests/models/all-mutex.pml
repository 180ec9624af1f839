/*
 * all-mutex.pml - a mutex among the objects of a wait for all.
 *
 * Protocol.  mutex.pml, and the bit Withheld beside the generation.  A wait for
 * all claims the mutex, withholds it by a CAS that names its own thread and puts
 * up Withheld, enters it in the robust list, and either decides (the bit goes)
 * or gives it back: off the list, then one CAS to "free, as abandoned as it was,
 * WAITERS as it stands, not withheld", then, if WAITERS stands, a wake of one;
 * the mutex is the pending entry all the while.  The claim's record says whether
 * the mutex was abandoned when it was withheld.  A claimant's death before its
 * decision is settled to the same word: what the kernel wrote does not count.
 * Who meets the bit passes on if it has slept (see mutex.pml), and waits for the
 * claim.
 *
 * The kernel handles a dead thread's list before its pending entry, and its last
 * entry first: a mutex before the claim, one that is only pending after it.
 *
 * Checked
 *   - mutual exclusion of those who own it by right: by a lock or a decision;
 *   - such an owner's death, and nothing else, is told to the next owner, once;
 *   - who looks and finds it taken, without the bit: it is owned by right;
 *   - whenever nothing moves nobody sleeps, and the mutex is not withheld
 *     beside a sleeper; no deadlock;
 *   - every execution ends.
 *
 * Bounds: ALL_N (1) threads wait for all, the first twice, where the other
 * objects let an attempt fail at most once; LOCKERS (2) lock and unlock once.
 * At most DEATHS (1) threads die, anywhere.
 *
 * Abstracted: the claim, the journal (all.pml), the other objects.  MARK_32: a
 * sleeper's mark is a CAS of the word alone, which does not see the bit.
 */
#ifndef ALL_N
#define ALL_N 1
#endif
#ifndef LOCKERS
#define LOCKERS 2
#endif
#ifndef DEATHS
#define DEATHS 1
#endif
#define N (ALL_N + LOCKERS)

#define TID  7
#define DIED 8
#define W    16

byte word, gen;
bool withheld, decided, was_died;   /* the bit, the journal, the record       */
byte claim;                         /* thread + 1                             */
byte linked;
byte owner;                         /* ghost: by right, number + 1            */
bool orphaned;                      /* ghost: the last owner by right died    */

#define AT_REST (asleep == 0)
#define FORGET  g = 0; n = 0; slept = false; fails = 0; got = false
#define FREE    ((word & TID) == 0)

#include "futex.pml"

inline now_owner(me, died) {
  assert(owner == 0 && orphaned == (died));
  orphaned = false;
  owner = me + 1
}

/* To be used inside atomic, if FREE. */
inline name_me(me) {
  gen = gen + (word != 0);
  word = (word & W) | (me + 1)
}

inline free_as_it_was() {
  assert(owner == 0);
#ifndef FORGETS_WHETHER_ABANDONED
  word = (word & W) | (was_died -> DIED : 0);
#else
  word = word & (W | DIED);
#endif
  was_died = false;
  withheld = false
}

inline pass_on() {
#ifndef NO_PASS_ON
  if
  :: slept && FREE && (word & W) -> futex_wake_one()
  :: !(slept && FREE && (word & W))
  fi;
#endif
  slept = false
}

/* A wait for all does that before it claims; who meets the bit as well. */
inline claim_it(me) {
  pass_on();
  pending = pending & ~BIT(me);
  atomic { claim == 0 -> claim = me + 1 };
  atomic {
    if
    :: withheld && decided -> withheld = false
    :: withheld && !decided -> free_as_it_was()
    :: !withheld
    fi
  };
}

inline meet(me) {
  claim_it(me);
  claim = 0;
  pending = pending | BIT(me)
}

/* Marks, and sleeps. To be used after a look that found an owner, in g. */
inline sleep(me) {
  atomic {
    if
#ifdef MARK_32
    :: word == g -> word = g | W; g = word
#else
    :: word == g && !withheld -> word = g | W; g = word
#endif
    :: else -> g = 0
    fi
  };
  if
  :: atomic { g != 0 -> futex_wait(me, g); g = 0; slept = slept || !AWAKE }
  :: atomic { g == 0 -> skip }
  fi
}

#define LOOK(me) AWAKE && !withheld && !FREE -> assert(owner != 0); g = word

inline lock(me) {
  pending = pending | BIT(me);
  do
  :: atomic { AWAKE && withheld -> skip }; meet(me)
  :: atomic { AWAKE && !withheld && FREE -> now_owner(me, (word & DIED) != 0); name_me(me) };
     linked = linked | BIT(me);
     atomic { pending = pending & ~BIT(me); slept = false; got = true };
     break
  :: atomic { LOOK(me) }; sleep(me)
  od
}

inline give_back(me) {
  pending = pending | BIT(me);
  linked = linked & ~BIT(me);
#ifndef GIVE_BACK_AS_A_RELEASE
  atomic { free_as_it_was(); n = ((word & W) != 0) };
#else
  withheld = false;
  atomic { free_as_it_was(); n = ((word & W) != 0) };
#endif
  if
#ifndef NO_WAKE_AT_GIVING_BACK
  :: atomic { n == 1 -> dequeue_one(n); n = 0 }
#else
  :: atomic { n == 1 -> n = 0 }
#endif
  :: n == 0
  fi;
  pending = pending & ~BIT(me)
}

inline wait_all(me) {
  pending = pending | BIT(me);
  do
  :: atomic { AWAKE && withheld -> skip }; meet(me)
  :: atomic { LOOK(me) }; sleep(me)
  :: atomic { AWAKE && !withheld && FREE -> skip };
     claim_it(me);
     pending = pending | BIT(me);
     if
     :: atomic {
          FREE ->
          was_died = ((word & DIED) != 0);            /* the record         */
          decided = false;
          withheld = true;
          name_me(me)
        };
        linked = linked | BIT(me);
        pending = pending & ~BIT(me);
        if
        :: fails == 0 ->                              /* another one is gone */
           fails = 1;
           give_back(me)
        :: atomic { decided = true; now_owner(me, was_died); got = true };
           atomic { withheld = false; was_died = false }
        fi
     :: atomic { !FREE -> pending = pending & ~BIT(me) }
     fi;
     claim = 0;
     if
     :: got -> break
     :: !got -> pending = pending | BIT(me)
     fi
  :: asleep = asleep & ~BIT(me);                      /* gives up           */
     pass_on();
     pending = pending & ~BIT(me);
     break
  od;
}

inline unlock(me) {
  pending = pending | BIT(me);
  linked = linked & ~BIT(me);
  if
  :: atomic { word == me + 1 -> word = 0; owner = 0 }
  :: atomic { word != me + 1 -> g = gen };
     atomic { assert(word == (W | (me + 1))); owner = 0; dequeue_one(n); word = W };
     if
     :: n == 0 ->
        atomic {
          if
          :: word == W && gen == g && !withheld -> word = 0
          :: else
          fi
        }
     :: n > 0
     fi
  fi;
  atomic { pending = pending & ~BIT(me); FORGET }
}

inline handle_futex_death(me, is_pending) {
  atomic {
    if
    :: (word & TID) == me + 1 ->
       if
       :: owner == me + 1 -> owner = 0; orphaned = true
       :: else -> assert(withheld && !decided)
       fi;
       n = ((word & W) != 0);
       word = (word & W) | DIED
    :: is_pending && FREE -> n = 1
    :: else
    fi
  };
  atomic {
    if
    :: n == 1 -> dequeue_one(n)
    :: else
    fi;
    n = 0
  }
}

proctype Thread(byte me) {
  byte g, fails, ops = (me == 0 -> 2 : 1);
  bit n;
  bool slept, got;
  {
    do
    :: ops > 0 ->
       ops--;
       if
       :: me < ALL_N -> wait_all(me)
       :: me >= ALL_N -> lock(me)
       fi;
       if
       :: got -> unlock(me)
       :: atomic { !got -> FORGET }
       fi
    :: atomic { ops == 0 -> done = done | BIT(me); break }
    od
  } unless {
    atomic { IS(killed, me) -> asleep = asleep & ~BIT(me); FORGET; ops = 0 };
    if
    :: IS(linked, me) -> handle_futex_death(me, false)
    :: !IS(linked, me)
    fi;
    atomic {
      if
      :: claim == me + 1 -> claim = 0
      :: else
      fi
    };
    if
    :: IS(pending, me) && !IS(linked, me) -> handle_futex_death(me, true)
    :: !(IS(pending, me) && !IS(linked, me))
    fi;
    atomic {
      linked = linked & ~BIT(me);
      pending = pending & ~BIT(me);
      done = done | BIT(me)
    }
  }
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
