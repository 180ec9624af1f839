/* Several objects: mutex NAME | event NAME | semaphore NAME, opened in the order of the wait | any MILLISECONDS | all MILLISECONDS |
   release INDEX | set INDEX | post INDEX. */
#include "peer.h"

static HANDLE objects[MAXIMUM_WAIT_OBJECTS];
static DWORD opened;

static void keep(HANDLE object)
{
    if (object != NULL)
        objects[opened++] = object;
    done(object != NULL);
}

static void run(char *words[WORDS], int count)
{
    (void)count;
    if (is(words, "mutex"))
        keep(OpenMutexW(SYNCHRONIZE | MUTEX_MODIFY_STATE, FALSE, wide(words[1])));
    else if (is(words, "event"))
        keep(OpenEventW(SYNCHRONIZE | EVENT_MODIFY_STATE, FALSE, wide(words[1])));
    else if (is(words, "semaphore"))
        keep(OpenSemaphoreW(SYNCHRONIZE | SEMAPHORE_MODIFY_STATE, FALSE, wide(words[1])));
    else if (is(words, "any") || is(words, "all"))
        printf("ok %lu\n", WaitForMultipleObjects(opened, objects, is(words, "all"), (DWORD)number(words[1])));
    else if (is(words, "release"))
        done(ReleaseMutex(objects[number(words[1])]));
    else if (is(words, "set"))
        done(SetEvent(objects[number(words[1])]));
    else if (is(words, "post"))
        done(ReleaseSemaphore(objects[number(words[1])], 1, NULL));
    else
        printf("unknown\n");
}
