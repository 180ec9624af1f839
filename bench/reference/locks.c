/* locks: "read N", "write N" take and give back a process-shared pthread_rwlock N times, "semaphore N" posts a process-shared semaphore and
   waits for it, with nobody else there. Answers are in nanoseconds. The C library has no robust lock of this kind: who dies holding it keeps it. */
#include "reference.h"
#include <pthread.h>
#include <semaphore.h>

struct page {
    _Alignas(128) pthread_rwlock_t lock;
    _Alignas(128) sem_t semaphore;
};

static void read_lock(struct page *page)
{
    require(pthread_rwlock_rdlock(&page->lock) == 0, "pthread_rwlock_rdlock");
    pthread_rwlock_unlock(&page->lock);
}

static void write_lock(struct page *page)
{
    require(pthread_rwlock_wrlock(&page->lock) == 0, "pthread_rwlock_wrlock");
    pthread_rwlock_unlock(&page->lock);
}

static void post_and_wait(struct page *page)
{
    sem_post(&page->semaphore);
    require(sem_wait(&page->semaphore) == 0, "sem_wait");
}

int main(void)
{
    struct page *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    require(page != MAP_FAILED, "mmap");
    pthread_rwlockattr_t attributes;
    pthread_rwlockattr_init(&attributes);
    pthread_rwlockattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_rwlock_init(&page->lock, &attributes);
    sem_init(&page->semaphore, 1, 0);
    say_ready();

    char line[128], verb[16];
    long long operations;
    while (fgets(line, sizeof line, stdin) && sscanf(line, "%15s %lld", verb, &operations) == 2) {
        void (*operate)(struct page *) = strcmp(verb, "read") == 0 ? read_lock : strcmp(verb, "write") == 0 ? write_lock : post_and_wait;
        int64_t start = now();
        for (long long i = 0; i < operations; i++)
            operate(page);
        answer(now() - start);
    }
    return 0;
}
