using Samepage.Channels;

namespace Samepage.Conformance.Topics;

/// <summary>Waiting for messages and for room, with a thread and without, alone and beside other things.</summary>
public sealed class TopicWaitingTests
{
    private static readonly TimeSpan _shortly = TimeSpan.FromMilliseconds(30);
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(WaitStrategy.SpinThenBlock)]
    [InlineData(WaitStrategy.BusySpin)]
    [InlineData(WaitStrategy.Block)]
    public void Messages_go_to_and_fro_whatever_way_of_waiting(WaitStrategy strategy)
    {
        using Topic there = Topic.Create(Expect.NewName(), Numbers.Small()), back = Topic.Create(Expect.NewName("back"), Numbers.Small());
        using TopicSubscriber subscriber = back.Subscribe(new SubscriptionOptions { Strategy = strategy });
        using TopicPublisher publisher = there.CreatePublisher(strategy);
        int rounds = strategy == WaitStrategy.BusySpin ? 30 : 300;
        using TopicSubscriber echoed = there.Subscribe(new SubscriptionOptions { Strategy = strategy });
        Task<bool> echo = Expect.Begin(() =>
        {
            using TopicPublisher answers = back.CreatePublisher(strategy);
            for (int i = 0; i < rounds; i++)
                Numbers.Publish(answers, Numbers.Of(echoed.Read(Token)) + 1);
            return true;
        });
        for (int i = 0; i < rounds; i++)
        {
            Numbers.Publish(publisher, i);
            Assert.Equal(i + 1, Numbers.Of(subscriber.Read(Token)));
        }
        Assert.True(Expect.Result(echo));
        Assert.False(subscriber.WaitToRead(_shortly, Token));
    }

    [Theory]
    [InlineData(WaitStrategy.SpinThenBlock)]
    [InlineData(WaitStrategy.BusySpin)]
    [InlineData(WaitStrategy.Block)]
    public void Waits_end_with_their_time_and_their_token(WaitStrategy strategy)
    {
        using Topic topic = Topic.Create(Expect.NewName(), Numbers.Small());
        using TopicSubscriber subscriber = topic.Subscribe(new SubscriptionOptions { Strategy = strategy });
        using TopicPublisher publisher = topic.CreatePublisher(strategy);
        // A new publisher is news; when that was looked at there is none.
        Assert.False(subscriber.TryRead(out _));
        Assert.False(subscriber.WaitToRead(TimeSpan.Zero, Token));
        Assert.False(subscriber.WaitToRead(_shortly, Token));
        using (var cancellation = new CancellationTokenSource(_shortly))
        {
            Assert.ThrowsAny<OperationCanceledException>(() => subscriber.Read(cancellation.Token));
            Assert.ThrowsAny<OperationCanceledException>(() => subscriber.WaitToRead(_shortly, cancellation.Token));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => subscriber.WaitToRead(TimeSpan.FromMilliseconds(-2), Token));
        _ = Numbers.Fill(publisher, 1_000);
        Assert.False(publisher.WaitToPublish(TimeSpan.Zero, Token));
        Assert.False(publisher.WaitToPublish(_shortly, Token));
        using (var cancellation = new CancellationTokenSource(_shortly))
            Assert.ThrowsAny<OperationCanceledException>(() => publisher.WaitToPublish(Timeout.InfiniteTimeSpan, cancellation.Token));
        Assert.True(subscriber.WaitToRead(TimeSpan.Zero, Token));
    }

    [Fact]
    public async Task Asynchronous_waits_end_with_their_time_and_their_token()
    {
        using Topic topic = Topic.Create(Expect.NewName(), Numbers.Small());
        using TopicSubscriber subscriber = topic.Subscribe();
        using TopicPublisher publisher = topic.CreatePublisher();
        Assert.False(subscriber.TryRead(out _));
        Assert.False(await subscriber.WaitToReadAsync(_shortly, Token));
        using (var cancellation = new CancellationTokenSource(_shortly))
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await subscriber.ReadAsync(cancellation.Token));
        Task<TopicMessage> read = subscriber.ReadAsync(Token).AsTask();
        Assert.False(read.IsCompleted);
        Numbers.Publish(publisher, 5);
        Assert.Equal(5, Numbers.Of(await read));
        int count = Numbers.Fill(publisher, 1_000);
        Assert.False(await publisher.WaitToPublishAsync(_shortly, Token));
        using (var cancellation = new CancellationTokenSource(_shortly))
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await publisher.PublishAsync(new byte[1_000], 0, cancellation.Token));
        Task<bool> published = publisher.PublishAsync(new byte[1_000], 9, Token).AsTask();
        Assert.False(published.IsCompleted);
        for (int i = 0; i < count; i++)
            Assert.Equal(i, Numbers.Of(await subscriber.ReadAsync(Token)));
        Assert.True(await published);
        Assert.Equal(9u, (await subscriber.ReadAsync(Token)).Kind);
    }

    [Fact]
    public async Task Messages_are_enumerated_as_they_come()
    {
        using Topic topic = Topic.Create(Expect.NewName(), Numbers.Small());
        using TopicSubscriber subscriber = topic.Subscribe();
        using TopicPublisher publisher = topic.CreatePublisher();
        Task<bool> publishing = Task.Run(async () =>
        {
            for (long i = 0; i < 5_000; i++)
            {
                Assert.True(await publisher.PublishAsync(BitConverter.GetBytes(i), 0, Token));
                if (i % 100 == 0)
                    await Task.Yield();
            }
            return true;
        }, Token);
        using var cancellation = new CancellationTokenSource();
        long next = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (TopicMessage message in subscriber.ReadAllAsync(cancellation.Token))
            {
                Assert.Equal(next++, BitConverter.ToInt64(message.Span));
                if (next == 5_000)
                    cancellation.Cancel();
            }
        });
        Assert.Equal(5_000, next);
        Assert.True(await publishing);
    }

    [Fact]
    public void Messages_and_room_are_waited_for_beside_events()
    {
        using Topic topic = Topic.Create(Expect.NewName(), Numbers.Small());
        using SharedEvent signal = SharedEvent.Create(Expect.NewName("event"), EventResetMode.AutoReset);
        using TopicSubscriber subscriber = topic.Subscribe();
        using TopicPublisher publisher = topic.CreatePublisher();
        Assert.False(subscriber.TryRead(out _));
        SharedWaitable[] either = [signal, subscriber.Readable];
        Assert.Equal(WaitResult.TimedOut, SharedWait.Any(either, _shortly).Result);
        signal.Set();
        Assert.Equal(0, SharedWait.Any(either).Index);
        Numbers.Publish(publisher, 1);
        for (int i = 0; i < 3; i++)
            Assert.Equal(1, SharedWait.Any(either, _shortly).Index);
        // Waiting takes nothing, and what was read is not there any more.
        Assert.Equal([1], Numbers.ReadAll(subscriber));
        Assert.Equal(WaitResult.TimedOut, SharedWait.Any(either, _shortly).Result);
        Task<SharedWaitResult> later = Expect.Begin(() => SharedWait.Any(either));
        Numbers.Publish(publisher, 2);
        Assert.Equal(1, Expect.Result(later).Index);
        Assert.Equal(WaitResult.TimedOut, SharedWait.All(either, _shortly).Result);
        signal.Set();
        Assert.Equal(WaitResult.Signaled, SharedWait.All(either, Peers.Peer.Patience).Result);
        Assert.Equal(WaitResult.TimedOut, signal.Wait(TimeSpan.Zero, Token));
        SharedWaitable[] room = [signal, publisher.Writable];
        Assert.Equal(1, SharedWait.Any(room).Index);
        _ = Numbers.Fill(publisher, 1_000);
        Assert.Equal(WaitResult.TimedOut, SharedWait.Any(room, _shortly).Result);
        Task<SharedWaitResult> made = Expect.Begin(() => SharedWait.Any(room));
        _ = Numbers.ReadAll(subscriber);
        // It says what it has read when it waits for more, or has read enough.
        Assert.Equal(1, Expect.Result(made).Index);
    }

    /// <summary>Where the oldest are dropped, one that is leased is in the way of the next.</summary>
    [Fact]
    public void Who_waits_for_a_leased_message_goes_on_when_it_has_been_read()
    {
        using Topic topic = Topic.Create(Expect.NewName(), Numbers.Small(TopicFullMode.DropOldest));
        using TopicSubscriber subscriber = topic.Subscribe();
        using TopicPublisher publisher = topic.CreatePublisher(WaitStrategy.Block);
        Numbers.Publish(publisher, 42);
        Assert.True(subscriber.TryRead(out TopicMessage message));
        int published = Numbers.Fill(publisher, 1_000);
        Task<bool> waiting = Expect.Begin(() => publisher.WaitToPublish(Timeout.InfiniteTimeSpan, Token));
        Assert.False(((IAsyncResult)waiting).AsyncWaitHandle.WaitOne(_shortly));
        message.Dispose();
        Assert.True(Expect.Result(waiting));
        Assert.True(Numbers.TryPublish(publisher, published, 1_000));
    }

    [Fact]
    public async Task Many_wait_for_one_end_and_all_are_told()
    {
        using Topic topic = Topic.Create(Expect.NewName(), Numbers.Small());
        using TopicSubscriber subscriber = topic.Subscribe();
        using TopicPublisher publisher = topic.CreatePublisher();
        Task<WaitResult>[] waits = [.. Enumerable.Range(0, 8).Select(i => i % 2 == 0
            ? Expect.Begin(() => subscriber.Readable.Wait(Token))
            : subscriber.Readable.WaitAsync(Token).AsTask())];
        Numbers.Publish(publisher, 1);
        Assert.All(await Task.WhenAll(waits), r => Assert.Equal(WaitResult.Signaled, r));
        Assert.Equal([1], Numbers.ReadAll(subscriber));
    }

    /// <summary>Nobody sleeps through a message, whoever is quicker: each side sleeps thousands of times.</summary>
    [Fact]
    public void Nobody_sleeps_through_a_message_or_room()
    {
        using Topic topic = Topic.Create(Expect.NewName(), Numbers.Small());
        using TopicSubscriber subscriber = topic.Subscribe(new SubscriptionOptions { Strategy = WaitStrategy.Block });
        int count = Expect.IsWine ? 2_000 : 20_000;
        Task<bool> publishing = Expect.Begin(() =>
        {
            using TopicPublisher publisher = topic.CreatePublisher(WaitStrategy.Block);
            var message = new byte[6_000];
            for (long i = 0; i < count; i++)
            {
                BitConverter.TryWriteBytes(message, i);
                Assert.True(publisher.Publish(message, 0, Token));
            }
            return true;
        });
        Task<bool> reading = Expect.Begin(() =>
        {
            for (long i = 0; i < count; i++)
                Assert.Equal(i, Numbers.Of(subscriber.Read(Token)));
            return true;
        });
        Assert.True(Expect.Result(publishing) && Expect.Result(reading));
    }
}
