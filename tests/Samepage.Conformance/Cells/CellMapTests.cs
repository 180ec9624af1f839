using Samepage.Channels;
using Samepage.Conformance.Peers;

namespace Samepage.Conformance.Cells;

/// <summary>Cells by keys.</summary>
public sealed class CellMapTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Whoever_has_the_key_has_the_latest_value()
    {
        using CellMap map = CellMap.Create(Expect.NewName()), other = CellMap.Open(map.Name);
        Assert.False(other.TryGet("a", out _));
        Assert.Empty(other.Keys);
        CellMapEntry entry = map.GetOrAdd("a");
        Assert.True(other.TryGet("a", out CellMapEntry? same));
        Assert.False(same.TryRead(new byte[9], out int length, out ulong number));
        Assert.Equal((0, 0ul, "a"), (length, number, same.Key));
        Assert.True(entry.TryWrite("first"u8));
        Assert.True(map.GetOrAdd("A").TryWrite("another"u8));
        Assert.Equal("first"u8, same.ToArray());
        Assert.True(same.TryUpdate(0, static (latest, _) => latest[..2]));
        Assert.Equal("fi"u8, entry.ToArray());
        Assert.Equal(2ul, entry.ChangeNumber);
        Assert.Equal(["A", "a"], other.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(SharedObjectKind.CellMap, map.Info.Kind);
        Assert.False(same.TryRead(new byte[1], out length));
        Assert.Equal(2, length);
        Assert.Throws<ArgumentException>(() => entry.TryWrite(new byte[map.ValueCapacity + 1]));
    }

    [Fact]
    public async Task What_is_removed_is_removed_for_all()
    {
        using CellMap map = CellMap.Create(Expect.NewName()), other = CellMap.Open(map.Name);
        CellMapEntry entry = map.GetOrAdd("key");
        entry.TryWrite("old"u8);
        Assert.True(other.TryGet("key", out CellMapEntry? held));
        ValueTask<bool> waits = held.WaitForChangeAsync(1, Peer.Patience, Token);
        Assert.True(map.Remove("key"));
        Assert.True(await waits);
        Assert.False(map.Remove("key"));
        Assert.True(held.IsRemoved);
        Assert.False(held.TryRead(new byte[9], out int length));
        Assert.Equal(0, length);
        Assert.False(held.TryWrite("x"u8));
        Assert.False(held.TryUpdate(0, static (latest, _) => latest));
        Assert.Empty(held.ToArray());
        CellMapEntry again = other.GetOrAdd("key");
        Assert.Empty(again.ToArray());
        again.TryWrite("new"u8);
        Assert.True(entry.IsRemoved);
        Assert.Equal("new"u8, again.ToArray());
        Assert.False(held.TryRead(new byte[9], out _));
    }

    [Fact]
    public void Keys_come_and_go_up_to_the_limit()
    {
        using CellMap map = CellMap.Create(Expect.NewName(), new CellMapOptions { MaxKeys = 300, ValueCapacity = 1_000 });
        string Key(int i) => new((char)('a' + i % 26), i % 255 + 1);
        var values = new Dictionary<string, byte[]>();
        var random = new Random(3);
        for (int i = 0; i < 3_000; i++)
        {
            string key = Key(random.Next(290));
            if (random.Next(3) == 0)
            {
                Assert.Equal(values.Remove(key), map.Remove(key));
                continue;
            }
            var value = new byte[random.Next(1_000)];
            random.NextBytes(value);
            Assert.True(map.GetOrAdd(key).TryWrite(value));
            values[key] = value;
        }
        Assert.Equal(values.Keys.Order(StringComparer.Ordinal), map.Keys.Order(StringComparer.Ordinal));
        Assert.All(values, pair => Assert.Equal(pair.Value, map.GetOrAdd(pair.Key).ToArray()));
        for (int i = values.Count; i < 300; i++)
            map.GetOrAdd($"more {i}");
        Assert.Equal(FailureReason.LimitReached, Assert.Throws<SharedObjectException>(() => map.GetOrAdd("too many")).Reason);
        Assert.Throws<ArgumentException>(() => map.GetOrAdd(""));
        Assert.Throws<ArgumentException>(() => map.GetOrAdd(new string('k', 256)));
        Assert.Throws<ArgumentNullException>(() => map.TryGet(null!, out _));
    }

    [Fact]
    public void Many_write_and_remove_and_nobody_reads_what_is_anothers()
    {
        const int Rounds = 3_000;
        using CellMap map = CellMap.Create(Expect.NewName(), new CellMapOptions { MaxKeys = 4 });
        Task<bool>[] all = [.. Enumerable.Range(1, 4).Select(me => Expect.Begin(() =>
        {
            using CellMap own = CellMap.Open(map.Name);
            var room = new byte[192];
            for (int i = 0; i < Rounds; i++)
            {
                // Rows change hands between keys; a value is of its own key always.
                int key = 1 + (me + i) % 4;
                CellMapEntry entry = own.GetOrAdd($"{key}");
                var value = new byte[1 + i * 31 % 192];
                value.AsSpan().Fill((byte)key);
                _ = entry.TryWrite(value);
                if (entry.TryRead(room, out int length))
                    Assert.Equal(-1, room.AsSpan(0, length).IndexOfAnyExcept((byte)key));
                if (i % 5 == 0)
                    _ = own.Remove($"{key}");
            }
            return true;
        }))];
        Assert.All(all, t => Assert.True(Expect.Result(t)));
    }

    [Fact]
    public void It_is_made_opened_and_refused_as_every_object()
    {
        string name = Expect.NewName();
        Assert.False(CellMap.Exists(name));
        Assert.False(CellMap.TryOpen(name, out _));
        Expect.Refusal(FailureReason.NotFound, 2, () => CellMap.Open(name));
        CellMapEntry entry;
        using (CellMap map = CellMap.CreateOrOpen(name, out bool created))
        {
            Assert.True(created);
            entry = map.GetOrAdd("x");
            Expect.Refusal(FailureReason.AlreadyExists, 183, () => CellMap.Create(name));
            Expect.Refusal(FailureReason.WrongKind, 6, () => Cell.Open(name));
            Assert.True(CellMap.Exists(name));
        }
        Assert.Throws<ObjectDisposedException>(() => entry.TryWrite("x"u8));
        Assert.Throws<ObjectDisposedException>(() => entry.TryRead(new byte[1], out _));
        Assert.Throws<ObjectDisposedException>(() => entry.IsRemoved);
        Assert.False(CellMap.Exists(name));
        Assert.Throws<ArgumentException>(() => CellMap.Create(name, new CellMapOptions { MaxKeys = 4_096 }));
        Assert.Throws<ArgumentException>(() => CellMap.Create(name, new CellMapOptions { ValueCapacity = 0 }));
    }
}
