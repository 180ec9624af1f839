using Samepage.Channels;
using static Samepage.Processes.PauseScenario;
using static Samepage.Processes.TopicScenarios;

namespace Samepage.Processes;

/// <summary>Pauses while processes publish to a topic, subscribe to it, and sleep: places and what was not read are theirs.</summary>
internal static class TopicPauses
{
    public static IEnumerable<PauseScenario> All { get; } =
    [
        new("become a publisher", ["LaneOwned", "SleeperAwake", "LaneGrown", "PlacesCounted"], BecomePublisher),
        new("publish", ["RecordCleared", "RecordCommitted", "RecordCleared:7", "RecordCommitted:7"], Publish),
        new("publish a batch", ["RecordCleared:3", "BatchCommitted"], PublishBatch),
        new("fill a lane", ["ChunkBegun", "ChunkGivenUp"], FillLane),
        new("leave as a publisher", ["LaneLeft"], LeaveAsPublisher),
        new("become a subscriber", ["ReaderOwned", "PlacesCounted", "SleeperCareless", "ReaderMoved"], BecomeSubscriber),
        new("read", ["ReaderMoved"], Read),
        new("fall asleep as a subscriber", ["SleeperCareful", "SleeperAsleep"], FallAsleep),
        new("be woken as a subscriber", ["SleeperAwake"], BeWoken),
        new("leave as a subscriber", ["SleeperAwake", "SleeperCareless", "ReaderLeft"], LeaveAsSubscriber),
    ];

    private static void BecomePublisher(string name, string point)
    {
        using Topic topic = Topic.Create(name, Small(TopicFullMode.Wait) with { MaxPublishers = 1 });
        using TopicSubscriber subscriber = topic.Subscribe();
        using Peer peer = Opened(name);
        peer.StopAt(point, $"publisher {name}");
        AssertRefused(FailureReason.LimitReached, () => topic.CreatePublisher());
        using (topic.Subscribe())
            Assert.False(subscriber.TryRead(out _));
        peer.GoOn();
        peer.Do($"publish {name} 0 3 100");
        AssertSees(subscriber, 3);
    }

    private static void Publish(string name, string point)
    {
        using Topic topic = Topic.Create(name, Small(TopicFullMode.Wait) with { MaxPublishers = 2 });
        using TopicSubscriber subscriber = topic.Subscribe();
        using Peer peer = Opened(name, "publisher");
        peer.StopAt(point, $"publish {name} 0 10 100");
        int reached = point.EndsWith(":7", StringComparison.Ordinal) ? 7 : 1;
        int seen = point.StartsWith("RecordCommitted", StringComparison.Ordinal) ? reached : reached - 1;
        AssertSees(subscriber, seen);
        using (TopicPublisher other = topic.CreatePublisher())
        {
            AssertRefused(FailureReason.LimitReached, () => topic.CreatePublisher());
            Assert.True(other.TryPublish(BitConverter.GetBytes(77L)));
            Assert.Equal(77, Next(subscriber));
        }
        peer.GoOn();
        for (long i = seen; i < 10; i++)
            Assert.Equal(i, Next(subscriber));
        Assert.False(subscriber.TryRead(out _));
    }

    private static void PublishBatch(string name, string point)
    {
        using Topic topic = Topic.Create(name, Small(TopicFullMode.Wait) with { MaxPublishers = 1 });
        using TopicSubscriber subscriber = topic.Subscribe();
        using Peer peer = Opened(name, "publisher");
        peer.StopAt(point, $"publish-batch {name} 0 5 100");
        AssertSees(subscriber, point == "BatchCommitted" ? 5 : 0);
        AssertRefused(FailureReason.LimitReached, () => topic.CreatePublisher());
        peer.GoOn();
        AssertSees(subscriber, 5, from: point == "BatchCommitted" ? 5 : 0);
    }

    private static void FillLane(string name, string point)
    {
        using Topic topic = Topic.Create(name, Small(TopicFullMode.DropOldest) with { MaxPublishers = 1 });
        using Peer peer = Opened(name, "publisher");
        peer.StopAt(point, $"publish {name} 0 3000 72");
        AssertRefused(FailureReason.LimitReached, () => topic.CreatePublisher());
        AssertInOrder(topic);
        peer.GoOn();
        Assert.Equal(2999, AssertInOrder(topic));
    }

    private static void LeaveAsPublisher(string name, string point)
    {
        using Topic topic = Topic.Create(name, Small(TopicFullMode.Wait) with { MaxPublishers = 1 });
        using TopicSubscriber subscriber = topic.Subscribe();
        using Peer peer = Opened(name, "publisher");
        peer.Do($"publish {name} 0 3 100");
        peer.StopAt(point, $"close pub-{name}");
        AssertSees(subscriber, 3);
        using TopicPublisher next = topic.CreatePublisher();
        Assert.True(next.TryPublish(BitConverter.GetBytes(3L)));
        peer.GoOn();
        AssertSees(subscriber, 4, from: 3);
    }

