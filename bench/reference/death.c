/* death PATH: "run N" forks N children that hold the FIFO PATH open, one after the other, kills each, and waits until poll(2) says so.
   The answer is the time from kill(2) to the return of poll(2), of all together, in nanoseconds. */
#include "reference.h"
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

static int64_t kill_one(const char *path)
{
    int ready[2];
    require(mkfifo(path, 0600) == 0, "mkfifo");
    require(pipe(ready) == 0, "pipe");
    pid_t child = fork();
    require(child >= 0, "fork");
    if (child == 0) {
        require(open(path, O_RDWR | O_NONBLOCK) >= 0, "open");
        require(write(ready[1], "", 1) == 1, "write");
        for (;;)
            pause();
    }
    char byte;
    require(read(ready[0], &byte, 1) == 1, "read");
    int fd = open(path, O_RDONLY | O_NONBLOCK);
    require(fd >= 0, "open");
    struct pollfd told = { .fd = fd };
    int64_t start = now();
    require(kill(child, SIGKILL) == 0, "kill");
    require(poll(&told, 1, -1) == 1 && (told.revents & POLLHUP), "poll");
    int64_t took = now() - start;
    waitpid(child, NULL, 0);
    close(fd);
    close(ready[0]);
    close(ready[1]);
    unlink(path);
    return took;
}

int main(int argc, char **argv)
{
    require(argc == 2, "usage");
    say_ready();
    char line[128];
    long long deaths;
    while (fgets(line, sizeof line, stdin) && sscanf(line, "run %lld", &deaths) == 1) {
        int64_t total = 0;
        for (long long i = 0; i < deaths; i++)
            total += kill_one(argv[1]);
        answer(total);
    }
    return 0;
}
