/*
 * sleeping.pml - the ends of a channel that sleep, and who wakes them.
 *
 * Protocol.  A writer publishes by a release store, which its processor may keep
 * from the others for a while, and looks whether anybody is careful.  If so: a
 * full fence, and it rings the bell of every end that says that it sleeps.  Who
 * wants to sleep resets its bell; becomes careful, unless it is, by a barrier
 * that makes all writers' stores visible; says that it sleeps; watches the lives
 * of those who write; looks a last time; and waits for its bell.  What it takes
 * then takes its word back, and much that it takes makes it careless.  A writer
 * that no barrier reaches says so in the same word, before it publishes.  Who
 * comes to write rings, so that it is watched.  A dead one's place is another's
 * by a CAS, and its bits are cleared before anybody uses it.
 *
 * Step -> function
 *   join_lane ........... ChannelCore.TakeLane, Sleepers.Announce; TopicPublisher
 *   publish ............. LaneWriter.Commit, Sleepers.Wake
 *   wake_carefully ...... Sleepers.WakeCarefully, BellBoard.Ring
 *   join_place .......... ChannelCore.TakeReader, Sleepers.Forget
 *   fall_asleep ......... ChannelSignal.BeforeWait, ChannelEnd.FallAsleep
 *   reach_all ........... Sleepers.BecomeCareful, IPlatform.TryReachAll
 *   watch ............... ChannelCore.WatchWriters, PeerLives.IsAlive
 *   found ............... ChannelEnd.Found, FoundCarefully
 *   Burier .............. ChannelCore.Bury, LeaveReader
 *   tell ................ ChannelCore.Gone, ChannelEnd.Nudge
 *   drain ............... the processor: a store that others see at last
 *
 * Checked
 *   - when nothing moves any more nobody who lives sleeps beside news;
 *   - every execution ends.
 *
 * Bounds: WRITERS (1) publish MESSAGES (1) each on LANES (1) lanes; with fewer lanes
 * one waits until another has died or left.  SLEEPERS (2) on SLOTS (1) places: the
 * last comes when one is dead or was buried.  At most DEATHS (2), anywhere.
 * UNREACHABLE: the set of writers that no barrier reaches.  SPLIT: what the first
 * sleeper waits for is taken by another thread of its process.
 *
 * Abstracted: a writer's stores reach the others in order, so one that is on its
 * way carries those before it; a sleeper's own stores are exchanges.  What counts
 * as much is any number.  A bell needs no generation, as one thread waits for it.
 * Writers that wait for room are the same with the parts exchanged, and whoever
 * makes room always fences.
 */
#ifndef WRITERS
#define WRITERS 1
#endif
#ifndef LANES
#define LANES 1
#endif
#ifndef MESSAGES
#define MESSAGES 1
#endif
#ifndef SLEEPERS
#define SLEEPERS 2
#endif
#ifndef SLOTS
#define SLOTS 1
#endif
#ifndef DEATHS
#define DEATHS 2
#endif
#ifndef UNREACHABLE
#define UNREACHABLE 0
#endif

/* Processes: writers, sleepers, one who buries. */
#define BIT(p)     (1 << (p))
#define IS(set, p) ((set) & BIT(p))
#define S(s)       (WRITERS + (s))
#define BURIER     (WRITERS + SLEEPERS)
#define SOMEBODY   128                  /* in careful: one whom no barrier reaches */

byte careful, asleep;                   /* sets of places                         */
bool bell[SLOTS];
byte owner_of_lane[LANES], owner_of_place[SLOTS];       /* process + 1            */

byte published[LANES];
byte pending[WRITERS];                  /* a store that only its processor sees   */
byte lane_of[WRITERS];
byte reachable;                         /* set of writers                         */

byte seen[SLEEPERS * LANES];
byte place_of[SLEEPERS];                /* + 1                                    */
byte watched[SLEEPERS];                 /* sets of writers                        */
bool is_careful[SLEEPERS], is_asleep[SLEEPERS], gate[SLEEPERS];
bool waits[SLEEPERS];

byte killed, done, ended, deaths;       /* sets of processes                      */

#define SEEN(s, l)  seen[(s) * LANES + (l)]
#if LANES == 2
#define NEWS(s)     (published[0] > SEEN(s, 0) || published[1] > SEEN(s, 1))
#else
#define NEWS(s)     (published[0] > SEEN(s, 0))
#endif
#define FREE(owner) (owner == 0 || IS(ended, owner - 1))
#define PLACE       (place_of[me] - 1)

