/* A lane as small as it can be: one writer, one reader, and a ring that is mapped twice back to back, so that every record is one piece.

       record   0        8                      8 + length, rounded up to 8
                | header | payload              |
       header   bits 0-30 length, bit 31 committed, bits 32-63 kind

   The header itself says that its record is there: the reader polls that word and nothing else. The writer clears the next header before
   it commits this one, so that an old payload never looks like a header. The reader publishes its position each eighth of the ring, and
   the writer looks at it only when the room that it knows of is used up. Nobody sleeps here. */
#ifndef LANE_H
#define LANE_H

#include "reference.h"

enum { LANE_HEAD = 65536, LANE_RING = 4 << 20 };    /* the head is a whole page wherever pages are larger, too */

static const uint64_t LENGTH = 0x7fffffff, COMMITTED = 0x80000000, KIND = 1ull << 32;

struct lane_head {
    _Alignas(128) _Atomic uint64_t read;      /* the reader's: what lies before it is free again */
    _Alignas(128) _Atomic uint32_t asleep;    /* for readers that sleep */
};

/* What one side knows. */
struct lane {
    struct lane_head *head;
    char *ring;
    uint64_t size;
    uint64_t position;    /* of its next record */
    uint64_t read;        /* the writer's: as last seen; the reader's: as last published */
};

static inline void map_at(char *place, size_t size, int fd, off_t offset)
{
    void *view = mmap(place, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED | MAP_POPULATE, fd, offset);
    require(view == place, "mmap");
}

static inline struct lane open_lane(const char *name, int first, uint64_t size)
{
    int fd = shared_file(name, first, LANE_HEAD + size);
    char *place = mmap(NULL, LANE_HEAD + 2 * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(place != MAP_FAILED, "mmap");
    map_at(place, LANE_HEAD + size, fd, 0);
    map_at(place + LANE_HEAD + size, size, fd, LANE_HEAD);
    close(fd);
    return (struct lane) { .head = (struct lane_head *)place, .ring = place + LANE_HEAD, .size = size };
}

static inline uint64_t stride(uint64_t length)
{
    return sizeof(uint64_t) + (length + 7) / 8 * 8;
}

static inline _Atomic uint64_t *header(const struct lane *lane, uint64_t position)
{
    return (_Atomic uint64_t *)(lane->ring + (position & (lane->size - 1)));
}

/* Where the writer's next payload goes, as soon as there is room for it and for the header behind it. */
static inline uint64_t *claim(struct lane *lane, uint64_t length)
{
    uint64_t end = lane->position + stride(length) + sizeof(uint64_t);
    while (end - lane->read > lane->size) {
        lane->read = atomic_load_explicit(&lane->head->read, memory_order_acquire);    /* pairs with publish */
        if (end - lane->read > lane->size)
            relax();
    }
    return (uint64_t *)header(lane, lane->position) + 1;
}

static inline void commit(struct lane *lane, uint64_t length)
{
    uint64_t next = lane->position + stride(length);
    atomic_store_explicit(header(lane, next), 0, memory_order_relaxed);
    atomic_store_explicit(header(lane, lane->position), length | COMMITTED | KIND, memory_order_release);    /* pairs with peek */
    lane->position = next;
}

/* The header of the reader's next record, 0 while it is not there. */
static inline uint64_t peek(const struct lane *lane)
{
    return atomic_load_explicit(header(lane, lane->position), memory_order_acquire);    /* pairs with commit */
}

/* The reader's next payload, as soon as it is there. */
static inline const uint64_t *take(const struct lane *lane, uint64_t *length)
{
    uint64_t seen;
    while (!((seen = peek(lane)) & COMMITTED))
        relax();
    *length = seen & LENGTH;
    return (const uint64_t *)header(lane, lane->position) + 1;
}

static inline void publish(struct lane *lane)
{
    lane->read = lane->position;
    atomic_store_explicit(&lane->head->read, lane->read, memory_order_release);    /* pairs with claim and await_reader */
}

static inline void release(struct lane *lane, uint64_t length)
{
    lane->position += stride(length);
    if (lane->position - lane->read >= lane->size / 8)
        publish(lane);
}

/* The writer's: until the reader has published that it has read all. */
static inline void await_reader(struct lane *lane)
{
    while ((lane->read = atomic_load_explicit(&lane->head->read, memory_order_acquire)) != lane->position)    /* pairs with publish */
        relax();
}

/* One word after the other, which -O2 leaves so when the length is not known. Whoever is held against it does the same: where messages are
   long these loops are most of the time, and vectors would halve it. */
static inline void fill(uint64_t *words, uint64_t length, uint64_t pattern)
{
    for (uint64_t i = 0; i < length / sizeof *words; i++)
        words[i] = pattern;
}

static inline uint64_t sum(const uint64_t *words, uint64_t length)
{
    uint64_t all = 0;
    for (uint64_t i = 0; i < length / sizeof *words; i++)
        all += words[i];
    return all;
}

#endif
