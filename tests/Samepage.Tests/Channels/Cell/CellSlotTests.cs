using Samepage.Channels;
using Samepage.Layout;
using Samepage.Tests.Support;

namespace Samepage.Tests.Channels.Cells;

/// <summary>Which slots are written, and what readers keep.</summary>
public sealed class CellSlotTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(70)]
    public void What_a_reader_keeps_is_not_overwritten(int readers)
    {
        using Cell cell = Cell.Create(Scene.NewName(), new CellOptions { MaxReaders = readers });
        Cell[] others = [.. Enumerable.Range(1, readers - 1).Select(_ => Cell.Open(cell.Name))];
        CellPin[] pins = [cell.Core.Pin, .. others.Select(o => o.Core.Pin)];
        var kept = new ulong[readers];
        for (int i = 0; i < readers; i++)
        {
            cell.Write(BitConverter.GetBytes(i));
            pins[i].Ask(CellPinWord.Asked(0));
            // Either fills it in.
            kept[i] = i % 2 == 0 ? pins[i].Take(CellPinWord.Asked(0), CellWord.Of((ulong)i + 1, SlotOf(cell))) : 0;
        }
        for (int i = 0; i < 1_000; i++)
            cell.Write([1, 2, 3, 4, 5]);
        for (int i = 0; i < readers; i++)
        {
            ulong answer = pins[i].Take(CellPinWord.Asked(0), 0);
            Assert.Equal((ulong)i + 1, CellWord.NumberOf(answer));
            Assert.True(kept[i] == 0 || kept[i] == answer);
            Assert.Equal(BitConverter.GetBytes(i), cell.Slots.ValueIn(answer));
            pins[i].Leave();
        }
        cell.Write("x"u8);
        cell.Write("y"u8);
        Assert.InRange(SlotOf(cell), 0, CellSlot.InTurn - 1);
        Array.ForEach(others, o => o.Dispose());
    }

    [Fact]
    public void A_reader_that_asks_is_answered_with_the_latest()
    {
        using Cell cell = Cell.Create(Scene.NewName());
        var room = new byte[10];
        Assert.False(cell.Slots.TryReadPinned(room, out int length, out ulong number, cell.Core.Pin));
        Assert.Equal((0, 0ul), (length, number));
        cell.Write("first"u8);
        Assert.True(cell.Slots.TryReadPinned(room, out length, out number, cell.Core.Pin));
        Assert.Equal("first"u8, room.AsSpan(0, length));
        Assert.False(cell.Slots.TryReadPinned(room.AsSpan(0, 4), out length, out number, cell.Core.Pin));
        Assert.Equal((5, 1ul, CellPinWord.None), (length, number, cell.Core.Pin.Kept));
    }

    [Fact]
    public void Memory_is_taken_as_values_need_it()
    {
        using Cell cell = Cell.Create(Scene.NewName(), new CellOptions { Capacity = 100 << 20 });
        long empty = Blocks(cell.Name);
        cell.Write(new byte[100]);
        Assert.InRange(Blocks(cell.Name) - empty, 1, 70_000);
        cell.Write(new byte[5_000_000]);
        Assert.InRange(Blocks(cell.Name) - empty, 5_000_000, 5_200_000);
        for (int i = 0; i < 10; i++)
            cell.Write(new byte[100]);
        Assert.InRange(Blocks(cell.Name) - empty, 5_000_000, 5_400_000);
    }

    private static int SlotOf(Cell cell) => (int)CellWord.SlotOf(cell.Slots.Latest);

    private static long Blocks(string name)
    {
        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%b", Scene.PathOf(name)]) { RedirectStandardOutput = true })!;
        return long.Parse(stat.StandardOutput.ReadToEnd(), System.Globalization.CultureInfo.InvariantCulture) * 512;
    }
}
