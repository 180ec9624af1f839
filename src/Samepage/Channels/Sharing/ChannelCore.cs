using Samepage.Atomics;
using Samepage.Diagnostics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>What one handle of a channel and all of its ends have in common: the memory, who sleeps, and who lives.</summary>
/// <remarks>
/// It is open until the handle and all of its ends are disposed, also if they are forgotten: they work on addresses of its memory, and what they hold
/// up they hold up until they leave.
/// </remarks>
internal sealed class ChannelCore : IMeasured
{
    // Guarded by itself. Nothing in it is collected.
    private static readonly HashSet<ChannelCore> _open = [];

    private readonly List<ChannelEnd> _ends = [];
    private readonly Lock _gate = new();
    private ChannelTurn? _burialTurn;
    private int _users = 1;
    private long _reclaimed;

    /// <param name="memory">Taken over, also if this fails.</param>
    public ChannelCore(ChannelMemory memory)
    {
        Memory = memory;
        Name = memory.Name.Full;
        ChannelShape shape = memory.Shape;
        Readers = new Sleepers(memory.AddressOf(ChannelLayout.ReadersAsleep), shape.Readers, new BellBoard(memory.Name, "reader", shape.Readers, shape.Access));
        Writers = new Sleepers(memory.AddressOf(ChannelLayout.WritersAsleep), shape.Lanes, new BellBoard(memory.Name, "writer", shape.Lanes, shape.Access));
        Readers.Unanswered = LookAfterReader;
        try
        {
            Lives = new PeerLives(memory.Name.Scope, Gone);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
        lock (_open)
            _open.Add(this);
        MeasuredObjects.Add(memory.Shape.Kind, Name, this);
    }

    public string Name { get; }

    public ChannelMemory Memory { get; }

    /// <summary>Those who sleep until there are messages.</summary>
    public Sleepers Readers { get; }

    /// <summary>Those who sleep until there is room.</summary>
    public Sleepers Writers { get; }

    public PeerLives Lives { get; }

    /// <summary>What is done for a reader that died, by whoever has taken its place, before it gives the place up.</summary>
    public Action<int>? ReaderDied { get; init; }

    /// <summary>What is done for a writer that died, by whoever has taken its lane, before it is given up or used.</summary>
    public Action<int>? WriterDied { get; init; }

    /// <summary>What else the channel has open for as long as this is.</summary>
    public IDisposable? Companion { get; init; }

    /// <summary>A lane for a new writer, with whatever is still in it.</summary>
    /// <param name="first">The first that will do.</param>
    /// <param name="step">From there to the next that will do.</param>
    public int TakeLane(int first = 0, int step = 1) => TakePlace(hasEnded =>
    {
        for (int lane = first; lane < Memory.Shape.Lanes; lane += step)
        {
            LaneState state = Memory.LaneAt(lane);
            ulong owner = state.Owner;
            if ((owner == 0 || hasEnded(owner)) && state.TryOwn(owner, Lives.Own))
            {
                if (owner != 0)
                {
                    BuryWriter(lane);
                    Reclaimed("writer");
                }
                Writers.Forget(lane);
                state.ProcessId = Environment.ProcessId;
                Readers.Announce();
                return lane;
            }
        }
        return null;
    }) ?? throw Full("write", Memory.Shape.Lanes);

    public int TakeReader() => TakePlace(hasEnded =>
    {
        for (int reader = 0; reader < Memory.Shape.Readers; reader++)
        {
            ReaderState state = Memory.ReaderAt(reader);
            ulong owner = state.Owner;
            if ((owner == 0 || hasEnded(owner)) && state.TryOwn(owner, Lives.Own))
            {
                try
                {
                    // First: what it holds from now on counts.
                    Memory.UseReader(reader);
                    if (owner != 0)
                    {
                        ReaderDied?.Invoke(reader);
                        Reclaimed("reader");
                    }
                    Readers.Forget(reader);
                    state.HoldNothing(Memory.Shape.Lanes);
                    Writers.Announce();
                    state.Missed = 0;
                    state.ProcessId = Environment.ProcessId;
                    return reader;
                }
                catch
                {
                    state.Leave();
                    throw;
                }
            }
        }
        return null;
    }) ?? throw Full("read", Memory.Shape.Readers);

    /// <summary>Null: all are taken, by processes that live.</summary>
    /// <param name="look">Takes the first that is nobody's, or of a process that has ended as far as it is told.</param>
    private int? TakePlace(Func<Func<ulong, bool>, int?> look)
    {
        if (look(life => !Lives.IsAlive(life)) is { } place)
            return place;
        // Those of a dead one are in the name of a living one for as long as that one is giving them up. Under the turn nobody is.
        using (TakeBurialTurn())
            return look(Lives.HasEnded);
    }

    /// <summary>The turn of those who give up the places of the dead. Made when it is wanted first: mostly nobody dies.</summary>
    private ChannelTurn.Held TakeBurialTurn()
    {
        ChannelTurn turn;
        try
        {
            lock (_gate)
                turn = _burialTurn ??= new ChannelTurn(Memory, "burial");
        }
        catch (SharedObjectException)
        {
            // No descriptors, or a mutex of another pid namespace. Then it goes without: all that is lost is that somebody may be refused a moment too early.
            return default;
        }
        return turn.Take();
    }

    /// <summary>In good order; or in the place of one that died, which is this process's now.</summary>
    public void LeaveReader(int reader)
    {
        Readers.Forget(reader);
        Memory.ReaderAt(reader).HoldNothing(Memory.Shape.Lanes);
        Memory.ReaderAt(reader).Leave();
        // It holds nothing up any more.
        Writers.WakeCarefully();
    }

    /// <summary>Looks after everybody on whom those count who are about to sleep: the dead give up their places.</summary>
    public void WatchWriters()
    {
        for (int lane = Memory.LanesUsed; --lane >= 0;)
        {
            ulong owner = Memory.LaneAt(lane).Owner;
            if (owner != 0 && !Lives.IsAlive(owner))
                Bury(owner);
        }
    }

    /// <inheritdoc cref="WatchWriters"/>
    public void WatchReaders()
    {
        for (int reader = Memory.ReadersUsed; --reader >= 0;)
        {
            // Again: another one may have been faster, and is watched from now on, as it may die before it has told what it found.
            while (Memory.ReaderAt(reader).Owner is var owner and not 0 && !Lives.IsAlive(owner))
                Bury(owner);
        }
    }

    /// <summary>Whether a reader's process is known to have ended; then its places are given up. Where nobody can tell, it is taken to live.</summary>
    public bool IsGone(ulong owner)
    {
        try
        {
            if (Lives.IsAlive(owner))
                return false;
            Bury(owner);
            return true;
        }
        catch (SharedObjectException)
        {
            return false;
        }
    }

    /// <summary>One more end is being made: to be released when it has been added, or when that failed.</summary>
    public void Enter()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_users == 0, this);
            _users++;
        }
    }

    /// <summary>One more end, which is told when a process has ended.</summary>
    public void Add(ChannelEnd end)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_users == 0, this);
            _users++;
            _ends.Add(end);
        }
        MeasuredObjects.Add(Memory.Shape.Kind, Name, end);
    }

    public void Remove(ChannelEnd end)
    {
        lock (_gate)
            _ = _ends.Remove(end);
        MeasuredObjects.Remove(Memory.Shape.Kind, Name, end);
        end.WhenUnused(Release);
    }

    long? IMeasured.Lag => null;

    void IMeasured.AddTo(ref Counts counts)
    {
        counts.Rings += Readers.Rings + Writers.Rings + (Companion is BellBoard more ? more.Rings : 0);
        counts.Reclaimed += SharedAtomics.Acquire(ref _reclaimed);
    }

    /// <summary>The handle, or an end, needs this no more.</summary>
    public void Release()
    {
        lock (_gate)
        {
            if (--_users > 0)
                return;
        }
        lock (_open)
            _ = _open.Remove(this);
        MeasuredObjects.Remove(Memory.Shape.Kind, Name, this);
        Lives.Dispose();
        Readers.Dispose();
        Writers.Dispose();
        Companion?.Dispose();
        _burialTurn?.Dispose();
        Memory.Dispose();
    }

    private void Gone(ulong life)
    {
        lock (_gate)
        {
            if (_users == 0)
                return;
            _users++;
        }
        try
        {
            try
            {
                Bury(life);
            }
            catch (SharedObjectException)
            {
                // Damaged, or without descriptors: whoever looks there next is told.
            }
            lock (_gate)
            {
                foreach (ChannelEnd end in _ends)
                    end.Nudge();
            }
        }
        finally
        {
            Release();
        }
    }

    /// <summary>One that is said to sleep has no bell: it died, or was made up.</summary>
    private void LookAfterReader(int reader)
    {
        ulong owner = Memory.ReaderAt(reader).Owner;
        if (owner != 0)
            _ = IsGone(owner);
    }

    /// <summary>Takes the places of a process that is gone, and gives them up in good order.</summary>
    private void Bury(ulong life)
    {
        if (!HasPlace(life))
            return;
        using (TakeBurialTurn())
        {
            for (int lane = 0; lane < Memory.Shape.Lanes; lane++)
            {
                if (Memory.LaneAt(lane).Owner == life && Memory.LaneAt(lane).TryOwn(life, Lives.Own))
                {
                    BuryWriter(lane);
                    Writers.Forget(lane);
                    Memory.LaneAt(lane).Leave();
                    Reclaimed("writer");
                }
            }
            for (int reader = 0; reader < Memory.Shape.Readers; reader++)
            {
                if (Memory.ReaderAt(reader).Owner == life && Memory.ReaderAt(reader).TryOwn(life, Lives.Own))
                {
                    ReaderDied?.Invoke(reader);
                    LeaveReader(reader);
                    Reclaimed("reader");
                }
            }
        }
    }

    private bool HasPlace(ulong life)
    {
        for (int lane = 0; lane < Memory.Shape.Lanes; lane++)
        {
            if (Memory.LaneAt(lane).Owner == life)
                return true;
        }
        for (int reader = 0; reader < Memory.Shape.Readers; reader++)
        {
            if (Memory.ReaderAt(reader).Owner == life)
                return true;
        }
        return false;
    }

    private void Reclaimed(string role)
    {
        _ = SharedAtomics.Increment(ref _reclaimed);
        LibraryEvents.Log.PeerReclaimed(Tags.Of(Memory.Shape.Kind), Name, role);
    }

    private void BuryWriter(int lane)
    {
        try
        {
            WriterDied?.Invoke(lane);
        }
        catch
        {
            Memory.LaneAt(lane).Leave();
            throw;
        }
    }

    private SharedObjectException Full(string what, int most) => new(FailureReason.LimitReached,
        $"{most:N0} {what} \"{Name}\" already, and it was made for no more. Make it for more when it is made anew.", Name, Memory.Shape.Kind);
}
