/*
 * queue.pml - many receive what one sends, each message goes to one of them.
 *
 * Protocol.  Each record has a state: how often it was delivered, to which place,
 * whether once and for all or leased, whether it is finished.  Next stands before
 * all that waits, done before all that is not finished.  Who takes has the turn:
 * passes what does not wait, says in the state that it has the message, moves next.
 * Who has it finishes it without the turn; or returns it under it: next back, and
 * then the state.  The sender gives up room from done on, not beyond next, at which
 * it looks again when it has seen what is finished, as next may go back; and when it meets at next what does not wait, takes the turn and passes it.  A dead one's
 * place is another's by a CAS, who under the turn returns what was leased there and
 * finishes what was given once.  A record that it has looked at counts only if done
 * has not passed it after the look.  Who sleeps says so, watches the lives of those
 * on whom it counts, buries the dead, and looks.
 *
 * Step -> function
 *   find_next ........... QueueLane.TryFindNext
 *   take, try_drop ...... QueueLane.TryTake, TryDrop; QueueReceiver.TryTake
 *   finish .............. QueueLane.Finish, QueueCore.Finish, WakeSender
 *   give_back ........... QueueLane.Return, QueueReceiver.End
 *   bury_place .......... QueueCore.Bury, QueueLane.Bury
 *   give_up ............. QueueLane.GiveUp, EndOfFinished, TryPass
 *   may_have ............ QueueLane.MayHaveNext
 *   make_room ........... QueueRoom.Slowest, QueueSender.MakeRoom
 *   bury, leave_place ... ChannelCore.Bury, LeaveReader
 *   take_place .......... ChannelCore.TakeReader
 *   watch_readers ....... ChannelCore.WatchReaders, PeerLives.IsAlive
 *   told ................ ChannelCore.Gone, ChannelEnd.Nudge
 *   wake ................ Sleepers.WakeCarefully (sleeping.pml)
 *   System .............. the kernel: the turn of a dead one, and the news of its end
 *
 * Checked
 *   - who takes a message gets one that is there, that nobody alive has, that is not
 *     finished, and was not given once; its count is right;
 *   - who finishes or returns has it, and it lies where it lay;
 *   - room is given up, and written, only where the message is finished;
 *   - nobody finds next or done where they cannot be;
 *   - when nothing moves any more each message is finished, or somebody alive has it,
 *     or nobody is there to receive; and a sender waits only for such a one;
 *   - DROP: no new message is dropped because of one that had died before;
 *   - every execution ends.
 *
 * Bounds: RECORDS (2) of one unit in a ring of CAPACITY (2), of which one is the next
 * header, by one sender and, if it dies, a successor; SENT: they are there, fewer than
 * CAPACITY, and there is no sender.  RECEIVERS (2) on PLACES (2), a third comes when it may; each takes one
 * message at a time, once or leased, which it finishes, or returns (RETURNS (1) in all),
 * or, without STAY, keeps, or leaves with it.  At most DEATHS (1), anywhere.
 * DROP: the oldest make room.
 *
 * Abstracted: a fence between a store and a load is their order; how somebody is
 * careful and is rung is one step (sleeping.pml).  Records are committed and resumed
 * as in lane.pml.  Who finds no room buries all the dead.  Who is asleep and is told of a death buries; that the library
 * does so beside a thread that is awake is the same as if another process did.
 */
#ifndef RECORDS
#define RECORDS 2
#endif
#ifndef CAPACITY
#define CAPACITY 2
#endif
#ifndef RECEIVERS
#define RECEIVERS 2
#endif
#ifndef PLACES
#define PLACES 2
#endif
#ifndef RETURNS
#define RETURNS 1
#endif
#ifndef DEATHS
#define DEATHS 1
#endif

/* Processes: receivers, two senders. */
#define BIT(p)     (1 << (p))
#define IS(set, p) ((set) & BIT(p))
#define S(k)       (RECEIVERS + (k))

