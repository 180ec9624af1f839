namespace Samepage.Diagnostics;

/// <summary>How many handles this process has open, by kind.</summary>
internal static class HeldObjects
{
    private static readonly Lock _gate = new();

    // By the number of the kind. A dictionary over an enum is code that the runtime compiles in each process, for the first object.
    private static readonly long[] _held = new long[(int)SharedObjectKind.Service + 1];
    private static readonly bool[] _known = new bool[_held.Length];

    public static void Opened(SharedObjectKind kind)
    {
        Add(kind, 1);
        Instruments.Publish();
    }

    public static void Closed(SharedObjectKind kind) => Add(kind, -1);

    /// <summary>Of each kind that this process ever had.</summary>
    public static List<(SharedObjectKind Kind, long Count)> Counted()
    {
        List<(SharedObjectKind Kind, long Count)> counted = [];
        lock (_gate)
        {
            for (int kind = 0; kind < _held.Length; kind++)
            {
                if (_known[kind])
                    counted.Add(((SharedObjectKind)kind, _held[kind]));
            }
        }
        return counted;
    }

    private static void Add(SharedObjectKind kind, long count)
    {
        lock (_gate)
        {
            _held[(int)kind] += count;
            _known[(int)kind] = true;
        }
    }
}
