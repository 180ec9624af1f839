using System.Globalization;
using Samepage.Bench.Harness;

namespace Samepage.Bench.Cases;

/// <summary>Set, and wait for any of many auto-reset events of which the last is set, against a wait for that one alone.</summary>
internal sealed class AnyPingPong : Suite
{
    public const string Role = "any-";

    private static readonly int[] _counts = [2, 16, 128];

    public AnyPingPong()
    {
        string name = UniqueName("any");
        CountedContender Pair(string title, string role) => CountedContender.InPair(title, Own(
            PeerPair.Start((core, side) => PeerProcess.Own(core, processorCount: 1, role, $"{name}-{role}", side))));

        CountedContender one = Pair("event, blocking only", EventPingPong.Role);
        Comparisons =
        [
            .. _counts.Select(count => new Comparison(string.Create(CultureInfo.InvariantCulture, $"wait for any of {count}, two processes: round trip"),
                Pair(string.Create(CultureInfo.InvariantCulture, $"any of {count} events"), $"{Role}{count}"), one, null)),
        ];
    }

    public override IReadOnlyList<Comparison> Comparisons { get; }

    /// <summary>One of the two sides.</summary>
    public static void Serve(int count, string name, bool first)
    {
        SharedWaitable[] pings = Get($"{name}-ping", count, first);
        SharedWaitable[] pongs = Get($"{name}-pong", count, first);
        PeerLoop.ServeRoundTrips(rounds =>
        {
            (SharedWaitable[] mine, SharedWaitable[] others) = first ? (pongs, pings) : (pings, pongs);
            var signal = (SharedEvent)others[^1];
            for (long i = 0; i < rounds; i++)
            {
                if (first)
                    signal.Set();
                _ = SharedWait.Any(mine);
                if (!first)
                    signal.Set();
            }
        });
        foreach (SharedWaitable one in pings.Concat(pongs))
            one.Dispose();
    }

    private static SharedWaitable[] Get(string name, int count, bool first) =>
    [
        .. Enumerable.Range(0, count).Select(i => first ? SharedEvent.Create($"{name}-{i}", EventResetMode.AutoReset) : SharedEvent.Open($"{name}-{i}")),
    ];
}
