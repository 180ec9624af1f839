/*
 * rendezvous.pml - how clients of a pipe find a listener, and each a connection.
 *
 * Protocol.  Who listens owns the lane of the rendezvous.  A client takes a place in
 * it, makes a connection whose other end is awaited, and asks in its place.  The
 * listener moves the request from asked to taken, takes the awaited reading place of
 * the connection, looks whether its maker is still there, and takes the writing place:
 * that is the acceptance, which the client sees in the connection.  Then, or when the
 * listener is another one, or gone, or its time is up, it clears its place and gives it
 * up, and closes its end unless it was accepted.  Who listens anew drops what was asked
 * of others and wakes all who ask.  Who finds no listener or no place gets the turn,
 * makes the event, resets it, looks again, watching those who have the places, and
 * waits for it.
 *
 * Step -> function
 *   look, ask ........... Connecting.TryAsk, Rendezvous.TakePlace, Ask; PipeCore.Make
 *   wait_for_answer ..... Connecting.IsAnswered, ChannelEnd.FallAsleep
 *   withdraw ............ Connecting.TryTake, Withdraw; Rendezvous.LeavePlace
 *   wait_for_change ..... Connecting.Change, Woken
 *   give_up_turn ........ Connecting.GiveUpTurn
 *   ring_changed ........ Rendezvous.RingChanged
 *   listen .............. Rendezvous.Make, PipeListener.Create
 *   drop_requests ....... Rendezvous.DropRequests
 *   accept .............. PipeListener.TryAccept, Rendezvous.TryTake, Answer
 *   join ................ PipeConnection.TryJoin, PipeCore.TryJoin, TryMeet, Arrive
 *   leave ............... PipeListener.Dispose, Rendezvous.Leave
 *   System .............. the kernel: locks and memory of a dead one, the news of its end
 *
 * Checked
 *   - each connection is accepted once at most, and by one; a client takes only what was
 *     accepted, and what a client has taken is not refused;
 *   - no client that lives sees its request refused;
 *   - when nothing moves any more: while somebody listens no client waits that lives;
 *     what a listener that lives has accepted is its client's, or its client has died, or
 *     has closed it;
 *   - every execution ends.
 *
 * Bounds: one place; CLIENTS (2), of which the first connects CONNECTS (1) times, the
 * second once; the time of one runs out TIMEOUTS (0) times.  LISTENERS (2), one after
 * the other, of which the first may leave.  At most DEATHS (1), anywhere.
 *
 * Abstracted: an id is another one as long as anybody knows it.  The rendezvous is there
 * all the time; else all of it is as at first.  A bell is rung in one step
 * (sleeping.pml).  A connection that was taken is closed at once.
 */
#ifndef CLIENTS
#define CLIENTS 2
#endif
#ifndef LISTENERS
#define LISTENERS 2
#endif
#ifndef CONNECTS
#define CONNECTS 1
#endif
#ifndef TIMEOUTS
#define TIMEOUTS 0
#endif
#ifndef DEATHS
#define DEATHS 1
#endif

/* Processes: two clients, two listeners. */
#define BIT(p)     (1 << (p))
#define IS(set, p) ((set) & BIT(p))
#define L(k)       (2 + (k))
#define AWAITED    7

/* A request: the connection + 1, and how far it is. */
#define IDS        3
#define ASKED      8
#define TAKEN      16
#define REFUSED    24
#define STAGE(r)   ((r) & 24)
#define ID(r)      (((r) & 7) - 1)
#define PENDING(r) (STAGE(r) == ASKED || STAGE(r) == TAKEN)

byte listener, owner, request;          /* process + 1                            */
bool client_asleep, listener_asleep;    /* of the place; until it is rung         */

byte turn;                              /* process + 1; the event is there while it is */
bool changed;

