using System.Diagnostics;

namespace Samepage.Bench.Harness;

/// <summary>How much is measured.</summary>
/// <param name="Count">Rounds; each gives one sample of each contender.</param>
/// <param name="Length">How long one sample lasts, about.</param>
/// <param name="Patience">After so long a case makes do with the rounds it has: on a busy machine more of them say nothing more.</param>
internal sealed record Rounds(int Count, TimeSpan Length, TimeSpan Patience)
{
    public static Rounds Full { get; } = new(41, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(25));

    public static Rounds Quick { get; } = new(7, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(3));

    /// <summary>False where no code of the contenders runs while they are measured.</summary>
    public bool WarmsUp { get; init; } = true;

    private const int Least = 5;

    // The compiler replaces a method after 30 calls, first by an instrumented and then by an optimized body, in the background and not
    // before 100 ms have passed without new methods. So: short calls, a rest, and that thrice.
    private const int WarmUpPasses = 3;
    private const int WarmUpCalls = 40;
    private static readonly TimeSpan _warmUpLength = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan _warmUpRest = TimeSpan.FromMilliseconds(200);

    /// <summary>Measures them in turns, A B C A B C …: what slows the machine down for a while slows all of them down.</summary>
    public void Run(IEnumerable<Contender> contenders)
    {
        long start = Stopwatch.GetTimestamp();
        Contender[] present = [.. contenders.Where(c => c.Missing is null)];
        if (WarmsUp)
            Warm([.. present.Where(c => c.WarmUp != WarmUp.None)]);
        for (int round = 0; round < Count && (round < Least || Stopwatch.GetElapsedTime(start) < Patience); round++)
        {
            foreach (Contender contender in present)
                contender.MeasureRound(Length);
        }
    }

    private void Warm(Contender[] contenders)
    {
        for (int pass = 0; pass < WarmUpPasses; pass++)
        {
            foreach (Contender contender in contenders)
            {
                for (int call = 0; call < (contender.WarmUp == WarmUp.Compiler ? WarmUpCalls : 1); call++)
                    _ = contender.Measure(_warmUpLength);
            }
            Thread.Sleep(_warmUpRest);
        }
        // One at full length: a loop that never ran so long would be replaced in its first round.
        foreach (Contender contender in contenders)
            _ = contender.Measure(Length);
    }
}
