/* latest NAME first|second still|written: the latest value of 64 bytes under a sequence lock, the least that a reader can do. The first side
   reads it, again when it met a write; the second one writes a new value as fast as it can, or does nothing.
   A writer that dies in the middle leaves readers without a value for ever, which is what the library's cell pays for.
   "run N" reads N values after one more; the first side's answer is the time in nanoseconds. */
#include "reference.h"

enum { WORDS = 8, BATCH = 64 };

struct page {
    _Alignas(128) _Atomic uint64_t sequence;    /* odd while the value is being written */
    _Atomic uint64_t value[WORDS];
    _Alignas(128) _Atomic uint64_t finished;    /* rounds that the reader is through with */
};

static void write_value(struct page *page, uint64_t number)
{
    uint64_t sequence = atomic_load_explicit(&page->sequence, memory_order_relaxed);
    atomic_store_explicit(&page->sequence, sequence + 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    for (int i = 0; i < WORDS; i++)
        atomic_store_explicit(&page->value[i], number, memory_order_relaxed);
    atomic_store_explicit(&page->sequence, sequence + 2, memory_order_release);
}

static uint64_t read_value(struct page *page)
{
    for (;;) {
        uint64_t sequence = atomic_load_explicit(&page->sequence, memory_order_acquire), value[WORDS];
        for (int i = 0; i < WORDS; i++)
            value[i] = atomic_load_explicit(&page->value[i], memory_order_relaxed);
        atomic_thread_fence(memory_order_acquire);
        if (sequence % 2 != 0 || atomic_load_explicit(&page->sequence, memory_order_relaxed) != sequence) {
            relax();
            continue;
        }
        if (value[0] != value[WORDS - 1] || value[3] != value[4])
            abort();
        return value[0];
    }
}

int main(int argc, char **argv)
{
    require(argc == 4, "usage");
    int first = strcmp(argv[2], "first") == 0, writes = strcmp(argv[3], "written") == 0;
    struct page *page = shared_page(argv[1], first);
    say_ready();

    char line[128];
    long long count;
    uint64_t number = 0;
    for (uint64_t round = 1; fgets(line, sizeof line, stdin) && sscanf(line, "run %lld", &count) == 1; round++) {
        int64_t start = now();
        if (first) {
            for (long long i = 0; i < count; i++)
                read_value(page);
            atomic_store(&page->finished, round);
        } else {
            while (atomic_load(&page->finished) < round)
                for (int i = 0; writes && i < BATCH; i++)
                    write_value(page, ++number);
        }
        answer(now() - start);
    }
    return 0;
}
