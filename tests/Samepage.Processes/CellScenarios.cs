using Samepage.Channels;
using Samepage.Layout;

namespace Samepage.Processes;

/// <summary>Deaths while processes write a cell, read it, and wait for it.</summary>
internal static class CellScenarios
{
    private const int OldLength = 1_000;
    private const int NewLength = 9_000;

    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(20);
    private static readonly string[] _writing = ["CellSlotBegun", "CellSlotFilled", "CellPublished"];

    public static IEnumerable<CrashScenario> All { get; } =
    [
        new("make a cell", ["ChannelPrepared", "ChannelReady"], Make),
        new("write for the first time", ["LaneOwned", .. _writing], WriteFirst),
        new("write", _writing, Write),
        new("update", _writing, Update),
        new("write as somebody waits", _writing, WriteToSleeper),
        new("write as somebody is overtaken", ["CellPinGiven", .. _writing], WriteToOvertaken),
        new("read as one who is overtaken", ["CellPinAsked", "CellPinTaken", "CellPinLeft"], ReadPinned),
        new("fall asleep at a cell", ["SleeperCareful", "SleeperAsleep"], FallAsleep),
        new("open a cell", ["ReaderOwned", "ReaderMoved"], Open),
        new("add a key", ["CellRowUsed", "CellEntryNamed", "CellEntryAdded", "CellPublished"], AddKey),
        new("remove a key", ["CellEntryRemoved"], RemoveKey),
        new("close a cell", ["ReaderLeft", "LaneLeft"], Close),
    ];

    private static void Make(string name, string point)
    {
        using var peer = new Peer();
        peer.Do($"arm {point}");
        peer.Begin($"cell {name}");
        peer.AssertDiedAtPoint(point);
        Assert.False(Cell.TryOpen(name, out _));
        using Cell cell = Create(name);
        AssertUsable(cell);
    }

    private static void WriteFirst(string name, string point)
    {
        using Cell cell = Create(name);
        using Peer peer = Opened(name);
        peer.Do($"arm {point}");
        peer.Begin($"cell-write {name} {NewLength} 1");
        peer.AssertDiedAtPoint(point);
        AssertHas(cell, point == "CellPublished" ? NewLength : 0);
        AssertUsable(cell);
    }

    /// <summary>What it wrote is there whole, or what was there before.</summary>
    private static void Write(string name, string point)
    {
        using Cell cell = Create(name);
        using Peer peer = Opened(name);
        peer.Do($"cell-write {name} {OldLength} 5");
        peer.Do($"arm {point}");
        peer.Begin($"cell-write {name} {NewLength} 1");
        peer.AssertDiedAtPoint(point);
        AssertHas(cell, point == "CellPublished" ? NewLength : OldLength);
        Assert.Equal(peer.Id, cell.LastWriter);
        AssertUsable(cell);
    }

    private static void Update(string name, string point)
    {
        using Cell cell = Create(name);
        using Peer peer = Opened(name);
        cell.Write(Value(OldLength));
        peer.Do($"arm {point}");
        peer.Begin($"cell-update {name}");
        peer.AssertDiedAtPoint(point);
        AssertHas(cell, point == "CellPublished" ? OldLength + 1 : OldLength);
        AssertUsable(cell);
    }

    /// <summary>Between the value and the ring: who sleeps is told of the death, and finds the value.</summary>
    private static void WriteToSleeper(string name, string point)
    {
        using Cell cell = Create(name, readers: 5);
        using Peer sleeper = Opened(name), writer = Opened(name);
        sleeper.Begin($"cell-wait {name} 0");
        sleeper.AssertAsleep();
        writer.Do($"arm {point}");
        writer.Begin($"cell-write {name} {NewLength} 1");
        writer.AssertDiedAtPoint(point);
        if (point != "CellPublished")
            cell.Write(Value(NewLength));
        Assert.Equal("True", sleeper.Answer());
        AssertHas(cell, NewLength);
        AssertUsable(cell);
    }

    private static void WriteToOvertaken(string name, string point)
    {
        using Cell cell = Create(name);
        using Peer peer = Opened(name);
        cell.Write(Value(OldLength));
        cell.Core.Pin.Ask(CellPinWord.Asked(0));
        peer.Do($"arm {point}");
        peer.Begin($"cell-write {name} {NewLength} 1");
        peer.AssertDiedAtPoint(point);
        for (int i = 0; i < 10; i++)
            cell.Write(Value(i));
        Assert.Equal(Value(OldLength), cell.Slots.ValueIn(cell.Core.Pin.Take(CellPinWord.Asked(0), 0)));
        cell.Core.Pin.Leave();
        AssertUsable(cell);
    }

