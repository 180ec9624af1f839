/*
 * tether.pml - the end of a holder, told to all who watch.
 *
 * Protocol.  A holder makes a FIFO under a name drawn by lot, opens it for
 * reading and writing, and locks it shared (F_OFD_SETLK); if it is refused, or
 * the FIFO has no name any more, a sweeper was faster, and it begins again with
 * another name.  Then a thread with a descriptor table of its own opens and
 * locks it too, and the first descriptor is closed.  It leaves by marking the
 * FIFO's mode, unlinking and closing; it dies by closing alone.  A sweeper opens
 * the FIFO for reading and writing,
 * so it is a writer for a moment, and unlinks it if it gets the lock alone.  A
 * watcher opens it for reading; if there is a writer, and a holder's lock, and
 * after that still a name, it goes on, and is told by the kernel once there is
 * no writer (POLLHUP).
 *
 * Step -> function
 *   hold ............... HeldTether.TryHold
 *   hand_over .......... HeldTether.HandOver, EarlyTable.TryTake
 *   leave .............. HeldTether.Leave
 *   sweep .............. ObjectDirectory.Reap
 *   watch .............. TetherFile.TryOpen, TetherPoll, TetherWatch.Tell
 *   the unless branch .. kill -9: the kernel closes the descriptor; of two, the
 *                        thread's first
 *
 * Checked
 *   - a FIFO that its holder is sure of keeps its name until the holder unlinks
 *     it, or is dead: no sweeper removes it;
 *   - a watcher is told only after the holder has gone, and is told that it
 *     died only if it did;
 *   - a watcher that went on is told: when nothing moves any more, none waits
 *     beside a FIFO without a writer;
 *   - a watcher is refused only at a moment at which nobody holds it;
 *   - what a death leaves has no lock, so that one sweep removes it;
 *   - every execution ends.
 *
 * Bounds: one holder with FIFOS (2) names, the last of which nobody else looks
 * at; WATCHERS (2) and SWEEPERS (2) that look at the first name once each.  At
 * most DEATHS (2) of holder and sweepers die, anywhere; the death of a watcher
 * changes nothing that others see.
 *
 * Abstracted: the FIFO of a name is its inode, as no name is used twice.
 */
#ifndef WATCHERS
#define WATCHERS 2
#endif
#ifndef SWEEPERS
#define SWEEPERS 2
#endif
#ifndef DEATHS
#define DEATHS 2
#endif
#define FIFOS 2
#define BIT(p) (1 << (p))
#define ALL    (BIT(SWEEPERS + 1) - 1)          /* process 0 is the holder     */

bool made, named[FIFOS], marked;
byte writers[FIFOS];                /* open descriptions that may write       */
byte shared[FIFOS];                 /* the locks: how many share it           */
bool alone;
bool held, gone;                    /* ghosts: the holder is sure of the      */
                                    /* first; and is not any more             */
byte killed, done, deaths;

#define CHECK assert(!held || named[0])

inline close_fifo() {
  shared[f] = 0;
  writers[f]--;
  opened = false;
  gone = gone || held;
  held = false
}

inline hold() {
  do
  :: atomic { f < FIFOS -> made = true; named[f] = true };      /* mkfifoat   */
     if
     :: atomic { !named[f] -> f++ }                             /* ENOENT     */
     :: atomic { named[f] -> writers[f]++; opened = true };     /* open       */
        atomic { shared[f] = (f == 0 && alone -> 0 : 1) };      /* SETLK      */
        atomic {                                                /* fstat      */
          if
#ifndef NO_RECHECK
          :: shared[f] && named[f] ->
#else
          :: shared[f] ->
#endif
             held = (f == 0);
             CHECK;
             break
          :: else -> close_fifo(); f++
          fi
        }
     fi
  od
}

inline hand_over() {
  if
  :: f == 0 ->
#ifndef CLOSE_BEFORE_TAKING
     atomic { writers[0]++; early = true };                     /* open       */
#ifndef TAKE_UNLOCKED
     shared[0]++;                                               /* SETLK      */
#endif
     atomic { writers[0]--; shared[0]--; early = false }        /* close      */
#else
     atomic { shared[0]--; writers[0]--; opened = false };
     atomic { writers[0]++; shared[0]++; opened = true }
#endif
  :: else
  fi
}

