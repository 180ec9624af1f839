/*
 * lifetime.pml - when a named object appears, is shared and disappears.
 *
 * Protocol.  A directory entry refers to an inode or to nothing.  Every open
 * handle is an open file description of its own that carries kernel locks
 * (F_OFD_SETLK) on two bytes of the inode: byte 0 shared = "I hold the object",
 * bytes 0 and 1 exclusive = "I am removing it", byte 1 shared = "I wait until
 * it is removed".  The kernel drops them with the process, so the locks, and
 * nothing stored in the file, say whether an object is alive.
 *
 * Step -> function
 *   linkat ......................... ObjectDirectory.MakeFile, Link
 *   try_open ....................... ObjectDirectory.TryOpen, Attach
 *   wait_removal ................... ObjectDirectory.WaitForRemoval
 *   unlink_name .................... ObjectDirectory.Unlink
 *   reap ........................... ObjectDirectory.Reap (also the sweep)
 *   close_handle ................... ObjectFile.ReleaseHandle
 *   the unless branch .............. kill -9: the kernel closes the descriptor
 *
 * Checked
 *   - the inode of every live handle is the one the name refers to: nobody
 *     unlinks or replaces an object that somebody holds, and so all holders
 *     hold the same object;
 *   - unlink(name) removes exactly the inode that was locked;
 *   - an open succeeds only if somebody held the object at its F_OFD_GETLK;
 *   - Open reports NotFound only if at some moment of the call nobody held an
 *     object of that name;
 *   - at rest the entry is gone if nobody died; after a death whatever is left
 *     bears no lock, so that one Reap removes it;
 *   - there the entry is gone also if a remover was refused only because of the
 *     momentary lock of somebody who waited: that one cleans up;
 *   - nobody retries for ever: the only cycle in the state graph is that of
 *     who finds an orphan and cannot reap it while a waiter has its momentary
 *     lock (an accepting state is on every other way back to try_open, and no
 *     cycle goes through one).  It ends with the waiter's next step.
 *
 * Bounds: N processes (3) create-or-open or open once each and close what they
 * got; process 0 does OPS (2) such operations and may sweep instead.  An orphan
 * may be there at the start.  At most DEATHS (2) processes die, anywhere.
 *
 * Abstracted: one name (names are independent).  The anonymous inode
 * (O_TMPFILE) exists from linkat on: before, nobody else can see it or contend
 * for its lock.  A create that fails with AlreadyExists is a create-or-open
 * whose handle is closed at once.  To look for the name before the first linkat
 * is no different: linkat changes nothing where it fails.  A descriptor without
 * a lock means nothing to anybody, so it is closed in the step that finds it of
 * no use, and a handle in the step that unlocks it.
 * Strangers that delete files are not modelled, nor other users, nor the exit
 * of a process that has not closed its handles.
 */
#ifndef N
#define N 3
#endif
#ifndef OPS
#define OPS 2
#endif
#ifndef DEATHS
#define DEATHS 2
#endif
#define MAXN 4                      /* the arrays' size; N may be less        */
#define BIT(p) (1 << (p))
#define ALL    (BIT(N) - 1)

#define NONE 0                      /* the lock of a descriptor               */
#define SH   1                      /* byte 0 shared: holds the object        */
#define EX   2                      /* both bytes exclusive: removes it       */
#define W1   3                      /* byte 1 shared: waited for the removal  */

#define HANDLE  1                   /* the result of try_open                 */
#define ABSENT  2
#define REMOVED 3
#define AGAIN   4
#define GONE    5                   /* the results of reap                    */
#define HELD    6
#define SPIN    7                   /* HELD, only by who waited               */

byte entry;                         /* inode the name refers to, 0 = none     */
byte ino[MAXN];                     /* inode of the process's descriptor      */
byte lk[MAXN];                      /* ... and the lock it carries            */
byte killed, done;                  /* sets of processes                      */
byte live;                          /* ghost: who holds the object            */
byte gap;                           /* ghost: whose Open saw a holderless time */
byte deaths;

/* The link count is 1 exactly while the entry refers to the inode. */
#define NLINK(p) (entry == ino[p])

