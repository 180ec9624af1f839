using Samepage.Channels;

namespace Samepage.Processes;

/// <summary>Deaths while processes publish to a topic, subscribe to it, and sleep.</summary>
internal static class TopicScenarios
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(20);

    public static IEnumerable<CrashScenario> All { get; } =
    [
        new("make a topic", ["ChannelPrepared", "ChannelReady"], MakeTopic),
        new("become a publisher", ["LaneOwned", "SleeperAwake", "SleeperCareless", "LaneGrown", "PlacesCounted"], BecomePublisher),
        new("publish", ["RecordCleared", "RecordCommitted", "RecordCleared:7", "RecordCommitted:7"], Publish),
        new("publish as somebody sleeps", ["RecordCleared", "RecordCommitted"], PublishToSleeper),
        new("publish a batch", ["RecordCleared:3", "RecordCommitted:2", "BatchCommitted"], PublishBatch),
        new("fill a lane", ["ChunkBegun", "ChunkBegun:31", "ChunkBegun:32", "ChunkBegun:33", "ChunkGivenUp", "ChunkGivenUp:40"], FillLane),
        new("leave as a publisher", ["LaneLeft"], LeaveAsPublisher),
        new("become a subscriber", ["ReaderOwned", "PlacesCounted", "SleeperAwake", "SleeperCareless", "ReaderMoved", "ReaderMoved:5"], BecomeSubscriber),
        new("read", ["ReaderMoved", "ReaderMoved:3"], Read),
        new("fall asleep as a subscriber", ["SleeperCareful", "SleeperAsleep"], FallAsleepAsSubscriber),
        new("fall asleep as a publisher", ["SleeperCareful", "SleeperAsleep"], FallAsleepAsPublisher),
        new("be woken as a subscriber", ["SleeperAwake"], BeWokenAsSubscriber),
        new("leave as a subscriber", ["SleeperAwake", "SleeperCareless", "ReaderLeft"], LeaveAsSubscriber),
    ];

    private static void MakeTopic(string name, string point)
    {
        using var peer = new Peer();
        peer.Do($"arm {point}");
        peer.Begin($"topic {name}");
        peer.AssertDiedAtPoint(point);
        Assert.False(Topic.TryOpen(name, out _));
        using Topic topic = Topic.Create(name, Small(TopicFullMode.Wait));
        AssertUsable(topic);
    }

    private static void BecomePublisher(string name, string point)
    {
        using Topic topic = Topic.Create(name, Small(TopicFullMode.Wait) with { MaxPublishers = 1 });
        using Peer peer = Opened(name);
        peer.Do($"arm {point}");
        peer.Begin($"publisher {name}");
        peer.AssertDiedAtPoint(point);
        AssertUsable(topic);
    }

    /// <summary>What was committed is read, what was not was never there, and the lane is the next one's.</summary>
    private static void Publish(string name, string point)
    {
        using Topic topic = Topic.Create(name, Small(TopicFullMode.Wait) with { MaxPublishers = 1 });
        using TopicSubscriber subscriber = topic.Subscribe();
        using Peer peer = Opened(name, "publisher");
        peer.Do($"arm {point}");
        peer.Begin($"publish {name} 0 10 100");
        peer.AssertDiedAtPoint(point);
        int reached = point.EndsWith(":7", StringComparison.Ordinal) ? 7 : 1;
        AssertSees(subscriber, point.StartsWith("RecordCommitted", StringComparison.Ordinal) ? reached : reached - 1);
        AssertUsable(topic, subscriber);
    }

    /// <summary>Between the commit and the ring: the sleeper is told of the death, and finds the message.</summary>
    private static void PublishToSleeper(string name, string point)
    {
        using Topic topic = Topic.Create(name, Small(TopicFullMode.Wait) with { MaxPublishers = 1 });
        using Peer sleeper = Opened(name, "subscriber"), publisher = Opened(name, "publisher");
        sleeper.Begin($"receive {name} 1");
        sleeper.AssertAsleep();
        publisher.Do($"arm {point}");
        publisher.Begin($"publish {name} 5 1 100");
        publisher.AssertDiedAtPoint(point);
        if (point == "RecordCleared")
        {
            using TopicPublisher next = topic.CreatePublisher();
            Assert.True(next.TryPublish(BitConverter.GetBytes(5L)));
        }
        Assert.Equal("5", sleeper.Answer());
        AssertUsable(topic);
    }

    private static void PublishBatch(string name, string point)
    {
        using Topic topic = Topic.Create(name, Small(TopicFullMode.Wait) with { MaxPublishers = 1 });
        using TopicSubscriber subscriber = topic.Subscribe();
        using Peer peer = Opened(name, "publisher");
        peer.Do($"arm {point}");
        peer.Begin($"publish-batch {name} 0 5 100");
        peer.AssertDiedAtPoint(point);
        AssertSees(subscriber, point == "BatchCommitted" ? 5 : 0);
        AssertUsable(topic, subscriber);
    }

    private static void FillLane(string name, string point)
    {
        using Topic topic = Topic.Create(name, Small(TopicFullMode.DropOldest) with { MaxPublishers = 1 });
        using Peer peer = Opened(name, "publisher");
        peer.Do($"arm {point}");
        // Lengths that let a chunk begin far behind its row's position.
        peer.Begin($"publish {name} 0 3 20000");
        peer.Begin($"publish {name} 3 3000 72");
        peer.AssertDiedAtPoint(point);
        using (TopicSubscriber all = topic.Subscribe(new SubscriptionOptions { History = SubscriptionOptions.All }))
        {
            long? before = null;
            while (all.TryRead(out TopicMessage message))
            {
                long number = BitConverter.ToInt64(message.Span);
                Assert.Equal(before + 1 ?? number, number);
                before = number;
            }
            Assert.NotNull(before);
        }
        AssertUsable(topic);
    }

    private static void LeaveAsPublisher(string name, string point)
    {
        using Topic topic = Topic.Create(name, Small(TopicFullMode.Wait) with { MaxPublishers = 1 });
        using TopicSubscriber subscriber = topic.Subscribe();
        using Peer peer = Opened(name, "publisher");
        peer.Do($"publish {name} 0 3 100");
        peer.Do($"arm {point}");
        peer.Begin($"close pub-{name}");
        peer.AssertDiedAtPoint(point);
        AssertSees(subscriber, 3);
        AssertUsable(topic, subscriber);
    }

    private static void BecomeSubscriber(string name, string point)
    {
        using Topic topic = Topic.Create(name, Small(TopicFullMode.Wait) with { MaxSubscribers = 1 });
        using TopicPublisher publisher = topic.CreatePublisher();
        using Peer peer = Opened(name);
        peer.Do($"arm {point}");
        peer.Begin($"subscriber {name}");
        peer.AssertDiedAtPoint(point);
        AssertHeldUpByNobody(publisher);
        AssertUsable(topic);
    }

    private static void Read(string name, string point)
    {
        using Topic topic = Topic.Create(name, Small(TopicFullMode.Wait) with { MaxSubscribers = 1 });
        using TopicPublisher publisher = topic.CreatePublisher();
        using Peer peer = Opened(name, "subscriber");
        for (int i = 0; i < 50; i++)
            Assert.True(publisher.TryPublish(new byte[1_000]));
        peer.Do($"arm {point}");
        peer.Begin($"receive {name} 50");
        peer.AssertDiedAtPoint(point);
        AssertHeldUpByNobody(publisher);
        AssertUsable(topic);
    }

    private static void FallAsleepAsSubscriber(string name, string point)
    {
        using Topic topic = Topic.Create(name, Small(TopicFullMode.Wait) with { MaxSubscribers = 1 });
        using TopicPublisher publisher = topic.CreatePublisher();
        using Peer peer = Opened(name, "subscriber");
        peer.Do($"arm {point}");
        peer.Begin($"receive {name} 1");
        peer.AssertDiedAtPoint(point);
        AssertHeldUpByNobody(publisher);
        AssertUsable(topic);
    }

    private static void BeWokenAsSubscriber(string name, string point)
    {
        using Topic topic = Topic.Create(name, Small(TopicFullMode.Wait) with { MaxSubscribers = 1 });
        using TopicPublisher publisher = topic.CreatePublisher();
        using Peer peer = Opened(name, "subscriber");
        peer.Do($"arm {point}");
        peer.Begin($"receive {name} 2");
        peer.AssertAsleep();
        Assert.True(publisher.TryPublish(BitConverter.GetBytes(0L)));
        peer.AssertDiedAtPoint(point);
        AssertHeldUpByNobody(publisher);
        AssertUsable(topic);
    }

    private static void FallAsleepAsPublisher(string name, string point)
    {
        using Topic topic = Topic.Create(name, Small(TopicFullMode.Wait) with { MaxPublishers = 1 });
        using TopicSubscriber subscriber = topic.Subscribe();
        using Peer peer = Opened(name, "publisher");
        peer.Do($"arm {point}");
        peer.Begin($"publish {name} 0 1000 1000");
        peer.AssertDiedAtPoint(point);
        int seen = 0;
        for (; subscriber.TryRead(out TopicMessage message); seen++)
            Assert.Equal(seen, BitConverter.ToInt64(message.Span));
        Assert.InRange(seen, 60, 65);
        AssertUsable(topic, subscriber);
    }

    private static void LeaveAsSubscriber(string name, string point)
    {
        using Topic topic = Topic.Create(name, Small(TopicFullMode.Wait) with { MaxSubscribers = 1 });
        using TopicPublisher publisher = topic.CreatePublisher();
        using Peer peer = Opened(name, "subscriber");
        peer.Do($"arm {point}");
        peer.Begin($"close sub-{name}");
        peer.AssertDiedAtPoint(point);
        AssertHeldUpByNobody(publisher);
        AssertUsable(topic);
    }

    internal static TopicOptions Small(TopicFullMode mode) => new() { Capacity = 65536, FullMode = mode };

    internal static Peer Opened(string name, string? end = null)
    {
        var peer = new Peer();
        peer.Do($"topic {name}");
        if (end is not null)
            peer.Do($"{end} {name}");
        return peer;
    }

    /// <summary>Numbers from 0 on, so many, and no more.</summary>
    internal static void AssertSees(TopicSubscriber subscriber, int count)
    {
        for (long i = 0; i < count; i++)
        {
            Assert.True(subscriber.TryRead(out TopicMessage message));
            Assert.Equal(i, BitConverter.ToInt64(message.Span));
        }
        Assert.False(subscriber.TryRead(out _));
    }

    /// <summary>More than the topic holds, in time.</summary>
    internal static void AssertHeldUpByNobody(TopicPublisher publisher)
    {
        using var patience = new CancellationTokenSource(_bound);
        for (int i = 0; i < 200; i++)
            Assert.True(publisher.Publish(new byte[1_000], 0, patience.Token));
    }

    private static void AssertUsable(Topic topic)
    {
        using TopicSubscriber subscriber = topic.Subscribe();
        AssertUsable(topic, subscriber);
    }

    /// <summary>A new publisher finds a place, its messages come, and who sleeps for them is woken.</summary>
    private static void AssertUsable(Topic topic, TopicSubscriber subscriber)
    {
        using TopicPublisher publisher = topic.CreatePublisher();
        for (long i = 0; i < 1_000; i++)
        {
            Assert.True(publisher.TryPublish(BitConverter.GetBytes(i)));
            Assert.True(subscriber.WaitToRead(_bound));
            Assert.True(subscriber.TryRead(out TopicMessage message));
            Assert.Equal(i, BitConverter.ToInt64(message.Span));
        }
        Assert.Equal(0, subscriber.Missed);
    }
}
