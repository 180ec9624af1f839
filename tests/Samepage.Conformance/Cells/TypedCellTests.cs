using Samepage.Channels;

namespace Samepage.Conformance.Cells;

/// <summary>Cells whose value is a struct.</summary>
public sealed class TypedCellTests
{
    private record struct Trade(long Id, double Price, int Count);

    private record struct Fill(long Id, double Price, long Count);

    /// <summary>As <see cref="Trade"/>, under another name.</summary>
    private record struct Deal(long Id, double Price, int Count);

    [Fact]
    public void Structs_are_there_as_they_were_written()
    {
        using Cell<Trade> cell = Cell<Trade>.Create(Expect.NewName());
        using Cell<Deal> other = Cell<Deal>.Open(cell.Name);
        Assert.False(other.TryRead(out Deal deal));
        Assert.Equal((default, default, 0ul), (deal, other.Value, other.ChangeNumber));
        cell.Write(new Trade(1, 2.5, 3));
        Assert.True(other.TryRead(out deal, out ulong number));
        Assert.Equal((new Deal(1, 2.5, 3), 1ul, Environment.ProcessId), (deal, number, other.LastWriter));
        other.Value = new Deal(4, 5, 6);
        Assert.Equal(new Trade(4, 5, 6), cell.Value);
        Assert.Equal(new Trade(5, 5, 6), cell.Update(static latest => latest with { Id = latest.Id + 1 }));
        Assert.Equal(new Deal(7, 5, 6), other.Update(2, static (latest, step) => latest with { Id = latest.Id + step }));
        Assert.Throws<InvalidTimeZoneException>(() => cell.Update(static _ => throw new InvalidTimeZoneException()));
        Assert.Equal((7, 4ul), (cell.Value.Id, cell.ChangeNumber));
        using Cell<int> fresh = Cell<int>.Create(Expect.NewName("fresh"));
        Assert.Equal(1, fresh.Update(static n => n + 1));
    }

    [Fact]
    public void Another_layout_is_refused_and_both_are_shown()
    {
        using Cell<Trade> cell = Cell<Trade>.Create(Expect.NewName());
        foreach (Action opens in new Action[] { () => Cell<Fill>.Open(cell.Name), () => Cell<Fill>.CreateOrOpen(cell.Name), () => Cell.Open(cell.Name), () => Cell.CreateOrOpen(cell.Name) })
        {
            var refused = Assert.Throws<SharedObjectException>(opens);
            Assert.Equal(FailureReason.VersionMismatch, refused.Reason);
            Assert.Contains("16+4 Int32", refused.Message, StringComparison.Ordinal);
        }
        using Cell bytes = Cell.Create(Expect.NewName("bytes"));
        Assert.Equal(FailureReason.VersionMismatch, Assert.Throws<SharedObjectException>(() => Cell<Trade>.Open(bytes.Name)).Reason);
    }
}