#define HAS(q, i, m) (ino[q] == (i) && lk[q] == (m))
#define ANY(i, m)    (HAS(0, i, m) || HAS(1, i, m) || HAS(2, i, m) || HAS(3, i, m))
#ifndef REMOVE_LIFE_ONLY
#define HINDERS(q)   (lk[q] != NONE)
#else
#define HINDERS(q)   (lk[q] == SH || lk[q] == EX)
#endif
#define OTHER(p, q)  (q != p && ino[q] == ino[p] && HINDERS(q))
#define CONTENDED(p) (OTHER(p, 0) || OTHER(p, 1) || OTHER(p, 2) || OTHER(p, 3))
#define CLAIM(p, q)  (q != p && ino[q] == ino[p] && (lk[q] == SH || lk[q] == EX))
#define CLAIMED(p)   (CLAIM(p, 0) || CLAIM(p, 1) || CLAIM(p, 2) || CLAIM(p, 3))
#define LIVE(q, i)   ((live & BIT(q)) && ino[q] == (i))
#define ANYLIVE(i)   (LIVE(0, i) || LIVE(1, i) || LIVE(2, i) || LIVE(3, i))
#define USED(i)      (ino[0] == (i) || ino[1] == (i) || ino[2] == (i) || ino[3] == (i))
#define LINKED(q)    (!(live & BIT(q)) || ino[q] == entry)

/* The central invariant; asserted wherever entry or live changes. */
#define CHECK assert(LINKED(0) && LINKED(1) && LINKED(2) && LINKED(3))

inline bury(p) {                    /* p holds nothing any more               */
  live = live & ~BIT(p);
  if
  :: live == 0 -> gap = ALL
  :: else
  fi
}

inline close_fd(p) {                /* close(2) drops the lock                */
  atomic { bury(p); ino[p] = 0; lk[p] = NONE }
}

/* fstat, then unlink if it has the name: one step, as the lock on both bytes
   keeps the link count as it is. */
inline unlink_name(p) {
  atomic {
    if
#ifndef UNLINK_NO_RECHECK
    :: !NLINK(p)
    :: NLINK(p) ->
#else
    :: true ->
#endif
       assert(entry == ino[p] && lk[p] == EX);
       entry = 0;
       CHECK
    fi
  }
}

/* To be used inside atomic: F_OFD_SETLK exclusive on both bytes. A file without
   a name may bear the lock of a waiter too, but its removal has been done. */
inline lock_alone(p) {
  if
  :: CONTENDED(p) ->
     r = (CLAIMED(p) -> HELD : SPIN);
     if
     :: r == SPIN && NLINK(p) -> assert(lk[p] != EX)    /* reached           */
     :: else
     fi
  :: !CONTENDED(p) -> lk[p] = EX; bury(p); r = GONE
  fi
}

/* r = GONE, HELD or SPIN */
inline reap(p) {
  ino[p] = entry;                                     /* open               */
  if
  :: atomic { ino[p] == 0 -> r = GONE }               /* ENOENT             */
  :: atomic { ino[p] != 0 -> lock_alone(p) };
     if
     :: r == GONE -> unlink_name(p)
     :: r != GONE                                     /* EAGAIN             */
     fi;
     close_fd(p)
  fi
}

