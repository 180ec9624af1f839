using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>A <see cref="LaneBlock"/> in mapped memory.</summary>
/// <param name="block">Its address; the owner of this value keeps it mapped.</param>
internal readonly unsafe struct LaneState(nint block)
{
    private ulong* At(int offset) => (ulong*)(block + offset);

    /// <summary>The life of the process that writes; 0: nobody does.</summary>
    // SYNC(owner): pairs with the exchange in TryOwn, and with the release in Leave.
    public ulong Owner => SharedAtomics.Acquire(At(LaneBlock.OwnerOffset));

    /// <summary>For people.</summary>
    public int ProcessId
    {
        get => (int)SharedAtomics.Acquire(At(LaneBlock.ProcessOffset));
        // NO-POINT: nobody acts on it.
        set => SharedAtomics.Release(At(LaneBlock.ProcessOffset), (ulong)value);
    }

    // SYNC(chunk): pairs with the release in BeginChunk.
    public long LastChunk => (long)SharedAtomics.Acquire(At(LaneBlock.LastChunkOffset));

    // SYNC(oldest): pairs with the release in GiveUpTo.
    public long OldestChunk => (long)SharedAtomics.Acquire(At(LaneBlock.OldestChunkOffset));

    /// <summary>How many bytes of the ring have memory.</summary>
    public long Memory
    {
        get => (long)SharedAtomics.Acquire(At(LaneBlock.MemoryOffset));
        set
        {
            SharedAtomics.Release(At(LaneBlock.MemoryOffset), (ulong)value);
            CrashSwitch.Reach(CrashPoint.LaneGrown);
        }
    }

    /// <summary>The lane is this process's to write, in the place of nobody or of a process that is gone.</summary>
    public bool TryOwn(ulong former, ulong life)
    {
        // SYNC(owner): pairs with the acquire in Owner.
        bool owned = SharedAtomics.CompareExchange(At(LaneBlock.OwnerOffset), former, life);
        CrashSwitch.Reach(CrashPoint.LaneOwned);
        return owned;
    }

    public void Leave()
    {
        // SYNC(owner): pairs with the acquire in Owner.
        SharedAtomics.Release(At(LaneBlock.OwnerOffset), 0);
        CrashSwitch.Reach(CrashPoint.LaneLeft);
    }

    /// <summary>The first record at or behind the beginning of a chunk.</summary>
    public (long Position, long Number) Chunk(long chunk)
    {
        int offset = LaneBlock.ChunkOffset(chunk);
        return ((long)SharedAtomics.Acquire(At(offset)), (long)SharedAtomics.Acquire(At(offset + LaneBlock.NumberOffset)));
    }

    /// <summary>The next record is the first at or behind the beginning of this chunk.</summary>
    public void BeginChunk(long chunk, long position, long number)
    {
        int offset = LaneBlock.ChunkOffset(chunk);
        // NO-POINT: the number of the last chunk publishes them.
        SharedAtomics.Store(At(offset), (ulong)position);
        SharedAtomics.Store(At(offset + LaneBlock.NumberOffset), (ulong)number);
        // SYNC(chunk): pairs with the acquire in LastChunk.
        SharedAtomics.Release(At(LaneBlock.LastChunkOffset), (ulong)chunk);
        CrashSwitch.Reach(CrashPoint.ChunkBegun);
    }

    /// <summary>From now on nobody may begin to read before this chunk. Who does so at this moment is seen behind it, or sees it.</summary>
    public void GiveUpTo(long chunk)
    {
        // SYNC(oldest): pairs with the acquire in OldestChunk; fenced on both sides, see docs/design/lane.md.
        SharedAtomics.Release(At(LaneBlock.OldestChunkOffset), (ulong)chunk);
        SharedAtomics.Fence();
        CrashSwitch.Reach(CrashPoint.ChunkGivenUp);
    }
}
