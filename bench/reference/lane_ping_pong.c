/* lane_ping_pong NAME first|second spin|futex [RING]: a lane each way; each side writes a record of 64 bytes and reads all of the other's.
   spin never sleeps: the flight of a message, which nothing can undercut.
   futex sleeps at once, and a wake-up is asked for only when the reader says that it sleeps.
   "run N" makes N round trips; the first side's answer is the time in nanoseconds without the first of them. One way is half of it.
   "times N" makes as many, and the answer is how their times are distributed. */
#include "futex.h"
#include "lane.h"
#include "times.h"

enum { SIZE = 64 };

static int sleeps;

static void send_record(struct lane *lane, uint64_t pattern)
{
    fill(claim(lane, SIZE), SIZE, pattern);
    commit(lane, SIZE);
    if (!sleeps)
        return;
    /* Between the commit and the look at the flag; the reader has the same between its flag and its look at the header. */
    atomic_thread_fence(memory_order_seq_cst);
    if (atomic_load_explicit(&lane->head->asleep, memory_order_relaxed)) {
        atomic_store_explicit(&lane->head->asleep, 0, memory_order_relaxed);
        futex_wake(&lane->head->asleep);
    }
}

static void sleep_until_committed(struct lane *lane)
{
    while (!(peek(lane) & COMMITTED)) {
        atomic_store_explicit(&lane->head->asleep, 1, memory_order_relaxed);
        atomic_thread_fence(memory_order_seq_cst);
        if (!(peek(lane) & COMMITTED))
            futex_wait(&lane->head->asleep, 1);
        atomic_store_explicit(&lane->head->asleep, 0, memory_order_relaxed);
    }
}

static void receive_record(struct lane *lane, uint64_t pattern)
{
    uint64_t length;
    if (sleeps)
        sleep_until_committed(lane);
    const uint64_t *words = take(lane, &length);
    if (sum(words, length) != pattern * (SIZE / sizeof *words))
        abort();
    release(lane, length);
}

static void trip(struct lane *ping, struct lane *pong, int first)
{
    static uint64_t pattern;
    pattern++;
    if (first) {
        send_record(ping, pattern);
        receive_record(pong, pattern);
    } else {
        receive_record(ping, pattern);
        send_record(pong, pattern);
    }
}

static void run(struct lane *ping, struct lane *pong, int first, long long trips)
{
    trip(ping, pong, first);    /* the other side may not be there yet */
    int64_t start = now();
    for (long long i = 0; i < trips; i++)
        trip(ping, pong, first);
    answer(now() - start);
}

/* The second side has no clock: a look at it would be part of the first one's times. */
static void time_each(struct lane *ping, struct lane *pong, int first, long long trips)
{
    int64_t *times = room_for_times(trips);
    trip(ping, pong, first);
    for (long long i = 0; i < trips; i++) {
        int64_t start = first ? now() : 0;
        trip(ping, pong, first);
        times[i] = first ? now() - start : 0;
    }
    answer_times(times, trips);
    free(times);
}

int main(int argc, char **argv)
{
    require(argc == 4 || argc == 5, "usage");
    int first = strcmp(argv[2], "first") == 0;
    sleeps = strcmp(argv[3], "futex") == 0;
    uint64_t size = argc == 5 ? strtoull(argv[4], NULL, 10) : LANE_RING;
    char back[256];
    snprintf(back, sizeof back, "%s.back", argv[1]);
    struct lane ping = open_lane(argv[1], first, size);
    struct lane pong = open_lane(back, first, size);
    say_ready();

    char line[128], verb[8];
    long long trips;
    while (fgets(line, sizeof line, stdin) && sscanf(line, "%7s %lld", verb, &trips) == 2)
        (strcmp(verb, "times") == 0 ? time_each : run)(&ping, &pong, first, trips);
    return 0;
}
