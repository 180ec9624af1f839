/*
 * service.pml - the calls of a service, and what becomes of them when somebody dies.
 *
 * Protocol.  A client has places; each has a state, which says whose the call in
 * it is.  The client writes a request and says "waiting"; a server takes it by an
 * exchange, writes the response into the same place, and says "answered" by
 * another; the client reads, and frees the place.  Who does not want a call any
 * more exchanges "waiting" for "free", or "taken" for "cancelled", and rings its
 * server; what is cancelled the server frees when it is through.  A dead one's
 * place is another's by a CAS; he exchanges what it left, and gives the place up.
 *
 * Step -> function
 *   ask ................. PendingCall.Ask, CallSlot.Ask
 *   take ................ HeldCalls.TryTake, CallSlot.TryTake
 *   answer .............. HeldCall.Reply, HeldCall.End
 *   read ................ PendingCall.Answer
 *   withdraw ............ ServiceCore.Withdraw (Close, and the burial of a client)
 *   bury_server ......... ServiceCore.BuryServer, End
 *   look ................ HeldCall.Look
 *   succession .......... ChannelCore.TakeLane: the next client in a dead one's lane
 *
 * Checked
 *   - a response is that to the request of this very call, whole;
 *   - a server reads the request that it took, as long as it has it;
 *   - nobody is stuck: when nothing moves any more, each client that lives has
 *     its answer or knows that there is none, each server that has a call that
 *     nobody wants knows it, and no place is lost to whoever comes next.
 *
 * Bounds: CLIENTS (2), one after the other in one lane of one place; CALLS (1) each;
 * SERVERS (1), each at one place of its own; two who bury; at most DEATHS (2), anywhere
 * but in the second of them.
 *
 * Abstracted: stores are seen in order, as the state is stored by releases and
 * exchanges.  Who sleeps and who is woken is sleeping.pml: here somebody who waits
 * looks when there is something.  A server's bell is the word "rung", and it looks
 * only when it is.  A request and its response are the number of the call, written
 * in two halves.
 */
#ifndef CLIENTS
#define CLIENTS 2
#endif
#ifndef CALLS
#define CALLS 1
#endif
#ifndef SERVERS
#define SERVERS 1
#endif
#ifndef DEATHS
#define DEATHS 2
#endif

#define FREE      0
#define WAITING   1
#define TAKEN     2
#define ANSWERED  3
#define CANCELLED 5
#define DIED      6

#define BIT(p)     (1 << (p))
#define IS(set, p) ((set) & BIT(p))
#define C(c)       (c)
#define S(s)       (CLIENTS + (s))
#define BURIER     (CLIENTS + SERVERS)

/* The state, as one word: phase, server + 1, serial. */
byte phase, server, serial;

byte request[2], response[2];
byte lane;                              /* its owner + 1                          */
byte place[SERVERS];                    /* each server's owner + 1: it, or who buries */
bool rung[SERVERS];

byte killed, ended, done, deaths;       /* sets of processes                      */
byte calls;                             /* so many were asked, by anybody         */
bool awaits[SERVERS];                   /* it does nothing until nobody wants its call */

#define SAME(n) (serial == n)

/* To be used inside atomic: an exchange of the state, if it is as it was seen. */
inline move(p, s, n, p2, s2, ok) {
  if
  :: phase == p && server == s && SAME(n) -> phase = p2; server = s2; ok = true
  :: else -> ok = false
  fi
}

#define GONE(owner) (owner != 0 && IS(ended, owner - 1))
#define MAY_DIE(p) unless { atomic { IS(killed, p) -> ended = ended | BIT(p) } }

/* Withdraw: nobody wants the call.  By its client, or who buries that one. */
inline withdraw(p0, s0, n0, ok) {
  do
  :: atomic { p0 = phase; s0 = server; n0 = serial };
     if
     :: p0 == FREE -> break
     :: p0 == TAKEN ->
#ifdef FREE_WHAT_IS_TAKEN
        atomic { move(TAKEN, s0, n0, FREE, 0, ok) };
        if :: ok -> break :: else fi
#else
        atomic { move(TAKEN, s0, n0, CANCELLED, s0, ok) };
        if
        :: ok -> atomic { rung[s0 - 1] = true }; break
        :: else
        fi
#endif
     :: p0 == CANCELLED ->
#ifndef NO_SECOND_RING
        atomic { rung[s0 - 1] = true };
#endif
        break
     :: else ->
        atomic { move(p0, s0, n0, FREE, 0, ok) };
        if :: ok -> break :: else fi
     fi
  od
}

