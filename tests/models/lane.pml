/*
 * lane.pml - a ring with one writer, records of any size, committed in band.
 *
 * Protocol.  A record's header says that it is there; the writer clears the next
 * one before it writes it, so whatever lay there never looks like a record.  The
 * lane is thought of as chunks: before the first record at or behind a chunk's
 * beginning its place and number are written into the chunk's row, and then which
 * chunk was begun last.  The writer takes room by giving up chunks: it says which
 * is the oldest that is left, and after a fence looks where the readers are.  A
 * reader that begins, or comes back, says where it is and after a fence looks
 * whether that is still there.  A row is good if its chunk was not given up before
 * it was read; a chunk is given up before its row is written anew.  Of a batch the
 * first header is written last; no batch reaches over the beginning of a row.  A
 * successor finds its place from the last chunk.
 *
 * Step -> function
 *   resume .............. LaneWriter, LaneWalk.ToEnd
 *   reserve ............. LaneWriter.TryReserve, MakeRoom
 *   begin_chunks ........ LaneWriter.BeginChunks, LaneState.BeginChunk
 *   reclaim ............. LaneWriter.TryReclaim, LaneState.GiveUpTo, TopicReaders
 *   commit, end_batch ... LaneWriter.Commit, EndBatch
 *   hold_oldest, join ... TopicLane.HoldOldest, Join, Back
 *   catch_up ............ TopicLane.TryHold, CatchUp
 *   read, advance ....... LaneReader, TopicLane.Advance, Tell
 *   System .............. ChannelCore.Bury
 *
 * Checked
 *   - what a reader, or a walk, takes for a record is the one that it counts it
 *     for, whole, in view, and stays so while it is read: so none is read twice,
 *     none is out of order, and what was missed is counted exactly; where the
 *     writer waits nothing is missed;
 *   - a row that is used tells the truth;
 *   - a successor goes on behind the last record in view;
 *   - when nothing moves any more every reader that lives has read all, and a
 *     writer that lives has written all.
 *   - every execution ends.
 *
 * Bounds: CHUNKS (4) of CHUNK (2) units; a header is one unit, a record 1 to 3.
 * RECORDS (5) are written, by one writer and, if it dies, a successor.  READERS (1)
 * join at any time with HISTORY: 0, 1 or all (9).  At most DEATHS (1).  Without
 * DROP the writer waits for the slowest; with it the oldest make room, and a record
 * is dropped that a reader's hold leaves no room for.  BATCH: records in batches
 * that begin and end anywhere.
 *
 * Abstracted: a fence between a store and a load is their order; the mutations
 * without one exchange them.  Releases and acquires are taken for what they are.
 * Who waits for room is woken (sleeping.pml).  Memory is there.
 */
#ifndef CHUNKS
#define CHUNKS 4
#endif
#ifndef CHUNK
#define CHUNK 2
#endif
#ifndef RECORDS
#define RECORDS 5
#endif
#ifndef READERS
#define READERS 1
#endif
#ifndef DEATHS
#define DEATHS 1
#endif
#ifndef HISTORY
#define HISTORY 9
#endif
#define ALL      9
#define CAPACITY (CHUNKS * CHUNK)
#define NOWHERE  255
#define NONE     255

#define MIN(a, b) ((a) < (b) -> (a) : (b))

/* Bit 7: a header, bits 5 and 6 the length, then the number. A payload is something else. */
#define HEADER(n, stride) (128 | (stride) << 5 | (n))
#define PAYLOAD(n)        (32 | (n))
#define NUMBER(unit)      ((unit) & 31)
#define STRIDE(unit)      ((unit) >> 5 & 3)
#define AT(p)             ring[(p) % CAPACITY]

byte ring[CAPACITY];
byte row_position[CHUNKS], row_number[CHUNKS];
byte last_chunk, oldest_chunk;
byte position[READERS];
bool reads[READERS];                    /* its place has an owner             */

