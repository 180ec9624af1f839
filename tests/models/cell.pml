/*
 * cell.pml - the latest value: slots, one word that names the latest, and pins by
 * which readers that are overtaken keep a slot.
 *
 * Protocol.  Who has the turn looks at all pins, and then writes into a slot that is
 * neither the latest nor kept, and makes it the latest by one store.  A reader
 * copies the latest and looks whether it is the latest still, or its slot has its
 * number still.  One that was overtaken twice asks by its pin, looks what is the
 * latest and fills it in; a writer that finds the question fills in what is the
 * latest then.  Whichever comes first has answered, and nobody writes there before
 * the reader takes the pin away.  The turn of a dead writer is the next one's; the
 * pin of a dead reader is taken away by who takes its place.
 *
 * Step -> function
 *   choose .............. CellSlots.Free, CellPin.Give
 *   write ............... CellSlots.Write
 *   free_look ........... CellSlots.TryRead, TryCopy
 *   pinned_look ......... CellSlots.TryReadPinned, CellPin.Ask, Take, Leave
 *   System .............. the robust mutex; ChannelCore.Bury
 *
 * Checked
 *   - no read is torn; none is of an older value than was the latest when it began,
 *     and so none is older than one before it;
 *   - a slot is free for every writer;
 *   - a reader never waits: nothing in it can block but the beginning of a reading
 *     (asserted by its having ended when nothing moves any more), and it has no loop
 *     but of FREE_LOOKS turns;
 *   - when nothing moves any more all who live are at their end.
 *
 * Bounds: VALUES (4) are written by WRITERS (2), READERS (1) read READS (1) times
 * each, and a dead one's place has a successor; at most DEATHS (1).  A value is two
 * units.  SLOTS is READERS + 2.  Where no look is free, a value is there from the
 * beginning.
 *
 * Abstracted: a fence between a store and a load is their order; NO_FENCE holds a
 * store back behind a later load.  Which free slot is taken is left open.  Who waits
 * for a change is woken (sleeping.pml).  Memory is there.
 */
#ifndef VALUES
#define VALUES 4
#endif
#ifndef WRITERS
#define WRITERS 2
#endif
#ifndef READERS
#define READERS 1
#endif
#ifndef READS
#define READS 1
#endif
#ifndef DEATHS
#define DEATHS 1
#endif
#ifndef SLOTS
#define SLOTS (READERS + 2)
#endif
#ifndef FREE_LOOKS
#define FREE_LOOKS 1
#endif
#define NOBODY     255

/* Number 0: none was ever written. A pin is 0, or ASKED, or a word. */
#define WORD(n, slot) ((n) << 3 | (slot))
#define NUMBER(word)  ((word) >> 3)
#define SLOT(word)    ((word) & 7)
#define ASKED         1

#define BIT(p)     (1 << (p))
#define IS(set, p) ((set) & BIT(p))
#define W(w)       (READERS + (w))

byte latest;
byte number[SLOTS], first[SLOTS], second[SLOTS];
byte pin[READERS];
byte turn = NOBODY;
byte deaths, killed, ended;             /* sets: readers, then writers        */
byte place[READERS];                    /* whether its first reader has died, and is buried */

inline look_at(r) {
  p = pin[r];
  if
  :: p == ASKED && current != 0 ->
#ifndef NO_ANSWER
     atomic {
       if
       :: pin[r] == ASKED -> pin[r] = current
       :: else
       fi
     };
#endif
#ifndef NO_SECOND_LOOK
     p = pin[r]
#endif
  :: else
  fi;
  atomic {
    if
    :: NUMBER(p) != 0 -> kept = kept | BIT(SLOT(p))
    :: else
    fi;
    p = 0
  }
}

inline choose() {
  atomic {
    current = latest;
#ifdef NO_FENCE
    current = (held_back != 0 -> held_back : latest);
#endif
    kept = 0;
#ifndef OVERWRITE_LATEST
    if
    :: current != 0 -> kept = BIT(SLOT(current))
    :: else
    fi
#endif
  };
  look_at(0);
#if READERS > 1
  look_at(1);
#endif
#ifdef NO_FENCE
  atomic {
    if
    :: held_back != 0 -> latest = held_back; held_back = 0
    :: else
    fi
  };
#endif
  atomic {
    assert((kept & (BIT(SLOTS) - 1)) != BIT(SLOTS) - 1);
    if
    :: !IS(kept, 0) -> slot = 0
    :: !IS(kept, 1) -> slot = 1
#if SLOTS > 2
    :: !IS(kept, 2) -> slot = 2
#endif
#if SLOTS > 3
    :: !IS(kept, 3) -> slot = 3
#endif
    fi;
    n = NUMBER(current) + 1;
    kept = 0
  }
}