/* A state: bits 0 to 2 the place + 1, given once, finished, then the count. */
#define ONCE        8
#define FINISHED    16
#define PLACE_IN(s) ((s) & 7)
#define WAITS(s)    (((s) & 31) == 0)
#define COUNT(s)    ((s) >> 5)
#define DELIVERED(s, taken) (((s) & 224) + 32 | (taken))
#define RETURNED(s) ((s) & 224)

byte header[CAPACITY], state[CAPACITY]; /* a header: the message's number + 1      */
byte next, done, turn;                  /* turn: process + 1                      */
byte owner[PLACES], lane;               /* process + 1                            */
byte asleep, bell;                      /* sets of processes                      */

byte watched[RECEIVERS + 2];            /* sets of processes                      */
byte killed, stopped, ended, gone, deaths;      /* gone: in good order            */
byte returns, keeps;                    /* keeps: set of receivers                */

/* Ghosts: sets of messages, and of each who has it and how often it was delivered. */
byte committed, over, once;
byte holder[RECORDS], deliveries[RECORDS];

#define MIN(a, b)  ((a) < (b) -> (a) : (b))
#define HEADER(p)  header[(p) % CAPACITY]
#define STATE(p)   state[(p) % CAPACITY]
#define ALIVE(p)   (!IS(killed | gone, p))
#define RECEIVING  (BIT(RECEIVERS) - 1)
#define SENDING    (3 << RECEIVERS)

inline take_turn() {
  atomic { turn == 0 -> turn = me + 1 }
}

/* To be used inside atomic. */
inline release_turn() {
  assert(turn == me + 1);
  turn = 0
}

/* To be used inside atomic. */
inline wake(whom) {
  bell = bell | asleep & (whom)
}

/* Passes what does not wait. The turn is left if no message does, else its state is in st. */
inline find_next() {
  atomic {
    turn == 0 -> turn = me + 1;
    do
    :: HEADER(next) == 0 -> turn = 0; break
    :: HEADER(next) != 0 && WAITS(STATE(next)) -> st = STATE(next); found = true; break
    :: HEADER(next) != 0 && !WAITS(STATE(next)) -> next++
    od;
    assert(next >= done && next - done <= CAPACITY)
  }
}

/* Under the turn, which it ends. By whoever has the place, or finished at once. */
inline take_next(how) {
  atomic {
    assert(HEADER(next) == next + 1 && STATE(next) == st && COUNT(st) == deliveries[next]);
    assert(holder[next] == 0 && !IS(over | once, next));
    taken = next + 1;
    if
    :: how == FINISHED -> st = FINISHED; over = over | BIT(next); deliveries[next] = 0
    :: else ->
       st = DELIVERED(st, how);
       deliveries[next]++;
       holder[next] = me + 1;
       once = (how & ONCE -> once | BIT(next) : once)
    fi;
#ifdef NEXT_FIRST
    next = taken
  };
  atomic { STATE(taken - 1) = st; found = false; release_turn() }
#else
    STATE(next) = st
  };
  atomic { next = taken; found = false; release_turn() }
#endif
}

/* To be used inside atomic. */
inline finish_state(n) {
  assert(HEADER(n) == n + 1 && !IS(over, n));
  STATE(n) = FINISHED;
  over = over | BIT(n);
  once = once & ~BIT(n);
  holder[n] = 0;
  deliveries[n] = 0
}

inline return_state(n) {
  atomic {
    assert(HEADER(n) == n + 1 && !IS(over, n));
    holder[n] = 0;
    STATE(n) = RETURNED(st)
  }
}

/* Under the turn. */
inline give_back(n) {
#ifdef STATE_FIRST
  return_state(n);
#endif
  if
  :: atomic { n < next -> next = n }
  :: n >= next
  fi;
#ifndef STATE_FIRST
  return_state(n)
#endif
}

#define IS_OF(place) (hd && !(st & FINISHED) && PLACE_IN(st) == place + 1)
#ifdef ONCE_AGAIN
#define IS_GIVEN false
#else
#define IS_GIVEN (st & ONCE)
#endif
#ifdef BURY_BLINDLY
#define PASSED false
#else
#define PASSED (done > pos)
#endif

