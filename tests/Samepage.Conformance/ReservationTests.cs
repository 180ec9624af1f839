using Samepage.Conformance.Peers;

namespace Samepage.Conformance;

/// <summary>Memory that is there, and address space that becomes memory: W12.</summary>
public sealed class ReservationTests
{
    private const int Unit = 65536;

    [Fact]
    public void W12_A_reserved_section_has_no_memory_until_it_is_committed()
    {
        using SharedMemory section = SharedMemory.Create(Expect.NewName(), 64L << 30, new SharedMemoryOptions { Reserve = true });
        using MemoryView view = section.Map();
        Assert.Equal(0, section.CommittedSize);
        Assert.Equal(0, view.CommittedLength);
        Assert.Equal(64L << 30, view.Length);
        Assert.Equal(0, view.Span.Length);
        Assert.True(section.Info.ResidentBytes <= 1 << 20);
    }

    [Fact]
    public void W12_Committing_grows_every_view_at_the_address_it_has_and_another_process_sees_it()
    {
        string name = Expect.NewName();
        using SharedMemory section = SharedMemory.Create(name, 256 * Unit, new SharedMemoryOptions { Reserve = true, InitialCommit = Unit });
        using MemoryView view = section.Map();
        nint address = view.Address;
        using Peer peer = Peer.Start();
        peer.Do("open-section", "s", name);
        peer.Do("map", "v", "s", 0, 0);
        Expect.PeerRefusal(FailureReason.OutOfRange, 1132, () => peer.Do("read", "v", Unit, 1));

        section.Commit(10 * Unit);
        Assert.Equal(address, view.Address);
        Assert.Equal(10 * Unit, view.CommittedLength);
        Assert.Equal(10 * Unit, view.Span.Length);
        view.Span[(10 * Unit) - 1] = 0x99;
        Assert.Equal("99", peer.Do("read", "v", (10 * Unit) - 1, 1));

        peer.Do("commit", "s", 11 * Unit);
        peer.Do("write", "v", (11 * Unit) - 1, "77");
        Assert.Equal(11 * Unit, section.CommittedSize);
        Assert.Equal(0x77, view.Span[(11 * Unit) - 1]);
        Assert.Equal(0x99, view.Span[(10 * Unit) - 1]);
    }

    [Fact]
    public void W12_What_is_not_committed_cannot_be_touched_through_the_view()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(16 * Unit, new SharedMemoryOptions { Reserve = true, InitialCommit = Unit });
        using MemoryView view = section.Map();
        Expect.Refusal(FailureReason.OutOfRange, 1132, () => view.GetSpan(Unit, 1));
        Expect.Refusal(FailureReason.OutOfRange, 1132, () => view.GetReadOnlySpan(Unit - 1, 2));
        Expect.Refusal(FailureReason.OutOfRange, 1132, () => view.GetReference<int>(Unit - 2));
        Expect.Refusal(FailureReason.OutOfRange, 1132, () => view.GetMemory(Unit, 1));
        using Stream stream = view.AsStream();
        Assert.Equal(Unit, stream.Length);
        stream.Position = Unit;
        Assert.Equal(-1, stream.ReadByte());
        Assert.Throws<IOException>(() => stream.WriteByte(1));
        Assert.Equal(1, view.GetSpan(Unit - 1, 1).Length);
    }

    [Fact]
    public void W12_A_view_that_begins_beyond_the_commitment_has_no_byte_yet()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(16 * Unit, new SharedMemoryOptions { Reserve = true, InitialCommit = Unit });
        using MemoryView view = section.Map(4 * Unit, 2 * Unit);
        Assert.Equal(0, view.CommittedLength);
        section.Commit((5 * Unit) + 1);
        Assert.Equal(Unit + 1, view.CommittedLength);
        section.Commit(16 * Unit);
        Assert.Equal(2 * Unit, view.CommittedLength);
    }

    [Fact]
    public void W12_Committing_less_than_there_is_changes_nothing_and_more_than_was_reserved_is_refused()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(4 * Unit, new SharedMemoryOptions { Reserve = true });
        section.Commit(2 * Unit);
        section.Commit(Unit);
        section.Commit(0);
        Assert.Equal(2 * Unit, section.CommittedSize);
        Expect.Refusal(FailureReason.OutOfRange, 1132, () => section.Commit((4 * Unit) + 1));
        Expect.Refusal(FailureReason.OutOfRange, 1132, () => section.Commit(-1));
        Assert.Equal(2 * Unit, section.CommittedSize);
    }

    [Fact]
    public void W12_A_handle_for_reading_cannot_commit()
    {
        string name = Expect.NewName();
        using SharedMemory section = SharedMemory.Create(name, 4 * Unit, new SharedMemoryOptions { Reserve = true });
        using SharedMemory readable = SharedMemory.Open(name, MemoryAccess.Read);
        Expect.Refusal(FailureReason.AccessDenied, 5, () => readable.Commit(Unit));
        using MemoryView view = readable.Map();
        section.Commit(Unit);
        Assert.Equal(Unit, view.ReadOnlySpan.Length);
    }

    [Fact]
    public void W12_Running_out_is_an_error_at_creation()
    {
        Assert.SkipWhen(Expect.IsWine, "Wine commits more than there is.");
        string name = Expect.NewName();
        SharedObjectException refused = Expect.Refusal(FailureReason.OutOfSpace, 1455, () => SharedMemory.Create(name, 1L << 46));
        Assert.Equal(name, refused.ObjectName);
        Expect.Refusal(FailureReason.OutOfSpace, 1455, () => SharedMemory.CreateAnonymous(1L << 46));
        Assert.Null(SharedObjects.Find(name));
    }

    [Fact]
    public void W12_Running_out_is_an_error_at_commit_and_what_was_there_stays()
    {
        Assert.SkipWhen(Expect.IsWine, "Wine commits more than there is.");
        using SharedMemory section = SharedMemory.Create(Expect.NewName(), 1L << 42, new SharedMemoryOptions { Reserve = true, InitialCommit = Unit });
        using MemoryView view = section.Map(0, 16 * Unit);
        view.Span.Fill(3);
        Expect.Refusal(FailureReason.OutOfSpace, 1455, () => section.Commit(1L << 42));
        Assert.Equal(Unit, section.CommittedSize);
        Assert.Equal(-1, view.Span.IndexOfAnyExcept((byte)3));
        section.Commit(2 * Unit);
        Assert.Equal(2 * Unit, view.Span.Length);
    }

    [Fact]
    public void W12_An_initial_commit_that_makes_no_sense_is_refused()
    {
        Assert.Throws<ArgumentException>(() => SharedMemory.CreateAnonymous(Unit, new SharedMemoryOptions { InitialCommit = 1 }));
        Assert.Throws<ArgumentException>(() => SharedMemory.CreateAnonymous(Unit, new SharedMemoryOptions { Reserve = true, InitialCommit = -1 }));
        Assert.Throws<ArgumentException>(() => SharedMemory.CreateAnonymous(Unit, new SharedMemoryOptions { Reserve = true, InitialCommit = Unit + 1 }));
    }
}
