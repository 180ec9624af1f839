using FsCheck;
using FsCheck.Fluent;
using Samepage.Channels;
using Samepage.Layout;
using Samepage.Platform;
using Samepage.Tests.Support;

namespace Samepage.Tests.Channels.Cells;

/// <summary>Whatever somebody writes into the memory of a map of cells: it is refused as damaged, or harmless.</summary>
public sealed class SpoiledCellMapTests
{
    private const int Keys = 4;
    private const int Readers = 3;
    private static readonly ChannelLayout _layout = new(2, Readers, 65536, CellSlot.CountFor(Readers) + 1);
    private static readonly long[] _telling = [0, 1, 2, 3, 4, 5, 254, 255, 256, 4095, 4096, 4097, 8192, 65536, 0xFFFF_FFFF, 1L << 62, long.MaxValue, -1, long.MinValue];

    private static readonly Gen<long> _value = Gen.OneOf(Gen.Elements(_telling), Gen.Choose(int.MinValue, int.MaxValue).Select(v => (long)v));

    private static readonly Gen<long> _offset = Gen.OneOf(
        Gen.Constant((long)ChannelHeader.LatestOffset),
        from row in Gen.Choose(0, Keys - 1)
        from field in Gen.Elements(CellMapRow.StateOffset, CellMapRow.LatestOffset, CellMapRow.KeyLengthOffset, CellMapRow.KeyOffset)
        select _layout.RingOffset(_layout.Rings - 1) + row * CellMapRow.Length + field,
        from reader in Gen.Choose(0, Readers - 1)
        select _layout.ReaderOffset(reader) + ReaderBlock.PinOffset,
        from slot in Gen.Choose(0, Readers + 1)
        from field in Gen.Elements(CellSlot.NumberOffset, CellSlot.LengthOffset)
        select _layout.RingOffset(slot) + field);

    [Fact]
    public void Those_who_have_it_open_go_on_or_say_that_it_is_damaged() =>
        Prop.ForAll((from offset in _offset from value in _value select (offset, value)).NonEmptyListOf().ToArbitrary(), spoils =>
        {
            using CellMap map = CellMap.Create(Scene.NewName(), new CellMapOptions { MaxKeys = Keys, MaxReaders = Readers, MaxWriters = 2 });
            using SharedMemory memory = SharedMemory.TryOpenOfKind(SharedObjectKind.CellMap, ObjectName.Parse(map.Name))!;
            memory.Commit(memory.Size);
            using MemoryView view = memory.Map();
            CellMapEntry entry = map.GetOrAdd("a");
            entry.TryWrite(new byte[100]);
            map.GetOrAdd("b").TryWrite(new byte[10]);
            foreach ((long offset, long value) in spoils)
                view.GetReference<long>(offset) = value;
            for (int round = 0; round < 3; round++)
            {
                OrDamaged(map.Name, () => _ = map.Keys.Count);
                OrDamaged(map.Name, () => ChannelInspector.Find(map.Name));
                OrDamaged(map.Name, () => entry.ToArray());
                OrDamaged(map.Name, () => entry.TryWrite(new byte[round * 90]));
                OrDamaged(map.Name, () => entry.WaitForChange(entry.ChangeNumber, TimeSpan.FromTicks(1)));
                OrDamaged(map.Name, () => map.GetOrAdd("c").ToArray());
                OrDamaged(map.Name, () => map.Remove("b"));
            }
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(300));

    private static void OrDamaged(string name, Action action)
    {
        if (Record.Exception(action) is not { } thrown)
            return;
        var refused = Assert.IsType<SharedObjectException>(thrown);
        Assert.True(refused.Reason is FailureReason.Corrupt or FailureReason.LimitReached, refused.Message);
        Assert.Equal(name, refused.ObjectName);
    }
}
