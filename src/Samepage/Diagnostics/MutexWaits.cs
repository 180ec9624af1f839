namespace Samepage.Diagnostics;

/// <summary>Waits for mutexes that somebody else owned, or had died with. Counted where a wait is slow anyway.</summary>
internal static class MutexWaits
{
    private const int MostNames = 1_000;

    private static readonly Lock _gate = new();
    private static readonly Dictionary<string, Waits> _waits = [];

    /// <summary>A wait is over that found the mutex owned.</summary>
    public static void Contended(string name)
    {
        lock (_gate)
            Of(name).Contended++;
        Instruments.Publish();
    }

    /// <summary>It was taken from one who died.</summary>
    public static void Abandoned(string name)
    {
        lock (_gate)
            Of(name).Abandoned++;
        Instruments.Publish();
        LibraryEvents.Log.MutexAbandoned(name);
    }

    public static List<(string Name, long Contended, long Abandoned)> Counted()
    {
        lock (_gate)
            return [.. _waits.Select(waits => (waits.Key, waits.Value.Contended, waits.Value.Abandoned))];
    }

    private static Waits Of(string name)
    {
        if (!_waits.TryGetValue(name, out Waits? waits))
        {
            // Beyond so many, what they have is counted together.
            name = _waits.Count < MostNames ? name : "";
            if (!_waits.TryGetValue(name, out waits))
                _waits.Add(name, waits = new Waits());
        }
        return waits;
    }

    private sealed class Waits
    {
        public long Contended;
        public long Abandoned;
    }
}