/* What a dead one had there. */
inline bury_place(place) {
  atomic {
#ifndef BURY_WITHOUT_TURN
    turn == 0 -> turn = me + 1;
#endif
    pos = done; stop = pos + CAPACITY
  };
  do
  :: pos >= stop -> break
  :: atomic { pos < stop -> hd = HEADER(pos); st = STATE(pos) };
     atomic {
       mine = false;
       if
       :: PASSED -> pos = done
       :: !PASSED && hd == 0 -> pos = stop
       :: !PASSED && hd && !IS_OF(place) -> pos++
       :: !PASSED && IS_OF(place) && IS_GIVEN -> finish_state(pos); pos++
       :: !PASSED && IS_OF(place) && !IS_GIVEN -> mine = true
       fi;
       hd = 0;
       st = (mine -> st : 0)
     };
     if
     :: mine -> give_back(pos); atomic { pos++; st = 0; mine = false }
     :: else
     fi
  od;
  atomic {
    pos = 0; stop = 0;
#ifndef BURY_WITHOUT_TURN
    release_turn()
#endif
  }
#ifndef BURY_QUIETLY
  ;wake(RECEIVING)
#endif
}

inline leave_place(place) {
  owner[place] = 0;
  wake(SENDING)
}

inline bury_at(place, life) {
  if
  :: atomic { owner[place] == life -> owner[place] = me + 1 };
#ifndef LEAVE_UNBURIED
     bury_place(place);
#endif
     leave_place(place)
  :: owner[place] != life
  fi
}

/* Whom this one knows to have ended. */
inline bury(life) {
  if
  :: atomic { life > S(0) -> lane = (lane == life -> 0 : lane); life = 0 }
  :: life <= S(0) ->
     bury_at(0, life);
#if PLACES > 1
     bury_at(1, life);
#endif
     life = 0
  fi
}

/* Leaves who has ended in dead, or 0. To be used inside atomic. */
inline is_alive(word) {
  if
  :: word == 0 || word == me + 1 -> dead = 0
  :: word && word != me + 1 && IS(ended, word - 1) -> dead = word
  :: else -> watched[me] = watched[me] | BIT(word - 1); dead = 0
  fi
}

inline watch_place(place) {
  do
  :: atomic { is_alive(owner[place]) };
#ifdef WATCH_ONCE
     if
     :: dead == 0
     :: else -> bury(dead)
     fi;
     break
#else
     if
     :: dead == 0 -> break
     :: else -> bury(dead)
     fi
#endif
  od
}

inline watch_readers() {
#ifndef NO_WATCH
  watch_place(0);
#if PLACES > 1
  watch_place(1)
#endif
#else
  skip
#endif
}

/* To be used inside atomic. */
inline awake() {
  asleep = asleep & ~BIT(me);
  bell = bell & ~BIT(me);
  watched[me] = 0;
  found = false
}

/* To be used inside atomic. */
inline forget() {
  awake();
  taken = 0; pos = 0; st = 0; stop = 0; hd = 0; dead = 0; mine = false
}

/* A ring, or the end of somebody. */
inline wait_for_bell() {
  skip;
end_wait:
  if
  :: atomic { IS(bell, me) -> awake() }
  :: atomic {
       watched[me] & ended ->
       dead = 1;
       do
       :: IS(watched[me] & ended, dead - 1) -> break
       :: else -> dead++
       od;
       awake()
     };
     bury(dead)
  fi
}

