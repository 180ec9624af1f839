/*
 * reader-writer.pml - a lock for many readers or one writer, out of locks that
 * flows hold.
 *
 * Protocol.  A lock "turn", and a lock for each place in which readers stand; in
 * memory, for whoever has the turn: how many places there are, and a flag.
 *   To read: take the turn; the first through a handle takes a place that is
 *   free, its last one first, and raises the number of places where it is new;
 *   count one more; the flag says whether a writer died; give up the turn.
 *   Reading ends: count one less, and the last one gives up the place.
 *   To write: take the turn; take each place and give it up again; the flag says
 *   whether a writer died; put it up.  Writing ends: take the flag down, and
 *   give up the turn.
 *
 * Step -> function
 *   take_place .......... ReaderPlaces.Take, TryTake, ReaderWriterState.RaisePlaces
 *   read ................ SharedReaderWriterLock.Read, ReaderPlaces.Enter
 *   end_read ............ ExitRead, ReaderPlaces.TryLeave
 *   write ............... SharedReaderWriterLock.Write, BeginWriting
 *   end_write ........... ExitWrite, EndWriting
 *   Process ............. the kernel: the death of a process, flow-lock.pml
 *
 * Checked
 *   - writers exclude all, readers exclude writers;
 *   - a writer that died between BeginWriting and EndWriting is told to everyone
 *     who enters until a writer has left in good order, and nobody is told
 *     otherwise;
 *   - nobody starts to read while a writer has the turn: a writer that waits is
 *     overtaken by no more readers than were in when it got the turn;
 *   - readers through one handle stand in one place;
 *   - nobody waits for the dead: there is no deadlock;
 *   - every execution ends.
 *
 * Bounds: three processes with a handle each, the first with two flows; each
 * flow reads or writes OPS (1) times, and a writer that waits for readers may
 * time out.  At most DEATHS (1) processes die, anywhere; what they held becomes
 * free in any order, while others go on.
 *
 * Abstracted: a robust lock is one step to take, where nobody holds it, and one
 * to give up.  That a reader is told of the death of another in its place, which
 * means nothing.  Who waits for the turn and times out has done nothing.  A place
 * whose lock nobody has open is one that is free.
 */
#ifndef OPS
#define OPS 1
#endif
#ifndef DEATHS
#define DEATHS 1
#endif

#ifndef F
#define F 3                         /* flows                                  */
#endif
#define P (F - 1)                   /* processes                              */
#define PLACES 5

#define BIT(p) (1 << (p))
#define IS(set, p) (set & BIT(p))
#define PROCESS(f) (f < 2 -> 0 : f - 1)

/* Of a lock: the process that holds it + 1, 0 = free. */
byte turn;
byte place[PLACES];                 /* WRITER beside it: not to read          */
#define WRITER 8
byte places;
bool flag;

byte readers[3], mine[3];           /* of a handle; mine: the place + 1       */
byte gate;                          /* set of processes: ReaderPlaces' lock   */

byte killed, deaths;
byte left[3];                       /* flows that have not ended              */

byte reading[3];                    /* ghost: flows that read                 */
byte writing;                       /* ghost: the process that writes + 1     */
byte drains;                        /* ghost: that of a writer with the turn + 1 */
bool broken;                        /* ghost: the last writer died            */

#define ME PROCESS(f)
#define MAY_TIME_OUT (f == 0)

#ifndef NO_GATE
#define ENTER_GATE !IS(gate, ME) -> gate = gate | BIT(ME)
#else
#define ENTER_GATE skip
#endif
#define LEAVE_GATE gate = gate & ~BIT(ME)

#define HELD(i)   ((place[i] & ~WRITER) == p + 1)
#define STANDS(i) (place[i] == ME + 1)

inline try_place() {
  if
  :: place[i] == 0 ->
     assert(!STANDS(0) && !STANDS(1) && !STANDS(2) && !STANDS(3) && !STANDS(4));
     place[i] = ME + 1;
     got = true
  :: else
  fi
}

/* The number is raised before the lock of the place counts for anything. */
inline take_place() {
  if
  :: atomic { mine[ME] != 0 -> i = mine[ME] - 1; try_place(); i = (got -> i : 0) }
  :: atomic { mine[ME] == 0 -> i = 0 }
  fi;
  do
  :: atomic { !got -> assert(i < PLACES); try_place(); i = (got -> i : i + 1) }
  :: got -> break
  od;
#ifndef RAISE_LATE
  if
  :: atomic { i >= places -> places = i + 1 }
  :: i < places
  fi;
#endif
  mine[ME] = i + 1
}