proctype Client(byte me) {
  byte p0, s0, n0, mine, own, left = CALLS;
  bool ok;
  {
    skip;
    /* succession: the lane of nobody, or of one that is dead */
end:
    atomic { (lane == 0 || GONE(lane)) -> own = lane; lane = me + 1 };
    if
    :: own != 0 ->
#ifndef NO_BURIAL_OF_CLIENTS
       withdraw(p0, s0, n0, ok)
#endif
    :: else
    fi;
    do
    :: left == 0 -> break
    :: left > 0 ->
       left--;
       /* ask: in a place that is free */
#ifdef TAKE_ANY_PLACE
       true;
#else
end_place:
       phase == FREE;
#endif
       atomic { mine = calls + 1; calls++ };
       request[0] = mine;
       request[1] = mine;
       atomic { n0 = serial + 1; serial = n0; phase = WAITING; server = 0 };
       if
       :: true ->                                    /* it waits as long as it takes */
end_answer:
          (phase != WAITING && phase != TAKEN);
          if
          :: phase == ANSWERED -> assert(response[0] == mine && response[1] == mine)
          :: else -> assert(phase == DIED)
          fi
       :: true                                       /* its token, or its time */
       fi;
       withdraw(p0, s0, n0, ok)
    od;
    withdraw(p0, s0, n0, ok);
    atomic { lane = 0; done = done | BIT(me) }
  } MAY_DIE(me)
}

proctype Server(byte me; byte at) {
  byte n0, seen;
  bool ok;
  {
    place[at] = me + 1;
end:
    do
    :: atomic { phase == WAITING -> n0 = serial };
       /* take */
       atomic { move(WAITING, 0, n0, TAKEN, at + 1, ok) };
       if
       :: !ok
       :: ok ->
          seen = request[0];
          if
          :: true
          :: /* a handler that waits for its token */
             awaits[at] = true;
end_token:
             do
             :: atomic { rung[at] -> rung[at] = false };
                if
                :: phase == TAKEN && server == at + 1 && SAME(n0)
                :: else -> break
                fi
             od;
             awaits[at] = false
          fi;
          assert(request[1] == seen);
          response[0] = seen;
          response[1] = seen;
          assert(request[0] == seen);
          /* answer; or free what nobody wants */
          atomic { move(TAKEN, at + 1, n0, ANSWERED, at + 1, ok) };
          if
          :: ok
          :: else -> atomic { move(CANCELLED, at + 1, n0, FREE, 0, ok) }
          fi
       fi
    od
  } MAY_DIE(me)
}

/* Who watches all: takes the places of those who have ended, and gives them up. */
proctype Burier(byte me) {
  byte at, n0, p0, s0;
  bool ok;
  {
    skip;
end:
    do
    :: atomic { GONE(lane) -> lane = me + 1 };
       withdraw(p0, s0, n0, ok);
       atomic { if :: lane == me + 1 -> lane = 0 :: else fi }
    :: atomic { GONE(place[0]) -> at = 0; place[0] = me + 1 } -> goto bury
#if SERVERS == 2
    :: atomic { GONE(place[1]) -> at = 1; place[1] = me + 1 } -> goto bury
#endif
    od;
bury:
    do
    :: atomic { p0 = phase; n0 = serial; ok = (server == at + 1) };
       if
       :: ok && p0 == TAKEN -> atomic { move(TAKEN, at + 1, n0, DIED, at + 1, ok) }; if :: ok -> break :: else fi
#ifndef KEEP_WHAT_WAS_CANCELLED
       :: ok && p0 == CANCELLED -> atomic { move(CANCELLED, at + 1, n0, FREE, 0, ok) }; if :: ok -> break :: else fi
#endif
       :: else -> break
       fi
    od;
    place[at] = 0;
    goto end
  } MAY_DIE(me)
}

/* Kills up to DEATHS of them, at any moment; one who buries lives. */
proctype Killer() {
  byte p;
end:
  do
  :: deaths < DEATHS ->
     atomic {
       select(p : 0 .. BURIER);
       if
       :: !IS(killed, p) && !IS(done, p) -> killed = killed | BIT(p); deaths++
       :: else
       fi
     }
  :: break
  od
}

#define OVER(c)    (IS(done, C(c)) || IS(ended, C(c)))
#define SERVES(s)  (!IS(killed, S(s)))
#if SERVERS == 2
#define SOME_SERVE (SERVES(0) || SERVES(1))
#define AWAITS     (awaits[0] || awaits[1])
#else
#define SOME_SERVE SERVES(0)
#define AWAITS     awaits[0]
#endif
#if CLIENTS == 2
#define ALL_OVER   (OVER(0) && OVER(1))
#else
#define ALL_OVER   OVER(0)
#endif

/* When nothing moves any more. */
proctype Judge() {
  timeout;
  /* A call that nobody answers: a server has it, that waits until nobody wants it. */
  assert(ALL_OVER || !SOME_SERVE || phase == TAKEN && AWAITS);
  /* What waits there is what nobody serves. */
  assert(phase == FREE || phase == WAITING && !SOME_SERVE || phase == TAKEN && AWAITS && !ALL_OVER)
}

init {
  atomic {
    run Client(C(0));
#if CLIENTS == 2
    run Client(C(1));
#endif
    run Server(S(0), 0);
#if SERVERS == 2
    run Server(S(1), 1);
#endif
    run Burier(BURIER);
    run Burier(BURIER + 1);
    run Killer();
    run Judge()
  }
}