/* Leaves in d what was done at last. */
inline give_up() {
  do
  :: atomic { until = next; d = done; assert(d <= until) };
     atomic {
       pos = d;
       do
       :: pos < until && HEADER(pos) != 0 && STATE(pos) & FINISHED -> pos++
       :: else -> break
       od
     };
#ifndef NEXT_ONCE
     atomic { until = MIN(until, next); pos = MIN(pos, until) };
#endif
     if
     :: atomic {
          pos > d ->
          done = pos;
          /* Only what is over is behind it. */
          assert((over & (BIT(pos) - 1)) == BIT(pos) - 1)
        }
     :: pos <= d && d < until -> break
     :: pos <= d && d >= until ->
#ifdef NO_PASSING
        break
#else
        /* At next: what does not wait? */
        if
        :: HEADER(until) == 0 || WAITS(STATE(until)) -> break
        :: else ->
           find_next();
           atomic {
             if
             :: found -> found = false; st = 0; release_turn()
             :: else
             fi
           };
           if
           :: next == until -> break
           :: else
           fi
        fi
#endif
     fi
  od;
  atomic { pos = 0; until = 0 }
}

#define ROOM (head + 2 <= d + CAPACITY)

#ifdef DROP
/* What is at done, if anything is. */
#define FIRST      (done < RECORDS -> done : 0)
#define HELD_BY(set) (done < committed && holder[FIRST] && IS(set, holder[FIRST] - 1) && (owner[0] == holder[FIRST] || owner[PLACES - 1] == holder[FIRST]))

inline make_room() {
  give_up();
  do
  :: ROOM -> break
  :: else ->
     find_next();
     if
     :: found && next == done -> take_next(FINISHED); atomic { taken = 0; st = 0 }; give_up()
     :: atomic { found && next != done -> st = 0; found = false; release_turn() }; break
     :: !found -> break
     fi
  od
}
#endif

inline commit() {
  /* Nobody needs what lay there. */
  atomic { assert(head < CAPACITY || IS(over, head - CAPACITY)); STATE(head) = 0; HEADER(head + 1) = 0 };
  atomic { HEADER(head) = head + 1; head++; committed = head };
  wake(RECEIVING)
}

proctype Sender(byte me) {
  byte head, d, until, pos, st, stop, hd, dead, known, taken;
  bool found, mine;
  {
    skip;
end_follow:
    atomic { me == S(0) || IS(ended, S(0)) -> lane = me + 1; head = committed; d = done };
    wake(RECEIVING);
    do
    :: head < RECORDS && ROOM -> commit()
    :: head < RECORDS && !ROOM ->
#ifdef DROP
       known = ended;
       make_room();
#ifndef TRY_BLINDLY
       if
       :: ROOM
       :: else -> watch_readers(); make_room()
       fi;
#endif
       if
       :: ROOM -> known = 0
       :: else -> assert(!HELD_BY(known)); break
       fi
#else
       give_up();
       if
       :: ROOM
       :: else ->
          asleep = asleep | BIT(me);
          watch_readers();
          give_up();
          if
          :: atomic { ROOM -> awake() }
          :: !ROOM -> wait_for_bell()
          fi
       fi
#endif
    :: head == RECORDS -> break
    od;
    atomic { lane = 0; gone = gone | BIT(me); forget(); head = 0; d = 0; known = 0 }
  } unless {
    atomic {
      IS(killed, me) && !IS(gone, me) ->
      stopped = stopped | BIT(me);
      forget();
      head = 0; d = 0; until = 0; known = 0
    }
  }
}

/* Without the turn. */
inline may_have() {
  pos = next;
  if
  :: atomic { HEADER(pos) != 0 -> found = true; pos = 0 }
  :: HEADER(pos) == 0 -> atomic { found = (done > pos); pos = 0 }
  fi
}

inline take() {
  find_next();
  if
  :: found -> take_next((place + 1))
  :: found -> take_next((place + 1 | ONCE))
  :: !found
  fi
}

inline finish() {
  atomic { assert(holder[taken - 1] == me + 1); finish_state(taken - 1); st = 0 };
  if
  :: done == taken - 1 -> wake(SENDING)
  :: else
  fi;
  taken = 0
}

inline return_it() {
  take_turn();
  give_back(taken - 1);
  atomic { taken = 0; st = 0; release_turn() };
  wake(RECEIVING)
}

