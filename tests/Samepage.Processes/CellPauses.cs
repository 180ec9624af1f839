using Samepage.Channels;
using Samepage.Layout;
using static Samepage.Processes.CellScenarios;
using static Samepage.Processes.PauseScenario;

namespace Samepage.Processes;

/// <summary>Pauses while processes write a cell, read it, and wait for it: the writer has the turn, the reader what it keeps, and readers go on.</summary>
internal static class CellPauses
{
    private const int OldLength = 1_000;
    private const int NewLength = 9_000;

    private static readonly string[] _writing = ["CellSlotBegun", "CellSlotFilled", "CellPublished"];

    public static IEnumerable<PauseScenario> All { get; } =
    [
        new("write", _writing, (name, point) => Write(name, point, $"cell-write {name} {NewLength} 1", NewLength)),
        new("update", _writing, (name, point) => Write(name, point, $"cell-update {name}", OldLength + 1)),
        new("write as somebody is overtaken", ["CellPinGiven"], WriteToOvertaken),
        new("read as one who is overtaken", ["CellPinAsked", "CellPinTaken", "CellPinLeft"], ReadPinned),
        new("fall asleep at a cell", ["SleeperCareful", "SleeperAsleep"], FallAsleep),
        new("add a key", ["CellRowUsed", "CellEntryNamed", "CellEntryAdded"], AddKey),
        new("remove a key", ["CellEntryRemoved"], RemoveKey),
        new("close a cell", ["ReaderLeft", "LaneLeft"], Close),
    ];

    private static void Write(string name, string point, string command, int written)
    {
        using Cell cell = Create(name);
        using Peer peer = Opened(name);
        cell.Write(Value(OldLength));
        peer.StopAt(point, command);
        AssertHas(cell, point == "CellPublished" ? written : OldLength);
        Task writing = Task.Run(() => cell.Write(Value(5)));
        AssertWaits(writing);
        AssertHas(cell, point == "CellPublished" ? written : OldLength);
        peer.GoOn();
        Assert.True(writing.Wait(Bound));
        AssertHas(cell, 5);
        peer.Do($"close {name}");
        AssertUsable(cell);
    }

    private static void WriteToOvertaken(string name, string point)
    {
        using Cell cell = Create(name);
        using Peer peer = Opened(name);
        cell.Write(Value(OldLength));
        cell.Core.Pin.Ask(CellPinWord.Asked(0));
        peer.StopAt(point, $"cell-write {name} {NewLength} 1");
        ulong kept = cell.Core.Pin.Take(CellPinWord.Asked(0), 0);
        Assert.Equal(Value(OldLength), cell.Slots.ValueIn(kept));
        Task writing = Task.Run(() => cell.Write(Value(5)));
        AssertWaits(writing);
        peer.GoOn();
        Assert.True(writing.Wait(Bound));
        Assert.Equal(Value(OldLength), cell.Slots.ValueIn(kept));
        cell.Core.Pin.Leave();
        AssertHas(cell, 5);
    }

    /// <summary>What it keeps is not overwritten, however many values come.</summary>
    private static void ReadPinned(string name, string point)
    {
        using Cell cell = Create(name);
        cell.Write(Value(OldLength));
        using Peer peer = Opened(name);
        peer.StopAt(point, $"cell-read-pinned {name}");
        for (int i = 0; i < 10; i++)
            cell.Write(Value(i));
        AssertHas(cell, 9);
        Assert.Equal("1000", peer.GoOn());
        Assert.Equal("9", peer.Do($"cell-read {name}"));
        peer.Do($"close {name}");
        AssertUsable(cell);
    }

    private static void FallAsleep(string name, string point)
    {
        using Cell cell = Create(name);
        using Peer peer = Opened(name);
        peer.StopAt(point, $"cell-wait {name} 0");
        cell.Write(Value(5));
        Assert.Equal("True", peer.GoOn());
        peer.Do($"close {name}");
        AssertUsable(cell);
    }

    private static void AddKey(string name, string point)
    {
        using CellMap map = CellMap.Create(name, new CellMapOptions { MaxKeys = 2, MaxReaders = 3, MaxWriters = 2 });
        CellMapEntry first = map.GetOrAdd("first");
        Assert.True(first.TryWrite(Value(50)));
        using var peer = new Peer();
        peer.Do($"cell-map {name}");
        peer.StopAt(point, $"cell-map-write {name} key 100");
        Assert.Equal(Value(50), first.ToArray());
        Task<bool> writing = Task.Run(() => first.TryWrite(Value(60)));
        Task<int> counting = Task.Run(() => map.Keys.Count);
        AssertWaits(writing);
        AssertWaits(counting);
        Assert.Equal("True", peer.GoOn());
        Assert.True(Within(writing));
        Assert.Equal(2, Within(counting));
        Assert.Equal(Value(100), map.GetOrAdd("key").ToArray());
        Assert.Equal(Value(60), first.ToArray());
    }

    private static void RemoveKey(string name, string point)
    {
        using CellMap map = CellMap.Create(name, new CellMapOptions { MaxKeys = 2, MaxReaders = 3, MaxWriters = 2 });
        CellMapEntry removed = map.GetOrAdd("key");
        Assert.True(removed.TryWrite(Value(50)));
        using var peer = new Peer();
        peer.Do($"cell-map {name}");
        peer.StopAt(point, $"cell-map-remove {name} key");
        Assert.True(removed.IsRemoved);
        Task<CellMapEntry> adding = Task.Run(() => map.GetOrAdd("key"));
        AssertWaits(adding);
        Assert.Equal("True", peer.GoOn());
        Assert.True(Within(adding).TryWrite(Value(7)));
    }

    private static void Close(string name, string point)
    {
        using Cell cell = Create(name);
        using Peer peer = Opened(name);
        peer.Do($"cell-write {name} {OldLength} 1");
        peer.StopAt(point, $"close {name}");
        AssertHas(cell, OldLength);
        cell.Write(Value(5));
        peer.GoOn();
        AssertUsable(cell);
    }
}
