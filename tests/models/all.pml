/*
 * all.pml - the wait for all: claims, withheld signals, the decision, deaths.
 *
 * Protocol.  Each object has, beside the 64-bit state of event.pml and
 * semaphore.pml, the bit Withheld in that state, a claim (a robust mutex) and
 * a record (whose attempt, its number).  A wait for all sleeps on one object
 * that is not signaled, as who waits for several does (mark M, no pending
 * entry).  Once a look has found all signaled, an attempt
 *   - claims all objects in one global order, and settles each that a dead
 *     claimant left withheld;
 *   - writes its number into the records;
 *   - withholds one signal of each by a CAS that also puts up Withheld; if one
 *     is gone, gives back what it has and releases the claims;
 *   - decides: stores its number in its slot of the journal;
 *   - takes Withheld away from each and releases the claims.
 * Whoever meets Withheld (wait, poll, Set, Release, Reset) waits for the claim,
 * settles if the bit still stands, releases the claim and looks again.  Settled
 * is by record and journal: decided, the bit goes; otherwise the signal goes
 * back.  Who waits for a claim has that as its pending entry, instead of the
 * object: a simple waiter that has slept wakes the next sleeper first.
 *
 * Step -> docs/design/waiting-for-several.md
 *   wait_all, attempt ... "All", "Taking all or none"
 *   meet, settle ........ "Whoever meets the bit", "Deaths"
 *   simple, signal, poll  event.pml and semaphore.pml, with the bit
 *   the unless branch ... the kernel: robust claims, then the pending entry
 *
 * Checked
 *   - all or none: an attempt takes one signal of each of its objects at the
 *     moment of its decision, and none without; so for each object, whenever
 *     nothing moves, signals given - taken = what is there, or is withheld
 *     undecided.  None is lost, none is taken twice, whoever died where;
 *   - a manual-reset event is set at the decision;
 *   - a poll that fails did so at a moment at which no signal was there, nor
 *     withheld undecided;
 *   - a failed wait for all (a timeout) likewise, and a simple wait's;
 *   - whenever nothing moves, nobody sleeps on an object that is signaled, or
 *     withheld, or has no mark;
 *   - who settles has the claim; beside Withheld the word is 0 or S;
 *   - no deadlock (an invalid end state), with exactly DEATHS deaths;
 *   - every execution ends (not with a semaphore: its announcements may be
 *     overtaken for ever, see semaphore.pml).
 *
 * Bounds: by SCENE, see init: 4 threads, 2 or 3 objects, which are auto-reset
 * events unless SEMAPHORE or MANUAL say otherwise.  A wait for all is made OPS
 * (1) times, everything else once.  All may give up but a simple waiter with
 * the number 2.  At most DEATHS (1) of the threads die, anywhere.
 *
 * Abstracted: read and CAS of a state are one step.  A claim is a lock that the
 * kernel releases at its owner's death, in any order with the others; that such
 * a lock can be had is mutex.pml.  Of a manual-reset event the generation, which
 * only simple waits look at.  Mutexes: all-mutex.pml.
 */
#ifndef SCENE
#define SCENE 1
#endif
#ifndef DEATHS
#define DEATHS 1
#endif
#ifndef OPS
#define OPS 1
#endif

#if SCENE == 1                      /* two waits for all, two setters         */
#define N 4
#define O 2
#define HAS_SIGNAL
#elif SCENE == 2                    /* simple waiters beside a wait for all   */
#define N 4
#define O 2
#define HAS_SIGNAL
#define HAS_SIMPLE
#elif SCENE == 3                    /* a poller beside two waits for all      */
#define N 4
#define O 2
#define HAS_SIGNAL
#define HAS_POLL
#elif SCENE == 4                    /* a simple waiter and a poller           */
#define N 4
#define O 2
#define HAS_SIGNAL
#define HAS_SIMPLE
#define HAS_POLL
#elif SCENE == 5                    /* three in a circle                      */
#define N 4
#define O 3
#define HAS_SIGNAL
#endif
#ifdef SEMAPHORE                    /* object 0 is a semaphore                */
#define SEM(o) (o == 0)
#endif
#ifdef MANUAL                       /* object 1 is a manual-reset event       */
#define MANUAL_RESET(o) (o == 1)
#else
#define MANUAL_RESET(o) false
#endif
#ifndef SEM
#define SEM(o) false
#endif

#define MOST      (SEM(0) -> 2 : 1)
#define MAY_LEAVE (me < 2)          /* of the simple waiters, the first       */

#define S 1
#define W 2
#define M 3

#define BIT(p)     (1 << (p))
#define IS(set, p) (set & BIT(p))

