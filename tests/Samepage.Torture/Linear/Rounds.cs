using System.Diagnostics;
using System.IO.MemoryMappedFiles;

namespace Samepage.Torture.Linear;

/// <summary>
/// Where the players of a kind meet: each round has an object of its own, and whoever comes waits a moment for the others, so that their operations overlap.
/// It is a file of this program, not an object of the library.
/// </summary>
internal sealed unsafe class Rounds : IDisposable
{
    public const int Count = 250;

    private const int Players = 3;
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(2);

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly int* _arrivals;

    public Rounds(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, Count * sizeof(int));
        _view = _file.CreateViewAccessor();
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _arrivals = (int*)start;
    }

    /// <summary>The first round that nobody has begun: who starts late has no part in those before.</summary>
    public int First()
    {
        int round = 0;
        while (round < Count && Volatile.Read(ref At(round)) != 0)
            round++;
        return round;
    }

    /// <summary>Comes to a round: the how manieth, from 0 on. Those who are killed or stopped are not waited for.</summary>
    public int Arrive(int round)
    {
        int before = Interlocked.Increment(ref At(round)) - 1;
        var clock = Stopwatch.StartNew();
        while (Volatile.Read(ref At(round)) < Players && clock.Elapsed < _patience)
            _ = Thread.Yield();
        return before;
    }

    // SAFETY: a round is below the count, for which the file is long enough; the view is mapped until this is disposed.
    private ref int At(int round) => ref _arrivals[round];

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
