using Samepage.Conformance.Peers;

namespace Samepage.Conformance;

/// <summary>Sections over disk files, and how their bytes get there and back: W09, W15, W16.</summary>
public sealed class FileSectionTests
{
    private static readonly SharedMemoryOptions _readOnly = new() { Protection = MemoryAccess.Read };

    [Fact]
    public void W09_Size_0_means_the_files_length_and_its_bytes_are_the_sections()
    {
        using var file = new TemporaryFile([1, 2, 3, 4, 5]);
        string name = Expect.NewName();
        using SharedMemory section = SharedMemory.CreateFromFile(file.Path, name);
        using MemoryView view = section.Map();
        Assert.Equal(5, section.Size);
        Assert.Equal(new byte[] { 1, 2, 3, 4, 5 }, view.ReadOnlySpan.ToArray());
        using Peer peer = Peer.Start();
        peer.Do("open-section", "s", name);
        peer.Do("map", "v", "s", 0, 0);
        Assert.Equal("0102030405", peer.Do("read", "v", 0, 5));
    }

    [Fact]
    public void W09_A_larger_size_grows_the_file_with_zeros()
    {
        using var file = new TemporaryFile([1, 2, 3]);
        using (SharedMemory section = SharedMemory.CreateFromFile(file.Path, null, 10_000))
        {
            using MemoryView view = section.Map();
            Assert.Equal(10_000, view.Length);
            Assert.Equal(-1, view.ReadOnlySpan[3..].IndexOfAnyExcept((byte)0));
            view.Span[9_999] = 77;
        }
        byte[] content = file.Content;
        Assert.Equal(10_000, content.Length);
        Assert.Equal((1, 0, 77), (content[0], content[3], content[9_999]));
    }

    [Fact]
    public void W09_A_smaller_size_leaves_the_rest_of_the_file_alone()
    {
        using var file = new TemporaryFile(Enumerable.Repeat((byte)7, 9_000).ToArray());
        using (SharedMemory section = SharedMemory.CreateFromFile(file.Path, null, 100))
        {
            using MemoryView view = section.Map();
            Assert.Equal(100, view.Length);
            view.Span.Clear();
        }
        byte[] content = file.Content;
        Assert.Equal(9_000, content.Length);
        Assert.Equal(100, content.AsSpan().IndexOf((byte)7));
    }

    [Fact]
    public void W09_What_is_written_reaches_the_file_after_closing()
    {
        using var file = new TemporaryFile(new byte[8192]);
        using Peer peer = Peer.Start();
        string name = Expect.NewName();
        using (SharedMemory section = SharedMemory.CreateFromFile(file.Path, name))
        {
            peer.Do("open-section", "s", name);
            peer.Do("map", "v", "s", 4000, 200);
            peer.Do("write", "v", 0, "CAFE");
        }
        peer.Leave();
        Assert.Equal(new byte[] { 0xCA, 0xFE }, file.Content[4000..4002]);
    }

