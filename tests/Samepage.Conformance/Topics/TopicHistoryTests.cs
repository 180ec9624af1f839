using Samepage.Channels;

namespace Samepage.Conformance.Topics;

/// <summary>What those see who come later, and those who want some kinds only.</summary>
public sealed class TopicHistoryTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(7, 7)]
    [InlineData(200, 200)]
    [InlineData(5_000, 300)]
    [InlineData(SubscriptionOptions.All, 300)]
    public void Who_comes_later_begins_with_as_many_as_it_wants(long history, int seen)
    {
        using Topic topic = Topic.Create(Expect.NewName());
        TopicPublisher publisher = topic.CreatePublisher();
        for (int i = 0; i < 300; i++)
            Numbers.Publish(publisher, i);
        using TopicSubscriber during = topic.Subscribe(new SubscriptionOptions { History = history });
        // Whether the publisher is still there or not.
        publisher.Dispose();
        using TopicSubscriber after = topic.Subscribe(new SubscriptionOptions { History = history });
        using TopicPublisher next = topic.CreatePublisher();
        Numbers.Publish(next, 300);
        long[] expected = [.. Enumerable.Range(300 - seen, seen + 1).Select(n => (long)n)];
        Assert.Equal(expected, Numbers.ReadAll(during));
        Assert.Equal(expected, Numbers.ReadAll(after));
    }

    [Theory]
    [InlineData(TopicFullMode.Wait)]
    [InlineData(TopicFullMode.DropOldest)]
    [InlineData(TopicFullMode.DropNewest)]
    public void Of_a_lane_that_was_filled_many_times_the_last_part_is_there(TopicFullMode mode)
    {
        using Topic topic = Topic.Create(Expect.NewName(), Numbers.Small(mode));
        using TopicPublisher publisher = topic.CreatePublisher();
        var random = new Random(8);
        for (int i = 0; i < 3_000; i++)
        {
            Assert.True(Numbers.TryPublish(publisher, i, i % 50 == 0 ? random.Next(8, 30_000) : random.Next(8, 300)));
            if (i % 97 != 0)
                continue;
            using TopicSubscriber all = topic.Subscribe(new SubscriptionOptions { History = SubscriptionOptions.All });
            using TopicSubscriber some = topic.Subscribe(new SubscriptionOptions { History = 5 });
            using TopicSubscriber none = topic.Subscribe();
            long[] seen = Numbers.ReadAll(all);
            Assert.Equal(Enumerable.Range(i + 1 - seen.Length, seen.Length).Select(n => (long)n), seen);
            Assert.True(i < 1_000 || seen.Length > 0);
            Assert.Equal(seen.TakeLast(5), Numbers.ReadAll(some));
            Assert.Empty(Numbers.ReadAll(none));
            Assert.Equal((0, 0, 0), (all.Missed, some.Missed, none.Missed));
        }
    }

    [Fact]
    public void History_is_of_each_publisher()
    {
        using Topic topic = Topic.Create(Expect.NewName());
        using TopicPublisher one = topic.CreatePublisher(), other = topic.CreatePublisher();
        Numbers.Publish(one, 1, 2, 3);
        Numbers.Publish(other, 11, 12, 13);
        using TopicSubscriber subscriber = topic.Subscribe(new SubscriptionOptions { History = 2 });
        Assert.Equal([2, 3, 12, 13], Numbers.ReadAll(subscriber).Order());
    }

    [Fact]
    public void Kinds_are_chosen_from()
    {
        using Topic topic = Topic.Create(Expect.NewName(), Numbers.Small());
        using TopicSubscriber all = topic.Subscribe(), odd = topic.Subscribe(new SubscriptionOptions { Kinds = [1, 3, uint.MaxValue] });
        using TopicSubscriber none = topic.Subscribe(new SubscriptionOptions { Kinds = [] });
        using TopicPublisher publisher = topic.CreatePublisher();
        // Many times what the topic holds: what a filter passes by is read, too.
        for (int round = 0; round < 500; round++)
        {
            for (uint kind = 0; kind < 5; kind++)
                Assert.True(Numbers.TryPublish(publisher, kind, 100, kind));
            Assert.True(Numbers.TryPublish(publisher, 9, 100, uint.MaxValue));
            for (uint kind = 0; kind < 5; kind++)
            {
                Assert.True(all.TryRead(out TopicMessage message));
                Assert.Equal(kind, message.Kind);
            }
            Assert.True(all.TryRead(out TopicMessage last));
            Assert.Equal(uint.MaxValue, last.Kind);
            Assert.Equal([1, 3, 9], Numbers.ReadAll(odd));
            Assert.Empty(Numbers.ReadAll(none));
        }
    }

    [Fact]
    public void A_flood_that_a_filter_passes_by_does_not_hide_another_publisher()
    {
        using Topic topic = Topic.Create(Expect.NewName(), Numbers.Small(TopicFullMode.DropOldest));
        using TopicPublisher flood = topic.CreatePublisher(), quiet = topic.CreatePublisher();
        using TopicSubscriber subscriber = topic.Subscribe(new SubscriptionOptions { Kinds = [1] });
        using var stop = new CancellationTokenSource();
        long flooded = 0;
        Task<bool> flooding = Expect.Begin(() =>
        {
            while (!stop.IsCancellationRequested)
                _ = Numbers.TryPublish(flood, Interlocked.Increment(ref flooded));
            return true;
        });
        Expect.Eventually(() => Interlocked.Read(ref flooded) > 0, "a flood");
        Task<long> reading = Expect.Begin(() =>
        {
            long count = 0;
            while (count < 1_000)
            {
                if (Numbers.TryRead(subscriber) is { } number)
                    Assert.Equal(count++, number);
            }
            return count;
        });
        for (int i = 0; i < 1_000; i++)
            Assert.True(Numbers.TryPublish(quiet, i, 8, kind: 1));
        Assert.Equal(1_000, Expect.Result(reading));
        stop.Cancel();
        Assert.True(Expect.Result(flooding));
    }
}
