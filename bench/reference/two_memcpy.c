/* two_memcpy: "run N" copies 1 MiB into shared memory and out again N times, in one process: what two copies cost, and nothing else.
   The answer is in nanoseconds. */
#include "reference.h"

enum { SIZE = 1 << 20, LAST = SIZE / sizeof(uint64_t) - 1 };

static uint64_t from[SIZE / sizeof(uint64_t)], to[SIZE / sizeof(uint64_t)];

int main(void)
{
    void *shared = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    require(shared != MAP_FAILED, "mmap");
    memset(from, 1, SIZE);
    memcpy(shared, from, SIZE);
    memcpy(to, shared, SIZE);
    say_ready();

    char line[128];
    long long messages;
    while (fgets(line, sizeof line, stdin) && sscanf(line, "run %lld", &messages) == 1) {
        int64_t start = now();
        for (long long i = 0; i < messages; i++) {
            from[0] = from[LAST] = i;
            memcpy(shared, from, SIZE);
            memcpy(to, shared, SIZE);
            /* That it arrived is looked at, or the compiler might leave the copies out. */
            if (to[0] != (uint64_t)i || to[LAST] != (uint64_t)i)
                abort();
        }
        answer(now() - start);
    }
    return 0;
}