    [Fact]
    public void W09_The_files_access_must_match_the_protection_before_anything_is_mapped()
    {
        using var file = new TemporaryFile(new byte[4096]);
        using (var readable = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        {
            Expect.Refusal(FailureReason.AccessDenied, 5, () => SharedMemory.CreateFromFile(readable.SafeFileHandle));
            using SharedMemory allowed = SharedMemory.CreateFromFile(readable.SafeFileHandle, null, 0, _readOnly);
            using MemoryView view = allowed.Map();
            Assert.Equal(MemoryAccess.Read, view.Access);
            using SharedMemory copied = SharedMemory.CreateFromFile(
                readable.SafeFileHandle, null, 0, new SharedMemoryOptions { Protection = MemoryAccess.CopyOnWrite });
            using MemoryView copy = copied.Map();
            copy.Span[0] = 1;
        }
        using (var writable = new FileStream(file.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            Expect.Refusal(FailureReason.AccessDenied, 5, () => SharedMemory.CreateFromFile(writable.SafeFileHandle));
        Assert.Equal(0, file.Content[0]);
    }

    [Fact]
    public void W09_A_section_for_reading_may_not_make_its_file_larger()
    {
        using var file = new TemporaryFile(new byte[100]);
        Assert.Throws<SharedObjectException>(() => SharedMemory.CreateFromFile(file.Path, null, 200, _readOnly));
        Assert.Equal(100, file.Content.Length);
    }

    [Fact]
    public void W09_A_file_that_does_not_exist_fails_with_2()
    {
        string path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        SharedObjectException refused = Expect.Refusal(FailureReason.NotFound, 2, () => SharedMemory.CreateFromFile(path));
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void W09_The_callers_file_handle_may_be_closed_first()
    {
        using var file = new TemporaryFile([1, 2, 3, 4]);
        string name = Expect.NewName();
        SharedMemory section;
        using (var stream = new FileStream(file.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
            section = SharedMemory.CreateFromFile(stream.SafeFileHandle, name);
        using (section)
        {
            using MemoryView view = section.Map();
            Assert.Equal(4, view.ReadOnlySpan[3]);
            using SharedMemory opened = SharedMemory.Open(name);
            Assert.Equal(4, opened.Size);
        }
    }

    [Fact]
    public void W09_A_named_section_over_a_file_is_found_by_its_name_and_its_own_file_wins()
    {
        using var file = new TemporaryFile([1, 2, 3, 4]);
        using var other = new TemporaryFile([9, 9]);
        string name = Expect.NewName();
        using SharedMemory section = SharedMemory.CreateOrOpenFromFile(file.Path, name, out bool created);
        Assert.True(created);
        using SharedMemory again = SharedMemory.CreateOrOpenFromFile(other.Path, name, out created);
        Assert.False(created);
        using MemoryView view = again.Map();
        Assert.Equal(new byte[] { 1, 2, 3, 4 }, view.ReadOnlySpan.ToArray());
        Expect.Refusal(FailureReason.AlreadyExists, 183, () => SharedMemory.CreateFromFile(other.Path, name));
    }

    [Fact]
    public void W15_Flush_writes_a_range_to_the_file_now()
    {
        using var file = new TemporaryFile(new byte[20_000]);
        using SharedMemory section = SharedMemory.CreateFromFile(file.Path);
        using MemoryView view = section.Map(1, 19_999);
        view.Span[0] = 0xAA;
        view.Span[19_998] = 0xBB;
        view.Flush(0, 1);
        view.Flush(19_998, 1);
        byte[] content = file.Content;
        Assert.Equal((0xAA, 0xBB), (content[1], content[19_999]));
        view.Span[10_000] = 0xCC;
        view.Flush();
        Assert.Equal(0xCC, file.Content[10_001]);
    }

    [Fact]
    public void W15_Flush_of_a_section_without_a_file_has_nothing_to_wait_for()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(10_000);
        using MemoryView view = section.Map();
        view.Span[5] = 5;
        view.Flush();
        view.Flush(9_999, 1);
        Assert.Equal(5, view.Span[5]);
    }

    [Fact]
    public void W15_Flush_of_a_range_outside_the_view_is_refused()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(10_000);
        using MemoryView view = section.Map();
        Expect.Refusal(FailureReason.OutOfRange, 1132, () => view.Flush(9_999, 2));
        Expect.Refusal(FailureReason.OutOfRange, 1132, () => view.Flush(long.MaxValue, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => view.Flush(-1, 1));
    }

    [Fact]
    public void W16_Mapping_a_large_file_reads_none_of_it_and_prefetch_does()
    {
        const long Size = 64L << 20;
        using var file = new TemporaryFile([1]);
        using SharedMemory section = SharedMemory.CreateFromFile(file.Path, null, Size, new SharedMemoryOptions { Reserve = true });
        using MemoryView view = section.Map();
        long before = view.Query(32 << 20).ResidentBytes;
        Assert.True(before < 1 << 20, $"{before:N0} bytes are resident that nobody touched.");
        view.Prefetch(32 << 20, 8 << 20);
        Assert.SkipWhen(Expect.IsWine, "Wine does not say what is resident.");
        Assert.True(view.Query(32 << 20).ResidentBytes >= 8 << 20);
        Assert.Equal(0, view.ReadOnlySpan[33 << 20]);
    }

    [Fact]
    public void W16_Prefetch_changes_nothing_that_can_be_read()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(1 << 20);
        using MemoryView view = section.Map();
        view.Span[777_777] = 7;
        view.Prefetch();
        view.Prefetch(777_777, 1);
        Assert.Equal(7, view.Span[777_777]);
        Expect.Refusal(FailureReason.OutOfRange, 1132, () => view.Prefetch(1 << 20, 1));
    }
}
