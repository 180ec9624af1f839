/* lane_stream NAME first|second SIZE [RING]: the first side writes records of SIZE bytes, a multiple of 8, into a lane as fast as the second
   one reads them: every word is written and every word is read. Nobody sleeps.
   "run N" moves N records after one more; the first side's answer is the time in nanoseconds until the second has said that it read all. */
#include "lane.h"

/* The number of the record is in every word of it. */
static uint64_t number;

static void write_records(struct lane *lane, long long count, uint64_t size)
{
    for (long long i = 0; i < count; i++) {
        fill(claim(lane, size), size, ++number);
        commit(lane, size);
    }
    await_reader(lane);
}

static void read_records(struct lane *lane, long long count, uint64_t size)
{
    uint64_t all = 0, expected = 0;
    for (long long i = 0; i < count; i++) {
        uint64_t length;
        const uint64_t *words = take(lane, &length);
        all += sum(words, length);
        release(lane, length);
        expected += ++number * (size / sizeof *words);
    }
    publish(lane);
    if (all != expected)
        abort();
}

int main(int argc, char **argv)
{
    require(argc == 4 || argc == 5, "usage");
    int first = strcmp(argv[2], "first") == 0;
    uint64_t size = strtoull(argv[3], NULL, 10);
    struct lane lane = open_lane(argv[1], first, argc == 5 ? strtoull(argv[4], NULL, 10) : LANE_RING);
    void (*move)(struct lane *, long long, uint64_t) = first ? write_records : read_records;
    say_ready();

    char line[128];
    long long records;
    while (fgets(line, sizeof line, stdin) && sscanf(line, "run %lld", &records) == 1) {
        move(&lane, 1, size);    /* the other side may not be there yet */
        int64_t start = now();
        move(&lane, records, size);
        answer(now() - start);
    }
    return 0;
}
