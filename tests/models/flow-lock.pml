/*
 * flow-lock.pml - a mutex that flows hold: a process owns it, whichever of its
 * threads comes next.
 *
 * Protocol.  The word names the holder's place, 0 = free, with the bits WAITERS
 * and DIED and a generation, which grows whenever a place is written into it,
 * the dead holder's is taken out, or WAITERS is set.  A place names the tether
 * of its process, which the kernel ends when all threads of the process have
 * ended.
 *   Take: a CAS from free to the own place; WAITERS stays, DIED is told.
 *   Release: a CAS to 0, or, with WAITERS, one step of the kernel: holder and
 *   WAITERS go, the generation stays, all sleepers are woken.
 *   Wait: set WAITERS; then the holder's tether lives, and the own process
 *   watches it, or the holder is the own process; sleep on the word as it was.
 *   The holder's tether has ended: a CAS of all that was read, to free and DIED;
 *   WAITERS stays, nobody is woken.
 *   Told of the end of a tether that it watches, each process for itself, at any
 *   later time: WAITERS goes, and all sleepers are woken, in one step.
 *   A place is taken over when its process is gone and the word does not name it.
 * Who waits may go away at any time without doing anything, also just after it
 * has marked the word or has taken the dead holder out: a wait for several does.
 *
 * Both halves are needed, the generation in the word that is slept on and a new
 * one with each mark: without them (SLEEP_ON_HOLDER, MARK_KEEPS_GENERATION) a
 * wake is lost.  Somebody marks the word and looks at the holder; the holder
 * dies; its own process is told, and takes the mark away before it sleeps;
 * somebody else marks the word again, and dies or goes away; the word is what it
 * was, and the first one goes to sleep, watching nobody.
 *
 * Step -> function
 *   acquire ............. FlowLock.TryTake
 *   mark, look .......... FlowLock.TryMark, IsHealed; PeerLife.IsAlive
 *   heal ................ FlowLock.IsHealed
 *   sleep ............... Futex.Wait
 *   look_and_leave ...... FlowLock.TryTake on a timeout; IsSignaled
 *   release ............. FlowLock.Release
 *   join ................ LockShare.Join
 *   tell ................ PeerLife.Gone
 *   the unless branch ... the kernel: a thread that was killed in a system call
 *   end_tether .......... the kernel: the last thread of a process has ended
 *
 * Checked
 *   - mutual exclusion; a process holds until its tether ends;
 *   - a death while holding, after the CAS that took and before the step that
 *     released, and nothing else, is told to the next, once;
 *   - whenever nothing moves nobody sleeps: that would be an invalid end state;
 *   - every execution ends.
 *
 * Bounds: process 0 has two threads that wait, 1 and 2 have one.  Each takes the
 * lock once, and LEAVERS may give up.  With PLACES = 2 process 2 comes late: it
 * needs the place of one that is gone, and waits for that.  At most DEATHS (2)
 * processes die, anywhere, also at rest: all threads stop in one step, but a call
 * that has begun may still be done, and then ends in any order.
 *
 * Abstracted: a thread releases what it has taken.  One step, because nothing
 * can come of what happens in between: to find a place, read it and take it (who
 * is gone and not named stays so); the look at a tether and the watch, and what
 * is done when told, as both are done under PeerLife's gate.  Waits for all, which
 * withhold under a claim, are left out (all.pml), and so is the watch that Join
 * begins.  The generation does not wrap.
 */
#ifndef DEATHS
#define DEATHS 2
#endif
#ifndef PLACES
#define PLACES 2
#endif
#ifndef LEAVERS
#define LEAVERS 5                   /* set of threads                         */
#endif

#define BIT(p) (1 << (p))
#define IS(set, p) (set & BIT(p))

/* Process 0: threads 0 and 1.  1: 2.  2: 3. */
#define PROCESS(x) (x < 2 -> 0 : (x) - 1)
#define THREADS(p) (p == 0 -> 3 : BIT(p + 1))
#define ME PROCESS(me)

#define PLACE 3                     /* the place's number + 1                 */
#define W     4
#define DIED  8

byte word, generation;
byte place[PLACES];                 /* whose tether it names: process + 1     */

byte asleep, calling, done;         /* sets of threads: in the wait queue; in the call that releases; ended */
byte killed, ended;                 /* sets of processes; ended: its tether   */
byte watched[3];                    /* set of processes that this one watches */
byte deaths;

byte owner;                         /* ghost: thread + 1                      */
bool orphaned;                      /* ghost: the last owner died             */

#define FREE   ((word & PLACE) == 0)
#define AWAKE  (!IS(asleep, me))
#define FORGET w = 0; g = 0; t = 0

#define IS_PAIR (word == w && generation == g)

#ifndef SLEEP_ON_HOLDER
#define IS_SLEPT_ON IS_PAIR
#else
#define IS_SLEPT_ON (word == w)
#endif

#ifndef HEAL_WORD_ALONE
#define IS_TO_HEAL IS_PAIR
#else
#define IS_TO_HEAL (word == w)
#endif

#ifndef KILLED_IS_GONE
#define GONE(p) IS(ended, p)
#else
#define GONE(p) IS(killed, p)
#endif

#ifndef REUSE_NAMED
#define MAY_REUSE(k) (IS(ended, place[k] - 1) && (word & PLACE) != k + 1)
#else
#define MAY_REUSE(k) IS(ended, place[k] - 1)
#endif

