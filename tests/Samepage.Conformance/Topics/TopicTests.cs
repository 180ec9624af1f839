using Samepage.Channels;

namespace Samepage.Conformance.Topics;

/// <summary>A topic as an object with a name, and who takes part in it.</summary>
public sealed class TopicTests
{
    [Fact]
    public void It_is_of_the_one_namespace()
    {
        string name = Expect.NewName();
        Expect.Refusal(FailureReason.NotFound, 2, () => Topic.Open(name));
        Assert.False(Topic.TryOpen(name, out _) || Topic.Exists(name));
        using Topic topic = Topic.Create(name);
        Assert.Equal((name, name, SharedObjectKind.Topic), (topic.Name, topic.Info.Name, topic.Info.Kind));
        Assert.True(Topic.Exists(name));
        Expect.Refusal(FailureReason.AlreadyExists, 183, () => Topic.Create(name));
        Expect.Refusal(FailureReason.WrongKind, 6, () => SharedMemory.Open(name));
        Expect.Refusal(FailureReason.WrongKind, 6, () => SharedMutex.Open(name));
        using SharedMemory section = SharedMemory.Create(name + "s", 100);
        Expect.Refusal(FailureReason.WrongKind, 6, () => Topic.Open(name + "s"));
        Expect.Refusal(FailureReason.WrongKind, 6, () => Topic.CreateOrOpen(name + "s"));
        Assert.False(Topic.Exists(name + "s"));
        // What it is made of is nobody's business.
        using TopicSubscriber subscriber = topic.Subscribe();
        Assert.False(subscriber.WaitToRead(TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken));
        Assert.Equal([name, name + "s"], SharedObjects.List().Select(o => o.Name!).Where(n => n.Contains(name, StringComparison.Ordinal)).Order());
    }

    [Fact]
    public void Who_opens_it_finds_it_as_it_was_made()
    {
        string name = Expect.NewName();
        using Topic made = Topic.CreateOrOpen(name, out bool created, Numbers.Small(TopicFullMode.DropNewest) with { MaxPublishers = 1, MaxSubscribers = 2 });
        Assert.True(created);
        using Topic opened = Topic.CreateOrOpen(name, out created, new TopicOptions { Capacity = 1 << 20, FullMode = TopicFullMode.Wait });
        Assert.False(created);
        using Topic again = Topic.Open(name);
        foreach (Topic topic in new[] { made, opened, again })
            Assert.Equal(TopicFullMode.DropNewest, topic.FullMode);
        using TopicPublisher publisher = opened.CreatePublisher();
        Assert.Equal(65536 / 2 - 16, publisher.LongestMessage);
        Expect.Refusal(FailureReason.LimitReached, 298, () => made.CreatePublisher());
        using TopicSubscriber first = made.Subscribe(), second = again.Subscribe();
        Expect.Refusal(FailureReason.LimitReached, 298, () => opened.Subscribe());
        first.Dispose();
        publisher.Dispose();
        using TopicSubscriber third = opened.Subscribe();
        using TopicPublisher next = made.CreatePublisher();
        Numbers.Publish(next, 1);
        Assert.Equal([1], Numbers.ReadAll(third));
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        string name = Expect.NewName();
        Assert.ThrowsAny<ArgumentException>(() => Topic.Create(name, new TopicOptions { Capacity = 0 }));
        Assert.ThrowsAny<ArgumentException>(() => Topic.Create(name, new TopicOptions { Capacity = (4L << 30) + 1 }));
        Assert.ThrowsAny<ArgumentException>(() => Topic.Create(name, new TopicOptions { MaxPublishers = 0 }));
        Assert.ThrowsAny<ArgumentException>(() => Topic.Create(name, new TopicOptions { MaxSubscribers = 1_024 }));
        Assert.ThrowsAny<ArgumentException>(() => Topic.Create(name, new TopicOptions { FullMode = (TopicFullMode)3 }));
        Assert.ThrowsAny<ArgumentException>(() => Topic.Create(name, new TopicOptions { Access = SharedAccess.Everyone }));
        Assert.False(Topic.Exists(name));
        using Topic topic = Topic.Create(name, Numbers.Small() with { MaxPublishers = 1, MaxSubscribers = 1 });
        for (int i = 0; i < 3; i++)
        {
            Assert.ThrowsAny<ArgumentException>(() => topic.CreatePublisher((WaitStrategy)3));
            Assert.ThrowsAny<ArgumentException>(() => topic.Subscribe(new SubscriptionOptions { Strategy = (WaitStrategy)3 }));
            Assert.ThrowsAny<ArgumentException>(() => topic.Subscribe(new SubscriptionOptions { History = -1 }));
        }
        using TopicPublisher publisher = topic.CreatePublisher();
        using TopicSubscriber subscriber = topic.Subscribe();
        Assert.ThrowsAny<ArgumentException>(() => publisher.TryLoan(-1, out _));
    }