/* Of each connection: its four places; the set of those who have it open.        */
byte maker_reads[IDS], maker_writes[IDS], joiner_reads[IDS], joiner_writes[IDS], open[IDS];
byte asked[2], taken[2];                /* what a client asks for, a listener has taken: id + 1 */

byte watched[2];                        /* sets of processes                      */
byte killed, stopped, ended, gone, deaths, timeouts;
byte waits;                             /* set of clients                         */

/* Ghosts: sets of connections. */
byte connected, accepted[2];

#define ALIVE(p)   (!IS(killed | gone, p))
#define UNKNOWN(i) (!open[i] && asked[0] != i + 1 && asked[1] != i + 1 && taken[0] != i + 1 && taken[1] != i + 1 && !(request && ID(request) == i))

/* To be used inside atomic. */
inline make(i) {
  asked[me] = i + 1;
  open[i] = BIT(me);
  maker_reads[i] = me + 1;
  maker_writes[i] = me + 1;
  joiner_reads[i] = AWAITED;
  joiner_writes[i] = AWAITED
}

/* Nothing is left of what nobody has open, or only who has accepted it. To be used inside atomic. */
inline release(i, set) {
  open[i] = open[i] & ~(set);
  if
  :: !open[i] || IS(accepted[0] | accepted[1], i) && !(open[i] & 3) ->
     open[i] = 0;
     maker_reads[i] = 0; maker_writes[i] = 0; joiner_reads[i] = 0; joiner_writes[i] = 0;
     connected = connected & ~BIT(i);
     accepted[0] = accepted[0] & ~BIT(i);
     accepted[1] = accepted[1] & ~BIT(i)
  :: else
  fi
}

inline wake_client() {
  client_asleep = false
}

inline ring_changed() {
  changed = (turn != 0)
}

/* To be used inside atomic. */
inline give_up_turn() {
  if
  :: turn == me + 1 -> changed = false; turn = 0
  :: else
  fi
}

#define MINE (asked[me] - 1)

inline withdraw() {
  watched[me] = 0;
  if
  :: placed ->
     atomic { request = 0; client_asleep = false; placed = false };
     owner = 0;
#ifndef LEAVE_QUIETLY
     ring_changed()
#endif
  :: else
  fi;
  if
  :: asked[me] ->
     maker_reads[MINE] = 0;
     atomic { maker_writes[MINE] = 0; release(MINE, BIT(me)); asked[me] = 0 }
  :: else
  fi
}

#define ANSWERED (joiner_writes[MINE] != AWAITED || !PENDING(request) || listener != whom || died)

/* Leaves placed. */
inline look() {
  atomic {
    changed = (turn == me + 1 -> false : changed);
    whom = (listener && !IS(ended, listener - 1) -> listener : 0)
  };
  if
  :: whom ->
     /* Whoever ended before it is asked to tell is not told of. */
     atomic { watched[me] = (IS(ended, whom - 1) -> 0 : BIT(whom - 1)) };
     do
     :: atomic {
          owner == 0 || IS(ended, owner - 1) -> former = owner
        };
        if
        :: atomic { owner == former -> owner = me + 1; placed = true; former = 0; client_asleep = false }; break
#ifndef TAKE_ONCE
        :: atomic { owner != former -> former = 0 }
#else
        :: atomic { owner != former -> former = 0 }; break
#endif
        fi
     :: atomic { owner && !IS(ended, owner - 1) ->
#ifndef NO_WATCH
          watched[me] = watched[me] | BIT(owner - 1)
#endif
        }; break
     od
  :: else
  fi
}

inline ask() {
  atomic {
    if
    :: UNKNOWN(0) -> make(0)
    :: !UNKNOWN(0) && UNKNOWN(1) -> make(1)
    :: !UNKNOWN(0) && !UNKNOWN(1) && UNKNOWN(2) -> make(2)
    fi
  };
  atomic { request = asked[me] | ASKED; listener_asleep = false };
  atomic { give_up_turn() }
}

