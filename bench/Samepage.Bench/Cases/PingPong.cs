using Samepage.Bench.Harness;

namespace Samepage.Bench.Cases;

/// <summary>Two processes that wake each other in turn: a round trip is two signals, each made by one side and waited for by the other.</summary>
internal abstract class PingPong : Suite
{
    private const string Futex = "bare futex, no spinning (C)";
    private const string Spin = "cache line, spinning only (C)";

    /// <param name="what">The noun of the rows.</param>
    /// <param name="role">The role of the peers.</param>
    protected PingPong(string what, string role)
    {
        string name = UniqueName(role);
        CountedContender Own(string title, int processorCount, string suffix) => CountedContender.InPair(title, this.Own(
            PeerPair.Start((core, side) => PeerProcess.Own(core, processorCount, role, $"{name}-{suffix}", side))));
        Contender Rival(string title, string mode) => Reference(title, Unit.Nanoseconds, "ping_pong", path => CountedContender.InPair(title, this.Own(
            PeerPair.Start((core, side) => PeerProcess.Reference(path, core, $"/{name}-{mode}", side, mode)))));

        CountedContender spinning = Own($"{what}, spin then block", processorCount: 2, "spin");
        // A runtime that knows of one processor only makes the library sleep at once.
        CountedContender blocking = Own($"{what}, blocking only", processorCount: 1, "block");
        Contender futex = Rival(Futex, "futex");
        Comparisons =
        [
            new($"{what}, two processes: round trip", spinning, futex, Target.AtMost(1.3)),
            new($"{what}, two processes: round trip, blocking only", blocking, futex, Target.AtMost(1.3)),
            new($"{what}, two processes: round trip, against the limit", spinning, Rival(Spin, "spin"), null),
        ];
    }

    public override IReadOnlyList<Comparison> Comparisons { get; }
}
