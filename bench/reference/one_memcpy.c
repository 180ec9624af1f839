/* one_memcpy SIZE: "run N" copies SIZE bytes N times from one part of memory to another, 4 MiB apart as in a ring: what moving them costs, and
   nothing else. The answer is in nanoseconds. */
#include "reference.h"

enum { RING = 4 << 20 };

int main(int argc, char **argv)
{
    require(argc == 2, "usage");
    size_t size = strtoull(argv[1], NULL, 10), room = size > RING ? size : RING;
    char *from = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0), *to = malloc(room);
    require(from != MAP_FAILED && to != NULL, "mmap");
    memset(from, 1, room);
    memset(to, 1, room);
    say_ready();

    char line[128];
    long long copies;
    while (fgets(line, sizeof line, stdin) && sscanf(line, "run %lld", &copies) == 1) {
        size_t at = 0;
        int64_t start = now();
        for (long long i = 0; i < copies; i++) {
            memcpy(to + at, from + at, size);
            /* Without this the compiler may leave out what nobody reads. */
            __asm__ volatile("" : : "r"(to + at) : "memory");
            at = at + 2 * size > room ? 0 : at + size;
        }
        answer(now() - start);
    }
    return 0;
}
