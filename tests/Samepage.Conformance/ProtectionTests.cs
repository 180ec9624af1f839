using System.Runtime.InteropServices;
using Samepage.Conformance.Peers;

namespace Samepage.Conformance;

/// <summary>What may be done with a section, a view, and a range of it: W10, W11, W17.</summary>
public sealed class ProtectionTests
{
    private const int Unit = 65536;

    /// <summary>mov eax, 42; ret.</summary>
    private static readonly byte[] _answer = [0xB8, 42, 0, 0, 0, 0xC3];

    public static TheoryData<MemoryAccess, MemoryAccess, bool> Combinations()
    {
        var data = new TheoryData<MemoryAccess, MemoryAccess, bool>();
        foreach (MemoryAccess section in Enum.GetValues<MemoryAccess>())
        {
            foreach (MemoryAccess view in Enum.GetValues<MemoryAccess>())
            {
                bool writes = view is MemoryAccess.ReadWrite or MemoryAccess.ReadWriteExecute;
                bool mayWrite = section is MemoryAccess.ReadWrite or MemoryAccess.ReadWriteExecute;
                bool executes = view >= MemoryAccess.ReadExecute;
                bool mayExecute = section >= MemoryAccess.ReadExecute;
                data.Add(section, view, (!writes || mayWrite) && (!executes || mayExecute));
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void W11_A_view_may_do_no_more_than_its_section(MemoryAccess section, MemoryAccess view, bool allowed)
    {
        using SharedMemory made = SharedMemory.CreateAnonymous(Unit, new SharedMemoryOptions { Protection = section });
        if (!allowed)
        {
            Expect.Refusal(FailureReason.AccessDenied, 5, () => made.Map(0, 0, view));
            return;
        }
        using MemoryView mapped = made.Map(0, 0, view);
        Assert.Equal(view, mapped.Access);
        Assert.Equal(0, mapped.ReadOnlySpan[Unit - 1]);
        bool writable = view is not (MemoryAccess.Read or MemoryAccess.ReadExecute);
        if (writable)
            mapped.Span[Unit - 1] = 1;
        else
            Expect.Refusal(FailureReason.AccessDenied, 5, () => mapped.Span[0] = 1);
    }

    [Fact]
    public void W10_A_view_for_reading_gives_no_way_to_write()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(100);
        using MemoryView view = section.Map(0, 0, MemoryAccess.Read);
        Expect.Refusal(FailureReason.AccessDenied, 5, () => view.Span.Clear());
        Expect.Refusal(FailureReason.AccessDenied, 5, () => view.GetSpan(0, 1));
        Expect.Refusal(FailureReason.AccessDenied, 5, () => view.GetSpan<int>(0, 1));
        Expect.Refusal(FailureReason.AccessDenied, 5, () => view.GetReference<int>() = 1);
        Expect.Refusal(FailureReason.AccessDenied, 5, () => _ = view.Memory);
        Expect.Refusal(FailureReason.AccessDenied, 5, () => view.GetMemory(0, 1));
        using Stream stream = view.AsStream();
        Assert.False(stream.CanWrite);
        Assert.Throws<SharedObjectException>(() => stream.WriteByte(1));
        Assert.Equal(100, view.ReadOnlySpan.Length);
    }

    [Fact]
    public void W10_What_a_private_copy_changes_no_other_view_and_no_other_process_sees()
    {
        string name = Expect.NewName();
        using SharedMemory section = SharedMemory.Create(name, Unit);
        using MemoryView shared = section.Map();
        shared.Span.Fill(1);
        using MemoryView copy = section.Map(0, 0, MemoryAccess.CopyOnWrite);
        Assert.Equal(1, copy.Span[100]);
        copy.Span[100] = 2;
        Assert.Equal(2, copy.Span[100]);
        Assert.Equal(1, shared.Span[100]);
        using Peer peer = Peer.Start();
        peer.Do("open-section", "s", name);
        peer.Do("map", "v", "s", 0, 0);
        Assert.Equal("01", peer.Do("read", "v", 100, 1));
        peer.Do("map", "w", "s", 0, 0, MemoryAccess.CopyOnWrite);
        peer.Do("write", "w", 200, "09");
        Assert.Equal(1, shared.Span[200]);
        Assert.Equal(1, copy.Span[200]);
    }

    [Fact]
    public void W10_What_a_private_copy_changes_never_reaches_the_file()
    {
        using var file = new TemporaryFile(Enumerable.Repeat((byte)3, 10_000).ToArray());
        using (SharedMemory section = SharedMemory.CreateFromFile(file.Path))
        {
            using MemoryView copy = section.Map(0, 0, MemoryAccess.CopyOnWrite);
            copy.Span.Fill(4);
            copy.Flush();
        }
        Assert.Equal(-1, file.Content.AsSpan().IndexOfAnyExcept((byte)3));
    }

    [Fact]
    public unsafe void W10_Code_in_a_view_for_execution_runs()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "The code is written for x64.");
        using SharedMemory section = SharedMemory.CreateAnonymous(Unit, new SharedMemoryOptions { Protection = MemoryAccess.ReadWriteExecute });
        using MemoryView writable = section.Map(0, 0, MemoryAccess.ReadWrite);
        _answer.CopyTo(writable.Span);
        foreach (MemoryAccess access in new[] { MemoryAccess.ReadExecute, MemoryAccess.ReadWriteExecute, MemoryAccess.CopyOnWriteExecute })
        {
            using MemoryView view = section.Map(0, 0, access);
            Assert.Equal(42, ((delegate* unmanaged<int>)view.Address)());
        }
        using MemoryView own = section.Map(0, 0, MemoryAccess.CopyOnWriteExecute);
        own.Span[1] = 43;
        Assert.Equal(43, ((delegate* unmanaged<int>)own.Address)());
        Assert.Equal(42, writable.Span[1]);
    }

