using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>A <see cref="ReaderBlock"/> in mapped memory.</summary>
/// <param name="block">Its address; the owner of this value keeps it mapped.</param>
internal readonly unsafe struct ReaderState(nint block)
{
    public nint Address => block;

    private ulong* At(int offset) => (ulong*)(block + offset);

    /// <summary>The life of the process that reads; 0: nobody does.</summary>
    // SYNC(reader): pairs with the exchange in TryOwn, and with the release in Leave.
    public ulong Owner => SharedAtomics.Acquire(At(ReaderBlock.OwnerOffset));

    /// <summary>For people.</summary>
    public long Missed
    {
        get => (long)SharedAtomics.Acquire(At(ReaderBlock.MissedOffset));
        // NO-POINT: nobody acts on it.
        set => SharedAtomics.Release(At(ReaderBlock.MissedOffset), (ulong)value);
    }

    /// <summary>For people: of the messages of all lanes, so many are behind it.</summary>
    public long Passed
    {
        get => (long)SharedAtomics.Acquire(At(ReaderBlock.PassedOffset));
        // NO-POINT: nobody acts on it.
        set => SharedAtomics.Release(At(ReaderBlock.PassedOffset), (ulong)value);
    }

    /// <summary>For people.</summary>
    public int ProcessId
    {
        get => (int)SharedAtomics.Acquire(At(ReaderBlock.ProcessOffset));
        // NO-POINT: nobody acts on it.
        set => SharedAtomics.Release(At(ReaderBlock.ProcessOffset), (ulong)value);
    }

    /// <summary>Of a mailbox: it grows with each one that reads, and is odd while that one clears away what was left to those before.</summary>
    // SYNC(tenure): pairs with the releases in BeginTenure and OpenTenure.
    public ulong Tenure => SharedAtomics.Acquire(At(ReaderBlock.TenureOffset));

    /// <summary>Another one than those before reads: whoever wrote to them does not write to this one, and nobody does yet. Only for who owns the place.</summary>
    public void BeginTenure()
    {
        // SYNC(tenure): pairs with the acquire in Tenure.
        SharedAtomics.Release(At(ReaderBlock.TenureOffset), Tenure + 1 | 1);
        CrashSwitch.Reach(CrashPoint.TenureBegun);
    }

    /// <summary>Who opens it now writes to this one. Only for who has begun it.</summary>
    public void OpenTenure()
    {
        // SYNC(tenure): pairs with the acquire in Tenure.
        SharedAtomics.Release(At(ReaderBlock.TenureOffset), Tenure + 1);
        CrashSwitch.Reach(CrashPoint.TenureOpened);
    }

    public bool TryOwn(ulong former, ulong life)
    {
        // SYNC(reader): pairs with the acquire in Owner.
        bool owned = SharedAtomics.CompareExchange(At(ReaderBlock.OwnerOffset), former, life);
        CrashSwitch.Reach(CrashPoint.ReaderOwned);
        return owned;
    }

    public void Leave()
    {
        // SYNC(reader): pairs with the acquire in Owner.
        SharedAtomics.Release(At(ReaderBlock.OwnerOffset), 0);
        CrashSwitch.Reach(CrashPoint.ReaderLeft);
    }

    // SYNC(position): pairs with the release in SetPosition.
    public long Position(int lane) => SharedAtomics.Acquire(At(ReaderBlock.PositionOffset(lane))) is var held and not 0 ? (long)(held - 1) : ReaderBlock.Nowhere;

    /// <summary>What stands before it in the lane has been read and may be overwritten.</summary>
    public void SetPosition(int lane, long position)
    {
        // SYNC(position): pairs with the acquire in Position.
        SharedAtomics.Release(At(ReaderBlock.PositionOffset(lane)), position == ReaderBlock.Nowhere ? 0 : (ulong)position + 1);
        CrashSwitch.Reach(CrashPoint.ReaderMoved);
    }

    /// <summary>It holds nothing up in any lane.</summary>
    public void HoldNothing(int lanes)
    {
        for (int lane = 0; lane < lanes; lane++)
            SetPosition(lane, ReaderBlock.Nowhere);
    }
}
