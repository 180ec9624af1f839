/* Boost.Interprocess message_queue, one for each receiver: a ring of messages in shared memory under a mutex, with two conditions to sleep on.
   send copies in, receive copies out; all messages have one priority, so that each is put in at the end at once. */
#include "../rival.h"
#include <boost/interprocess/ipc/message_queue.hpp>
#include <boost/version.hpp>
#include <memory>
#include <string>
#include <vector>

using boost::interprocess::message_queue;

static std::vector<std::unique_ptr<message_queue>> out;
static std::unique_ptr<message_queue> in;
static std::vector<std::string> names;
static void *outgoing, *incoming;
static size_t room;

static void say_version()
{
    printf("Boost %d.%d.%d\n", BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100);
}

static void send_message(size_t size, uint64_t number)
{
    fill(outgoing, size, number);
    for (auto &queue : out)
        queue->send(outgoing, size, 0);
}

static uint64_t receive_message(size_t size)
{
    message_queue::size_type received;
    unsigned int priority;
    in->receive(incoming, room, received, priority);
    require(received == size, "receive");
    return number_in(incoming, size);
}

static std::unique_ptr<message_queue> open_queue(const std::string &name, int receiver, const struct job &job)
{
    using namespace boost::interprocess;
    std::string path = name + "." + std::to_string(receiver);
    if (job.member != 0)
        return std::make_unique<message_queue>(open_only, path.c_str());
    names.push_back(path);
    return std::make_unique<message_queue>(create_only, path.c_str(), depth_of(&job, 65536), job.size, permissions(0600));
}

static void take_names_away()
{
    for (auto &name : names)
        message_queue::remove(name.c_str());
    names.clear();
}

int main(int argc, char **argv)
{
    struct job job = parse_job(argc, argv);
    std::string name = argv[1];
    room = job.size;
    outgoing = buffer_of(room);
    incoming = buffer_of(room);
    if (job.sends) {
        for (int receiver = first_channel(&job); receiver <= last_channel(&job); receiver++)
            out.push_back(open_queue(name, receiver, job));
    }
    if (job.receives)
        in = open_queue(name, job.member, job);
    serve(&job, take_names_away);
}
