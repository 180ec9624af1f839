/* What the native rivals share, in C and in C++: the job, the messages, and the peers' line protocol.

   rival NAME SIDE JOB
       NAME    that no others use; the first side makes what they share, and takes the names away, where there are any, when all have come
       SIDE    first or second; in a fan 0 for the one, which is the first side, and from 1 for the many
       JOB     trip-SIZE-WAY: a message of SIZE bytes, a multiple of 8, there and one back
               stream-SIZE-WAY: messages from the first side to the second, which says so when it has all
               batch-SIZE-WAY: the same, where a sender may hold messages back; none of these has a call for that
               fanout-SIZE-WAY-MANY: the one sends, and each of the many receives every message
               fanin-SIZE-WAY-MANY: each of the many sends, and the one receives all
               WAY is spin or block: whoever waits looks again and again, or sleeps at once

   rival version: one line that says which library it was compiled with.

   "run N"      N round trips, or N messages; the answer is the time in nanoseconds. In a fan each sender sends N, and the answer is a moment
                of the machine's clock, in nanoseconds: when it began to send, or when it had received all
   "times N"    N round trips, of which the first side times each and answers "p10 p50 p90 p99 p99.9 max", in nanoseconds; the other answers zeros
   All sides get the same line. In a pair one trip or message more comes before the clock is looked at: the other side may not be there yet. A
   fan is asked for one message of each sender first. */
#ifndef RIVAL_H
#define RIVAL_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What a rival defines: one message of so many bytes, filled with the number, to whoever receives; one from there, whose number it returns. */
static void say_version(void);
static void send_message(size_t size, uint64_t number);
static uint64_t receive_message(size_t size);

struct job {
    size_t size;
    int member;      /* 0 is the first side, and the one of a fan */
    int many;        /* how many are on its other side */
    int fans;
    int streams;     /* messages go one way, but for the word at the end of a stream between two */
    int spins;
    int sends;
    int receives;
};

/* By which the reader says that it has all. */
enum { WORD = sizeof(uint64_t) };

enum { MOST_MEMBERS = 64 };

static inline void require(int good, const char *what)
{
    if (!good) {
        perror(what);
        exit(1);
    }
}

static inline struct job parse_job(int argc, char **argv)
{
    struct job job;
    char kind[8], way[8];
    if (argc == 2 && strcmp(argv[1], "version") == 0) {
        say_version();
        exit(0);
    }
    job.many = 1;
    if (argc != 4 || sscanf(argv[3], "%7[a-z]-%zu-%7[a-z]-%d", kind, &job.size, way, &job.many) < 3 || job.size == 0 || job.size % WORD != 0
        || job.many < 1 || job.many >= MOST_MEMBERS) {
        fprintf(stderr, "usage: %s NAME first|second|MEMBER trip|stream|batch|fanout|fanin-SIZE-spin|block[-MANY]\n", argv[0]);
        exit(2);
    }
    int fans_out = strcmp(kind, "fanout") == 0;
    job.fans = fans_out || strcmp(kind, "fanin") == 0;
    job.member = job.fans ? atoi(argv[2]) : strcmp(argv[2], "second") == 0;
    job.streams = strcmp(kind, "trip") != 0;
    job.spins = strcmp(way, "spin") == 0;
    job.sends = !job.fans || fans_out == (job.member == 0);
    job.receives = !job.fans || !job.sends;
    return job;
}

/* How many messages there is room for between the two sides: in a stream 4 MiB of them, as in the lanes that the rivals are held against.
   In a round trip there is one at a time. */
static inline size_t depth_of(const struct job *job, size_t most)
{
    size_t depth = job->streams ? ((size_t)4 << 20) / job->size : 0;
    return depth < 2 ? 2 : depth > most ? most : depth;
}

/* Where each channel has one receiver, and its number is that member's: the channels that this one sends to are those from first_channel to
   last_channel. It receives from its own. */
static inline int first_channel(const struct job *job)
{
    return job->member == 0 ? 1 : 0;
}

static inline int last_channel(const struct job *job)
{
    return job->member == 0 ? job->many : 0;
}

static inline void *buffer_of(size_t size)
{
    void *buffer = aligned_alloc(64, (size + 63) / 64 * 64);
    require(buffer != NULL, "aligned_alloc");
    memset(buffer, 1, size);
    return buffer;
}