byte word[O], count[O];             /* count of an event: 1 if it is signaled */
byte withheld;                      /* set of objects: the bit                */
byte claim[O];                      /* thread + 1                             */
byte owner[O], number[O];           /* the record                             */
byte journal[N];                    /* the number last decided                */
byte asleep[O], pending[O];         /* sets of threads                        */
byte killed, done, deaths;
byte balance[O];                    /* ghost: given - taken                   */

#define AWAKE      (!IS(asleep[0], me) && !IS(asleep[1], me) && !IS(asleep[O - 1], me))
#define HELD(o)    (IS(withheld, o) != 0)
#define DECIDED(o) (journal[owner[o]] == number[o])
#define KEPT(o)    (HELD(o) && !DECIDED(o) && !MANUAL_RESET(o))
#define SIGNAL_OF(o) (count[o] > 0 || KEPT(o))

#define ALL        (BIT(N) - 1)
#define QUIET      (((done | asleep[0] | asleep[1] | asleep[O - 1]) == ALL) && (killed & ~done) == 0)
#define AT_REST(o) ((asleep[o] == 0 || ((word[o] == W || word[o] == M) && !HELD(o))) && \
                    balance[o] == count[o] + KEPT(o))
#define FORGET     n = 0; slept = false; leaving = false; got = 0; tries = 0; g = 0; x = 0

/* To be used inside atomic. n = how many were woken, 0 or 1. */
inline dequeue_one(o) {
  if
  :: IS(asleep[o], 0) -> asleep[o] = asleep[o] & ~BIT(0)
  :: IS(asleep[o], 1) -> asleep[o] = asleep[o] & ~BIT(1)
  :: IS(asleep[o], 2) -> asleep[o] = asleep[o] & ~BIT(2)
  :: IS(asleep[o], 3) -> asleep[o] = asleep[o] & ~BIT(3)
#if N > 4
  :: IS(asleep[o], 4) -> asleep[o] = asleep[o] & ~BIT(4)
#endif
  :: else
  fi
}

inline futex_wait(o, value) {
  if
  :: word[o] == value -> asleep[o] = asleep[o] | BIT(me)
  :: else
  fi
}

/* To be used inside atomic, like the next. */
inline clear_bit(o) {
  assert(claim[o] == me + 1 && (word[o] == 0 || word[o] == S));
  withheld = withheld & ~BIT(o);
  forget_record(o)
}

/* Nobody reads a record without the bit: this only keeps states few. */
inline forget_record(o) {
#ifndef RECORD_LATE
  owner[o] = 0; number[o] = 99
#else
  skip
#endif
}

/* An event that was set meanwhile (by who had seen M before) is set: that Set
   was no new signal. */
inline give_back(o) {
  if
  :: MANUAL_RESET(o)
  :: !MANUAL_RESET(o) && !SEM(o) && count[o] == 1 -> balance[o]--
  :: else -> count[o]++
  fi;
  word[o] = S;
  clear_bit(o)
}

#ifdef ROLL_BACK_ALWAYS
#define FORWARD(o) false
#elif defined(ROLL_FORWARD_ALWAYS)
#define FORWARD(o) true
#else
#define FORWARD(o) DECIDED(o)
#endif

inline settle(o) {
  atomic {
    if
    :: HELD(o) && FORWARD(o) -> clear_bit(o)
    :: HELD(o) && !FORWARD(o) -> give_back(o)
    :: !HELD(o)
    fi
  }
}

inline claim_it(o) {
  atomic { claim[o] == 0 -> claim[o] = me + 1 };
  settle(o)
}

inline meet(o) {
#ifndef NO_WAKE_OF_NEXT
  if
  :: slept -> atomic { dequeue_one(o) }
  :: !slept
  fi;
#endif
  atomic { pending[o] = pending[o] & ~BIT(me) };
  claim_it(o);
  claim[o] = 0
}

/* To be used inside atomic, if the count is above 0. */
inline take(o, rest) {
  count[o]--;
  balance[o]--;
  word[o] = (count[o] > 0 -> S : rest)
}

#ifndef WAITERS_IGNORE_BIT
#define BLOCKED(o) HELD(o)
#else
#define BLOCKED(o) false
#endif

inline simple(o) {
  atomic { pending[o] = pending[o] | BIT(me) };
end_simple:
  do
  :: atomic { AWAKE && BLOCKED(o) -> skip };
     meet(o);
     atomic { pending[o] = pending[o] | BIT(me) }
  :: atomic {
       AWAKE && !BLOCKED(o) && count[o] > 0 ->
       take(o, (slept -> W : 0));
       g = slept && count[o] > 0
     };
     if
     :: g -> atomic { dequeue_one(o) }
     :: !g
     fi;
     break
  :: atomic {
       AWAKE && !BLOCKED(o) && count[o] == 0 && !leaving ->
       word[o] = (word[o] == M -> M : W);
       g = word[o]
     };
     atomic { futex_wait(o, g); slept = slept || !AWAKE; g = 0 }
  :: atomic {                                         /* a timeout          */
       AWAKE && !BLOCKED(o) && count[o] == 0 && leaving ->
       word[o] = (!slept || word[o] == M -> word[o] : W);
       assert(!SIGNAL_OF(o));
       break
     }
  :: atomic { MAY_LEAVE && !leaving -> asleep[o] = asleep[o] & ~BIT(me); leaving = true }
  od
}