    [Fact]
    public void A_message_is_as_long_as_half_the_capacity()
    {
        using Topic topic = Topic.Create(Expect.NewName(), Numbers.Small());
        using TopicSubscriber subscriber = topic.Subscribe();
        using TopicPublisher publisher = topic.CreatePublisher();
        var longest = new byte[publisher.LongestMessage];
        Random.Shared.NextBytes(longest);
        Assert.True(publisher.TryPublish(longest));
        Assert.True(publisher.TryPublish([]));
        Assert.Contains(topic.Name, Assert.Throws<ArgumentException>(() => publisher.TryPublish(new byte[longest.Length + 1])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => publisher.TryLoan(longest.Length + 1, out _));
        Assert.True(subscriber.TryRead(out TopicMessage message));
        Assert.True(message.Span.SequenceEqual(longest));
        Assert.True(subscriber.TryRead(out message));
        Assert.Equal(0, message.Length);
        Assert.False(subscriber.TryRead(out _));
    }

    [Fact]
    public void Everyone_sees_every_message_of_each_publisher_in_order()
    {
        using Topic topic = Topic.Create(Expect.NewName()), other = Topic.Open(topic.Name);
        TopicSubscriber[] subscribers = [topic.Subscribe(), other.Subscribe(), topic.Subscribe()];
        TopicPublisher[] publishers = [topic.CreatePublisher(), other.CreatePublisher(), topic.CreatePublisher(), other.CreatePublisher()];
        for (int number = 0; number < 500; number++)
        {
            for (int p = 0; p < publishers.Length; p++)
                Numbers.Publish(publishers[p], p * 1_000 + number);
        }
        foreach (TopicSubscriber subscriber in subscribers)
        {
            Assert.Equal(2_000, subscriber.Lag);
            long[] read = Numbers.ReadAll(subscriber);
            Assert.Equal(0, subscriber.Lag);
            for (int p = 0; p < publishers.Length; p++)
                Assert.Equal(Enumerable.Range(p * 1_000, 500).Select(n => (long)n), read.Where(n => n / 1_000 == p));
            subscriber.Dispose();
        }
        foreach (TopicPublisher publisher in publishers)
            publisher.Dispose();
    }

    [Fact]
    public void Publishers_and_subscribers_come_and_go()
    {
        using Topic topic = Topic.Create(Expect.NewName(), Numbers.Small() with { MaxPublishers = 3, MaxSubscribers = 4 });
        using TopicSubscriber steady = topic.Subscribe();
        var random = new Random(3);
        long next = 0, seen = 0;
        var come = new System.Collections.Generic.Queue<(TopicSubscriber Subscriber, long From)>();
        for (int round = 0; round < 400; round++)
        {
            using TopicPublisher publisher = topic.CreatePublisher();
            if (come.Count == 3 || come.Count > 0 && random.Next(3) == 0)
            {
                (TopicSubscriber leaves, long from) = come.Dequeue();
                using (leaves)
                    Assert.Equal(Enumerable.Range((int)from, (int)(next - from)).Select(n => (long)n), Numbers.ReadAll(leaves));
            }
            else
                come.Enqueue((topic.Subscribe(), next));
            for (int i = random.Next(40); i > 0; i--)
                Numbers.Publish(publisher, next++);
            while (Numbers.TryRead(steady) is { } number)
                Assert.Equal(seen++, number);
        }
        Assert.Equal(next, seen);
        foreach ((TopicSubscriber subscriber, _) in come)
            subscriber.Dispose();
    }

    [Fact]
    public void Lag_counts_what_has_not_been_read()
    {
        using Topic topic = Topic.Create(Expect.NewName());
        using TopicSubscriber subscriber = topic.Subscribe();
        Assert.Equal(0, subscriber.Lag);
        using TopicPublisher one = topic.CreatePublisher(), other = topic.CreatePublisher();
        Numbers.Publish(one, 1, 2, 3);
        Assert.Equal(3, subscriber.Lag);
        Numbers.Publish(other, 4);
        Assert.Equal(4, subscriber.Lag);
        Assert.NotNull(Numbers.TryRead(subscriber));
        Assert.Equal(3, subscriber.Lag);
        _ = Numbers.ReadAll(subscriber);
        Assert.Equal(0, subscriber.Lag);
    }
}
