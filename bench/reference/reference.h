/* What the reference programs share: a clock, named memory, and the line protocol of the benchmark's peers.
   A peer prints "ready", then answers each line on its standard input with one line, and ends with its input. */
#ifndef REFERENCE_H
#define REFERENCE_H

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static inline int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static inline void require(int good, const char *what)
{
    if (!good) {
        perror(what);
        exit(1);
    }
}

/* Between two looks at a word. Without it the processor has read ahead many times when the line arrives, and throws all of that away first. */
static inline void relax(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* Named memory that two peers share. The second to come takes the name away, so that nothing is left behind. */
static inline int shared_file(const char *name, int first, size_t size)
{
    int fd = shm_open(name, O_RDWR | (first ? O_CREAT | O_EXCL : 0), 0600);
    require(fd >= 0, "shm_open");
    if (first)
        require(ftruncate(fd, size) == 0, "ftruncate");
    else
        shm_unlink(name);
    return fd;
}

static inline void *shared_page(const char *name, int first)
{
    int fd = shared_file(name, first, 4096);
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    require(page != MAP_FAILED, "mmap");
    close(fd);
    return page;
}

static inline void say_ready(void)
{
    puts("ready");
    fflush(stdout);
}

/* The references allocate nothing, which is what the second number of an answer says. */
static inline void answer(long long value)
{
    printf("%lld 0\n", value);
    fflush(stdout);
}

#endif