/* In a place that is free, or a dead one's. */
inline take_place() {
  skip;
end_join:
  if
  :: atomic { owner[0] == 0 || IS(ended, owner[0] - 1) -> dead = owner[0]; owner[0] = me + 1; place = 0 }
#if PLACES > 1
  :: atomic { owner[0] && !IS(ended, owner[0] - 1) && (owner[1] == 0 || IS(ended, owner[1] - 1)) -> dead = owner[1]; owner[1] = me + 1; place = 1 }
#endif
  fi;
  if
  :: dead -> bury_place(place); dead = 0
  :: else
  fi;
  wake(SENDING | RECEIVING)
}

proctype Receiver(byte me) {
  byte place, taken, pos, st, stop, hd, dead;
  bool found, mine;
  {
    take_place();
    do
    :: true ->
       atomic { asleep = asleep | BIT(me); is_alive(lane) };
       if
       :: dead -> bury(dead)
       :: else
       fi;
       watch_readers();
       may_have();
       if
       :: atomic { found -> awake() };
          take();
          if
          :: taken -> finish()
          :: taken && !(st & ONCE) && returns < RETURNS -> returns++; return_it()
#ifndef STAY
          :: taken && !(st & ONCE) -> return_it(); break
          :: taken -> keeps = keeps | BIT(me);
end_keep:    false
#endif
          :: !taken
          fi
       :: !found -> wait_for_bell()
       fi
    od;
    leave_place(place);
    atomic { gone = gone | BIT(me); forget(); place = 0 }
  } unless {
    atomic {
      IS(killed, me) && !IS(gone, me) ->
      stopped = stopped | BIT(me);
      forget();
      place = 0
    }
  }
}

inline kill(p) {
  atomic {
    deaths < DEATHS && (p < S(0) || lane == p + 1) && !IS(killed | gone, p) -> killed = killed | BIT(p); deaths++;
    if
    :: deaths == DEATHS -> break
    :: else
    fi
  }
}

/* May stop at any time: nobody's end depends on a death. */
active proctype Killer() {
  do
  :: kill(0)
#if RECEIVERS > 1
  :: kill(1)
#endif
#if RECEIVERS > 2
  :: kill(2)
#endif
  :: kill(S(0))
  :: kill(S(1))
  :: break
  od
}

inline end_of(p) {
  atomic { IS(stopped & ~ended, p) && turn != p + 1 -> ended = ended | BIT(p) }
}

active proctype System() {
end:
  do
  :: atomic { turn && IS(stopped, turn - 1) -> turn = 0 }
  :: end_of(0)
#if RECEIVERS > 1
  :: end_of(1)
#endif
#if RECEIVERS > 2
  :: end_of(2)
#endif
  :: end_of(S(0))
  :: end_of(S(1))
  od
}

/* Who has come and is free to receive. */
#define RECEIVES(p) ((owner[0] == p + 1 || owner[PLACES - 1] == p + 1) && !IS(killed | gone | keeps, p))
#if RECEIVERS > 2
#define SOMEBODY (RECEIVES(0) || RECEIVES(1) || RECEIVES(2))
#else
#define SOMEBODY (RECEIVES(0) || RECEIVES(RECEIVERS - 1))
#endif
#define HELD(n)    (holder[n] && IS(keeps & ~killed, holder[n] - 1))
#define AT_END(n)  (n >= committed || IS(over, n) || HELD(n) || !SOMEBODY)

/* Nothing moves any more. */
active proctype Rest() {
  timeout;
  assert(AT_END(0));
#if RECORDS > 1
  assert(AT_END(1));
#endif
#if RECORDS > 2
  assert(AT_END(2));
#endif
#ifndef DROP
  /* Who still waits for room does so for one who keeps what is at done, or for a receiver. */
  assert(lane == 0 || IS(killed, lane - 1) || (done < committed && (HELD(done) || !SOMEBODY && holder[done] == 0)))
#endif
}

init {
  byte i;
  atomic {
    do
    :: i < RECEIVERS -> run Receiver(i); i++
    :: else -> break
    od;
#ifndef SENT
    run Sender(S(0));
    run Sender(S(1))
#else
    do
    :: committed < RECORDS -> header[committed] = committed + 1; committed++
    :: else -> break
    od
#endif
  }
}