    /// <summary>What a dead reader kept is in nobody's way.</summary>
    private static void ReadPinned(string name, string point)
    {
        using Cell cell = Create(name);
        cell.Write(Value(OldLength));
        using (Peer peer = Opened(name))
        {
            peer.Do($"arm {point}");
            peer.Begin($"cell-read-pinned {name}");
            peer.AssertDiedAtPoint(point);
        }
        for (int i = 0; i < 10; i++)
            cell.Write(Value(i));
        AssertUsable(cell);
    }

    private static void FallAsleep(string name, string point)
    {
        using Cell cell = Create(name);
        using Peer peer = Opened(name);
        peer.Do($"arm {point}");
        peer.Begin($"cell-wait {name} 0");
        peer.AssertDiedAtPoint(point);
        AssertUsable(cell);
    }

    private static void Open(string name, string point)
    {
        using Cell cell = Create(name);
        using var peer = new Peer();
        peer.Do($"arm {point}");
        peer.Begin($"cell {name}");
        peer.AssertDiedAtPoint(point);
        AssertUsable(cell);
    }

    private static void Close(string name, string point)
    {
        using Cell cell = Create(name);
        using Peer peer = Opened(name);
        peer.Do($"cell-write {name} {OldLength} 1");
        peer.Do($"arm {point}");
        peer.Begin($"close {name}");
        peer.AssertDiedAtPoint(point);
        AssertHas(cell, OldLength);
        AssertUsable(cell);
    }

    /// <summary>There is room for two keys: what a dead process began to add takes none.</summary>
    private static void AddKey(string name, string point)
    {
        using CellMap map = CellMap.Create(name, new CellMapOptions { MaxKeys = 2, MaxReaders = 3, MaxWriters = 2 });
        using var peer = new Peer();
        peer.Do($"cell-map {name}");
        peer.Do($"arm {point}");
        peer.Begin($"cell-map-write {name} key 100");
        peer.AssertDiedAtPoint(point);
        Assert.Equal(point is "CellRowUsed" or "CellEntryNamed" ? [] : ["key"], map.Keys);
        if (map.TryGet("key", out CellMapEntry? entry))
            Assert.Equal(point == "CellPublished" ? Value(100) : [], entry.ToArray());
        AssertUsable(map);
    }

    private static void RemoveKey(string name, string point)
    {
        using CellMap map = CellMap.Create(name, new CellMapOptions { MaxKeys = 2, MaxReaders = 3, MaxWriters = 2 });
        CellMapEntry entry = map.GetOrAdd("key");
        Assert.True(entry.TryWrite(Value(50)));
        using var peer = new Peer();
        peer.Do($"cell-map {name}");
        Task<bool> waits = entry.WaitForChangeAsync(1, _bound).AsTask();
        peer.Do($"arm {point}");
        peer.Begin($"cell-map-remove {name} key");
        peer.AssertDiedAtPoint(point);
        // It died before it rang; its end is told.
        Assert.True(waits.GetAwaiter().GetResult());
        Assert.True(entry.IsRemoved);
        AssertUsable(map);
    }

    private static void AssertUsable(CellMap map)
    {
        using CellMap other = CellMap.Open(map.Name);
        foreach (string key in new[] { "key", "other" })
        {
            CellMapEntry mine = map.GetOrAdd(key), theirs = other.GetOrAdd(key);
            for (int i = 1; i < 50; i++)
            {
                Assert.True(mine.TryWrite(Value(i)));
                Assert.Equal(Value(i), theirs.ToArray());
            }
        }
    }

    internal static Cell Create(string name, int readers = 3) =>
        Cell.Create(name, new CellOptions { Capacity = 10_000, MaxReaders = readers, MaxWriters = 2 });

    internal static Peer Opened(string name)
    {
        var peer = new Peer();
        peer.Do($"cell {name}");
        return peer;
    }

    internal static byte[] Value(int length)
    {
        var value = new byte[length];
        value.AsSpan().Fill((byte)(length % 251));
        return value;
    }

    internal static void AssertHas(Cell cell, int length)
    {
        Assert.Equal(Value(length), cell.ToArray());
        var room = new byte[10_000];
        _ = cell.Slots.TryReadPinned(room, out int read, out _, cell.Core.Pin);
        Assert.Equal(Value(length), room[..read]);
    }

    /// <summary>Places are there to be had, values come, and who sleeps for them is woken.</summary>
    internal static void AssertUsable(Cell cell)
    {
        using Cell other = Cell.Open(cell.Name);
        for (int i = 1; i < 100; i++)
        {
            ulong known = other.ChangeNumber;
            cell.Write(Value(i));
            Assert.True(other.WaitForChange(known, _bound));
            AssertHas(other, i);
            other.Write(Value(i + 1));
            AssertHas(cell, i + 1);
        }
    }
}
