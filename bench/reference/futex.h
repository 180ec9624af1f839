/* The two calls of the kernel under every wake-up between processes: not private, since the word is in shared memory. */
#ifndef FUTEX_H
#define FUTEX_H

#include "reference.h"
#include <linux/futex.h>
#include <sys/syscall.h>

/* Sleeps if the word still has that value. Comes back for no reason too: look again. */
static inline void futex_wait(_Atomic uint32_t *word, uint32_t seen)
{
    syscall(SYS_futex, word, FUTEX_WAIT, seen, NULL, NULL, 0);
}

/* Wakes one, if there is one. */
static inline void futex_wake(_Atomic uint32_t *word)
{
    syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

#endif