    [Fact]
    public unsafe void W10_Code_in_a_named_section_runs_where_the_system_lets_it()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "The code is written for x64.");
        string name = Expect.NewName();
        using SharedMemory section = SharedMemory.Create(name, Unit, new SharedMemoryOptions { Protection = MemoryAccess.ReadWriteExecute });
        using (MemoryView writable = section.Map(0, 0, MemoryAccess.ReadWrite))
            _answer.CopyTo(writable.Span);
        using SharedMemory opened = SharedMemory.Open(name, MemoryAccess.ReadExecute);
        try
        {
            using MemoryView view = opened.Map();
            Assert.Equal(42, ((delegate* unmanaged<int>)view.Address)());
        }
        catch (SharedObjectException e) when (e.Reason == FailureReason.AccessDenied)
        {
            Assert.Skip("Objects lie where nothing may be executed: " + e.Message);
        }
    }

    [Fact]
    public void W11_An_open_for_more_than_the_section_allows_fails_with_5()
    {
        string name = Expect.NewName();
        using SharedMemory section = SharedMemory.Create(name, 4096, new SharedMemoryOptions { Protection = MemoryAccess.Read });
        SharedObjectException refused = Expect.Refusal(FailureReason.AccessDenied, 5, () => SharedMemory.Open(name));
        Assert.Equal(name, refused.ObjectName);
        Expect.Refusal(FailureReason.AccessDenied, 5, () => SharedMemory.Open(name, MemoryAccess.ReadExecute));
        using SharedMemory readable = SharedMemory.Open(name, MemoryAccess.Read);
        using SharedMemory copied = SharedMemory.Open(name, MemoryAccess.CopyOnWrite);
        using Peer peer = Peer.Start();
        Expect.PeerRefusal(FailureReason.AccessDenied, 5, () => peer.Do("open-section", "s", name));
        peer.Do("open-section", "s", name, MemoryAccess.Read);
    }

    [Fact]
    public void W11_A_handle_that_was_opened_for_reading_maps_for_reading_only()
    {
        string name = Expect.NewName();
        using SharedMemory section = SharedMemory.Create(name, 4096);
        using SharedMemory readable = SharedMemory.Open(name, MemoryAccess.Read);
        Assert.Equal(MemoryAccess.Read, readable.Access);
        Assert.Equal(MemoryAccess.ReadWrite, readable.Info.Protection);
        Expect.Refusal(FailureReason.AccessDenied, 5, () => readable.Map(0, 0, MemoryAccess.ReadWrite));
        using MemoryView view = readable.Map();
        Assert.Equal(MemoryAccess.Read, view.Access);
        // What a private copy writes goes nowhere else, so reading is all it needs.
        using MemoryView copy = readable.Map(0, 0, MemoryAccess.CopyOnWrite);
        copy.Span[0] = 1;
        Assert.Equal(0, view.ReadOnlySpan[0]);
    }

    [Fact]
    public void W17_A_range_can_be_made_read_only_and_writable_again_and_query_says_so()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(4 * Unit);
        using MemoryView view = section.Map();
        view.Span.Fill(6);
        view.Protect(Unit, Unit, MemoryAccess.Read);
        MemoryRegion region = view.Query(Unit + 5);
        Assert.Equal((Unit, Unit, MemoryAccess.Read, true), (region.Offset, region.Length, region.Access, region.IsCommitted));
        Assert.Equal(view.Address + Unit, region.Address);
        Assert.Equal(MemoryAccess.ReadWrite, view.Query(0).Access);
        Assert.Equal(Unit, view.Query(0).Length);
        Assert.Equal(MemoryAccess.ReadWrite, view.Query(2 * Unit).Access);
        view.Protect(0, 4 * Unit, MemoryAccess.ReadWrite);
        view.Span[Unit] = 7;
        Assert.Equal(4 * Unit, view.Query(0).Length);
        Assert.Equal((6, 7), (view.Span[Unit - 1], view.Span[Unit]));
    }

    [Fact]
    public void W17_A_range_never_gets_more_than_the_section_allows()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(Unit, new SharedMemoryOptions { Protection = MemoryAccess.Read });
        using MemoryView view = section.Map();
        Expect.Refusal(FailureReason.AccessDenied, 5, () => view.Protect(0, Unit, MemoryAccess.ReadWrite));
        Expect.Refusal(FailureReason.AccessDenied, 5, () => view.Protect(0, Unit, MemoryAccess.ReadExecute));
        Expect.Refusal(FailureReason.OutOfRange, 1132, () => view.Protect(0, Unit + 1, MemoryAccess.Read));
        Assert.Throws<ArgumentOutOfRangeException>(() => view.Protect(0, Unit, (MemoryAccess)99));
        Assert.Equal(MemoryAccess.Read, view.Query().Access);
    }

    [Fact]
    public void W17_A_range_is_pinned_and_then_resident()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(4 * Unit);
        using MemoryView view = section.Map();
        view.Lock(Unit, 100);
        Assert.True(view.Query(Unit).ResidentBytes >= 1);
        view.Unlock(Unit, 100);
        Expect.Refusal(FailureReason.OutOfRange, 1132, () => view.Lock(4 * Unit, 1));
        Expect.Refusal(FailureReason.OutOfRange, 1132, () => view.Unlock(4 * Unit, 1));
    }

    [Fact]
    public void W17_Query_tells_committed_from_reserved()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(8 * Unit, new SharedMemoryOptions { Reserve = true, InitialCommit = 2 * Unit });
        using MemoryView view = section.Map();
        MemoryRegion there = view.Query(Unit);
        MemoryRegion later = view.Query(3 * Unit);
        Assert.Equal((0, 2 * Unit, true), (there.Offset, there.Length, there.IsCommitted));
        Assert.Equal((2 * Unit, 6 * Unit, false), (later.Offset, later.Length, later.IsCommitted));
        Expect.Refusal(FailureReason.OutOfRange, 1132, () => view.Query(8 * Unit));
    }
}
