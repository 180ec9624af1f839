/* section NAME: the life of a named 4 KiB section in the C library's own calls.
   "create N" makes and removes one N times; "commit N" does so with memory reserved for it, as Samepage promises it;
   "open N" opens and closes an existing one N times. Answers are in nanoseconds. */
#include "reference.h"

enum { SIZE = 4096 };

static void map_and_unmap(int fd)
{
    void *p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    require(p != MAP_FAILED, "mmap");
    require(munmap(p, SIZE) == 0, "munmap");
}

static void create(const char *name, int commit)
{
    int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    require(fd >= 0, "shm_open");
    if (commit)
        require(posix_fallocate(fd, 0, SIZE) == 0, "posix_fallocate");
    else
        require(ftruncate(fd, SIZE) == 0, "ftruncate");
    map_and_unmap(fd);
    require(shm_unlink(name) == 0, "shm_unlink");
    close(fd);
}

static void reopen(const char *name)
{
    int fd = shm_open(name, O_RDWR, 0);
    require(fd >= 0, "shm_open");
    map_and_unmap(fd);
    close(fd);
}

int main(int argc, char **argv)
{
    require(argc == 2, "usage");
    char existing[256];
    snprintf(existing, sizeof existing, "%s.existing", argv[1]);
    int held = shm_open(existing, O_RDWR | O_CREAT | O_EXCL, 0600);
    require(held >= 0 && ftruncate(held, SIZE) == 0, "shm_open");
    say_ready();

    char line[128], verb[16];
    long long operations;
    while (fgets(line, sizeof line, stdin) && sscanf(line, "%15s %lld", verb, &operations) == 2) {
        int opens = strcmp(verb, "open") == 0;
        int commits = strcmp(verb, "commit") == 0;
        int64_t start = now();
        for (long long i = 0; i < operations; i++) {
            if (opens)
                reopen(existing);
            else
                create(argv[1], commits);
        }
        answer(now() - start);
    }
    shm_unlink(existing);
    return 0;
}