/* To be used inside atomic. */
inline drain(w) {
  if
  :: pending[w] -> published[lane_of[w]] = pending[w]; pending[w] = 0
  :: else
  fi
}

inline wake_carefully() {
#ifndef NO_FENCE
  atomic { drain(me) };
#endif
  bits = asleep;
  if
  :: IS(bits, 0) -> bell[0] = true
  :: else
  fi;
#if SLOTS == 2
  if
  :: IS(bits, 1) -> bell[1] = true
  :: else
  fi;
#endif
  bits = 0
}

inline announce() {
  if
  :: IS(UNREACHABLE, me) -> careful = careful | SOMEBODY
  :: else -> reachable = reachable | BIT(me)
  fi
}

inline join_lane() {
  skip;
end_join:
  if
  :: atomic { FREE(owner_of_lane[0]) -> owner_of_lane[0] = me + 1; lane_of[me] = 0 }
#if LANES == 2
  :: atomic { FREE(owner_of_lane[1]) -> owner_of_lane[1] = me + 1; lane_of[me] = 1 }
#endif
  fi;
#ifndef ANNOUNCE_LATE
  announce();
#endif
#ifndef JOIN_QUIETLY
  wake_carefully();
#endif
  head = published[lane_of[me]]
}

inline publish() {
  atomic { head++; pending[me] = head; sent++ };                /* Commit     */
  if
  :: careful != 0 -> wake_carefully()
  :: careful == 0
  fi
}

proctype Writer(byte me) {
  byte head, bits, sent;
  {
    join_lane();
    do
    :: sent < MESSAGES -> publish()
    :: sent == MESSAGES -> break
    od;
#ifdef ANNOUNCE_LATE
    announce();
#endif
    atomic { drain(me); owner_of_lane[lane_of[me]] = 0 };
    done = done | BIT(me)
  } unless {
    atomic { IS(killed, me) && !IS(done, me) -> done = done | BIT(me) }
  };
  atomic { head = 0; bits = 0; sent = 0 }
}

inline forget(p) {
  asleep = asleep & ~BIT(p);
  careful = careful & ~BIT(p)
}

inline join_place() {
  skip;
end_join:
  if
  :: atomic { FREE(owner_of_place[0]) -> owner_of_place[0] = S(me) + 1; place_of[me] = 1 }
#if SLOTS == 2
  :: atomic { FREE(owner_of_place[1]) -> owner_of_place[1] = S(me) + 1; place_of[me] = 2 }
#endif
  fi;
  forget(PLACE)
}

/* To be used inside atomic. */
inline barrier() {
  if
  :: IS(reachable, 0) -> drain(0)
  :: else
  fi;
#if WRITERS == 2
  if
  :: IS(reachable, 1) -> drain(1)
  :: else
  fi
#endif
}

inline reach_all() {
#ifdef NO_BARRIER
  skip
#elif defined(SKIP_IF_UNREACHABLE)
  if
  :: careful & SOMEBODY
  :: atomic { !(careful & SOMEBODY) -> barrier() }
  fi
#else
  atomic { barrier() }
#endif
}

inline become_careful() {
  if
  :: is_careful[me]
  :: !is_careful[me] ->
     is_careful[me] = true;
#ifndef BARRIER_FIRST
     careful = careful | BIT(PLACE);
     reach_all()
#else
     reach_all();
     careful = careful | BIT(PLACE)
#endif
  fi
}

/* Who is gone is not watched, but all that it did is seen by the look that follows. */
inline watch(l) {
#ifndef NO_WATCH
  atomic {
    if
    :: FREE(owner_of_lane[l])
    :: else -> watched[me] = watched[me] | BIT(owner_of_lane[l] - 1)
    fi
  }
#else
  skip
#endif
}

inline fall_asleep() {
#ifndef RESET_LATE
  bell[PLACE] = false;
#endif
  atomic { !gate[me] -> gate[me] = true };
  become_careful();
#ifdef LOOK_FIRST
  ready = NEWS(me);
#endif
  is_asleep[me] = true;
  asleep = asleep | BIT(PLACE);
  gate[me] = false;
  watch(0);
#if LANES == 2
  watch(1);
#endif
#ifndef LOOK_FIRST
  ready = NEWS(me);
#endif
#ifdef RESET_LATE
  bell[PLACE] = false;
#endif
  if
  :: atomic { ready -> bell[PLACE] = true; waits[me] = true; ready = false }
  :: atomic { !ready -> waits[me] = true }
  fi
}

