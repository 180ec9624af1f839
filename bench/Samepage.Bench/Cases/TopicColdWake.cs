using System.Diagnostics;
using Samepage.Bench.Harness;
using Samepage.Channels;

namespace Samepage.Bench.Cases;

/// <summary>A subscriber that has slept for a second: how soon the publisher has its answer.</summary>
internal sealed class TopicColdWake : LaneSuite
{
    public const string Role = "topic-cold";

    /// <summary>A sample is a sleep: of a second in a full run. By then a processor sleeps deeply.</summary>
    private const int Longer = 20;

    public TopicColdWake()
    {
        string name = UniqueName(Role);
        var cold = new ColdContender("topic, after a sleep", Own(
            PeerPair.Start((core, side) => PeerProcess.Own(core, processorCount: 2, Role, name, side))));
        Comparisons = [new("topic, a subscriber that has slept: there and back", cold, ColdWake(), Target.AtMost(1.25))];
    }

    public override IReadOnlyList<Comparison> Comparisons { get; }

    public override Rounds Of(Rounds usual) => usual with { Length = usual.Length * Longer };

    /// <summary>One of the two sides.</summary>
    public static void Serve(string name, bool first)
    {
        using Topic calls = Get($"{name}-calls", first), answers = Get($"{name}-answers", first);
        using TopicPublisher publisher = (first ? calls : answers).CreatePublisher();
        using TopicSubscriber subscriber = (first ? answers : calls).Subscribe(new SubscriptionOptions
        {
            Strategy = first ? WaitStrategy.BusySpin : WaitStrategy.Block,
            History = SubscriptionOptions.All,
        });
        PeerLoop.Serve(words =>
        {
            long nanoseconds = 0;
            for (long i = 0, count = long.Parse(words[1]); i < count; i++)
            {
                if (first)
                    Thread.Sleep(int.Parse(words[2]));
                long start = Stopwatch.GetTimestamp();
                if (first)
                    _ = publisher.TryPublish("wake"u8);
                subscriber.Read().Dispose();
                if (!first)
                    _ = publisher.TryPublish("here"u8);
                nanoseconds += (long)Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            }
            return nanoseconds;
        });
    }

    private static Topic Get(string name, bool first) => first ? Topic.Create(name) : Topic.Open(name);
}
