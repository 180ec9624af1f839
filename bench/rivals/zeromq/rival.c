/* ZeroMQ over ipc://: a PAIR there and back for round trips; PUSH to PULL for a stream, and another such for the word at its end.
   XPUB to SUB from one to many, where the publisher waits for who is too slow (ZMQ_XPUB_NODROP); PUSH to PULL from many to one.
   Small messages are written where the library has made room for them (zmq_msg_init_size); large ones lie in buffers of this program, which
   the library sends from and gives back (zmq_msg_init_data, "zero-copy"). Received ones are read in place. Whoever waits sleeps in poll. */
#include "../rival.h"
#include <sched.h>
#include <semaphore.h>
#include <unistd.h>
#include <zmq.h>

/* Zero-copy is meant for large messages: the library keeps an account of each buffer until it has been sent. */
enum { LARGE = 65536 };

static void *out, *in;
static int depth;
static char *buffers;
static size_t stride, next;
static sem_t spare;
static int awaited;

/* In a thread of the library, in the order in which the buffers were sent. */
static void give_back(void *buffer, void *hint)
{
    (void)buffer, (void)hint;
    sem_post(&spare);
}

static void make_message(zmq_msg_t *message, size_t size)
{
    if (size < LARGE) {
        require(zmq_msg_init_size(message, size) == 0, "zmq_msg_init_size");
        return;
    }
    while (sem_wait(&spare) != 0)
        require(errno == EINTR, "sem_wait");
    require(zmq_msg_init_data(message, buffers + next++ % depth * stride, size, give_back, NULL) == 0, "zmq_msg_init_data");
}

static void say_version(void)
{
    int major, minor, patch;
    zmq_version(&major, &minor, &patch);
    printf("ZeroMQ %d.%d.%d\n", major, minor, patch);
}

static void send_message(size_t size, uint64_t number)
{
    zmq_msg_t message;
    make_message(&message, size);
    fill(zmq_msg_data(&message), size, number);
    require(zmq_msg_send(&message, out, 0) == (int)size, "zmq_msg_send");
}

static uint64_t receive_message(size_t size)
{
    zmq_msg_t message;
    zmq_msg_init(&message);
    require(zmq_msg_recv(&message, in, 0) == (int)size, "zmq_msg_recv");
    uint64_t number = number_in(zmq_msg_data(&message), size);
    zmq_msg_close(&message);
    return number;
}

/* The thread that does the input and output is not pinned with the one that sends and receives: it runs wherever the parent may. */
static void free_threads(void *context)
{
    cpu_set_t allowed;
    if (sched_getaffinity(getppid(), sizeof allowed, &allowed) != 0)
        return;
    for (int processor = 0; processor < CPU_SETSIZE; processor++) {
        if (CPU_ISSET(processor, &allowed))
            zmq_ctx_set(context, ZMQ_THREAD_AFFINITY_CPU_ADD, processor);
    }
}

/* In the abstract namespace of Linux: nothing is left behind. The library's bound of 1,000 messages holds for small ones; of large ones that
   would be gigabytes, on each side. */
static void *open_socket(void *context, int type, const char *name, const char *way, int first)
{
    char address[128];
    snprintf(address, sizeof address, "ipc://@%s.%s", name, way);
    void *socket = zmq_socket(context, type);
    require(socket != NULL, "zmq_socket");
    zmq_setsockopt(socket, ZMQ_SNDHWM, &depth, sizeof depth);
    zmq_setsockopt(socket, ZMQ_RCVHWM, &depth, sizeof depth);
    if (type == ZMQ_XPUB) {
        int yes = 1;
        require(zmq_setsockopt(socket, ZMQ_XPUB_NODROP, &yes, sizeof yes) == 0, "ZMQ_XPUB_NODROP");
        /* Each subscription is told, also when another has asked for the same. */
        require(zmq_setsockopt(socket, ZMQ_XPUB_VERBOSE, &yes, sizeof yes) == 0, "ZMQ_XPUB_VERBOSE");
    }
    if (type == ZMQ_SUB)
        require(zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0) == 0, "ZMQ_SUBSCRIBE");
    require((first ? zmq_bind : zmq_connect)(socket, address) == 0, address);
    return socket;
}

/* What is published before somebody has subscribed is not for it. */
static void meet(void)
{
    char subscription;
    for (; awaited > 0; awaited--)
        require(zmq_recv(out, &subscription, sizeof subscription, 0) == sizeof subscription, "zmq_recv");
}

int main(int argc, char **argv)
{
    struct job job = parse_job(argc, argv);
    depth = (int)depth_of(&job, 1000);
    if (job.size >= LARGE) {
        stride = (job.size + 63) / 64 * 64;
        buffers = (char *)buffer_of(depth * stride);
        sem_init(&spare, 0, depth);
    }
    void *context = zmq_ctx_new();
    free_threads(context);
    int first = job.member == 0;
    if (job.fans && first == job.sends) {
        out = in = open_socket(context, first ? ZMQ_XPUB : ZMQ_SUB, argv[1], "fan", first);
        awaited = first ? job.many : 0;
    } else if (job.fans) {
        out = in = open_socket(context, first ? ZMQ_PULL : ZMQ_PUSH, argv[1], "fan", first);
    } else if (job.streams) {
        out = open_socket(context, ZMQ_PUSH, argv[1], first ? "there" : "back", first);
        in = open_socket(context, ZMQ_PULL, argv[1], first ? "back" : "there", first);
    } else {
        out = in = open_socket(context, ZMQ_PAIR, argv[1], "pair", first);
    }
    serve(&job, meet);
    return 0;
}
