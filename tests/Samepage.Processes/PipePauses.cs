using Samepage.Channels;
using static Samepage.Processes.PauseScenario;

namespace Samepage.Processes;

/// <summary>Pauses while a process listens, connects, accepts, writes, reads and closes: it is waited for, and not called dead.</summary>
internal static class PipePauses
{
    private const int Length = 10_000_000;

    public static IEnumerable<PauseScenario> All { get; } =
    [
        new("listen", ["ChannelPrepared", "ChannelReady", "LaneOwned"], Listen),
        new("connect", ["ReaderOwned", "ChannelReady", "LaneOwned", "RequestAsked", "SleeperAsleep"], Connect),
        new("end a connect", ["RequestCleared"], EndConnect),
        new("listen after another one", ["RequestDropped"], ListenAfterAnother),
        new("stop listening", ["LaneLeft"], StopListening),
        new("refuse", ["RequestRefused"], Refuse),
        new("accept", ["RequestTaken", "ReaderOwned", "LaneOwned"], Accept),
        new("write to a pipe", ["RecordCleared", "RecordCommitted", "ChunkBegun", "ChunkGivenUp"], Write),
        new("read from a pipe", ["ReaderMoved", "SleeperCareful", "SleeperAsleep"], Read),
        new("close a pipe", ["ReaderLeft", "LaneLeft"], Close),
    ];

    /// <summary>Who wants to connect waits for it, whoever else might listen.</summary>
    private static void Listen(string name, string point)
    {
        using Peer peer = new();
        peer.StopAt(point, $"pipe-listen {name}");
        // While the pipe is being made the call itself waits.
        Task<PipeConnection> waiting = Task.Run(() => PipeConnection.ConnectAsync(name, Bound).AsTask());
        AssertWaits(waiting);
        peer.GoOn();
        peer.Do($"pipe-accept {name} s");
        using PipeConnection client = Within(waiting);
        AssertPasses(peer, "s", client);
    }

    /// <summary>Others are served meanwhile.</summary>
    private static void Connect(string name, string point)
    {
        using PipeListener listener = PipeListener.Create(name);
        using Peer peer = new();
        peer.StopAt(point, $"pipe-connect {name} c");
        bool asked = point is "RequestAsked" or "SleeperAsleep";
        PipeConnection? server = null;
        if (asked)
            Assert.True(listener.TryAccept(Bound, out server));
        Assert.False(listener.TryAccept(Moment, out _));
        Task<PipeConnection> other = PipeConnection.ConnectAsync(name, Bound).AsTask();
        Assert.True(listener.TryAccept(Bound, out PipeConnection? served));
        served.Dispose();
        Within(other).Dispose();
        peer.Continue();
        if (!asked)
            Assert.True(listener.TryAccept(Bound, out server));
        peer.Answer();
        using (server)
            AssertPasses(peer, "c", server!);
    }

    private static void EndConnect(string name, string point)
    {
        using PipeListener listener = PipeListener.Create(name);
        using Peer peer = new();
        peer.Do($"stop-at {point}");
        peer.Begin($"pipe-connect {name} c");
        Assert.True(listener.TryAccept(Bound, out PipeConnection? server));
        using (server)
        {
            peer.AssertStopped();
            Assert.False(listener.TryAccept(Moment, out _));
            Task<PipeConnection> other = PipeConnection.ConnectAsync(name, Bound).AsTask();
            Assert.True(listener.TryAccept(Bound, out PipeConnection? served));
            served.Dispose();
            Within(other).Dispose();
            peer.GoOn();
            AssertPasses(peer, "c", server);
        }
    }

    /// <summary>Who asked the one before asks again.</summary>
    private static void ListenAfterAnother(string name, string point)
    {
        using Peer first = new(), second = new(), client = new();
        first.Do($"pipe-listen {name}");
        client.StopAt("RequestAsked", $"pipe-connect {name} c");
        first.Kill();
        second.StopAt(point, $"pipe-listen {name}");
        client.Continue();
        client.AssertSilent();
        second.GoOn();
        second.Do($"pipe-accept {name} s");
        client.Answer();
        client.Do("pipe-write c 5");
        Assert.Equal("4", second.Do("pipe-read s 5"));
    }