/* Set and Release. */
inline signal(o) {
  atomic { pending[o] = pending[o] | BIT(me) };
  do
  :: atomic { HELD(o) -> skip };
     meet(o);
     atomic { pending[o] = pending[o] | BIT(me) }
  :: atomic {
       !HELD(o) && (word[o] == 0 || word[o] == S) ->
       if
       :: SEM(o) || count[o] == 0 -> count[o]++; balance[o]++
       :: else
       fi;
       word[o] = S;
       break
     }
  :: atomic { !HELD(o) && word[o] == W -> count[o]++; balance[o]++; word[o] = S };
     atomic { dequeue_one(o) };
     break
  :: atomic { !HELD(o) && word[o] == M -> skip };
     atomic {
       word[o] = S;
#ifndef WAKE_ONE_OF_SEVERAL
       asleep[o] = 0;
#else
       dequeue_one(o);
#endif
       if
       :: SEM(o)
       :: !SEM(o) -> balance[o] = balance[o] + 1 - count[o]; count[o] = 1; break
       fi
     }
  od
}

/* A wait with a timeout of zero; one that succeeds is a Reset as well. */
inline poll(o) {
  do
#ifndef POLLERS_IGNORE_BIT
  :: atomic { HELD(o) -> skip }; meet(o)
  :: atomic { !HELD(o) && count[o] > 0 -> take(o, 0); break }
  :: atomic { !HELD(o) && count[o] == 0 -> assert(!SIGNAL_OF(o)); break }
#else
  :: atomic { count[o] > 0 -> take(o, 0); break }
  :: atomic { count[o] == 0 -> assert(!SIGNAL_OF(o)); break }
#endif
  od
}

/* got: how many signals are withheld. Afterwards got == 2 if it has all. */
inline attempt() {
  claim_it(lo);
  claim_it(hi);
#ifndef REUSE_NUMBERS
  tries++;
#else
  tries = 1;
#endif
#ifndef RECORD_LATE
  atomic { owner[lo] = me; number[lo] = tries };
  atomic { owner[hi] = me; number[hi] = tries };
#endif
  withhold(lo);
#ifdef CLAIM_RELEASED_EARLY
  claim[lo] = 0;
#endif
  if
  :: got == 1 -> withhold(hi)
  :: got == 0
  fi;
#ifdef RECORD_LATE
  atomic { owner[lo] = me; number[lo] = tries };
  atomic { owner[hi] = me; number[hi] = tries };
#endif
  if
  :: got == 2 ->
#ifndef DECIDE_LATE
     decide();
     atomic { clear_bit(lo) };
     atomic { clear_bit(hi) }
#else
     atomic { clear_bit(lo) };
     decide();
     atomic { clear_bit(hi) }
#endif
  :: got == 1 -> atomic { give_back(lo); got = 0 }
  :: got == 0
  fi;
  atomic { claim[lo] = 0; forget_record(lo) };
  atomic { claim[hi] = 0; forget_record(hi) }
}

inline withhold(o) {
  atomic {
    assert(claim[o] == me + 1 && !HELD(o));
    if
    :: count[o] > 0 ->
       count[o] = count[o] - !MANUAL_RESET(o);
       word[o] = (count[o] > 0 -> S : 0);
       withheld = withheld | BIT(o);
       got++
    :: else
    fi
  }
}

inline decide() {
  atomic {
    journal[me] = tries;
    assert((!MANUAL_RESET(lo) || count[lo] == 1) && (!MANUAL_RESET(hi) || count[hi] == 1));
    balance[lo] = balance[lo] - !MANUAL_RESET(lo);
    balance[hi] = balance[hi] - !MANUAL_RESET(hi)
  }
}

/* Looks at x, which is a or b: signaled, or sleeps on it. */
inline wait_all() {
  x = a;
end_all:
  do
  :: atomic { AWAKE && HELD(x) -> skip };
     meet(x);
     x = a
  :: atomic { AWAKE && !HELD(x) && count[x] > 0 && x == a -> x = b }
  :: atomic { AWAKE && !HELD(x) && count[x] > 0 && x == b -> skip };
     attempt();
     if
     :: atomic { got == 2 -> got = 0; break }
     :: atomic { got == 0 -> x = a }
     fi
  :: atomic { AWAKE && !HELD(x) && count[x] == 0 && leaving -> assert(!SIGNAL_OF(x)); break }
  :: atomic { AWAKE && !HELD(x) && count[x] == 0 && !leaving -> word[x] = M };
     atomic { futex_wait(x, M); x = (AWAKE -> a : x) };
     if
     :: atomic { AWAKE -> x = a }
     :: atomic { !leaving -> asleep[x] = asleep[x] & ~BIT(me); leaving = true; x = a }
     fi
  od
}

