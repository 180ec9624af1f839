using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>The values of a cell, or of an entry of a map, as one handle sees them: read without waiting for anybody, written by who has the turn.</summary>
/// <remarks>Why a reader is never held up, and never sees half a value: docs/design/cell.md; model: tests/models/cell.pml.</remarks>
internal sealed unsafe partial class CellSlots
{
    /// <summary>So often a reader looks without keeping anything from being overwritten.</summary>
    private const int FreeLooks = 2;

    private readonly ulong* _latest;
    private readonly uint* _readersUsed;
    private readonly ChannelMemory _memory;
    private readonly ulong _asked;
    private readonly long _offset;
    private readonly SlotPlace[] _slots;
    private readonly int _capacity;
    private readonly Lock _reaching = new();
    private readonly Lock _pinning;
    private readonly ulong* _state;
    private readonly ulong _generation;

    /// <param name="memory">Of the cell, or of the map.</param>
    /// <param name="latest">Address of its <see cref="CellWord"/>.</param>
    /// <param name="capacity">The most bytes of a value; its slots have room for them.</param>
    /// <param name="pinning">Held by the thread that uses the pin of this handle.</param>
    /// <param name="entry">Which entry of the map; 0 for a cell.</param>
    /// <param name="state">Address of the entry's state; 0 for a cell.</param>
    public CellSlots(ChannelMemory memory, nint latest, int capacity, Lock pinning, int entry = 0, nint state = 0)
    {
        _pinning = pinning;
        _state = (ulong*)state;
        _generation = state == 0 ? 0 : SharedAtomics.Acquire(_state);
        _memory = memory;
        _latest = (ulong*)latest;
        _readersUsed = (uint*)memory.AddressOf(ChannelHeader.ReadersUsedOffset);
        _slots = new SlotPlace[CellSlot.CountFor(memory.Shape.Readers)];
        _capacity = capacity;
        _asked = CellPinWord.Asked(entry);
        _offset = entry * CellSlot.StrideFor(capacity);
    }

    /// <summary>Those of a cell.</summary>
    public static CellSlots OfCell(ChannelMemory memory, Lock pinning)
    {
        uint capacity = memory.Shape.Mode;
        return capacity is > 0 and <= CellOptions.MostCapacity && capacity <= memory.Shape.Capacity - CellSlot.ValueOffset
            ? new CellSlots(memory, memory.AddressOf(ChannelHeader.LatestOffset), (int)capacity, pinning)
            : throw ChannelErrors.Corrupt(memory.Name.Full, $"its values are said to have up to {capacity:N0} bytes, in slots of {memory.Shape.Capacity:N0}");
    }

    /// <summary>The most bytes of a value.</summary>
    public int Capacity => _capacity;

    /// <summary>How many values were written.</summary>
    public ulong ChangeNumber => CellWord.NumberOf(Latest);

    /// <summary>False: the entry of the map has been removed.</summary>
    // SYNC(entry): pairs with the release in CellMapTable.
    public bool IsThere => _state is null || SharedAtomics.Acquire(_state) == _generation;

    /// <summary>There is another value than this, or none any more.</summary>
    public bool HasNews(ulong since) => ChangeNumber != since || !IsThere;

    /// <summary>A <see cref="CellWord"/>.</summary>
    // SYNC(latest): pairs with the release in Write.
    public ulong Latest => SharedAtomics.Acquire(_latest);

    /// <summary>The latest value, whose length everybody knows. False: none was ever written.</summary>
    /// <param name="value">The value.</param>
    /// <param name="number">The how manieth it is.</param>
    /// <param name="pin">That of this handle.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead<T>(out T value, out ulong number, CellPin pin) where T : unmanaged
    {
        ulong latest = Latest;
        uint slot = CellWord.SlotOf(latest);
        if (latest != 0 && slot < (uint)_slots.Length)
        {
            ref SlotPlace place = ref _slots[slot];
            if (SharedAtomics.Acquire(ref place.Reach) >= sizeof(T))
            {
                value = Unsafe.ReadUnaligned<T>(place.Value);
                SharedAtomics.LoadFence();
                // It is the latest still, so nobody has begun to overwrite it; or nobody has all the same.
                // SYNC(slot): pairs with the release, and with the fence, in Write.
                if (Latest == latest || SharedAtomics.Acquire((ulong*)(place.Value - CellSlot.ValueOffset + CellSlot.NumberOffset)) == CellWord.NumberOf(latest))
                {
                    number = CellWord.NumberOf(latest);
                    return true;
                }
            }
        }
        return TryReadSlowly(out value, out number, pin);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryReadSlowly<T>(out T value, out ulong number, CellPin pin) where T : unmanaged
    {
        value = default;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<T>(ref value));
        if (!TryRead(bytes, out int length, out number, pin) && number == 0)
            return false;
        return length == bytes.Length ? true : throw Damaged($"a value of {length:N0} bytes was written, and all have {bytes.Length:N0}");
    }

