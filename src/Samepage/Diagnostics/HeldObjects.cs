namespace Samepage.Diagnostics;

/// <summary>How many handles this process has open, by kind.</summary>
internal static class HeldObjects
{
    private static readonly Lock _gate = new();
    private static readonly SortedDictionary<SharedObjectKind, long> _held = [];

    public static void Opened(SharedObjectKind kind)
    {
        Add(kind, 1);
        Instruments.Publish();
    }

    public static void Closed(SharedObjectKind kind) => Add(kind, -1);

    public static List<(SharedObjectKind Kind, long Count)> Counted()
    {
        lock (_gate)
            return [.. _held.Select(held => (held.Key, held.Value))];
    }

    private static void Add(SharedObjectKind kind, long count)
    {
        lock (_gate)
            _held[kind] = _held.GetValueOrDefault(kind) + count;
    }
}