byte number[READERS], joined;           /* of the record to read; set of readers */
byte in_view;                           /* ghost: so many records are         */
byte attempts, writer, deaths, killed;  /* set: readers, then writers         */
bool written;

#define BIT(p)     (1 << (p))
#define IS(set, p) ((set) & BIT(p))
#define W(w)       (READERS + (w))

/* Whatever is taken for a record. */
#define RECORD(unit, n) assert(((unit) & 128) && NUMBER(unit) == n && n < in_view)

inline end_batch() {
  if
  :: first != NONE -> atomic { AT(first) = first_header; in_view = n; first = NONE; first_header = 0 }
  :: else
  fi
}

/* To be used inside atomic. */
inline give_up_to(chunk) {
  oldest = chunk;
  oldest_chunk = oldest
}

inline begin_chunks() {
  do
  :: atomic {
       head >= (last + 1) * CHUNK ->
       last++;
#ifndef ROW_OVER_OLDEST
       if
       :: last - oldest >= CHUNKS -> give_up_to(last - CHUNKS + 1)
       :: else
       fi;
#endif
       begun[last % CHUNKS] = head
     };
#ifdef LAST_BEFORE_ROW
     last_chunk = last;
#endif
     row_position[last % CHUNKS] = head;
     row_number[last % CHUNKS] = n;
#ifndef LAST_BEFORE_ROW
     last_chunk = last;
#endif
  :: else -> break
  od
}

#define SLOWEST_OF(r) if :: reads[r] -> slowest = MIN(slowest, position[r]) :: else fi

inline look_at_readers() {
  atomic { SLOWEST_OF(0) };
#if READERS > 1
  atomic { SLOWEST_OF(1) };
#endif
}

inline give_up_before() {
  atomic {
    target = (behind <= CAPACITY -> 0 : (behind - CAPACITY + CHUNK - 1) / CHUNK);
    if
    :: target > oldest -> give_up_to(target)
    :: else
    fi;
    target = 0
  }
}

/* Leaves in slowest what may be overwritten, up to. */
inline reclaim() {
  slowest = NOWHERE;
#ifndef WRITER_LOOKS_FIRST
  give_up_before();
  look_at_readers();
#else
  look_at_readers();
  give_up_before();
#endif
  slowest = MIN(slowest, begun[oldest % CHUNKS])
}

#define HAS_ROOM(r) (!reads[r] || behind <= CAPACITY || position[r] >= behind - CAPACITY)

/* behind == 0: there is no room. */
inline reserve() {
  behind = head + stride + 1;
  if
  :: head + stride <= limit
  :: head + stride > limit ->
#ifndef BATCH_OVER_CHUNK
     end_batch();
#endif
     begin_chunks();
     if
     :: behind > slowest + CAPACITY -> reclaim()
     :: else
     fi;
     if
     :: behind > slowest + CAPACITY ->
#ifndef DROP
        HAS_ROOM(0);
#if READERS > 1
        HAS_ROOM(1);
#endif
#endif
        behind = 0
     :: else -> limit = MIN(slowest + CAPACITY - 1, (last + 1) * CHUNK)
     fi
  fi
}

inline write_payload() {
  if
  :: stride > 1 -> AT(head + 1) = PAYLOAD(n)
  :: else
  fi;
  if
  :: stride > 2 -> AT(head + 2) = PAYLOAD(n)
  :: else
  fi
}

inline commit() {
#ifndef COMMIT_EARLY
  write_payload();
#endif
#ifndef NO_CLEARING
  AT(head + stride) = 0;
#endif
  atomic {
    if
    :: batching && first == NONE -> first = head; first_header = HEADER(n, stride)
    :: else ->
       AT(head) = HEADER(n, stride);
       in_view = (first == NONE -> n + 1 : in_view)
    fi;
#ifndef COMMIT_EARLY
    head = head + stride; n++
#endif
  };
#ifdef COMMIT_EARLY
  write_payload();
  atomic { head = head + stride; n++ };
#endif
}

