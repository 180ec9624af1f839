namespace Samepage.Processes;

/// <summary>Deaths while a process enters a reader-writer lock and leaves it.</summary>
internal static class ReaderWriterScenarios
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(20);

    public static IEnumerable<CrashScenario> All { get; } =
    [
        new("make a reader-writer lock", ["PublishLinked", "PublishLinked:2", "AccessNoted"], Make),
        new("enter to read", ["LockPlaceTaken", "LockTaken", "LockTaken:2", "ReaderPlaceRaised", "LockReleased"], EnterToRead),
        new("leave from reading", ["LockReleased"], LeaveFromReading),
        new("enter to write", ["LockTaken", "LockTaken:2", "LockReleased", "WriterMarked"], EnterToWrite),
        new("leave from writing", ["WriterCleared", "LockReleased"], LeaveFromWriting),
        new("wait to write", ["LockMarked"], WaitToWrite),
    ];

    private static void Make(string name, string point)
    {
        using (var peer = new Peer())
        {
            peer.Do($"arm {point}");
            peer.Begin($"reader-writer {name}");
            peer.AssertDiedAtPoint(point);
        }
        Assert.False(SharedReaderWriterLock.TryOpen(name, out _));
        using SharedReaderWriterLock one = SharedReaderWriterLock.Create(name);
        AssertUsable(one, abandoned: false);
    }

    private static void EnterToRead(string name, string point)
    {
        using SharedReaderWriterLock one = SharedReaderWriterLock.Create(name);
        using Peer peer = Opened(name);
        peer.Do($"arm {point}");
        peer.Begin($"read {name} -1");
        peer.AssertDiedAtPoint(point);
        AssertUsable(one, abandoned: false);
    }

    private static void LeaveFromReading(string name, string point)
    {
        using SharedReaderWriterLock one = SharedReaderWriterLock.Create(name);
        using Peer peer = Opened(name);
        peer.Do($"read {name} -1");
        Assert.Equal(WaitResult.TimedOut, one.EnterWrite(TimeSpan.Zero));
        peer.Do($"arm {point}");
        peer.Begin($"end-read {name}");
        peer.AssertDiedAtPoint(point);
        AssertUsable(one, abandoned: false);
    }

    private static void EnterToWrite(string name, string point)
    {
        using SharedReaderWriterLock one = SharedReaderWriterLock.Create(name);
        Assert.Equal(WaitResult.Signaled, one.EnterRead());
        one.ExitRead();
        using Peer peer = Opened(name);
        peer.Do($"arm {point}");
        peer.Begin($"write {name} -1");
        peer.AssertDiedAtPoint(point);
        AssertUsable(one, abandoned: point == "WriterMarked");
    }

    private static void LeaveFromWriting(string name, string point)
    {
        using SharedReaderWriterLock one = SharedReaderWriterLock.Create(name);
        using Peer peer = Opened(name);
        peer.Do($"write {name} -1");
        Assert.Equal(WaitResult.TimedOut, one.EnterRead(TimeSpan.Zero));
        peer.Do($"arm {point}");
        peer.Begin($"end-write {name}");
        peer.AssertDiedAtPoint(point);
        AssertUsable(one, abandoned: false);
    }

    /// <summary>A writer that waits for a reader has the turn, and dies with it.</summary>
    private static void WaitToWrite(string name, string point)
    {
        using SharedReaderWriterLock one = SharedReaderWriterLock.Create(name);
        Assert.Equal(WaitResult.Signaled, one.EnterRead());
        using Peer peer = Opened(name);
        peer.Do($"arm {point}");
        peer.Begin($"write {name} -1");
        peer.AssertDiedAtPoint(point);
        using SharedReaderWriterLock other = SharedReaderWriterLock.Open(name);
        Assert.Equal(WaitResult.Signaled, other.EnterRead(_bound));
        other.ExitRead();
        one.ExitRead();
        AssertUsable(one, abandoned: false);
    }

    private static Peer Opened(string name)
    {
        var peer = new Peer();
        peer.Do($"open reader-writer {name}");
        return peer;
    }

    /// <summary>Who enters is told of a writer's death until a writer has left in good order.</summary>
    private static void AssertUsable(SharedReaderWriterLock one, bool abandoned)
    {
        WaitResult expected = abandoned ? WaitResult.Abandoned : WaitResult.Signaled;
        Assert.Equal(expected, one.EnterRead(_bound));
        one.ExitRead();
        Assert.Equal(expected, one.EnterWrite(_bound));
        one.ExitWrite();
        Assert.Equal(WaitResult.Signaled, one.EnterRead(_bound));
        one.ExitRead();
    }
}
