using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Samepage.Layout;
using Samepage.Platform;
using Samepage.Platform.Linux.Interop;
using Samepage.Platform.Windows;
using Samepage.Platform.Windows.Interop;

namespace Samepage.Architecture;

/// <summary>Where everything lies that two programs must agree on.</summary>
public sealed class LayoutTests
{
    /// <summary>One row a struct: its size, and its fields with their offsets.</summary>
    private static readonly Dictionary<Type, (int Size, string Fields)> _table = new()
    {
        [typeof(SegmentHeader)] = (1024,
            "Magic 0, Format 8, Kind 12, Architecture 16, Flags 20, PayloadOffset 24, PayloadLength 32, CommittedLength 40, CreatorProcessId 48, " +
            "Protection 52, CreatorStartTime 56, CreationTime 64, BackingDevice 72, BackingInode 80, ThreadIdSpace 88, NameLength 96, " +
            "ProgramLength 100, PathLength 104, Name 128, Program 912"),
        [typeof(CompanionHeader)] = (1024,
            "Magic 0, Format 8, Architecture 12, Flags 16, Protection 20, PayloadLength 24, CommittedLength 32, CreationTime 40, CreatorStartTime 48, " +
            "CreatorProcessId 56, State 60, TokenLow 64, TokenHigh 72, NameLength 80, ProgramLength 84, PathLength 88, Kind 92, Name 128, Program 912"),
        [typeof(ChannelHeader)] = (4096,
            "Ready 0, Shape 4, Capacity 8, Lanes 16, Readers 20, Mode 24, Access 28, TypeLength 32, TypeHash 64, LanesUsed 128, ReadersUsed 132, Latest 192, Type 256"),
        [typeof(BroadcastRecord)] = (24, "First 0, Second 8, Sender 16"),
        [typeof(LockPlace)] = (16, "Tether 0, ProcessId 8, Reserved 12"),
        [typeof(ReaderWriterState)] = (12, "Writing 0, Places 4, Access 8"),
        [typeof(ClaimRecord)] = (24, "Journal 0, Number 8, WasAbandoned 16, Reserved 20"),
        [typeof(JournalSlot)] = (16, "Committed 0, Finished 8"),
        // The kernel's own, which it must find where it looks for them.
        [typeof(FileLock)] = (32, "Type 0, Whence 2, Start 8, Length 16, ProcessId 24"),
        [typeof(FileStatus)] = (256, "Mask 0, Links 16, UserId 20, GroupId 24, Mode 28, Inode 32, Size 40, Blocks 48, DeviceMajor 136, DeviceMinor 140"),
        [typeof(ResourceLimit)] = (16, "Current 0, Maximum 8"),
        [typeof(FileSystemKind)] = (120, "Type 0"),
        [typeof(FileSystemStatus)] = (112, "BlockSize 0, FragmentSize 8, Blocks 16, BlocksFree 24, BlocksAvailable 32, Files 40, FilesFree 48"),
        [typeof(RobustListHead)] = (24, "First 0, WordOffset 8, Pending 16"),
        [typeof(FutexWaitEntry)] = (24, "Value 0, Address 8, Flags 16, Reserved 20"),
        [typeof(TimeSpec)] = (16, "Seconds 0, Nanoseconds 8"),
        [typeof(RingParameters)] = (120,
            "SubmissionEntries 0, CompletionEntries 4, Flags 8, Features 20, SubmissionHead 40, SubmissionTail 44, SubmissionMask 48, SubmissionArray 64, " +
            "CompletionHead 80, CompletionTail 84, CompletionMask 88, Completions 100"),
        [typeof(RingSubmission)] = (64, "Operation 0, FutexFlags 4, Value 8, Address 16, Tag 32, Mask 48"),
        [typeof(RingCompletion)] = (16, "Tag 0, Result 8, Flags 12"),
        [typeof(RingWaitArgument)] = (24, "SignalMask 0, SignalMaskLength 8, Reserved 12, Timeout 16"),
        // And those of Windows, of a 64-bit process.
        [typeof(SecurityAttributes)] = (24, "Length 0, Descriptor 8, Inherit 16"),
        [typeof(MemoryBasicInformation)] = (48,
            "BaseAddress 0, AllocationBase 8, AllocationProtect 16, PartitionId 20, RegionSize 24, State 32, Protect 36, Type 40"),
        [typeof(MemoryRange)] = (16, "Address 0, Length 8"),
        [typeof(WorkingSetPage)] = (16, "Address 0, Attributes 8"),
        [typeof(MemoryStatus)] = (64,
            "Length 0, Load 4, TotalPhysical 8, AvailablePhysical 16, TotalCommit 24, AvailableCommit 32, TotalVirtual 40, AvailableVirtual 48, AvailableExtended 56"),
        [typeof(SectionBasicInformation)] = (24, "BaseAddress 0, Attributes 8, Size 16"),
        [typeof(MutantBasicInformation)] = (8, "Count 0, OwnedByCaller 4, Abandoned 5"),
        [typeof(MutantOwnerInformation)] = (16, "Process 0, Thread 8"),
        [typeof(EventBasicInformation)] = (8, "Type 0, State 4"),
        [typeof(SemaphoreBasicInformation)] = (8, "Count 0, Maximum 4"),
        [typeof(UnicodeString)] = (16, "Length 0, Capacity 2, Buffer 8"),
        [typeof(ObjectAttributes)] = (48, "Length 0, Root 8, Name 16, Flags 24, Descriptor 32, QualityOfService 40"),
        [typeof(DirectoryEntry)] = (32, "Name 0, Type 16"),
        [typeof(TokenSid)] = (16, "Sid 0, Attributes 8"),
        [typeof(TokenPrivilege)] = (12, "Low 0, High 4, Attributes 8"),
    };

