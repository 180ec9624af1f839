using static Samepage.Processes.PauseScenario;

namespace Samepage.Processes;

/// <summary>Pauses while an object is made, opened and closed: what it is about to have or to remove is left to it.</summary>
internal static class LifetimePauses
{
    private static readonly string[] _publish =
        ["PublishFileMade", "PublishHeaderWritten", "PublishPayloadReserved", "PublishLocked", "PublishLinked"];

    public static IEnumerable<PauseScenario> All { get; } =
    [
        new("create", _publish, Create),
        new("create over an orphan", ["ReapLocked", "ReapUnlinked", "PublishLinked"], CreateOverOrphan),
        new("open", ["OpenFileOpened", "OpenLocked", "OpenVerified"], Open),
        new("close last", ["CloseLocked", "CloseUnlinked"], CloseLast),
        new("close while others hold", ["CloseHindered", "CloseDropped"], CloseNotLast),
        new("commit", ["CommitReserved", "CommitPublished"], Commit),
    ];

    private static void Create(string name, string point)
    {
        using var peer = new Peer();
        peer.StopAt(point, $"section {name} 8192");
        AssertOthersGoOn(name);
        Assert.Equal(point == "PublishLinked", SharedMemory.Exists(name));
        peer.GoOn();
        AssertWorks(peer, name);
    }

    private static void CreateOverOrphan(string name, string point)
    {
        using (var first = new Peer())
        {
            first.Do($"section {name} 8192");
            first.Do($"put {name} 100 7");
            first.Kill();
        }
        using var peer = new Peer();
        peer.StopAt(point, $"section {name} 8192");
        AssertOthersGoOn(name);
        peer.GoOn();
        Assert.Equal("0", peer.Do($"get {name} 100"));
        AssertWorks(peer, name);
    }

    /// <summary>Once it holds the object, that outlives those who held it before.</summary>
    private static void Open(string name, string point)
    {
        SharedMemory section = SharedMemory.Create(name, 4096);
        using (MemoryView view = section.Map())
            view.Span[5] = 42;
        using var peer = new Peer();
        peer.StopAt(point, $"open section {name}");
        AssertOthersGoOn(name);
        if (point == "OpenFileOpened")
            peer.GoOn();
        section.Dispose();
        SharedObjects.RemoveOrphans();
        if (point != "OpenFileOpened")
        {
            Assert.True(SharedMemory.Exists(name));
            peer.GoOn();
        }
        Assert.Equal("42", peer.Do($"get {name} 5"));
        AssertWorks(peer, name);
    }

    /// <summary>Who wants the name waits while it is being removed, and has it afterwards.</summary>
    private static void CloseLast(string name, string point)
    {
        using var peer = new Peer();
        peer.Do($"section {name} 8192");
        peer.Do($"put {name} 100 7");
        peer.StopAt(point, $"close {name}");
        AssertOthersGoOn(name);
        Assert.False(SharedMemory.TryOpen(name, out _));
        Task<SharedMemory> next = Task.Run(() => SharedMemory.Create(name, 8192));
        if (point == "CloseLocked")
            AssertWaits(next);
        else
            _ = Within(next);
        peer.GoOn();
        using SharedMemory section = Within(next);
        using MemoryView view = section.Map();
        Assert.Equal(0, view.ReadOnlySpan[100]);
    }

    private static void CloseNotLast(string name, string point)
    {
        using var peer = new Peer();
        peer.Do($"section {name} 8192");
        using SharedMemory section = SharedMemory.Open(name);
        peer.StopAt(point, $"close {name}");
        AssertOthersGoOn(name);
        Assert.True(SharedMemory.Exists(name));
        peer.GoOn();
        Assert.True(SharedMemory.Exists(name));
    }

    private static void Commit(string name, string point)
    {
        using SharedMemory section = SharedMemory.Create(name, 1 << 20, new SharedMemoryOptions { Reserve = true, InitialCommit = 4096 });
        using MemoryView view = section.Map();
        using Peer peer = Opened(("section", name));
        peer.StopAt(point, $"commit {name} 65536");
        Assert.Equal(point == "CommitPublished" ? 65536 : 4096, section.CommittedSize);
        section.Commit(131072);
        view.GetSpan(0, 131072).Fill(1);
        peer.GoOn();
        Assert.Equal(131072, section.CommittedSize);
        Assert.Equal("1", peer.Do($"get {name} 60000"));
    }

    /// <summary>Nothing here is an orphan, and other names can be had.</summary>
    private static void AssertOthersGoOn(string name)
    {
        Assert.DoesNotContain(SharedObjects.RemoveOrphans(), o => o.Removed);
        using SharedMemory other = Within(Task.Run(() => SharedMemory.Create(name + "-other", 4096)));
        Assert.True(SharedMemory.Exists(other.Name!));
    }

    private static void AssertWorks(Peer peer, string name)
    {
        using SharedMemory section = SharedMemory.Open(name);
        using MemoryView view = section.Map();
        peer.Do($"put {name} 7 9");
        Assert.Equal(9, view.ReadOnlySpan[7]);
        peer.Do($"close {name}");
        Assert.True(SharedMemory.Exists(name));
    }
}
