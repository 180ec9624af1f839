/* mutex_uncontended: "run N" locks and unlocks a robust process-shared pthread mutex N times; the answer is in nanoseconds. */
#include "mutex.h"

int main(void)
{
    pthread_mutex_t *mutex = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    require(mutex != MAP_FAILED, "mmap");
    make_mutex(mutex);
    say_ready();

    char line[128];
    long long operations;
    while (fgets(line, sizeof line, stdin) && sscanf(line, "run %lld", &operations) == 1) {
        int64_t start = now();
        for (long long i = 0; i < operations; i++) {
            lock(mutex);
            unlock(mutex);
        }
        answer(now() - start);
    }
    return 0;
}
