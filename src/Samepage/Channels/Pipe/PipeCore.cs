using Samepage.Atomics;
using Samepage.Diagnostics;
using Samepage.Layout;
using Samepage.Platform;

namespace Samepage.Channels;

/// <summary>A connection, as one of its ends has it open: its memory, who sleeps, and what has become of the other end.</summary>
/// <remarks>
/// Its memory stays until it is released as often as it was retained: a wait that another thread has begun outlasts the end. Protocol, and every state in which an
/// end can die: docs/design/pipe.md.
/// </remarks>
internal sealed class PipeCore
{
    // Guarded by itself. Nothing in it is collected: ends work on addresses of its memory.
    private static readonly HashSet<PipeCore> _open = [];

    private readonly Lock _gate = new();
    private readonly Sleepers[] _sleepers;
    private Action? _died;
    private nint _peerDied;
    private int _users = 1;

    private PipeCore(ChannelMemory memory, int side)
    {
        Memory = memory;
        Side = side;
        Name = memory.Name.Full;
        Lives = new PeerLives(memory.Name.Scope, _ => Died());
        _sleepers = [BlockOf(0, ChannelLayout.ReadersAsleep), BlockOf(1, ChannelLayout.WritersAsleep)];

        lock (_open)
            _open.Add(this);

        Sleepers BlockOf(int lane, int offset) =>
            new(memory.AddressOf(offset), PipeSide.Count, new BellBoard(memory.Name, lane == 0 ? "there" : "back", PipeSide.Count, memory.Shape.Access));
    }

    public ChannelMemory Memory { get; }

    public string Name { get; }

    private PeerLives Lives { get; }

    /// <summary>Which end this is.</summary>
    public int Side { get; }

    public int PeerSide => PipeSide.Other(Side);

    public PipeMode Mode => (PipeMode)Memory.Shape.Mode;

    /// <summary>The process at the other end; <see cref="PipeSide.Awaited"/> until it was seen there.</summary>
    public ulong Peer { get; private set; } = PipeSide.Awaited;

    /// <summary>All of the process at the other end has ended: it wrote nothing after what is there now.</summary>
    public bool PeerDied => SharedAtomics.Acquire(ref _peerDied) != 0;

    /// <summary>Those who wait for what is written to a lane, or for room in it.</summary>
    public Sleepers SleepersAt(int lane) => _sleepers[lane];

    /// <summary>A new connection, whose other end is awaited.</summary>
    public static PipeCore Make(ObjectName name, in ChannelShape shape)
    {
        ChannelMemory memory = ChannelMemory.Make(name, shape, openExisting: false, out _);
        ulong life = Host.Platform.ProcessLife(name.Scope);
        // Each holds all of the other's lane, before it is there.
        memory.ReaderAt(PipeSide.Joiner).SetPosition(PipeSide.Maker, 0);
        memory.ReaderAt(PipeSide.Maker).SetPosition(PipeSide.Joiner, 0);
        _ = memory.ReaderAt(PipeSide.Joiner).TryOwn(0, PipeSide.Awaited);
        _ = memory.LaneAt(PipeSide.Joiner).TryOwn(0, PipeSide.Awaited);
        _ = memory.ReaderAt(PipeSide.Maker).TryOwn(0, life);
        _ = memory.LaneAt(PipeSide.Maker).TryOwn(0, life);
        SayProcess(memory.LaneAt(PipeSide.Maker));
        return new PipeCore(memory, PipeSide.Maker);
    }

    /// <summary>Takes the place of the awaited end, as far as to read; <see cref="Arrive"/> completes it. Null: there is no such connection, or somebody was faster.</summary>
    public static PipeCore? TryJoin(ObjectName name)
    {
        if (ChannelMemory.TryOpen(name, SharedObjectKind.Pipe) is not { } memory)
            return null;
        bool joined = false;
        try
        {
            if ((memory.Shape.Lanes, memory.Shape.Readers) != (PipeSide.Count, PipeSide.Count) || !Enum.IsDefined((PipeMode)memory.Shape.Mode))
            {
                throw ChannelErrors.Corrupt(name.Full,
                    $"a connection has two lanes and two readers, and this one {memory.Shape.Lanes:N0} and {memory.Shape.Readers:N0} in mode {memory.Shape.Mode}");
            }
            joined = memory.ReaderAt(PipeSide.Joiner).TryOwn(PipeSide.Awaited, Host.Platform.ProcessLife(name.Scope));
            if (joined)
                SayProcess(memory.LaneAt(PipeSide.Joiner));
            return joined ? new PipeCore(memory, PipeSide.Joiner) : null;
        }
        finally
        {
            if (!joined)
                memory.Dispose();
        }
    }

    /// <summary>The end that joined is ready: the other one is told. Its lane has memory by now.</summary>
    public void Arrive()
    {
        _ = Memory.LaneAt(Side).TryOwn(PipeSide.Awaited, Lives.Own);
        SleepersAt(0).WakeCarefully();
        SleepersAt(1).WakeCarefully();
    }

    /// <summary>True when the other end is there, or was; from then on its life is watched.</summary>
    public bool TryMeet()
    {
        if (Peer != PipeSide.Awaited)
            return true;
        ulong writer = Memory.LaneAt(PeerSide).Owner;
        if (writer == PipeSide.Awaited)
            return false;
        lock (_gate)
        {
            // It may have ceased to write, or to read.
            ulong life = writer != 0 ? writer : Memory.ReaderAt(PeerSide).Owner;
            Peer = life != 0 ? life : PipeSide.Nobody;
            if (life != 0 && !Lives.IsAlive(life))
                Died();
        }
        return true;
    }

    /// <summary>What is called when the other end has died, on a thread of the library; not again when null has been set.</summary>
    public void TellDeath(Action? died)
    {
        lock (_gate)
            _died = died;
    }

    public void Retain()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_users == 0, typeof(PipeConnection));
            _users++;
        }
    }

    public void Release()
    {
        lock (_gate)
        {
            if (--_users > 0)
                return;
        }
        lock (_open)
            _ = _open.Remove(this);
        // Not while the gate is held: a word of a death may be on its way through it.
        Lives.Dispose();
        foreach (Sleepers sleepers in _sleepers)
            sleepers.Dispose();
        Memory.Dispose();
    }

    public SharedObjectException Dead() => new(FailureReason.PeerDied,
        $"The process at the other end of the pipe \"{Name}\" has ended without closing it. All that it wrote was read.", Name, SharedObjectKind.Pipe);

    public SharedObjectException Closed() => new(FailureReason.PeerClosed,
        $"The other end of the pipe \"{Name}\" does not read any more.", Name, SharedObjectKind.Pipe);

    public SharedObjectException Strange(string what, ulong life) =>
        ChannelErrors.Corrupt(Name, $"{life:X16} is said to {what}, and the other end is {Peer:X16}");

    private static void SayProcess(LaneState lane) => lane.ProcessId = Environment.ProcessId;

    private void Died()
    {
        lock (_gate)
        {
            SharedAtomics.Release(ref _peerDied, 1);
            _died?.Invoke();
        }
        LibraryEvents.Log.PeerReclaimed(Tags.Of(SharedObjectKind.Pipe), Name, "peer");
    }
}
