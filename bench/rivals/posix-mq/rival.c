/* POSIX message queues, one for each receiver: mq_send copies into the kernel, mq_receive out of it, and whoever waits sleeps there.
   As many messages lie in one as /proc/sys/fs/mqueue allows without privileges, and RLIMIT_MSGQUEUE, which holds for the sum
   of a user's queues. */
#include "../rival.h"
#include <fcntl.h>
#include <gnu/libc-version.h>
#include <mqueue.h>

static mqd_t out[MOST_MEMBERS], in;
static int outs;
static char names[MOST_MEMBERS][256];
static int named;
static void *outgoing, *incoming;
static size_t room;

static void say_version(void)
{
    printf("glibc %s\n", gnu_get_libc_version());
}

static void send_message(size_t size, uint64_t number)
{
    fill(outgoing, size, number);
    for (int i = 0; i < outs; i++)
        require(mq_send(out[i], (char *)outgoing, size, 0) == 0, "mq_send");
}

static uint64_t receive_message(size_t size)
{
    require(mq_receive(in, (char *)incoming, room, NULL) == (ssize_t)size, "mq_receive");
    return number_in(incoming, size);
}

static long limit_of(const char *what)
{
    char path[64];
    long limit;
    snprintf(path, sizeof path, "/proc/sys/fs/mqueue/%s_max", what);
    FILE *file = fopen(path, "r");
    require(file != NULL && fscanf(file, "%ld", &limit) == 1, path);
    fclose(file);
    return limit;
}

static mqd_t open_queue(const char *name, int receiver, int first, int mode)
{
    char *path = names[first ? named++ : 0];
    snprintf(path, sizeof *names, "/%s.%d", name, receiver);
    struct mq_attr attributes = { .mq_maxmsg = limit_of("msg"), .mq_msgsize = (long)room };
    mqd_t queue;
    do
        queue = first ? mq_open(path, mode | O_CREAT | O_EXCL, 0600, &attributes) : mq_open(path, mode);
    while (first && queue == (mqd_t)-1 && errno == EMFILE && (attributes.mq_maxmsg /= 2) > 0);
    require(queue != (mqd_t)-1, "mq_open");
    return queue;
}

static void take_names_away(void)
{
    while (named > 0)
        mq_unlink(names[--named]);
}

int main(int argc, char **argv)
{
    struct job job = parse_job(argc, argv);
    room = job.size;
    outgoing = buffer_of(room);
    incoming = buffer_of(room);
    if (job.sends) {
        for (int receiver = first_channel(&job); receiver <= last_channel(&job); receiver++)
            out[outs++] = open_queue(argv[1], receiver, job.member == 0, O_WRONLY);
    }
    if (job.receives)
        in = open_queue(argv[1], job.member, job.member == 0, O_RDONLY);
    serve(&job, take_names_away);
    return 0;
}
