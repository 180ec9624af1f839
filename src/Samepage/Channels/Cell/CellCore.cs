using System.Runtime.CompilerServices;
using Samepage.Atomics;
using Samepage.Diagnostics;

namespace Samepage.Channels;

/// <summary>One handle of a cell, or of a map of them: the turn of those who write, and who waits.</summary>
internal sealed class CellCore : IDisposable
{
    private readonly CellWatch _own;
    private readonly ChannelTurn _turn;
    private readonly Stack<CellWatch> _spare = [];
    private readonly List<CellWatch> _all = [];
    private readonly Lock _gate = new();
    private bool _disposed;
    private long _values;
    private long _bytes;

    /// <summary>That of a writer, with 1 added; 0: this handle has written nothing.</summary>
    private nint _lane;

    /// <param name="memory">Taken over, also if this fails.</param>
    public CellCore(ChannelMemory memory)
    {
        try
        {
            _turn = new ChannelTurn(memory);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
        Channel = new ChannelCore(memory) { ReaderDied = reader => CellPin.Of(memory, reader).Leave(), Companion = _turn };
        try
        {
            _own = MakeWatch();
            Pin = CellPin.Of(memory, _own.Reader);
        }
        catch
        {
            Channel.Release();
            throw;
        }
    }

    public ChannelCore Channel { get; }

    /// <summary>That of this handle's place.</summary>
    public CellPin Pin { get; }

    /// <summary>Held by the thread that uses it.</summary>
    public Lock Pinning { get; } = new();

    /// <summary>Signalled while there is a later value of this cell than <see cref="Know"/> was told.</summary>
    public SharedWaitable ChangedOf(CellSlots slots)
    {
        RequireOpen();
        _own.Slots = slots;
        return _own.Signal;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void RequireOpen() => ObjectDisposedException.ThrowIf(_disposed, this);

    /// <summary>This value has been read through this handle.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Know(ulong number)
    {
        _own.Known = number;
        _own.Found();
    }

    /// <summary>The turn of those who write. What is written under it is told by <see cref="Tell"/> when it is over.</summary>
    public ChannelTurn.Held TakeTurn()
    {
        RequireOpen();
        if (SharedAtomics.Acquire(ref _lane) == 0)
            BecomeWriter();
        return _turn.Take();
    }

    /// <summary>Writes, for who has the turn.</summary>
    public void Put(CellSlots slots, ReadOnlySpan<byte> value)
    {
        _ = slots.Write(value);
        _values++;
        _bytes += value.Length;
    }

    /// <summary>What was written is told by one of the watches.</summary>
    public void AddTo(CellWatch watch, ref Counts counts)
    {
        if (watch != _own)
            return;
        counts.Sent += _values;
        counts.SentBytes += _bytes;
    }

    public void Tell() => Channel.Readers.Wake();

    public void Write(CellSlots slots, ReadOnlySpan<byte> value)
    {
        _ = slots.Fitting(value);
        using (TakeTurn())
            Put(slots, value);
        Tell();
    }

    /// <summary>Refuses a cell whose values are of another type, and disposes what it has open.</summary>
    public static void RequireType(ChannelMemory memory, string type)
    {
        try
        {
            memory.RequireType(type);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    public bool WaitForChange(CellSlots slots, ulong since, TimeSpan timeout, CancellationToken token, Func<bool>? orElse = null)
    {
        CellWatch watch = Rent(slots, since, orElse);
        try
        {
            bool changed = watch.Wait(timeout, token);
            RequireOpen();
            return changed;
        }
        finally
        {
            Return(watch);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> WaitForChangeAsync(CellSlots slots, ulong since, TimeSpan timeout, CancellationToken token, Func<bool>? orElse = null)
    {
        CellWatch watch = Rent(slots, since, orElse);
        try
        {
            bool changed = await watch.WaitAsync(timeout, token).ConfigureAwait(false);
            RequireOpen();
            return changed;
        }
        finally
        {
            Return(watch);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }
        foreach (CellWatch watch in _all)
            watch.Dispose();
        if (_lane != 0)
            Channel.Memory.LaneAt((int)_lane - 1).Leave();
        Channel.Release();
    }

    private CellWatch Rent(CellSlots slots, ulong since, Func<bool>? orElse)
    {
        CellWatch? watch;
        lock (_gate)
        {
            RequireOpen();
            if (!_spare.TryPop(out watch))
                watch = MakeWatch();
        }
        watch.Slots = slots;
        watch.Known = since;
        watch.OrElse = orElse;
        return watch;
    }

    private void Return(CellWatch watch)
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            watch.Found();
            _spare.Push(watch);
        }
    }

    private CellWatch MakeWatch()
    {
        Channel.Enter();
        try
        {
            int reader = Channel.TakeReader();
            try
            {
                var watch = new CellWatch(this, reader);
                Channel.Add(watch);
                _all.Add(watch);
                return watch;
            }
            catch
            {
                Channel.LeaveReader(reader);
                throw;
            }
        }
        finally
        {
            Channel.Release();
        }
    }

    /// <summary>Whoever sleeps, or is about to, watches this process before its first value.</summary>
    private void BecomeWriter()
    {
        lock (_gate)
        {
            RequireOpen();
            if (_lane != 0)
                return;
            int lane = Channel.TakeLane();
            Channel.Memory.UseWriter(lane);
            Channel.Readers.WakeCarefully();
            SharedAtomics.Release(ref _lane, lane + 1);
        }
    }
}
