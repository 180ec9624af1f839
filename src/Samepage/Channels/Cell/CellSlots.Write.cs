using System.Numerics;
using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Channels;

internal sealed unsafe partial class CellSlots
{
    private const int BitsOfWord = 64;
    private const int WordsOfSlots = (SleeperBlock.MostEnds + 2 + BitsOfWord - 1) / BitsOfWord;

    /// <exception cref="ArgumentException">It is too long.</exception>
    public ReadOnlySpan<byte> Fitting(ReadOnlySpan<byte> value) => value.Length <= _capacity
        ? value
        : throw new ArgumentException($"The value has {value.Length:N0} bytes, and there is room for {_capacity:N0}.", nameof(value));

    /// <summary>By who has the turn. Whoever dies over it has written nothing.</summary>
    /// <returns>The how manieth value it is.</returns>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.OutOfSpace"/>: the value before it stays.</exception>
    public ulong Write(ReadOnlySpan<byte> value)
    {
        ulong latest = Latest;
        int slot = Free(latest);
        byte* start = Reach(slot, value.Length).Value;
        ulong number = CellWord.NumberOf(latest) % CellWord.LastNumber + 1;
        SharedAtomics.Release(HeaderOf(slot, CellSlot.NumberOffset), 0);
        // SYNC(slot): pairs with the load fence in TryCopy: who copied any of what follows finds the number gone.
        SharedAtomics.StoreFence();
        CrashSwitch.Reach(CrashPoint.CellSlotBegun);
        value.CopyTo(new Span<byte>(start, value.Length));
        // NO-POINT: the number publishes them.
        SharedAtomics.Store(HeaderOf(slot, CellSlot.LengthOffset), (uint)value.Length);
        SharedAtomics.Store(HeaderOf(slot, CellSlot.ProcessOffset), (uint)Environment.ProcessId);
        // SYNC(slot): pairs with the acquire in TryCopy.
        SharedAtomics.Release(HeaderOf(slot, CellSlot.NumberOffset), number);
        CrashSwitch.Reach(CrashPoint.CellSlotFilled);
        // SYNC(latest): pairs with the acquire in Latest.
        SharedAtomics.Release(_latest, CellWord.Of(number, slot));
        CrashSwitch.Reach(CrashPoint.CellPublished);
        return number;
    }

    /// <summary>A slot that is neither the latest nor kept by a reader. There is one: each reader keeps one at most.</summary>
    private int Free(ulong latest)
    {
        ulong* kept = stackalloc ulong[WordsOfSlots];
        var slots = new Span<ulong>(kept, WordsOfSlots);
        slots.Clear();
        int current = latest == 0 ? -1 : Checked(latest);
        if (current >= 0)
            Mark(slots, (uint)current);
        // What was published before is seen by whoever asks after this look.
        SharedAtomics.Fence();
        int used = (int)Math.Min(SharedAtomics.Acquire(_readersUsed), (uint)CellSlot.ReadersOf(_slots.Length));
        for (int reader = 0; reader < used; reader++)
        {
            CellPin pin = CellPin.Of(_memory, reader);
            ulong pinned = pin.Kept;
            if (pinned == _asked && latest != 0)
            {
                pin.Give(_asked, latest);
                pinned = pin.Kept;
            }
            if (CellWord.NumberOf(pinned) != 0)
                Mark(slots, CellWord.SlotOf(pinned));
        }
        for (int step = 1; step <= CellSlot.InTurn; step++)
        {
            int slot = (current + step) % CellSlot.InTurn;
            if ((slots[0] & 1ul << slot) == 0)
                return slot;
        }
        for (int word = 0; ; word++)
        {
            if (slots[word] != ulong.MaxValue)
                return word * BitsOfWord + BitOperations.TrailingZeroCount(~slots[word]);
        }
    }

    private void Mark(Span<ulong> slots, uint slot)
    {
        if (slot < (uint)_slots.Length)
            slots[(int)slot / BitsOfWord] |= 1ul << (int)slot % BitsOfWord;
    }
}