/* Leaves whether the time ran out. */
inline wait_for_answer() {
  do
  :: client_asleep = true;
     if
     :: ANSWERED -> break
     :: !ANSWERED ->
        waits = waits | BIT(me);
end_answer:
        if
        :: atomic { !client_asleep -> waits = waits & ~BIT(me) }
        :: atomic { watched[me] & ended -> waits = waits & ~BIT(me); died = died || IS(ended, whom - 1); watched[me] = watched[me] & ~ended }
        :: atomic { timeouts < TIMEOUTS -> timeouts++; late = true; waits = waits & ~BIT(me) }; break
        fi
     fi
  od
}

inline wait_for_change() {
  waits = waits | BIT(me);
end_change:
  if
  :: atomic { turn == 0 -> turn = me + 1; changed = false; waits = waits & ~BIT(me) }
  :: atomic { turn == me + 1 && changed -> waits = waits & ~BIT(me) }
  :: atomic { turn == me + 1 && (watched[me] & ended) -> watched[me] = 0; waits = waits & ~BIT(me) }
  :: atomic { timeouts < TIMEOUTS -> timeouts++; late = true; waits = waits & ~BIT(me) }
  fi
}

proctype Client(byte me) {
  byte whom, former, connects;
  bool placed, died, late;
  {
    do
    :: connects < (me == 0 -> CONNECTS : 1) ->
       look();
       if
       :: placed ->
          ask();
          wait_for_answer();
          atomic {
            if
            :: joiner_writes[MINE] != AWAITED ->
               assert(joiner_reads[MINE] != AWAITED && !IS(connected, MINE));
               connected = connected | BIT(MINE);
               connects++;
               late = false
            :: joiner_writes[MINE] == AWAITED -> assert(STAGE(request) != REFUSED)
            fi
          }
       :: !placed -> wait_for_change()
       fi;
       if
       :: late -> connects = CONNECTS
       :: else
       fi;
       withdraw();
       atomic { whom = 0; died = false; late = false }
    :: else -> break
    od;
    atomic { give_up_turn(); gone = gone | BIT(me); whom = 0; connects = 0 }
  } unless {
    atomic {
      IS(killed, me) && !IS(gone, me) ->
      stopped = stopped | BIT(me); waits = waits & ~BIT(me);
      whom = 0; former = 0; connects = 0; placed = false; died = false; late = false; watched[me] = 0
    }
  }
}

inline drop_requests() {
  atomic {
    if
    :: STAGE(request) == ASKED -> request = 0
    :: else
    fi
  }
}

inline listen() {
  skip;
end_listen:
  /* In the place of nobody, or of a dead one. */
  atomic { listener == 0 || IS(ended, listener - 1) -> listener = me + 1; listener_asleep = false };
  drop_requests();
#ifndef LISTEN_QUIETLY
  wake_client();
#endif
#ifndef NO_NEWS
  ring_changed()
#endif
}

#define I (taken[me - 2] - 1)

inline meet() {
  if
  :: maker_writes[I] -> skip
  :: maker_writes[I] == 0 -> deserted = (maker_reads[I] == 0)
  fi
}

inline arrive() {
  joiner_writes[I] = me + 1
}

/* Leaves whether it is this one's. */
inline join() {
  if
  :: atomic { open[I] && joiner_reads[I] == AWAITED -> joiner_reads[I] = me + 1; open[I] = open[I] | BIT(me) };
#ifdef ARRIVE_FIRST
     arrive();
     meet();
#else
     meet();
     arrive();
#endif
     if
     :: deserted ->
        atomic { assert(!IS(connected, I)); joiner_reads[I] = 0 };
        atomic { joiner_writes[I] = 0; release(I, BIT(me)) }
     :: else -> mine = true
     fi;
     deserted = false
  :: atomic { !(open[I] && joiner_reads[I] == AWAITED) -> skip }
  fi
}

