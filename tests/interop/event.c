/* An event: create NAME MANUAL SET | open NAME | wait MILLISECONDS | set | reset | close. */
#include "peer.h"

static HANDLE signal;

static void run(char *words[WORDS], int count)
{
    (void)count;
    if (is(words, "create"))
    {
        signal = CreateEventW(NULL, number(words[2]) != 0, number(words[3]) != 0, wide(words[1]));
        if (signal == NULL)
            failed();
        else
            printf("ok %lu\n", GetLastError());
    }
    else if (is(words, "open"))
        done((signal = OpenEventW(SYNCHRONIZE | EVENT_MODIFY_STATE, FALSE, wide(words[1]))) != NULL);
    else if (is(words, "wait"))
        printf("ok %lu\n", WaitForSingleObject(signal, (DWORD)number(words[1])));
    else if (is(words, "set"))
        done(SetEvent(signal));
    else if (is(words, "reset"))
        done(ResetEvent(signal));
    else if (is(words, "close"))
        done(CloseHandle(signal));
    else
        printf("unknown\n");
}
