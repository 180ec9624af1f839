using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Channels;

internal sealed unsafe partial class CellSlots
{
    /// <summary>Memory is asked for in pieces: a longer one would be held against what is free, also where it is there already.</summary>
    private const int LongestStep = 64 << 20;

    private ulong* HeaderOf(int slot, int offset) => (ulong*)(Reach(slot, 0).Value - CellSlot.ValueOffset + offset);

    /// <summary>The slot, with memory for a value of this length. Whatever its header says, what is touched has memory.</summary>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.OutOfSpace"/>.</exception>
    private ref SlotPlace Reach(int slot, int length)
    {
        ref SlotPlace place = ref _slots[slot];
        // SYNC(reach): pairs with the release in GiveMemory.
        if (place.Value is null || SharedAtomics.Acquire(ref place.Reach) < length)
            GiveMemory(slot, length);
        return ref place;
    }

    private void GiveMemory(int slot, int length)
    {
        lock (_reaching)
        {
            ref SlotPlace place = ref _slots[slot];
            long start = _offset + CellSlot.ValueOffset;
            long had = place.Value is null ? _offset : start + place.Reach;
            long wanted = Math.Min((start + length + SharedMemory.MappingGranularity - 1) / SharedMemory.MappingGranularity * SharedMemory.MappingGranularity, _memory.Shape.Capacity);
            for (long from = had; from < wanted; from += LongestStep)
                _memory.GiveMemory(slot, from, Math.Min(LongestStep, wanted - from));
            place.Value = (byte*)_memory.RingAt(slot).HeaderAt(start);
            // NO-POINT: of this process.
            // SYNC(reach): pairs with the acquire in Reach.
            SharedAtomics.Release(ref place.Reach, Math.Max(place.Reach, wanted - start));
        }
    }

    /// <summary>A slot as far as this handle has come to it.</summary>
    private struct SlotPlace
    {
        /// <summary>Where the value begins in this process; null: the slot was not looked at yet.</summary>
        public byte* Value;

        /// <summary>So many bytes of a value have memory.</summary>
        public long Reach;
    }
}
