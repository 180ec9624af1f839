namespace Samepage.Processes;

/// <summary>Deaths while an object is made, opened, closed and swept.</summary>
internal static class LifetimeScenarios
{
    private static readonly string[] _publish =
        ["PublishFileMade", "PublishHeaderWritten", "PublishPayloadReserved", "PublishLocked", "PublishLinked"];

    private static readonly string[] _close = ["CloseLocked", "CloseUnlinked"];

    public static IEnumerable<CrashScenario> All { get; } =
    [
        new("create", _publish, Create),
        new("create over an orphan", ["ReapLocked", "ReapUnlinked", .. _publish], CreateOverOrphan),
        new("open", ["OpenFileOpened", "OpenLocked", "OpenVerified"], Open),
        new("close last", _close, CloseLast),
        new("close while others hold", ["CloseHindered", "CloseDropped"], CloseNotLast),
        new("commit", ["CommitReserved", "CommitPublished"], Commit),
        new("create a mutex", _publish, CreateMutex),
        new("create an owned mutex", [.. _publish, "MutexPending", "MutexTaken", "MutexLinked", "MutexEntered"], CreateMutexOwned),
    ];

    private static void Create(string name, string point)
    {
        using (var peer = new Peer())
        {
            peer.Do($"arm {point}");
            peer.Begin($"section {name} 8192");
            peer.AssertDiedAtPoint(point);
        }
        AssertFree(name);
    }

    private static void CreateOverOrphan(string name, string point)
    {
        using (var first = new Peer())
        {
            first.Do($"section {name} 8192");
            first.Do($"put {name} 100 7");
            first.Kill();
        }
        using (var peer = new Peer())
        {
            peer.Do($"arm {point}");
            peer.Begin($"section {name} 8192");
            peer.AssertDiedAtPoint(point);
        }
        AssertFree(name);
    }

    private static void Open(string name, string point)
    {
        using (SharedMemory section = SharedMemory.Create(name, 4096))
        {
            using MemoryView view = section.Map();
            view.Span[5] = 42;
            using (var peer = new Peer())
            {
                peer.Do($"arm {point}");
                peer.Begin($"open section {name}");
                peer.AssertDiedAtPoint(point);
            }
            AssertHeld(name, 5, 42);
        }
        AssertFree(name);
    }

    private static void CloseLast(string name, string point)
    {
        using (var peer = new Peer())
        {
            peer.Do($"section {name} 8192");
            peer.Do($"put {name} 100 7");
            peer.Do($"arm {point}");
            peer.Begin($"close {name}");
            peer.AssertDiedAtPoint(point);
        }
        AssertFree(name);
    }

    private static void CloseNotLast(string name, string point)
    {
        using (var peer = new Peer())
        {
            peer.Do($"section {name} 4096");
            peer.Do($"put {name} 5 42");
            using SharedMemory section = SharedMemory.Open(name);
            peer.Do($"arm {point}");
            peer.Begin($"close {name}");
            peer.AssertDiedAtPoint(point);
            AssertHeld(name, 5, 42);
        }
        AssertFree(name);
    }

    private static void Commit(string name, string point)
    {
        using (SharedMemory section = SharedMemory.Create(name, 1 << 20, new SharedMemoryOptions { Reserve = true, InitialCommit = 4096 }))
        {
            using MemoryView view = section.Map();
            using (var peer = new Peer())
            {
                peer.Do($"open section {name}");
                peer.Do($"arm {point}");
                peer.Begin($"commit {name} 65536");
                peer.AssertDiedAtPoint(point);
            }
            Assert.Equal(point == "CommitPublished" ? 65536 : 4096, section.CommittedSize);
            section.Commit(131072);
            view.GetSpan(0, 131072).Fill(1);
        }
        AssertFree(name);
    }

    private static void CreateMutex(string name, string point)
    {
        using (var peer = new Peer())
        {
            peer.Do($"arm {point}");
            peer.Begin($"mutex {name}");
            peer.AssertDiedAtPoint(point);
        }
        AssertFree(name);
    }

    private static void CreateMutexOwned(string name, string point)
    {
        using (var peer = new Peer())
        {
            peer.Do($"arm {point}");
            peer.Begin($"mutex {name} owned");
            peer.AssertDiedAtPoint(point);
        }
        AssertFree(name);
    }

    /// <summary>Nothing lives there: a new section can be made, reads as zeros, and leaves nothing behind.</summary>
    private static void AssertFree(string name)
    {
        Assert.False(SharedMemory.Exists(name));
        Assert.False(SharedMemory.TryOpen(name, out _));
        using (SharedMemory section = SharedMemory.Create(name, 8192))
        {
            using MemoryView view = section.Map();
            Assert.Equal(-1, view.ReadOnlySpan.IndexOfAnyExcept((byte)0));
        }
        SharedObjects.RemoveOrphans();
        Assert.Empty(Isolation.Files());
    }

    private static void AssertHeld(string name, int offset, byte value)
    {
        Assert.True(SharedMemory.Exists(name));
        using SharedMemory again = SharedMemory.Open(name);
        using MemoryView view = again.Map();
        Assert.Equal(value, view.ReadOnlySpan[offset]);
    }
}
