using System.Globalization;
using Samepage.Bench.Harness;

namespace Samepage.Bench.Cases;

/// <summary>Set and wait without a thread that waits, against threads that wait; and beside many other waits that are pending.</summary>
internal sealed class AsyncPingPong : Suite
{
    public const string Role = "async-";

    private static readonly int[] _pending = [1, 100, 1_000, 10_000];

    public AsyncPingPong()
    {
        string name = UniqueName("async");
        CountedContender Pair(string title, string role) => CountedContender.InPair(title, Own(
            PeerPair.Start((core, side) => PeerProcess.Own(core, processorCount: 1, role, $"{name}-{role}", side))));

        CountedContender threads = Pair("event, blocking only", EventPingPong.Role);
        CountedContender[] waits =
            [.. _pending.Select(count => Pair(string.Create(CultureInfo.InvariantCulture, $"event, asynchronous, {count:N0} pending"), $"{Role}{count}"))];
        Comparisons =
        [
            new("asynchronous wait, two processes: round trip", waits[0], threads, Target.AtMost(2)) { MustNotAllocate = false },
            .. waits.Skip(1).Select(w => new Comparison($"{w.Name}: round trip", w, waits[0], null) { MustNotAllocate = false }),
        ];
    }

    public override IReadOnlyList<Comparison> Comparisons { get; }

    /// <summary>One of the two sides.</summary>
    public static void Serve(int pending, string name, bool first)
    {
        using SharedEvent ping = Get($"{name}-ping", first);
        using SharedEvent pong = Get($"{name}-pong", first);
        // The others wait for objects of their own, each for another one.
        SharedEvent[] others = [.. Enumerable.Range(1, pending - 1).Select(i => Get($"{name}-{i}-{first}", create: true))];
        Task[] never = [.. others.Select(o => o.WaitAsync().AsTask())];
        PeerLoop.ServeRoundTrips(rounds => (first ? SetThenWait(ping, pong, rounds) : WaitThenSet(ping, pong, rounds)).GetAwaiter().GetResult());
        GC.KeepAlive(never);
        foreach (SharedEvent other in others)
            other.Dispose();
    }

    private static SharedEvent Get(string name, bool create) =>
        create ? SharedEvent.Create(name, EventResetMode.AutoReset) : SharedEvent.Open(name);

    private static async Task SetThenWait(SharedEvent ping, SharedEvent pong, long rounds)
    {
        for (long i = 0; i < rounds; i++)
        {
            ping.Set();
            _ = await pong.WaitAsync();
        }
    }

    private static async Task WaitThenSet(SharedEvent ping, SharedEvent pong, long rounds)
    {
        for (long i = 0; i < rounds; i++)
        {
            _ = await ping.WaitAsync();
            pong.Set();
        }
    }
}
