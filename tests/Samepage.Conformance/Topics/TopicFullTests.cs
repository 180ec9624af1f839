using Samepage.Channels;

namespace Samepage.Conformance.Topics;

/// <summary>What happens when there is no room.</summary>
public sealed class TopicFullTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_publisher_waits_for_the_slowest_and_nothing_is_lost()
    {
        using Topic topic = Topic.Create(Expect.NewName(), Numbers.Small());
        using TopicSubscriber slow = topic.Subscribe(), quick = topic.Subscribe();
        using TopicPublisher publisher = topic.CreatePublisher();
        int count = Numbers.Fill(publisher, 1_000);
        Assert.InRange(count, 60, 65);
        Assert.Equal(count, Numbers.ReadAll(quick).Length);
        Assert.False(Numbers.TryPublish(publisher, count, 1_000));
        Assert.False(publisher.WaitToPublish(TimeSpan.FromMilliseconds(20), Token));
        Assert.Equal(0, publisher.Dropped);
        using var cancelled = new CancellationTokenSource(20);
        Assert.Throws<OperationCanceledException>(() => publisher.Publish(new byte[1_000], 0, cancelled.Token));
        Task<bool> published = Expect.Begin(() => publisher.Publish(BitConverter.GetBytes((long)count), 0, Token));
        var read = new List<long>();
        Expect.Eventually(() =>
        {
            read.AddRange(Numbers.ReadAll(slow));
            return read.Count > count;
        }, "the last one comes");
        Assert.Equal(Enumerable.Range(0, count + 1).Select(n => (long)n), read);
        Assert.True(Expect.Result(published));
    }

    [Fact]
    public void Who_leaves_holds_nobody_up()
    {
        using Topic topic = Topic.Create(Expect.NewName(), Numbers.Small());
        TopicSubscriber slow = topic.Subscribe();
        using TopicSubscriber quick = topic.Subscribe();
        using TopicPublisher publisher = topic.CreatePublisher();
        int count = Numbers.Fill(publisher, 1_000);
        Task<bool> published = Expect.Begin(() => publisher.Publish(BitConverter.GetBytes((long)count), 0, Token));
        Assert.Equal(Enumerable.Range(0, count).Select(n => (long)n), Numbers.ReadAll(quick).Take(count));
        slow.Dispose();
        Assert.True(Expect.Result(published));
        Expect.Eventually(() => quick.Lag == 0 || Numbers.TryRead(quick) == count, "the last one comes");
        Assert.Equal(0, quick.Missed);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(1_000)]
    [InlineData(20_000)]
    public void The_oldest_make_room_and_those_missed_are_counted(int length)
    {
        using Topic topic = Topic.Create(Expect.NewName(), Numbers.Small(TopicFullMode.DropOldest));
        using TopicSubscriber subscriber = topic.Subscribe();
        using TopicPublisher publisher = topic.CreatePublisher();
        var random = new Random(5);
        long next = 0, expected = 0;
        for (int round = 0; round < 200; round++)
        {
            for (int i = random.Next(300_000 / length); i >= 0; i--)
                Assert.True(Numbers.TryPublish(publisher, next++, length));
            for (int i = random.Next(6_000 / length + 2); i > 0 && Numbers.TryRead(subscriber) is { } number; i--)
            {
                expected++;
                Assert.Equal(number + 1, expected + subscriber.Missed);
            }
        }
        expected += Numbers.ReadAll(subscriber).Length;
        Assert.Equal(next, expected + subscriber.Missed);
        Assert.True(subscriber.Missed > 0 && expected > 0);
        Assert.Equal(0, publisher.Dropped);
    }

    [Fact]
    public void A_message_that_is_leased_is_not_overwritten_and_what_comes_is_dropped()
    {
        using Topic topic = Topic.Create(Expect.NewName(), Numbers.Small(TopicFullMode.DropOldest));
        using TopicSubscriber subscriber = topic.Subscribe();
        using TopicPublisher publisher = topic.CreatePublisher();
        Numbers.Publish(publisher, 42);
        Assert.True(subscriber.TryRead(out TopicMessage message));
        int published = Numbers.Fill(publisher, 1_000);
        Assert.InRange(published, 60, 65);
        Assert.Equal(1, publisher.Dropped);
        Assert.Equal(42, BitConverter.ToInt64(message.Span));
        message.Dispose();
        Assert.True(Numbers.TryPublish(publisher, published, 1_000));
        long[] read = Numbers.ReadAll(subscriber);
        Assert.Equal(published + 1, read.Length + subscriber.Missed);
        Assert.Equal(published, read[^1]);
    }

    [Fact]
    public void The_newest_is_dropped_and_its_publisher_counts()
    {
        using Topic topic = Topic.Create(Expect.NewName(), Numbers.Small(TopicFullMode.DropNewest));
        using TopicSubscriber subscriber = topic.Subscribe();
        using TopicPublisher publisher = topic.CreatePublisher();
        long refused = 0;
        var accepted = new List<long>();
        var read = new List<long>();
        var random = new Random(6);
        for (int i = 0; i < 5_000; i++)
        {
            if (Numbers.TryPublish(publisher, i, random.Next(8, 1_000)))
                accepted.Add(i);
            else
                refused++;
            Assert.Equal(refused, publisher.Dropped);
            if (i % 1_000 == 0)
                read.AddRange(Numbers.ReadAll(subscriber));
        }
        Assert.False(publisher.Publish(new byte[publisher.LongestMessage], 0, Token));
        Assert.False(publisher.TryLoan(publisher.LongestMessage, out TopicLoan _));
        Assert.Equal(refused + 1, publisher.Dropped);
        read.AddRange(Numbers.ReadAll(subscriber));
        Assert.Equal(accepted, read);
        Assert.Equal(0, subscriber.Missed);
    }

    [Theory]
    [InlineData(TopicFullMode.DropOldest)]
    [InlineData(TopicFullMode.DropNewest)]
    public void Who_joins_makes_nobody_drop_anything(TopicFullMode mode)
    {
        using Topic topic = Topic.Create(Expect.NewName(), Numbers.Small(mode));
        using TopicPublisher publisher = topic.CreatePublisher();
        for (int i = 0; i < 5_000; i++)
            Numbers.Publish(publisher, i);
        using var stop = new CancellationTokenSource();
        long joined = 0;
        Task<bool> joining = Expect.Begin(() =>
        {
            for (; !stop.IsCancellationRequested; Interlocked.Increment(ref joined))
            {
                using TopicSubscriber subscriber = topic.Subscribe();
                _ = subscriber.TryRead(out _);
            }
            return true;
        });
        // All that is published meanwhile has room: whoever held up more than what it has not read would be seen here.
        for (int i = 0; i < 2_000 || (Interlocked.Read(ref joined) < 20 && !joining.IsCompleted); i++)
        {
            Numbers.Publish(publisher, i);
            Thread.Yield();
        }
        stop.Cancel();
        Assert.True(Expect.Result(joining));
        Assert.Equal(0, publisher.Dropped);
    }
}
