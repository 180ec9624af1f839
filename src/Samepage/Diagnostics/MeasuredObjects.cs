namespace Samepage.Diagnostics;

/// <summary>The objects whose ends this process has, or had, and what those did.</summary>
internal static class MeasuredObjects
{
    /// <summary>So many that were closed are known by name, the last ones; what those before them did is kept without.</summary>
    private const int MostClosed = 1_000;

    private const string Nameless = "";

    private static readonly Lock _gate = new();
    private static readonly Dictionary<(SharedObjectKind Kind, string Name), Measured> _objects = [];
    private static readonly Queue<(SharedObjectKind Kind, string Name)> _closed = [];

    public static void Add(SharedObjectKind kind, string name, IMeasured end)
    {
        lock (_gate)
            _ = Of(kind, name).Ends.Add(end);
        Instruments.Publish();
    }

    /// <summary>It is not asked any more when this returns; what it did is kept.</summary>
    public static void Remove(SharedObjectKind kind, string name, IMeasured end)
    {
        lock (_gate)
        {
            Measured measured = Of(kind, name);
            if (!measured.Ends.Remove(end))
                return;
            end.AddTo(ref measured.Closed);
            if (measured.Ends.Count == 0 && name != Nameless)
                _closed.Enqueue((kind, name));
            if (_closed.Count > MostClosed)
                ForgetName(_closed.Dequeue());
        }
    }

    private static void ForgetName((SharedObjectKind Kind, string) closed)
    {
        // It may have been opened again.
        if (!_objects.TryGetValue(closed, out Measured? measured) || measured.Ends.Count > 0)
            return;
        Of(closed.Kind, Nameless).Closed.Add(measured.Closed);
        _ = _objects.Remove(closed);
    }

    public static List<(SharedObjectKind Kind, string Name, Counts Counts)> Totals()
    {
        List<(SharedObjectKind, string, Counts)> totals = [];
        lock (_gate)
        {
            foreach (((SharedObjectKind kind, string name), Measured measured) in _objects)
            {
                Counts counts = measured.Closed;
                foreach (IMeasured end in measured.Ends)
                    end.AddTo(ref counts);
                totals.Add((kind, name, counts));
            }
        }
        return totals;
    }

    /// <summary>Of each object that is read here: how far the last of its readers is behind.</summary>
    public static List<(SharedObjectKind Kind, string Name, long Lag)> Lags()
    {
        List<(SharedObjectKind, string, long)> lags = [];
        lock (_gate)
        {
            foreach (((SharedObjectKind kind, string name), Measured measured) in _objects)
            {
                long? most = null;
                foreach (IMeasured end in measured.Ends)
                {
                    if (LagOf(end) is { } lag && !(lag <= most))
                        most = lag;
                }
                if (most is { } found)
                    lags.Add((kind, name, found));
            }
        }
        return lags;
    }

    private static long? LagOf(IMeasured end)
    {
        try
        {
            return end.Lag;
        }
        catch (SharedObjectException)
        {
            // Damaged: whoever reads it is told.
            return null;
        }
    }

    private static Measured Of(SharedObjectKind kind, string name)
    {
        if (!_objects.TryGetValue((kind, name), out Measured? measured))
            _objects.Add((kind, name), measured = new Measured());
        return measured;
    }

    private sealed class Measured
    {
        public readonly HashSet<IMeasured> Ends = [];
        public Counts Closed;
    }
}