    private static IEnumerable<Type> Structs() =>
        from type in typeof(SegmentHeader).Assembly.GetTypes()
        where type.Namespace is "Samepage.Layout" or "Samepage.Platform.Linux.Interop" or "Samepage.Platform.Windows.Interop"
        where type.IsValueType && !type.IsEnum && !type.IsNested
        // Which reckon where the others lie, and what a word says.
        where type != typeof(ChannelLayout) && type != typeof(CallBlock) && type != typeof(CallState)
        select type;

    [Fact]
    public void Every_shared_struct_has_a_row() => Assert.Equal(_table.Keys.OrderBy(t => t.Name), Structs().OrderBy(t => t.Name));

    [Fact]
    public void Every_struct_lies_as_its_row_says()
    {
        foreach ((Type type, (int size, string fields)) in _table)
        {
            Assert.Equal((type.Name, size), (type.Name, SizeOf(type)));
            string found = string.Join(", ", type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .Select(f => (f.Name, Offset: OffsetOf(type, f))).OrderBy(f => f.Offset).Select(f => $"{f.Name} {f.Offset}"));
            Assert.Equal(fields, found);
        }
    }

    [Fact]
    public void No_two_fields_overlap()
    {
        foreach (Type type in _table.Keys)
        {
            int end = 0;
            foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).OrderBy(f => OffsetOf(type, f)))
            {
                Assert.True(OffsetOf(type, field) >= end, $"{type.Name}.{field.Name}");
                end = OffsetOf(type, field) + SizeOf(field.FieldType);
            }
            Assert.True(end <= SizeOf(type));
        }
    }

    [Fact]
    public void The_blocks_of_a_channel_of_shape_1_lie_here()
    {
        Assert.Equal((0x4C4E_4843u, 1u), (ChannelHeader.IsReady, ChannelHeader.CurrentShape));
        Assert.Equal((0, 128, 256, 1_023), (SleeperBlock.CarefulOffset, SleeperBlock.AsleepOffset, SleeperBlock.Length, SleeperBlock.MostEnds));
        Assert.Equal((0, 1, 2, 1), (SleeperBlock.WordOf(62), SleeperBlock.WordOf(63), SleeperBlock.WordOf(127), SleeperBlock.WordsFor(63)));
        Assert.Equal((2ul, 1ul << 63, 1ul), (SleeperBlock.BitOf(0), SleeperBlock.BitOf(62), SleeperBlock.BitOf(63)));
        Assert.Equal((0, 128, 136, 144, 256, 8, 768),
            (LaneBlock.OwnerOffset, LaneBlock.LastChunkOffset, LaneBlock.OldestChunkOffset, LaneBlock.MemoryOffset, LaneBlock.ChunkOffset(32), LaneBlock.NumberOffset, LaneBlock.Length));
        Assert.Equal((0, 8, 16, 136, 256, 384),
            (ReaderBlock.OwnerOffset, ReaderBlock.MissedOffset, ReaderBlock.ProcessOffset, ReaderBlock.PositionOffset(1), ReaderBlock.LengthFor(16), ReaderBlock.LengthFor(17)));
        Assert.Equal((0x0000_0007_8000_0005ul, 7u, 5u), (RecordHeader.Of(5, 7), RecordHeader.KindOf(RecordHeader.Of(5, 7)), RecordHeader.LengthOf(RecordHeader.Of(5, 7))));
        Assert.Equal((0x4000_0000u, 0x0000_0007_C000_0025ul, 32), (RecordHeader.Traced, RecordHeader.OfTraced(37, 7), RecordHeader.TraceLengthOf(RecordHeader.OfTraced(37, 7))));
        Assert.Equal((0, 16, 24, 32), (TraceBlock.TraceIdOffset, TraceBlock.SpanIdOffset, TraceBlock.FlagsOffset, TraceBlock.Length));
        Assert.Equal((8, 16, 16, 24), ((int)RecordHeader.StrideOf(0), (int)RecordHeader.StrideOf(1), (int)RecordHeader.StrideOf(8), (int)RecordHeader.StrideOf(9)));
        var layout = new ChannelLayout(lanes: 2, readers: 3, capacity: 65536);
        Assert.Equal((4096, 4352, 4608, 5376), (ChannelLayout.ReadersAsleep, ChannelLayout.WritersAsleep, (int)ChannelLayout.LaneOffset(0), (int)ChannelLayout.LaneOffset(1)));
        Assert.Equal((6144, 6400, 6912, 65536, 131072, 196608), ((int)layout.ReaderOffset(0), (int)layout.ReaderOffset(1), (int)layout.ControlLength,
            (int)layout.RingOffset(0), (int)layout.RingOffset(1), (int)layout.Length));
    }

    [Fact]
    public void The_parts_of_a_cell_lie_here()
    {
        Assert.Equal((0, 8, 16, 64, 3), (CellSlot.NumberOffset, CellSlot.LengthOffset, CellSlot.ProcessOffset, CellSlot.ValueOffset, CellSlot.InTurn));
        Assert.Equal((65, 63, 40), (CellSlot.CountFor(63), CellSlot.ReadersOf(65), ReaderBlock.PinOffset));
        Assert.Equal((0x5007ul, 5ul, 7u), (CellWord.Of(5, 7), CellWord.NumberOf(0x5007), CellWord.SlotOf(0x5007)));
        Assert.Equal((0ul, 1ul, ulong.MaxValue), (CellPinWord.None, CellPinWord.Asked(0), CellWord.Of(CellWord.LastNumber, 4_095)));
        var layout = new ChannelLayout(lanes: 2, readers: 3, capacity: 65536, CellSlot.CountFor(3));
        Assert.Equal((0, 8, 16, 64, 576, 255), (CellMapRow.StateOffset, CellMapRow.LatestOffset, CellMapRow.KeyLengthOffset, CellMapRow.KeyOffset, CellMapRow.Length, CellMapRow.LongestKey));
        Assert.Equal((0x3FF0_00C0u, 192, 1_023, 256), (CellMapMode.Of(192, 1_023), CellMapMode.CapacityOf(0x3FF0_00C0), CellMapMode.EntriesOf(0x3FF0_00C0), (int)CellSlot.StrideFor(192)));
        Assert.Equal((5, 65536, 393216), (layout.Rings, (int)layout.RingOffset(0), (int)layout.Length));
    }

    [Fact]
    public void The_places_of_a_service_of_shape_1_lie_here()
    {
        Assert.Equal((0, 8, 16, 24, 32, 36, 40, 64), (CallBlock.StateOffset, CallBlock.WrittenOffset, CallBlock.ReadOffset, CallBlock.WantsRoomOffset,
            CallBlock.RequestLengthOffset, CallBlock.FlagsOffset, CallBlock.FailureLengthOffset, CallBlock.RequestOffset));
        Assert.Equal((64, 192, ulong.MaxValue), (CallBlock.UsedOffset, CallBlock.FailureCapacity, CallBlock.Skip));
        var block = new CallBlock(request: 64, responses: 256);
        Assert.Equal((128, 384, 576, 640L, 248), (block.ResponsesOffset, block.FailureOffset, block.TraceOffset, block.Length, block.LongestResponse));
        Assert.Equal((1u, 2u), (CallBlock.Stream, CallBlock.Traced));
        Assert.Equal((8, 16, 16, 24), (CallBlock.StrideOf(0), CallBlock.StrideOf(1), CallBlock.StrideOf(8), CallBlock.StrideOf(9)));
        Assert.Equal(0x0040_0806u, CallBlock.ModeOf(64, 256, 64));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], Enum.GetValues<CallPhase>().Select(p => (int)p));
        CallState asked = CallState.Asked(5), taken = asked.TakenBy(2);
        Assert.Equal((0x5_0001ul, 0x5_0032ul, 0x5_0033ul, 0x5_0000ul), (asked.Word, taken.Word, taken.In(CallPhase.Answered).Word, taken.Freed.Word));
        Assert.Equal((CallPhase.Taken, 2, 5ul, -1), (taken.Phase, taken.Server, taken.Serial, asked.Server));
    }

    [Fact]
    public void The_constants_of_format_1_are_these()
    {
        Assert.Equal("SAMEPAGE"u8.ToArray(), BitConverter.GetBytes(SegmentHeader.ExpectedMagic));
        Assert.Equal(1u, SegmentHeader.CurrentFormat);
        Assert.Equal((1024, 784, 64, 4096, 4096, 65536, 40), (SegmentHeader.Length, SegmentHeader.NameCapacity, SegmentHeader.ProgramCapacity,
            SegmentHeader.PathOffset, SegmentHeader.PathCapacity, (int)SegmentHeader.PayloadOffsetOfEveryPageSize, SegmentHeader.CommittedLengthOffset));
        Assert.Equal((65488, 65512, 65520, 65528, 65532, 65536), (StateBlock.ClaimRecordOffset, StateBlock.ClaimOffset, StateBlock.MaximumOffset, StateBlock.WaitWordOffset, StateBlock.SecondHalfOffset, (int)StateBlock.FileLength));
        Assert.Equal(0x0080_0108u, SegmentArchitecture.Current);
        Assert.Equal((1u, 2u, 4u, 8u, 15u), ((uint)SegmentFlags.Reserve, (uint)SegmentFlags.DiskFile, (uint)SegmentFlags.ManualReset, (uint)SegmentFlags.LargePages, (uint)SegmentFlags.All));
        Assert.Equal((0x8000_0000u, 0x4000_0000u, 0x3FFF_FFFFu, 0u), (MutexWord.Waiters, MutexWord.OwnerDied, MutexWord.OwnerMask, MutexWord.Free));
        Assert.Equal((0x8000_0000u, 0x4000_0000u, 0xC000_0000u, 0x3FFF_FFFFu), (SignalWord.Waiters, SignalWord.Signaled, SignalWord.Several, SignalWord.AlwaysZero));
        Assert.Equal((0x8000_0000u, 0x8000_0000u, 0x8000_0000_0000_0000ul), (SignalWord.Withheld, MutexWord.Withheld, SignalWord.WithheldInPair));
        Assert.Equal((0x8000_0000u, 1u, 0u, 2u), (ManualEventWord.Waiters, ManualEventWord.Set, ManualEventWord.AfterReset(0x7FFF_FFFF), ManualEventWord.AfterReset(0x8000_0001)));
        Assert.Equal((1024, 0x0005_0000_0000_0007ul, 5), (JournalSlot.Count, JournalSlot.Number(5, 7), JournalSlot.IndexOf(0x0005_0000_0000_0007)));
        Assert.Equal((1, 2, 3, 4), ((int)SharedObjectKind.Section, (int)SharedObjectKind.Mutex, (int)SharedObjectKind.Event, (int)SharedObjectKind.Semaphore));
        Assert.Equal((5, 6, 7), ((int)SharedObjectKind.ReaderWriterLock, (int)SharedObjectKind.Lock, (int)SharedObjectKind.Tether));
        Assert.Equal((8, 9, 10), ((int)SharedObjectKind.Pipe, (int)SharedObjectKind.Topic, (int)SharedObjectKind.Queue));
        Assert.Equal((11, 12, 13), ((int)SharedObjectKind.Cell, (int)SharedObjectKind.CellMap, (int)SharedObjectKind.Service));
        Assert.Equal(new[] { 0, 1, 2, 3, 4, 5 }, Enum.GetValues<MemoryAccess>().Select(a => (int)a));
    }

    [Fact]
    public void The_constants_of_a_companion_of_format_1_are_these()
    {
        Assert.Equal("SAMEPAGC"u8.ToArray(), BitConverter.GetBytes(CompanionHeader.ExpectedMagic));
        Assert.Equal((1u, 0u, 1u), (CompanionHeader.CurrentFormat, CompanionHeader.Unfinished, CompanionHeader.Finished));
        Assert.Equal((1024, 784, 64, 4096, 98304), (CompanionHeader.Length, CompanionHeader.NameCapacity, CompanionHeader.ProgramCapacity,
            CompanionHeader.PathOffset, CompanionHeader.PathCapacity));
        Assert.Equal("zzj (samepage companion)", CompanionName.Of(ObjectName.Parse("zzj")));
        Assert.Equal(@"Global\zzj (samepage companion)", CompanionName.Of(ObjectName.Parse(@"Global\zzj")));
        Assert.Equal(
            $@"Local\{new string('n', 120)}~f2160c16eb3d7bdd9afaa4f6f44947da24a33b0a91afc08adbee59cb3459612c (samepage companion)",
            CompanionName.Of(ObjectName.Parse(@"Local\" + new string('n', 254))));
    }

    [Fact]
    public void Words_and_their_second_halves_make_one_pair()
    {
        ulong pair = MutexWord.Pair(7, MutexWord.Waiters | 5);
        Assert.Equal((0x0000_0007_8000_0005ul, 7u, 0x8000_0005u), (pair, MutexWord.Generation(pair), MutexWord.Word(pair)));
        pair = SignalWord.Pair(9, SignalWord.Signaled);
        Assert.Equal((0x0000_0009_4000_0000ul, 9u, 0x4000_0000u), (pair, SignalWord.SecondHalf(pair), SignalWord.Word(pair)));
    }

    [Fact]
    public void The_state_can_change_as_one_and_ends_its_page()
    {
        Assert.Equal(0, StateBlock.WaitWordOffset % 8);
        Assert.Equal(StateBlock.WaitWordOffset + 4, StateBlock.SecondHalfOffset);
        foreach (int page in new[] { 4096, 16384, 65536 })
            Assert.Equal(0, (StateBlock.SecondHalfOffset + 4) % page);
        foreach (int page in new[] { 4096, 16384, 65536 })
            Assert.Equal(0, SegmentHeader.PayloadOffsetOfEveryPageSize % page);
        Assert.True(SegmentHeader.PathOffset + SegmentHeader.PathCapacity <= StateBlock.ClaimRecordOffset);
        Assert.True(260 * 3 <= SegmentHeader.NameCapacity);
    }

    private static int OffsetOf(Type type, FieldInfo field) =>
        field.GetCustomAttribute<FieldOffsetAttribute>()?.Value ?? (int)Marshal.OffsetOf(type, field.Name);

    private static int SizeOf(Type type) => type.IsPointer
        ? nint.Size
        : (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;
}
