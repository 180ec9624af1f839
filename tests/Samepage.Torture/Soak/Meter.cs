namespace Samepage.Torture.Soak;

/// <summary>How many operations of a kind there were since the last look, and how long they took.</summary>
internal sealed class Meter(string kind)
{
    private const int Most = 20_000;

    private readonly Lock _gate = new();
    private readonly List<long> _times = new(Most);
    private long _count;

    public string Kind => kind;

    public void Add(long nanoseconds)
    {
        lock (_gate)
        {
            _count++;
            if (_times.Count < Most)
                _times.Add(nanoseconds);
        }
    }

    /// <summary>As it stands in a report: the kind, the count, the median and the 99th percentile in nanoseconds. It begins anew.</summary>
    public string Take()
    {
        lock (_gate)
        {
            _times.Sort();
            string text = $"{kind}:{_count}:{At(0.5)}:{At(0.99)}";
            _times.Clear();
            _count = 0;
            return text;
        }
    }

    private long At(double share) => _times.Count == 0 ? 0 : _times[(int)((_times.Count - 1) * share)];
}