inline mark() {
#ifndef NO_MARK
  marked = (f == 0 -> true : marked)
#else
  skip
#endif
}

inline leave() {
#ifndef MARK_AFTER_CLOSE
  mark();                                                       /* fchmod     */
  atomic { named[f] = false; gone = held; held = false };       /* unlinkat   */
  atomic { close_fifo() }
#else
  atomic { named[f] = false; gone = held; held = false };
  atomic { close_fifo() };
  mark()
#endif
}

proctype Holder() {
  byte f;
  bool opened, early;
  {
    hold();
    hand_over();
    leave();
    atomic { f = 0; done = done | BIT(0) }
  } unless {
    atomic {
      killed & BIT(0) ->
      if
      :: early -> writers[0]--; shared[0] = 1; early = false
      :: else
      fi
    };
    atomic {
      if
      :: opened -> close_fifo()
      :: else
      fi;
      f = 0; done = done | BIT(0)
    }
  }
}

proctype Sweeper(byte me) {
  bool opened, locked;
  {
    if
    :: !named[0]                                                /* ENOENT     */
    :: atomic { named[0] -> writers[0]++; opened = true };      /* open       */
       atomic {                                                 /* SETLK      */
         if
#ifndef SWEEP_BLINDLY
         :: !shared[0] && !alone -> alone = true; locked = true
         :: else
#else
         :: alone = true; locked = true
#endif
         fi
       };
       if
       :: atomic { locked -> named[0] = false; CHECK }          /* unlinkat   */
       :: !locked
       fi;
       atomic { writers[0]--; opened = false; alone = alone && !locked; locked = false }
    fi;
    done = done | BIT(me)
  } unless {
    atomic {
      killed & BIT(me) ->
      writers[0] = writers[0] - opened;
      alone = alone && !locked;
      opened = false; locked = false;
      done = done | BIT(me)
    }
  }
}

proctype Watcher() {
end:
  made;                             /* or its holder died before            */
  if
  :: atomic { !named[0] -> assert(!held) }                      /* ENOENT     */
  :: named[0] ->                                                /* open       */
     if
     :: atomic { writers[0] == 0 -> assert(!held) }             /* read: 0    */
     :: writers[0] > 0 ->                                       /* EAGAIN     */
        if
#ifndef WATCH_NO_LOCK
        :: atomic { !shared[0] -> assert(!held) }               /* GETLK      */
        :: shared[0] ->
#else
        :: true ->
#endif
           if
#ifndef WATCH_NO_RECHECK
           :: atomic { !named[0] -> assert(!held) }             /* fstat      */
           :: named[0] ->
#else
           :: true ->
#endif
              atomic {
                writers[0] == 0 ->                              /* POLLHUP    */
                assert(!held);
                assert(gone || killed & BIT(0));
                if
                :: marked
                :: !marked -> assert(killed & BIT(0))
                fi
              }
           fi
        fi
     fi
  fi
}

#define MORTAL(p) (p <= SWEEPERS && deaths < DEATHS && !((done | killed) & BIT(p)))
#define KILL(p)   killed = killed | BIT(p); deaths++

/* Kills, and looks at the state in which nothing moves any more. */
active proctype Monitor() {
end:
  do
  :: atomic { MORTAL(0) -> KILL(0) }
  :: atomic { MORTAL(1) -> KILL(1) }
  :: atomic { MORTAL(2) -> KILL(2) }
  :: atomic {
       done == ALL ->
       assert(!shared[0] && !shared[1] && !alone);
       assert(writers[0] == 0 && writers[1] == 0);
       assert(deaths > 0 || !(named[0] || named[1]));
       break
     }
  od
}

init {
  byte i;
  atomic {
    run Holder();
    do
    :: i < SWEEPERS -> i++; run Sweeper(i)
    :: else -> break
    od;
    i = 0;
    do
    :: i < WATCHERS -> run Watcher(); i++
    :: else -> break
    od
  }
}
