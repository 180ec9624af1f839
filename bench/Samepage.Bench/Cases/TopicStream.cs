using System.Globalization;
using System.Runtime.CompilerServices;
using Samepage.Bench.Harness;
using Samepage.Channels;

namespace Samepage.Bench.Cases;

/// <summary>Messages in one direction as fast as the other side reads them, through a topic, and through a bare lane of the library.</summary>
internal sealed class TopicStream : LaneSuite
{
    public const string Role = "topic-stream-";

    /// <summary>Of the C program's ring as well.</summary>
    private const long Capacity = 4 << 20;

    private static readonly int[] _sizes = [8, 64, 256, 1024];

    public TopicStream()
    {
        string name = UniqueName("topic-stream");
        Comparisons = [.. _sizes.SelectMany(size => ComparisonsOf(size, name))];
    }

    public override IReadOnlyList<Comparison> Comparisons { get; }

    private IEnumerable<Comparison> ComparisonsOf(int size, string name)
    {
        CountedContender topic = Pair("topic", Role, size, name);
        CountedContender lane = Pair("lane", BareLane.Role, size, name);
        Contender reference = LaneStream(size);
        yield return new(string.Create(CultureInfo.InvariantCulture, $"lane, {size:N0} B, one to one: a message"), lane, reference, Target.AtMost(1.25));
        yield return new(string.Create(CultureInfo.InvariantCulture, $"topic, {size:N0} B, one to one: a message"), topic, reference, Target.AtMost(1.25));
        yield return new(string.Create(CultureInfo.InvariantCulture, $"topic, {size:N0} B, against the lane"), topic, lane, Target.AtMost(1.3));
    }

    private CountedContender Pair(string title, string role, int size, string name) => CountedContender.InPair(
        string.Create(CultureInfo.InvariantCulture, $"{title}, {size:N0} B"), Own(
            PeerPair.Start((core, side) => PeerProcess.Own(core, processorCount: 2, $"{role}{size}", $"{name}-{role}{size}", side))));

    /// <summary>One of the two sides.</summary>
    public static void Serve(int size, string name, bool first)
    {
        using Topic topic = Get(name, first), answers = Get($"{name}-answers", first);
        using TopicPublisher publisher = (first ? topic : answers).CreatePublisher(WaitStrategy.BusySpin);
        using TopicSubscriber subscriber = (first ? answers : topic).Subscribe(
            new SubscriptionOptions { Strategy = WaitStrategy.BusySpin, History = SubscriptionOptions.All });
        ulong number = 0;
        PeerLoop.ServeRoundTrips(first
            ? count =>
            {
                for (long i = 0; i < count; i++)
                    Send(publisher, size, ++number);
                _ = subscriber.Read();
            }
        : count =>
        {
            for (long i = 0; i < count; i++)
                Words.Check(Next(subscriber).Span, ++number);
            _ = publisher.TryPublish([]);
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Send(TopicPublisher publisher, int size, ulong number)
    {
        TopicLoan loan;
        while (!publisher.TryLoan(size, out loan))
            _ = publisher.WaitToPublish(Timeout.InfiniteTimeSpan);
        Words.Fill(loan.Span, number);
        loan.Publish();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TopicMessage Next(TopicSubscriber subscriber)
    {
        TopicMessage message;
        while (!subscriber.TryRead(out message))
            _ = subscriber.WaitToRead(Timeout.InfiniteTimeSpan);
        return message;
    }

    private static Topic Get(string name, bool first) => first ? Topic.Create(name, new TopicOptions { Capacity = Capacity }) : Topic.Open(name);
}
