using Samepage.Channels;

namespace Samepage.Conformance.Cells;

/// <summary>The latest value, in bytes.</summary>
public sealed class CellTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Whoever_reads_gets_the_latest_value()
    {
        using Cell cell = Cell.Create(Expect.NewName());
        using Cell other = Cell.Open(cell.Name);
        var room = new byte[100];
        Assert.Equal((0ul, 0, 0, 0), (other.ChangeNumber, other.LastWriter, other.Length, other.Read(room)));
        Assert.False(other.TryRead(room, out int length));
        Assert.Equal(0, length);
        Assert.Empty(other.ToArray());
        cell.Write("one"u8);
        cell.Write("the second"u8);
        Assert.True(other.TryRead(room, out length, out ulong number));
        Assert.Equal("the second"u8, room.AsSpan(0, length));
        Assert.Equal((2ul, 2ul, Environment.ProcessId, 10), (number, other.ChangeNumber, other.LastWriter, other.Length));
        other.Write([]);
        Assert.True(cell.TryRead([], out length, out number));
        Assert.Equal((0, 3ul), (length, number));
        other.Write("4"u8);
        Assert.Equal("4"u8, cell.ToArray());
        Assert.Equal("4"u8, other.ToArray());
        Assert.Equal(SharedObjectKind.Cell, cell.Info.Kind);
    }

    [Fact]
    public void Without_room_one_is_told_how_much_there_must_be()
    {
        using Cell cell = Cell.Create(Expect.NewName(), new CellOptions { Capacity = 100_000 });
        cell.Write(new byte[70_000]);
        Assert.False(cell.TryRead(new byte[69_999], out int length, out ulong number));
        Assert.Equal((70_000, 1ul), (length, number));
        Assert.Throws<ArgumentException>(() => cell.Read(new byte[69_999]));
        Assert.Equal(70_000, cell.Read(new byte[70_000]));
        Assert.Equal(100_000, cell.Capacity);
        Assert.Throws<ArgumentException>(() => cell.Write(new byte[100_001]));
        Assert.Throws<ArgumentException>(() => cell.Update(100_001, static (_, size) => new byte[size]));
        Assert.Equal((1ul, 70_000), (cell.ChangeNumber, cell.Length));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(65_472)]
    [InlineData(65_473)]
    [InlineData(5_000_000)]
    public void Values_of_every_length_up_to_the_capacity_are_whole(int capacity)
    {
        using Cell cell = Cell.Create(Expect.NewName(), new CellOptions { Capacity = capacity });
        using Cell other = Cell.Open(cell.Name);
        var random = new Random(capacity);
        foreach (int length in new[] { 0, 1, capacity / 3, capacity - 1, capacity, capacity / 2, capacity, 0, capacity })
        {
            var value = new byte[length];
            random.NextBytes(value);
            cell.Write(value);
            Assert.True(value.AsSpan().SequenceEqual(other.ToArray()));
        }
    }

    [Fact]
    public void It_is_made_opened_and_refused_as_every_object()
    {
        string name = Expect.NewName();
        Assert.False(Cell.Exists(name));
        Assert.False(Cell.TryOpen(name, out _));
        Expect.Refusal(FailureReason.NotFound, 2, () => Cell.Open(name));
        using (Cell cell = Cell.CreateOrOpen(name, out bool created, new CellOptions { Capacity = 7 }))
        {
            Assert.True(created);
            cell.Write("seven"u8);
            using Cell opened = Cell.CreateOrOpen(name, out created, new CellOptions { Capacity = 8 });
            Assert.Equal((false, 7), (created, opened.Capacity));
            Expect.Refusal(FailureReason.AlreadyExists, 183, () => Cell.Create(name));
            Expect.Refusal(FailureReason.WrongKind, 6, () => Topic.Open(name));
            Assert.True(Cell.Exists(name));
        }
        Assert.False(Cell.Exists(name));
        using Cell next = Cell.Create(name);
        Assert.Equal(0ul, next.ChangeNumber);
        foreach (CellOptions none in new CellOptions[] { new() { Capacity = 0 }, new() { Capacity = -1 }, new() { Capacity = int.MaxValue }, new() { MaxReaders = 0 }, new() { MaxWriters = 1_024 } })
            Assert.ThrowsAny<ArgumentException>(() => Cell.Create(Expect.NewName(), none));
    }

    [Fact]
    public void No_more_have_it_open_or_write_than_it_was_made_for()
    {
        using Cell first = Cell.Create(Expect.NewName(), new CellOptions { MaxReaders = 2, MaxWriters = 1 });
        using Cell second = Cell.Open(first.Name);
        Assert.Equal(FailureReason.LimitReached, Assert.Throws<SharedObjectException>(() => Cell.Open(first.Name)).Reason);
        Assert.Equal(FailureReason.LimitReached, Assert.Throws<SharedObjectException>(() => first.WaitForChange(0, TimeSpan.Zero, Token)).Reason);
        second.Write("2"u8);
        Assert.Equal(FailureReason.LimitReached, Assert.Throws<SharedObjectException>(() => first.Write("1"u8)).Reason);
        Assert.Equal("2"u8, first.ToArray());
        second.Dispose();
        using Cell third = Cell.Open(first.Name);
        first.Write("1"u8);
        Assert.Equal("1"u8, third.ToArray());
    }

    [Fact]
    public void An_update_makes_the_next_of_the_latest()
    {
        using Cell cell = Cell.Create(Expect.NewName());
        cell.Update("a"u8.ToArray(), static (latest, next) =>
        {
            Assert.True(latest.IsEmpty);
            return next;
        });
        cell.Update('b', static (latest, next) => new byte[] { latest[0], (byte)next });
        Assert.Equal("ab"u8, cell.ToArray());
        cell.Update(0, static (latest, _) => latest[1..]);
        Assert.Equal("b"u8, cell.ToArray());
        Assert.Throws<InvalidTimeZoneException>(() => cell.Update(0, static (_, _) => throw new InvalidTimeZoneException()));
        Assert.Equal((3ul, 1), (cell.ChangeNumber, cell.Length));
        cell.Write("c"u8);
        Assert.Equal("c"u8, cell.ToArray());
    }

    [Fact]
    public void Who_has_disposed_it_is_told()
    {
        Cell cell = Cell.Create(Expect.NewName());
        cell.Write("x"u8);
        cell.Dispose();
        cell.Dispose();
        Assert.Throws<ObjectDisposedException>(() => cell.Write("y"u8));
        Assert.Throws<ObjectDisposedException>(() => cell.TryRead(new byte[1], out _));
        Assert.Throws<ObjectDisposedException>(() => cell.ToArray());
        Assert.Throws<ObjectDisposedException>(() => cell.Update(0, static (latest, _) => latest));
        Assert.Throws<ObjectDisposedException>(() => cell.ChangeNumber);
        Assert.Throws<ObjectDisposedException>(() => cell.LastWriter);
        Assert.Throws<ObjectDisposedException>(() => cell.Length);
        Assert.Throws<ObjectDisposedException>(() => cell.Changed);
        Assert.Throws<ObjectDisposedException>(() => cell.WaitForChange(0, TimeSpan.Zero, Token));
    }
}
