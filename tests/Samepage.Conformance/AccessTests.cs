using Samepage.Conformance.Peers;

namespace Samepage.Conformance;

/// <summary>Who may open an object: W20. What it says of itself: W21.</summary>
public sealed class AccessTests
{
    [Fact]
    public void W20_Wider_access_is_asked_for_explicitly_and_belongs_to_global_names()
    {
        string name = Expect.NewName();
        foreach (SharedAccess access in Enum.GetValues<SharedAccess>().Where(a => a != SharedAccess.User))
        {
            Assert.Throws<ArgumentException>(() => SharedMemory.Create(name, 4096, new SharedMemoryOptions { Access = access }));
            Assert.Throws<ArgumentException>(() => SharedMemory.CreateAnonymous(4096, new SharedMemoryOptions { Access = access }));
            Assert.Throws<ArgumentException>(() => SharedMutex.Create(name, false, access));
            Assert.Throws<ArgumentException>(() => SharedEvent.Create(name, EventResetMode.AutoReset, false, access));
            Assert.Throws<ArgumentException>(() => SharedSemaphore.Create(name, 0, 1, access));
        }
        Assert.Null(SharedObjects.Find(name));
    }

    [Theory]
    [InlineData(SharedAccess.User)]
    [InlineData(SharedAccess.GroupRead)]
    [InlineData(SharedAccess.Group)]
    [InlineData(SharedAccess.EveryoneRead)]
    [InlineData(SharedAccess.Everyone)]
    public void W20_Every_access_can_be_asked_for_and_the_owner_may_do_all(SharedAccess access)
    {
        string name = Expect.NewGlobalName();
        using SharedMemory section = SharedMemory.Create(name, 4096, new SharedMemoryOptions { Access = access });
        using Peer peer = Peer.Start();
        peer.Do("open-section", "s", name);
        peer.Do("map", "v", "s", 0, 0);
        peer.Do("write", "v", 0, "55");
        using MemoryView view = section.Map();
        Assert.Equal(0x55, view.Span[0]);
    }

    [Fact]
    public void W20_Access_for_reading_only_is_of_no_use_for_what_is_waited_for()
    {
        string name = Expect.NewGlobalName();
        foreach (SharedAccess access in new[] { SharedAccess.GroupRead, SharedAccess.EveryoneRead })
        {
            Assert.Throws<ArgumentException>(() => SharedMutex.Create(name, false, access));
            Assert.Throws<ArgumentException>(() => SharedEvent.Create(name, EventResetMode.AutoReset, false, access));
            Assert.Throws<ArgumentException>(() => SharedSemaphore.Create(name, 0, 1, access));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => SharedMutex.Create(name, false, (SharedAccess)99));
        Assert.Throws<ArgumentOutOfRangeException>(() => SharedMemory.Create(name, 4096, new SharedMemoryOptions { Access = (SharedAccess)99 }));
        Assert.Null(SharedObjects.Find(name));
    }

    [Fact]
    public void W21_A_section_says_its_name_size_creator_and_time()
    {
        string name = Expect.NewName();
        DateTimeOffset before = DateTimeOffset.UtcNow;
        using Peer peer = Peer.Start();
        peer.Do("create-section", "s", name, 123_457);
        DateTimeOffset after = DateTimeOffset.UtcNow;
        using SharedMemory section = SharedMemory.Open(name, MemoryAccess.Read);
        SharedObjectInfo info = section.Info;
        Assert.Equal((name, SharedObjectKind.Section, SharedObjectScope.Local), (info.Name, info.Kind, info.Scope));
        Assert.Equal((123_457, 123_457), (info.Size, info.CommittedSize));
        Assert.Equal(peer.Id, info.CreatorProcessId);
        Assert.Contains("Samepage.Conformance", info.CreatorProgram, StringComparison.Ordinal);
        Assert.InRange(info.Created, before, after);
        Assert.Equal(MemoryAccess.ReadWrite, info.Protection);
        Assert.Null(info.BackingFile);
        Assert.Null(info.State);
    }

    [Fact]
    public void W21_The_other_process_reads_the_same_of_it()
    {
        string name = Expect.NewGlobalName();
        using SharedMemory section = SharedMemory.Create(name, 999);
        using Peer peer = Peer.Start();
        peer.Do("open-section", "s", name, MemoryAccess.Read);
        SharedObjectInfo i = section.Info;
        Assert.Equal(
            string.Join('|', i.Name, i.Kind, i.Scope, i.Size, i.CreatorProcessId, i.CreatorProgram, i.Created.UtcTicks),
            peer.Do("section-info", "s"));
    }

    [Fact]
    public void W21_Finding_and_listing_tell_the_same_without_holding_anything()
    {
        string name = Expect.NewName();
        using (SharedMemory section = SharedMemory.Create(name, 4096, new SharedMemoryOptions { Protection = MemoryAccess.Read }))
        {
            SharedObjectInfo found = SharedObjects.Find(name)!;
            Assert.Equal(section.Info with { ResidentBytes = 0 }, found with { ResidentBytes = 0 });
            SharedObjectInfo listed = Assert.Single(SharedObjects.List(), o => o.Name == name);
            Assert.Equal(found, listed);
        }
        Assert.Null(SharedObjects.Find(name));
    }

    [Fact]
    public void W21_A_reserved_section_and_one_over_a_file_say_what_is_committed()
    {
        string name = Expect.NewName();
        using SharedMemory reserved = SharedMemory.Create(name, 1 << 20, new SharedMemoryOptions { Reserve = true, InitialCommit = 65536 });
        Assert.Equal((1 << 20, 65536), (reserved.Info.Size, reserved.Info.CommittedSize));
        Assert.Equal(65536, SharedObjects.Find(name)!.CommittedSize);
        reserved.Commit(131072);
        Assert.Equal(131072, SharedObjects.Find(name)!.CommittedSize);
        using var file = new TemporaryFile(new byte[10_000]);
        using SharedMemory over = SharedMemory.CreateFromFile(file.Path, name + "f", 20_000, new SharedMemoryOptions { Reserve = true });
        SharedObjectInfo found = SharedObjects.Find(name + "f")!;
        Assert.Equal((20_000, 20_000, file.Path), (over.Info.Size, over.Info.CommittedSize, over.Info.BackingFile));
        Assert.Equal((20_000, 20_000, file.Path), (found.Size, found.CommittedSize, found.BackingFile));
    }

    [Fact]
    public void W21_What_is_waited_for_says_what_it_is_doing()
    {
        string name = Expect.NewName();
        using SharedMutex mutex = SharedMutex.Create(name + "m", initiallyOwned: true);
        using SharedEvent signal = SharedEvent.Create(name + "e", EventResetMode.ManualReset, initiallySet: true);
        using SharedSemaphore semaphore = SharedSemaphore.Create(name + "s", 2, 7);
        Assert.False(mutex.Info.State!.IsSignaled);
        Assert.Equal((true, true), (signal.Info.State!.IsSignaled, signal.Info.State!.IsManualReset));
        Assert.Equal((true, 2, 7), (semaphore.Info.State!.IsSignaled, semaphore.Info.State!.Count, semaphore.Info.State!.Maximum));
        mutex.Release();
        signal.Reset();
        Assert.True(SharedObjects.Find(name + "m")!.State!.IsSignaled);
        Assert.False(SharedObjects.Find(name + "e")!.State!.IsSignaled);
        Assert.Equal(2, SharedObjects.Find(name + "s")!.State!.Count);
    }
}