inline accept() {
#ifndef TAKE_BLINDLY
  atomic { STAGE(request) == ASKED -> taken[me - 2] = ID(request) + 1; request = TAKEN | taken[me - 2] };
#else
  atomic { STAGE(request) == ASKED -> taken[me - 2] = ID(request) + 1 };
  request = TAKEN | taken[me - 2];
#endif
  join();
  if
  :: mine ->
     atomic {
       assert(!IS(accepted[0] | accepted[1], I));
       accepted[me - 2] = accepted[me - 2] | BIT(I);
       release(I, 0);
       mine = false
     }
  :: else ->
     atomic {
       assert(!IS(connected, I));
#ifndef REFUSE_BLINDLY
       if
       :: request == (TAKEN | taken[me - 2]) -> request = REFUSED | taken[me - 2]
       :: else
       fi
#else
       request = REFUSED | taken[me - 2]
#endif
     }
  fi;
  atomic { wake_client(); taken[me - 2] = 0 }
}

proctype Listener(byte me) {
  bool mine, deserted;
  {
    listen();
    do
    :: accept()
    :: STAGE(request) != ASKED ->
       listener_asleep = true;
       if
       :: STAGE(request) == ASKED -> listener_asleep = false
       :: STAGE(request) != ASKED ->
end_accept:
          !listener_asleep
       fi
#if LISTENERS > 1
    :: me == L(0) -> break
#endif
    od;
    listener = 0;
#ifdef DROP_AT_LEAVING
    drop_requests();
#endif
    wake_client();
    atomic { gone = gone | BIT(me) }
  } unless {
    atomic {
      IS(killed, me) && !IS(gone, me) ->
      stopped = stopped | BIT(me);
      mine = false; deserted = false
    }
  }
}

inline kill(p) {
  atomic {
    deaths < DEATHS && !IS(killed | gone, p) && p % 2 < (p < L(0) -> CLIENTS : LISTENERS) -> killed = killed | BIT(p); deaths++;
    if
    :: deaths == DEATHS -> break
    :: else
    fi
  }
}

/* May stop at any time: nobody's end depends on a death. */
active proctype Killer() {
  if
  :: DEATHS == 0 -> goto over
  :: else
  fi;
  do
  :: kill(0)
  :: kill(1)
  :: kill(L(0))
  :: kill(L(1))
  :: break
  od;
over: skip
}

/* What it had is given back, and then its end is told. */
inline end_of(p) {
  atomic {
    IS(stopped & ~ended, p) && turn != p + 1 ->
    ended = ended | BIT(p);
    release(0, BIT(p));
    release(1, BIT(p));
    release(2, BIT(p));
    if
    :: p < 2 -> asked[p & 1] = 0
    :: else -> taken[p & 1] = 0; accepted[p & 1] = 0
    fi
  }
}

active proctype System() {
end:
  do
  :: atomic { turn && IS(stopped, turn - 1) -> turn = 0; changed = false }
  :: end_of(0)
  :: end_of(1)
  :: end_of(L(0))
  :: end_of(L(1))
  od
}

#define LISTENS(p)  (listener == p + 1 && ALIVE(p))
#define ENDS(k, i)  (!IS(accepted[k], i) || !ALIVE(L(k)) || IS(connected, i) || maker_writes[i] == 0 || IS(killed, maker_writes[i] - 1))

/* Nothing moves any more. */
active proctype Rest() {
  timeout;
  assert(!(LISTENS(L(0)) || LISTENS(L(1))) || !waits);
  assert(ENDS(0, 0) && ENDS(0, 1) && ENDS(0, 2) && ENDS(1, 0) && ENDS(1, 1) && ENDS(1, 2))
}

init {
  atomic {
#if CLIENTS > 1
    run Client(1);
#endif
#if LISTENERS > 1
    run Listener(L(1));
#endif
    run Client(0);
    run Listener(L(0))
  }
}