inline read() {
#ifndef READ_WITHOUT_TURN
  atomic { turn == 0 -> turn = ME + 1 };
#endif
  atomic { ENTER_GATE };
  if
#ifndef NO_SHARING
  :: readers[ME] == 0 -> take_place()
  :: readers[ME] > 0
#else
  :: take_place()
#endif
  fi;
  atomic { readers[ME]++; got = false; LEAVE_GATE };
  atomic {
    assert(writing == 0);
    assert(drains == 0);
    assert(flag == broken);
    reading[ME]++
  };
#ifndef READ_WITHOUT_TURN
  turn = 0;
#endif
#ifdef RAISE_LATE
  atomic {
    if
    :: i >= places -> places = i + 1
    :: else
    fi
  };
#endif
}

inline end_read() {
  atomic { ENTER_GATE; reading[ME]-- };
  readers[ME]--;
  atomic {
    if
    :: readers[ME] == 0 -> assert(STANDS(mine[ME] - 1)); place[mine[ME] - 1] = 0
    :: else
    fi;
    LEAVE_GATE
  }
}

inline give_up_turn() {
  atomic { turn = 0; drains = 0 }
}

#ifndef SKIP_PLACE
#define FIRST_PLACE 0
#else
#define FIRST_PLACE 1
#endif

inline write() {
  atomic { turn == 0 -> turn = ME + 1; drains = ME + 1; i = FIRST_PLACE };
#ifdef FLAG_BEFORE_DRAIN
  flag = true;
#endif
  got = true;
  do
  :: atomic { i < places && place[i] == 0 -> place[i] = (ME + 1) | WRITER };
#ifndef KEEP_PLACE
     atomic { place[i] = 0; i++ }
#else
     i++
#endif
  :: atomic { MAY_TIME_OUT && i < places && place[i] != 0 -> got = false; break }
  :: i >= places -> break
  od;
  if
  :: got ->
#ifdef TURN_ENDS_WITH_DRAIN
     give_up_turn();
#endif
     atomic {
       assert(writing == 0);
       assert(reading[0] + reading[1] + reading[2] == 0);
       assert(flag == broken);
       flag = true;
       writing = ME + 1
     };
     end_write()
  :: !got ->
#ifndef TIMEOUT_KEEPS_TURN
     give_up_turn()
#else
     skip
#endif
  fi;
  got = false
}

inline end_write() {
#ifndef CLEAR_AFTER_RELEASE
  atomic { flag = false; writing = 0; broken = false };
  give_up_turn()
#else
  atomic { writing = 0; broken = false };
  give_up_turn();
  flag = false
#endif
}

proctype Flow(byte f) {
  byte i, ops = OPS;
  bool got;
  {
    do
    :: ops > 0 ->
       if
       :: read(); end_read()
       :: write()
       fi;
       atomic { ops--; i = 0 }
    :: atomic { ops == 0 -> left[ME]--; break }
    od
  } unless { atomic { IS(killed, ME) -> ops = 0; i = 0; got = false } }
}

/* The death of a process, and the kernel that comes to what it held. */
proctype Process(byte p) {
  byte i;
end:
  atomic {
    left[p] > 0 && deaths < DEATHS ->
    deaths++;
    killed = killed | BIT(p);
    gate = gate & ~BIT(p);
    readers[p] = 0;
    mine[p] = 0;
    reading[p] = 0;
    left[p] = 0;
    if
    :: writing == p + 1 -> writing = 0; broken = true
    :: else
    fi;
    if
    :: drains == p + 1 -> drains = 0
    :: else
    fi
  };
  do
  :: atomic { turn == p + 1 -> turn = 0 }
  :: atomic { HELD(0) -> place[0] = 0 }
  :: atomic { HELD(1) -> place[1] = 0 }
  :: atomic { HELD(2) -> place[2] = 0 }
  :: atomic { HELD(3) -> place[3] = 0 }
  :: atomic { HELD(4) -> place[4] = 0 }
  :: turn != p + 1 && !HELD(0) && !HELD(1) && !HELD(2) && !HELD(3) && !HELD(4) -> break
  od
}

init {
  byte i;
  atomic {
    do
    :: i < P -> run Process(i); i++
    :: i == P -> break
    od;
    i = 0;
    do
    :: i < F -> left[PROCESS(i)]++; run Flow(i); i++
    :: i == F -> break
    od
  }
}
