/* Eclipse iceoryx: a topic each way, in a fan one for all. The sender borrows a chunk of shared memory, fills it and publishes it; the
   receiver takes it, reads it in place and gives it back. In one direction nothing is dropped: the publisher waits, in the library's own way,
   while the queue of a subscriber is full. In a round trip there is one message at a time, and the library's defaults do.
   spin looks for a message again and again, as iceoryx's own benchmark does (iceperf); block sleeps in a WaitSet. */
#include "../rival.h"
#include <chrono>
#include <iceoryx_hoofs/log/logmanager.hpp>
#include <iceoryx_posh/popo/untyped_publisher.hpp>
#include <iceoryx_posh/popo/untyped_subscriber.hpp>
#include <iceoryx_posh/popo/wait_set.hpp>
#include <iceoryx_posh/runtime/posh_runtime.hpp>
#include <iceoryx_versions.hpp>
#include <memory>
#include <string>
#include <thread>

using namespace iox;
using namespace iox::popo;

static std::unique_ptr<UntypedPublisher> out;
static std::unique_ptr<UntypedSubscriber> in;
static std::unique_ptr<WaitSet<>> sleeper;

static void say_version()
{
    printf("iceoryx %d.%d.%d\n", ICEORYX_VERSION_MAJOR, ICEORYX_VERSION_MINOR, ICEORYX_VERSION_PATCH);
}

static void send_message(size_t size, uint64_t number)
{
    auto loan = out->loan(size);
    if (loan.has_error()) {
        fputs("there is no chunk for a message\n", stderr);
        exit(1);
    }
    fill(loan.value(), size, number);
    out->publish(loan.value());
}

static uint64_t receive_message(size_t size)
{
    for (;;) {
        auto taken = in->take();
        if (!taken.has_error()) {
            uint64_t number = number_in(taken.value(), size);
            in->release(taken.value());
            return number;
        }
        if (sleeper)
            sleeper->wait();
    }
}

/* The daemon brings both together when it looks for new ones; what is published before that is lost. Of several subscribers the publisher
   cannot tell whether all are there: the first message of a fan, after which nobody sends until all have it, waits for them as its history. */
static void meet()
{
    while ((in && in->getSubscriptionState() != SubscribeState::SUBSCRIBED) || (out && !out->hasSubscribers()))
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

static capro::ServiceDescription topic(const std::string &name, const char *way)
{
    return { "samepage-bench", capro::IdString_t(cxx::TruncateToCapacity, name), capro::IdString_t(cxx::TruncateToCapacity, way) };
}

int main(int argc, char **argv)
{
    struct job job = parse_job(argc, argv);
    std::string name = argv[1];
    log::LogManager::GetLogManager().SetDefaultLogLevel(log::LogLevel::kWarn, log::LogLevelOutput::kHideLogLevel);
    runtime::PoshRuntime::initRuntime(RuntimeName_t(cxx::TruncateToCapacity, name + "." + argv[2]));

    PublisherOptions publisher;
    SubscriberOptions subscriber;
    subscriber.queueCapacity = depth_of(&job, MAX_SUBSCRIBER_QUEUE_CAPACITY);
    if (job.streams) {
        publisher.subscriberTooSlowPolicy = ConsumerTooSlowPolicy::WAIT_FOR_CONSUMER;
        subscriber.queueFullPolicy = QueueFullPolicy::BLOCK_PRODUCER;
    }
    if (job.fans)
        publisher.historyCapacity = subscriber.historyRequest = 1;
    if (job.sends)
        out = std::make_unique<UntypedPublisher>(topic(name, job.fans || job.member == 0 ? "there" : "back"), publisher);
    if (job.receives)
        in = std::make_unique<UntypedSubscriber>(topic(name, job.fans || job.member != 0 ? "there" : "back"), subscriber);
    if (in && !job.spins) {
        sleeper = std::make_unique<WaitSet<>>();
        require(!sleeper->attachState(*in, SubscriberState::HAS_DATA).has_error(), "attachState");
    }
    serve(&job, meet);
    /* Before the runtime that they belong to, whose end comes after this. */
    sleeper.reset();
    in.reset();
    out.reset();
}
