using Samepage.Atomics;

namespace Samepage.Diagnostics;

/// <summary>Waits for the mutexes of one name that somebody else owned, or had died with. Counted where a wait is slow anyway.</summary>
internal sealed class MutexWaits
{
    private const int MostNames = 1_000;

    private static readonly Lock _gate = new();
    private static readonly Dictionary<string, MutexWaits> _all = [];

    private readonly string _name;
    private long _contended;
    private long _abandoned;

    private MutexWaits(string name) => _name = name;

    /// <summary>To be kept by the mutex. Beyond so many names, what they have is counted together.</summary>
    public static MutexWaits Of(string name)
    {
        MutexWaits? waits;
        lock (_gate)
        {
            if (_all.TryGetValue(name, out waits))
                return waits;
            string known = _all.Count < MostNames ? name : "";
            if (!_all.TryGetValue(known, out waits))
                _all.Add(known, waits = new MutexWaits(known));
        }
        Instruments.Publish();
        return waits;
    }

    public static List<(string Name, long Contended, long Abandoned)> Counted()
    {
        lock (_gate)
            return [.. _all.Values.Select(w => (w._name, SharedAtomics.Acquire(ref w._contended), SharedAtomics.Acquire(ref w._abandoned)))];
    }

    /// <summary>A wait is over that found the mutex owned.</summary>
    public void Contended() => _ = SharedAtomics.Increment(ref _contended);

    /// <summary>It was taken from one who died.</summary>
    /// <param name="mutex">Its name.</param>
    public void Abandoned(string mutex)
    {
        _ = SharedAtomics.Increment(ref _abandoned);
        LibraryEvents.Log.MutexAbandoned(mutex);
    }
}
