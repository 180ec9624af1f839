using Samepage.Channels;

namespace Samepage.Processes;

/// <summary>Topics whose publishers and subscribers are killed, stopped and go.</summary>
public sealed class TopicTests
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(TopicFullMode.Wait, false)]
    [InlineData(TopicFullMode.DropOldest, false)]
    [InlineData(TopicFullMode.DropNewest, false)]
    [InlineData(TopicFullMode.Wait, true)]
    [InlineData(TopicFullMode.DropOldest, true)]
    [InlineData(TopicFullMode.DropNewest, true)]
    public void A_killed_subscriber_holds_nobody_up(TopicFullMode mode, bool leased)
    {
        string name = $"killed-subscriber-{mode}-{leased}";
        using Topic topic = Topic.Create(name, TopicScenarios.Small(mode));
        using TopicPublisher publisher = topic.CreatePublisher();
        using Peer peer = TopicScenarios.Opened(name, "subscriber");
        Assert.True(publisher.TryPublish(new byte[1_000]));
        if (leased)
            Assert.Equal("True", peer.Do($"lease {name}"));
        while (publisher.Dropped == 0 && publisher.TryPublish(new byte[1_000]))
        {
            if (mode == TopicFullMode.DropOldest && !leased)
                break;
        }
        peer.Kill();
        // Whoever only tries, and never waits, gets room as well, when the death is known.
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!publisher.TryPublish(new byte[20_000]))
            Assert.True(clock.Elapsed < _bound, "a dead subscriber holds the publisher up");
        TopicScenarios.AssertHeldUpByNobody(publisher);
    }

    [Fact]
    public void A_publisher_that_sleeps_for_room_goes_on_when_the_subscriber_is_killed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "That a process sleeps is seen on Linux.");
        const string Name = "sleeping-publisher";
        using Topic topic = Topic.Create(Name, TopicScenarios.Small(TopicFullMode.Wait));
        using Peer subscriber = TopicScenarios.Opened(Name, "subscriber"), publisher = TopicScenarios.Opened(Name, "publisher");
        publisher.Begin($"publish {Name} 0 200 1000");
        publisher.AssertAsleep();
        subscriber.Kill();
        Assert.Equal("", publisher.Answer());
    }

    [Fact]
    public void What_a_killed_publisher_committed_is_read_and_its_lane_is_the_next_ones()
    {
        const string Name = "killed-publisher";
        using Topic topic = Topic.Create(Name, TopicScenarios.Small(TopicFullMode.Wait) with { MaxPublishers = 1 });
        using TopicSubscriber subscriber = topic.Subscribe();
        for (int round = 0; round < 3; round++)
        {
            using Peer peer = TopicScenarios.Opened(Name, "publisher");
            Assert.Throws<SharedObjectException>(() => topic.CreatePublisher());
            peer.Do($"publish {Name} 0 30 500");
            Assert.Equal("True", peer.Do($"lend {Name} 700"));
            peer.Kill();
            TopicScenarios.AssertSees(subscriber, 30);
        }
        using TopicPublisher next = topic.CreatePublisher();
        Assert.True(next.TryPublish(BitConverter.GetBytes(0L)));
        TopicScenarios.AssertSees(subscriber, 1);
    }

    [Fact]
    public void The_lane_of_one_that_was_killed_is_the_next_ones_before_its_end_is_told()
    {
        const string Name = "untold-publisher";
        using Topic topic = Topic.Create(Name, TopicScenarios.Small(TopicFullMode.Wait) with { MaxPublishers = 1, MaxSubscribers = 2 });
        using TopicSubscriber subscriber = topic.Subscribe();
        using Peer subscribing = TopicScenarios.Opened(Name, "subscriber"), publishing = TopicScenarios.Opened(Name, "publisher");
        // Whoever is refused watches those on whose account.
        Assert.Throws<SharedObjectException>(() => topic.CreatePublisher());
        Assert.Throws<SharedObjectException>(() => topic.Subscribe());
        using var untold = new UntoldDeaths();
        publishing.Kill();
        subscribing.Kill();
        using TopicPublisher next = topic.CreatePublisher();
        using TopicSubscriber more = topic.Subscribe();
    }

    [Fact]
    public void A_stopped_subscriber_of_a_topic_that_drops_the_oldest_holds_nobody_up()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The tests stop a process by a signal, which Windows does not have.");
        const string Name = "stopped-subscriber";
        using Topic topic = Topic.Create(Name, TopicScenarios.Small(TopicFullMode.DropOldest));
        using TopicPublisher publisher = topic.CreatePublisher();
        using Peer reads = TopicScenarios.Opened(Name, "subscriber"), sleeps = TopicScenarios.Opened(Name, "subscriber");
        Assert.True(publisher.TryPublish(BitConverter.GetBytes(0L)));
        Assert.Equal("0", reads.Do($"receive {Name} 1"));
        Assert.Equal("0", sleeps.Do($"receive {Name} 1"));
        sleeps.Begin($"receive {Name} 1");
        sleeps.AssertAsleep();
        reads.Stop();
        sleeps.Stop();
        for (long i = 0; i < 20_000; i++)
            Assert.True(publisher.TryPublish(BitConverter.GetBytes(i)));
        Assert.Equal(0, publisher.Dropped);
        reads.Continue();
        sleeps.Continue();
        Assert.NotEqual("0", reads.Do($"receive {Name} 1"));
        Assert.NotEqual("0", sleeps.Answer());
    }

    /// <summary>Publishers and subscribers at full speed, killed at whatever instruction they have reached: no survivor misses a message of another.</summary>
    [Fact]
    public void Survivors_see_each_message_of_survivors_once_and_in_order()
    {
        const string Name = "torture-topic";
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using Topic topic = Topic.Create(Name, TopicScenarios.Small(TopicFullMode.Wait));
        long id = 0;
        Peer Begin(bool publishes)
        {
            var peer = new Peer();
            peer.Do("arm");
            peer.Begin(publishes ? $"publish-forever {Name} {id++}" : $"subscribe-forever {Name}");
            return peer;
        }
        // The first of each is never killed.
        List<Peer> publishers = [Begin(true), Begin(true)], subscribers = [Begin(false), Begin(false)];
        try
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            int kills = 0;
            for (; clock.Elapsed < TimeSpan.FromSeconds(8); kills++)
            {
                bool publishes = random.Next(2) == 0;
                List<Peer> those = publishes ? publishers : subscribers;
                Assert.All(publishers.Concat(subscribers), p => Assert.False(p.HasExited, "a peer ended by itself"));
                those[1].Kill();
                those[1].Dispose();
                those[1] = Begin(publishes);
            }
            foreach (Peer peer in publishers.Concat(subscribers))
                peer.Begin("stop");
            foreach (Peer peer in publishers.Concat(subscribers))
            {
                string answer = peer.Answer();
                TestContext.Current.TestOutputHelper?.WriteLine($"{answer}, {kills} kills");
                Assert.DoesNotContain("FAULT", answer, StringComparison.Ordinal);
            }
        }
        finally
        {
            publishers.Concat(subscribers).ToList().ForEach(p => p.Dispose());
        }
        // The dead have given up their places.
        using TopicPublisher publisher = topic.CreatePublisher();
        TopicScenarios.AssertHeldUpByNobody(publisher);
    }
}
