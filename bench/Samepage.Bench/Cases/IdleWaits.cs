using Samepage.Bench.Harness;

namespace Samepage.Bench.Cases;

/// <summary>A process that does nothing but have a thousand asynchronous waits, against one that has none: waiting costs no processor.</summary>
internal sealed class IdleWaits : Suite
{
    public const string Role = "idle-";

    private const int Waits = 1_000;

    /// <summary>A sample of a time that should be zero is long: 10 seconds in a full run.</summary>
    private const int Longer = 200;

    private readonly Comparison _row;

    public IdleWaits()
    {
        string name = UniqueName("idle");
        IdleContender Idle(string title, int waits) => new(title, Own(
            PeerProcess.Own(core: null, processorCount: 2, $"{Role}{waits}", $"{name}-{waits}", "alone")));
        _row = new Comparison($"idle process, {Waits:N0} asynchronous waits pending: processor time, told in steps of {IdleContender.Step.TotalMilliseconds:0.#} ms",
            Idle($"{Waits:N0} waits", Waits), Idle("the same process without waits", 0), null)
        {
            MostOfSubject = IdleContender.Step.TotalMilliseconds,
        };
    }

    public override IReadOnlyList<Comparison> Comparisons => [_row];

    public override Rounds Of(Rounds usual) => usual with { Count = 1, Length = usual.Length * Longer, WarmsUp = false };

    /// <summary>The process: it waits, for signals and for the end of its input.</summary>
    public static void Serve(int waits, string name)
    {
        SharedEvent[] events = [.. Enumerable.Range(0, waits).Select(i => SharedEvent.Create($"{name}-{i}", EventResetMode.AutoReset))];
        Task[] never = [.. events.Select(e => e.WaitAsync().AsTask())];
        PeerLoop.Serve(_ => 0);
        GC.KeepAlive(never);
        foreach (SharedEvent one in events)
            one.Dispose();
    }
}