inline choose() {
  if
  :: stride = 1
#ifdef MEDIUM
  :: stride = 2
#endif
  :: stride = 3
  fi
}

/* Only it writes here, so nothing changes meanwhile. */
inline resume() {
  d_step {
    last = last_chunk;
    oldest = oldest_chunk;
    assert(oldest <= last && last - oldest < CHUNKS);
    i = oldest;
    do
    :: i <= last -> begun[i % CHUNKS] = row_position[i % CHUNKS]; i++
    :: else -> break
    od;
    head = row_position[last % CHUNKS];
    n = row_number[last % CHUNKS];
    do
    :: AT(head) != 0 -> RECORD(AT(head), n); head = head + STRIDE(AT(head)); n++
    :: else -> break
    od;
    assert(n == in_view);
    slowest = head - CAPACITY;
    i = 0
  }
}

proctype Writer(byte me) {
  short slowest;
  byte head, n, limit, target, last, oldest, begun[CHUNKS], first = NONE, first_header, stride, behind, i;
  bool batching;
  {
    skip;
end:
    writer == me;
    resume();
    do
    :: attempts < RECORDS ->
       atomic { attempts++; choose() };
#ifdef BATCH
       if
       :: !batching -> batching = true
       :: batching -> batching = false; end_batch()
       :: true
       fi;
#endif
       do
       :: reserve();
          if
          :: behind -> commit(); break
#ifndef DROP
          :: behind == 0
#else
          :: behind == 0 -> break
#endif
          fi
       od
    :: attempts == RECORDS -> break
    od;
    end_batch();
    written = true
  } unless {
    atomic { IS(killed, W(me)) && !written -> writer = me + 1 }
  };
  d_step {
    head = 0; n = 0; limit = 0; last = 0; oldest = 0; first = 0; first_header = 0; stride = 0; behind = 0; i = 0;
    do
    :: i < CHUNKS -> begun[i] = 0; i++
    :: else -> break
    od;
    i = 0; slowest = 0; target = 0; batching = false
  }
}

/* A chunk's first record, into p and n; if it was given up meanwhile, the chunk is NONE. */
inline read_row() {
  p = row_position[chunk % CHUNKS];
  n = row_number[chunk % CHUNKS];
#ifndef ROW_UNCHECKED
  atomic {
    if
    :: oldest_chunk > chunk -> chunk = NONE
    :: else
    fi
  }
#endif
}

/* Leaves its chunk in known, and its first record in from and count. */
inline hold_oldest() {
  do
  :: chunk = oldest_chunk;
     p = row_position[chunk % CHUNKS];
     n = row_number[chunk % CHUNKS];
#ifndef READER_LOOKS_FIRST
     position[me] = p;
     if
     :: oldest_chunk == chunk -> break
     :: else
     fi
#else
     if
     :: oldest_chunk == chunk -> position[me] = p; break
     :: else
     fi
#endif
  od;
#ifdef ROW_READ_AGAIN
  p = row_position[chunk % CHUNKS];
  n = row_number[chunk % CHUNKS];
#endif
  atomic { known = chunk; from = p; count = n; chunk = 0; p = 0; n = 0 }
}

inline walk(until) {
  do
  :: n >= until -> break
  :: n < until && AT(p) == 0 -> break
  :: atomic { n < until && AT(p) != 0 -> unit = AT(p); RECORD(unit, n); p = p + STRIDE(unit); n++; unit = 0 }
  od
}

