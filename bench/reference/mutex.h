/* The mutex that SharedMutex is held against: shared between processes, and robust, since SharedMutex survives its owner's death too. */
#ifndef MUTEX_H
#define MUTEX_H

#include "reference.h"
#include <pthread.h>

static inline void make_mutex(pthread_mutex_t *mutex)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    require(pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED) == 0, "setpshared");
    require(pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST) == 0, "setrobust");
    require(pthread_mutex_init(mutex, &attributes) == 0, "pthread_mutex_init");
}

static inline void lock(pthread_mutex_t *mutex)
{
    if (pthread_mutex_lock(mutex) != 0)
        abort();
}

static inline void unlock(pthread_mutex_t *mutex)
{
    if (pthread_mutex_unlock(mutex) != 0)
        abort();
}

#endif
