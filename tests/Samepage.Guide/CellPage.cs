using Samepage.Channels;

namespace Samepage.Guide;

#region cell-struct
internal struct Position { public double X; public double Y; }
#endregion

public sealed class CellPage : Page
{
    [Fact]
    public async Task A_position()
    {
        #region cell-write
        using Cell<Position> position = Cell<Position>.CreateOrOpen("position");
        position.Value = new Position { X = 1, Y = 2 };            // anybody, at any time
        position.Update(static p => p with { X = p.X + 1 });       // one after the other, none is lost
        #endregion
        Task following = FollowAsync(Token);
        Assert.False(following.IsCompleted);
        position.Value = new Position { X = 9, Y = 9 };
        await following;
        Assert.Equal(["2"], Shown);
    }

    private async Task FollowAsync(CancellationToken token)
    {
        #region cell-read
        using Cell<Position> position = Cell<Position>.Open("position");
        if (position.TryRead(out Position now, out ulong number))  // false: nobody has written yet
            ShowPosition(now);
        await position.WaitForChangeAsync(number, token);          // and read again
        #endregion
    }

    [Fact]
    public void Bytes()
    {
        #region cell-bytes
        using Cell text = Cell.CreateOrOpen("text", new CellOptions { Capacity = 1 << 20 });
        text.Write("any bytes, up to the capacity"u8);
        byte[] latest = text.ToArray();

        Span<byte> room = stackalloc byte[256];
        if (text.TryRead(room, out int length))                    // without an allocation
            Show(room[..length]);
        #endregion
        Assert.Equal(29, latest.Length);
        Assert.Equal(["any bytes, up to the capacity"], Shown);
    }

    [Fact]
    public void A_counter()
    {
        using Cell counter = Cell.Create("counter");
        #region cell-update
        counter.Update(1, static (latest, step) =>
        {
            long next = (latest.IsEmpty ? 0 : BitConverter.ToInt64(latest)) + step;
            return BitConverter.GetBytes(next);
        });
        #endregion
        Assert.Equal(1, BitConverter.ToInt64(counter.ToArray()));
    }

    [Fact]
    public void Beside_other_things()
    {
        using Cell<Position> position = Cell<Position>.Create("goal");
        using SharedEvent stop = SharedEvent.Create("goal-stop", EventResetMode.ManualReset);
        using Cell<Position> other = Cell<Position>.Open("goal");
        other.Value = new Position { X = 5 };
        #region cell-changed
        switch (SharedWait.Any([position.Changed, stop]).Index)
        {
            case 0: ShowPosition(position.Value); break;           // a later value than this handle has read
            case 1: return;
        }
        #endregion
        Assert.Equal(["5"], Shown);
    }

    [Fact]
    public void A_map()
    {
        ReadOnlySpan<byte> measured = "80 degrees"u8;
        #region cell-map-write
        using CellMap sensors = CellMap.CreateOrOpen("sensors", new CellMapOptions { ValueCapacity = 64 });
        CellMapEntry boiler = sensors.GetOrAdd("boiler");          // a cell by its key; hold it
        boiler.TryWrite(measured);                                 // false: somebody has removed the key
        #endregion
        Board();
        Assert.True(sensors.Remove("boiler"));
        Assert.True(boiler.IsRemoved);
        Assert.False(boiler.TryWrite(measured));
        Assert.Equal(["boiler: 80 degrees"], Shown);
    }

    private void Board()
    {
        #region cell-map-read
        using CellMap sensors = CellMap.Open("sensors");
        Span<byte> room = stackalloc byte[sensors.ValueCapacity];
        foreach (string key in sensors.Keys)
            if (sensors.TryGet(key, out CellMapEntry? entry) && entry.TryRead(room, out int length))
                ShowSensor(key, room[..length]);
        #endregion
    }

    private void ShowPosition(Position position) => Show(position.X);

    private void ShowSensor(string key, ReadOnlySpan<byte> value) => Show($"{key}: {System.Text.Encoding.UTF8.GetString(value)}");
}
