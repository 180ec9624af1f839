using Samepage.Conformance.Peers;

namespace Samepage.Conformance;

/// <summary>Making and finding sections: W01 to W06.</summary>
public sealed class SectionCreationTests
{
    private const long FourGiB = 1L << 32;

    [Fact]
    public void W01_A_second_process_sees_the_same_bytes_by_name()
    {
        // The canonical example, by its canonical name.
        using SharedMemory section = SharedMemory.Create("zzj", 4096);
        using MemoryView view = section.Map();
        view.GetReference<int>(0) = 0x11223344;
        using Peer peer = Peer.Start();
        peer.Do("open-section", "s", "zzj");
        peer.Do("map", "v", "s", 0, 0);
        Assert.Equal("44332211", peer.Do("read", "v", 0, 4));

        peer.Do("write", "v", 4092, "A1B2C3D4");
        Assert.Equal(new byte[] { 0xA1, 0xB2, 0xC3, 0xD4 }, view.GetReadOnlySpan(4092, 4).ToArray());
    }

    [Fact]
    public void W01_A_section_that_another_process_made_is_opened_here()
    {
        string name = Expect.NewName();
        using Peer peer = Peer.Start();
        peer.Do("create-section", "s", name, 100);
        peer.Do("map", "v", "s", 0, 0);
        peer.Do("write", "v", 99, "7F");
        using SharedMemory section = SharedMemory.Open(name);
        using MemoryView view = section.Map();
        Assert.Equal(0x7F, view.ReadOnlySpan[99]);
    }

    [Fact]
    public void W02_A_section_beyond_4_GiB_keeps_its_size_and_every_byte_its_place()
    {
        string name = Expect.NewName();
        const long Size = FourGiB + 8192;
        using SharedMemory section = SharedMemory.Create(name, Size, new SharedMemoryOptions { Reserve = true });
        Assert.Equal(Size, section.Size);
        // Reserved memory is committed from the start of the section, so the far end is reached through a file where it can be sparse.
        using var file = new TemporaryFile([1]);
        using SharedMemory sparse = SharedMemory.CreateFromFile(file.Path, name + "-file", Size, new SharedMemoryOptions { Reserve = true });
        Assert.Equal(Size, sparse.Size);
        using (MemoryView far = sparse.Map(FourGiB + 4096, 100))
            far.Span[99] = 0x42;
        // The low 32 bits of that offset lie elsewhere: nothing may have landed there.
        using MemoryView near = sparse.Map(4096, 100);
        Assert.Equal(0, near.ReadOnlySpan[99]);

        using Peer peer = Peer.Start();
        peer.Do("open-section", "r", name);
        Assert.Equal($"{Size}", peer.Do("section-size", "r"));
        peer.Do("open-section", "s", name + "-file");
        Assert.Equal($"{Size}", peer.Do("section-size", "s"));
        peer.Do("map", "v", "s", FourGiB + 4096, 100);
        Assert.Equal("42", peer.Do("read", "v", 99, 1));
    }

    [Fact]
    public void W02_One_view_spans_more_than_4_GiB()
    {
        using var file = new TemporaryFile([1]);
        const long Size = FourGiB + 65536;
        using SharedMemory section = SharedMemory.CreateFromFile(file.Path, null, Size, new SharedMemoryOptions { Reserve = true });
        using MemoryView view = section.Map();
        Assert.Equal(Size, view.Length);
        view.GetReference<long>(Size - 8) = 42;
        Assert.Equal(0L, view.GetReadOnlyReference<long>(65536 - 8));
        Assert.Equal(42L, view.GetReadOnlyReference<long>(Size - 8));
        // One span covers at most 2 GiB: asking for all of it at once is refused, not cut.
        Assert.Throws<InvalidOperationException>(() => view.Span.Length);
        Assert.Throws<InvalidOperationException>(() => view.ReadOnlySpan.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4097)]
    [InlineData(1_000_003)]
    public void W02_The_size_is_exactly_what_was_asked_for(long size)
    {
        string name = Expect.NewName();
        using SharedMemory section = SharedMemory.Create(name, size);
        using SharedMemory opened = SharedMemory.Open(name);
        using MemoryView view = opened.Map();
        Assert.Equal((size, size, size), (section.Size, opened.Size, view.Length));
    }