/* The roles of the threads. */
#define ALL_OF(x, y) 16 + 4 * (x) + (y)
#define SIMPLE(x)    32 + (x)
#define SIGNAL(x)    48 + (x)
#define POLL(x)      64 + (x)

proctype Thread(byte me, role) {
  byte a = (role / 4) % 4, b = role % 4;
#ifndef NO_ORDER
  byte lo = (a < b -> a : b), hi = (a < b -> b : a);
#else
  byte lo = a, hi = b;
#endif
  byte g, x, got, tries, ops = OPS;
  bit n;
  bool slept, leaving;
  {
    if
    :: role / 16 == 1 ->
       do
       :: ops > 0 -> atomic { ops--; leaving = false }; wait_all()
       :: ops == 0 -> break
       od
#ifdef HAS_SIMPLE
    :: role / 16 == 2 -> simple(b)
#endif
#ifdef HAS_SIGNAL
    :: role / 16 == 3 -> signal(b)
#endif
#ifdef HAS_POLL
    :: role / 16 == 4 -> poll(b)
#endif
    fi;
    atomic {
      pending[b] = pending[b] & ~BIT(me);
      FORGET; ops = 0;
      done = done | BIT(me)
    }
  } unless {
    atomic {
      IS(killed, me) ->
      for (x : 0 .. O - 1) { asleep[x] = asleep[x] & ~BIT(me) };
      FORGET; ops = 0
    };
    do
    :: atomic { claim[0] == me + 1 -> claim[0] = 0 }
    :: atomic { claim[1] == me + 1 -> claim[1] = 0 }
#if O > 2
    :: atomic { claim[2] == me + 1 -> claim[2] = 0 }
#endif
    :: atomic {
         claim[0] != me + 1 && claim[1] != me + 1 && claim[O - 1] != me + 1 ->
         if
         :: IS(pending[b], me) -> dequeue_one(b)
         :: else
         fi;
         pending[b] = pending[b] & ~BIT(me);
         done = done | BIT(me);
         break
       }
    od
  }
}

#define MORTAL(q) (q < N && deaths < DEATHS && !((done | killed) & BIT(q)))
#define KILL(q)   killed = killed | BIT(q); deaths++

active proctype Monitor() {
end:
  do
  :: atomic { MORTAL(0) -> KILL(0) }
  :: atomic { MORTAL(1) -> KILL(1) }
  :: atomic { MORTAL(2) -> KILL(2) }
  :: atomic { MORTAL(3) -> KILL(3) }
#if N > 4
  :: atomic { MORTAL(4) -> KILL(4) }
#endif
  :: atomic { QUIET -> assert(AT_REST(0) && AT_REST(1) && AT_REST(O - 1)); break }
  od
}

inline may_be_signaled(o, most) {
  select(c : 0 .. most);
  count[o] = c; balance[o] = c; word[o] = (c > 0 -> S : 0)
}

init {
  byte c;
  atomic {
    for (c : 0 .. O - 1) { number[c] = 99 };          /* nobody's           */
#if SCENE == 1
    may_be_signaled(0, MOST); may_be_signaled(1, 1);
    run Thread(0, ALL_OF(0, 1)); run Thread(1, ALL_OF(1, 0));
    run Thread(2, SIGNAL(0)); run Thread(3, SIGNAL(1))
#elif SCENE == 2
    may_be_signaled(0, MOST); may_be_signaled(1, 1);
    run Thread(0, ALL_OF(0, 1));
    run Thread(1, SIMPLE(0)); run Thread(2, SIMPLE(0));
    run Thread(3, SIGNAL(0))
#elif SCENE == 3
    may_be_signaled(0, MOST); may_be_signaled(1, 1);
    run Thread(0, ALL_OF(0, 1)); run Thread(1, ALL_OF(1, 0));
    run Thread(2, POLL(0)); run Thread(3, SIGNAL(1))
#elif SCENE == 4
    may_be_signaled(0, MOST); may_be_signaled(1, 1);
    run Thread(0, ALL_OF(0, 1));
    run Thread(1, SIMPLE(0)); run Thread(2, SIGNAL(0));
    run Thread(3, POLL(1))
#elif SCENE == 5
    may_be_signaled(0, 1); may_be_signaled(1, 1); may_be_signaled(2, 1);
    run Thread(0, ALL_OF(0, 1)); run Thread(1, ALL_OF(1, 2)); run Thread(2, ALL_OF(2, 0));
    run Thread(3, SIGNAL(1))
#endif
  }
}