    /// <summary>It has not told those who asked it: the next one does.</summary>
    private static void StopListening(string name, string point)
    {
        using Peer peer = new();
        peer.Do($"pipe-listen {name}");
        Task<PipeConnection> waiting = PipeConnection.ConnectAsync(name, Bound).AsTask();
        AssertWaits(waiting);
        peer.StopAt(point, $"close {name}");
        using (PipeListener listener = PipeListener.Create(name))
        {
            Assert.True(listener.TryAccept(Bound, out PipeConnection? server));
            server.Dispose();
            Within(waiting).Dispose();
        }
        peer.GoOn();
    }

    /// <summary>One who asked has died; the next waits as long as the listener is stopped over that.</summary>
    private static void Refuse(string name, string point)
    {
        using Peer peer = new();
        peer.Do($"pipe-listen {name}");
        using (Peer dead = new())
        {
            dead.Do("arm RequestAsked");
            dead.Begin($"pipe-connect {name} c");
            dead.AssertDiedAtPoint("RequestAsked");
        }
        peer.StopAt(point, $"pipe-accept {name} s");
        Task<PipeConnection> waiting = Task.Run(() => PipeConnection.ConnectAsync(name, Bound).AsTask());
        AssertWaits(waiting);
        peer.GoOn();
        using PipeConnection client = Within(waiting);
        AssertPasses(peer, "s", client);
    }

    private static void Accept(string name, string point)
    {
        using Peer peer = new();
        peer.Do($"pipe-listen {name}");
        Task<PipeConnection> waiting = PipeConnection.ConnectAsync(name, Bound).AsTask();
        peer.StopAt(point, $"pipe-accept {name} s");
        if (point != "LaneOwned")
            AssertWaits(waiting);
        AssertRefused(FailureReason.AlreadyExists, () => PipeListener.Create(name));
        peer.GoOn();
        using PipeConnection client = Within(waiting);
        AssertPasses(peer, "s", client);
    }

    /// <summary>What is written is read, the rest is waited for.</summary>
    private static void Write(string name, string point)
    {
        using Peer peer = new();
        using PipeConnection server = Connected(peer, name);
        using Stream stream = server.AsStream();
        Task reading = Task.Run(() => stream.ReadExactly(new byte[Length]));
        peer.StopAt(point, $"pipe-write c {Length}");
        AssertWaits(reading);
        peer.GoOn();
        Assert.True(reading.Wait(Bound));
        AssertPasses(peer, "c", server);
    }

    private static void Read(string name, string point)
    {
        using Peer peer = new();
        using PipeConnection server = Connected(peer, name);
        using Stream stream = server.AsStream();
        peer.Do($"stop-at {point}");
        peer.Begin($"pipe-read c {Length}");
        if (point != "ReaderMoved")
            peer.AssertStopped();
        Task writing = Task.Run(() => stream.Write(new byte[Length]));
        peer.AssertStopped();
        AssertWaits(writing);
        Assert.Equal("0", peer.GoOn());
        Assert.True(writing.Wait(Bound));
        AssertPasses(peer, "c", server);
    }

    private static void Close(string name, string point)
    {
        using Peer peer = new();
        using PipeConnection server = Connected(peer, name);
        using Stream stream = server.AsStream();
        peer.Do("pipe-write c 100");
        peer.StopAt(point, "close c");
        stream.ReadExactly(new byte[100]);
        // It says first that it does not read, then that it does not write.
        Task<int> end = Task.Run(stream.ReadByte);
        if (point == "LaneLeft")
            Assert.Equal(-1, Within(end));
        else
            AssertWaits(end);
        peer.GoOn();
        Assert.Equal(-1, Within(end));
        AssertRefused(FailureReason.PeerClosed, () => stream.WriteByte(1));
    }

    private static PipeConnection Connected(Peer peer, string name)
    {
        using PipeListener listener = PipeListener.Create(name);
        peer.Begin($"pipe-connect {name} c");
        Assert.True(listener.TryAccept(Bound, out PipeConnection? server));
        peer.Answer();
        return server;
    }

    private static void AssertPasses(Peer peer, string end, PipeConnection other)
    {
        using Stream stream = other.AsStream(leaveOpen: true);
        stream.Write([1, 2, 3]);
        Assert.Equal("3", peer.Do($"pipe-read {end} 3"));
        peer.Do($"pipe-write {end} 5");
        stream.ReadExactly(new byte[5]);
    }
}