    [Fact]
    public void W03_A_new_section_reads_as_zeros()
    {
        using SharedMemory section = SharedMemory.Create(Expect.NewName(), 1_000_003);
        using MemoryView view = section.Map();
        Assert.Equal(-1, view.ReadOnlySpan.IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void W03_A_name_that_was_used_before_starts_afresh_with_zeros()
    {
        string name = Expect.NewName();
        for (int round = 0; round < 3; round++)
        {
            using SharedMemory section = SharedMemory.Create(name, 10_000);
            using MemoryView view = section.Map();
            Assert.Equal(-1, view.ReadOnlySpan.IndexOfAnyExcept((byte)0));
            view.Span.Fill(0xEE);
        }
    }

    [Fact]
    public void W04_Creating_a_name_that_exists_gives_the_existing_section_and_its_size_wins()
    {
        string name = Expect.NewName();
        using SharedMemory first = SharedMemory.CreateOrOpen(name, 4096, out bool created);
        Assert.True(created);
        using MemoryView view = first.Map();
        view.Span[0] = 9;
        using SharedMemory second = SharedMemory.CreateOrOpen(name, 1 << 20, out created);
        Assert.False(created);
        Assert.Equal(4096, second.Size);
        using MemoryView same = second.Map();
        Assert.Equal(9, same.ReadOnlySpan[0]);
    }

    [Fact]
    public void W04_Insisting_on_a_new_object_fails_with_183_for_every_kind()
    {
        string name = Expect.NewName();
        using SharedMemory section = SharedMemory.Create(name, 4096);
        using SharedMutex mutex = SharedMutex.Create(name + "m");
        using SharedEvent signal = SharedEvent.Create(name + "e", EventResetMode.AutoReset);
        using SharedSemaphore semaphore = SharedSemaphore.Create(name + "s", 0, 1);
        SharedObjectException refused = Expect.Refusal(FailureReason.AlreadyExists, 183, () => SharedMemory.Create(name, 4096));
        Assert.Equal(name, refused.ObjectName);
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        Expect.Refusal(FailureReason.AlreadyExists, 183, () => SharedMutex.Create(name + "m"));
        Expect.Refusal(FailureReason.AlreadyExists, 183, () => SharedEvent.Create(name + "e", EventResetMode.AutoReset));
        Expect.Refusal(FailureReason.AlreadyExists, 183, () => SharedSemaphore.Create(name + "s", 0, 1));
    }

    [Fact]
    public void W04_Of_two_processes_that_create_one_name_at_once_exactly_one_is_told_that_it_is_new()
    {
        using Peer peer = Peer.Start();
        for (int round = 0; round < 50; round++)
        {
            string name = Expect.NewName();
            peer.Begin("create-section", "s", name, 4096);
            bool here = true;
            SharedMemory? section = null;
            try
            {
                section = SharedMemory.Create(name, 4096);
            }
            catch (SharedObjectException e) when (e.Reason == FailureReason.AlreadyExists)
            {
                here = false;
            }
            bool there = true;
            try
            {
                peer.End();
            }
            catch (PeerRefusedException)
            {
                there = false;
            }
            Assert.True(here ^ there, $"round {round}: here {here}, there {there}");
            section?.Dispose();
            if (there)
                peer.Do("dispose", "s");
        }
    }

    [Fact]
    public void W05_Opening_a_name_that_does_not_exist_fails_with_2_for_every_kind()
    {
        string name = Expect.NewName();
        SharedObjectException refused = Expect.Refusal(FailureReason.NotFound, 2, () => SharedMemory.Open(name));
        Assert.Equal(name, refused.ObjectName);
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        Expect.Refusal(FailureReason.NotFound, 2, () => SharedMutex.Open(name));
        Expect.Refusal(FailureReason.NotFound, 2, () => SharedEvent.Open(name));
        Expect.Refusal(FailureReason.NotFound, 2, () => SharedSemaphore.Open(name));
        Expect.Refusal(FailureReason.NotFound, 2, () => SharedMutex.Open(@"Global\" + name));
    }

    [Fact]
    public void W05_Trying_to_open_what_does_not_exist_is_a_result_and_makes_nothing()
    {
        string name = Expect.NewName();
        Assert.False(SharedMemory.TryOpen(name, out SharedMemory? section));
        Assert.Null(section);
        Assert.False(SharedMutex.TryOpen(name, out _));
        Assert.False(SharedEvent.TryOpen(name, out _));
        Assert.False(SharedSemaphore.TryOpen(name, out _));
        Assert.Null(SharedObjects.Find(name));
        Assert.False(SharedMemory.Exists(name) || SharedMutex.Exists(name) || SharedEvent.Exists(name) || SharedSemaphore.Exists(name));
    }

    [Fact]
    public void W06_Size_0_without_a_file_fails_with_87()
    {
        string name = Expect.NewName();
        Expect.Refusal(FailureReason.InvalidSize, 87, () => SharedMemory.Create(name, 0));
        Expect.Refusal(FailureReason.InvalidSize, 87, () => SharedMemory.CreateOrOpen(name, 0));
        Expect.Refusal(FailureReason.InvalidSize, 87, () => SharedMemory.CreateAnonymous(0));
        Assert.Null(SharedObjects.Find(name));
    }

    [Fact]
    public void W06_Size_0_over_an_empty_file_fails_with_1006()
    {
        string name = Expect.NewName();
        using var file = new TemporaryFile();
        SharedObjectException refused = Expect.Refusal(FailureReason.EmptyFile, 1006, () => SharedMemory.CreateFromFile(file.Path, name));
        Assert.Contains(file.Path, refused.Message, StringComparison.Ordinal);
        Expect.Refusal(FailureReason.EmptyFile, 1006, () => SharedMemory.CreateFromFile(file.Path));
        Assert.Null(SharedObjects.Find(name));
    }

    [Fact]
    public void W06_A_size_that_no_system_has_fails_and_leaves_nothing()
    {
        string name = Expect.NewName();
        Assert.Throws<ArgumentOutOfRangeException>(() => SharedMemory.Create(name, -1));
        Expect.Refusal(FailureReason.InvalidSize, 87, () => SharedMemory.Create(name, long.MaxValue));
        Expect.Refusal(FailureReason.InvalidSize, 87, () => SharedMemory.Create(name, long.MaxValue, new SharedMemoryOptions { Reserve = true }));
        Assert.Null(SharedObjects.Find(name));
    }
}
