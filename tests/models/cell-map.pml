/*
 * A map of cells: rows of a table that are added and removed, and values that are
 * read without the turn (CellMapTable, CellSlots; docs/design/cell.md).
 *
 * A row is there while its state is odd.  Who has the turn finds, adds, removes and
 * writes.  Who reads has the state that the row had when it was found, and looks
 * at it again behind what it read: rows are used again, numbers of values begin
 * anew, and only the state tells an entry from the one before it.
 *
 * Step -> function
 *   find ................ CellMapTable.Find, KeyIn
 *   add ................. CellMapTable.Add
 *   remove .............. CellMapTable.Remove
 *   put ................. CellCore.Put, CellSlots.Write, IsThere
 *   read ................ CellSlots.TryRead, IsThere
 *   look ................ CellMapTable.Look
 *   DIE ................. kill -9; the kernel frees the turn (mutex.pml)
 *
 * Checked
 *   - no key is in two rows;
 *   - a key that was looked at is whole, and that of the entry;
 *   - a value that was read was written to the entry that was found, and is whole;
 *   - every execution ends.
 *
 * Bounds: ROWS (2), KEYS (2), WRITERS (2) of OPS (2) operations on a key of any
 * choice, one reader of READS (1) looks, each with a read; at most DEATHS (1) of the writers,
 * between any two steps.
 *
 * Abstracted: how a reader copies a value that is overwritten meanwhile, and how
 * a slot is kept for it, is cell.pml: here a copy counts if the slot has its number
 * before and after it.  A key is two halves, a value as well.  Stores of one process
 * are seen in their order.
 */
#ifndef ROWS
#define ROWS 2
#endif
#ifndef KEYS
#define KEYS 2
#endif
#ifndef WRITERS
#define WRITERS 2
#endif
#ifndef OPS
#define OPS 2
#endif
#ifndef READS
#define READS 1
#endif
#ifndef DEATHS
#define DEATHS 1
#endif
#define SLOTS 2
#define NOBODY 255
#define THERE(row) (state[row] % 2 == 1)
#define SLOT(row, slot) ((row) * SLOTS + (slot))

byte state[ROWS];
byte key[ROWS];         /* the first half */
byte key_rest[ROWS];
byte latest[ROWS];      /* 0: no value yet; else number * SLOTS + slot */
byte number[ROWS * SLOTS];
byte value[ROWS * SLOTS];       /* the state of the entry that it was written to */
byte value_rest[ROWS * SLOTS];

byte turn = NOBODY;
byte deaths;

/* For the checks alone: the key of each entry there ever was, by row and state. */
#define MOST 16
byte key_of[ROWS * MOST];

#define DIE \
    if \
    :: deaths < DEATHS -> atomic { deaths++; if :: turn == _pid -> turn = NOBODY :: else fi }; goto dead \
    :: true \
    fi

inline take_turn() {
#ifndef NO_TURN
    atomic { turn == NOBODY -> turn = _pid }
#else
    skip
#endif
}

inline give_turn() {
    atomic { if :: turn == _pid -> turn = NOBODY :: else fi }
}

/* The row of the key, or ROWS. */
inline find(wanted, row) {
    row = 0;
    do
    :: row == ROWS -> break
    :: row < ROWS && THERE(row) && key[row] == wanted -> break
    :: else -> row++
    od
}

inline is_key_once(wanted) {
    d_step {
        seen = 0;
        other = 0;
        do
        :: other == ROWS -> break
        :: else ->
            if
            :: THERE(other) && key[other] == wanted -> seen++
            :: else
            fi;
            other++
        od;
        assert(seen <= 1);
        other = 0;
        seen = 0
    }
}

/* A row that is free gets the key; there is one, or row is ROWS. */
inline add(wanted, row) {
    row = 0;
    do
    :: row == ROWS || !THERE(row) -> break
    :: else -> row++
    od;
    if
    :: row < ROWS ->
#ifdef STATE_FIRST
        d_step { state[row]++; key_of[row * MOST + state[row]] = wanted };
        DIE;
#endif
        key[row] = wanted;
        DIE;
        key_rest[row] = wanted;
        DIE;
#ifndef KEEP_LATEST
        latest[row] = 0;
        DIE;
#endif
#ifndef STATE_FIRST
        d_step { state[row]++; key_of[row * MOST + state[row]] = wanted };
#endif
        is_key_once(wanted);
        DIE
    :: else
    fi
}

inline put(row, known) {
    if
#ifdef WRITE_BLINDLY
    :: true ->
#else
    :: state[row] == known ->
#endif
        slot = (latest[row] == 0 -> 0 : (latest[row] % SLOTS + 1) % SLOTS);
        next = latest[row] / SLOTS % 3 + 1;
        number[SLOT(row, slot)] = 0;
        DIE;
        value[SLOT(row, slot)] = known;
        DIE;
        value_rest[SLOT(row, slot)] = known;
        DIE;
        number[SLOT(row, slot)] = next;
        DIE;
        latest[row] = next * SLOTS + slot;
        DIE
    :: else
    fi;
    slot = 0;
    next = 0
}

proctype Writer() {
    byte ops, wanted, row, known, slot, next, seen, other;

    do
    :: ops == OPS -> break
    :: else ->
        ops++;
        select(wanted : 1 .. KEYS);
        take_turn();
        DIE;
        find(wanted, row);
        if
        :: row == ROWS -> add(wanted, row)
        :: else -> skip
        fi;
        if
        :: row < ROWS ->
            known = state[row];
            if
            :: true ->          /* removes it */
                state[row]++;
                DIE
            :: true ->          /* writes now, under the same turn */
                put(row, known)
            :: true ->          /* keeps the entry, and writes later */
                give_turn();
                take_turn();
                DIE;
                put(row, known)
            fi
        :: else
        fi;
        give_turn();
        row = 0;
        known = 0
    od;
dead:
    skip
}

/* Without the turn, as every reader. */
proctype Reader() {
    byte reads, row, known, first, rest, found, copied;

    do
    :: reads == READS -> break
    :: else ->
        reads++;
        select(row : 0 .. ROWS - 1);
        /* look */
        known = state[row];
        if
        :: known % 2 == 1 ->
            first = key[row];
            rest = key_rest[row];
            if
            :: state[row] == known ->
                assert(first == rest && first == key_of[row * MOST + known]);
                /* read: the entry is known by its state from here on */
                found = latest[row];
                if
                :: found != 0 ->
                    if
                    :: number[SLOT(row, found % SLOTS)] == found / SLOTS ->
                        first = value[SLOT(row, found % SLOTS)];
                        rest = value_rest[SLOT(row, found % SLOTS)];
                        copied = number[SLOT(row, found % SLOTS)];
                        if
#ifdef NO_SECOND_LOOK
                        :: copied == found / SLOTS ->
#else
                        :: copied == found / SLOTS && state[row] == known ->
#endif
                            assert(first == rest && first == known)
                        :: else
                        fi
                    :: else
                    fi
                :: else
                fi
            :: else
            fi
        :: else
        fi;
        d_step { row = 0; known = 0; first = 0; rest = 0; found = 0; copied = 0 }
    od
}

init {
    atomic {
        byte i;
        for (i : 1 .. WRITERS) {
            run Writer()
        }
        run Reader();
        i = 0
    }
}
