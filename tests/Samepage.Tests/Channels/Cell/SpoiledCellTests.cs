using FsCheck;
using FsCheck.Fluent;
using Samepage.Channels;
using Samepage.Layout;
using Samepage.Platform;
using Samepage.Tests.Support;

namespace Samepage.Tests.Channels.Cells;

/// <summary>Whatever somebody writes into a cell's memory: it is refused as damaged, or harmless; nothing hangs, and nothing outside is read.</summary>
public sealed class SpoiledCellTests
{
    private const int Writers = 2;
    private const int Readers = 4;
    private const int Capacity = 65536;
    private static readonly ChannelLayout _layout = new(Writers, Readers, Capacity, CellSlot.CountFor(Readers));
    private static readonly long[] _telling =
        [0, 1, 2, 5, 6, 7, 64, 4095, 4096, 4097, 4102, 8192, Capacity - 64, Capacity - 63, Capacity, 1L << 31, 0xFFFF_FFFF, 1L << 62, long.MaxValue, -1, -4096, long.MinValue];

    private static readonly Gen<long> _value = Gen.OneOf(Gen.Elements(_telling), Gen.Choose(0, 1 << 16).Select(v => (long)v), Gen.Choose(int.MinValue, int.MaxValue).Select(v => (long)v));

    private static readonly Gen<long> _offset = Gen.OneOf(
        Gen.Elements((long)ChannelHeader.LatestOffset, ChannelHeader.LanesUsedOffset, ChannelHeader.ReadersUsedOffset - 4),
        Gen.Constant((long)ChannelHeader.LatestOffset),
        Gen.Choose(ChannelLayout.ReadersAsleep / 8, (int)(_layout.ControlLength / 8) - 1).Select(w => 8L * w),
        from reader in Gen.Choose(0, Readers - 1)
        from field in Gen.Elements(ReaderBlock.OwnerOffset, ReaderBlock.PinOffset)
        select _layout.ReaderOffset(reader) + field,
        from slot in Gen.Choose(0, Readers + 1)
        from field in Gen.Elements(CellSlot.NumberOffset, CellSlot.LengthOffset, CellSlot.ProcessOffset, CellSlot.ValueOffset)
        select _layout.RingOffset(slot) + field);

    private static readonly Gen<(long Offset, long Value)[]> _spoils =
        (from offset in _offset from value in _value select (offset, value)).NonEmptyListOf().Select(l => l.Take(6).ToArray());

    [Fact]
    public void Those_who_have_it_open_go_on_or_say_that_it_is_damaged() =>
        Prop.ForAll(_spoils.ToArbitrary(), Gen.Choose(0, 6).ToArbitrary(), (spoils, values) =>
        {
            Cell cell = Make(out SharedMemory memory, out MemoryView view);
            using (memory)
            using (view)
            {
                for (int i = 0; i < values; i++)
                    cell.Write(new byte[i * 1_000]);
                foreach ((long offset, long value) in spoils)
                    view.GetReference<long>(offset) = value;
                UseAll(cell);
                OrDamaged(cell.Name, () =>
                {
                    using Cell late = Cell.Open(cell.Name);
                    UseAll(late);
                });
                OrDamaged(cell.Name, cell.Dispose);
            }
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(400));

    [Fact]
    public void Who_opens_it_finds_it_or_is_told_that_it_is_damaged()
    {
        var offsets = Gen.OneOf(Gen.Choose(0, 40).Select(w => 4L * w), Gen.Choose(256 / 4, 300 / 4).Select(w => 4L * w));
        Prop.ForAll((from offset in offsets from value in _value select (offset, value)).ToArbitrary(), spoil =>
        {
            using Cell cell = Make(out SharedMemory memory, out MemoryView view);
            using (memory)
            using (view)
            {
                view.GetReference<int>(spoil.offset) = (int)spoil.value;
                OrDamaged(cell.Name, () =>
                {
                    if (!Cell.TryOpen(cell.Name, out Cell? opened))
                        return;
                    using (opened)
                        UseAll(opened);
                });
                OrDamaged(cell.Name, () => Cell<long>.Open(cell.Name).Dispose());
            }
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(400));
    }

    private static void UseAll(Cell cell)
    {
        var room = new byte[Capacity];
        for (int round = 0; round < 3; round++)
        {
            OrDamaged(cell.Name, () => cell.TryRead(room, out _));
            OrDamaged(cell.Name, () => cell.ToArray());
            OrDamaged(cell.Name, () => cell.Slots.TryReadPinned(room, out _, out _, cell.Core.Pin));
            OrDamaged(cell.Name, () => _ = cell.LastWriter + cell.Length);
            OrDamaged(cell.Name, () => ChannelInspector.Find(cell.Name));
            OrDamaged(cell.Name, () => cell.Write(room.AsSpan(0, Math.Min(cell.Capacity, 30_000 * round))));
            OrDamaged(cell.Name, () => cell.Update(0, static (latest, _) => latest));
            OrDamaged(cell.Name, () => cell.WaitForChange(cell.ChangeNumber, TimeSpan.FromTicks(1)));
            OrDamaged(cell.Name, () => cell.Changed.Wait(TimeSpan.FromTicks(1)));
        }
    }

    private static Cell Make(out SharedMemory memory, out MemoryView view)
    {
        Cell cell = Cell.Create(Scene.NewName(), new CellOptions { Capacity = Capacity - CellSlot.ValueOffset, MaxReaders = Readers, MaxWriters = Writers });
        memory = SharedMemory.TryOpenOfKind(SharedObjectKind.Cell, ObjectName.Parse(cell.Name))!;
        memory.Commit(memory.Size);
        view = memory.Map();
        return cell;
    }

    private static void OrDamaged(string name, Action action)
    {
        if (Record.Exception(action) is not { } thrown)
            return;
        var refused = Assert.IsType<SharedObjectException>(thrown);
        Assert.True(refused.Reason is FailureReason.Corrupt or FailureReason.LimitReached or FailureReason.VersionMismatch or FailureReason.NotFound, refused.Message);
        Assert.Equal(name, refused.ObjectName);
    }
}
