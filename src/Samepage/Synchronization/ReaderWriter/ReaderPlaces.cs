using System.Globalization;
using Samepage.Platform;

namespace Samepage;

/// <summary>The places of a reader-writer lock in which readers stand: a lock each, held while somebody reads through one handle.</summary>
/// <remarks>Its members, but for <see cref="TryLeave"/>, are for whoever has the turn.</remarks>
internal sealed class ReaderPlaces(ObjectName whole, ReaderWriterMemory state) : IDisposable
{
    private const int Most = 4096;

    private readonly List<SharedLock?> _opened = [];
    private readonly Lock _gate = new();
    private int _readers;
    private int _mine = -1;

    /// <summary>How many there are to look at.</summary>
    public int Count => state.Places(Most);

    /// <summary>One more reads through this handle.</summary>
    public void Enter()
    {
        lock (_gate)
        {
            if (_readers == 0)
                _mine = Take();
            _readers++;
        }
    }

    /// <summary>False: nobody reads through this handle.</summary>
    public bool TryLeave()
    {
        lock (_gate)
        {
            if (_readers == 0)
                return false;
            if (--_readers == 0)
                _opened[_mine]!.Release();
            return true;
        }
    }

    /// <summary>The lock of a place; null when nobody who lives has ever stood there.</summary>
    public SharedLock? At(int place)
    {
        while (_opened.Count <= place)
            _opened.Add(null);
        if (_opened[place] is null && SharedLock.TryOpen(NameOf(place), out SharedLock? found))
            _opened[place] = found;
        return _opened[place];
    }

    /// <summary>Somebody reads through this handle.</summary>
    public bool IsOccupied
    {
        get
        {
            lock (_gate)
                return _readers > 0;
        }
    }

    public void Dispose()
    {
        foreach (SharedLock? one in _opened)
            one?.Dispose();
    }

    /// <summary>A free place, the last one first.</summary>
    private int Take()
    {
        if (_mine >= 0 && TryTake(_mine))
            return _mine;
        int count = Count;
        for (int place = 0; place < Most; place++)
        {
            if (!TryTake(place))
                continue;
            // Whatever happens next: it is this handle's.
            _mine = place;
            if (place >= count)
                state.RaisePlaces((uint)place + 1);
            return place;
        }
        throw new SharedObjectException(FailureReason.LimitReached,
            $"{Most:N0} handles read under \"{whole.Full}\" already; that is as many as can.", whole.Full, SharedObjectKind.ReaderWriterLock);
    }

    private bool TryTake(int place)
    {
        SharedLock one = At(place) ?? (_opened[place] = SharedLock.CreateOrOpen(NameOf(place), out _, state.Access));
        return one.Wait(TimeSpan.Zero) != WaitResult.TimedOut;
    }

    private string NameOf(int place) => PartName.Of(whole, string.Create(CultureInfo.InvariantCulture, $"reader.{place}"));
}