    private static void BecomeSubscriber(string name, string point)
    {
        using Topic topic = Topic.Create(name, Small(TopicFullMode.Wait) with { MaxSubscribers = 1 });
        using TopicPublisher publisher = topic.CreatePublisher();
        using Peer peer = Opened(name);
        peer.StopAt(point, $"subscriber {name}");
        AssertRefused(FailureReason.LimitReached, () => topic.Subscribe());
        topic.CreatePublisher().Dispose();
        peer.GoOn();
        Assert.True(publisher.TryPublish(BitConverter.GetBytes(5L)));
        Assert.Equal("5", peer.Do($"receive {name} 1"));
    }

    /// <summary>What it has not read is kept for it: publishers that must not lose it wait.</summary>
    private static void Read(string name, string point)
    {
        using Topic topic = Topic.Create(name, Small(TopicFullMode.Wait) with { MaxSubscribers = 1 });
        using TopicPublisher publisher = topic.CreatePublisher();
        using Peer peer = Opened(name, "subscriber");
        long sent = 0;
        for (; sent < 50; sent++)
            Assert.True(publisher.TryPublish(Message(sent)));
        peer.StopAt(point, $"receive {name} 50");
        while (publisher.TryPublish(Message(sent)))
            sent++;
        Assert.False(publisher.WaitToPublish(Moment));
        AssertRefused(FailureReason.LimitReached, () => topic.Subscribe());
        Assert.Equal("49", peer.GoOn());
        Assert.Equal((sent - 1).ToString(null as IFormatProvider), peer.Do($"receive {name} {sent - 50}"));
        Assert.True(publisher.WaitToPublish(Bound));
    }

    private static void FallAsleep(string name, string point)
    {
        using Topic topic = Topic.Create(name, Small(TopicFullMode.Wait) with { MaxSubscribers = 1 });
        using TopicPublisher publisher = topic.CreatePublisher();
        using Peer peer = Opened(name, "subscriber");
        peer.StopAt(point, $"receive {name} 1");
        Assert.True(publisher.TryPublish(BitConverter.GetBytes(5L)));
        Assert.Equal("5", peer.GoOn());
    }

    private static void BeWoken(string name, string point)
    {
        using Topic topic = Topic.Create(name, Small(TopicFullMode.Wait) with { MaxSubscribers = 1 });
        using TopicPublisher publisher = topic.CreatePublisher();
        using Peer peer = Opened(name, "subscriber");
        peer.Do($"stop-at {point}");
        peer.Begin($"receive {name} 2");
        peer.AssertAsleep();
        Assert.True(publisher.TryPublish(BitConverter.GetBytes(5L)));
        peer.AssertStopped();
        Assert.True(publisher.TryPublish(BitConverter.GetBytes(6L)));
        Assert.Equal("6", peer.GoOn());
    }

    private static void LeaveAsSubscriber(string name, string point)
    {
        using Topic topic = Topic.Create(name, Small(TopicFullMode.Wait) with { MaxSubscribers = 1 });
        using TopicPublisher publisher = topic.CreatePublisher();
        using Peer peer = Opened(name, "subscriber");
        peer.StopAt(point, $"close sub-{name}");
        if (point == "ReaderLeft")
            topic.Subscribe().Dispose();
        else
            AssertRefused(FailureReason.LimitReached, () => topic.Subscribe());
        peer.GoOn();
        AssertHeldUpByNobody(publisher);
        topic.Subscribe().Dispose();
    }

    private static void AssertSees(TopicSubscriber subscriber, int count, int from = 0)
    {
        for (long i = from; i < count; i++)
            Assert.Equal(i, Next(subscriber));
        Assert.False(subscriber.TryRead(out _));
    }

    /// <summary>And says which came last.</summary>
    private static long AssertInOrder(Topic topic)
    {
        using TopicSubscriber all = topic.Subscribe(new SubscriptionOptions { History = SubscriptionOptions.All });
        long? before = null;
        while (all.TryRead(out TopicMessage message))
        {
            long number = BitConverter.ToInt64(message.Span);
            Assert.Equal(before + 1 ?? number, number);
            before = number;
        }
        return Assert.NotNull(before);
    }

    private static long Next(TopicSubscriber subscriber)
    {
        Assert.True(subscriber.WaitToRead(Bound));
        Assert.True(subscriber.TryRead(out TopicMessage message));
        return BitConverter.ToInt64(message.Span);
    }

    private static byte[] Message(long number)
    {
        var message = new byte[1_000];
        BitConverter.TryWriteBytes(message, number);
        return message;
    }
}
