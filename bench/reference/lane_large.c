/* lane_large NAME first|second touch|copy|header: as lane_stream, with records of 1 MiB.
   touch writes every word in place and reads every word in place; copy copies in from a private buffer and out into another;
   header lends the whole and touches its first and last 64 bytes, as whoever passes on what a device has written.
   "run N" moves N records after one more; the first side's answer is the time in nanoseconds until the second has said that it read all. */
#include "lane.h"

enum { SIZE = 1 << 20, EDGE = 64, WORDS = SIZE / sizeof(uint64_t), LAST = (SIZE - EDGE) / sizeof(uint64_t) };
enum mode { TOUCH, COPY, HEADER };

static uint64_t private_buffer[WORDS];
static uint64_t number;

static void write_record(uint64_t *words, enum mode mode)
{
    number++;
    if (mode == TOUCH) {
        fill(words, SIZE, number);
        return;
    }
    uint64_t *edges = mode == COPY ? private_buffer : words;
    fill(edges, EDGE, number);
    fill(edges + LAST, EDGE, number);
    if (mode == COPY)
        memcpy(words, private_buffer, SIZE);
}

static void read_record(const uint64_t *words, enum mode mode)
{
    number++;
    if (mode == COPY)
        memcpy(private_buffer, words, SIZE);
    const uint64_t *edges = mode == COPY ? private_buffer : words;
    uint64_t all = mode == TOUCH ? sum(words, SIZE) : sum(edges, EDGE) + sum(edges + LAST, EDGE);
    if (all != number * (mode == TOUCH ? WORDS : 2 * EDGE / sizeof *words))
        abort();
}

static void write_records(struct lane *lane, long long count, enum mode mode)
{
    for (long long i = 0; i < count; i++) {
        write_record(claim(lane, SIZE), mode);
        commit(lane, SIZE);
    }
    await_reader(lane);
}

static void read_records(struct lane *lane, long long count, enum mode mode)
{
    for (long long i = 0; i < count; i++) {
        uint64_t length;
        read_record(take(lane, &length), mode);
        release(lane, length);
    }
    publish(lane);
}

int main(int argc, char **argv)
{
    require(argc == 4, "usage");
    int first = strcmp(argv[2], "first") == 0;
    enum mode mode = strcmp(argv[3], "touch") == 0 ? TOUCH : strcmp(argv[3], "copy") == 0 ? COPY : HEADER;
    memset(private_buffer, 1, SIZE);
    struct lane lane = open_lane(argv[1], first, LANE_RING);
    void (*move)(struct lane *, long long, enum mode) = first ? write_records : read_records;
    say_ready();

    char line[128];
    long long records;
    while (fgets(line, sizeof line, stdin) && sscanf(line, "run %lld", &records) == 1) {
        move(&lane, 1, mode);    /* the other side may not be there yet */
        int64_t start = now();
        move(&lane, records, mode);
        answer(now() - start);
    }
    return 0;
}
