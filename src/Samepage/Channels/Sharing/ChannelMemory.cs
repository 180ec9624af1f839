using Samepage.Atomics;
using Samepage.Layout;
using Samepage.Platform;

namespace Samepage.Channels;

/// <summary>The memory of a channel, as one handle of it has it open.</summary>
/// <remarks>
/// The memory is visible before it says what shape it has. Whoever makes it holds a mutex meanwhile, a part of the channel; whoever finds it
/// unready waits for that mutex, and knows then that it is ready, or that its maker died.
/// </remarks>
internal sealed class ChannelMemory : IDisposable
{
    private readonly SharedMemory _memory;
    private readonly MemoryView _control;
    private readonly MemoryView?[] _rings;
    private readonly Lock _gate = new();
    private bool _disposed;

    private ChannelMemory(ObjectName name, SharedMemory memory, MemoryView control, ChannelShape shape)
    {
        Name = name;
        _memory = memory;
        _control = control;
        Shape = shape;
        _rings = new MemoryView?[shape.Layout.Rings];
    }

    public ObjectName Name { get; }

    public ChannelShape Shape { get; }

    public SharedObjectInfo Info => _memory.Info;

    /// <summary>How many lanes, from the first, were ever written.</summary>
    public int LanesUsed => (int)Math.Min(SharedAtomics.Acquire(ref Header(_control).LanesUsed), (uint)Shape.Lanes);

    /// <summary>How many readers' places, from the first, were ever taken.</summary>
    public int ReadersUsed => (int)Math.Min(SharedAtomics.Acquire(ref Header(_control).ReadersUsed), (uint)Shape.Readers);

