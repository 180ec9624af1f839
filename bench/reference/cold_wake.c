/* cold_wake NAME first|second: the first side wakes the second, which has slept for a while, and spins until it has seen its answer.
   Both were idle meanwhile, so that it takes what a processor takes to come back, and caches that others have used.
   "run N MILLISECONDS" does so N times, each after so long a sleep, a second if the line does not say; the first side's answer is the time of
   all together, in nanoseconds, from before each wake until its answer was seen, without the sleeps. */
#include "futex.h"

struct page {
    _Alignas(128) _Atomic uint32_t call;
    _Alignas(128) _Atomic uint32_t reply;
};

static int64_t wake(struct page *page, uint32_t signal, long long milliseconds)
{
    struct timespec rest = { milliseconds / 1000, milliseconds % 1000 * 1000000 };
    nanosleep(&rest, NULL);
    int64_t start = now();
    atomic_store_explicit(&page->call, signal, memory_order_release);
    futex_wake(&page->call);
    while (atomic_load_explicit(&page->reply, memory_order_acquire) != signal)
        relax();
    return now() - start;
}

static void sleep_and_answer(struct page *page, uint32_t signal)
{
    uint32_t seen;
    while ((seen = atomic_load_explicit(&page->call, memory_order_acquire)) != signal)
        futex_wait(&page->call, seen);
    atomic_store_explicit(&page->reply, signal, memory_order_release);
}

int main(int argc, char **argv)
{
    require(argc == 3, "usage");
    int first = strcmp(argv[2], "first") == 0;
    struct page *page = shared_page(argv[1], first);
    say_ready();

    char line[128];
    uint32_t signal = 0;
    long long wakes, milliseconds = 1000;
    while (fgets(line, sizeof line, stdin) && sscanf(line, "run %lld %lld", &wakes, &milliseconds) >= 1) {
        int64_t total = 0;
        for (long long i = 0; i <= wakes; i++) {
            signal++;
            /* The first one is not counted: the other side may not be there yet. */
            if (!first)
                sleep_and_answer(page, signal);
            else if (i == 0)
                wake(page, signal, 0);
            else
                total += wake(page, signal, milliseconds);
        }
        answer(total);
    }
    return 0;
}