    /// <summary>The latest value, if there is room for it.</summary>
    /// <param name="destination">Of which as many bytes are written as the value has, and more may be spoilt.</param>
    /// <param name="length">How many bytes the value has, also when there was no room.</param>
    /// <param name="number">The how manieth it is; 0: none was ever written.</param>
    /// <param name="pin">That of this handle.</param>
    public bool TryRead(Span<byte> destination, out int length, out ulong number, CellPin pin)
    {
        for (int look = 0; look < FreeLooks; look++)
        {
            ulong latest = Latest;
            if (TryCopy(latest, destination, out length))
            {
                number = CellWord.NumberOf(latest);
                return number != 0 && length <= destination.Length;
            }
        }
        return TryReadPinned(destination, out length, out number, pin);
    }

    /// <summary>By who has the turn: nobody writes meanwhile. Empty: none was ever written.</summary>
    public ReadOnlySpan<byte> Current => Latest is var latest and not 0 ? ValueIn(latest) : default;

    /// <summary>The value that a word names, in place, while it is kept from being overwritten.</summary>
    public ReadOnlySpan<byte> ValueIn(ulong word)
    {
        int slot = Checked(word);
        int length = LengthIn(slot);
        return new ReadOnlySpan<byte>(Reach(slot, length).Value, length);
    }

    /// <summary>The process that wrote the latest value, for people; 0: none was ever written.</summary>
    public int LastWriter => Latest is var latest and not 0 ? (int)SharedAtomics.Acquire(HeaderOf(Checked(latest), CellSlot.ProcessOffset)) : 0;

    /// <summary>How long the latest value is; -1: none was ever written.</summary>
    public int Length
    {
        get
        {
            // A length of one that is being overwritten is a length of a later one, or of none yet.
            ulong latest = Latest;
            return latest == 0 ? -1 : LengthIn(Checked(latest));
        }
    }

    /// <summary>As <see cref="TryRead(Span{byte}, out int, out ulong, CellPin)"/>, for who was overtaken: writers go round what is kept.</summary>
    public bool TryReadPinned(Span<byte> destination, out int length, out ulong number, CellPin pin)
    {
        lock (_pinning)
        {
            pin.Ask(_asked);
            ulong kept = pin.Take(_asked, Latest);
            try
            {
                number = CellWord.NumberOf(kept);
                length = 0;
                if (number == 0)
                    return false;
                ReadOnlySpan<byte> value = ValueIn(kept);
                length = value.Length;
                return value.TryCopyTo(destination);
            }
            finally
            {
                pin.Leave();
            }
        }
    }

    /// <summary>False: it may have been overwritten meanwhile, or be half of it.</summary>
    private bool TryCopy(ulong latest, Span<byte> destination, out int length)
    {
        length = 0;
        if (latest == 0)
            return true;
        int slot = Checked(latest);
        ulong claimed = SharedAtomics.Acquire(HeaderOf(slot, CellSlot.LengthOffset));
        if (claimed <= (ulong)Math.Min(_capacity, destination.Length))
        {
            length = (int)claimed;
            new ReadOnlySpan<byte>(Reach(slot, length).Value, length).CopyTo(destination);
        }
        SharedAtomics.LoadFence();
        // SYNC(slot): pairs with the release, and with the fence, in Write.
        if (Latest != latest && SharedAtomics.Acquire(HeaderOf(slot, CellSlot.NumberOffset)) != CellWord.NumberOf(latest))
            return false;
        length = claimed <= (ulong)_capacity ? (int)claimed : throw BadLength(claimed);
        return true;
    }

    private int LengthIn(int slot)
    {
        ulong claimed = SharedAtomics.Acquire(HeaderOf(slot, CellSlot.LengthOffset));
        return claimed <= (ulong)_capacity ? (int)claimed : throw BadLength(claimed);
    }

    private int Checked(ulong word) =>
        CellWord.SlotOf(word) is var slot && slot < (uint)_slots.Length ? (int)slot : throw Damaged($"slot {slot:N0} is said to be the latest, of {_slots.Length:N0}");

    private SharedObjectException BadLength(ulong claimed) => Damaged($"a value is said to have {claimed:N0} bytes, and has {_capacity:N0} at most");

    private SharedObjectException Damaged(string what) => ChannelErrors.Corrupt(_memory.Name.Full, what);
}