/* One word after the other, as the lanes in C and the messages of the .NET peers: vectors would be compared with their loops. */
static inline void fill(void *message, size_t size, uint64_t number)
{
    uint64_t *words = (uint64_t *)message;
    for (size_t i = 0; i < size / WORD; i++)
        words[i] = number;
}

/* Reads every word: the number that is in all of them. */
static inline uint64_t number_in(const void *message, size_t size)
{
    const uint64_t *words = (const uint64_t *)message;
    uint64_t all = 0;
    for (size_t i = 0; i < size / WORD; i++)
        all += words[i];
    if (all != words[0] * (size / WORD)) {
        fprintf(stderr, "a message that begins with %llu did not arrive as it was sent\n", (unsigned long long)words[0]);
        abort();
    }
    return words[0];
}

static inline void expect(uint64_t number, uint64_t expected)
{
    if (number != expected) {
        fprintf(stderr, "message %llu came where %llu was expected\n", (unsigned long long)number, (unsigned long long)expected);
        abort();
    }
}

static inline int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static inline void trips(const struct job *job, long long count)
{
    static uint64_t number;
    for (long long i = 0; i < count; i++) {
        number++;
        if (job->member == 0)
            send_message(job->size, number);
        expect(receive_message(job->size), number);
        if (job->member != 0)
            send_message(job->size, number);
    }
}

static inline void stream(const struct job *job, long long count)
{
    static uint64_t number;
    if (job->member == 0) {
        for (long long i = 0; i < count; i++)
            send_message(job->size, ++number);
        expect(receive_message(WORD), number);
    } else {
        for (long long i = 0; i < count; i++)
            expect(receive_message(job->size), ++number);
        send_message(WORD, number);
    }
}

static inline void move(const struct job *job, long long count)
{
    (job->streams ? stream : trips)(job, count);
}

static inline int by_length(const void *one, const void *other)
{
    int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
    return (a > b) - (a < b);
}

static inline void answer_times(const struct job *job, long long count)
{
    static const double parts[] = { 0.1, 0.5, 0.9, 0.99, 0.999, 1 };
    if (job->member != 0) {
        /* No clock on this side: it would be part of the other's times. */
        move(job, count);
        puts("0 0 0 0 0 0");
        return;
    }
    int64_t *times = (int64_t *)buffer_of(count * sizeof *times);
    /* The end of one is the beginning of the next, so that each costs one look at the clock. */
    int64_t start = now();
    for (long long i = 0; i < count; i++) {
        move(job, 1);
        int64_t end = now();
        times[i] = end - start;
        start = end;
    }
    qsort(times, count, sizeof *times, by_length);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        printf("%s%lld", i > 0 ? " " : "", (long long)times[(long long)(parts[i] * (count - 1))]);
    puts("");
    free(times);
}

static inline void answer_run(const struct job *job, long long count)
{
    int64_t start = now();
    move(job, count);
    printf("%lld 0\n", (long long)(now() - start));
}

/* A message's number in a fan: the sender in the 16 upper bits, and below how many it has sent, this one included. */
static inline void answer_fan(const struct job *job, long long count)
{
    enum { COUNT_BITS = 48 };
    static uint64_t counts[MOST_MEMBERS];
    int64_t begun = now();
    if (job->sends) {
        for (long long i = 0; i < count; i++)
            send_message(job->size, (uint64_t)job->member << COUNT_BITS | ++counts[job->member]);
        printf("%lld 0\n", (long long)begun);
        return;
    }
    for (long long i = 0; i < (job->member == 0 ? count * job->many : count); i++) {
        uint64_t number = receive_message(job->size), sender = number >> COUNT_BITS;
        require(sender < MOST_MEMBERS, "sender");
        expect(number, sender << COUNT_BITS | ++counts[sender]);
    }
    printf("%lld 0\n", (long long)now());
}

/* Answers lines until there are no more. The first side is asked before the others exist: what must have met does so in meet, when a line
   has come, by which all are there; NULL where nothing must. */
static inline void serve(const struct job *job, void (*meet)(void))
{
    char line[128], verb[8];
    long long count;
    puts("ready");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) && sscanf(line, "%7s %lld", verb, &count) == 2 && count > 0) {
        if (meet != NULL)
            meet();
        if (job->fans) {
            answer_fan(job, count);
        } else {
            move(job, 1);
            (strcmp(verb, "times") == 0 ? answer_times : answer_run)(job, count);
        }
        fflush(stdout);
    }
}

#endif
