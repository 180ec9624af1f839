/*
 * futex.pml - the kernel's part, shared by all models but lifetime.pml and
 * all.pml: one futex word, its wait queue, the death of a thread.
 *
 * A wake may take any sleeper (the kernel's queue is a FIFO, but nothing may
 * depend on that), also one that was killed and has not left the queue yet.
 * A killed thread does no further step of its own; the kernel cleans up after
 * it in steps that others interleave with.
 *
 * The including model defines N (threads, at most 6), DEATHS (how many may
 * die), AT_REST (what must hold when nothing moves) and FORGET (resets a
 * thread's variables, so that ended threads do not make states differ).
 */
#define BIT(p) (1 << (p))
#define ALL    (BIT(N) - 1)

byte asleep;                        /* sets of threads: in the wait queue     */
byte pending;                       /* list_op_pending points to the word     */
byte killed, done;
byte deaths;

#ifndef LEAVERS
#define LEAVERS 1                   /* threads that may give up waiting       */
#endif
#define MAY_LEAVE (me < LEAVERS)

#define IS(set, p) (set & BIT(p))

/* Nothing moves any more, except that a timeout may still expire. */
#define QUIET (((done | asleep) == ALL) && ((killed & ~done) == 0))

#define MORTAL(q) (q < N && deaths < DEATHS && !((done | killed) & BIT(q)))
#define KILL(q)   killed = killed | BIT(q); deaths++

/* To be used inside atomic. n = how many were woken, 0 or 1. */
inline dequeue_one(n) {
  n = 0;
  if
  :: IS(asleep, 0) -> asleep = asleep & ~BIT(0); n = 1
  :: IS(asleep, 1) -> asleep = asleep & ~BIT(1); n = 1
  :: IS(asleep, 2) -> asleep = asleep & ~BIT(2); n = 1
  :: IS(asleep, 3) -> asleep = asleep & ~BIT(3); n = 1
  :: IS(asleep, 4) -> asleep = asleep & ~BIT(4); n = 1
  :: IS(asleep, 5) -> asleep = asleep & ~BIT(5); n = 1
  :: else
  fi
}

inline futex_wake_one() {
  atomic { dequeue_one(n); n = 0 }
}

inline futex_wake_all() {
  asleep = 0
}

/* FUTEX_WAIT: compares and queues in one step. To be used inside atomic. */
inline futex_wait(me, value) {
  if
  :: word == value -> asleep = asleep | BIT(me)
  :: word != value                                    /* EAGAIN             */
  fi
}

#define AWAKE (!IS(asleep, me))

/* exit_robust_list for a word whose thread id bits are always 0: a pending
   entry makes the kernel wake one sleeper and leave the word alone. */
inline exit_pending(me) {
  atomic { IS(killed, me) -> asleep = asleep & ~BIT(me); FORGET };
  atomic {
#ifndef NO_DEATH_WAKE
    if
    :: IS(pending, me) -> dequeue_one(n); n = 0
    :: !IS(pending, me)
    fi;
#endif
    pending = pending & ~BIT(me); done = done | BIT(me)
  }
}

/* Entering: list_op_pending = the word. */
inline start(me) {
  pending = pending | BIT(me)
}

/* list_op_pending = null, and return. A step of its own: a thread may die
   after its last change of the word and before this. */
inline finish(me) {
  atomic { pending = pending & ~BIT(me); done = done | BIT(me); FORGET }
}

/* Kills, and looks at every state in which nothing moves. */
active proctype Monitor() {
end:
  do
  :: atomic { MORTAL(0) -> KILL(0) }
  :: atomic { MORTAL(1) -> KILL(1) }
  :: atomic { MORTAL(2) -> KILL(2) }
  :: atomic { MORTAL(3) -> KILL(3) }
  :: atomic { MORTAL(4) -> KILL(4) }
  :: atomic { MORTAL(5) -> KILL(5) }
  :: atomic { QUIET -> assert(AT_REST); break }   /* ends: it is no cycle */
  od
}
