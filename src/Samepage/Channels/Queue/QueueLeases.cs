using System.Runtime.CompilerServices;

namespace Samepage.Channels;

/// <summary>What one receiver has: each lease in a place, whose generation tells whether it is still the same.</summary>
internal sealed class QueueLeases
{
    private Place[] _places = new Place[4];
    private int _free = -1;
    private int _made;

    /// <summary>The places that were ever used.</summary>
    public int Count => _made;

    /// <returns>Where it is, and the generation, which is never 0.</returns>
    public (int Place, uint Generation) Add(in QueueLease lease)
    {
        int index = _free;
        if (index >= 0)
            _free = _places[index].NextFree;
        else
            index = Make();
        ref Place place = ref _places[index];
        place.Lease = lease;
        place.IsTaken = true;
        return (index, ++place.Generation);
    }

    /// <summary>False: it has ended.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(int index, uint generation, out QueueLease lease)
    {
        ref Place place = ref _places[index];
        bool found = place.IsTaken && place.Generation == generation;
        lease = found ? place.Lease : default;
        return found;
    }

    /// <summary>Ends it. False: it has ended before.</summary>
    public bool TryRemove(int index, uint generation, out QueueLease lease)
    {
        if (!TryGet(index, generation, out lease))
            return false;
        Free(index);
        return true;
    }

    /// <summary>Ends whatever is there. False: nothing is.</summary>
    public bool TryRemove(int index, out QueueLease lease) => TryRemove(index, _places[index].Generation, out lease);

    private void Free(int index)
    {
        ref Place place = ref _places[index];
        place.IsTaken = false;
        place.NextFree = _free;
        _free = index;
    }

    private int Make()
    {
        if (_made == _places.Length)
            Array.Resize(ref _places, _made * 2);
        return _made++;
    }

    private struct Place
    {
        public QueueLease Lease;
        public uint Generation;
        public int NextFree;
        public bool IsTaken;
    }
}
