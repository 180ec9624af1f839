using Samepage.Platform;

namespace Samepage.Processes;

/// <summary>Memory of a reserved section that is committed here and there, and mapped twice back to back.</summary>
public sealed class ReservedRangeTests
{
    private const int Unit = SharedMemory.MappingGranularity;
    private const long Size = 1L << 36;
    private const long Far = Size - 16 * Unit;

    [Fact]
    public void A_range_that_one_process_commits_is_there_for_all()
    {
        using SharedMemory memory = Create("far");
        using MemoryView ring = memory.MapMirroredReserved(Far, 4 * Unit);
        using Peer peer = Opened("far");
        peer.Do($"ring far {Far} {4 * Unit}");

        memory.CommitRange(Far, Unit);
        Assert.Equal(-1, ring.GetSpan(0, Unit).IndexOfAnyExcept((byte)0));
        ring.Span[Unit - 1] = 11;
        Assert.Equal("11", peer.Do($"ring-get far {Unit - 1}"));

        peer.Do($"commit-range far {Far + 3 * Unit} {Unit}");
        peer.Do($"ring-put far {4 * Unit - 1} 22");
        Assert.Equal(22, ring.Span[4 * Unit - 1]);
        peer.Kill();
        Assert.Equal((11, 22), (ring.Span[Unit - 1], ring.Span[4 * Unit - 1]));
        using Peer late = Opened("far");
        late.Do($"ring far {Far} {4 * Unit}");
        Assert.Equal("22", late.Do($"ring-get far {8 * Unit - 1}"));
        Assert.Equal(4096, memory.CommittedSize);
    }

    [Fact]
    public void What_runs_over_the_end_of_a_reserved_ring_lies_in_one_piece()
    {
        using SharedMemory memory = Create("ring");
        memory.CommitRange(2 * Unit, 2 * Unit);
        using MemoryView ring = memory.MapMirroredReserved(2 * Unit, 2 * Unit);
        Assert.Equal((4L * Unit, 2L * Unit), (ring.Length, ring.Offset));
        ring.GetSpan(2 * Unit - 2, 4).Fill(5);
        Assert.Equal([5, 5, 0], ring.GetSpan(0, 3).ToArray());
        Assert.Equal([0, 5, 5], ring.GetSpan(2 * Unit - 3, 3).ToArray());
        ring.Span[4 * Unit - 1] = 6;
        Assert.Equal(6, ring.Span[2 * Unit - 1]);
    }

    [Fact]
    public void Committing_again_changes_nothing_and_any_offset_is_rounded_to_pages()
    {
        using SharedMemory memory = Create("again");
        memory.CommitRange(Unit - 1, 2);
        using MemoryView ring = memory.MapMirroredReserved(0, 4 * Unit);
        ring.GetSpan(Unit - 4096, 8192).Fill(9);
        memory.CommitRange(Unit - 4096, 3 * Unit);
        memory.CommitRange(0, 4 * Unit);
        Assert.Equal(-1, ring.GetSpan(Unit - 4096, 8192).IndexOfAnyExcept((byte)9));
        Assert.Equal(0, ring.Span[Unit + 4096]);
        long before = memory.Info.ResidentBytes;
        memory.CommitRange(0, 4 * Unit);
        memory.CommitRange(Size, 0);
        Assert.Equal(before, memory.Info.ResidentBytes);
        memory.CommitRange(Size - 1, 1);
        using MemoryView last = memory.MapMirroredReserved(Size - Unit, Unit);
        last.Span[2 * Unit - 1] = 1;
        Assert.Equal(1, last.Span[Unit - 1]);
        Assert.Equal(4096, memory.CommittedSize);
    }

    [Fact]
    public void A_commit_from_the_start_takes_what_ranges_have_already()
    {
        using SharedMemory memory = Create("both");
        memory.CommitRange(2 * Unit, Unit);
        using MemoryView ring = memory.MapMirroredReserved(0, 4 * Unit);
        ring.Span[2 * Unit] = 4;
        memory.Commit(4 * Unit);
        Assert.Equal((4L * Unit, 4), (memory.CommittedSize, ring.Span[2 * Unit]));
        ring.Span[4 * Unit - 1] = 8;
        Assert.Equal(8, ring.Span[8 * Unit - 1]);
    }

    [Fact]
    public void Memory_is_there_when_the_call_returns()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "How much of a section is resident is seen on Linux.");
        using SharedMemory memory = Create("resident");
        long before = memory.Info.ResidentBytes;
        memory.CommitRange(Far, 10 * Unit);
        Assert.Equal(before + 10 * Unit, memory.Info.ResidentBytes);
    }

    [Fact]
    public void Running_out_is_an_error_and_what_was_there_stays()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Wine commits more than there is.");
        using SharedMemory memory = Create("short", 1L << 42);
        memory.CommitRange(Unit, Unit);
        using MemoryView ring = memory.MapMirroredReserved(Unit, Unit);
        ring.Span.Fill(3);
        long before = memory.Info.ResidentBytes;
        Assert.Equal(FailureReason.OutOfSpace, Refusal(() => memory.CommitRange(0, 1L << 42)).Reason);
        Assert.Equal(before, memory.Info.ResidentBytes);
        Assert.Equal(-1, ring.Span.IndexOfAnyExcept((byte)3));
        memory.CommitRange(4 * Unit, Unit);
    }

    [Fact]
    public void What_is_committed_from_the_start_needs_no_ranges()
    {
        using SharedMemory section = SharedMemory.Create("whole", 4 * Unit);
        section.CommitRange(Unit, Unit);
        using MemoryView ring = section.MapMirroredReserved(0, 0);
        Assert.Equal(8 * Unit, ring.Span.Length);
        using SharedMemory readable = SharedMemory.Open("whole", MemoryAccess.Read);
        Assert.Equal(FailureReason.AccessDenied, Refusal(() => readable.CommitRange(0, Unit)).Reason);
    }

    [Fact]
    public void What_lies_outside_is_refused()
    {
        using SharedMemory memory = Create("outside");
        Assert.Equal(FailureReason.OutOfRange, Refusal(() => memory.CommitRange(Size - 1, 2)).Reason);
        Assert.Equal(FailureReason.OutOfRange, Refusal(() => memory.CommitRange(Size + 1, 0)).Reason);
        Assert.Equal(FailureReason.OutOfRange, Refusal(() => memory.CommitRange(1, long.MaxValue)).Reason);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.CommitRange(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.CommitRange(1, -1));
        Assert.Equal(FailureReason.OutOfRange, Refusal(() => memory.MapMirroredReserved(1, Unit)).Reason);
        Assert.Equal(FailureReason.OutOfRange, Refusal(() => memory.MapMirroredReserved(0, Unit + 1)).Reason);
        Assert.Equal(FailureReason.OutOfRange, Refusal(() => memory.MapMirroredReserved(Size, Unit)).Reason);
        // The public way still refuses what only its user could answer for.
        Assert.Equal(FailureReason.OutOfRange, Refusal(() => memory.MapMirrored(0, Unit)).Reason);
    }

    private static SharedObjectException Refusal(Action action) => Assert.Throws<SharedObjectException>(action);

    private static SharedMemory Create(string name, long size = Size) =>
        SharedMemory.OfKind(SharedObjectKind.Queue, ObjectName.Parse(name), size, new SharedMemoryOptions { Reserve = true, InitialCommit = 4096 }, openExisting: false, out _);

    private static Peer Opened(string name)
    {
        var peer = new Peer();
        peer.Do($"channel {name} Queue");
        return peer;
    }
}
