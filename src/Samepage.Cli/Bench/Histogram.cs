namespace Samepage.Cli.Bench;

/// <summary>How often each time came, in nanoseconds, by its first three digits: so much room whatever is added, and no border of a row of the picture within a cell.</summary>
/// <remarks>Cells 0 to 999 are the times themselves; from then on the nine hundred of each power of ten stand behind those of the one before.</remarks>
internal sealed class Histogram
{
    private const int PerPower = 900;

    /// <summary>Of <see cref="long.MaxValue"/>, which has 19 digits, the cell after the last.</summary>
    private const int Cells = 16 * PerPower + 1000;

    private readonly long[] _counts = new long[Cells];

    public long Count { get; private set; }

    /// <summary>Exact, as <see cref="Longest"/>.</summary>
    public long Shortest { get; private set; } = long.MaxValue;

    public long Longest { get; private set; }

    public void Add(long nanoseconds)
    {
        _counts[CellOf(nanoseconds)]++;
        Count++;
        Shortest = Math.Min(Shortest, nanoseconds);
        Longest = Math.Max(Longest, nanoseconds);
    }

    public void Add(Histogram other)
    {
        for (int cell = 0; cell < Cells; cell++)
            _counts[cell] += other._counts[cell];
        Count += other.Count;
        Shortest = Math.Min(Shortest, other.Shortest);
        Longest = Math.Max(Longest, other.Longest);
    }

    /// <summary>The least time that so large a part of all did not exceed, to three digits.</summary>
    public long Percentile(double part)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(part * Count));
        int cell = 0;
        for (long seen = _counts[0]; seen < rank; seen += _counts[cell])
            cell++;
        return LeastOf(cell);
    }

    /// <summary>How many were no shorter than the one and shorter than the other, of which neither has more than three digits before its zeros.</summary>
    public long CountBetween(long from, long to)
    {
        long count = 0;
        for (int cell = CellOf(from); cell < CellOf(to); cell++)
            count += _counts[cell];
        return count;
    }

    private static int CellOf(long nanoseconds)
    {
        int powers = 0;
        for (; nanoseconds >= 1000; nanoseconds /= 10)
            powers++;
        return powers * PerPower + (int)nanoseconds;
    }

    private static long LeastOf(int cell)
    {
        int powers = cell < 1000 ? 0 : (cell - 100) / PerPower;
        long least = cell - powers * PerPower;
        for (; powers > 0; powers--)
            least *= 10;
        return least;
    }
}
