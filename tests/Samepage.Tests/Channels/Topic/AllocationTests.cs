using Samepage.Channels;
using Samepage.Tests.Support;

namespace Samepage.Tests.Channels.Topics;

/// <summary>What goes through a topic allocates nothing, whichever way it is written, waited for and read.</summary>
public sealed class AllocationTests
{
    private static readonly byte[] _message = new byte[200];

    [Theory]
    [InlineData(TopicFullMode.Wait)]
    [InlineData(TopicFullMode.DropOldest)]
    [InlineData(TopicFullMode.DropNewest)]
    public void A_message_allocates_nothing(TopicFullMode mode)
    {
        using Topic topic = Topic.Create(Scene.NewName(), new TopicOptions { Capacity = 65536, FullMode = mode });
        using TopicSubscriber subscriber = topic.Subscribe(), filtered = topic.Subscribe(new SubscriptionOptions { Kinds = [7] });
        using TopicPublisher publisher = topic.CreatePublisher(), other = topic.CreatePublisher();
        Allocation.IsNone(() =>
        {
            Assert.True(publisher.TryPublish(_message));
            Assert.True(other.Publish(_message, 7));
            Assert.True(publisher.TryLoan(300, out TopicLoan loan));
            loan.Publish(100, 1);
            using (publisher.BeginBatch())
            {
                Assert.True(publisher.TryPublish(_message));
                Assert.True(publisher.TryPublish(_message));
            }
            int count = 0;
            for (; subscriber.TryRead(out TopicMessage message); count += message.Span.Length > 0 ? 1 : 0)
            {
            }
            Assert.True(count == 5);
            Assert.True(filtered.TryRead(out TopicMessage one) && one.Kind == 7);
            Assert.False(filtered.TryRead(out _));
            Assert.True(subscriber.Lag == 0);
        });
    }

    [Fact]
    public void Full_and_empty_and_waits_that_end_allocate_nothing()
    {
        using Topic topic = Topic.Create(Scene.NewName(), new TopicOptions { Capacity = 65536 });
        using TopicSubscriber subscriber = topic.Subscribe();
        using TopicPublisher publisher = topic.CreatePublisher();
        Allocation.IsNone(() =>
        {
            while (publisher.TryPublish(_message))
            {
            }
            Assert.False(publisher.WaitToPublish(TimeSpan.FromTicks(1)));
            Assert.True(subscriber.WaitToRead(Timeout.InfiniteTimeSpan));
            while (subscriber.TryRead(out _))
            {
            }
            Assert.False(subscriber.WaitToRead(TimeSpan.FromTicks(1)));
            Assert.True(publisher.WaitToPublish(Timeout.InfiniteTimeSpan));
        }, calls: 50);
    }

    [Fact]
    public void Structs_allocate_nothing()
    {
        using Topic<long> topic = Topic<long>.Create(Scene.NewName());
        using TopicSubscriber<long> subscriber = topic.Subscribe();
        using TopicPublisher<long> publisher = topic.CreatePublisher();
        long next = 0;
        Allocation.IsNone(() =>
        {
            Assert.True(publisher.TryPublish(++next));
            Assert.True(subscriber.TryRead(out long read) && read == next);
        });
    }

    [Fact]
    public void Text_allocates_nothing_where_it_is_written()
    {
        using Topic topic = Topic.Create(Scene.NewName(), new TopicOptions { Capacity = 65536, FullMode = TopicFullMode.DropOldest });
        using TopicPublisher publisher = topic.CreatePublisher();
        string text = new('é', 300);
        Allocation.IsNone(() => Assert.True(publisher.TryPublish(text, Utf8StringSerializer.Instance)));
    }

    [Fact]
    public void A_message_that_somebody_sleeps_for_allocates_nothing_for_either()
    {
        // No larger than what a lane has from its beginning: where it grows, growth allocates.
        var small = new TopicOptions { Capacity = 65536 };
        using Topic there = Topic.Create(Scene.NewName(), small), back = Topic.Create(Scene.NewName("back"), small);
        using TopicSubscriber subscriber = back.Subscribe(new SubscriptionOptions { Strategy = WaitStrategy.Block });
        using TopicSubscriber echoed = there.Subscribe(new SubscriptionOptions { Strategy = WaitStrategy.Block });
        using TopicPublisher publisher = there.CreatePublisher(), answers = back.CreatePublisher();
        long[] mine = new long[Batches], others = new long[Batches];
        var echo = new Thread(() => CountBatches(others, () =>
        {
            using (echoed.Read())
                answers.TryPublish(_message);
        }));
        echo.Start();
        CountBatches(mine, () =>
        {
            publisher.TryPublish(_message);
            subscriber.Read().Dispose();
        });
        echo.Join();
        // The first time that one sleeps it makes a bell, and the first time that it finds the other asleep it opens that one's: both may come late, and once.
        Assert.True(mine.Count(b => b != 0) <= 2, string.Join(' ', mine));
        Assert.True(others.Count(b => b != 0) <= 2, string.Join(' ', others));
    }

    private const int Batches = 6;

    private static void CountBatches(long[] allocated, Action round)
    {
        for (int i = 0; i < 100; i++)
            round();
        for (int batch = 0; batch < allocated.Length; batch++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
                round();
            allocated[batch] = GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void An_idle_topic_is_small()
    {
        using Topic topic = Topic.Create(Scene.NewName());
        using TopicSubscriber subscriber = topic.Subscribe();
        using TopicPublisher publisher = topic.CreatePublisher();
        Assert.True(publisher.TryPublish(_message));
        Assert.True(subscriber.TryRead(out _));
        Assert.InRange(topic.Info.ResidentBytes, 1, 200 * 1024);
    }
}
