/* mutex_contended NAME first|second: two processes fight for one robust process-shared pthread mutex.
   "empty FROM TO" and "count FROM TO" lock and unlock between two moments of the monotonic clock, the latter with an increment under
   the lock; the answer is the number of pairs. "total" answers the counter, which must be the sum of all pairs under "count". */
#include "mutex.h"

struct page {
    pthread_mutex_t mutex;
    _Alignas(128) volatile long long counter;
};

/* How many pairs go by between two looks at the clock: as in the program that this one is compared with. */
enum { BATCH = 64 };

int main(int argc, char **argv)
{
    require(argc == 3, "usage");
    int first = strcmp(argv[2], "first") == 0;
    struct page *page = shared_page(argv[1], first);
    if (first)
        make_mutex(&page->mutex);
    say_ready();

    char line[128], verb[16];
    long long from, to;
    while (fgets(line, sizeof line, stdin) && sscanf(line, "%15s %lld %lld", verb, &from, &to) >= 1) {
        if (strcmp(verb, "total") == 0) {
            answer(page->counter);
            continue;
        }
        int counts = strcmp(verb, "count") == 0;
        long long pairs = 0;
        while (now() < from)
            ;
        while (now() < to) {
            for (int i = 0; i < BATCH; i++) {
                lock(&page->mutex);
                if (counts)
                    page->counter++;
                unlock(&page->mutex);
            }
            pairs += BATCH;
        }
        answer(pairs);
    }
    return 0;
}
