namespace Samepage.Channels;

/// <summary>A key of a <see cref="CellMap"/> and its latest value, as long as the key is not removed.</summary>
/// <remarks>Reading is wait-free, as of a <see cref="Cell"/>. All members may be called from any thread at the same time, until the map's handle is disposed. Nothing is allocated for a read or a write.</remarks>
public sealed class CellMapEntry
{
    private readonly CellCore _core;
    private readonly CellSlots _slots;

    /// <summary>By who has the turn.</summary>
    internal CellMapEntry(CellMap map, string key, int entry)
    {
        Key = key;
        _core = map.Core;
        _slots = map.Table.SlotsOf(entry, _core.Pinning);
    }

    /// <summary>The most bytes of a value.</summary>
    internal int Capacity => _slots.Capacity;

    /// <summary>The key.</summary>
    public string Key { get; }

    /// <summary>Somebody has removed the key. If it was added again since, that is another entry.</summary>
    public bool IsRemoved
    {
        get
        {
            _core.RequireOpen();
            return !_slots.IsThere;
        }
    }

    /// <summary>How many values were written to this entry. 0: none.</summary>
    public ulong ChangeNumber
    {
        get
        {
            _core.RequireOpen();
            return _slots.ChangeNumber;
        }
    }

    /// <summary>Reads the latest value, if there is room for it.</summary>
    /// <param name="destination">Where to; what stands behind the value in it may be spoilt.</param>
    /// <param name="length">How long the value is, also when there was no room for it; 0 when there is none.</param>
    /// <returns>False: there is no room, or none was ever written, or the key was removed.</returns>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.Corrupt"/>: somebody wrote into the map's memory.</exception>
    public bool TryRead(Span<byte> destination, out int length) => TryRead(destination, out length, out _);

    /// <inheritdoc cref="TryRead(Span{byte}, out int)"/>
    /// <param name="destination">Where to; what stands behind the value in it may be spoilt.</param>
    /// <param name="length">How long the value is, also when there was no room for it; 0 when there is none.</param>
    /// <param name="changeNumber">The number of this value: what <see cref="WaitForChange"/> wants to know. 0: there is none.</param>
    public bool TryRead(Span<byte> destination, out int length, out ulong changeNumber)
    {
        _core.RequireOpen();
        bool read = _slots.TryRead(destination, out length, out changeNumber, _core.Pin);
        // What was read before the key was removed was its value; what is there since is another's.
        if (_slots.IsThere)
            return read;
        (length, changeNumber) = (0, 0);
        return false;
    }

    /// <summary>A copy of the latest value; empty also when there is none.</summary>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.Corrupt"/>: somebody wrote into the map's memory.</exception>
    public byte[] ToArray()
    {
        var room = new byte[_slots.Capacity];
        return TryRead(room, out int length) ? room[..length] : [];
    }

    /// <summary>Writes a value.</summary>
    /// <param name="value">Its bytes.</param>
    /// <returns>False: the key was removed.</returns>
    /// <exception cref="ArgumentException">It is longer than <see cref="CellMap.ValueCapacity"/>.</exception>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.OutOfSpace"/>: there is no memory for it; the value before it stays.</exception>
    public bool TryWrite(ReadOnlySpan<byte> value)
    {
        _ = _slots.Fitting(value);
        using (_core.TakeTurn())
        {
            if (!_slots.IsThere)
                return false;
            _core.Put(_slots, value);
        }
        _core.Tell();
        return true;
    }

    /// <summary>Makes the next value of the latest, while nobody else changes anything in the map. When the function throws, nothing has changed.</summary>
    /// <param name="state">Handed to the function, so that it need not capture anything.</param>
    /// <param name="update">Makes the next value. It must not use the map itself.</param>
    /// <returns>False: the key was removed.</returns>
    /// <exception cref="ArgumentException">The next value is longer than <see cref="CellMap.ValueCapacity"/>.</exception>
    public bool TryUpdate<TState>(TState state, CellUpdate<TState> update)
    {
        ArgumentNullException.ThrowIfNull(update);
        using (_core.TakeTurn())
        {
            if (!_slots.IsThere)
                return false;
            _core.Put(_slots, _slots.Fitting(update(_slots.Current, state)));
        }
        _core.Tell();
        return true;
    }

    /// <summary>Waits until the latest value is another one, or the key is removed.</summary>
    /// <param name="since">The number of the value that is known; 0: none.</param>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False: the time has run out.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="ObjectDisposedException">The map's handle was disposed meanwhile.</exception>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.LimitReached"/>: as many wait, or have the map open, as it was made for.</exception>
    public bool WaitForChange(ulong since, TimeSpan timeout, CancellationToken cancellationToken = default) => _core.WaitForChange(_slots, since, timeout, cancellationToken);

    /// <summary>As <see cref="WaitForChange"/>, without a thread that waits.</summary>
    /// <inheritdoc cref="WaitForChange"/>
    public ValueTask<bool> WaitForChangeAsync(ulong since, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        _core.WaitForChangeAsync(_slots, since, timeout, cancellationToken);
}