inline publish() {
#ifdef NO_FENCE
  held_back = WORD(n, slot)
#else
  latest = WORD(n, slot)
#endif
}

inline write() {
#ifndef NUMBER_STAYS
  number[slot] = 0;
#endif
#ifdef PUBLISH_EARLY
  publish();
#endif
  first[slot] = n;
  second[slot] = n;
  number[slot] = n;
#ifndef PUBLISH_EARLY
  publish();
#endif
}

proctype Writer(byte me) {
  byte current, kept, slot, n, p, held_back;
  {
    do
    :: atomic { turn == NOBODY && NUMBER(latest) < VALUES -> turn = me };
       choose();
       if
       :: n <= VALUES -> write()
       :: else
       fi;
       atomic { turn = NOBODY; current = 0; slot = 0; n = 0 }
    :: atomic { NUMBER(latest) >= VALUES -> ended = ended | BIT(W(me)) }; break
    od;
    skip
  } unless {
    atomic {
      IS(killed, W(me)) && !IS(ended, W(me)) ->
      if
      :: turn == me -> turn = NOBODY
      :: else
      fi;
      ended = ended | BIT(W(me))
    }
  };
  d_step { current = 0; kept = 0; slot = 0; n = 0; p = 0; held_back = 0 }
}

#define SEEN(word) assert(a == NUMBER(word) && b == NUMBER(word) && NUMBER(word) >= begun)

/* Leaves whether it was good in done. */
inline free_look() {
  w = latest;
  if
  :: w == 0 -> atomic { assert(begun == 0); done = true }
  :: else ->
     a = first[SLOT(w)];
#ifndef LOOK_EARLY
     b = second[SLOT(w)];
#endif
     done = (latest == w);
     if
     :: !done -> done = (number[SLOT(w)] == NUMBER(w))
     :: else
     fi;
#ifdef LOOK_EARLY
     b = second[SLOT(w)];
#endif
     atomic {
       if
       :: done -> SEEN(w)
       :: else
       fi;
       a = 0; b = 0
     }
  fi;
  w = 0
}

inline pinned_look() {
#ifndef ASK_LATE
  pin[me] = ASKED;
  w = latest;
#else
  w = latest;
  pin[me] = ASKED;
#endif
  atomic {
    if
    :: pin[me] == ASKED -> pin[me] = w
    :: else
    fi
  };
  w = pin[me];
  a = first[SLOT(w)];
  b = second[SLOT(w)];
  atomic { SEEN(w); a = 0; b = 0 };
  pin[me] = 0;
  w = 0
}

inline read() {
  begun = NUMBER(latest);
  looks = 0; done = false;
  do
  :: !done && looks < FREE_LOOKS -> free_look(); looks++
  :: done || looks == FREE_LOOKS -> break
  od;
  if
  :: !done -> pinned_look()
  :: done
  fi;
  atomic { begun = 0; looks = 0; done = false }
}

/* life 1 takes the place of life 0, when that one has died. */
proctype Reader(byte me; byte life) {
  byte w, a, b, begun, looks, reads;
  bool done;
  {
    if
    :: life == 0
    :: life == 1 && place[me] == 1
    :: life == 1 && IS(ended, me) && place[me] == 0 -> goto out
    fi;
    do
    :: reads < READS -> read(); reads++
    :: reads == READS -> break
    od;
    atomic { reads = 0; ended = ended | BIT(me) };
out: skip
  } unless {
    atomic { life == 0 && IS(killed, me) && !IS(ended, me) && place[me] == 0 -> w = 0; a = 0; b = 0; begun = 0; looks = 0; reads = 0; done = false };
    atomic { pin[me] = 0; place[me] = 1 }                         /* buried    */
  }
}

/* May stop at any time: nobody's end depends on a death. */
active proctype Killer() {
  do
  :: atomic { deaths < DEATHS && !IS(killed | ended, 0) -> killed = killed | BIT(0); deaths++ }
  :: atomic { deaths < DEATHS && !IS(killed | ended, W(0)) -> killed = killed | BIT(W(0)); deaths++ }
  :: break
  od
}

/* Nothing moves any more. */
active proctype Rest() {
  timeout;
  assert(IS(ended, 0));
#if READERS > 1
  assert(IS(ended, 1));
#endif
  assert(IS(ended, W(0)));
#if WRITERS > 1
  assert(IS(ended, W(1)) && NUMBER(latest) == VALUES)
#endif
}

init {
  atomic {
#if FREE_LOOKS == 0
    latest = WORD(1, 0); number[0] = 1; first[0] = 1; second[0] = 1;
#endif
    run Writer(0);
#if WRITERS > 1
    run Writer(1);
#endif
    run Reader(0, 0);
    run Reader(0, 1);
#if READERS > 1
    run Reader(1, 0)
#endif
  }
}
