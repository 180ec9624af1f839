/* A semaphore: create NAME INITIAL MAXIMUM | open NAME | wait MILLISECONDS | release COUNT | close. */
#include "peer.h"

static HANDLE semaphore;

static void run(char *words[WORDS], int count)
{
    (void)count;
    if (is(words, "create"))
    {
        semaphore = CreateSemaphoreW(NULL, (LONG)number(words[2]), (LONG)number(words[3]), wide(words[1]));
        if (semaphore == NULL)
            failed();
        else
            printf("ok %lu\n", GetLastError());
    }
    else if (is(words, "open"))
        done((semaphore = OpenSemaphoreW(SYNCHRONIZE | SEMAPHORE_MODIFY_STATE, FALSE, wide(words[1]))) != NULL);
    else if (is(words, "wait"))
        printf("ok %lu\n", WaitForSingleObject(semaphore, (DWORD)number(words[1])));
    else if (is(words, "release"))
    {
        LONG before;
        if (ReleaseSemaphore(semaphore, (LONG)number(words[1]), &before))
            printf("ok %ld\n", before);
        else
            failed();
    }
    else if (is(words, "close"))
        done(CloseHandle(semaphore));
    else
        printf("unknown\n");
}
