/* ping_pong NAME first|second futex|spin: two words in shared memory; each side sets one and waits for the other.
   futex sleeps at once (FUTEX_WAIT and FUTEX_WAKE, shared, no spinning): what the kernel asks for two wake-ups.
   spin never sleeps: two flights of a cache line, which nothing can undercut.
   "run N" makes N round trips; the first side's answer is the time in nanoseconds without the first of them. */
#include "futex.h"

struct page {
    _Alignas(128) _Atomic uint32_t ping;
    _Alignas(128) _Atomic uint32_t pong;
};

static int sleeps;

/* Each word counts the signals that it was given and is written by one side only, so that a signal is one flight of its line. */
static void set(_Atomic uint32_t *word, uint32_t signal)
{
    atomic_store_explicit(word, signal, memory_order_release);
    if (sleeps)
        futex_wake(word);
}

static void await(_Atomic uint32_t *word, uint32_t signal)
{
    uint32_t seen;
    while ((seen = atomic_load_explicit(word, memory_order_acquire)) != signal)
        if (sleeps)
            futex_wait(word, seen);
        else
            relax();
}

static void trip(struct page *page, int first)
{
    static uint32_t signal;
    signal++;
    if (first) {
        set(&page->ping, signal);
        await(&page->pong, signal);
    } else {
        await(&page->ping, signal);
        set(&page->pong, signal);
    }
}

int main(int argc, char **argv)
{
    require(argc == 4, "usage");
    int first = strcmp(argv[2], "first") == 0;
    sleeps = strcmp(argv[3], "futex") == 0;
    struct page *page = shared_page(argv[1], first);
    say_ready();

    char line[128];
    long long trips;
    while (fgets(line, sizeof line, stdin) && sscanf(line, "run %lld", &trips) == 1) {
        trip(page, first);    /* the other side may not be there yet */
        int64_t start = now();
        for (long long i = 0; i < trips; i++)
            trip(page, first);
        answer(now() - start);
    }
    return 0;
}
