using Samepage.Bench.Rivals.Fans;
using Samepage.Channels;

namespace Samepage.Bench.Rivals.Samepage;

/// <summary>Topics, a queue where many send to one; messages are lent and leased: nothing is copied.</summary>
internal sealed class SamepageRival : OwnRival, IFanRival
{
    /// <summary>As many of the longest messages have room: one that is read, one that is written, and two on the way.</summary>
    private const int LeastMessages = 4;

    private const long UsualCapacity = 4 << 20;

    public override string Name => "Samepage topic";

    public override string NameIn(Job job) => job.Kind == JobKind.FanIn ? "Samepage queue" : Name;

    public override bool Can(Job job) => true;

    public override void Serve(Job job, string name, bool first)
    {
        WaitStrategy strategy = job.Blocks ? WaitStrategy.Block : WaitStrategy.BusySpin;
        using Topic there = Get($"{name}-there", job, first), back = Get($"{name}-back", job, first);
        using TopicPublisher publisher = (first ? there : back).CreatePublisher(strategy);
        using TopicSubscriber subscriber = (first ? back : there).Subscribe(
            new SubscriptionOptions { Strategy = strategy, History = SubscriptionOptions.All });
        var end = new TopicEnd(publisher, subscriber);
        RivalLoop.Serve(job, first, () => end);
    }

    public void ServeFan(Job job, string name, int member)
    {
        if (job.Kind == JobKind.FanOut)
            ServeTopic(job, name, member);
        else
            ServeQueue(job, name, member);
    }

    private static void ServeTopic(Job job, string name, int member)
    {
        using Topic topic = Get(name, job, member == 0);
        using TopicPublisher? publisher = job.Sends(member) ? topic.CreatePublisher() : null;
        using TopicSubscriber? subscriber = job.Sends(member) ? null : topic.Subscribe();
        var end = new TopicEnd(publisher, subscriber);
        FanSide<TopicEnd>.Serve(job, member, () => end);
    }

    private static void ServeQueue(Job job, string name, int member)
    {
        // A capacity is that of each sender: together they have as much as there is between two.
        using Queue queue = member == 0 ? Queue.Create(name, new QueueOptions { Capacity = UsualCapacity / job.Many }) : Queue.Open(name);
        using QueueSender? sender = job.Sends(member) ? queue.CreateSender() : null;
        using QueueReceiver? receiver = job.Sends(member) ? null : queue.CreateReceiver();
        var end = new QueueEnd(sender, receiver);
        FanSide<QueueEnd>.Serve(job, member, () => end);
    }

    private static Topic Get(string name, Job job, bool first) => first
        ? Topic.Create(name, new TopicOptions { Capacity = Math.Max(UsualCapacity, (long)LeastMessages * job.Size) })
        : Topic.Open(name);
}