/* To be used inside atomic, if FREE. */
inline acquire() {
  assert(owner == 0);
  assert(orphaned == ((word & DIED) != 0));
  orphaned = false;
  owner = me + 1;
  word = (word & W) | mine;
  generation++
}

/* To be used inside atomic, if not FREE. */
inline read() {
  w = word;
  g = generation
}

inline mark() {
  if
  :: !(word & W) ->
     word = word | W;
#ifndef MARK_KEEPS_GENERATION
     generation++
#endif
  :: else
  fi;
  read()
}

/* t: the process in the place that was read + 1; 0: it is gone. */
inline look() {
  if
  :: (w & PLACE) == mine -> t = ME + 1
  :: else ->
     t = place[(w & PLACE) - 1];
     atomic {
       assert(t != 0);
       if
       :: GONE(t - 1) -> t = 0
       :: else -> watched[ME] = watched[ME] | BIT(t - 1)
       fi
     }
  fi
}

inline heal() {
  atomic {
    if
    :: IS_TO_HEAL -> word = DIED | (w & W); generation++
    :: else
    fi;
    FORGET
  }
}

/* FUTEX_WAIT */
inline sleep() {
  atomic {
    if
    :: IS_SLEPT_ON -> asleep = asleep | BIT(me)
    :: else                                           /* EAGAIN             */
    fi;
    FORGET
  }
}

inline mark_look_sleep() {
#ifndef WATCH_BEFORE_MARK
  atomic { AWAKE && !FREE -> mark() };
  look();
  if
  :: t == 0 -> heal()
  :: t != 0 -> sleep()
  fi
#else
  atomic { AWAKE && !FREE -> read() };
  look();
  if
  :: t == 0 -> heal()
  :: atomic { t != 0 && IS_PAIR -> mark() };
     sleep()
  :: atomic { t != 0 && !IS_PAIR -> FORGET }
  fi
#endif
}

inline look_and_leave() {
  atomic { IS(LEAVERS, me) && !FREE -> asleep = asleep & ~BIT(me); read() };
  look();
  if
  :: t == 0 -> heal()
  :: t != 0 -> goto left
  fi
}

inline wait() {
  do
  :: atomic { AWAKE && FREE -> acquire(); break }
  :: mark_look_sleep()
  :: look_and_leave()
  :: atomic { IS(LEAVERS, me) -> asleep = asleep & ~BIT(me); goto left }
  od
}

/* FUTEX_WAKE_OP. To be used inside atomic. */
inline zero_and_wake() {
  assert(owner == me + 1 && (word & PLACE) == mine);
  owner = 0;
  word = 0;
#ifndef WAKE_ONE
  asleep = 0;
#else
  if
  :: IS(asleep, 0) -> asleep = asleep & ~BIT(0)
  :: IS(asleep, 1) -> asleep = asleep & ~BIT(1)
  :: IS(asleep, 2) -> asleep = asleep & ~BIT(2)
  :: IS(asleep, 3) -> asleep = asleep & ~BIT(3)
  :: else
  fi;
#endif
  calling = calling & ~BIT(me)
}

inline release() {
  if
  :: atomic { word == mine -> word = 0; owner = 0 }
  :: atomic { word != mine -> calling = calling | BIT(me) };
     atomic { zero_and_wake() }
  fi
}

inline join() {
  if
  :: ME < PLACES -> mine = ME + 1
  :: else ->
end: if
     :: atomic { MAY_REUSE(0) -> place[0] = ME + 1; mine = 1 }
     :: atomic { MAY_REUSE(1) -> place[1] = ME + 1; mine = 2 }
     fi
  fi
}

proctype Thread(byte me) {
  byte mine, w, g, t;
  {
    join();
    wait();
    release();
left:
    atomic { done = done | BIT(me); mine = 0; FORGET }
  } unless {
    atomic { IS(killed, ME) && !IS(done, me) -> asleep = asleep & ~BIT(me); FORGET };
    atomic {
      if
      :: IS(calling, me) -> zero_and_wake()
      :: calling = calling & ~BIT(me)
      fi;
      done = done | BIT(me);
      mine = 0
    }
  }
}

inline kill(p) {
  atomic { deaths < DEATHS && !IS(killed, p) -> killed = killed | BIT(p); deaths++ }
}

/* May stop at any time: nobody's end depends on another death. */
active proctype Killer() {
  do
  :: kill(0)
  :: kill(1)
  :: kill(2)
  :: break
  od
}

inline end_tether(p) {
  atomic {
    IS(killed, p) && !IS(ended, p) && (done & THREADS(p)) == THREADS(p) ->
    ended = ended | BIT(p);
    watched[p] = 0;
    if
    :: owner != 0 && PROCESS((owner - 1)) == p -> owner = 0; orphaned = true
    :: else
    fi
  }
}

/* Also by a process that was killed, as long as it has not ended. */
inline tell(p) {
  atomic {
    (watched[p] & ended) != 0 ->
    watched[p] = watched[p] & ~ended;
#ifndef END_ONLY_WAKES
    word = word & ~W;
#endif
    asleep = 0
  }
}

active proctype Kernel() {
end:
  do
  :: end_tether(0)
  :: end_tether(1)
  :: end_tether(2)
  :: tell(0)
  :: tell(1)
  :: tell(2)
  od
}

init {
  atomic {
    place[0] = 1;
    place[1] = 2;
#if PLACES == 3
    place[2] = 3;
#endif
    run Thread(0);
    run Thread(1);
    run Thread(2);
    run Thread(3)
  }
}
