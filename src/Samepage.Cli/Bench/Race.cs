using System.Buffers.Binary;
using System.Diagnostics;

namespace Samepage.Cli.Bench;

/// <summary>Messages through each route in turn, round by round, so that whatever else the machine does disturbs all of them alike.</summary>
/// <remarks>The number of a message is one more than that of the one before, by whatever route; 0 is the last of a round: both sides go on to the next route.</remarks>
internal sealed class Race(IReadOnlyList<Route> routes, BenchJob job, CancellationToken ended)
{
    public const int Rounds = 10;

    private const int WarmingRounds = 15;

    /// <summary>Of a round that is not counted. All of them together are longer than the runtime takes to compile what runs often.</summary>
    private static readonly TimeSpan _warming = TimeSpan.FromMilliseconds(10);

    private static readonly double _nanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    private readonly byte[] _message = new byte[job.Size];
    private readonly byte[] _answer = new byte[job.Size];
    private ulong _number;

    /// <summary>The side that asks.</summary>
    /// <param name="time">For all routes and rounds together.</param>
    public IReadOnlyList<RouteTimes> Run(TimeSpan time)
    {
        for (int i = 0; i < WarmingRounds; i++)
        {
            foreach (Route route in routes)
                _ = Measure(route, _warming, new Histogram());
        }
        RouteTimes[] results = [.. routes.Select(r => new RouteTimes(r.Title, new Histogram(), new Histogram(), TimeSpan.Zero))];
        for (int i = 0; i < Rounds; i++)
        {
            for (int r = 0; r < results.Length; r++)
            {
                var round = new Histogram();
                TimeSpan spent = Measure(routes[r], time / (Rounds * results.Length), round);
                results[r].Times.Add(round);
                results[r].Medians.Add(round.Percentile(0.5));
                results[r] = results[r] with { Spent = results[r].Spent + spent };
            }
        }
        return results;
    }

    /// <summary>The side that answers, until it is over.</summary>
    public void Answer()
    {
        while (true)
        {
            foreach (Route route in routes)
            {
                do
                {
                    route.Answer(_message);
                }
                while (!IsLast());
            }
        }
    }

    /// <summary>Each time begins where the one before has ended: nothing between them is lost.</summary>
    private TimeSpan Measure(Route route, TimeSpan time, Histogram times)
    {
        long begun = Stopwatch.GetTimestamp(), before = begun;
        do
        {
            ended.ThrowIfCancellationRequested();
            Ask(route, ++_number);
            long now = Stopwatch.GetTimestamp();
            times.Add((long)((now - before) * _nanosecondsPerTick));
            before = now;
        }
        while (Stopwatch.GetElapsedTime(begun, before) < time);
        Ask(route, 0);
        return Stopwatch.GetElapsedTime(begun, before);
    }

    private void Ask(Route route, ulong number)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_message, number);
        route.Ask(_message, _answer);
        Check(BinaryPrimitives.ReadUInt64LittleEndian(_answer), number);
    }

    private bool IsLast()
    {
        ulong number = BinaryPrimitives.ReadUInt64LittleEndian(_message);
        if (number == 0)
            return true;
        Check(number, ++_number);
        return false;
    }

    private static void Check(ulong number, ulong expected)
    {
        if (number != expected)
            throw new InvalidOperationException($"message {number} came where {expected} should have come.");
    }
}
