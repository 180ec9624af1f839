using System.Diagnostics;

namespace Samepage.Bench.Harness;

/// <summary>The other end of <see cref="PeerProcess"/>, in a process of this program.</summary>
internal static class PeerLoop
{
    public const string Verb = "peer";
    public const string Ready = "ready";

    /// <summary>Answers lines until there are no more.</summary>
    /// <param name="answer">From the words of a line to a value; what it allocates on the way is counted.</param>
    /// <param name="meet">What is done when the other side may come, and before the first line.</param>
    public static void Serve(Func<string[], long> answer, Action? meet = null) => ServeLines(
        words =>
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            long value = answer(words);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            return $"{value} {allocated}";
        },
        meet);

    /// <summary>Answers lines with lines until there are no more.</summary>
    /// <param name="answer">From the words of a line to the answer.</param>
    /// <param name="meet">What is done when the other side may come, and before the first line.</param>
    public static void ServeLines(Func<string[], string> answer, Action? meet = null)
    {
        Console.WriteLine(Ready);
        meet?.Invoke();
        while (Console.ReadLine() is { } line)
            Console.WriteLine(answer(line.Split(' ')));
    }

    /// <summary>Answers <c>run N</c> with the nanoseconds of N round trips, after one more that brings both sides together.</summary>
    public static void ServeRoundTrips(Action<long> roundTrips) => Serve(words =>
    {
        long count = long.Parse(words[1]);
        roundTrips(1);
        long start = Stopwatch.GetTimestamp();
        roundTrips(count);
        return (long)Stopwatch.GetElapsedTime(start).TotalNanoseconds;
    });
}
