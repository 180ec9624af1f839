using Samepage.Atomics;
using Samepage.Layout;
using Samepage.Platform.Linux.Tethers;
using Samepage.Platform.Linux.Waiting;

namespace Samepage.Platform.Linux.Locks;

/// <summary>This process's part in one lock: its place, by which the word names it, and whether a flow of it holds the lock.</summary>
internal sealed unsafe class LockShare
{
    private static readonly Lock _gate = new();

    // Of handles that were closed while somebody still waits through them, there may be another block of the same lock.
    private static readonly Dictionary<(ulong, ulong, DateTimeOffset), WeakReference<LockShare>> _shares = [];

    private const int FirstSweep = 1024;

    private static int _sweepAt = FirstSweep;

    private nint _holds;

    private LockShare(uint holder, bool holds)
    {
        Holder = holder;
        _holds = holds ? 1 : 0;
    }

    /// <summary>What the word says while this process holds the lock.</summary>
    public uint Holder { get; }

    /// <summary>This process's; a place is taken at the first use, and kept until the process is gone.</summary>
    public static LockShare Of(WaitBlock block, SharedObjectScope scope)
    {
        if (block.LockShare is { } known)
            return known;
        lock (_gate)
            return block.LockShare ??= Known(block) ?? Remember(block, Join(block, scope));
    }

    /// <summary>A flow of this process holds the lock.</summary>
    public bool Holds => SharedAtomics.Acquire(ref _holds) != 0;

    /// <summary>The lock was taken.</summary>
    public void Hold() => SharedAtomics.Release(ref _holds, 1);

    /// <summary>The lock is about to be given up, by this caller alone. False: nobody here holds it.</summary>
    public bool TryLetGo() => SharedAtomics.Take(ref _holds) != 0;

    private static LockShare? Known(WaitBlock block) =>
        _shares.TryGetValue(KeyOf(block), out WeakReference<LockShare>? weak) && weak.TryGetTarget(out LockShare? known) ? known : null;

    private static LockShare Remember(WaitBlock block, LockShare share)
    {
        if (_shares.Count >= _sweepAt)
        {
            foreach ((var key, WeakReference<LockShare> weak) in _shares)
            {
                if (!weak.TryGetTarget(out _))
                    _ = _shares.Remove(key);
            }
            _sweepAt = Math.Max(FirstSweep, 2 * _shares.Count);
        }
        _shares[KeyOf(block)] = new WeakReference<LockShare>(share);
        return share;
    }

    private static (ulong, ulong, DateTimeOffset) KeyOf(WaitBlock block) => (block.Identity.Device, block.Identity.Inode, block.Description.Created);

    private static LockShare Join(WaitBlock block, SharedObjectScope scope)
    {
        ulong mine = HeldTether.OfProcess(scope);
        // Been here before, through a handle that was closed since: perhaps while the lock was held.
        for (uint place = 0; place < LockPlace.Count; place++)
        {
            if (SharedAtomics.Acquire(&block.LockPlaces[place].Tether) == mine)
                return new LockShare(place + 1, (LockWord.Word(SharedAtomics.Acquire(block.Pair)) & LockWord.HolderMask) == place + 1);
        }
        for (uint place = 0; place < LockPlace.Count; place++)
        {
            LockPlace* at = &block.LockPlaces[place];
            ulong other = SharedAtomics.Acquire(&at->Tether);
            if (other != 0 && (LockState.IsAlive(other, scope) || IsNamed(block, place + 1)))
                continue;
            // SYNC(place): pairs with the acquire of those who find the word naming it.
            if (!SharedAtomics.CompareExchange(&at->Tether, other, mine))
                continue;
            CrashSwitch.Reach(CrashPoint.LockPlaceTaken);
            // NO-POINT: nobody acts on it.
            at->ProcessId = Environment.ProcessId;
            return new LockShare(place + 1, holds: false);
        }
        throw new SharedObjectException(FailureReason.LimitReached,
            $"{LockPlace.Count} processes use the lock \"{block.Description.BareName}\" at the same time; that is as many as can. Let some end, or use a lock for each group of them.",
            block.Description.BareName, SharedObjectKind.Lock);
    }

    // Of one who is gone: only those who heal it change that.
    private static bool IsNamed(WaitBlock block, uint holder) =>
        (LockWord.Word(SharedAtomics.Acquire(block.Pair)) & LockWord.HolderMask) == holder;
}
