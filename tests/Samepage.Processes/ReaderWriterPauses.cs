using static Samepage.Processes.PauseScenario;

namespace Samepage.Processes;

/// <summary>Pauses while a process enters a reader-writer lock and leaves it.</summary>
internal static class ReaderWriterPauses
{
    // At the others it has the turn, and nobody enters.
    private static readonly string[] _withoutTurn = ["LockPlaceTaken", "LockReleased"];

    public static IEnumerable<PauseScenario> All { get; } =
    [
        new("make a reader-writer lock", ["AccessNoted"], Make),
        new("enter to read", ["LockPlaceTaken", "LockTaken", "LockTaken:2", "ReaderPlaceRaised", "LockReleased"], EnterToRead),
        new("leave from reading", ["LockReleased"], LeaveFromReading),
        new("enter to write", ["LockTaken", "LockTaken:2", "WriterMarked"], EnterToWrite),
        new("leave from writing", ["WriterCleared", "LockReleased"], LeaveFromWriting),
        new("wait to write", ["LockMarked"], WaitToWrite),
    ];

    private static void Make(string name, string point)
    {
        using var peer = new Peer();
        peer.StopAt(point, $"reader-writer {name}");
        using SharedReaderWriterLock one = SharedReaderWriterLock.Open(name);
        AssertUsable(one);
        Assert.Equal("created", peer.GoOn());
        Assert.Equal("Signaled", peer.Do($"write {name} -1"));
        AssertReads(one, false);
        peer.Do($"end-write {name}");
        AssertUsable(one);
    }

    private static void EnterToRead(string name, string point)
    {
        using SharedReaderWriterLock one = SharedReaderWriterLock.Create(name);
        using Peer peer = Opened(("reader-writer", name));
        peer.StopAt(point, $"read {name} -1");
        AssertReads(one, _withoutTurn.Contains(point));
        Assert.Equal("Signaled", peer.GoOn());
        Assert.Equal(WaitResult.TimedOut, one.EnterWrite(TimeSpan.Zero));
        peer.Do($"end-read {name}");
        AssertUsable(one);
    }

    private static void LeaveFromReading(string name, string point)
    {
        using SharedReaderWriterLock one = SharedReaderWriterLock.Create(name);
        using Peer peer = Opened(("reader-writer", name));
        peer.Do($"read {name} -1");
        peer.StopAt(point, $"end-read {name}");
        AssertUsable(one);
        peer.GoOn();
        AssertUsable(one);
    }

    private static void EnterToWrite(string name, string point)
    {
        using SharedReaderWriterLock one = SharedReaderWriterLock.Create(name);
        AssertReads(one, true);
        using Peer peer = Opened(("reader-writer", name));
        peer.StopAt(point, $"write {name} -1");
        AssertReads(one, false);
        Assert.Equal("Signaled", peer.GoOn());
        Assert.Equal(WaitResult.TimedOut, one.EnterRead(TimeSpan.Zero));
        peer.Do($"end-write {name}");
        AssertUsable(one);
    }

    private static void LeaveFromWriting(string name, string point)
    {
        using SharedReaderWriterLock one = SharedReaderWriterLock.Create(name);
        using Peer peer = Opened(("reader-writer", name));
        peer.Do($"write {name} -1");
        peer.StopAt(point, $"end-write {name}");
        AssertReads(one, _withoutTurn.Contains(point));
        peer.GoOn();
        AssertUsable(one);
    }

    /// <summary>A writer that waits for a reader has the turn, and keeps it.</summary>
    private static void WaitToWrite(string name, string point)
    {
        using SharedReaderWriterLock one = SharedReaderWriterLock.Create(name);
        Assert.Equal(WaitResult.Signaled, one.EnterRead());
        using Peer peer = Opened(("reader-writer", name));
        peer.StopAt(point, $"write {name} -1");
        using SharedReaderWriterLock other = SharedReaderWriterLock.Open(name);
        AssertReads(other, false);
        one.ExitRead();
        AssertReads(other, false);
        Assert.Equal("Signaled", peer.GoOn());
        peer.Do($"end-write {name}");
        AssertUsable(one);
    }

    private static void AssertReads(SharedReaderWriterLock one, bool enters)
    {
        Assert.Equal(enters ? WaitResult.Signaled : WaitResult.TimedOut, one.EnterRead(enters ? Bound : Moment));
        if (enters)
            one.ExitRead();
    }

    private static void AssertUsable(SharedReaderWriterLock one)
    {
        AssertReads(one, true);
        Assert.Equal(WaitResult.Signaled, one.EnterWrite(Bound));
        one.ExitWrite();
    }
}
