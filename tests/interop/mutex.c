/* A mutex: create NAME OWNED | open NAME | wait MILLISECONDS | release | close. */
#include "peer.h"

static HANDLE mutex;

static void run(char *words[WORDS], int count)
{
    (void)count;
    if (is(words, "create"))
    {
        mutex = CreateMutexW(NULL, number(words[2]) != 0, wide(words[1]));
        if (mutex == NULL)
            failed();
        else
            printf("ok %lu\n", GetLastError());
    }
    else if (is(words, "open"))
        done((mutex = OpenMutexW(SYNCHRONIZE | MUTEX_MODIFY_STATE, FALSE, wide(words[1]))) != NULL);
    else if (is(words, "wait"))
        printf("ok %lu\n", WaitForSingleObject(mutex, (DWORD)number(words[1])));
    else if (is(words, "release"))
        done(ReleaseMutex(mutex));
    else if (is(words, "close"))
        done(CloseHandle(mutex));
    else
        printf("unknown\n");
}
