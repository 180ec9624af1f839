/* How long each of many round trips took: a line "p10 p50 p90 p99 p99.9 max", in nanoseconds. */
#ifndef TIMES_H
#define TIMES_H

#include "reference.h"

static inline int by_length(const void *one, const void *other)
{
    int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
    return (a > b) - (a < b);
}

/* The room for so many times, written to once: a page fault is no part of a trip. */
static inline int64_t *room_for_times(long long count)
{
    int64_t *times = malloc((count + 1) * sizeof *times);
    require(times != NULL, "malloc");
    memset(times, 1, (count + 1) * sizeof *times);
    return times;
}

static inline void answer_times(int64_t *times, long long count)
{
    static const double parts[] = { 0.1, 0.5, 0.9, 0.99, 0.999, 1 };
    qsort(times, count, sizeof *times, by_length);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        printf("%s%lld", i ? " " : "", (long long)times[(long long)(parts[i] * (count - 1))]);
    puts("");
    fflush(stdout);
}

#endif
