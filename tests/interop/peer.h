/* A program that does what it is told, a line at a time: "ok …", or "error" and what GetLastError says. It ends with its input. */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 8
#define LINE 4096

static void failed(void)
{
    printf("error %lu\n", GetLastError());
}

static void done(BOOL success)
{
    if (success)
        printf("ok\n");
    else
        failed();
}

/* Splits at blanks; the number of words. A blank in a name is written as a tab. */
static int split(char *line, char *words[WORDS])
{
    int count = 0;
    char *at = strtok(line, " \r\n");

    while (at != NULL && count < WORDS)
    {
        char *c;
        for (c = at; *c != 0; c++)
            if (*c == '\t')
                *c = ' ';
        words[count++] = at;
        at = strtok(NULL, " \r\n");
    }
    return count;
}

static const WCHAR *wide(const char *text)
{
    static WCHAR buffers[2][LINE];
    static int next;
    WCHAR *buffer = buffers[next++ % 2];
    MultiByteToWideChar(CP_UTF8, 0, text, -1, buffer, LINE);
    return buffer;
}

/* The commands of one program. */
static void run(char *words[WORDS], int count);

int main(void)
{
    char line[LINE];
    char *words[WORDS];

    setvbuf(stdout, NULL, _IONBF, 0);
    while (fgets(line, sizeof line, stdin) != NULL)
    {
        int count = split(line, words);
        SetLastError(0);
        if (count > 0)
            run(words, count);
    }
    return 0;
}

static int is(char *words[WORDS], const char *verb)
{
    return strcmp(words[0], verb) == 0;
}

static long long number(const char *text)
{
    return _strtoi64(text, NULL, 0);
}