/* To the last record but so many: from the last chunk to the end, and then from the chunk that has it. */
inline join() {
  hold_oldest();
#if HISTORY != ALL
  do
  :: chunk = last_chunk;
     read_row();
     if
     :: chunk != NONE -> break
     :: else
     fi
  od;
  walk(NONE);
#if HISTORY > 0
  goal = (n > HISTORY -> n - HISTORY : 0);
  do
  :: chunk <= known || chunk == NONE -> atomic { p = from; n = count }; break
  :: else ->
     read_row();
     if
     :: chunk != NONE && n <= goal -> break
     :: chunk != NONE && n > goal -> chunk--
     :: chunk == NONE
     fi
  od;
  walk(goal);
  goal = 0;
#endif
  atomic { from = p; count = n; chunk = 0; p = 0; n = 0 };
#endif
  atomic { told = from; number[me] = count; count = 0 };
#ifdef DROP
  position[me] = NOWHERE;
#else
  position[me] = from;
#endif
  atomic { joined = joined | BIT(me) }
}

inline catch_up() {
  do
  :: chunk = oldest_chunk;
     read_row();
     if
     :: chunk != NONE -> break
     :: else
     fi
  od;
  if
  :: p <= from -> atomic { known = chunk; chunk = 0; p = 0; n = 0 }
  :: p > from ->
     hold_oldest();
     atomic { assert(count >= number[me]); number[me] = count; count = 0 }
  fi
}

inline hold() {
#ifndef READER_LOOKS_FIRST
  position[me] = from;
  if
  :: oldest_chunk != known -> catch_up()
  :: else
  fi
#else
  if
  :: oldest_chunk != known -> position[me] = from; catch_up()
  :: else -> position[me] = from
  fi
#endif
}

inline read() {
  if
  :: atomic { AT(from) != 0 -> unit = AT(from); RECORD(unit, number[me]) };
     if
     :: STRIDE(unit) > 1 -> assert(AT(from + 1) == PAYLOAD(number[me]))
     :: else
     fi;
     atomic {
       if
       :: STRIDE(unit) > 2 -> assert(AT(from + 2) == PAYLOAD(number[me]))
       :: else
       fi;
       from = from + STRIDE(unit);
       number[me]++;
       unit = 0
     }
  :: AT(from) == 0
  fi
}

#ifdef DROP
#define EMPTY (AT(from) == 0 && oldest_chunk == known)
#else
#define EMPTY (AT(from) == 0)
#endif

proctype Reader(byte me) {
  byte from, count, known, told, chunk, p, n, unit, goal;
  {
    reads[me] = true;
    join();
end:
    do
    :: !EMPTY ->
#ifdef DROP
       hold();
       read();
       position[me] = NOWHERE
#else
       read();
       if
       :: from - told >= CHUNK -> atomic { told = from; position[me] = from }
       :: else
       fi
#endif
#ifndef DROP
    :: EMPTY && told != from -> atomic { told = from; position[me] = from }     /* before it sleeps */
#endif
    od
  } unless {
    atomic {
      IS(killed, me);
      from = 0; count = 0; known = 0; told = 0; chunk = 0; p = 0; n = 0; unit = 0; goal = 0; number[me] = 0
    };
    reads[me] = false                                           /* buried     */
  }
}

/* May stop at any time: nobody's end depends on a death. */
active proctype Killer() {
  do
  :: atomic { deaths < DEATHS && !IS(killed, 0) -> killed = killed | BIT(0); deaths++ }
#if READERS > 1
  :: atomic { deaths < DEATHS && !IS(killed, 1) -> killed = killed | BIT(1); deaths++ }
#endif
  :: atomic { deaths < DEATHS && writer == 0 && !written -> killed = killed | BIT(W(0)); deaths++ }
  :: atomic { deaths < DEATHS && writer == 1 && !written -> killed = killed | BIT(W(1)); deaths++ }
  :: break
  od
}

#define AT_END(r) (IS(killed, r) || (IS(joined, r) && number[r] == in_view))

/* Nothing moves any more. */
active proctype Rest() {
  timeout;
  assert(AT_END(0));
#if READERS > 1
  assert(AT_END(1));
#endif
  assert(written || writer == 2)
}

init {
  atomic {
    run Writer(0);
    run Writer(1);
    run Reader(0);
#if READERS > 1
    run Reader(1)
#endif
  }
}