inline found() {
  if
  :: !is_careful[me]
  :: is_careful[me] ->
     if
     :: !is_asleep[me]                                          /* not much   */
     :: true ->
        atomic { !gate[me] -> gate[me] = true };
        if
        :: is_asleep[me] ->
           is_asleep[me] = false;
           asleep = asleep & ~BIT(PLACE);
           bell[PLACE] = true
        :: !is_asleep[me] && is_careful[me] ->
           is_careful[me] = false;
           careful = careful & ~BIT(PLACE)
        :: else
        fi;
        gate[me] = false
     fi
  fi
}

inline take() {
  atomic {
    if
    :: published[0] > SEEN(me, 0) -> SEEN(me, 0)++
#if LANES == 2
    :: published[1] > SEEN(me, 1) -> SEEN(me, 1)++
#endif
    fi
  };
  found()
}

proctype Sleeper(byte me) {
  bool ready;
  {
    join_place();
end:
    do
#ifdef SPLIT
    :: me != 0 && NEWS(me) -> take()
#else
    :: NEWS(me) -> take()
#endif
    :: !NEWS(me) ->
       fall_asleep();
end_wait:
       atomic { bell[PLACE] -> waits[me] = false }
    od
  } unless {
    atomic { IS(killed, S(me)) -> done = done | BIT(S(me)); ready = false }
  }
}

#ifdef SPLIT
/* The thread that takes; may stop at any time. */
active proctype Taker() {
  byte me;
  do
  :: place_of[0] && NEWS(0) -> take()
  :: break
  od
}
#endif

/* Of any process, also of one that is killed meanwhile. */
active proctype Burier() {
  byte p;
  {
    skip;
end:
    if
    :: atomic { owner_of_place[0] && IS(ended, owner_of_place[0] - 1) -> owner_of_place[0] = BURIER + 1 }
#if SLOTS == 2
    :: atomic { owner_of_place[1] && IS(ended, owner_of_place[1] - 1) -> owner_of_place[1] = BURIER + 1; p = 1 }
#endif
    fi;
#ifndef FORGET_AFTER_LEAVE
    forget(p);
    owner_of_place[p] = 0
#else
    owner_of_place[p] = 0;
    forget(p)
#endif
  } unless {
    atomic { IS(killed, BURIER) -> done = done | BIT(BURIER) }
  };
  p = 0
}

#ifndef SPLIT
#define IMMORTAL 0
#else
#define IMMORTAL BIT(S(0))
#endif

inline kill(p) {
  atomic { p <= BURIER && deaths < DEATHS && !IS(killed | done | IMMORTAL, p) -> killed = killed | BIT(p); deaths++ }
}

/* May stop at any time: nobody's end depends on a death. */
active proctype Killer() {
  do
  :: kill(0)
  :: kill(1)
  :: kill(2)
  :: kill(3)
  :: kill(4)
  :: kill(5)
  :: break
  od
}

/* All of a process has ended: what it stored is seen, and who watches is told, at some time. */
#define DRAINED(p) (p >= WRITERS || !pending[(p < WRITERS -> p : 0)])

inline end_of(p) {
  atomic { IS(killed & done & ~ended, p) && DRAINED(p) -> ended = ended | BIT(p) }
}

inline tell(s) {
  atomic {
    watched[s] & ended ->
    watched[s] = watched[s] & ~ended;
    bell[place_of[s] - 1] = true
  }
}

active proctype System() {
end:
  do
  :: atomic { pending[0] -> drain(0) }
  :: end_of(0)
#if WRITERS == 2
  :: atomic { pending[1] -> drain(1) }
  :: end_of(1)
#endif
  :: end_of(S(0))
  :: tell(0)
#if SLEEPERS > 1
  :: end_of(S(1))
  :: tell(1)
#endif
#if SLEEPERS > 2
  :: end_of(S(2))
  :: tell(2)
#endif
  :: end_of(BURIER)
  od
}

/* Nothing moves any more. */
active proctype Rest() {
  timeout;
  assert(!(waits[0] && !IS(killed, S(0)) && NEWS(0)));
#if SLEEPERS > 1
  assert(!(waits[1] && !IS(killed, S(1)) && NEWS(1)));
#endif
#if SLEEPERS > 2
  assert(!(waits[2] && !IS(killed, S(2)) && NEWS(2)));
#endif
}

init {
  byte i;
  atomic {
    do
    :: i < WRITERS -> run Writer(i); i++
    :: else -> break
    od;
    i = 0;
    do
    :: i < SLEEPERS -> run Sleeper(i); i++
    :: else -> break
    od
  }
}
