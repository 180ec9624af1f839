using Samepage.Channels;
using Samepage.Tests.Support;

namespace Samepage.Tests.Channels.Cells;

/// <summary>What is done with a cell allocates nothing.</summary>
public sealed class AllocationTests
{
    [Fact]
    public void Bytes_that_are_written_and_read_allocate_nothing()
    {
        using Cell cell = Cell.Create(Scene.NewName()), other = Cell.Open(cell.Name);
        var room = new byte[1_000];
        int length = 0;
        Allocation.IsNone(() =>
        {
            length = (length + 7) % 1_000;
            cell.Write(room.AsSpan(0, length));
            Assert.True(other.Read(room) == length);
            Assert.True(other.TryRead(room, out _, out ulong number) && number == other.ChangeNumber);
            cell.Update(length, static (latest, _) => latest);
            Assert.True(other.Slots.TryReadPinned(room, out int same, out _, other.Core.Pin) && same == length);
        });
    }

    [Fact]
    public void Structs_that_are_written_read_and_waited_for_allocate_nothing()
    {
        using Cell<(long, long)> cell = Cell<(long, long)>.Create(Scene.NewName()), other = Cell<(long, long)>.Open(cell.Name);
        Allocation.IsNone(() =>
        {
            ulong known = other.ChangeNumber;
            Assert.False(other.WaitForChange(known, TimeSpan.Zero));
            cell.Write((1, 2));
            Assert.True(other.WaitForChange(known, TimeSpan.FromSeconds(1)));
            cell.Value = (3, 4);
            _ = cell.Update(5L, static (latest, step) => (latest.Item1 + step, latest.Item2));
            Assert.True(other.TryRead(out (long, long) value) && value.Item1 == 8);
        });
    }
}
