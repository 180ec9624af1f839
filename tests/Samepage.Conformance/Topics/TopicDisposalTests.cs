using Samepage.Channels;

namespace Samepage.Conformance.Topics;

/// <summary>Handles and ends that are disposed, in every order.</summary>
public sealed class TopicDisposalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_ends_outlive_the_handle_and_the_topic_lives_with_them()
    {
        string name = Expect.NewName();
        Topic topic = Topic.Create(name);
        TopicSubscriber subscriber = topic.Subscribe();
        TopicPublisher publisher = topic.CreatePublisher();
        topic.Dispose();
        topic.Dispose();
        Assert.Throws<ObjectDisposedException>(() => topic.CreatePublisher());
        Assert.Throws<ObjectDisposedException>(() => topic.Subscribe());
        Numbers.Publish(publisher, 1);
        publisher.Dispose();
        publisher.Dispose();
        Assert.True(Topic.Exists(name));
        Assert.Equal([1], Numbers.ReadAll(subscriber));
        subscriber.Dispose();
        subscriber.Dispose();
        Assert.False(Topic.Exists(name));
        using Topic next = Topic.Create(name);
        using TopicSubscriber late = next.Subscribe(new SubscriptionOptions { History = SubscriptionOptions.All });
        Assert.Empty(Numbers.ReadAll(late));
    }

    [Theory]
    [InlineData("tps")]
    [InlineData("tsp")]
    [InlineData("pts")]
    [InlineData("pst")]
    [InlineData("stp")]
    [InlineData("spt")]
    public void Each_order_of_leaving_is_good(string order)
    {
        string name = Expect.NewName();
        Topic topic = Topic.Create(name);
        TopicSubscriber subscriber = topic.Subscribe();
        TopicPublisher publisher = topic.CreatePublisher();
        Numbers.Publish(publisher, 1, 2);
        Assert.True(subscriber.TryRead(out TopicMessage leased));
        Assert.True(publisher.TryLoan(8, out TopicLoan loan));
        foreach (char one in order)
        {
            Assert.True(Topic.Exists(name));
            IDisposable leaves = one switch { 't' => topic, 'p' => publisher, _ => subscriber };
            leaves.Dispose();
        }
        loan.Dispose();
        leased.Dispose();
        Assert.False(Topic.Exists(name));
        Assert.Throws<ObjectDisposedException>(() => publisher.TryPublish([]));
        Assert.Throws<ObjectDisposedException>(() => publisher.TryLoan(1, out _));
        Assert.Throws<ObjectDisposedException>(() => publisher.BeginBatch().Dispose());
        Assert.Throws<ObjectDisposedException>(() => publisher.WaitToPublish(TimeSpan.Zero, Token));
        Assert.Throws<ObjectDisposedException>(() => publisher.Writable.Wait(TimeSpan.Zero, Token));
        Assert.Throws<ObjectDisposedException>(() => subscriber.TryRead(out _));
        Assert.Throws<ObjectDisposedException>(() => subscriber.Read(Token));
        Assert.Throws<ObjectDisposedException>(() => subscriber.Lag);
        Assert.Throws<ObjectDisposedException>(() => subscriber.WaitToRead(TimeSpan.Zero, Token));
        Assert.Throws<ObjectDisposedException>(() => subscriber.Readable.Wait(TimeSpan.Zero, Token));
        Assert.Equal(0, subscriber.Missed + publisher.Dropped);
    }

    [Theory]
    [InlineData(WaitStrategy.SpinThenBlock)]
    [InlineData(WaitStrategy.BusySpin)]
    [InlineData(WaitStrategy.Block)]
    public void Who_waits_while_another_disposes_is_told(WaitStrategy strategy)
    {
        for (int round = 0; round < 20; round++)
        {
            Topic topic = Topic.Create(Expect.NewName(), Numbers.Small());
            TopicSubscriber subscriber = topic.Subscribe(new SubscriptionOptions { Strategy = strategy });
            Task<bool> reads = Begun(() => subscriber.WaitToRead(Timeout.InfiniteTimeSpan, Token));
            topic.Dispose();
            subscriber.Dispose();
            AssertTold(reads);
        }
    }

    [Fact]
    public void Who_waits_for_room_while_another_disposes_is_told()
    {
        for (int round = 0; round < 20; round++)
        {
            Topic topic = Topic.Create(Expect.NewName(), Numbers.Small());
            TopicSubscriber subscriber = topic.Subscribe();
            TopicPublisher publisher = topic.CreatePublisher(WaitStrategy.Block);
            _ = Numbers.Fill(publisher, 1_000);
            Task<bool> writes = Begun(() => publisher.WaitToPublish(Timeout.InfiniteTimeSpan, Token));
            topic.Dispose();
            publisher.Dispose();
            AssertTold(writes);
            subscriber.Dispose();
        }
    }

    [Fact]
    public void Who_waits_without_a_thread_is_told()
    {
        for (int round = 0; round < 20; round++)
        {
            Topic topic = Topic.Create(Expect.NewName(), Numbers.Small());
            TopicSubscriber subscriber = topic.Subscribe();
            Task<bool> reads = subscriber.WaitToReadAsync(Timeout.InfiniteTimeSpan, Token).AsTask();
            topic.Dispose();
            subscriber.Dispose();
            AssertTold(reads);
        }
    }

    /// <summary>A thread of its own runs, and has begun.</summary>
    private static Task<bool> Begun(Func<bool> function)
    {
        using var begun = new ManualResetEventSlim();
        Task<bool> task = Expect.Begin(() =>
        {
            begun.Set();
            return function();
        });
        begun.Wait(Token);
        return task;
    }

    /// <summary>It comes back and says so, or says that what it waits for is disposed.</summary>
    private static void AssertTold(Task<bool> waits)
    {
        try
        {
            Assert.True(Expect.Result(waits));
        }
        catch (ObjectDisposedException)
        {
        }
    }
}