    public static ChannelMemory Make(ObjectName name, in ChannelShape shape, bool openExisting, out bool created)
    {
        SharedWaitable.CheckAccess(name, shape.Access);
        created = false;
        if (openExisting && TryOpen(name, shape.Kind) is { } existing)
            return existing;
        using MakersTurn turn = MakersTurn.Take(name, shape.Access);
        SharedMemory memory = SharedMemory.OfKind(shape.Kind, name, shape.Layout.Length,
            new SharedMemoryOptions { Access = shape.Access, Reserve = true, InitialCommit = shape.Layout.ControlLength }, openExisting, out created);
        MemoryView? first = null;
        try
        {
            first = memory.Map(0, ChannelHeader.Length);
            // One that died while it made the channel left it to the next.
            created |= !IsReady(first);
            if (created && memory.Size != shape.Layout.Length)
                throw ChannelErrors.Corrupt(name.Full, $"whoever made it died over it, and left {memory.Size:N0} bytes of another shape");
            if (created)
                Prepare(first, shape);
            return Around(name, memory, first, shape.Kind);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
        finally
        {
            first?.Dispose();
        }
    }

    /// <summary>Null: no such channel is alive.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="waits">Waits for one that is being made; otherwise such a one is not there yet.</param>
    public static ChannelMemory? TryOpen(ObjectName name, SharedObjectKind kind, bool waits = true)
    {
        if (SharedMemory.TryOpenOfKind(kind, name) is not { } memory)
            return null;
        MemoryView? first = null;
        ChannelMemory? opened = null;
        try
        {
            first = memory.Map(0, ChannelHeader.Length);
            if (!IsReady(first))
            {
                if (!waits)
                    return null;
                using MakersTurn turn = MakersTurn.Take(name, SharedAccess.User);
                if (!IsReady(first))
                    return null;
            }
            return opened = Around(name, memory, first, kind);
        }
        finally
        {
            first?.Dispose();
            if (opened is null)
                memory.Dispose();
        }
    }

    /// <summary>Refuses a channel whose messages are of another type than this text says.</summary>
    public void RequireType(string type) => MessageType.Check(ref Header(_control), type, Name.Full, Shape.Kind);

    /// <summary>Where a block of the control part lies in this process, for as long as this is not disposed.</summary>
    public nint AddressOf(long offset) => _control.Address + (nint)offset;

    public LaneState LaneAt(int lane) => new(AddressOf(ChannelLayout.LaneOffset(lane)));

    public ReaderState ReaderAt(int reader) => new(AddressOf(Shape.Layout.ReaderOffset(reader)));

    /// <summary>The ring of a lane, mapped when it is first asked for.</summary>
    public LaneMemory RingAt(int lane)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            MemoryView view = _rings[lane] ??= _memory.MapMirroredReserved(Shape.Layout.RingOffset(lane), Shape.Capacity);
            return new LaneMemory(view.Address, Shape.Capacity);
        }
    }

    public void GiveMemory(int lane, long offset, long length) => _memory.CommitRange(Shape.Layout.RingOffset(lane) + offset, length);

    /// <summary>From now on readers look at this lane as well.</summary>
    public void Use(int lane)
    {
        // Readers look at all lanes before it as well, whose writers may have died before they gave them memory.
        for (int lower = 0; lower < lane; lower++)
        {
            if (LaneAt(lower).Memory == 0)
                GiveMemory(lower, 0, SharedMemory.MappingGranularity);
        }
        UseWriter(lane);
    }

    /// <summary>From now on readers look after this writer as well; it may have no ring.</summary>
    public void UseWriter(int lane) => Raise(ref Header(_control).LanesUsed, lane + 1);

    /// <summary>From now on writers look at this reader as well, and whoever counts on it.</summary>
    public void UseReader(int reader) => Raise(ref Header(_control).ReadersUsed, reader + 1);

    private static void Raise(ref uint used, int least)
    {
        for (uint before = SharedAtomics.Acquire(ref used); before < least; before = SharedAtomics.Acquire(ref used))
        {
            _ = SharedAtomics.CompareExchange(ref used, before, (uint)least);
            CrashSwitch.Reach(CrashPoint.PlacesCounted);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            foreach (MemoryView? ring in _rings)
                ring?.Dispose();
            _control.Dispose();
            _memory.Dispose();
        }
    }

    private static ref ChannelHeader Header(MemoryView view) => ref view.GetReference<ChannelHeader>();

    // SYNC(shape): pairs with the release in Prepare.
    private static bool IsReady(MemoryView first) => SharedAtomics.Acquire(ref Header(first).Ready) == ChannelHeader.IsReady;

    private static void Prepare(MemoryView first, in ChannelShape shape)
    {
        ref ChannelHeader header = ref Header(first);
        // NO-POINT: nobody reads them before it is ready.
        header.Shape = ChannelHeader.CurrentShape;
        header.Capacity = shape.Capacity;
        header.Lanes = shape.Lanes;
        header.Readers = shape.Readers;
        header.Mode = shape.Mode;
        header.Access = (uint)shape.Access;
        MessageType.Write(ref header, shape.Type);
        CrashSwitch.Reach(CrashPoint.ChannelPrepared);
        // SYNC(shape): pairs with the acquire in IsReady.
        SharedAtomics.Release(ref header.Ready, ChannelHeader.IsReady);
        CrashSwitch.Reach(CrashPoint.ChannelReady);
    }

    private static ChannelMemory Around(ObjectName name, SharedMemory memory, MemoryView first, SharedObjectKind kind)
    {
        ref ChannelHeader header = ref Header(first);
        if (header.Shape != ChannelHeader.CurrentShape)
        {
            throw new SharedObjectException(FailureReason.VersionMismatch,
                $"\"{name.Full}\" has shape {header.Shape}, and this version of the library knows shape {ChannelHeader.CurrentShape}. Use one version everywhere.", name.Full, kind);
        }
        var shape = new ChannelShape(kind, header.Capacity, header.Lanes, header.Readers, header.Mode, (SharedAccess)header.Access, MessageType.Read(ref header, name.Full));
        if (!ChannelLayout.IsPossible(shape.Lanes, shape.Readers, shape.Capacity) || shape.Layout.Length != memory.Size || !SharedWaitable.IsPossible(shape.Access, name.Scope))
        {
            throw ChannelErrors.Corrupt(name.Full,
                $"its first page speaks of {shape.Lanes:N0} lanes of {shape.Capacity:N0} bytes and {shape.Readers:N0} readers, in {memory.Size:N0} bytes");
        }
        return new ChannelMemory(name, memory, memory.Map(0, shape.Layout.ControlLength), shape);
    }

    /// <summary>The mutex of whoever makes the channel.</summary>
    private readonly ref struct MakersTurn
    {
        private readonly ChannelTurn _turn;
        private readonly ChannelTurn.Held _held;

        private MakersTurn(ChannelTurn turn)
        {
            _turn = turn;
            _held = turn.Take();
        }

        public static MakersTurn Take(ObjectName channel, SharedAccess access)
        {
            var turn = new ChannelTurn(channel, "making", access);
            try
            {
                return new MakersTurn(turn);
            }
            catch
            {
                turn.Dispose();
                throw;
            }
        }

        public void Dispose()
        {
            _held.Dispose();
            _turn.Dispose();
        }
    }
}
