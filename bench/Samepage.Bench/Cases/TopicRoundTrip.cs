using Samepage.Bench.Harness;
using Samepage.Channels;

namespace Samepage.Bench.Cases;

/// <summary>A message of 64 bytes there and one back, through a topic each way.</summary>
internal sealed class TopicRoundTrip : LaneSuite
{
    public const string Role = "topic-trip-";

    private const int Size = 64;

    public TopicRoundTrip()
    {
        string name = UniqueName("topic");
        CountedContender Pair(WaitStrategy strategy) => CountedContender.InPair($"topic, {strategy}", Own(
            PeerPair.Start((core, side) => PeerProcess.Own(core, processorCount: 2, $"{Role}{strategy}", $"{name}-{strategy}", side))));

        CountedContender spinning = Pair(WaitStrategy.BusySpin);
        CountedContender blocking = Pair(WaitStrategy.Block);
        Comparisons =
        [
            new("topic, 64 B, two processes: round trip, spinning", spinning, LaneRoundTrip(sleeps: false), Target.AtMost(1.25)),
            new("topic, 64 B, two processes: round trip, blocking only", blocking, LaneRoundTrip(sleeps: true), Target.AtMost(1.25)),
            new("topic, 64 B, two processes: round trip, spin then block", Pair(WaitStrategy.SpinThenBlock), spinning, null),
        ];
    }

    public override IReadOnlyList<Comparison> Comparisons { get; }

    /// <summary>One of the two sides.</summary>
    public static void Serve(WaitStrategy strategy, string name, bool first)
    {
        using Topic ping = Get($"{name}-ping", first), pong = Get($"{name}-pong", first);
        using TopicPublisher publisher = (first ? ping : pong).CreatePublisher(strategy);
        using TopicSubscriber subscriber = (first ? pong : ping).Subscribe(new SubscriptionOptions { Strategy = strategy, History = SubscriptionOptions.All });
        ulong number = 0;
        PeerLoop.ServeRoundTrips(count =>
        {
            for (long i = 0; i < count; i++)
            {
                number++;
                if (first)
                    Send(publisher, number);
                Receive(subscriber, number);
                if (!first)
                    Send(publisher, number);
            }
        });
    }

    private static void Send(TopicPublisher publisher, ulong number)
    {
        if (!publisher.TryLoan(Size, out TopicLoan loan))
            throw new InvalidOperationException("There is no room for one message.");
        Words.Fill(loan.Span, number);
        loan.Publish();
    }

    private static void Receive(TopicSubscriber subscriber, ulong number)
    {
        TopicMessage message;
        while (!subscriber.TryRead(out message))
            _ = subscriber.WaitToRead(Timeout.InfiniteTimeSpan);
        Words.Check(message.Span, number);
    }

    private static Topic Get(string name, bool first) => first ? Topic.Create(name) : Topic.Open(name);
}
