using Samepage.Bench.Harness;
using Samepage.Channels;

namespace Samepage.Bench.Cases;

/// <summary>Messages of 1 MiB through a topic: written and read in place, copied in and out, or lent with only their ends touched.</summary>
internal sealed class TopicLarge : LaneSuite
{
    public const string Role = "topic-large-";

    private const int Size = 1 << 20;
    private const int Edge = 64;
    private const long Capacity = 4 << 20;

    public TopicLarge()
    {
        string name = UniqueName("topic-large");
        CountedContender Pair(string what) => CountedContender.InPair($"topic, 1 MiB, {what}", Own(
            PeerPair.Start((core, side) => PeerProcess.Own(core, processorCount: 2, $"{Role}{what}", $"{name}-{what}", side))));

        CountedContender copied = Pair("copied");
        Comparisons =
        [
            new("topic, 1 MiB written and read in place", Pair("touched"), LaneTouched(), Target.AtMost(1.25)),
            new("topic, 1 MiB copied in and out", copied, LaneCopied(), Target.AtMost(1.25)),
            new("topic, 1 MiB copied in and out, against two memcpy", copied, TwoCopies(), Target.AtMost(1.11)),
            new("topic, 1 MiB lent, its ends touched", Pair("lent"), LaneLent(), Target.AtMost(1.25)),
        ];
    }

    public override IReadOnlyList<Comparison> Comparisons { get; }

    /// <summary>One of the two sides.</summary>
    public static void Serve(string what, string name, bool first)
    {
        using Topic topic = Get(name, first), answers = Get($"{name}-answers", first);
        using TopicPublisher publisher = (first ? topic : answers).CreatePublisher(WaitStrategy.BusySpin);
        using TopicSubscriber subscriber = (first ? answers : topic).Subscribe(
            new SubscriptionOptions { Strategy = WaitStrategy.BusySpin, History = SubscriptionOptions.All });
        byte[] own = new byte[Size];
        ulong number = 0;
        PeerLoop.ServeRoundTrips(first
            ? count =>
            {
                for (long i = 0; i < count; i++)
                    Send(publisher, what, own, ++number);
                _ = subscriber.Read();
            }
        : count =>
        {
            for (long i = 0; i < count; i++)
                Receive(subscriber, what, own, ++number);
            _ = publisher.TryPublish([]);
        });
    }

    private static void Send(TopicPublisher publisher, string what, byte[] own, ulong number)
    {
        TopicLoan loan;
        while (!publisher.TryLoan(Size, out loan))
            _ = publisher.WaitToPublish(Timeout.InfiniteTimeSpan);
        if (what == "touched")
            Words.Fill(loan.Span, number);
        else
            Ends(what == "copied" ? own : loan.Span, number);
        if (what == "copied")
            own.CopyTo(loan.Span);
        loan.Publish();
    }

    private static void Receive(TopicSubscriber subscriber, string what, byte[] own, ulong number)
    {
        using TopicMessage message = subscriber.Read();
        if (what == "touched")
        {
            Words.Check(message.Span, number);
            return;
        }
        if (what == "copied")
            message.Span.CopyTo(own);
        ReadOnlySpan<byte> read = what == "copied" ? own : message.Span;
        Words.Check(read[..Edge], number);
        Words.Check(read[^Edge..], number);
    }

    private static void Ends(Span<byte> message, ulong number)
    {
        Words.Fill(message[..Edge], number);
        Words.Fill(message[^Edge..], number);
    }

    private static Topic Get(string name, bool first) => first ? Topic.Create(name, new TopicOptions { Capacity = Capacity }) : Topic.Open(name);
}
