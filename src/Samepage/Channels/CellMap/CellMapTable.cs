using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>The keys of a map of cells. All but the looks are for who has the turn.</summary>
internal sealed unsafe class CellMapTable
{
    private readonly ChannelMemory _memory;
    private readonly nint _rows;
    private readonly ulong* _used;
    private readonly int _ring;
    private long _reach;

    public CellMapTable(ChannelMemory memory)
    {
        _memory = memory;
        uint mode = memory.Shape.Mode;
        ValueCapacity = CellMapMode.CapacityOf(mode);
        Count = CellMapMode.EntriesOf(mode);
        if (ValueCapacity == 0 || Count is 0 or > CellPinWord.MostEntries || CellMapMode.RingFor(ValueCapacity, Count) > memory.Shape.Capacity)
            throw ChannelErrors.Corrupt(memory.Name.Full, $"it is said to have room for {Count:N0} values of {ValueCapacity:N0} bytes, in {memory.Shape.Capacity:N0}");
        _used = (ulong*)memory.AddressOf(ChannelHeader.LatestOffset);
        _ring = memory.Shape.Layout.Rings - 1;
        _rows = (nint)memory.RingAt(_ring).HeaderAt(0);
    }

    public int ValueCapacity { get; }

    /// <summary>How many entries there can be.</summary>
    public int Count { get; }

    public nint RowAt(int entry) => _rows + (nint)entry * CellMapRow.Length;

    /// <summary>Of each entry that is there.</summary>
    public IEnumerable<int> Entries()
    {
        for (int entry = 0; entry < Count && IsUsed(entry); entry++)
        {
            if (CellMapRow.IsThere(State(entry)))
                yield return entry;
        }
    }

    /// <summary>As <see cref="Entries"/>, for who has not the turn: those that were not added or removed while they were looked at.</summary>
    public IEnumerable<(int Entry, string Key)> Look()
    {
        foreach (int entry in Entries())
        {
            ulong state = State(entry);
            string key = KeyOf(entry);
            SharedAtomics.LoadFence();
            if (CellMapRow.IsThere(state) && State(entry) == state)
                yield return (entry, key);
        }
    }

    /// <summary>The values of an entry, as long as it is there.</summary>
    public CellSlots SlotsOf(int entry, Lock pinning) =>
        new(_memory, RowAt(entry) + CellMapRow.LatestOffset, ValueCapacity, pinning, entry, RowAt(entry) + CellMapRow.StateOffset);

    public string KeyOf(int entry) => new(KeyIn(entry));

    /// <summary>-1: there is none.</summary>
    public int Find(ReadOnlySpan<char> key)
    {
        for (int entry = 0; entry < Count && IsUsed(entry); entry++)
        {
            if (CellMapRow.IsThere(State(entry)) && KeyIn(entry).SequenceEqual(key))
                return entry;
        }
        return -1;
    }

    /// <summary>-1: there is no room. What is not added when its maker dies was never there.</summary>
    public int Add(ReadOnlySpan<char> key)
    {
        int entry = 0;
        while (entry < Count && IsUsed(entry) && CellMapRow.IsThere(State(entry)))
            entry++;
        if (entry == Count)
            return -1;
        GiveMemory(entry);
        // SYNC(rows): pairs with the acquire in IsUsed.
        SharedAtomics.Release(_used, Math.Max(SharedAtomics.Acquire(_used), (ulong)entry + 1));
        CrashSwitch.Reach(CrashPoint.CellRowUsed);
        key.CopyTo(new Span<char>((void*)(RowAt(entry) + CellMapRow.KeyOffset), CellMapRow.LongestKey));
        // NO-POINT: nobody reads them before the entry is there.
        SharedAtomics.Release(At(entry, CellMapRow.KeyLengthOffset), (ulong)key.Length);
        SharedAtomics.Release(At(entry, CellMapRow.LatestOffset), 0);
        CrashSwitch.Reach(CrashPoint.CellEntryNamed);
        Step(entry);
        CrashSwitch.Reach(CrashPoint.CellEntryAdded);
        return entry;
    }

    public void Remove(int entry)
    {
        Step(entry);
        CrashSwitch.Reach(CrashPoint.CellEntryRemoved);
    }

    // NO-POINT: each caller has its own.
    // SYNC(entry): pairs with the acquire in CellSlots.IsThere.
    private void Step(int entry) => SharedAtomics.Release(At(entry, CellMapRow.StateOffset), State(entry) + 1);

    // SYNC(entry): pairs with the release in Step.
    private ulong State(int entry) => SharedAtomics.Acquire(At(entry, CellMapRow.StateOffset));

    private ulong* At(int entry, int offset) => (ulong*)(RowAt(entry) + offset);

    private ReadOnlySpan<char> KeyIn(int entry)
    {
        ulong length = SharedAtomics.Acquire(At(entry, CellMapRow.KeyLengthOffset));
        return length <= CellMapRow.LongestKey
            ? new ReadOnlySpan<char>((void*)(RowAt(entry) + CellMapRow.KeyOffset), (int)length)
            : throw ChannelErrors.Corrupt(_memory.Name.Full, $"a key is said to have {length:N0} characters");
    }

    /// <summary>Rows are used from the first on, so that nobody asks for memory in vain.</summary>
    private bool IsUsed(int entry)
    {
        // SYNC(rows): pairs with the release in Add.
        if ((ulong)entry >= SharedAtomics.Acquire(_used))
            return false;
        GiveMemory(entry);
        return true;
    }

    private void GiveMemory(int entry)
    {
        long end = (entry + 1L) * CellMapRow.Length;
        if (end <= _reach)
            return;
        long wanted = Math.Min((end + SharedMemory.MappingGranularity - 1) / SharedMemory.MappingGranularity * SharedMemory.MappingGranularity, _memory.Shape.Capacity);
        _memory.GiveMemory(_ring, _reach, wanted - _reach);
        _reach = wanted;
    }
}