inline try_open(p) {
look:
  do
  :: atomic {                                         /* (1) open           */
       ino[p] = entry;
       r = (ino[p] == 0 -> ABSENT : AGAIN);           /* ENOENT             */
       if
       :: r == ABSENT -> break
       :: else
       fi
     };
#ifndef OPEN_NO_GETLK
     atomic {                                         /* (2) GETLK, byte 0  */
       if
       :: ANY(ino[p], EX) -> r = REMOVED; ino[p] = 0; break
       :: ANY(ino[p], SH) -> seen = ANYLIVE(ino[p])
#ifdef OPEN_ASKS_BOTH
       :: ANY(ino[p], W1) -> seen = ANYLIVE(ino[p])
#endif
       :: else -> r = ABSENT; ino[p] = 0              /* an orphan          */
       fi
     };
     if
     :: r == ABSENT ->
        reap(p);
        if
        :: atomic { r == GONE -> r = ABSENT; break }
        :: r == SPIN -> goto look
        :: r == HELD ->
accept_held:
           r = AGAIN;
           goto look
        fi
     :: r != ABSENT
     fi;
#endif
     atomic {                                         /* (3) SETLK shared   */
       if
       :: ANY(ino[p], EX)                             /* EAGAIN             */
       :: else ->
          lk[p] = SH;
          if                                          /* a holder from here */
          :: NLINK(p) -> live = live | BIT(p); CHECK
          :: else
          fi
       fi
     };
     if                                               /* (4) fstat          */
#ifndef OPEN_NO_RECHECK
     :: atomic { lk[p] == SH && NLINK(p) ->
#else
     :: atomic { lk[p] == SH ->
#endif
          assert(live & BIT(p));                      /* (5)                */
          assert(seen);
          seen = false;
          r = HANDLE;
          break
        }
     :: else ->
accept_lost:
        seen = false;
        close_fd(p)
     fi
  od
}

inline linkat(p) {
  atomic {
    if
    :: entry != 0 -> r = AGAIN                        /* EEXIST             */
    :: else ->
       entry = (!USED(1) -> 1 : (!USED(2) -> 2 : (!USED(3) -> 3 : 4)));
       ino[p] = entry;
       r = HANDLE;
#ifndef LOCK_AFTER_LINK
       lk[p] = SH;                  /* taken before the link                  */
       live = live | BIT(p);
       CHECK
#endif
    fi
  };
#ifdef LOCK_AFTER_LINK
  if
  :: r == HANDLE -> atomic { lk[p] = SH; live = live | BIT(p); CHECK }
  :: else
  fi
#endif
}

/* The lock that is waited for lies on byte 1: on byte 0 it would be granted on
   an orphan if the remover died before its unlink, and a third process that asks
   F_OFD_GETLK could not tell the waiter's lock from a holder's. */
inline wait_removal(p) {
  ino[p] = entry;                                     /* open               */
  if
  :: ino[p] == 0                                      /* ENOENT             */
  :: else ->
#ifdef WAIT_ON_LIFE
     atomic { !ANY(ino[p], EX) -> lk[p] = SH };
#else
#ifdef REMOVE_LIFE_ONLY
     lk[p] = W1;
#else
     atomic { !ANY(ino[p], EX) -> lk[p] = W1 };       /* SETLKW shared      */
#endif
#endif
     close_fd(p)
  fi
}

inline close_handle(p) {
  atomic {
    if
    :: r = HELD                                       /* a handle to read   */
    :: lock_alone(p)
    fi
  };
  if
  :: atomic { r == GONE -> assert(NLINK(p)) };
     unlink_name(p);
     close_fd(p)
  :: r != GONE ->
     close_fd(p);                                     /* unlock, close      */
#ifndef CLOSE_NO_REAP
     reap(p)    /* two that close at once both met the other's shared lock    */
#endif
  fi
}

proctype Process(byte p) {
  byte r, ops = (p == 0 -> OPS : 1);
  bool create, seen;
  {
    do
    :: p == 0 && ops > 0 -> ops--; reap(p)            /* sweep              */
    :: atomic {
         ops > 0 ->
         ops--;
         if
         :: create = true
         :: create = false
         fi;
         if
         :: live == 0 -> gap = gap | BIT(p)
         :: else -> gap = gap & ~BIT(p)
         fi;
         r = AGAIN
       };
accept_create:
       do
       :: if
          :: create -> linkat(p)
          :: !create
          fi;
          if
          :: r == HANDLE -> break
          :: r != HANDLE -> try_open(p)
          fi;
          if
          :: r == HANDLE -> break
          :: r == ABSENT && create
          :: r == REMOVED && create ->
#ifndef DO_NOT_WAIT
             wait_removal(p);
#else
             skip;
#endif
#ifdef WAITER_LEAVES
             break
#endif
          :: atomic {                                 /* NotFound           */
               r != HANDLE && !create ->
               assert(gap & BIT(p));
               r = ABSENT;
               break
             }
          fi
       od;
       if
       :: r == HANDLE -> close_handle(p)
       :: r != HANDLE
       fi;
       atomic { r = 0; create = false; gap = gap & ~BIT(p) }
    :: atomic { ops == 0 -> r = 0; done = done | BIT(p); break }
    od
  } unless {
    atomic {
      killed & BIT(p) ->
      bury(p); ino[p] = 0; lk[p] = NONE;
      r = 0; create = false; seen = false; ops = 0; done = done | BIT(p)
    }
  }
}

#define MORTAL(q) (q < N && deaths < DEATHS && !((done | killed) & BIT(q)))
#define KILL(q)   killed = killed | BIT(q); deaths++

/* Kills, and looks at the state in which nothing moves any more. */
active proctype Monitor() {
end:
  do
  :: atomic { MORTAL(0) -> KILL(0) }
  :: atomic { MORTAL(1) -> KILL(1) }
  :: atomic { MORTAL(2) -> KILL(2) }
  :: atomic { MORTAL(3) -> KILL(3) }
  :: atomic {
       done == ALL ->
       assert(live == 0);
       assert(deaths > 0 || entry == 0);
       assert(entry == 0 || !USED(entry));
       break                        /* so that this is no cycle               */
     }
  od
}

init {
  byte i;
  atomic {
    if
    :: entry = 1                    /* an orphan left from before             */
    :: entry = 0
    fi;
    do
    :: i < N -> run Process(i); i++
    :: else -> break
    od
  }
}
